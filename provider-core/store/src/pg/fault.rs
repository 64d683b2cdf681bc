//! What PostgreSQL reports, in terms an operator can act on.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use deadpool_postgres::{PoolError, TimeoutType};
use provider_core::Error;
use tokio_postgres::error::{Severity, SqlState};

use crate::error::{STORE_SETTING, StoreErrorKind};

/// Whose faults they are.
#[derive(Debug, Clone)]
pub(super) struct About {
    /// Host and database.
    pub(super) shown: String,
    pub(super) patience: Duration,
}

/// What can be done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatementError {
    /// Nothing was stored, and on another connection, or a moment later, it may go well.
    Passing,
    /// It would fail again.
    Lasting,
}

impl About {
    /// What a statement failed with, before anything was stored.
    pub(super) fn statement(&self, error: &tokio_postgres::Error) -> (Error, StatementError) {
        (self.error(error), failure(error))
    }

    pub(super) fn error(&self, error: &tokio_postgres::Error) -> Error {
        let kind = kind(error);
        kind.caused(STORE_SETTING, self.message(kind, error), Some(Box::new(Told::by(error))))
    }

    pub(super) fn pool(&self, error: PoolError) -> Error {
        let shown = &self.shown;
        match error {
            PoolError::Backend(error) => self.error(&error),
            PoolError::Timeout(TimeoutType::Wait) => StoreErrorKind::Locked.error(
                STORE_SETTING,
                format_args!(
                    "every connection to {shown} was in use for more than {} ms: call again; nothing was stored",
                    self.patience.as_millis()
                ),
            ),
            _ => self.unreachable("it does not answer"),
        }
    }

    pub(super) fn unreachable(&self, why: &str) -> Error {
        let shown = &self.shown;
        let message = format_args!(
            "{shown} cannot be reached ({why}): look at the address, the server and the network; nothing was stored"
        );
        StoreErrorKind::Unreachable.error(STORE_SETTING, message)
    }

    /// The answer to `COMMIT` never came, and the server that knows it is gone.
    pub(super) fn in_doubt(&self, error: &tokio_postgres::Error) -> Error {
        let message = format!(
            "the connection to {} was lost while a step was being stored: whether it was is not known; call again, and \
             the store tells",
            self.shown
        );
        StoreErrorKind::Unreachable.caused(STORE_SETTING, message, Some(Box::new(Told::by(error))))
    }

    pub(super) fn absent(&self) -> Error {
        let message = format!("there is no store in {}", self.shown);
        StoreErrorKind::Absent.error(STORE_SETTING, message)
    }

    fn message(&self, kind: StoreErrorKind, error: &tokio_postgres::Error) -> String {
        let shown = &self.shown;
        let said = Told::by(error);
        match kind {
            StoreErrorKind::ReadOnly => format!(
                "{shown} cannot be written ({said}): give this user the right to, and use the server that takes writes; \
                 nothing was stored"
            ),
            StoreErrorKind::Full if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) => format!(
                "{shown} takes no more connections ({said}): raise `max_connections`, or put a pool in front of it; \
                 nothing was stored"
            ),
            StoreErrorKind::Full => {
                format!("there is no room in {shown} ({said}): make some and call again; nothing was stored")
            }
            StoreErrorKind::Locked => format!(
                "{shown} was in use by another process for more than {} ms ({said}): call again, and look in \
                 pg_stat_activity for a process that keeps it; nothing was stored",
                self.patience.as_millis()
            ),
            StoreErrorKind::Denied => {
                format!("{shown} lets nobody in like this ({said}): correct user and password")
            }
            StoreErrorKind::Absent => format!("there is no such database ({said}): make it with `createdb`"),
            StoreErrorKind::Corrupt => format!(
                "{shown} holds no store that is whole ({said}): stop every process on it, keep what is there, and \
                 restore the last copy; nothing was stored"
            ),
            _ => format!(
                "{shown} cannot be reached ({said}): look at the address, the server and the network; nothing was stored"
            ),
        }
    }
}

/// The server takes nobody else at the moment.
pub(super) fn is_crowded(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS)
}

/// The server is there, and has refused: nothing was stored. Anything else may have happened behind a `COMMIT` that
/// was not answered.
pub(super) fn is_refusal(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|told| told.parsed_severity() == Some(Severity::Error))
}

fn kind(error: &tokio_postgres::Error) -> StoreErrorKind {
    let Some(code) = error.code() else { return StoreErrorKind::Unreachable };
    match *code {
        SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::INSUFFICIENT_PRIVILEGE => StoreErrorKind::ReadOnly,
        SqlState::LOCK_NOT_AVAILABLE
        | SqlState::QUERY_CANCELED
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::T_R_SERIALIZATION_FAILURE => StoreErrorKind::Locked,
        SqlState::INVALID_CATALOG_NAME => StoreErrorKind::Absent,
        _ => match code.code().get(..2) {
            Some("28") => StoreErrorKind::Denied,
            Some("53") => StoreErrorKind::Full,
            // Values that do not fit, rules that do not hold, tables that are not there: somebody else's, or altered.
            Some("22" | "23" | "42" | "XX") => StoreErrorKind::Corrupt,
            _ => StoreErrorKind::Unreachable,
        },
    }
}

fn failure(error: &tokio_postgres::Error) -> StatementError {
    let Some(told) = error.as_db_error() else {
        // The connection is gone, or out of step.
        return StatementError::Passing;
    };
    match *told.code() {
        // Two who made the same row at once: the second finds it there. A plan of before a migration is made anew.
        SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::UNIQUE_VIOLATION
        | SqlState::FEATURE_NOT_SUPPORTED
        | SqlState::INVALID_SQL_STATEMENT_NAME => StatementError::Passing,
        // The session was ended from outside.
        _ if told.parsed_severity() != Some(Severity::Error) => StatementError::Passing,
        _ => StatementError::Lasting,
    }
}

/// What a server said against a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqlRefusal {
    /// SQLSTATE.
    pub state: String,
    /// In its own words, which may quote a value.
    pub message: String,
    /// The column that it is about, where the server names one.
    pub column: Option<String>,
    /// Whether a `RAISE` of somebody's own said it, or a policy about rows: neither has a state that tells.
    pub by_a_rule: bool,
}

/// The routines of the server that carry out `RAISE`, and hold a row against policies. They have one name in every language.
const RULES: [&str; 2] = ["exec_stmt_raise", "ExecWithCheckOptions"];

impl SqlRefusal {
    /// What the server said, where this is what a step failed with.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        let mut cause = StdError::source(error);
        while let Some(found) = cause {
            if let Some(told) = found.downcast_ref::<Told>() {
                return told.refusal.as_ref();
            }
            cause = found.source();
        }
        None
    }
}

/// What was said, without the details, which may quote a row.
#[derive(Debug)]
struct Told {
    text: String,
    refusal: Option<SqlRefusal>,
}

impl Told {
    fn by(error: &tokio_postgres::Error) -> Self {
        if let Some(told) = error.as_db_error() {
            let refusal = SqlRefusal {
                state: told.code().code().to_owned(),
                message: told.message().to_owned(),
                column: told.column().map(ToOwned::to_owned),
                by_a_rule: told.routine().is_some_and(|routine| RULES.contains(&routine)),
            };
            let text = format!("{}, SQLSTATE {}", refusal.message, refusal.state);
            return Self { text, refusal: Some(refusal) };
        }
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(found) = cause {
            text.push_str(": ");
            text.push_str(&found.to_string());
            cause = found.source();
        }
        Self { text, refusal: None }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Told {}
