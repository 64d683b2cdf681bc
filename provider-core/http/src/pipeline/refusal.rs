//! Why a call was not sent at all.

use std::time::Duration;

use provider_core::{Delivery, Error, ErrorKind};

use crate::client::Shared;
use crate::limit::Refused;

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

pub(super) fn no_turn(refused: Refused) -> Error {
    let message = match (refused.wait.is_zero(), refused.by_distributor) {
        (true, _) => {
            "all calls that the account may make at once are taken, and none ended before the deadline"
                .to_owned()
        }
        (false, true) => format!(
            "the distributor asked the account to pause for {:.1} s, which is past the deadline",
            refused.wait.as_secs_f32()
        ),
        (false, false) => format!(
            "the account's rate limit leaves a turn in {:.1} s, which is past the deadline",
            refused.wait.as_secs_f32()
        ),
    };
    let error = Error::new(ErrorKind::RateLimited, message).with_delivery(Delivery::NotSent);
    if refused.wait.is_zero() { error } else { error.with_retry_after(refused.wait) }
}

pub(super) fn no_token_in_time() -> Error {
    Error::new(ErrorKind::Timeout, "no access token came before the deadline")
        .with_delivery(Delivery::NotSent)
}
