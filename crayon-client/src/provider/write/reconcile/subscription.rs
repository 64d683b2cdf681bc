//! Subscriptions are judged by their state: commands set absolute values, so once they cannot be on their way
//! any more, what is as it was shows that nothing happened, and sending them again can do nothing twice.

use provider_core::judge::{LineFate, agreed_record};
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{Command, Outcome, Receipt, Reconciliation, Result};

use super::expected::Expected;
use super::{Lost, found};
use crate::provider::write::baseline::state::State;
use crate::provider::write::prepare::prepared::subscription_of;

pub(super) async fn changed(lost: &Lost<'_>, command: &Command, before: &State) -> Result<Reconciliation> {
    let expected = Expected::of(lost.cx, command).await?;
    let Some((expected, id)) = expected.zip(subscription_of(command)) else {
        return Ok(Reconciliation::undetermined("Cloud-iQ keeps no trace of this command"));
    };
    let now = match agreed_record("subscription", || State::read(lost.cx, id)).await? {
        Ok(now) => now,
        Err(undetermined) => return Ok(undetermined),
    };
    let line = |mut line: LineReceipt| {
        line.subscription = Some(id.clone());
        line
    };
    let done = Receipt::new(Outcome::Applied).with_line(line(LineReceipt::new(0, LineOutcome::Applied)));
    if expected.is_shown_by(&now) {
        return Ok(found(done));
    }
    if now != *before && expected.is_half_shown_by(&now) && now.has_the_next_term_of(before) {
        // The second request follows the first only where that was answered.
        let fate = lost.attempt.fates(2).pop();
        let second = match fate {
            Some(LineFate::NeverSent) => LineReceipt::never_sent(1),
            _ if lost.is_settling() => {
                return Ok(lost.unproven(
                    "renewal was switched; what is wanted of the next term may still be on its way",
                ));
            }
            _ => LineReceipt::without_effect(1),
        };
        let mut half = done.with_line(line(second));
        half.outcome = Outcome::Partial;
        return Ok(found(half));
    }
    Ok(if now == *before {
        lost.absent("nothing has changed")
    } else {
        lost.unproven("the subscription was changed in another way meanwhile")
    })
}
