//! What a distributor says about a call it refused.

use http::{HeaderMap, StatusCode};
use provider_core::{ErrorKind, Violation};
use serde_json::Value;

/// An answer that is no success, for the parser of a distributor's error bodies.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProblemInput<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body; may be empty, HTML or plain text.
    pub body: &'a [u8],
}

impl<'a> ProblemInput<'a> {
    /// Puts an answer together, for tests of a parser.
    #[must_use]
    pub const fn new(status: StatusCode, headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        Self { status, headers, body }
    }
}

/// What could be read from it. Everything is optional: error bodies are the least reliable part of any
/// API. Secrets of the request are blanked by the pipeline afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The distributor's own code.
    pub code: Option<String>,
    /// Its explanation.
    pub message: Option<String>,
    /// Field-level reasons.
    pub violations: Vec<Violation>,
    /// A more precise kind than the status gives.
    pub kind: Option<ErrorKind>,
    /// Its request id, where the body holds it.
    pub request_id: Option<String>,
}

impl Problem {
    /// Sets the distributor's own code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Sets its explanation.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Adds a field-level reason.
    #[must_use]
    pub fn with_violation(mut self, violation: Violation) -> Self {
        self.violations.push(violation);
        self
    }

    /// Sets a more precise kind than the status gives.
    #[must_use]
    pub const fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Sets its request id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Reads the shapes that most APIs use: problem details (RFC 9457), OAuth errors, and objects with a
    /// code and a message in any case.
    #[must_use]
    pub fn common(input: &ProblemInput<'_>) -> Self {
        let Ok(Value::Object(body)) = serde_json::from_slice(input.body) else { return Self::default() };
        let text = |names: &[&str]| {
            names.iter().find_map(|name| {
                let (_, value) = body.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
                match value {
                    Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => None,
                }
            })
        };
        Self {
            code: text(&["code", "errorCode", "error", "type"]),
            message: text(&["message", "error_description", "detail", "title", "error"]),
            request_id: text(&["requestId", "traceId", "instance"]),
            ..Self::default()
        }
    }
}

/// Reads a distributor's error bodies.
pub type ProblemParser = fn(&ProblemInput<'_>) -> Problem;

/// The kind that a status stands for where the body does not say more.
#[must_use]
pub const fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        300..=399 => ErrorKind::Config,
        401 => ErrorKind::Unauthenticated,
        402 | 403 | 407 | 451 => ErrorKind::PermissionDenied,
        404 | 410 => ErrorKind::NotFound,
        405 | 501 | 505 => ErrorKind::Unsupported,
        408 => ErrorKind::Timeout,
        409 | 423 => ErrorKind::Conflict,
        412 | 424 | 428 => ErrorKind::PreconditionFailed,
        421 | 425 => ErrorKind::Unavailable,
        429 => ErrorKind::RateLimited,
        400..=499 => ErrorKind::InvalidInput,
        500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Decode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(body: &str) -> Problem {
        Problem::common(&ProblemInput::new(StatusCode::BAD_REQUEST, &HeaderMap::new(), body.as_bytes()))
    }

    #[test]
    fn common_shapes_are_read() {
        let problem =
            common(r#"{"type":"about:blank","title":"Bad","detail":"no such SKU","traceId":"t-1"}"#);
        assert_eq!(problem.message.as_deref(), Some("no such SKU"));
        assert_eq!(problem.request_id.as_deref(), Some("t-1"));
        let problem = common(r#"{"error":"invalid_grant","error_description":"wrong password"}"#);
        assert_eq!(problem.code.as_deref(), Some("invalid_grant"));
        assert_eq!(problem.message.as_deref(), Some("wrong password"));
        let problem = common(r#"{"ErrorCode":42,"Message":"No"}"#);
        assert_eq!((problem.code.as_deref(), problem.message.as_deref()), (Some("42"), Some("No")));
        for nothing in ["", "<html>", "[]", "\"text\"", "{}", r#"{"message":{}}"#] {
            assert_eq!(common(nothing), Problem::default(), "{nothing}");
        }
    }
}
