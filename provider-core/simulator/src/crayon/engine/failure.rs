//! Answers that are no success, in the vendor's error model.

use std::borrow::Cow;

use super::json::{Json, object};
use crate::engine::refusal::RefusedPart;

/// The body of a 4xx or 5xx answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorForm {
    /// `ErrorCode`, `Message`, `Parameters`, `ObjectErrors`: the vendor SDK's model.
    #[default]
    Sdk,
    /// `type`, `title`, `status`, `traceId`, `errors`: ASP.NET Core's problem details.
    ProblemDetails,
    /// No body at all.
    Empty,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldViolation {
    pub(crate) part: RefusedPart,
    pub(crate) code: &'static str,
    pub(crate) field: String,
    pub(crate) message: String,
}

impl FieldViolation {
    /// A violation in the body.
    pub(crate) fn new(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self { part: RefusedPart::Body, code, field: field.to_owned(), message: message.into() }
    }

    /// The same in another part of the request.
    pub(crate) fn of(mut self, part: RefusedPart) -> Self {
        self.part = part;
        self
    }
}

/// Why a call failed.
#[derive(Clone, Debug)]
pub(crate) struct ErrorAnswer {
    pub(crate) status: u16,
    code: Cow<'static, str>,
    message: String,
    parameters: Vec<(String, String)>,
    /// Where the request breaks the reference; empty for a rule of the business.
    pub(crate) violations: Vec<FieldViolation>,
    /// The documented answer has no body.
    empty: bool,
}

impl ErrorAnswer {
    /// A refusal by a rule of the business.
    pub(crate) fn rule(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code: Cow::Borrowed(code),
            message: message.into(),
            parameters: Vec::new(),
            violations: Vec::new(),
            empty: false,
        }
    }

    /// A request that the reference does not allow.
    pub(crate) fn malformed(violations: Vec<FieldViolation>) -> Self {
        let mut failure = Self::rule("ValidationError", "One or more values are not valid.");
        failure.violations = violations;
        failure
    }

    /// [`malformed`](Self::malformed) with one violation.
    pub(crate) fn violation(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self::malformed(vec![FieldViolation::new(code, field, message)])
    }

    /// Nothing with that id, or nothing that the user may see.
    pub(crate) fn not_found(entity: &'static str, id: &(impl ToString + ?Sized)) -> Self {
        let mut failure = Self::rule("NotFound", format!("{entity} was not found."));
        failure.status = 404;
        failure.parameters.push(("Id".to_owned(), id.to_string()));
        failure
    }

    /// A 404 of the kind that says nothing.
    pub(crate) fn nothing_here() -> Self {
        Self::bodyless(404)
    }

    /// The user has no access to that organization.
    pub(crate) fn forbidden(organization: i64) -> Self {
        let mut failure = Self::rule("AccessDenied", "The user has no access to the organization.");
        failure.status = 403;
        failure.parameters.push(("OrganizationId".to_owned(), organization.to_string()));
        failure
    }

    /// A status without a body.
    pub(crate) fn bodyless(status: u16) -> Self {
        let mut failure = Self::rule("", "");
        failure.status = status;
        failure.empty = true;
        failure
    }

    /// Adds a value to `Parameters`.
    pub(crate) fn with(mut self, name: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.parameters.push((name.to_owned(), value.to_string()));
        self
    }

    /// The body; `None` for an empty one.
    pub(crate) fn body(&self, form: ErrorForm) -> Option<Json> {
        if self.empty {
            return None;
        }
        match form {
            ErrorForm::Empty => None,
            ErrorForm::Sdk => Some(object! {
                "ErrorCode": self.code.clone(),
                "Message": self.message.clone(),
                "Parameters": text_map(&self.parameters),
                "ObjectErrors": self.violations.iter().map(|violation| object! {
                    "ErrorCode": violation.code,
                    "Message": violation.message.clone(),
                    "Parameters": Json::Map(vec![("Field".to_owned(), Json::from(violation.field.clone()))]),
                }).collect::<Vec<_>>(),
            }),
            ErrorForm::ProblemDetails => Some(Json::Map(vec![
                ("type".to_owned(), Json::from("https://tools.ietf.org/html/rfc7231#section-6.5.1")),
                ("title".to_owned(), Json::from(self.message.clone())),
                ("status".to_owned(), Json::from(i64::from(self.status))),
                ("traceId".to_owned(), Json::from("00-00000000000000000000000000000001-0000000000000001-00")),
                ("errors".to_owned(), self.problem_errors()),
            ])),
        }
    }

    fn problem_errors(&self) -> Json {
        let mut errors: Vec<(String, Json)> = Vec::new();
        for violation in &self.violations {
            let message = Json::from(violation.message.clone());
            match errors.iter_mut().find(|(field, _)| *field == violation.field) {
                Some((_, Json::List(messages))) => messages.push(message),
                _ => errors.push((violation.field.clone(), Json::List(vec![message]))),
            }
        }
        Json::Map(errors)
    }
}

fn text_map(pairs: &[(String, String)]) -> Json {
    Json::Map(pairs.iter().map(|(name, value)| (name.clone(), Json::from(value.clone()))).collect())
}
