//! Subscriptions.

use provider_core::model::{Denomination, Detail, Raw, SubscriptionProduct};
use provider_core::wire::words;
use provider_core::{
    BillingCycle, Currency, ItemError, Price, Subscription, SubscriptionId, SubscriptionStatus,
};
use rust_decimal::Decimal;

use super::product::offer_id;
use super::term::{cycle_of_word, term, term_of_part_number};
use super::{missing, said, says, vendor};
use crate::model;

/// A subscription, from a list or from a single read.
pub(crate) fn subscription(
    wire: &model::Subscription,
    detail: Detail,
    preferred: Option<Currency>,
    raw: Option<Raw>,
) -> Result<Subscription, ItemError> {
    let own = wire.own_id().ok_or_else(|| missing("id"))?;
    let customer = wire.customer_id.as_ref().filter(|id| id.is_set());
    let customer = customer.ok_or_else(|| missing("customerId"))?;
    let mut sub = Subscription::without_quantity(id(customer.as_str(), own.as_str()), customer.as_str());
    sub.quantity = wire.subscription_total_licenses;
    sub.product = product(wire);
    sub.offer = wire.catalog_ids().map(|(_, sku, plan)| offer_id(sku, plan));
    sub.name = said(wire.subscription_name.as_ref());
    let told = wire.subscription_status.as_ref().filter(|word| says(word.as_str()));
    sub.status = told.map(status).unwrap_or_default();
    sub.unit = said(wire.unit_type.as_ref());
    sub.billing_cycle = wire.subscription_billing_cycle.as_deref().and_then(cycle_of_word);
    sub.commitment_term = wire
        .subscription_billing_term
        .as_deref()
        .and_then(term)
        .or_else(|| wire.mfg_part_number.as_deref().and_then(term_of_part_number));
    sub.auto_renew = wire.auto_renew.or_else(|| renews(wire.subscription_renew_status.as_deref()?));
    dates(wire, &mut sub);
    prices(wire, preferred, &mut sub);
    sub.tell_trial(wire.is_trial);
    if let Some(parent) = wire.parent_subscription_id.as_ref().filter(|id| id.is_set()) {
        // The internal id is a number; any other is the provider's, by which nothing is listed.
        if parent.as_str().bytes().all(|byte| byte.is_ascii_digit()) {
            sub.parent = Some(id(customer.as_str(), parent.as_str()));
        } else {
            sub.vendor_parent_id = Some(parent.to_string());
        }
    }
    sub.vendor_subscription_id = said(wire.subscription_id.as_ref());
    sub.purchase_orders =
        [&wire.reseller_po, &wire.customer_po].into_iter().filter_map(|po| said(po.as_ref())).collect();
    sub.detail = detail;
    sub.raw = raw;
    Ok(sub)
}

/// The single read needs the customer, so the id carries it.
pub(crate) fn id(customer: &str, own: &str) -> SubscriptionId {
    SubscriptionId::composite([customer, own])
}

fn product(wire: &model::Subscription) -> SubscriptionProduct {
    let info = wire.ccp_product_info.as_ref();
    let named = |name: fn(&model::CatalogInfo) -> Option<&String>| said(info.and_then(name));
    let mut product = SubscriptionProduct::default();
    product.id =
        said(wire.ccp_product_id.as_ref()).or_else(|| named(|i| i.product_id.as_ref())).map(Into::into);
    product.name = named(|i| i.product_display_name.as_ref());
    product.sku = said(wire.mfg_part_number.as_ref()).or_else(|| {
        let ids = said(wire.subscription_product_id.as_ref()).zip(said(wire.subscription_sku_id.as_ref()));
        ids.map(|(product, sku)| format!("{product}:{sku}"))
    });
    product.vendor = wire
        .cloud_provider_id
        .as_ref()
        .and_then(|id| vendor(id.as_str()))
        .map(str::to_owned)
        .or_else(|| said(wire.cloud_provider_name.as_ref()));
    product
}

fn dates(wire: &model::Subscription, sub: &mut Subscription) {
    let start = wire.subscription_start_date;
    sub.starts_at = start;
    // For usage plans the end repeats the start and means nothing.
    let renewal = wire.renewal_date.filter(|at| start != Some(*at));
    sub.ends_at = wire.subscription_end_date.filter(|end| start != Some(*end));
    if sub.auto_renew == Some(false) {
        // The day on which it would renew is then the one on which it ends.
        sub.ends_at = sub.ends_at.or(renewal);
    }
    sub.commitment_ends_at = sub.ends_at.filter(|_| sub.commitment_term.is_some());
    sub.renews_at = renewal.filter(|_| sub.auto_renew == Some(true));
    sub.cancellable_until = wire.cancellation_allowed_until_date;
    sub.created_at = wire.subscription_purchased_date;
    sub.updated_at = wire.last_updated_date;
}

fn prices(wire: &model::Subscription, preferred: Option<Currency>, sub: &mut Subscription) {
    sub.cost = wire.cost.map(|amount| price(wire, preferred, amount));
    sub.customer_price = wire.price.map(|amount| price(wire, preferred, amount));
}

/// An amount of a subscription: what is paid each time.
pub(crate) fn price(wire: &model::Subscription, preferred: Option<Currency>, amount: Decimal) -> Price {
    let price = Denomination::of(wire.currency.as_deref(), preferred).price(amount);
    let cycle = wire.subscription_billing_cycle.as_deref().and_then(cycle_of_word);
    match cycle.as_ref().and_then(BillingCycle::period) {
        Some(every) => price.every(every),
        None => price,
    }
}

fn renews(word: &str) -> Option<bool> {
    let says = |known: [&str; 3]| known.iter().any(|known| words::same(known, word));
    match () {
        () if says(["enabled", "auto-on", "on"]) => Some(true),
        () if says(["disabled", "auto-off", "off"]) => Some(false),
        () => None,
    }
}

/// What a word of the wire means.
pub(crate) fn status(word: &model::SubscriptionStatus) -> SubscriptionStatus {
    use model::SubscriptionStatus as Word;
    match word {
        Word::Active | Word::Available | Word::Complete | Word::Enabled | Word::Running => {
            SubscriptionStatus::Active
        }
        Word::Accepted | Word::Confirmed | Word::Initiated | Word::InProgress | Word::Pending => {
            SubscriptionStatus::Pending
        }
        Word::Suspended | Word::Paused => SubscriptionStatus::Suspended,
        Word::Cancelled => SubscriptionStatus::Cancelled,
        Word::Deleted => SubscriptionStatus::Deleted,
        Word::Expired => SubscriptionStatus::Expired,
        Word::Disabled | Word::Stopped => SubscriptionStatus::Disabled,
        Word::Error | Word::Failed => SubscriptionStatus::Failed,
        Word::Other(text) => SubscriptionStatus::Other(text.clone()),
    }
}

/// The word to ask for, where exactly one means this state. With several, or with words that are not
/// known, the provider asks for all and chooses itself.
pub(crate) fn only_word(wanted: &SubscriptionStatus) -> Option<model::SubscriptionStatus> {
    let mut words = model::SubscriptionStatus::KNOWN.iter().filter(|word| status(word) == *wanted);
    match (words.next(), words.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}
