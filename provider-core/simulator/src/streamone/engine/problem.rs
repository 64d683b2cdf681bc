//! The error answers of ION.
//!
//! v3 answers a near relative of `google.rpc.Status` whose `code` is the HTTP status; order validation answers
//! gRPC code 3 with the real reasons one level down; the token endpoints answer a bare `error`; the v1 error body
//! is not documented, so it is the v1 envelope with `success` false.

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Answer;
use crate::engine::refusal::RefusedPart;

/// One reason inside an order validation error.
#[derive(Debug)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) detail: String,
}

impl Reason {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

#[derive(Debug)]
enum Shape {
    Status { word: &'static str, extra: Option<Value> },
    Order { reasons: Vec<Reason> },
    OAuth,
    Legacy,
}

/// A refused request.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    message: String,
    shape: Shape,
    /// The part and name that the reference does not list: such a refusal is the caller's mistake, never data.
    breach: Option<(RefusedPart, String)>,
}

impl Problem {
    fn status(status: StatusCode, word: &'static str, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), shape: Shape::Status { word, extra: None }, breach: None }
    }

    /// A query parameter that the reference does not list, or not in this form.
    pub(crate) fn query(name: &str, message: impl Into<String>) -> Self {
        Self::invalid_request(message).breach(RefusedPart::Query, name)
    }

    /// A body, or the member `at` this path of it, that the reference does not list or not in this form.
    pub(crate) fn body(at: &str, message: impl Into<String>) -> Self {
        Self::invalid_request(message).breach(RefusedPart::Body, at)
    }

    /// A header that is missing, not in the listed form or not wanted here.
    pub(crate) fn header(name: &str, message: impl Into<String>) -> Self {
        Self::invalid_request(message).breach(RefusedPart::Header, name)
    }

    /// The request is well-formed but a value is not allowed.
    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::status(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message)
    }

    pub(crate) fn invalid_request(message: impl Into<String>) -> Self {
        Self::status(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
    }

    /// A request that the state of a record forbids; `error` repeats the message, as in the order service.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::status(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    pub(crate) fn throttled() -> Self {
        Self::status(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", "too many requests")
    }

    pub(crate) fn unauthenticated(message: impl Into<String>) -> Self {
        Self::status(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
    }

    pub(crate) fn permission_denied(message: impl Into<String>) -> Self {
        Self::status(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
    }

    /// `resource` is the resource name, for example `accounts/20001/customers/310045`.
    pub(crate) fn not_found(resource: &str) -> Self {
        let message = format!("resource '{resource}' not found");
        Self::status(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    /// The path exists in the reference with other methods, or not at all.
    pub(crate) fn no_route(method: &http::Method, path: &str) -> Self {
        let message = format!("no such endpoint: {method} {path}");
        Self::status(StatusCode::NOT_FOUND, "NOT_FOUND", message).breach(RefusedPart::Route, path)
    }

    /// A customer write that the platform refuses, with its own code in the details.
    pub(crate) fn precondition(code: &str, reference: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let extra = json!({"referenceEntity": reference, "code": code, "detail": detail});
        Self {
            shape: Shape::Status { word: "FAILED_PRECONDITION", extra: Some(extra) },
            ..Self::status(StatusCode::PRECONDITION_FAILED, "FAILED_PRECONDITION", detail)
        }
    }

    /// Order validation: gRPC code 3, the reasons nested.
    pub(crate) fn order(reasons: Vec<Reason>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: "BAD_REQUEST: Invalid provisioning data".to_owned(),
            shape: Shape::Order { reasons },
            breach: None,
        }
    }

    /// The token endpoints' bare object.
    pub(crate) fn oauth(message: impl Into<String>) -> Self {
        Self { shape: Shape::OAuth, ..Self::invalid_request(message) }
    }

    /// A v1 refusal.
    pub(crate) fn legacy(status: StatusCode, message: impl Into<String>) -> Self {
        Self { shape: Shape::Legacy, ..Self::status(status, "", message) }
    }

    /// The same refusal in the body shape of the token endpoints.
    pub(crate) fn into_oauth(self) -> Self {
        Self { shape: Shape::OAuth, ..self }
    }

    /// The same refusal in the body shape of v1.
    pub(crate) fn into_legacy(self) -> Self {
        Self { shape: Shape::Legacy, ..self }
    }

    /// Marks a refusal of something that the reference does not list.
    fn breach(self, part: RefusedPart, name: &str) -> Self {
        Self { breach: Some((part, name.to_owned())), ..self }
    }

    /// Part, name and reason of what the caller did that the reference does not list; `None` for a refusal that is
    /// part of the API's life.
    pub(crate) fn refused(&self) -> Option<(RefusedPart, &str, &str)> {
        self.breach.as_ref().map(|(part, name)| (*part, name.as_str(), self.message.as_str()))
    }

    pub(crate) fn answer(&self, request_id: &str) -> Answer {
        let body = match &self.shape {
            Shape::Status { word, extra } => self.status_body(word, extra.as_ref(), request_id),
            Shape::Order { reasons } => self.order_body(reasons, request_id),
            Shape::OAuth => json!({"error": self.message}),
            Shape::Legacy => json!({"success": false, "message": self.message}),
        };
        Answer::json_with(self.status, body)
    }

    fn status_body(&self, word: &str, extra: Option<&Value>, request_id: &str) -> Value {
        let mut detail = json!({
            "@type": "type.googleapis.com/google.rpc.RequestInfo",
            "requestId": request_id,
        });
        if let (Some(detail), Some(extra)) = (detail.as_object_mut(), extra.and_then(Value::as_object)) {
            detail.extend(extra.clone());
        }
        json!({
            "error": word,
            "message": self.message,
            "code": self.status.as_u16(),
            "details": [detail],
        })
    }

    fn order_body(&self, reasons: &[Reason], request_id: &str) -> Value {
        let errors: Vec<Value> =
            reasons.iter().map(|reason| json!({"code": reason.code, "detail": reason.detail})).collect();
        json!({
            "error": self.message,
            "message": self.message,
            "code": 3,
            "details": [{
                "@type": "type.googleapis.com/v3orberrors.ErrorBody",
                "requestId": request_id,
                "errors": errors,
            }],
        })
    }
}
