//! Subscriptions.

use provider_core::model::{Denomination, Detail, Raw, SubscriptionProduct};
use provider_core::{
    Currency, ItemError, Price, ProductId, Subscription, SubscriptionId, SubscriptionStatus, Term,
};
use rust_decimal::Decimal;

use super::{needed, said, says, term};
use crate::model::{self, BillingTerm};

pub(crate) const FIELDS: [&str; 20] = [
    "id",
    "customer",
    "product",
    "name",
    "status",
    "quantity",
    "billing_cycle",
    "commitment_term",
    "commitment_ends_at",
    "cost",
    "customer_price",
    "starts_at",
    "ends_at",
    "billing_starts_on",
    "trial",
    "parent",
    "vendor_subscription_id",
    "created_at",
    "detail",
    "raw",
];
/// What a row of the list leaves out.
pub(crate) const DETAIL_FIELDS: [&str; 2] = ["product.sku", "updated_at"];

pub(crate) fn subscription(
    mut from: model::Subscription,
    raw: Option<Raw>,
    detail: Detail,
    configured: Option<Currency>,
) -> Result<Subscription, ItemError> {
    from.status = from.status.filter(|word| says(word.as_str()));
    from.billing_term = from.billing_term.filter(|word| says(word.as_str()));
    let commitment = from.commitment().cloned();
    let company = needed(from.company_id, "companyId")?;
    let mut subscription = Subscription::without_quantity(needed(Some(from.id), "id")?, company);
    subscription.quantity = from.quantity;
    let mut product = SubscriptionProduct::default();
    product.id = said(from.product_id).map(ProductId::from);
    product.name = said(from.product_name.clone());
    product.sku = said(from.vendor_sku_id);
    subscription.product = product;
    subscription.name = said(from.product_name);
    if let Some(known) = &from.status {
        subscription.status = status(known);
    }
    let trial = from.status == Some(model::SubscriptionStatus::Trial)
        || from.billing_term == Some(BillingTerm::Trial);
    // A state that is not told may be that of a trial.
    subscription.tell_trial((trial || from.status.is_some()).then_some(trial));
    let cycle = from.billing_term.as_ref().map(term::billing_cycle);
    let period = cycle.as_ref().and_then(provider_core::BillingCycle::period);
    let money = Denomination::of(from.currency_code.as_deref(), configured);
    let price = |amount: Option<Decimal>| amount.map(|amount| per_unit(money.price(amount), period));
    subscription.cost = price(from.partner_cost);
    subscription.customer_price = price(from.price);
    subscription.billing_cycle = cycle;
    if let Some(commitment) = commitment {
        subscription.commitment_term = commitment.term.as_deref().and_then(term::commitment);
        subscription.commitment_ends_at = commitment.end_date;
    }
    subscription.starts_at = from.start_date;
    subscription.billing_starts_on = from.billing_start;
    subscription.parent = said(from.parent_subscription_id).map(SubscriptionId::from);
    subscription.vendor_subscription_id = said(from.vendor_subscription_id);
    // Rows of a list may give the day alone: its midnight, in UTC.
    subscription.created_at = from.created_date.map(|moment| moment.at());
    subscription.ends_at = from.end_date.map(|moment| moment.at());
    subscription.updated_at = from.updated_date;
    subscription.detail = detail;
    subscription.raw = raw;
    Ok(subscription)
}

fn per_unit(price: Price, period: Option<Term>) -> Price {
    match period {
        Some(period) => price.every(period),
        None => price,
    }
}

pub(crate) fn status(status: &model::SubscriptionStatus) -> SubscriptionStatus {
    use model::SubscriptionStatus as Wire;
    match status {
        Wire::Active | Wire::Activated => SubscriptionStatus::Active,
        Wire::Trial => SubscriptionStatus::Trial,
        Wire::Converted => SubscriptionStatus::Converted,
        Wire::PendingManual | Wire::PendingAutomated | Wire::WaitingForDetails | Wire::PendingActivation => {
            SubscriptionStatus::Pending
        }
        Wire::PendingCancel => SubscriptionStatus::PendingCancellation,
        Wire::Cancelled => SubscriptionStatus::Cancelled,
        other => SubscriptionStatus::Other(other.as_str().to_owned()),
    }
}

/// How a status is filtered by.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StatusFilter {
    /// One of Pax8's statuses means exactly this.
    Native(model::SubscriptionStatus),
    /// Several of Pax8's statuses mean this, and its filter takes one: the provider picks.
    Picked,
    /// No subscription of Pax8 is ever in it.
    Unknown,
}

pub(crate) fn status_filter(status: &SubscriptionStatus) -> StatusFilter {
    use model::SubscriptionStatus as Wire;
    match status {
        // A state that is not in the reference is looked for here: Pax8 may refuse to filter by it.
        // A trial is told by the billing term as well, and what is active may be one.
        SubscriptionStatus::Active
        | SubscriptionStatus::Trial
        | SubscriptionStatus::Pending
        | SubscriptionStatus::Other(_) => StatusFilter::Picked,
        SubscriptionStatus::Converted => StatusFilter::Native(Wire::Converted),
        SubscriptionStatus::PendingCancellation => StatusFilter::Native(Wire::PendingCancel),
        SubscriptionStatus::Cancelled => StatusFilter::Native(Wire::Cancelled),
        _ => StatusFilter::Unknown,
    }
}

/// Whether what is paid each time is a term of this length or shorter.
pub(crate) fn fits(commitment: Option<Term>, billing: &BillingTerm) -> bool {
    match (commitment, term::billing_cycle(billing).period()) {
        (Some(commitment), Some(period)) if commitment.in_months() > 0 => {
            commitment.in_months() >= period.in_months()
        }
        _ => true,
    }
}
