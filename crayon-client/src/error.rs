//! The bodies of refused calls, in every shape that Cloud-iQ answers them.

use std::collections::BTreeMap;

use provider_core::ErrorKind;
use provider_core::error::Violation;
use provider_http::decode::from_slice;
use provider_http::{Keys, Problem, ProblemInput, kind_of};
use serde::Deserialize;

/// What an error is about, by name. Documented as text; a number among it shall not cost the whole error.
type Parameters = BTreeMap<String, serde_json::Value>;

/// The vendor's own model.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ApiError {
    #[serde(default)]
    error_code: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    parameters: Option<Parameters>,
    #[serde(default)]
    object_errors: Option<Vec<ObjectError>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ObjectError {
    #[serde(default)]
    error_code: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    parameters: Option<Parameters>,
}

/// ASP.NET Core's answer to a body that does not bind.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProblemDetails {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    trace_id: Option<String>,
    errors: BTreeMap<String, Vec<String>>,
}

/// Reads what Cloud-iQ says about a refused call: its own model, problem details, or one of the common
/// shapes. An empty body is in order: several of its refusals have none.
#[must_use]
pub fn problem(input: &ProblemInput<'_>) -> Problem {
    let problem = own(input).or_else(|| details(input)).unwrap_or_else(|| Problem::common(input));
    let problem = with_field(problem);
    match (problem.kind, kind_by_code(problem.code.as_deref(), input)) {
        (None, Some(kind)) => problem.with_kind(kind),
        _ => problem,
    }
}

fn own(input: &ProblemInput<'_>) -> Option<Problem> {
    let error: ApiError = from_slice(input.body, Keys::AnyCase).ok()?;
    if error.error_code.is_none() && error.object_errors.is_none() {
        return None;
    }
    let mut problem = Problem::default();
    problem.code = error.error_code.filter(|code| !code.is_empty());
    problem.message = error.message.filter(|message| !message.is_empty());
    for inner in error.object_errors.into_iter().flatten() {
        let field = field_of(inner.parameters.as_ref(), inner.message.as_deref());
        let mut violation = Violation::new(field, inner.message.unwrap_or_default());
        violation.code = inner.error_code;
        problem = problem.with_violation(violation);
    }
    if problem.violations.is_empty()
        && let Some(parameters) = error.parameters
    {
        let named = parameters.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("id"));
        for (name, _) in named {
            let message = problem.message.clone().unwrap_or_default();
            problem = problem.with_violation(Violation::new(name, message));
        }
    }
    Some(problem)
}

/// The field that an inner error is about. The vendor names it in the parameters or, as its own example
/// does, as the first word of the sentence.
fn field_of(parameters: Option<&Parameters>, message: Option<&str>) -> String {
    let named = parameters.and_then(|parameters| {
        let wanted = ["field", "property", "propertyname", "member", "name"];
        let (_, value) =
            parameters.iter().find(|(key, _)| wanted.contains(&key.to_ascii_lowercase().as_str()))?;
        value.as_str().map(str::to_owned)
    });
    named.unwrap_or_else(|| {
        let first = message.unwrap_or_default().split_whitespace().next().unwrap_or_default();
        let is_name = first.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '[' | ']'));
        if is_name && first.starts_with(|c: char| c.is_ascii_uppercase()) {
            first.to_owned()
        } else {
            String::new()
        }
    })
}

fn details(input: &ProblemInput<'_>) -> Option<Problem> {
    let details: ProblemDetails = from_slice(input.body, Keys::AnyCase).ok()?;
    let mut problem = Problem::default();
    problem.message = details.detail.or(details.title);
    problem.request_id = details.trace_id;
    for (field, reasons) in details.errors {
        for reason in reasons {
            problem = problem.with_violation(Violation::new(field.clone(), reason));
        }
    }
    Some(problem)
}

/// Where nothing names a field, the code may.
fn with_field(problem: Problem) -> Problem {
    let code = problem.code.clone().filter(|_| problem.violations.is_empty());
    match code.as_deref().and_then(field_of_code) {
        Some(field) => {
            let mut violation = Violation::new(field, problem.message.clone().unwrap_or_default());
            violation.code = code;
            problem.with_violation(violation)
        }
        None => problem,
    }
}

