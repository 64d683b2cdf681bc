//! What a distributor says about a call it refused.

use http::{HeaderMap, StatusCode};
use provider_core::ErrorKind;
use provider_core::error::Violation;
use serde_json::{Map, Value};

use crate::decode::without_mark;

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

    /// The same with what it leaves open taken from another reading of the same answer.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            code: self.code.or(other.code),
            message: self.message.or(other.message),
            violations: if self.violations.is_empty() { other.violations } else { self.violations },
            kind: self.kind.or(other.kind),
            request_id: self.request_id.or(other.request_id),
        }
    }

    /// Reads the shapes that most APIs use: problem details (RFC 9457), OAuth errors, objects with a code and a
    /// message in any case, lists and maps of reasons for single fields, and plain text.
    #[must_use]
    pub fn common(input: &ProblemInput<'_>) -> Self {
        let body = without_mark(input.body);
        match serde_json::from_slice(body) {
            Ok(Value::Object(body)) => Self::of_object(&body),
            Ok(list @ Value::Array(_)) => {
                let violations = reasons(&list);
                Self { message: joined(&violations), violations, ..Self::default() }
            }
            Ok(Value::String(text)) => Self { message: sentence(&text), ..Self::default() },
            Ok(_) => Self::default(),
            Err(_) => {
                // Text in another encoding than UTF-8 still says most of its reason.
                let text = String::from_utf8_lossy(body);
                let is_text = !text.trim_start().starts_with(['<', '{', '['])
                    && !text.contains(|c: char| c.is_control() && !c.is_whitespace());
                Self { message: sentence(&text).filter(|_| is_text), ..Self::default() }
            }
        }
    }

    /// What an answer with the status of a success says where it calls itself an error: its `error` holds something, or, in
    /// what is no record, its `status` is that word or its `errorCode` holds something. `None` for every other.
    pub(crate) fn of_success(input: &ProblemInput<'_>) -> Option<Self> {
        if input.body.len() > LONGEST_ERROR {
            return None;
        }
        let Ok(Value::Object(body)) = serde_json::from_slice(without_mark(input.body)) else { return None };
        let failed = match member(&body, "status") {
            Some(Value::String(word)) => word.trim().eq_ignore_ascii_case("error"),
            _ => false,
        };
        let coded = holds(member(&body, "errorCode"));
        // A record may have such a status, and what says itself whether it succeeded is judged by that.
        let is_else = ["id", "name", "isSuccessful"].iter().any(|name| member(&body, name).is_some());
        ((failed || coded) && !is_else || holds(member(&body, "error"))).then(|| Self::of_object(&body))
    }

    fn of_object(body: &Map<String, Value>) -> Self {
        let violations: Vec<Violation> = REASONS
            .iter()
            .filter_map(|name| member(body, name))
            .flat_map(reasons)
            .take(MOST_REASONS)
            .collect();
        let message = text(body, &SENTENCES);
        let told = Self {
            code: text(body, &["code", "errorCode", "error", "type"]),
            message: message.or_else(|| joined(&violations)),
            request_id: text(body, &["requestId", "traceId", "instance"]),
            violations,
            ..Self::default()
        };
        // Some put all of it into one member.
        let inner = ["error", "fault"].iter().find_map(|name| member(body, name)?.as_object());
        match inner {
            Some(inner) => told.or(Self::of_object(inner)),
            None => told,
        }
    }
}

/// Whether a member says that something is wrong.
fn holds(member: Option<&Value>) -> bool {
    match member {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(Value::Number(code)) => code.as_i64() != Some(0),
        Some(Value::String(word)) => !matches!(word.trim(), "" | "0"),
        Some(Value::Array(reasons)) => !reasons.is_empty(),
        Some(Value::Object(reasons)) => !reasons.is_empty(),
    }
}

/// Members that hold what is said of the whole, the more telling first.
const SENTENCES: [&str; 9] = [
    "message",
    "error_description",
    "detail",
    "defaultMessage",
    "errorMessage",
    "description",
    "faultstring",
    "title",
    "error",
];
/// Members that hold reasons for single fields.
const REASONS: [&str; 6] = ["errors", "details", "violations", "fieldErrors", "invalid-params", "message"];
/// More reasons than a person reads.
const MOST_REASONS: usize = 20;
/// A body longer than this holds records, and is no error.
const LONGEST_ERROR: usize = 64 * 1024;
/// A text longer than this is a page, not a sentence; the pipeline cuts what is shown.
const LONGEST_TEXT: usize = 2_000;

/// Reasons in a list of texts or objects, or in a map of fields to them.
fn reasons(value: &Value) -> Vec<Violation> {
    match value {
        Value::Array(list) => list.iter().filter_map(reason).take(MOST_REASONS).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(field, reasons)| match reasons {
                Value::Array(list) => {
                    list.iter().filter_map(words).map(|text| Violation::new(field, text)).collect()
                }
                one => words(one).map(|text| Violation::new(field, text)).into_iter().collect::<Vec<_>>(),
            })
            .take(MOST_REASONS)
            .collect(),
        _ => Vec::new(),
    }
}

fn reason(value: &Value) -> Option<Violation> {
    let Value::Object(body) = value else {
        return words(value).map(|text| Violation::new("", text));
    };
    let field =
        text(body, &["field", "fieldName", "property", "propertyName", "path", "name", "pointer", "source"]);
    let violation = Violation::new(field.unwrap_or_default(), words(value)?);
    Some(match text(body, &["code", "errorCode", "type"]) {
        Some(code) => violation.with_code(code),
        None => violation,
    })
}

