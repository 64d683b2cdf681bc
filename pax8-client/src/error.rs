//! The error bodies of Pax8.
//!
//! Its bodies come in several shapes: the envelope of `type`, `message` and `details`, a list of `errors`,
//! OAuth's `error` and `error_description`, and whatever a gateway writes. None is relied on.

use provider_core::ErrorKind;
use provider_core::error::Violation;
use provider_http::{Problem, ProblemInput};
use serde_json::{Map, Value};

/// More reasons than a person reads.
const MOST_REASONS: usize = 20;
/// A reason longer than this is cut.
const LONGEST_REASON: usize = 300;

/// Reads an error body of any of Pax8's shapes.
#[must_use]
pub(crate) fn problem(input: &ProblemInput<'_>) -> Problem {
    let Ok(Value::Object(body)) = serde_json::from_slice(input.body) else { return Problem::default() };
    let mut problem = Problem::default();
    let reasons = reasons(&body);
    if let Some(code) = text(&body, "type").or_else(|| text(&body, "error")) {
        problem = problem.with_code(code);
    }
    if let Some(message) = message(&body, &reasons) {
        problem.kind = kind(input.status.as_u16(), &message);
        problem = problem.with_message(message);
    }
    if let Some(id) = text(&body, "supportId") {
        problem = problem.with_request_id(id);
    }
    problem.violations = reasons;
    problem
}

fn text(body: &Map<String, Value>, name: &str) -> Option<String> {
    let text = body.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| cut(text))
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_REASON).collect()
}

fn message(body: &Map<String, Value>, reasons: &[Violation]) -> Option<String> {
    let said =
        ["error_description", "message", "detail", "error"].into_iter().find_map(|name| text(body, name));
    let mut parts: Vec<String> = said.into_iter().collect();
    for reason in reasons.iter().take(3) {
        if !parts.iter().any(|part| part.contains(&reason.message)) {
            parts.push(reason.message.clone());
        }
    }
    match parts.split_first() {
        None => None,
        Some((only, [])) => Some(only.clone()),
        Some((first, rest)) => Some(format!("{first}: {}", rest.join("; "))),
    }
}

/// One reason for each of `details` and `errors`, and for a message that names a field.
fn reasons(body: &Map<String, Value>) -> Vec<Violation> {
    let members = ["details", "errors"].into_iter().filter_map(|name| body.get(name)?.as_array()).flatten();
    let mut reasons: Vec<Violation> = members
        .filter_map(|reason| match reason {
            Value::String(text) if !text.trim().is_empty() => Some(violation(text, None)),
            Value::Object(detail) => {
                let message = ["message", "detail", "defaultMessage"]
                    .into_iter()
                    .find_map(|name| text(detail, name))?;
                let code = text(detail, "type").or_else(|| text(detail, "code"));
                let mut violation = violation(&message, code);
                if let Some(field) = text(detail, "field") {
                    violation.field = field;
                }
                Some(violation)
            }
            _ => None,
        })
        .take(MOST_REASONS)
        .collect();
    if reasons.is_empty()
        && let Some(message) = text(body, "message")
        && named_field(&message).is_some()
    {
        reasons.push(violation(&message, text(body, "type")));
    }
    reasons
}

fn violation(message: &str, code: Option<String>) -> Violation {
    let field = line(message).or_else(|| named_field(message)).unwrap_or_else(|| "request".to_owned());
    let violation = Violation::new(field, cut(message.trim()));
    match code {
        Some(code) => violation.with_code(code),
        None => violation,
    }
}

/// `Line item 2: ...` is about the second line, which callers count from 0.
fn line(message: &str) -> Option<String> {
    let rest = message.trim_start().strip_prefix("Line item ")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number: usize = rest.get(..digits)?.parse().ok()?;
    Some(format!("lines[{}]", number.checked_sub(1)?))
}

/// `Invalid input ..., field: commitmentTerm`
fn named_field(message: &str) -> Option<String> {
    let (_, rest) = message.rsplit_once("field: ")?;
    let field: String =
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "._[]-".contains(*c)).collect();
    (!field.is_empty()).then_some(field)
}

/// A second company of one name is refused as a business rule; to callers it is `AlreadyExists`.
fn kind(status: u16, message: &str) -> Option<ErrorKind> {
    let exists = message.to_ascii_lowercase().contains("already exist");
    (matches!(status, 400 | 409 | 422) && exists).then_some(ErrorKind::AlreadyExists)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, StatusCode};

    fn read(status: u16, body: &str) -> Problem {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        problem(&ProblemInput::new(status, &HeaderMap::new(), body.as_bytes()))
    }

    #[test]
    fn the_envelope_names_its_lines() {
        let problem = read(
            422,
            r#"{"type":"UNPROCESSABLE_ENTITY","message":"Order is not valid","instance":"/public/v1/orders","status":422,
                "details":[{"message":"Line item 2: a value for exDomain is needed","type":"INVALID","status":422}]}"#,
        );
        assert_eq!(problem.code.as_deref(), Some("UNPROCESSABLE_ENTITY"));
        assert_eq!(
            problem.message.as_deref(),
            Some("Order is not valid: Line item 2: a value for exDomain is needed")
        );
        let fields: Vec<_> =
            problem.violations.iter().map(|v| (v.field.as_str(), v.code.as_deref())).collect();
        assert_eq!(fields, [("lines[1]", Some("INVALID"))]);
    }

    #[test]
    fn other_shapes_are_read_too() {
        let problem = read(422, r#"{"errors":["quantity must be greater than 0","x"]}"#);
        assert_eq!(problem.message.as_deref(), Some("quantity must be greater than 0: x"));
        assert_eq!(problem.violations.len(), 2);
        let problem = read(401, r#"{"error":"access_denied","error_description":"Unauthorized"}"#);
        assert_eq!(
            (problem.code.as_deref(), problem.message.as_deref()),
            (Some("access_denied"), Some("Unauthorized"))
        );
        let problem = read(
            400,
            r#"{"type":"BAD_REQUEST","message":"Invalid input: no, field: commitmentTerm","details":[]}"#,
        );
        assert_eq!(problem.violations.first().map(|v| v.field.as_str()), Some("commitmentTerm"));
        let problem = read(
            422,
            r#"{"detail":"Order is not valid","errors":[{"field":"lineItems[0].quantity","defaultMessage":"must be positive","code":"Positive"}]}"#,
        );
        assert_eq!(problem.message.as_deref(), Some("Order is not valid: must be positive"));
        let violation = problem.violations.first();
        assert_eq!(violation.map(|v| v.field.as_str()), Some("lineItems[0].quantity"));
        assert_eq!(violation.and_then(|v| v.code.as_deref()), Some("Positive"));
        let problem = read(422, r#"{"message":"Company already exists","supportId":"s-1"}"#);
        assert_eq!(
            (problem.kind, problem.request_id.as_deref()),
            (Some(ErrorKind::AlreadyExists), Some("s-1"))
        );
    }

    #[test]
    fn nonsense_is_no_problem() {
        for body in [
            "",
            "<html>",
            "[]",
            "null",
            r#"{"details":[null,7,{}],"message":3}"#,
            r#"{"message":"Line item 0: x","details":null}"#,
        ] {
            let problem = read(422, body);
            assert!(problem.violations.is_empty(), "{body}");
        }
    }
}
