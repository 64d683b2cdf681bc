//! The error bodies of ION.
//!
//! v3 answers a near relative of `google.rpc.Status`; order validation nests the real reasons one level
//! deeper; the token endpoints answer a bare `error`; v1 an envelope with `success: false`. The kind comes
//! from the HTTP status alone, because the words in the body differ from service to service.

use http::StatusCode;
use provider_core::ErrorKind;
use provider_core::error::Violation;
use provider_http::{Problem, ProblemInput};
use serde::Deserialize;
use serde_json::Value;

/// The customer's e-mail address is in use on the platform.
const EMAIL_TAKEN: &str = "CUS-CR-001";
/// The language code is not known.
const LANGUAGE_UNKNOWN: &str = "CUS-CR-002";

#[derive(Deserialize, Default)]
#[serde(default)]
struct Body {
    error: Option<Value>,
    message: Option<Value>,
    details: Option<Vec<Detail>>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Detail {
    request_id: Option<Value>,
    reference_entity: Option<Value>,
    code: Option<Value>,
    detail: Option<Value>,
    errors: Option<Vec<Reason>>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Reason {
    code: Option<Value>,
    detail: Option<Value>,
    instance_path: Option<Value>,
    reference_entity: Option<Value>,
}

/// Reads every known shape of an error body. What cannot be read leaves the status to speak.
pub(crate) fn problem(input: &ProblemInput<'_>) -> Problem {
    let mut problem = Problem::default();
    if input.status == StatusCode::CONFLICT {
        problem.kind = Some(ErrorKind::AlreadyExists);
    }
    let Ok(body) = serde_json::from_slice::<Body>(input.body) else { return problem };
    let details = body.details.unwrap_or_default();
    problem.request_id = details.iter().find_map(|detail| text(detail.request_id.as_ref()));
    problem.violations = details.iter().flat_map(violations).collect();
    let word = text(body.error.as_ref());
    let reason = problem.violations.first();
    problem.code = reason.and_then(|v| v.code.clone()).or_else(|| word.clone().filter(|w| is_word(w)));
    problem.message = message(text(body.message.as_ref()).or(word), &problem.violations);
    match problem.code.as_deref() {
        Some(EMAIL_TAKEN) => problem.kind = Some(ErrorKind::AlreadyExists),
        Some(LANGUAGE_UNKNOWN) => problem.kind = Some(ErrorKind::InvalidInput),
        _ => {}
    }
    problem
}

fn violations(detail: &Detail) -> Vec<Violation> {
    let own = violation(&detail.code, &detail.detail, &[&detail.reference_entity]);
    let nested = detail.errors.iter().flatten().filter_map(|reason| {
        violation(&reason.code, &reason.detail, &[&reason.instance_path, &reason.reference_entity])
    });
    own.into_iter().chain(nested).collect()
}

fn violation(code: &Option<Value>, detail: &Option<Value>, fields: &[&Option<Value>]) -> Option<Violation> {
    let code = text(code.as_ref());
    let message = text(detail.as_ref()).or_else(|| code.clone())?;
    let field = fields.iter().find_map(|field| text(field.as_ref()));
    let field = field.or_else(|| subject(&message)).unwrap_or_default();
    let violation = Violation::new(field, message);
    Some(match code {
        Some(code) => violation.with_code(code),
        None => violation,
    })
}

/// Order validation names no field, but its texts begin with it: `resourceId is required when ...`,
/// `attribute domainName is required when ...`.
fn subject(message: &str) -> Option<String> {
    let mut words = message.split_whitespace();
    let first = words.next()?;
    let name = if first == "attribute" { words.next()? } else { first };
    let is_name =
        name.chars().all(|c| c.is_ascii_alphanumeric()) && name.chars().any(|c| c.is_ascii_uppercase());
    (is_name && name.starts_with(|c: char| c.is_ascii_lowercase())).then(|| name.to_owned())
}

/// The service's sentence, with the reasons it keeps one level down.
fn message(said: Option<String>, violations: &[Violation]) -> Option<String> {
    let reasons: Vec<&str> = violations
        .iter()
        .map(|violation| violation.message.as_str())
        .filter(|reason| said.as_deref() != Some(reason))
        .collect();
    if reasons.is_empty() {
        return said;
    }
    let reasons = reasons.join("; ");
    Some(match said {
        Some(said) => format!("{said}: {reasons}"),
        None => reasons,
    })
}

/// `NOT_FOUND` is a code; `cannot validate token: redis: nil` is a sentence.
fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// One documented code ends in a blank.
fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a failed index is a failed test")]

    use http::HeaderMap;

    use super::*;

    fn read(status: u16, body: &str) -> Problem {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        problem(&ProblemInput::new(status, &HeaderMap::new(), body.as_bytes()))
    }

    #[test]
    fn the_status_shape_gives_word_message_and_request_id() {
        let problem = read(
            404,
            r#"{"error":"NOT_FOUND","message":"resource 'accounts/20001/customers/310999' not found","code":404,"details":[{"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":"1890aa01bb02cc03dd04"}]}"#,
        );
        assert_eq!(problem.code.as_deref(), Some("NOT_FOUND"));
        assert_eq!(problem.request_id.as_deref(), Some("1890aa01bb02cc03dd04"));
        assert!(problem.message.is_some_and(|m| m.contains("310999")));
    }

    #[test]
    fn nested_reasons_become_violations_with_trimmed_codes() {
        let problem = read(
            400,
            r#"{"error":"BAD_REQUEST: Invalid provisioning data","message":"BAD_REQUEST: Invalid provisioning data","code":3,"details":[{"@type":"x","requestId":"r","errors":[{"code":"COMM-VL-003 ","detail":"resourceId is required when action is UPDATE"},{"code":"COMM-VL-004","detail":"attribute domainName is required when action is CREATE for an AZURE item"}]}]}"#,
        );
        assert_eq!(problem.violations.len(), 2);
        assert_eq!(problem.violations[0].code.as_deref(), Some("COMM-VL-003"));
        assert_eq!(problem.violations[0].field, "resourceId");
        assert_eq!(problem.violations[1].field, "domainName");
        assert_eq!(problem.code.as_deref(), Some("COMM-VL-003"));
        assert!(problem.message.is_some_and(|m| m.contains("resourceId is required")));
    }

    #[test]
    fn a_taken_address_and_an_unknown_language_have_kinds_of_their_own() {
        let body = |code: &str| {
            format!(
                r#"{{"error":"FAILED_PRECONDITION","message":"m","code":412,"details":[{{"referenceEntity":"primaryContactEmail","code":"{code}","detail":"d","requestId":"r"}}]}}"#
            )
        };
        assert_eq!(read(412, &body("CUS-CR-001")).kind, Some(ErrorKind::AlreadyExists));
        assert_eq!(read(412, &body("CUS-CR-002")).kind, Some(ErrorKind::InvalidInput));
        assert_eq!(read(412, &body("OTHER")).kind, None);
        assert_eq!(read(412, &body("CUS-CR-001")).violations[0].field, "primaryContactEmail");
    }

    #[test]
    fn oauth_and_v1_bodies_give_their_sentence() {
        let problem = read(400, r#"{"error":"cannot validate token: redis: nil"}"#);
        assert_eq!(
            (problem.code, problem.message.as_deref()),
            (None, Some("cannot validate token: redis: nil"))
        );
        assert_eq!(read(401, r#"{"success":false,"message":"no"}"#).message.as_deref(), Some("no"));
    }

    #[test]
    fn what_is_no_error_body_says_nothing() {
        for body in ["", "<html>", "[]", "\"x\"", r#"{"details":{}}"#, r#"{"message":null}"#] {
            assert_eq!(read(500, body), Problem::default(), "{body}");
        }
    }
}