/// What a reason says.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => sentence(text),
        Value::Object(body) => text(
            body,
            &["message", "defaultMessage", "detail", "description", "reason", "errorMessage", "title"],
        ),
        _ => None,
    }
}

fn joined(violations: &[Violation]) -> Option<String> {
    let said: Vec<&str> = violations.iter().take(3).map(|violation| violation.message.as_str()).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

fn sentence(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= LONGEST_TEXT).then(|| text.to_owned())
}

fn member<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    body.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn text(body: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match member(body, name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
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
        for nothing in ["", "<html>", "[]", "\" \"", "{}", r#"{"message":{}}"#, "{\"message\":", "7", " "] {
            assert_eq!(common(nothing), Problem::default(), "{nothing}");
        }
    }

    #[test]
    fn an_error_is_known_by_what_it_calls_itself_whatever_its_status() {
        let said = |body: &str| {
            let headers = HeaderMap::new();
            let problem = Problem::of_success(&ProblemInput::new(StatusCode::OK, &headers, body.as_bytes()));
            problem.map(|problem| problem.message.unwrap_or_default())
        };
        for body in [
            r#"{"status":"ERROR","message":"no credit"}"#,
            r#"{"Status":" error ","Message":"no credit"}"#,
            r#"{"error":{"code":"X1","message":"no credit"}}"#,
            r#"{"error":"no credit"}"#,
            r#"{"error":["no credit"],"message":"no credit"}"#,
            r#"{"ErrorCode":"CreditLimit","Message":"no credit"}"#,
        ] {
            assert_eq!(said(body).as_deref(), Some("no credit"), "{body}");
        }
        assert_eq!(said(r#"{"error":true}"#).as_deref(), Some(""));
        for fine in [
            "",
            "[]",
            "null",
            "{}",
            r#"{"id":7,"status":512,"message":"welcome"}"#,
            r#"{"id":7,"status":"Active","error":null,"errors":["on a line"]}"#,
            r#"{"id":"7","status":"error"}"#,
            r#"{"name":"orders/7","status":"ERROR"}"#,
            r#"{"error":{}}"#,
            r#"{"error":false}"#,
            r#"{"error":0}"#,
            r#"{"id":7,"errorCode":null}"#,
            r#"{"errorCode":"0","message":"done"}"#,
            r#"{"isSuccessful":true,"errorCode":"None"}"#,
            r#"{"error":" "}"#,
        ] {
            assert_eq!(said(fine), None, "{fine}");
        }
    }

    #[test]
    fn plain_text_is_the_distributors_word() {
        for body in ["credit limit exceeded", "\"credit limit exceeded\"", "\u{FEFF}credit limit exceeded\n"]
        {
            assert_eq!(common(body).message.as_deref(), Some("credit limit exceeded"), "{body}");
        }
        assert_eq!(common(&"x".repeat(3_000)).message, None);
        let said = |body: &[u8]| {
            Problem::common(&ProblemInput::new(StatusCode::BAD_REQUEST, &HeaderMap::new(), body)).message
        };
        assert_eq!(said(b"cr\xE9dit refus\xE9").as_deref(), Some("cr\u{FFFD}dit refus\u{FFFD}"));
        assert_eq!(said(b"\x1F\x8B\x08\x00\xFF"), None);
    }

    #[test]
    fn a_reason_is_found_inside_of_the_member_that_holds_it_all() {
        for (body, code, message) in [
            (r#"{"error":{"code":7,"message":"no credit","status":"FAILED"}}"#, Some("7"), "no credit"),
            (r#"{"fault":{"faultstring":"no credit"}}"#, None, "no credit"),
            (r#"{"message":"refused","error":{"message":"no credit"}}"#, None, "refused"),
            (r#"{"error":{"errors":[{"message":"no credit"}]}}"#, None, "no credit"),
            (r#"{"errorMessage":"no credit"}"#, None, "no credit"),
            (r#"{"message":["no credit","no seats"]}"#, None, "no credit; no seats"),
        ] {
            let problem = common(body);
            assert_eq!(
                (problem.code.as_deref(), problem.message.as_deref()),
                (code, Some(message)),
                "{body}"
            );
        }
    }

    #[test]
    fn every_field_has_its_violation() {
        for body in [
            r#"{"detail":"Order is not valid","errors":[{"field":"quantity","defaultMessage":"must be positive"}]}"#,
            r#"{"title":"Order is not valid","errors":{"quantity":["must be positive"]}}"#,
            r#"{"message":"Order is not valid","violations":[{"propertyName":"quantity","message":"must be positive"}]}"#,
            r#"{"message":"Order is not valid","fieldErrors":{"quantity":"must be positive"}}"#,
        ] {
            let problem = common(body);
            assert_eq!(problem.message.as_deref(), Some("Order is not valid"), "{body}");
            let told: Vec<_> =
                problem.violations.iter().map(|v| (v.field.as_str(), v.message.as_str())).collect();
            assert_eq!(told, [("quantity", "must be positive")], "{body}");
        }
        let bare = common(r#"[{"field":"sku","message":"is unknown","code":"X1"},"no"]"#);
        assert_eq!(bare.message.as_deref(), Some("is unknown; no"));
        assert_eq!(bare.violations.first().and_then(|v| v.code.as_deref()), Some("X1"));
    }
}
