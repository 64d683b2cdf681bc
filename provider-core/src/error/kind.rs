//! What went wrong.

use std::fmt;

use serde::Serialize;

use super::Delivery;

/// What went wrong, in terms a program can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting is missing, malformed or refused before anything is sent.
    Config,
    /// The distributor's API does not have this operation.
    Unsupported,
    /// A layer or policy refused: read-only, sandbox, a key reused for another command.
    Refused,
    /// The distributor did not accept the credentials.
    Unauthenticated,
    /// The chain of tokens is lost: a person has to issue new credentials in the portal.
    ReauthRequired,
    /// The credentials are good but lack a right, or the record belongs to another account.
    PermissionDenied,
    /// No such record.
    NotFound,
    /// A record with the same unique value exists.
    AlreadyExists,
    /// The record's state, or another call in flight, stands against it.
    Conflict,
    /// Something the caller relied on (price, quantity, consent) is not so.
    PreconditionFailed,
    /// The input is wrong; `violations()` names the fields.
    InvalidInput,
    /// A cursor or resume point of another connection, query or version.
    InvalidCursor,
    /// Too many calls; `retry_after()` where the wait is known.
    RateLimited,
    /// The distributor is down or answered with a server error.
    Unavailable,
    /// The deadline passed.
    Timeout,
    /// The connection could not be made or broke.
    Transport,
    /// The answer could not be understood.
    Decode,
    /// A listing ended with fewer records than declared, or with a total that moved.
    Incomplete,
    /// The circuit breaker is open after many failures.
    CircuitOpen,
    /// The caller gave up.
    Cancelled,
    /// A bug in this SDK or in a provider: please report it.
    Internal,
}

impl ErrorKind {
    /// Every kind, for tables and tests.
    pub const ALL: [Self; 21] = [
        Self::Config,
        Self::Unsupported,
        Self::Refused,
        Self::Unauthenticated,
        Self::ReauthRequired,
        Self::PermissionDenied,
        Self::NotFound,
        Self::AlreadyExists,
        Self::Conflict,
        Self::PreconditionFailed,
        Self::InvalidInput,
        Self::InvalidCursor,
        Self::RateLimited,
        Self::Unavailable,
        Self::Timeout,
        Self::Transport,
        Self::Decode,
        Self::Incomplete,
        Self::CircuitOpen,
        Self::Cancelled,
        Self::Internal,
    ];

    /// The stable snake_case name, for logs and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Unsupported => "unsupported",
            Self::Refused => "refused",
            Self::Unauthenticated => "unauthenticated",
            Self::ReauthRequired => "reauth_required",
            Self::PermissionDenied => "permission_denied",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Conflict => "conflict",
            Self::PreconditionFailed => "precondition_failed",
            Self::InvalidInput => "invalid_input",
            Self::InvalidCursor => "invalid_cursor",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Decode => "decode",
            Self::Incomplete => "incomplete",
            Self::CircuitOpen => "circuit_open",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }

    /// These are decided before a request exists.
    pub(super) const fn initial_delivery(self) -> Delivery {
        match self {
            Self::Config | Self::Unsupported | Self::Refused | Self::InvalidCursor | Self::CircuitOpen => {
                Delivery::NotSent
            }
            _ => Delivery::Unknown,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
