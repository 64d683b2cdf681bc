//! Reconciliation of a command whose answer was lost, judged by what there was before and what there is now: by two
//! readings that agree, in which nothing is missing that was there before.
//!
//! Pax8 has no idempotency key, and an order carries only a day. So an order counts as found only if
//! exactly one new order of the company says the same line by line; that none is there proves nothing.
//! Whether a quantity, a field or a cancellation was applied shows in the record, and sending it again
//! does no more than the first time would have: once Pax8 had its time to settle, their absence counts.
//! That a record is one's own, and not that of somebody who did the same at the same time, no comparison can
//! tell, so every receipt from here is marked as one.

mod customer;
mod order;
mod subscription;

use std::time::Duration;

use provider_core::receipt::Judgement;
use provider_core::{Attempt, Command, Receipt, Reconciliation, Result};
use provider_http::OperationContext;

use super::baseline::Notes;
use crate::provider::context::Context;

/// How long an effect may take to show.
const SETTLING: Duration = Duration::from_secs(10 * 60);

/// An attempt whose answer was lost.
struct Lost<'a> {
    cx: &'a Context,
    op: &'a OperationContext,
    attempt: &'a Attempt,
}

impl Lost<'_> {
    /// Whether it may still take effect.
    fn is_settling(&self) -> bool {
        self.attempt.settles_in(SETTLING, self.cx.clock.now()).is_some()
    }

    /// Nothing of it shows: `NotApplied` once it cannot be on its way any more.
    fn absent(&self, what: &str) -> Reconciliation {
        self.attempt.absent(SETTLING, self.cx.clock.now(), what)
    }

    /// Nothing is proven either way, or not yet.
    fn unproven(&self, reason: impl Into<String>) -> Reconciliation {
        self.attempt.unproven(SETTLING, self.cx.clock.now(), reason)
    }
}

/// It was found by comparing.
fn found(receipt: Receipt) -> Reconciliation {
    Reconciliation::Applied(receipt.judged_by(Judgement::Comparison))
}

pub(in crate::provider) async fn judge(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
) -> Result<Reconciliation> {
    if !cx.capabilities.support(op.operation()).is_supported() {
        return Ok(Reconciliation::undetermined("Pax8 has no such command"));
    }
    attempt.belongs_to(&cx.info)?;
    let notes = attempt.baseline.as_ref().map(|baseline| serde_json::from_value(baseline.state.clone()));
    let notes = match notes {
        Some(Ok(notes)) => notes,
        Some(Err(_)) => return Ok(Reconciliation::undetermined("the baseline is of another version")),
        None => return Ok(Reconciliation::undetermined("nothing was remembered before it was sent")),
    };
    let lost = Lost { cx, op, attempt };
    match (&attempt.command, notes) {
        (Command::CreateCustomer(command), Notes::Companies { ids, all }) => {
            customer::created(&lost, command, &[ids, all].concat()).await
        }
        (Command::UpdateCustomer(command), Notes::Company { before }) => {
            customer::updated(&lost, command, before.as_ref()).await
        }
        (Command::PlaceOrder(command), Notes::Purchases { orders, subscriptions }) => {
            order::placed(&lost, &command.order, &orders, &subscriptions).await
        }
        (Command::ChangeQuantity(command), Notes::Quantity { quantity }) => {
            subscription::resized(&lost, command, quantity).await
        }
        (Command::CancelSubscription(command), Notes::State { status, ends_at }) => {
            subscription::cancelled(&lost, command, status.as_deref(), ends_at).await
        }
        _ => Ok(Reconciliation::undetermined("the baseline belongs to another command")),
    }
}
