//! From a request to a handler and back: tokens, parameters, bodies, answers.

use axum::body::{Body as HttpBody, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::response::Response;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::access::login::{self, Login};
use super::billing::months;
use super::billing::usage_files::{self, StorageRefusal};
use super::engine::call::{Answer, Content, Page};
use super::engine::failure::{ErrorAnswer, FieldViolation};
use super::engine::files;
use super::engine::json::{Casing, Json};
use super::engine::query::Query;
use super::engine::route::{self, Body, Found, Paging};
use super::engine::settings::Settings;
use super::purchase::orders;
use super::routes::CALLS;
use super::state::{Call, Crayon, State};
use super::subscription::renewal;
use crate::engine::handle::Handle;
use crate::engine::lock::lock;
use crate::engine::refusal::{RefusedPart, Target};
use crate::engine::strict::query_pairs;

/// Answers every request of the Crayon side.
pub(crate) async fn answer(Shared(sim): Shared<Handle<Crayon>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // The gate has read and limited the body already.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let settings = lock(&sim.world.settings).clone();
    let path = parts.uri.path();
    if path.starts_with(usage_files::STORAGE) {
        return storage(&sim, &parts);
    }
    if path == "/api/v1/connect/token" && parts.method == http::Method::POST {
        return login(&sim, &settings, &parts, &body);
    }
    match handle(&sim, &settings, &parts, &body) {
        Ok(answer) => success(&settings, answer),
        Err(failure) => refusal(&sim, &settings, &parts, &failure),
    }
}

fn handle(
    sim: &Handle<Crayon>,
    settings: &Settings,
    parts: &Parts,
    body: &[u8],
) -> Result<Answer, ErrorAnswer> {
    let path = parts.uri.path();
    let (route, captures) = match route::find(CALLS, parts.method.as_str(), path) {
        Found::Route(route, captures) => (route, captures),
        Found::Mistyped(name) => {
            authenticate(sim, &parts.headers)?;
            let reason = format!("{name} in the path has the wrong type");
            return Err(ErrorAnswer::malformed(vec![
                FieldViolation::new("InvalidType", path, reason).of(RefusedPart::Route),
            ]));
        }
        Found::OtherMethod => {
            return Err(unknown_call(sim, parts, 405, "the path does not take this method"));
        }
        Found::Nothing => return Err(unknown_call(sim, parts, 404, "unknown path")),
    };
    if !route.anonymous {
        authenticate(sim, &parts.headers)?;
    }
    let strict = sim.frame.is_strict();
    let mut pairs = query_pairs(&parts.uri);
    let mut violations = Vec::new();
    let page = read_page(route.paging, &mut pairs, &mut violations);
    let query = Query::read(pairs, route.query, strict).unwrap_or_else(|more| {
        violations.extend(more);
        Query::default()
    });
    let body = read_body(route.body, &parts.headers, body, strict).unwrap_or_else(|more| {
        violations.extend(more);
        Json::Null
    });
    if !violations.is_empty() {
        return Err(ErrorAnswer::malformed(violations));
    }
    let now = sim.frame.clock.now();
    let mut state = lock(&sim.world.state);
    state.advance(now);
    if route.method != "GET" {
        // What is billed must not depend on whether somebody looked before the change.
        months::bill(&mut state, now);
    }
    let mut call = Call {
        state: &mut state,
        settings,
        now,
        base_url: &sim.frame.base_url,
        captures,
        query,
        page,
        body,
        wants_bytes: accepts_bytes(&parts.headers),
    };
    (route.handler)(&mut call)
}

fn accepts_bytes(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.starts_with(files::OCTETS))
}

fn authenticate(sim: &Handle<Crayon>, headers: &HeaderMap) -> Result<(), ErrorAnswer> {
    sim.world.tokens.check(headers).map(drop).map_err(|_| ErrorAnswer::bodyless(401))
}

fn unknown_call(sim: &Handle<Crayon>, parts: &Parts, status: u16, reason: &str) -> ErrorAnswer {
    let target = Target::new(&parts.method, &parts.uri);
    sim.frame.note_refusal(target.refusal(RefusedPart::Route, parts.uri.path(), reason));
    ErrorAnswer::bodyless(status)
}

/// Takes the page number and size out of the query.
fn read_page(
    paging: Option<Paging>,
    pairs: &mut Vec<(String, String)>,
    violations: &mut Vec<FieldViolation>,
) -> Page {
    let Some(paging) = paging else {
        return Page::ALL;
    };
    let mut take = |name: &str, default: i64, most: i64| {
        let mut value = None;
        let mut violation =
            |code, reason| violations.push(FieldViolation::new(code, name, reason).of(RefusedPart::Query));
        pairs.retain(|(known, given)| {
            if !known.eq_ignore_ascii_case(name) {
                return true;
            }
            match given.parse::<i64>() {
                Ok(_) if value.is_some() => violation("RepeatedParameter", format!("{name} is given twice")),
                Ok(number) if (1..=most).contains(&number) => value = Some(number),
                _ => violation("InvalidValue", format!("{name} must be a number from 1 to {most}")),
            }
            false
        });
        value.unwrap_or(default)
    };
    Page { number: take("page", 1, i64::from(i32::MAX)), size: take("pageSize", paging.default, paging.max) }
}

