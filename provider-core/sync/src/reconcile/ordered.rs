//! What a subscription says of a month.

use chrono::{DateTime, Datelike, Utc};
use provider_core::model::{PricePer, Subscription, SubscriptionStatus};
use provider_core::{BillingCycle, Period, Price};
use rust_decimal::Decimal;

use super::money::Money;
use super::rules::{Rules, Terms};

/// How a subscription stood in the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It was in use for at least a part of it.
    Live,
    /// The same, and it was a trial before.
    Converted,
    /// It was a trial.
    Trial,
    /// It had ended before.
    Ended,
    /// It has ended, and nothing says when.
    EndUnknown,
    /// It begins later.
    Later,
    /// It is not provisioned, or in a state that is not known.
    Unclear,
}

/// Whether a charge was due in the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Yes,
    No,
    /// It is paid as it is used.
    Usage,
    Unknown,
}

/// What is ordered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ordered {
    pub(super) state: State,
    pub(super) due: Due,
    pub(super) quantity: Option<Decimal>,
    /// What the distributor should charge in the month.
    pub(super) cost: Money,
    /// What the customer should be charged in the month.
    pub(super) sale: Money,
    /// It began or ended within the month, so that a part of a term may be charged.
    pub(super) partial: bool,
    /// It changed after the month: what it is now is not what it was.
    pub(super) changed_since: bool,
    /// The month is over, and when it last changed is not told.
    pub(super) change_untold: bool,
}

impl Ordered {
    pub(super) fn of(
        distributor: &str,
        seats: &Subscription,
        (month, now): (Period, DateTime<Utc>),
        rules: &Rules,
    ) -> Self {
        let state = state(distributor, seats, month, now);
        let spread = rules.terms == Terms::Spread;
        let due = due(distributor, seats, month, spread);
        let charge =
            |price: Option<&Price>| price.map_or(Money::Nothing, |price| charge(price, seats, spread));
        let within = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at > month.start && month.contains(at));
        let (cost, sale) = (charge(seats.cost.as_ref()), charge(seats.customer_price.as_ref()));
        let nothing = |money: Money| money.amount().is_some_and(|amount| amount.is_zero());
        // What has no price of its own is paid as it is used, whatever its cycle is called.
        let unpriced = nothing(cost) && (sale == Money::Nothing || nothing(sale));
        Self {
            state,
            due: if unpriced && due == Due::Yes { Due::Usage } else { due },
            quantity: seats.quantity,
            cost,
            sale,
            partial: within(begun_at(distributor, seats)) || within(ended_at(seats)),
            changed_since: seats.updated_at.is_some_and(|at| at >= month.end),
            change_untold: seats.updated_at.is_none() && now >= month.end,
        }
    }
}

/// When it began. Cloud-iQ's start is that of the running term, and moves with every renewal.
fn begun_at(distributor: &str, seats: &Subscription) -> Option<DateTime<Utc>> {
    let created = seats.created_at.filter(|_| distributor == "crayon");
    created.into_iter().chain(seats.starts_at).min()
}

/// When it ended, or is known to end.
fn ended_at(seats: &Subscription) -> Option<DateTime<Utc>> {
    let at_the_end =
        seats.auto_renew == Some(false) || seats.status == SubscriptionStatus::PendingCancellation;
    seats.ends_at.filter(|_| at_the_end || !seats.status.is_live())
}

fn state(distributor: &str, seats: &Subscription, month: Period, now: DateTime<Utc>) -> State {
    use SubscriptionStatus as S;
    if begun_at(distributor, seats).is_some_and(|start| start >= month.end) {
        return State::Later;
    }
    match seats.status {
        S::Trial => State::Trial,
        S::Active | S::Suspended | S::PendingCancellation => State::Live,
        // At Pax8 this is a trial that goes on as a paid subscription; elsewhere another one took its place.
        S::Converted if distributor == "pax8" => State::Converted,
        S::Cancelled | S::Expired | S::Deleted | S::Converted | S::Disabled => {
            ended(distributor, seats, month, now)
        }
        _ => State::Unclear,
    }
}

/// Of one that has ended: whether that was before the month.
fn ended(distributor: &str, seats: &Subscription, month: Period, now: DateTime<Utc>) -> State {
    match seats.ends_at {
        Some(end) if end <= month.start => State::Ended,
        // Pax8 tells the day of the cancellation, which may have been asked for long before; the others the end of the
        // term, which may lie long after it.
        Some(end) if distributor == "pax8" && end <= now => State::Live,
        // A last change lies at or after the end.
        _ if seats.updated_at.is_some_and(|at| at < month.start) => State::Ended,
        // What ends of itself at the end of its term was in use until then; what was cancelled may have ended before.
        Some(_) if seats.status == SubscriptionStatus::Expired => State::Live,
        _ => State::EndUnknown,
    }
}

/// Months from the first charge to this one.
fn age(distributor: &str, seats: &Subscription, month: Period) -> Option<i64> {
    let begun = || begun_at(distributor, seats).map(|at| at.date_naive());
    let start = seats.billing_starts_on.or_else(begun)?;
    let of = |year: i32, month0: u32| i64::from(year) * 12 + i64::from(month0);
    Some(of(month.start.year(), month.start.month0()) - of(start.year(), start.month0()))
}

fn due(distributor: &str, seats: &Subscription, month: Period, spread: bool) -> Due {
    let Some(cycle) = &seats.billing_cycle else { return Due::Unknown };
    match cycle {
        BillingCycle::Usage => return Due::Usage,
        BillingCycle::Trial => return Due::No,
        BillingCycle::OneTime => {
            return match age(distributor, seats, month) {
                Some(0) => Due::Yes,
                Some(_) => Due::No,
                None => Due::Unknown,
            };
        }
        _ => {}
    }
    let Some(months) = cycle.period().map(|period| i64::from(period.in_months())) else {
        return Due::Unknown;
    };
    if months == 1 || spread {
        return Due::Yes;
    }
    match age(distributor, seats, month) {
        Some(age) if months > 0 && age >= 0 && age % months == 0 => Due::Yes,
        Some(_) => Due::No,
        None => Due::Unknown,
    }
}

/// What one payment comes to, or a month's share of it.
fn charge(price: &Price, seats: &Subscription, spread: bool) -> Money {
    let cycle = seats.billing_cycle.as_ref().and_then(BillingCycle::period);
    // A price for another time than one pays for says nothing about a payment.
    if price.period.is_some() && cycle.is_some() && price.period != cycle {
        return Money::Nothing;
    }
    let factor = match (price.per, seats.quantity) {
        (PricePer::Flat, _) => Decimal::ONE,
        (_, Some(quantity)) => quantity,
        _ => return Money::Nothing,
    };
    let whole = Money::of(price).times(factor);
    let months = cycle.map_or(1, |cycle| cycle.in_months());
    if spread { share(whole, months) } else { whole }
}

/// One month's part of so many.
pub(super) fn share(whole: Money, months: u32) -> Money {
    match whole {
        Money::Sum(amount, currency) if months > 1 => amount
            .checked_div(Decimal::from(months))
            .map_or(Money::Nothing, |part| Money::Sum(part, currency)),
        other => other,
    }
}
