//! Changes of subscriptions: another quantity, or the end.

use chrono::{DateTime, NaiveTime, SubsecRound as _, Utc};
use provider_core::{
    CancelSubscription, Change, ChangeQuantity, Currency, Delivery, Denomination, Effective, Error,
    ErrorKind, Fidelity, LineOutcome, Plan, Price, Result,
};
use provider_http::OperationContext;
use rust_decimal::Decimal;

use super::prepared::{Prepared, Send};
use crate::map;
use crate::model::{Commitment, Subscription};
use crate::provider::context::Context;
use crate::provider::write::send::receipt;
use crate::provider::{products, subscriptions};

pub(super) async fn quantity(
    cx: &Context,
    op: &OperationContext,
    command: &ChangeQuantity,
) -> Result<Prepared> {
    check_quantity(command)?;
    let subscription = command.subscription.clone();
    let before = subscriptions::record(cx, op, &subscription).await?;
    if let Some(expected) = command.expected {
        expect(before.quantity, expected)?;
    }
    let mut plan = Plan::new(Fidelity::Simulated);
    if before.quantity == Some(command.quantity) {
        plan.warnings.push("the subscription has this quantity already".to_owned());
    } else {
        let from = before.quantity.map(|quantity| quantity.to_string());
        let what = format!("subscription {subscription}: quantity");
        plan.changes.push(Change::new(what, from, Some(command.quantity.to_string())));
        plan.cost = cost(&before, command.quantity, cx.currency);
    }
    if plan.cost.is_some() {
        plan.warnings
            .push("the cost is the present one per unit times the quantity; bands may differ".to_owned());
    }
    // A quantity can lag behind, so that it shows already makes no call needless unless the caller relies
    // on it.
    let send = if command.expected == Some(command.quantity) {
        Send::Nothing(receipt::of_change(&subscription, LineOutcome::Applied))
    } else {
        Send::Quantity { subscription, before, quantity: command.quantity }
    };
    Ok(Prepared { plan, send })
}

pub(super) async fn cancel(
    cx: &Context,
    op: &OperationContext,
    command: &CancelSubscription,
) -> Result<Prepared> {
    let subscription = command.subscription.clone();
    let before = subscriptions::record(cx, op, &subscription).await?;
    let at = moment(command.effective, &before)?;
    let to = at.map_or_else(|| "now".to_owned(), |at| at.to_rfc3339());
    let mut plan = Plan::new(Fidelity::Simulated).with_change(Change::new(
        format!("subscription {subscription}: status"),
        before.status.as_ref().map(ToString::to_string),
        Some(format!("Cancelled ({to})")),
    ));
    plan.warnings.push("a cancellation is final: Pax8's API has no way back".to_owned());
    Ok(Prepared { plan, send: Send::Cancel { subscription, before, at } })
}

/// When a cancellation takes effect; `None` for at once.
fn moment(effective: Effective, record: &Subscription) -> Result<Option<DateTime<Utc>>> {
    match effective {
        Effective::Now => Ok(None),
        Effective::On(day) => Ok(Some(day.and_time(NaiveTime::MIN).and_utc())),
        _ => {
            let term = record.commitment().and_then(|commitment| commitment.end_date);
            match term.or(record.end_date.map(|end| end.at())) {
                // The parameter has seconds.
                Some(end) => Ok(Some(end.trunc_subsecs(0))),
                None => Err(Error::invalid_input(
                    "effective",
                    "the subscription has no term that ends: name a day",
                )),
            }
        }
    }
}

/// What speaks against a change of quantity before anything is asked.
fn check_quantity(command: &ChangeQuantity) -> Result<()> {
    if command.effective != Effective::Now {
        return Err(Error::invalid_input("effective", "Pax8 changes quantities at once only"));
    }
    if command.quantity <= Decimal::ZERO || !command.quantity.fract().is_zero() {
        return Err(Error::invalid_input(
            "quantity",
            "must be a whole number above zero; cancel to have none",
        ));
    }
    Ok(())
}

/// Refuses when the subscription does not have the quantity that the caller relies on.
fn expect(found: Option<Decimal>, expected: Decimal) -> Result<()> {
    if found == Some(expected) {
        return Ok(());
    }
    let found = found.map_or_else(|| "an unknown quantity".to_owned(), |found| found.to_string());
    let message = format!("the subscription has {found}, not {expected}: nothing was sent");
    Err(Error::new(ErrorKind::PreconditionFailed, message).with_delivery(Delivery::NotSent))
}

fn cost(record: &Subscription, quantity: Decimal, configured: Option<Currency>) -> Option<Price> {
    let money = Denomination::of(record.currency_code.as_deref(), configured);
    let total = record.partner_cost?.checked_mul(quantity)?;
    let price = money.whole(total);
    Some(match record.billing_term.as_ref().and_then(|term| map::term::billing_cycle(term).period()) {
        Some(period) => price.every(period),
        None => price,
    })
}

/// What the commitment says against another quantity.
pub(super) async fn against_quantity(
    cx: &Context,
    op: &OperationContext,
    before: &Subscription,
    quantity: Decimal,
) -> Result<Vec<String>> {
    if before.quantity == Some(quantity) {
        return Ok(Vec::new());
    }
    let Some(terms) = commitment_of(cx, op, before).await? else { return Ok(Vec::new()) };
    let more = before.quantity.is_none_or(|before| quantity > before);
    let (allowed, what) = if more {
        (terms.allow_for_quantity_increase, "more")
    } else {
        (terms.allow_for_quantity_decrease, "less")
    };
    let refused = (allowed == Some(false)).then(|| {
        format!("the commitment does not allow {what} before it ends; Pax8 may refuse outside the first days")
    });
    Ok(refused.into_iter().collect())
}

/// What the commitment says against the end.
pub(super) async fn against_cancelling(
    cx: &Context,
    op: &OperationContext,
    before: &Subscription,
) -> Result<Vec<String>> {
    let mut objections = Vec::new();
    if let Some(terms) = commitment_of(cx, op, before).await? {
        if terms.allow_for_early_cancellation == Some(false) {
            objections.push("the commitment does not allow to cancel before it ends".to_owned());
        }
        if terms.cancellation_fee_applied == Some(true) {
            objections.push("cancelling costs a fee".to_owned());
        }
    }
    Ok(objections)
}

/// What the commitment of a subscription allows, where it has one.
async fn commitment_of(
    cx: &Context,
    op: &OperationContext,
    record: &Subscription,
) -> Result<Option<Commitment>> {
    let id = record.commitment().and_then(|commitment| commitment.id.clone());
    let (Some(id), Some(product)) = (id, &record.product_id) else { return Ok(None) };
    let all = products::dependencies(cx, op, product).await?.commitment_dependencies;
    Ok(all.into_iter().find(|commitment| commitment.id == id))
}
