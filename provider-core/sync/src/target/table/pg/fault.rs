//! What the application's server says, in terms of a target.

use std::error::Error as _;
use std::fmt;

use provider_core::{Error, ErrorKind, Violation};
use provider_store::StoreErrorKind;
use provider_store::seam::SqlRefusal;

use crate::target::{TargetError, TargetErrorKind};

/// The SQLSTATE of a table that is not there.
const NO_SUCH_TABLE: &str = "42P01";
/// That of a sign which the encoding of the database has not.
const NO_SUCH_SIGN: &str = "22P05";
/// That of a value which no index takes, because it is too long.
const TOO_LONG: &str = "54000";

/// The classes of what is said about a row: values that do not fit, rules that do not hold, and what a trigger of the
/// application says, in whatever language.
const ROWS: [&str; 11] = ["09", "20", "21", "22", "23", "27", "38", "39", "44", "P0", TOO_LONG];

/// Why the application does not take a row. `None` where it is no answer about one row.
pub(super) fn violation(error: &Error) -> Option<Violation> {
    let refusal = SqlRefusal::of(error)?;
    let of_a_row = ROWS.iter().any(|class| refusal.state.starts_with(class));
    (refusal.by_a_rule || of_a_row)
        .then(|| Violation::new(refusal.column.clone().unwrap_or_default(), refusal.message.clone()))
}

/// Whether a text has a sign that the database has none for: its encoding may be another than UTF-8.
pub(super) fn is_no_such_sign(error: &Error) -> bool {
    SqlRefusal::of(error).is_some_and(|refusal| refusal.state == NO_SUCH_SIGN)
}

pub(super) fn is_no_such_table(error: &Error) -> bool {
    SqlRefusal::of(error).is_some_and(|refusal| refusal.state == NO_SUCH_TABLE)
}

/// An error of a target on its way through a transaction, which knows its own only.
#[derive(Debug)]
struct Inside {
    kind: TargetErrorKind,
    message: String,
}

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Inside {}

pub(super) fn carried(error: &TargetError) -> Error {
    let inside = Inside { kind: error.kind, message: error.to_string() };
    Error::new(ErrorKind::Internal, inside.message.clone()).with_source(inside)
}

/// What a step failed with, in terms an operator can act on.
pub(super) fn reported(shown: &str, error: Error) -> TargetError {
    let mut cause = error.source();
    while let Some(found) = cause {
        if let Some(own) = found.downcast_ref::<Inside>() {
            return TargetError::new(own.kind, own.message.clone());
        }
        cause = found.source();
    }
    let kind = match StoreErrorKind::of(&error) {
        Some(StoreErrorKind::ReadOnly) => TargetErrorKind::ReadOnly,
        Some(StoreErrorKind::Full) => TargetErrorKind::Full,
        Some(StoreErrorKind::Locked) => TargetErrorKind::Locked,
        Some(StoreErrorKind::Denied) => TargetErrorKind::Denied,
        Some(StoreErrorKind::Corrupt) => TargetErrorKind::Misfit,
        // An address that cannot be used.
        None if error.kind() == ErrorKind::Config => TargetErrorKind::Misfit,
        _ => TargetErrorKind::Unreachable,
    };
    let message = match SqlRefusal::of(&error).filter(|_| kind == TargetErrorKind::Misfit) {
        Some(SqlRefusal { message, state, .. }) => {
            format!("{shown} is not as the plan says ({message}, SQLSTATE {state}); nothing was written")
        }
        // The setting of a store has another name here.
        None => error.message().trim_start_matches("PROVIDER_STORE: ").to_owned(),
    };
    TargetError::new(kind, message).with_source(error)
}
