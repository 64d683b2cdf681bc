//! What a subscription allows to be changed.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::record::Subscription;
use crate::engine::answer::Stop;
use crate::pax8::catalog::record::BILLING_TERMS;
use crate::pax8::engine::body::{At, Fields};
use crate::pax8::engine::failure;
use crate::pax8::purchase::body::date_time;
use crate::pax8::purchase::provisioning;
use crate::pax8::purchase::record::Given;
use crate::pax8::state::{Call, State};

const UPDATE_FIELDS: &[&str] =
    &["quantity", "price", "billingTerm", "startDate", "endDate", "provisioningDetails"];
const INVALID_UPDATE: &str = "Invalid Subscription Update";
const INVALID_CANCEL: &str = "Invalid Subscription Cancellation";

/// Days from the start of a term in which a commitment can still be reduced or left.
const GRACE_DAYS: i64 = 7;

/// The body of an update.
#[derive(Debug)]
pub(crate) struct UpdateSent {
    quantity: Option<Decimal>,
    price: Option<Decimal>,
    billing_term: Option<&'static str>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    answers: Option<Vec<Given>>,
}

/// Reads the body of `PUT /v1/subscriptions/{subscriptionId}`.
pub(crate) fn read_update(call: &Call, members: &Map<String, Value>) -> Result<UpdateSent, Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, UPDATE_FIELDS)?;
    Ok(UpdateSent {
        quantity: fields.number(&at, "quantity")?,
        price: fields.number(&at, "price")?,
        billing_term: fields.choice(&at, "billingTerm", BILLING_TERMS)?,
        starts_at: date_time(&at, fields, "startDate")?,
        ends_at: date_time(&at, fields, "endDate")?,
        answers: provisioning::read(call, &at, fields)?,
    })
}

/// A change that broke no rule.
#[derive(Debug)]
pub(crate) struct CheckedUpdate {
    quantity: Decimal,
    price: Decimal,
    cost: Decimal,
    billing_term: &'static str,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    answers: Option<Vec<Given>>,
}

impl CheckedUpdate {
    pub(crate) fn apply(self, subscription: &mut Subscription) {
        subscription.quantity = self.quantity;
        subscription.price = self.price;
        subscription.cost = self.cost;
        subscription.billing_term = self.billing_term;
        subscription.starts_at = self.starts_at;
        subscription.ends_at = self.ends_at;
        if let Some(answers) = self.answers {
            subscription.answers = answers;
        }
    }
}

/// Checks an update against the subscription, its product and its commitment.
pub(crate) fn check_update(
    call: &Call,
    state: &State,
    one: &Subscription,
    sent: &UpdateSent,
    now: DateTime<Utc>,
) -> Result<CheckedUpdate, Stop> {
    let refuse = |rule: &str| Err(call.unprocessable(INVALID_UPDATE, &[rule.to_owned()]));
    if sent.price.is_none()
        && sent.billing_term.is_none()
        && sent.quantity.is_none()
        && sent.starts_at.is_none()
    {
        return refuse("one of price, billingTerm, quantity, startDate is needed");
    }
    if one.starts_at > now {
        return refuse("a subscription with a future date cannot be updated");
    }
    if !matches!(one.status, "Active" | "Trial" | "Converted") {
        return refuse(&format!("a subscription that is {} cannot be updated", one.status));
    }
    let quantity = sent.quantity.unwrap_or(one.quantity);
    if quantity <= Decimal::ZERO || !quantity.fract().is_zero() {
        // This rule is answered in the other error shape that the live interface uses.
        return Err(failure::error_list(&["quantity must be greater than 0".to_owned()]).into());
    }
    if sent.price.is_some_and(|price| price < Decimal::ZERO) {
        return refuse("price must not be negative");
    }
    let billing_term = sent.billing_term.unwrap_or(one.billing_term);
    if let Some((run, commitment)) = one.committed(state) {
        let in_grace = now < run.term_start(commitment, now) + TimeDelta::days(GRACE_DAYS);
        if quantity < one.quantity && !commitment.allow_decrease && !in_grace {
            return refuse("the commitment does not allow to decrease the quantity");
        }
        if quantity > one.quantity && !commitment.allow_increase {
            return refuse("the commitment does not allow to increase the quantity");
        }
        if billing_term != one.billing_term {
            return refuse("the billing term cannot change inside a commitment");
        }
    }
    let Some(product) = state.products.at(one.product) else {
        return refuse("the product is gone");
    };
    let place = one.commitment.as_ref().map(|run| run.place);
    let rate = product.price(billing_term, place).and_then(|price| price.rate(quantity));
    let Some(rate) = rate else {
        return refuse("billingTerm is not available for this product");
    };
    if rate.to.is_some_and(|last| quantity > Decimal::from(last)) {
        return refuse("quantity is greater than the product allows");
    }
    if let Some(answers) = &sent.answers {
        // The set replaces the old one as a whole, so that it has to be complete. An answer of its own is never taken.
        let rules = provisioning::broken_rules(product, answers, |key, value| {
            state
                .subscriptions
                .iter()
                .filter(|other| other.id != one.id && other.status != "Cancelled")
                .flat_map(|other| &other.answers)
                .any(|other| other.key == key && other.values.iter().any(|given| given == value))
        });
        if !rules.is_empty() {
            return Err(call.unprocessable(INVALID_UPDATE, &rules));
        }
    }
    // A price that the partner has set stays; one that follows the list follows it to the new quantity and term.
    let follows = product
        .price(one.billing_term, place)
        .and_then(|price| price.rate(one.quantity))
        .is_some_and(|old| old.retail == one.price);
    let listed = if follows { rate.retail } else { one.price };
    let discount = state.discount(one.company);
    Ok(CheckedUpdate {
        quantity,
        price: sent.price.unwrap_or(listed),
        cost: (rate.buy * (Decimal::ONE - discount)).round_dp(4),
        billing_term,
        starts_at: sent.starts_at.unwrap_or(one.starts_at),
        ends_at: sent.ends_at.or(one.ends_at),
        answers: sent.answers.clone(),
    })
}

/// When a subscription ends, and when it will be seen as cancelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cancel {
    pub(crate) ends_at: DateTime<Utc>,
    pub(crate) done_at: DateTime<Utc>,
}

/// Checks a cancellation; `on` is `None` for now.
pub(crate) fn check_cancel(
    call: &Call,
    state: &State,
    one: &Subscription,
    on: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Cancel, Stop> {
    let refuse = |rule: &str| Err(call.unprocessable(INVALID_CANCEL, &[rule.to_owned()]));
    if matches!(one.status, "Cancelled" | "PendingCancel") {
        return refuse(&format!("the subscription is {} already", one.status));
    }
    let ends_at = on.unwrap_or(now);
    // A day given as midnight in the client's own zone is still today.
    if ends_at < now - TimeDelta::days(1) {
        return refuse("cancelDate is in the past");
    }
    if let Some((run, commitment)) = one.committed(state) {
        let in_grace = now < run.term_start(commitment, now) + TimeDelta::days(GRACE_DAYS);
        let at_renewal = ends_at >= run.term_end(commitment, now);
        if !commitment.allow_cancel && !in_grace && !at_renewal {
            return refuse("the commitment does not allow to cancel before its end");
        }
    }
    Ok(Cancel { ends_at, done_at: ends_at.max(now + state.settling) })
}
