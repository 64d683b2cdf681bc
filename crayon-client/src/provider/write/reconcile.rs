//! Reconciliation of a command whose answer was lost, judged by what was before and what is now: by two readings that
//! agree, in which nothing is missing that was there before. That a record is one's own, and not that of somebody who
//! did the same at the same time, no comparison can tell, so every receipt from here is marked as one.

mod customer;
mod expected;
mod order;
mod scheduled;
mod subscription;

use std::time::Duration;

use provider_core::receipt::Judgement;
use provider_core::{Attempt, Command, Operation, ReadOptions, Receipt, Reconciliation, Result};

use super::baseline::Notes;
use crate::provider::context::Context;

/// A request that was cut off may still be on its way, and Cloud-iQ's own work takes a while: nothing is
/// called "not applied" before this has passed.
const SETTLING: Duration = Duration::from_secs(5 * 60);

/// An attempt whose answer was lost.
struct Lost<'a> {
    cx: &'a Context,
    attempt: &'a Attempt,
}

impl Lost<'_> {
    /// Whether it may still take effect.
    fn is_settling(&self) -> bool {
        self.attempt.settles_in(SETTLING, self.cx.now()).is_some()
    }

    /// Nothing of it shows: `NotApplied` once it cannot be on its way any more.
    fn absent(&self, what: &str) -> Reconciliation {
        self.attempt.absent(SETTLING, self.cx.now(), what)
    }

    /// Nothing is proven either way, or not yet.
    fn unproven(&self, reason: impl Into<String>) -> Reconciliation {
        self.attempt.unproven(SETTLING, self.cx.now(), reason)
    }
}

/// It was found by comparing.
fn found(receipt: Receipt) -> Reconciliation {
    Reconciliation::Applied(receipt.judged_by(Judgement::Comparison))
}

pub(in crate::provider) async fn judge(cx: &Context, attempt: &Attempt) -> Result<Reconciliation> {
    let kind = attempt.command.kind();
    let cx = &cx.during(Operation::Reconcile(kind), &ReadOptions::default());
    attempt.belongs_to(&cx.settings.info)?;
    let notes = attempt.baseline.as_ref().and_then(|notes| serde_json::from_value(notes.state.clone()).ok());
    let Some(notes) = notes else {
        return Ok(Reconciliation::undetermined("nothing was noted down before the command was sent"));
    };
    let lost = Lost { cx, attempt };
    match (&attempt.command, notes) {
        (Command::PlaceOrder(command), Notes::Possessions(before)) => {
            order::placed(&lost, &command.order, &before).await
        }
        (Command::CreateCustomer(command), Notes::Tenants(before)) => {
            customer::created(&lost, command, &before).await
        }
        (Command::AttachCustomer(command), Notes::Tenants(before)) => {
            customer::attached(&lost, command, &before).await
        }
        (Command::RecordConsent(command), Notes::Consents(before)) => {
            customer::consented(&lost, command, &before).await
        }
        (Command::UpdateCustomer(command), Notes::Members(before)) => {
            customer::updated(&lost, command, &before).await
        }
        (Command::CancelOrder(command), Notes::Waiting(before)) => {
            scheduled::cancelled(&lost, command, &before, &[]).await
        }
        (Command::CancelOrder(command), Notes::Scheduled { lines, others }) => {
            scheduled::cancelled(&lost, command, &lines, &others).await
        }
        (command, Notes::State(before)) => subscription::changed(&lost, command, &before).await,
        _ => Ok(Reconciliation::undetermined("what was noted down belongs to another command")),
    }
}
