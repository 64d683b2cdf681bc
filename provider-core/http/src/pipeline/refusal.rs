//! Why a call was not sent at all.

use std::time::Duration;

use provider_core::{Delivery, Error, ErrorKind};

use crate::limit::Refused;
use crate::shared::Shared;

pub(super) fn circuit_open(shared: &Shared, rest: Duration) -> Error {
    Error::new(
        ErrorKind::CircuitOpen,
        format!(
            "{} failed too often; calls are held back for {} s",
            shared.base.origin().host(),
            rest.as_secs().max(1)
        ),
    )
    .with_retry_after(rest)
}

/// A call that ran out of time in the queue is late; that the account is throttled is only said of one
/// whose turn is known to come too late.
pub(super) fn no_turn(refused: Refused) -> Error {
    let (wait, message) = match refused {
        Refused::Late => {
            return Error::new(ErrorKind::Timeout, "the deadline passed while the call waited for its turn")
                .with_delivery(Delivery::NotSent);
        }
        Refused::TooLong { wait, by_distributor: true } => (
            wait,
            format!(
                "the distributor asked the account to pause for {:.1} s, which is past the deadline",
                wait.as_secs_f32()
            ),
        ),
        Refused::TooLong { wait, by_distributor: false } => (
            wait,
            format!(
                "the account's rate limit leaves a turn in {:.1} s, which is past the deadline",
                wait.as_secs_f32()
            ),
        ),
    };
    Error::new(ErrorKind::RateLimited, message).with_delivery(Delivery::NotSent).with_retry_after(wait)
}

pub(super) fn no_token_in_time() -> Error {
    Error::new(ErrorKind::Timeout, "no access token came before the deadline")
        .with_delivery(Delivery::NotSent)
}
