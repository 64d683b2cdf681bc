//! The retry decision: one table.
//!
//! | What happened | read | idempotent write | write |
//! |---|---|---|---|
//! | not sent (name, connection, TLS) | retry | retry | retry |
//! | 429 | after the wait | after the wait | after the wait |
//! | 401 | new token, twice | new token, once | new token, once |
//! | other 4xx but 408 and 425, 3xx, 501, 505 | stop | stop | stop |
//! | 425 (too early) | retry | retry | stop |
//! | 503 with `Retry-After` | after the wait | after the wait, same key | stop |
//! | 408, other 5xx, time-out, reset, torn answer | retry | retry, same key | stop |
//! | unreadable answer (HTML, no JSON, JSON that ends early, bad gzip) | retry | stop | stop |
//! | oversized answer | stop | stop | stop |
//! | limiter, breaker, token, deadline | stop | stop | stop |
//!
//! "Retry" is up to the number of attempts of the client, and for a read of a background job
//! ([`Priority::Bulk`](provider_core::query::Priority::Bulk)) up to its deadline. Such a read also waits for a breaker that
//! is open and for a token endpoint that is down.
//!
//! Nothing that may have been applied is sent a second time, unless the distributor itself recognises
//! the repetition. A 503 and a redirect prove nothing about a write, whatever they are meant to say: the
//! gateway that answers them does not know what stood behind it.

use provider_core::Delivery;

use crate::transport::TransportErrorKind;

/// Whether a request may be sent again: what a repetition of it could do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Safety {
    /// Changes nothing.
    Read,
    /// Changes something, and the distributor recognises a repetition.
    IdempotentWrite,
    /// Changes something.
    Write,
}

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The limiter, the breaker or the authenticator stood before it.
    Before,
    /// The transport gave up.
    Wire(TransportErrorKind),
    /// The deadline of the whole call passed while it was under way.
    Deadline,
    /// An answer came, and its status was not a success.
    Status { status: u16 },
    /// A successful answer came and could not be understood.
    Unreadable,
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Report the failure.
    Stop,
    /// Try again after a pause.
    Retry,
    /// Get another token and try again, once.
    NewToken,
}

/// Whether the distributor may have acted on the attempt.
pub(crate) const fn delivery(stage: Stage) -> Delivery {
    match stage {
        Stage::Before => Delivery::NotSent,
        Stage::Wire(kind) => kind.delivery(),
        Stage::Deadline | Stage::Unreadable => Delivery::Unknown,
        Stage::Status { status } => match status {
            408 => Delivery::Unknown,
            400..=499 => Delivery::Rejected,
            _ => Delivery::Unknown,
        },
    }
}

/// Whether to try again.
pub(crate) const fn decide(stage: Stage, safety: Safety) -> Decision {
    let repeatable = !matches!(safety, Safety::Write);
    match stage {
        Stage::Before | Stage::Deadline => Decision::Stop,
        // A maintenance page, a proxy that gave up half-way: it may be whole the next time. A write was acted on.
        Stage::Unreadable => retry_if(matches!(safety, Safety::Read)),
        Stage::Wire(kind) => match kind {
            TransportErrorKind::Connect => Decision::Retry,
            TransportErrorKind::Request | TransportErrorKind::Timeout | TransportErrorKind::Interrupted => {
                retry_if(repeatable)
            }
            TransportErrorKind::Decode => retry_if(matches!(safety, Safety::Read)),
            // These fail the same way every time.
            TransportErrorKind::Unsendable | TransportErrorKind::TooLarge => Decision::Stop,
        },
        Stage::Status { status } => match status {
            401 => Decision::NewToken,
            429 => Decision::Retry,
            501 | 505 => Decision::Stop,
            408 | 425 | 500..=599 => retry_if(repeatable),
            _ => Decision::Stop,
        },
    }
}

const fn retry_if(repeatable: bool) -> Decision {
    if repeatable { Decision::Retry } else { Decision::Stop }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
