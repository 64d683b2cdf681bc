//! What an answer says about a write: done, refused, or neither.

use provider_core::error::Violation;
use provider_core::receipt::LineOutcome;
use provider_core::{Delivery, Error, ErrorKind, Result};

use crate::error::{field_of_code, kind_of_code};
use crate::model::PurchaseRequestOrder;

/// The error behind a refusal that came with HTTP 200.
pub(super) fn business_error(code: Option<&str>, words: Option<&str>) -> Error {
    let code = code.unwrap_or_default();
    let words = words.filter(|words| !words.is_empty()).unwrap_or("Cloud-iQ refused without a reason");
    let kind = kind_of_code(code).unwrap_or(ErrorKind::InvalidInput);
    let mut violation = Violation::new(field_of_code(code).unwrap_or_default(), words);
    violation.code = Some(code.to_owned()).filter(|code| !code.is_empty());
    let error = Error::new(kind, words.to_owned())
        .with_delivery(Delivery::Rejected)
        .with_http_status(200)
        .with_violation(violation);
    if code.is_empty() { error } else { error.with_code(code) }
}

/// An answer that says neither yes nor no: whether something happened is for a look at the records to say.
pub(super) fn undecided(what: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("the answer does not say whether {what} was accepted"))
        .with_delivery(Delivery::Unknown)
        .with_http_status(200)
}

/// An answer that does not name what was written proves nothing: gateways answer `{}` too.
pub(super) fn named(what: &str, wanted: i64, found: Option<i64>) -> Result<()> {
    if found == Some(wanted) { Ok(()) } else { Err(undecided(&format!("the change of {what} {wanted}"))) }
}

/// What became of a step that ended in this error, beside others that took effect.
pub(super) fn of_step(error: &Error) -> LineOutcome {
    match error.delivery() {
        Delivery::Unknown | Delivery::Applied => LineOutcome::Unknown,
        _ => LineOutcome::Rejected,
    }
}

/// Errors of a cart come with HTTP 200.
pub(in crate::provider::write) fn without_errors(order: &PurchaseRequestOrder) -> Result<()> {
    if let Some(error) = order.order_lines.iter().flat_map(|line| &line.errors).next() {
        return Err(business_error(error.reason_code.as_deref(), error.description.as_deref()));
    }
    if let Some(error) = order.errors.first() {
        let code = error.code.map(|code| code.to_string());
        return Err(business_error(code.as_deref(), error.description.as_deref()));
    }
    Ok(())
}
