//! What went wrong.

use std::fmt;

use serde::Serialize;

use super::Delivery;

/// What went wrong, in terms a program can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting has to be changed: it is missing, malformed or refused; the message names it.
    Config,
    /// The distributor does not have this operation: no retry helps; the capabilities give the reason.
    Unsupported,
    /// This SDK refused to send it: read-only, sandbox, no journal, a key that was used for another command.
    Refused,
    /// The distributor did not accept the credentials: check the settings that the message names.
    Unauthenticated,
    /// The chain of tokens is lost: a person has to issue new credentials in the portal.
    ReauthRequired,
    /// The credentials are good but lack a right, or the record belongs to another account.
    PermissionDenied,
    /// There is no such record, or this account may not see it.
    NotFound,
    /// A record with the same unique value exists: use it, or choose another value.
    AlreadyExists,
    /// The record's state does not allow it now, or another call on it is in flight: look at the record, or try again later.
    Conflict,
    /// Something the caller relied on (price, quantity, consent) is not so: read again, then decide.
    PreconditionFailed,
    /// The input has to be changed: `violations()` names the fields.
    InvalidInput,
    /// The listing has to begin anew: the cursor or resume point is of another connection, query or version.
    InvalidCursor,
    /// Too many calls: wait, for `retry_after()` where it is known.
    RateLimited,
    /// The distributor is down or answered with a server error: try again later.
    Unavailable,
    /// The deadline passed; `delivery()` says whether the distributor may have acted.
    Timeout,
    /// The connection could not be made, or broke; `delivery()` says whether the distributor may have acted.
    Transport,
    /// The answer could not be read; the distributor may have acted all the same.
    Decode,
    /// What was listed is not everything: fewer records came than were declared, or the total moved. List again.
    Incomplete,
    /// Not sent, because the circuit breaker is open after many failures: wait for `retry_after()`.
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