/// The field of the common models that a code is about, where a word in it leaves no doubt.
pub(crate) fn field_of_code(code: &str) -> Option<&'static str> {
    let plain = plain(code);
    let fields = [
        ("quantity", "quantity"),
        ("seat", "quantity"),
        ("billingcycle", "billing_cycle"),
        ("customterm", "ends_at"),
        ("term", "commitment_term"),
        ("partnumber", "product"),
        ("product", "product"),
        ("agreement", "consent"),
        ("consent", "consent"),
        ("domain", "domain"),
        ("invoiceprofile", "invoice_profile"),
        ("organization", "organization"),
        ("notactive", "status"),
        ("tenant", "customer"),
        ("customer", "customer"),
        ("scheduled", "effective"),
        ("renew", "auto_renew"),
    ];
    fields.iter().find(|(word, _)| plain.contains(word)).map(|(_, field)| *field)
}

fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A more precise kind than 400 says, where the code speaks for itself.
fn kind_by_code(code: Option<&str>, input: &ProblemInput<'_>) -> Option<ErrorKind> {
    (kind_of(input.status) == ErrorKind::InvalidInput).then(|| code.and_then(kind_of_code)).flatten()
}

/// What a code means. Cloud-iQ publishes no list of codes, so only words that leave no doubt count.
pub(crate) fn kind_of_code(code: &str) -> Option<ErrorKind> {
    let plain = plain(code);
    let says = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    if says(&["notfound", "doesnotexist"]) {
        Some(ErrorKind::NotFound)
    } else if says(&["alreadyexists", "alreadyattached", "taken", "duplicate"]) {
        Some(ErrorKind::AlreadyExists)
    } else if says(&["agreementmissing", "consent", "notactive", "notallowed", "noteligible"]) {
        Some(ErrorKind::PreconditionFailed)
    } else if says(&["accessdenied", "forbidden", "permission"]) {
        Some(ErrorKind::PermissionDenied)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn read(body: &str) -> Problem {
        problem(&ProblemInput::new(StatusCode::BAD_REQUEST, &HeaderMap::new(), body.as_bytes()))
    }

    #[test]
    fn the_vendors_own_model_is_read_in_either_case() {
        for body in [
            r#"{"ErrorCode":"SampleValidationError","Message":"One or more values are not valid.","Parameters":{"Id":"51001"},"ObjectErrors":[{"ErrorCode":"Required","Message":"PartNumber is required.","Parameters":{}}]}"#,
            r#"{"errorCode":"SampleValidationError","message":"One or more values are not valid.","objectErrors":[{"errorCode":"Required","message":"PartNumber is required.","parameters":null}]}"#,
        ] {
            let problem = read(body);
            assert_eq!(problem.code.as_deref(), Some("SampleValidationError"));
            assert_eq!(problem.message.as_deref(), Some("One or more values are not valid."));
            assert_eq!(
                problem.violations,
                [Violation::new("PartNumber", "PartNumber is required.").with_code("Required")]
            );
        }
    }

    #[test]
    fn problem_details_and_other_shapes_are_read() {
        let problem = read(
            r#"{"type":"about:blank","title":"One or more validation errors occurred.","status":400,"traceId":"00-1","errors":{"Quantity":["must be a number"]}}"#,
        );
        assert_eq!(problem.violations, [Violation::new("Quantity", "must be a number")]);
        assert_eq!(problem.request_id.as_deref(), Some("00-1"));
        assert_eq!(read(r#"{"error":"invalid_grant"}"#).code.as_deref(), Some("invalid_grant"));
        for nothing in ["", "<html>", "true", "[]"] {
            assert_eq!(read(nothing), Problem::default(), "{nothing}");
        }
    }

    #[test]
    fn a_code_names_the_field_where_nothing_else_does() {
        let problem = read(r#"{"ErrorCode":"QuantityOutOfRange","Message":"Too many.","ObjectErrors":[]}"#);
        assert_eq!(
            problem.violations,
            [Violation::new("quantity", "Too many.").with_code("QuantityOutOfRange")]
        );
        let named = read(r#"{"ErrorCode":"QuantityOutOfRange","Message":"m","Parameters":{"Seats":9}}"#);
        assert_eq!(named.violations, [Violation::new("Seats", "m")]);
        assert_eq!(read(r#"{"ErrorCode":"SAMPLE_REASON","Message":"m"}"#).violations, []);
    }

    #[test]
    fn codes_that_leave_no_doubt_give_a_kind() {
        for (code, kind) in [
            ("CustomerTenantNotFound", Some(ErrorKind::NotFound)),
            ("DOMAIN_PREFIX_TAKEN", Some(ErrorKind::AlreadyExists)),
            ("CustomerAgreementMissing", Some(ErrorKind::PreconditionFailed)),
            ("SAMPLE_REASON", None),
        ] {
            assert_eq!(kind_of_code(code), kind, "{code}");
            assert_eq!(read(&format!(r#"{{"ErrorCode":"{code}","Message":"m"}}"#)).kind, kind, "{code}");
        }
    }
}
