//! Did a command happen? Judged by what there was before and what there is now.
//!
//! Pax8 has no idempotency key, and an order carries only a day. So an order counts as found only if
//! exactly one new order of the company says the same line by line; that none is there proves nothing.
//! Quantities, fields and cancellations say themselves whether they came about, and sending them again
//! does no more than the first time would have: once Pax8 had its time to settle, their absence counts.

use std::time::Duration;

use provider_core::{
    Attempt, CancelSubscription, ChangeQuantity, Command, CreateCustomer, Effective, LineOutcome, NewOrder,
    Outcome, Patch, Receipt, Reconciliation, Result, UpdateCustomer,
};
use provider_http::OperationContext;

use super::baseline::{Notes, companies_like};
use super::prepare::customer::{only_changes, wanted};
use super::send::receipt::{matched, of_change};
use crate::model::SubscriptionStatus;
use crate::provider::context::Context;
use crate::provider::{orders, subscriptions};

/// How long an effect may take to show.
const SETTLING: Duration = Duration::from_secs(10 * 60);

pub(in crate::provider) async fn judge(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
) -> Result<Reconciliation> {
    if !cx.capabilities.support(op.operation()).is_supported() {
        return Ok(Reconciliation::undetermined("Pax8 has no such command"));
    }
    let notes = attempt.baseline.as_ref().map(|baseline| serde_json::from_value(baseline.state.clone()));
    let notes = match notes {
        Some(Ok(notes)) => notes,
        Some(Err(_)) => return Ok(Reconciliation::undetermined("the baseline is of another version")),
        None => return Ok(Reconciliation::undetermined("nothing was remembered before it was sent")),
    };
    match (&attempt.command, notes) {
        (Command::CreateCustomer(command), Notes::Companies { ids }) => {
            judge_company(cx, op, command, &ids, attempt).await
        }
        (Command::UpdateCustomer(command), Notes::Company) => judge_update(cx, op, command, attempt).await,
        (Command::PlaceOrder(command), Notes::Purchases { orders, subscriptions }) => {
            judge_order(cx, op, &command.order, &orders, &subscriptions, attempt).await
        }
        (Command::ChangeQuantity(command), Notes::Quantity { quantity }) => {
            judge_quantity(cx, op, command, quantity, attempt).await
        }
        (Command::CancelSubscription(command), Notes::State { status, .. }) => {
            judge_cancel(cx, op, command, status.as_deref(), attempt).await
        }
        _ => Ok(Reconciliation::undetermined("the baseline belongs to another command")),
    }
}

/// What is left of the time in which an effect could still appear.
fn unsettled(cx: &Context, attempt: &Attempt) -> Option<Duration> {
    attempt.settles_in(SETTLING, cx.clock.now())
}

fn absent(cx: &Context, attempt: &Attempt) -> Reconciliation {
    match unsettled(cx, attempt) {
        Some(rest) => Reconciliation::undetermined_until("no effect shows yet, and it still could", rest),
        None => Reconciliation::NotApplied,
    }
}

fn unproven(cx: &Context, reason: &str, attempt: &Attempt) -> Reconciliation {
    match unsettled(cx, attempt) {
        Some(rest) => Reconciliation::undetermined_until(reason, rest),
        None => Reconciliation::undetermined(reason),
    }
}

async fn judge_order(
    cx: &Context,
    op: &OperationContext,
    order: &NewOrder,
    orders: &[String],
    subscriptions: &[String],
    attempt: &Attempt,
) -> Result<Reconciliation> {
    let company = order.customer.as_str();
    let now = orders::of_company(cx, op, company).await?;
    let new: Vec<_> =
        now.into_iter().filter(|one| one.id.as_ref().is_some_and(|id| !orders.contains(id))).collect();
    match new.as_slice() {
        [] => {
            let owned = subscriptions::of_company(cx, op, company, true).await?;
            let grown = owned.iter().any(|one| !subscriptions.contains(&one.id));
            let reason = if grown {
                "the company has new subscriptions, but no new order shows"
            } else {
                "no new order shows; that it does not show yet proves nothing"
            };
            Ok(unproven(cx, reason, attempt))
        }
        [only] => match matched(only, &order.lines) {
            Some(receipt) => Ok(Reconciliation::Applied(receipt.with_customer(order.customer.clone()))),
            None => Ok(unproven(cx, "the company has a new order, but of other lines", attempt)),
        },
        _ => Ok(unproven(cx, "the company has several new orders: one of them may be this one", attempt)),
    }
}

