//! `POST /v1/token` and the check of bearer tokens.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use chrono::SecondsFormat;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};

use crate::engine::answer::{Answer, Stop, json_answer};
use crate::engine::handle::Handle;
use crate::engine::refusal::{RefusedPart, Target};
use crate::engine::strict::{Query, check_members};
use crate::pax8::engine::failure;
use crate::pax8::state::{Call, Pax8};

/// A token lives 24 hours.
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_secs(86_400);

const PARTNER: &str = "https://api.pax8.com";
const LEGACY_PARTNER: &str = "api://p8p.client";
const AUDIENCES: &[&str] = &[PARTNER, LEGACY_PARTNER, "api://provisioning", "api://usage"];
const FIELDS: &[&str] = &["client_id", "client_secret", "audience", "grant_type"];

/// Refuses a request without a live token for the partner audience.
pub(crate) fn authorize(sim: &Handle<Pax8>, target: &Target, headers: &HeaderMap) -> Result<(), Stop> {
    match sim.world.tokens.check(headers) {
        Ok(audience) if audience == PARTNER || audience == LEGACY_PARTNER => Ok(()),
        Ok(_) | Err(_) if target.path.starts_with("/api/v2/") => Err(failure::unauthorized(target).into()),
        Ok(_) | Err(_) => Err(failure::access_denied().into()),
    }
}

/// `POST /v1/token`: JSON, not a form, and no `Authorization` header.
pub(crate) async fn token(
    State(sim): State<Handle<Pax8>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let target = Target::new(&method, &uri);
    let refuse =
        |part, name: &str, reason: &str| -> Stop { sim.frame.refuse(target.refusal(part, name, reason)) };
    Query::read(&sim.frame, &target, &uri, &[])?;
    let strict = sim.frame.is_strict();
    if strict && headers.contains_key(AUTHORIZATION) {
        return Err(refuse(
            RefusedPart::Header,
            "authorization",
            "the token endpoint takes the credentials in its body",
        ));
    }
    let is_json = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/json"));
    if strict && !is_json {
        return Err(refuse(RefusedPart::Header, "content-type", "must be application/json"));
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(&body) else {
        return Err(refuse(RefusedPart::Body, "body", "malformed JSON object"));
    };
    check_members(&sim.frame, &target, "", &members, FIELDS)?;
    let field = |name: &str| members.get(name).and_then(Value::as_str);
    for name in FIELDS {
        if field(name).is_none() {
            return Err(refuse(RefusedPart::Body, name, "required"));
        }
    }
    if field("grant_type") != Some("client_credentials") {
        return Err(refuse(RefusedPart::Body, "grant_type", "must be client_credentials"));
    }
    let audience = field("audience").unwrap_or_default();
    if !AUDIENCES.contains(&audience) {
        return Err(refuse(RefusedPart::Body, "audience", "unknown audience"));
    }
    let world = &sim.world;
    if field("client_id") != Some(world.client_id.as_str())
        || field("client_secret") != Some(world.client_secret.as_str())
    {
        return Err(failure::access_denied().into());
    }
    let (token, expires_at) = world.tokens.issue(audience, TOKEN_LIFETIME);
    Ok(json_answer(
        StatusCode::OK,
        &json!({
            "access_token": token,
            "expires_in": TOKEN_LIFETIME.as_secs(),
            "token_type": "Bearer",
            "scope": "",
            "expires_at": expires_at.to_rfc3339_opts(SecondsFormat::Millis, false),
        }),
    ))
}

impl FromRequestParts<Handle<Pax8>> for Call {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, sim: &Handle<Pax8>) -> Result<Self, Stop> {
        let target = Target::new(&parts.method, &parts.uri);
        authorize(sim, &target, &parts.headers)?;
        Ok(Self { sim: sim.clone(), target, uri: parts.uri.clone(), headers: parts.headers.clone() })
    }
}
