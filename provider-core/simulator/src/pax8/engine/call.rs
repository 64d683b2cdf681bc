//! One authorized call: bearer, query, body.

use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode, Uri};
use serde_json::{Map, Value};

use super::failure;
use crate::engine::answer::{Stop, json_answer};
use crate::engine::handle::Handle;
use crate::engine::refusal::{RefusedPart, Target};
use crate::engine::strict::Query;

/// An extractor that every operation but the token's takes: it answers 401 before anything else is looked at.
pub(crate) struct Call<D> {
    pub(crate) sim: Handle<D>,
    pub(crate) target: Target,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
}

impl<D> Call<D> {
    /// The query, refused if it has a name outside `allowed` or one name twice: no Pax8 parameter takes two values.
    pub(crate) fn query(&self, allowed: &[&str]) -> Result<Query, Stop> {
        let query = Query::read(&self.sim.frame, &self.target, &self.uri, allowed)?;
        match allowed.iter().find(|name| query.all(name).nth(1).is_some()) {
            Some(name) if self.sim.frame.is_strict() => {
                Err(self.wrong(RefusedPart::Query, name, "given twice"))
            }
            _ => Ok(query),
        }
    }

    /// Refuses a query although the operation takes none.
    pub(crate) fn no_query(&self) -> Result<(), Stop> {
        self.query(&[]).map(|_| ())
    }

    /// The body as a JSON object.
    pub(crate) fn object(&self, body: &[u8]) -> Result<Map<String, Value>, Stop> {
        let is_json = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/json"));
        if !is_json && self.sim.frame.is_strict() {
            return Err(self.wrong(RefusedPart::Header, "content-type", "must be application/json"));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(members),
            _ => Err(self.wrong(RefusedPart::Body, "body", "malformed JSON object")),
        }
    }

    /// Refuses a body although the operation takes none.
    pub(crate) fn no_body(&self, body: &[u8]) -> Result<(), Stop> {
        if body.is_empty() || !self.sim.frame.is_strict() {
            return Ok(());
        }
        Err(self.wrong(RefusedPart::Body, "body", "no body is expected"))
    }

    /// 400 for one part, recorded.
    pub(crate) fn wrong(&self, part: RefusedPart, name: &str, reason: &str) -> Stop {
        self.sim.frame.refuse(self.target.refusal(part, name, reason))
    }

    /// 404 `<What> Not Found: <id>`.
    pub(crate) fn not_found(&self, what: &str, id: &str) -> Stop {
        failure::not_found(&self.target, what, id).into()
    }

    /// 422 with these rules in `details`.
    pub(crate) fn unprocessable(&self, message: &str, rules: &[String]) -> Stop {
        failure::unprocessable(&self.target, message, rules).into()
    }
}

/// 200 with a JSON body: what Pax8 answers to creates, too.
pub(crate) fn ok(body: &Value) -> Response {
    json_answer(StatusCode::OK, body)
}

/// 204 without a body.
pub(crate) fn no_content() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
