//! Reconciliation of a command whose answer was lost: orders are found by their reference; customers and
//! cancellations are judged by state.

mod customer;
mod earlier;
mod evidence;
mod order;
mod same;
mod settling;

use provider_core::{Attempt, Command, Reconciliation, Result};
use provider_http::OperationContext;

pub(super) use earlier::earlier;

use crate::provider::context::Context;

pub(in crate::provider) async fn reconcile(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
) -> Result<Reconciliation> {
    attempt.belongs_to(cx.info())?;
    match &attempt.command {
        Command::PlaceOrder(place) => order::placed(cx, op, attempt, &place.order).await,
        Command::ChangeQuantity(change) => order::changed(cx, op, attempt, &change.subscription).await,
        Command::ChangeRenewal(change) => order::changed(cx, op, attempt, &change.subscription).await,
        Command::Suspend(suspend) => order::changed(cx, op, attempt, &suspend.subscription).await,
        Command::Resume(resume) => order::changed(cx, op, attempt, &resume.subscription).await,
        Command::CancelSubscription(cancel) => order::changed(cx, op, attempt, &cancel.subscription).await,
        Command::CreateCustomer(create) => customer::created(cx, op, attempt, create).await,
        Command::UpdateCustomer(update) => customer::updated(cx, op, attempt, update).await,
        Command::CancelOrder(cancel) => order::cancelled(cx, op, attempt, cancel).await,
        _ => Ok(Reconciliation::undetermined("this provider does not carry out such a command")),
    }
}
