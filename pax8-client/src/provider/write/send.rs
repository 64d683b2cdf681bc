//! What was prepared is sent. Each call goes out at most once.

pub(super) mod receipt;

use provider_core::error::Violation;
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{CustomerId, Delivery, Error, ErrorKind, Outcome, Receipt, Result};
use provider_http::OperationContext;

use super::prepare::{Send, Step};
use crate::model::SubscriptionUpdate;
use crate::provider::context::Context;

pub(super) async fn send(cx: &Context, op: &OperationContext, send: Send) -> Result<Receipt> {
    match send {
        Send::Nothing(receipt) => Ok(receipt),
        Send::Create(company) => {
            let created = cx.client.companies().with(op).create(&company).await?;
            if created.id.trim().is_empty() {
                let message = "the answer does not say which company was created";
                return Err(Error::new(ErrorKind::Decode, message).with_delivery(Delivery::Unknown));
            }
            Ok(Receipt::new(Outcome::Applied).with_customer(created.id))
        }
        Send::Update { company, steps } => update(cx, op, company, &steps).await,
        Send::Order { order, customer, lines } => {
            let placed = cx.client.orders().with(op).create(&order).await?;
            Ok(receipt::of_order(&placed, &lines).with_customer(customer))
        }
        Send::Quantity { subscription, quantity, .. } => {
            let update = SubscriptionUpdate { quantity: Some(quantity), ..SubscriptionUpdate::default() };
            let subscriptions = cx.client.subscriptions().with(op);
            let record = subscriptions.update(subscription.as_str(), &update).await?;
            named("subscription", subscription.as_str(), &record.id)?;
            let applied = record.quantity.is_none_or(|found| found == quantity);
            let outcome = if applied { LineOutcome::Applied } else { LineOutcome::Accepted };
            let mut receipt = receipt::of_change(&subscription, outcome);
            receipt.customer = record.company_id.map(CustomerId::from);
            Ok(receipt)
        }
        Send::Cancel { subscription, at, .. } => {
            cx.client.subscriptions().with(op).cancel(subscription.as_str(), at).await?;
            let outcome = if at.is_some() { LineOutcome::Accepted } else { LineOutcome::Applied };
            Ok(receipt::of_change(&subscription, outcome))
        }
    }
}

/// The company first, then contacts one by one. Once a step took effect, what follows is reported, not
/// thrown.
async fn update(cx: &Context, op: &OperationContext, company: CustomerId, steps: &[Step]) -> Result<Receipt> {
    let mut lines: Vec<LineReceipt> = Vec::new();
    let mut stopped = false;
    for (index, one) in steps.iter().enumerate() {
        if stopped {
            lines.push(LineReceipt::new(index, LineOutcome::NotAttempted));
            continue;
        }
        // Each is a request of its own: after a crash those that were answered are known.
        let op = &op.step(u32::try_from(index).unwrap_or(u32::MAX));
        match step(cx, op, company.as_str(), one).await {
            Ok(()) => {
                let line = LineReceipt::new(index, LineOutcome::Applied);
                op.sending().answered(&cx.client.http().scrubbed(line.clone())).await;
                lines.push(line);
            }
            Err(error) if index == 0 => return Err(error),
            Err(error) => {
                stopped = true;
                lines.push(failed(index, &error));
            }
        }
    }
    let outcome = if stopped { Outcome::Partial } else { Outcome::Applied };
    let mut receipt = Receipt::new(outcome).with_customer(company);
    if stopped {
        receipt.lines = lines;
    }
    Ok(receipt)
}

async fn step(cx: &Context, op: &OperationContext, company: &str, step: &Step) -> Result<()> {
    let contacts = cx.client.contacts().with(op);
    match step {
        Step::Company(update) => {
            let answer = cx.client.companies().with(op).update(company, update).await?;
            named("company", company, &answer.id)
        }
        Step::Add(contact) => {
            let created = contacts.create(company, contact).await?;
            if created.id.is_none_or(|id| id.trim().is_empty()) {
                let message = "the answer does not say which contact was created";
                return Err(Error::new(ErrorKind::Decode, message).with_delivery(Delivery::Unknown));
            }
            Ok(())
        }
        Step::Replace(contact, new) => {
            let replaced = contacts.replace(company, contact, new).await?;
            named("contact", contact, replaced.id.as_deref().unwrap_or_default())
        }
        Step::Remove(contact) => contacts.delete(company, contact).await,
    }
}

/// An answer that does not name what was written proves nothing: gateways answer `{}` too.
fn named(what: &str, wanted: &str, found: &str) -> Result<()> {
    if found.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    let message = format!("the answer does not name {what} {wanted}: whether it was changed is not known");
    Err(Error::new(ErrorKind::Decode, message).with_delivery(Delivery::Unknown))
}

fn failed(index: usize, error: &Error) -> LineReceipt {
    let outcome = match error.delivery() {
        Delivery::NotSent | Delivery::Rejected => LineOutcome::Rejected,
        Delivery::Applied => LineOutcome::Applied,
        _ => LineOutcome::Unknown,
    };
    let mut line = LineReceipt::new(index, outcome);
    line.violations = error.violations().to_vec();
    if line.violations.is_empty() {
        line.violations.push(Violation::new("contacts", error.message()));
    }
    line
}