fn read_body(
    wanted: Body,
    headers: &HeaderMap,
    body: &[u8],
    strict: bool,
) -> Result<Json, Vec<FieldViolation>> {
    let violation = |code, field: &str, reason: String| vec![FieldViolation::new(code, field, reason)];
    if matches!(wanted, Body::None) {
        if body.is_empty() || !strict {
            return Ok(Json::Null);
        }
        return Err(violation("UnexpectedBody", "body", "the call takes no body".to_owned()));
    }
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = media == "application/json"
        || media == "text/json"
        || (media.starts_with("application/") && media.ends_with("+json"));
    if !is_json {
        let reason = format!("{media:?} is no JSON media type");
        return Err(vec![
            FieldViolation::new("InvalidHeader", "content-type", reason).of(RefusedPart::Header),
        ]);
    }
    let text =
        std::str::from_utf8(body).map_err(|error| violation("InvalidJson", "body", error.to_string()))?;
    let json = Json::parse(text).map_err(|reason| violation("InvalidJson", "body", reason))?;
    match wanted {
        Body::None => Ok(Json::Null),
        Body::Object(shape) => shape.bind(json, strict),
        Body::List(shape) => match json {
            Json::List(items) => items
                .into_iter()
                .map(|item| shape.bind(item, strict))
                .collect::<Result<_, _>>()
                .map(Json::List),
            _ => Err(violation("InvalidType", "body", format!("the body must be a list of {}", shape.name))),
        },
    }
}

fn login(sim: &Handle<Crayon>, settings: &Settings, parts: &Parts, body: &[u8]) -> Response {
    let world = &sim.world;
    let strict = sim.frame.is_strict();
    match login::login(&world.credentials, &world.tokens, settings, strict, &parts.headers, body) {
        Login::Answered(status, body) => json(status, body.as_ref(), settings.casing),
        Login::Refused(failure) => refusal(sim, settings, parts, &failure),
    }
}

fn storage(sim: &Handle<Crayon>, parts: &Parts) -> Response {
    let now = sim.frame.clock.now();
    let state = lock(&sim.world.state);
    let served = usage_files::serve(&state, now, parts.uri.path(), &query_pairs(&parts.uri), &parts.headers);
    let (status, code) = match served {
        Ok(bytes) => return respond(StatusCode::OK, Some(files::CSV), Bytes::from(bytes)),
        Err(StorageRefusal::Authentication) => (StatusCode::FORBIDDEN, "AuthenticationFailed"),
        Err(StorageRefusal::NotFound) => (StatusCode::NOT_FOUND, "BlobNotFound"),
    };
    let xml = format!(r#"<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code></Error>"#);
    respond(status, Some("application/xml"), Bytes::from(xml))
}

fn success(settings: &Settings, answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    match answer.content {
        Content::Empty => respond(status, None, Bytes::new()),
        Content::Json(body) => {
            let casing = if answer.camel { Casing::Camel } else { settings.casing };
            json(answer.status, Some(&body), casing)
        }
        Content::File { content_type, name, bytes } => {
            let mut response = respond(status, Some(content_type), bytes);
            let disposition = name.map(|name| HeaderValue::from_str(&format!("attachment; filename={name}")));
            if let Some(Ok(value)) = disposition {
                response.headers_mut().insert(CONTENT_DISPOSITION, value);
            }
            response
        }
    }
}

fn refusal(sim: &Handle<Crayon>, settings: &Settings, parts: &Parts, failure: &ErrorAnswer) -> Response {
    let target = Target::new(&parts.method, &parts.uri);
    for violation in &failure.violations {
        sim.frame.note_refusal(target.refusal(violation.part, &violation.field, &violation.message));
    }
    json(failure.status, failure.body(settings.error_form).as_ref(), settings.casing)
}

fn json(status: u16, body: Option<&Json>, casing: Casing) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match body {
        Some(body) => {
            respond(status, Some("application/json; charset=utf-8"), Bytes::from(body.to_bytes(casing)))
        }
        None => respond(status, None, Bytes::new()),
    }
}

fn respond(status: StatusCode, content_type: Option<&'static str>, body: Bytes) -> Response {
    let mut response = Response::new(HttpBody::from(body));
    *response.status_mut() = status;
    if let Some(content_type) = content_type {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}

impl State {
    /// Brings everything that time decides up to `now`: orders, activations, renewals, expiries, monthly statements.
    pub(crate) fn advance(&mut self, now: DateTime<Utc>) {
        orders::settle(self, now);
        renewal::renew(self, now);
        months::close_months(self, now);
    }
}
