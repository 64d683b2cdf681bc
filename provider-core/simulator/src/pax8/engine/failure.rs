//! Pax8's error bodies.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::engine::answer::json_answer;
use crate::engine::refusal::{Refusal, Target};

/// Prefix that the live interface puts before the path in `instance`.
const INTERNAL_PREFIX: &str = "/public";

/// The normal envelope.
pub(crate) fn envelope(
    target: &Target,
    status: StatusCode,
    kind: &str,
    message: &str,
    details: &[Value],
) -> Response {
    json_answer(
        status,
        &json!({
            "type": kind,
            "message": message,
            "instance": format!("{INTERNAL_PREFIX}{}", target.path),
            "status": status.as_u16(),
            "details": details,
        }),
    )
}

/// 404 `<What> Not Found: <id>`.
pub(crate) fn not_found(target: &Target, what: &str, id: &str) -> Response {
    envelope(target, StatusCode::NOT_FOUND, "NOT_FOUND", &format!("{what} Not Found: {id}"), &[])
}

/// 403, for a company that is not the partner's.
pub(crate) fn forbidden(target: &Target, message: &str) -> Response {
    envelope(target, StatusCode::FORBIDDEN, "FORBIDDEN", message, &[])
}

/// 422 with one entry in `details` per violated rule.
pub(crate) fn unprocessable(target: &Target, message: &str, rules: &[String]) -> Response {
    let details: Vec<Value> =
        rules.iter().map(|rule| json!({"type": "INVALID", "message": rule, "status": 422})).collect();
    envelope(target, StatusCode::UNPROCESSABLE_ENTITY, "UNPROCESSABLE_ENTITY", message, &details)
}

/// 422 in the other shape that the live interface uses: `{"errors":["text"]}`.
pub(crate) fn error_list(rules: &[String]) -> Response {
    json_answer(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "errors": rules }))
}

/// 401 of the token endpoint and of the gateway in front of `/v1`, which is not the normal envelope.
pub(crate) fn access_denied() -> Response {
    json_answer(
        StatusCode::UNAUTHORIZED,
        &json!({"error": "access_denied", "error_description": "Unauthorized"}),
    )
}

/// 401 of the webhook interface.
pub(crate) fn unauthorized(target: &Target) -> Response {
    envelope(target, StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Missing or invalid token", &[])
}

/// 400 for a part of a request that the reference does not list or does not allow in this form.
pub(crate) fn bad_request(refusal: &Refusal) -> Response {
    // The webhook interface has a closed list of types, in which a detail about a parameter has a name of its own.
    let detail = if refusal.path.starts_with("/api/v2/") { "INVALID_PARAM" } else { "BAD_REQUEST" };
    let message = format!("Invalid input: {}, field: {}", refusal.reason, refusal.name);
    json_answer(
        StatusCode::BAD_REQUEST,
        &json!({
            "type": "BAD_REQUEST",
            "message": message,
            "instance": format!("{INTERNAL_PREFIX}{}", refusal.path),
            "status": 400,
            "details": [{"type": detail, "message": message, "status": 400}],
        }),
    )
}

/// 429; no header tells when to come back.
pub(crate) fn throttled(target: &Target) -> Response {
    envelope(target, StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS", "Rate limit exceeded", &[])
}
