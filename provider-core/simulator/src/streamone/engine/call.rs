//! One request as the endpoints see it, and what they answer.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method};
use serde_json::Value;

use super::answer::Answer;
use super::problem::Problem;
use super::shape::{Member, Shapes};
use crate::engine::strict::percent_decoded;

/// What an endpoint answers: a body, or the API's own refusal.
pub(crate) type Outcome = Result<Answer, Problem>;

/// One request.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The path below the API's base, percent-decoded segment by segment, without the custom verb.
    pub(crate) path: Vec<String>,
    /// The custom verb behind a literal colon in the last segment, for example `cancel`.
    pub(crate) verb: Option<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The simulated present.
    pub(crate) now: DateTime<Utc>,
    /// Whether names that the reference does not list are refused; otherwise they are ignored.
    pub(crate) strict: bool,
    /// Scheme, host and port under which the caller reached the simulator.
    pub(crate) origin: String,
}

impl Call {
    /// The refusal of a path or method that the reference does not list.
    pub(crate) fn no_route(&self) -> Problem {
        Problem::no_route(&self.method, &self.shown_path())
    }

    /// The path with its verb, for messages.
    pub(crate) fn shown_path(&self) -> String {
        let verb = self.verb.as_ref().map(|verb| format!(":{verb}")).unwrap_or_default();
        format!("/{}{verb}", self.path.join("/"))
    }

    /// Splits a raw path below the base into decoded segments and the verb. An escaped colon belongs to the segment.
    pub(crate) fn split_path(raw: &str) -> (Vec<String>, Option<String>) {
        let raw = raw.strip_prefix('/').unwrap_or(raw);
        let (raw, verb) = match raw.rsplit_once('/') {
            Some((front, last)) => match last.split_once(':') {
                Some((last, verb)) => (format!("{front}/{last}"), Some(verb.to_owned())),
                None => (raw.to_owned(), None),
            },
            None => (raw.to_owned(), None),
        };
        (raw.split('/').map(percent_decoded).collect(), verb)
    }

    /// The credentials behind an `Authorization` scheme.
    pub(crate) fn credentials(&self, scheme: &str) -> Option<&str> {
        let value = self.headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (found, rest) = value.split_once(' ')?;
        found.eq_ignore_ascii_case(scheme).then_some(rest)
    }

    pub(crate) fn has_authorization(&self) -> bool {
        self.headers.contains_key(AUTHORIZATION)
    }

    fn media_type(&self) -> &str {
        let value = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        value.and_then(|value| value.split(';').next()).unwrap_or_default().trim()
    }

    /// The JSON object sent, checked against the members that the reference lists.
    pub(crate) fn json_body(&self, members: &'static [Member]) -> Result<Value, Problem> {
        if !self.media_type().eq_ignore_ascii_case("application/json") {
            let message = format!("content type '{}' is not application/json", self.media_type());
            return Err(Problem::header("content-type", message));
        }
        let body: Value = serde_json::from_slice(&self.body)
            .map_err(|error| Problem::body("", format!("body is not JSON: {error}")))?;
        Shapes { strict: self.strict }.check_object(&body, members, "")?;
        Ok(body)
    }

    /// Like [`json_body`](Self::json_body), where the reference also knows calls without a body.
    pub(crate) fn optional_json_body(&self, members: &'static [Member]) -> Result<Value, Problem> {
        if self.body.is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        self.json_body(members)
    }

    /// Any JSON value: for bodies that the reference calls undetermined.
    pub(crate) fn any_json_body(&self) -> Result<Value, Problem> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| Problem::body("", format!("body is not JSON: {error}")))
    }

    /// Refuses a body where the reference lists none; an empty JSON object is as good as nothing.
    pub(crate) fn no_body(&self) -> Result<(), Problem> {
        let empty = self.body.is_empty() || self.body.trim_ascii() == b"{}";
        (empty || !self.strict).then_some(()).ok_or_else(|| Problem::body("", "this endpoint takes no body"))
    }

    /// The form sent; names that are not listed, or that repeat, are refused.
    pub(crate) fn form(&self, names: &[&str]) -> Result<Vec<(String, String)>, Problem> {
        if !self.media_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let message = format!("content type '{}' is not a form", self.media_type());
            return Err(Problem::header("content-type", message));
        }
        self.form_fields(names)
    }

    /// The form fields whatever the content type says: one v1 call is known to be sent with a JSON type.
    pub(crate) fn form_fields(&self, names: &[&str]) -> Result<Vec<(String, String)>, Problem> {
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&self.body)
            .map_err(|error| Problem::body("", format!("body is not a form: {error}")))?;
        for (index, (name, _)) in fields.iter().enumerate() {
            if !names.contains(&name.as_str()) {
                if self.strict {
                    return Err(Problem::body(name, format!("unknown form field '{name}'")));
                }
                continue;
            }
            if fields.iter().skip(index + 1).any(|(other, _)| other == name) {
                return Err(Problem::body(name, format!("form field '{name}' is repeated")));
            }
        }
        Ok(fields)
    }
}

/// The value of a form field; an empty one counts as absent.
pub(crate) fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let (_, value) = fields.iter().find(|(found, _)| found == name)?;
    Some(value.as_str()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Call;

    #[test]
    fn only_a_literal_colon_starts_a_verb() {
        let (path, verb) = Call::split_path("/accounts/1/orders/7:cancel");
        assert_eq!(path, ["accounts", "1", "orders", "7"]);
        assert_eq!(verb.as_deref(), Some("cancel"));
        let (path, verb) = Call::split_path("/accounts/1/products/A%3AB%2FC");
        assert_eq!(path, ["accounts", "1", "products", "A:B/C"]);
        assert_eq!(verb, None);
    }
}
