//! What is refused here, and what the service does not know: both name the field that named it.

use std::fmt::Display;

use provider_core::error::Violation;
use provider_core::{Delivery, Error, ErrorKind, Result};

/// An id as the number that Cloud-iQ uses. Nothing is sent for one that cannot exist.
pub(in crate::provider) fn number(field: &str, id: impl Display) -> Result<i64> {
    let text = id.to_string();
    match text.trim().parse::<i64>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(Error::invalid_input(
            field,
            format!("`{}` is no id of Cloud-iQ, which are whole numbers", text.escape_debug()),
        )),
    }
}

/// Something that does not exist, or that this user may not see, is named by the field that named it.
pub(in crate::provider) fn missing(field: &str, error: Error) -> Error {
    missing_as(field, "Cloud-iQ knows none of this id, or this user may not see it", error)
}

/// As [`missing`], in words of one's own.
pub(in crate::provider) fn missing_as(field: &str, problem: impl Into<String>, error: Error) -> Error {
    if error.kind() != ErrorKind::NotFound || !error.violations().is_empty() {
        return error;
    }
    let problem = problem.into();
    error.with_message(format!("{field}: {problem}")).with_violation(Violation::new(field, problem))
}

/// A refusal by the state of a record; nothing was sent.
pub(in crate::provider) fn refused(field: &str, problem: impl Into<String>) -> Error {
    let problem = problem.into();
    Error::new(ErrorKind::PreconditionFailed, format!("{field}: {problem}"))
        .with_delivery(Delivery::NotSent)
        .with_violation(Violation::new(field, problem))
}

/// Refuses an answer that is not the record that was asked for: gateways answer `{}` too.
pub(in crate::provider) fn is_it(what: &str, wanted: i64, found: Option<i64>) -> Result<()> {
    if found == Some(wanted) {
        return Ok(());
    }
    let message = format!("the answer is not {what} {wanted}, which was asked for");
    Err(Error::new(ErrorKind::Decode, message).for_read())
}