async fn judge_company(
    cx: &Context,
    op: &OperationContext,
    command: &CreateCustomer,
    known: &[String],
    attempt: &Attempt,
) -> Result<Reconciliation> {
    let alike = companies_like(cx, op, &command.name, command.external_id.as_deref()).await?;
    let new: Vec<_> = alike.into_iter().filter(|company| !known.contains(&company.id)).collect();
    match new.as_slice() {
        [only] => {
            let same_name = only
                .name
                .as_deref()
                .is_some_and(|name| name.trim().eq_ignore_ascii_case(command.name.trim()));
            let same_key = command.external_id.is_none() || only.external_id == command.external_id;
            if same_name && same_key {
                Ok(Reconciliation::Applied(Receipt::new(Outcome::Applied).with_customer(only.id.as_str())))
            } else {
                Ok(unproven(cx, "a new company is like it, but not the same", attempt))
            }
        }
        [] => Ok(unproven(cx, "no such company shows; that it does not show yet proves nothing", attempt)),
        _ => Ok(unproven(cx, "several new companies are like it", attempt)),
    }
}

async fn judge_update(
    cx: &Context,
    op: &OperationContext,
    command: &UpdateCustomer,
    attempt: &Attempt,
) -> Result<Reconciliation> {
    if matches!(command.contacts, Patch::Set(_)) {
        return Ok(unproven(cx, "contacts are changed one by one: compare them by hand", attempt));
    }
    let wanted = wanted(command)?;
    let found = cx.client.companies().with(op.quiet()).get(command.customer.as_str()).await?;
    if only_changes(wanted, &found).is_empty() {
        let receipt = Receipt::new(Outcome::Applied).with_customer(command.customer.clone());
        return Ok(Reconciliation::Applied(receipt));
    }
    Ok(absent(cx, attempt))
}

async fn judge_quantity(
    cx: &Context,
    op: &OperationContext,
    command: &ChangeQuantity,
    before: Option<rust_decimal::Decimal>,
    attempt: &Attempt,
) -> Result<Reconciliation> {
    let now = subscriptions::record(cx, op, &command.subscription).await?.quantity;
    if now == Some(command.quantity) {
        return Ok(Reconciliation::Applied(of_change(&command.subscription, LineOutcome::Applied)));
    }
    if now == before {
        return Ok(absent(cx, attempt));
    }
    Ok(unproven(cx, "the quantity is neither the old nor the wanted one: somebody else changed it", attempt))
}

async fn judge_cancel(
    cx: &Context,
    op: &OperationContext,
    command: &CancelSubscription,
    before: Option<&str>,
    attempt: &Attempt,
) -> Result<Reconciliation> {
    let record = subscriptions::record(cx, op, &command.subscription).await?;
    let outcome = match &record.status {
        Some(SubscriptionStatus::Cancelled) => Some(LineOutcome::Applied),
        Some(SubscriptionStatus::PendingCancel) => Some(LineOutcome::Accepted),
        // A cancellation to come may show in the end date alone.
        Some(_) => match command.effective {
            Effective::On(day) if record.end_date.is_some_and(|end| end.day() == day) => {
                Some(LineOutcome::Accepted)
            }
            _ => None,
        },
        None => return Ok(unproven(cx, "the subscription tells no state", attempt)),
    };
    if let Some(outcome) = outcome {
        return Ok(Reconciliation::Applied(of_change(&command.subscription, outcome)));
    }
    if record.status.as_ref().map(SubscriptionStatus::as_str) == before {
        return Ok(absent(cx, attempt));
    }
    Ok(unproven(cx, "the state is neither the old one nor cancelled", attempt))
}
