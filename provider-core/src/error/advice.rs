//! What a caller may do next: one table.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::{Delivery, ErrorKind};

/// What a caller should do after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Do not send the same call again: it cannot help, or would do it twice.
    Never,
    /// Send the same call again after this long.
    After(Duration),
    /// Send the same call again later, with growing pauses.
    Backoff,
    /// Find out first whether it happened: a [`Journaled`](crate::layer::Journaled) provider does that when it
    /// is called again under the same key; without a journal,
    /// [`Provider::reconcile`](crate::Provider::reconcile) does.
    AfterReconcile,
    /// Renew the credentials first, then send it again.
    AfterReauth,
}

impl Advice {
    /// The stable snake_case name, for logs and JSON; without the time of [`After`](Self::After).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::After(_) => "after",
            Self::Backoff => "backoff",
            Self::AfterReconcile => "after_reconcile",
            Self::AfterReauth => "after_reauth",
        }
    }
}

impl fmt::Display for Advice {
    /// What to do, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("do not repeat it"),
            Self::After(wait) => write!(f, "repeat it after {} s", wait.as_secs_f64().ceil()),
            Self::Backoff => f.write_str("repeat it later"),
            Self::AfterReconcile => f.write_str("find out first whether it happened"),
            Self::AfterReauth => f.write_str("renew the credentials first"),
        }
    }
}

impl Serialize for Advice {
    /// As its [name](Self::as_str).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The whole decision, so that no provider decides it again by hand.
pub(super) fn derive(
    kind: ErrorKind,
    delivery: Delivery,
    write: bool,
    retry_after: Option<Duration>,
) -> Advice {
    if write {
        match delivery {
            Delivery::Unknown => return Advice::AfterReconcile,
            // It took effect: there is nothing left to send.
            Delivery::Applied => return Advice::Never,
            Delivery::NotSent | Delivery::Rejected => {}
        }
    }
    match kind {
        ErrorKind::Unauthenticated | ErrorKind::ReauthRequired => Advice::AfterReauth,
        ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Timeout
        | ErrorKind::Transport
        | ErrorKind::CircuitOpen => retry_after.map_or(Advice::Backoff, Advice::After),
        // A list that moved under our feet is read again from the start.
        ErrorKind::Incomplete => Advice::Backoff,
        // Something else is in flight on the same record; without a known wait it needs a decision.
        ErrorKind::Conflict => retry_after.map_or(Advice::Never, Advice::After),
        ErrorKind::Config
        | ErrorKind::Unsupported
        | ErrorKind::Refused
        | ErrorKind::PermissionDenied
        | ErrorKind::NotFound
        | ErrorKind::AlreadyExists
        | ErrorKind::PreconditionFailed
        | ErrorKind::InvalidInput
        | ErrorKind::InvalidCursor
        | ErrorKind::Decode
        | ErrorKind::Cancelled
        | ErrorKind::Internal => Advice::Never,
    }
}
