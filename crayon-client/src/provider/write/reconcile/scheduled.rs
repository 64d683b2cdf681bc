//! Reconciliation of the cancellation of a scheduled order: once cancelled it is in the list of scheduled orders no
//! more.

use provider_core::judge::{LineFate, agreed_list};
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{CancelOrder, Receipt, Reconciliation, Result};

use super::{Lost, found};
use crate::provider::orders::{self, Waiting};
use crate::provider::write::baseline::Other;

/// A line that is gone before its date was cancelled; one that is gone after it may have been carried out. Each line is
/// a request of its own.
pub(super) async fn cancelled(
    lost: &Lost<'_>,
    command: &CancelOrder,
    before: &[Waiting],
    others: &[Other],
) -> Result<Reconciliation> {
    let present = lost.cx.now();
    let known = others.iter().filter(|other| other.until > present).map(|other| other.reference.clone());
    let read = || orders::scheduled(lost.cx, command);
    let mut list = match agreed_list("waiting orders", known, read).await? {
        Ok(list) => list,
        Err(undetermined) => return Ok(undetermined),
    };
    let now = list.remove(&command.order.own().to_ascii_lowercase()).unwrap_or_default();
    let mut lines = Vec::with_capacity(before.len());
    for (at, (line, fate)) in before.iter().zip(lost.attempt.fates(before.len())).enumerate() {
        let waits = now.iter().any(|other| other.number == line.number);
        let mut receipt = match fate {
            LineFate::Answered(answered) => answered,
            LineFate::InFlight if waits && lost.is_settling() => {
                return Ok(lost.unproven("the order waits still, and its cancellation may be on its way"));
            }
            LineFate::InFlight if waits => LineReceipt::without_effect(at),
            LineFate::InFlight if line.until.is_some_and(|day| day.at() > present) => {
                LineReceipt::new(at, LineOutcome::Applied)
            }
            LineFate::InFlight => {
                return Ok(lost.unproven("the order waits no longer, and may have been carried out"));
            }
            _ => LineReceipt::never_sent(at),
        };
        receipt.order = Some(command.order.clone());
        lines.push(receipt);
    }
    Ok(match Receipt::from_lines(lines) {
        Some(receipt) => found(receipt),
        None if before.is_empty() => lost.unproven("the order did not wait before it was to be taken back"),
        None => lost.absent("every line of the order waits still"),
    })
}
