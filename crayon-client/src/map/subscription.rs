//! Subscriptions, and the add-ons that stand inside them.

use provider_core::model::{Denomination, Detail, NextTerm, Raw, SubscriptionProduct};
use provider_core::{
    BillingCycle, Currency, Error, ItemError, Price, Subscription, SubscriptionStatus, Term, wire,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::value::RawValue;

use super::offer::{self, Choice};
use super::{filled, told};
use crate::model::{
    self, BillingCycleEnum, ScheduledNextTermInstructions, SubscriptionPriceType, TermDuration,
};
use crate::wire::enums::UNNAMED;
use crate::wire::{Document, SECRET_MEMBERS};

pub(crate) fn status(status: model::SubscriptionStatus) -> SubscriptionStatus {
    match status {
        model::SubscriptionStatus::ACTIVE => SubscriptionStatus::Active,
        model::SubscriptionStatus::SUSPENDED => SubscriptionStatus::Suspended,
        model::SubscriptionStatus::DELETED => SubscriptionStatus::Deleted,
        model::SubscriptionStatus::CUSTOMER_CANCELLATION | model::SubscriptionStatus::CANCELLED => {
            SubscriptionStatus::Cancelled
        }
        model::SubscriptionStatus::CONVERTED => SubscriptionStatus::Converted,
        model::SubscriptionStatus::EXPIRED => SubscriptionStatus::Expired,
        model::SubscriptionStatus::PENDING => SubscriptionStatus::Pending,
        model::SubscriptionStatus::DISABLED => SubscriptionStatus::Disabled,
        // A name without a number, of which the observer has heard.
        other if other.number() == UNNAMED => SubscriptionStatus::default(),
        other => SubscriptionStatus::Other(other.number().to_string()),
    }
}

/// The statuses of Cloud-iQ that are read as this one. `None` where there is none.
pub(crate) fn wire_status(status: &SubscriptionStatus) -> Option<model::SubscriptionStatus> {
    Some(match status {
        SubscriptionStatus::Active => model::SubscriptionStatus::ACTIVE,
        SubscriptionStatus::Suspended => model::SubscriptionStatus::SUSPENDED,
        SubscriptionStatus::Deleted => model::SubscriptionStatus::DELETED,
        SubscriptionStatus::Cancelled => {
            model::SubscriptionStatus::CUSTOMER_CANCELLATION | model::SubscriptionStatus::CANCELLED
        }
        SubscriptionStatus::Converted => model::SubscriptionStatus::CONVERTED,
        SubscriptionStatus::Expired => model::SubscriptionStatus::EXPIRED,
        SubscriptionStatus::Pending => model::SubscriptionStatus::PENDING,
        SubscriptionStatus::Disabled => model::SubscriptionStatus::DISABLED,
        // A status that this version does not know is its number.
        SubscriptionStatus::Other(number) => model::SubscriptionStatus::from_number(number.parse().ok()?),
        // A trial is in use: a flag of its own tells it.
        SubscriptionStatus::Trial => model::SubscriptionStatus::ACTIVE,
        _ => return None,
    })
}

/// An amount of a subscription: what it is paid each time.
pub(crate) fn price(
    wire: &model::Subscription,
    code: Option<&str>,
    amount: Decimal,
    fallback: Option<Currency>,
) -> Price {
    let price = Denomination::of(code, fallback).price(amount);
    let cycle = wire.billing_cycle.and_then(|cycle| offer::cycle(cycle, false));
    match cycle.as_ref().and_then(BillingCycle::period) {
        Some(period) => price.every(period),
        None => price,
    }
}

/// A number of seats: whole, and at least one.
pub(crate) fn seats(field: &str, quantity: Decimal) -> provider_core::Result<i64> {
    let whole = quantity.fract().is_zero().then(|| quantity.to_i64()).flatten();
    match whole {
        Some(seats) if seats >= 1 && seats <= i64::from(i32::MAX) => Ok(seats),
        Some(0) => Err(Error::invalid_input(field, "is 0: end the subscription instead")),
        _ => Err(Error::invalid_input(field, format!("{quantity} is not a whole number of seats"))),
    }
}

pub(crate) fn term(duration: Option<&TermDuration>) -> Option<Term> {
    duration.and_then(|duration| wire::term::parse(duration.as_str()))
}

/// True where a commitment was sent that cannot be named. An offer without one is another offer.
pub(crate) fn is_odd_term(duration: Option<&TermDuration>) -> bool {
    let said =
        |duration: &TermDuration| !["", "none"].iter().any(|no| wire::words::same(no, duration.as_str()));
    duration.is_some_and(said) && term(duration).is_none()
}

/// `PublisherSubscriptionId` may be the word `Pending`.
pub(crate) fn publisher_id(id: Option<String>) -> Option<String> {
    filled(id).filter(|id| !id.eq_ignore_ascii_case("pending"))
}

/// The add-ons of a subscription; one that cannot be used stands as its error.
pub(crate) type AddOns = Vec<Result<Subscription, ItemError>>;

/// A subscription and its add-ons. `detail` says that it came from the detailed call.
pub(crate) fn subscription(
    wire: model::Subscription,
    raw: Option<Raw>,
    detail: Detail,
    fallback: Option<Currency>,
) -> Result<(Subscription, AddOns), ItemError> {
    let customer = wire
        .customer_tenant
        .as_ref()
        .and_then(|tenant| told(tenant.id))
        .ok_or_else(|| ItemError::new("CustomerTenant", "is missing"))?;
    let id = told(wire.id).ok_or_else(|| ItemError::new("Id", "is missing"))?;
    let mut subscription = Subscription::without_quantity(id, customer);
    subscription.quantity = wire.quantity.map(Decimal::from);
    (subscription.cost, subscription.customer_price) = prices(&wire, fallback);
    let trial = wire.is_trial.unwrap_or_default();
    if let Some(known) = wire.status {
        subscription.status = status(known);
    }
    subscription.tell_trial(wire.is_trial);
    let part_number = filled(wire.part_number)
        .or_else(|| wire.product.as_ref().and_then(|product| filled(product.part_number.clone())));
    let commitment = term(wire.term_duration.as_ref());
    let is_odd = is_odd_term(wire.term_duration.as_ref());
    subscription.offer = match (&part_number, wire.billing_cycle) {
        (Some(part_number), Some(cycle)) if offer::cycle(cycle, false).is_some() && !is_odd => {
            Some(Choice { part_number: part_number.clone(), term: commitment, cycle }.id())
        }
        _ => None,
    };
    subscription.product.name =
        wire.product.and_then(|product| filled(product.item_name).or(product.item_legal_name));
    subscription.product.sku = part_number;
    subscription.product.vendor = wire.publisher.and_then(|publisher| filled(publisher.name));
    subscription.name = filled(wire.name);
    subscription.billing_cycle = wire.billing_cycle.and_then(|cycle| offer::cycle(cycle, trial));
    subscription.commitment_term = commitment;
    subscription.commitment_ends_at = wire.commitment_end_date;
    subscription.starts_at = wire.start_date.or(wire.effective_start_date);
    subscription.ends_at = wire.end_date;
    subscription.auto_renew = wire.auto_renew_enabled;
    subscription.renews_at = wire.end_date.filter(|_| wire.auto_renew_enabled == Some(true));
    subscription.next_term = wire.scheduled_next_term_instructions.map(next_term);
    subscription.cancellable_until = wire.cancellation_allowed_until_date;
    subscription.vendor_subscription_id = publisher_id(wire.publisher_subscription_id);
    subscription.created_at = wire.creation_date;
    subscription.detail = detail;
    let mut inner_raw = raw.as_ref().map(nested_raw).unwrap_or_default().into_iter();
    subscription.raw = raw;
    let add_ons = wire
        .subscriptions
        .into_iter()
        .enumerate()
        .map(|(at, add_on)| nested(at, add_on, &subscription, inner_raw.next()))
        .collect();
    Ok((subscription, add_ons))
}

/// What the partner pays, and what its customer does. Lists tell neither of the former.
fn prices(wire: &model::Subscription, fallback: Option<Currency>) -> (Option<Price>, Option<Price>) {
    let pricing = wire.pricing.as_ref();
    let code = pricing.and_then(|pricing| pricing.currency_code.as_deref());
    // `SalesPrice` of a subscription is the resale price. Zero means "not set" unless the price is fixed at it.
    let fixed = wire.price_type == Some(SubscriptionPriceType::FixedPrice);
    let resale = wire.sales_price.filter(|amount| fixed || !amount.is_zero());
    let told = |amount: Option<Decimal>| amount.map(|amount| price(wire, code, amount, fallback));
    (told(pricing.and_then(|pricing| pricing.purchase_price)), told(resale))
}

fn nested(
    at: usize,
    wire: model::SubscriptionAddOn,
    parent: &Subscription,
    raw: Option<Raw>,
) -> Result<Subscription, ItemError> {
    let id = wire.id.filter(|id| *id != 0).ok_or_else(|| {
        let error = ItemError::new(format!("Subscriptions[{at}].Id"), "is missing");
        // As it came where that was kept, else as far as it was read.
        let read = || Raw::new(&serde_json::to_string(&wire).ok()?, SECRET_MEMBERS).ok();
        match raw.clone().or_else(read) {
            Some(raw) => error.with_raw(raw),
            None => error,
        }
    })?;
    let mut add_on = Subscription::without_quantity(id.to_string(), parent.customer.clone());
    add_on.quantity = wire.quantity.map(Decimal::from);
    add_on.parent = Some(parent.id.clone());
    if let Some(known) = wire.status {
        add_on.status = status(known);
    }
    add_on.name = filled(wire.name);
    add_on.product = SubscriptionProduct::default();
    if let Some(product) = wire.product {
        add_on.product.name = filled(product.item_name).or(product.item_legal_name);
        add_on.product.sku = filled(product.part_number);
    }
    add_on.product.vendor = wire.publisher.and_then(|publisher| filled(publisher.name));
    add_on.commitment_term = term(wire.term_duration.as_ref());
    add_on.auto_renew = wire.auto_renew_enabled;
    add_on.cancellable_until = wire.cancellation_allowed_until_date;
    add_on.vendor_subscription_id = publisher_id(wire.publisher_subscription_id);
    add_on.created_at = wire.creation_date;
    add_on.raw = raw;
    Ok(add_on)
}

/// The JSON of the add-ons, in their order; secrets were blanked with the record around them.
fn nested_raw(record: &Raw) -> Vec<Raw> {
    let Ok(document) = record.parse::<Document>() else { return Vec::new() };
    let list =
        document.raw("Subscriptions").and_then(|list| serde_json::from_str::<Vec<&RawValue>>(list).ok());
    list.unwrap_or_default().into_iter().map(|add_on| Raw::from_value(add_on, &[])).collect()
}

fn next_term(wire: ScheduledNextTermInstructions) -> NextTerm {
    let mut next = NextTerm::default();
    next.quantity = wire.quantity.map(Decimal::from);
    next.ends_at = wire.custom_term_end_date.map(|end| end.at());
    if let Some(product) = wire.product {
        next.commitment_term = term(product.term_duration.as_ref());
        let cycle = product.billing_cycle.as_deref().and_then(BillingCycleEnum::from_name);
        next.billing_cycle = cycle.and_then(|cycle| offer::cycle(cycle, false));
        if let (Some(id), Some(sku)) = (filled(product.product_id), filled(product.sku_id)) {
            let mut named = SubscriptionProduct::default();
            named.sku = Some(format!("{id}:{sku}"));
            next.product = Some(named);
        }
    }
    next
}
