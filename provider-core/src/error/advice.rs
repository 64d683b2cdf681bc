//! What a caller may do next: one table.

use std::time::Duration;

use super::{Delivery, ErrorKind};

/// What a caller may do after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Sending the same call again cannot help, or would do it twice.
    Never,
    /// The same call may be sent after this long.
    After(Duration),
    /// The same call may be sent later, with growing pauses.
    Backoff,
    /// First find out whether it happened: [`Provider::reconcile`](crate::Provider::reconcile).
    AfterReconcile,
    /// First renew the credentials.
    AfterReauth,
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
