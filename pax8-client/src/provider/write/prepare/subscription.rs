//! Changes of subscriptions: another quantity, or the end.

use chrono::{DateTime, NaiveTime, SubsecRound as _, TimeDelta, Utc};
use provider_core::command::Effective;
use provider_core::error::Violation;
use provider_core::judge::{Reducible, ReducibleUntil};
use provider_core::model::Denomination;
use provider_core::receipt::{Change, Fidelity, LineOutcome};
use provider_core::{
    CancelSubscription, ChangeQuantity, Currency, Delivery, Error, ErrorKind, Plan, Price, Result,
};
use provider_http::OperationContext;
use rust_decimal::Decimal;

use super::prepared::{MICROSOFT_WINDOW, Prepared, Send, is_microsoft};
use crate::map::{self, offer};
use crate::model::{BillingTerm, Commitment, Subscription, SubscriptionStatus};
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
    refuse_where(&before, &[SubscriptionStatus::Cancelled])?;
    let mut plan = Plan::new(Fidelity::Simulated);
    if before.quantity == Some(command.quantity) {
        plan.warnings.push("the subscription has this quantity already".to_owned());
    } else {
        within_limits(cx, op, &before, command.quantity).await?;
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
    check_day(cx, command.effective)?;
    let subscription = command.subscription.clone();
    let before = subscriptions::record(cx, op, &subscription).await?;
    refuse_where(&before, &[SubscriptionStatus::Cancelled, SubscriptionStatus::PendingCancel])?;
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

/// Refuses a day that has passed: a cancellation is final, and what Pax8 makes of such a day is not documented.
fn check_day(cx: &Context, effective: Effective) -> Result<()> {
    // In some time zone the day before may not have ended.
    let today = cx.clock.now().date_naive() - TimeDelta::days(1);
    match effective {
        Effective::On(day) if day < today => Err(Error::invalid_input("effective", "lies in the past")),
        _ => Ok(()),
    }
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

/// Refuses what Pax8 would refuse: a change of a subscription in one of these statuses.
fn refuse_where(record: &Subscription, states: &[SubscriptionStatus]) -> Result<()> {
    let Some(state) = record.status.as_ref().filter(|state| states.contains(state)) else { return Ok(()) };
    let problem = format!("the subscription is {state} already");
    Err(Error::new(ErrorKind::PreconditionFailed, format!("status: {problem}"))
        .with_delivery(Delivery::NotSent)
        .with_violation(Violation::new("status", problem)))
}

/// Refuses what an order of the same product would be refused for, by the prices for its billing term. Where
/// they do not say, Pax8 decides.
async fn within_limits(
    cx: &Context,
    op: &OperationContext,
    record: &Subscription,
    quantity: Decimal,
) -> Result<()> {
    let (Some(product), Some(billing_term)) = (&record.product_id, &record.billing_term) else {
        return Ok(());
    };
    let prices = products::pricing(cx, op, product, record.company_id.as_deref()).await?;
    let commitment =
        record.commitment().and_then(|commitment| map::term::commitment(commitment.term.as_deref()?));
    let mut problem = None;
    for price in &prices {
        let same_term =
            price.billing_term.as_ref().map(BillingTerm::to_order) == Some(billing_term.to_order());
        let other_length = commitment.is_some() && offer::committed(price) != commitment;
        if !same_term || other_length {
            continue;
        }
        match offer::beyond(price, quantity) {
            // It can be had at one of the prices.
            None => return Ok(()),
            beyond => problem = beyond,
        }
    }
    problem.map_or(Ok(()), |problem| Err(Error::invalid_input("quantity", problem)))
}

/// Until when the seats can be reduced, by the commitment.
pub(super) async fn reducible(
    cx: &Context,
    op: &OperationContext,
    record: &Subscription,
) -> Result<Reducible> {
    let what = format!("subscription {}", record.id);
    let ends = record.commitment().and_then(|commitment| commitment.end_date);
    let until = match commitment_of(cx, op, record).await?.map(|terms| terms.allow_for_quantity_decrease) {
        Some(Some(true)) => ReducibleUntil::Always,
        Some(Some(false)) => match first_days(cx, op, record).await? {
            Some(until) => ReducibleUntil::window(Some(until), ends, cx.clock.now()),
            None => ReducibleUntil::TermEnd(ends),
        },
        Some(None) => ReducibleUntil::Unknown,
        // Pax8 tells no commitment of what is not committed and paid by the month.
        None if record.commitment().is_none() && record.billing_term == Some(BillingTerm::Monthly) => {
            ReducibleUntil::Always
        }
        None => ReducibleUntil::Unknown,
    };
    Ok(Reducible::new(what, until))
}

/// The end of the days in which Microsoft allows a reduction of seats in spite of a commitment.
async fn first_days(
    cx: &Context,
    op: &OperationContext,
    record: &Subscription,
) -> Result<Option<DateTime<Utc>>> {
    let (Some(product), Some(start)) = (&record.product_id, record.start_date) else { return Ok(None) };
    let product = match cx.client.products().with(op.quiet()).get(product).await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        product => product?,
    };
    let window = TimeDelta::days(i64::from(MICROSOFT_WINDOW));
    Ok(is_microsoft(&product).then(|| start.checked_add_signed(window)).flatten())
}

/// Refuses when the subscription does not have the quantity that the caller relies on.
fn expect(found: Option<Decimal>, expected: Decimal) -> Result<()> {
    if found == Some(expected) {
        return Ok(());
    }
    let found = found.map_or_else(|| "an unknown quantity".to_owned(), |found| found.to_string());
    let problem = format!("the subscription has {found}, not {expected}: nothing was sent");
    Err(Error::new(ErrorKind::PreconditionFailed, format!("expected: {problem}"))
        .with_delivery(Delivery::NotSent)
        .with_violation(Violation::new("expected", problem)))
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
