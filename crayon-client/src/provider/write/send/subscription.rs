//! Changes of subscriptions: the whole record is written back, or instructions are given for the next term.

use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{Outcome, Receipt, Result, SubscriptionId};

use super::call::{Shown, SubscriptionChange};
use super::outcome::{business_error, named, of_step, undecided};
use crate::model::{NextTermInstructions, Subscription};
use crate::provider::context::Context;

pub(super) async fn change(cx: &Context, change: &SubscriptionChange) -> Result<Receipt> {
    let mut receipt = applied(&change.subscription, LineOutcome::Applied);
    if let Some(record) = &change.record {
        let answer = cx.client.subscriptions().replace(change.id, record).await?;
        if let Some(answer) = &answer {
            named("subscription", change.id, Some(answer.id))?;
        }
        if !is_shown(&change.shown, answer.as_ref()) {
            receipt = applied(&change.subscription, LineOutcome::Accepted);
        }
    }
    let Some(instructions) = &change.next_term else { return Ok(receipt) };
    // A request of its own: after a crash it is known whether it was sent.
    let second = change.record.is_some();
    if let Some(line) = receipt.lines.first().filter(|_| second) {
        cx.answered(line).await;
    }
    let cx = if second { cx.step(1) } else { cx.clone() };
    match instruct(&cx, change.id, instructions).await {
        // The record was written already: an error would hide that.
        Err(error) if second => {
            let mut line = LineReceipt::new(1, of_step(&error));
            line.subscription = Some(change.subscription.clone());
            line.violations = error.violations().to_vec();
            receipt = receipt.with_line(line);
            receipt.outcome = Outcome::Partial;
            Ok(receipt)
        }
        instructed => instructed.map(|()| receipt),
    }
}

/// True where the answer shows the change, or shows nothing at all.
fn is_shown(wanted: &Shown, answer: Option<&Subscription>) -> bool {
    let Some(answer) = answer else { return true };
    match wanted {
        Shown::Anything => true,
        Shown::Quantity(wanted) => answer.quantity.is_none_or(|quantity| quantity == *wanted),
        Shown::Status(wanted) => answer.status.is_none_or(|status| status == *wanted),
    }
}

async fn instruct(cx: &Context, id: i64, instructions: &NextTermInstructions) -> Result<()> {
    let result = cx.client.subscriptions().instruct_next_term(id, instructions).await?;
    match result.is_successful {
        Some(true) => Ok(()),
        Some(false) => {
            Err(business_error(result.error_reason_code.as_deref(), result.error_description.as_deref()))
        }
        None => Err(undecided("the change")),
    }
}

fn applied(id: &SubscriptionId, outcome: LineOutcome) -> Receipt {
    let mut line = LineReceipt::new(0, outcome);
    line.subscription = Some(id.clone());
    let whole = if outcome == LineOutcome::Accepted { Outcome::Accepted } else { Outcome::Applied };
    Receipt::new(whole).with_line(line)
}
