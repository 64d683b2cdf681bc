//! Consumption: summaries of the running month, and lines of one day.

use provider_core::model::{Denomination, Raw, UsageId, UsageKind};
use provider_core::{Currency, CustomerId, Period, ProductId, SubscriptionId, UsageRecord};
use rust_decimal::Decimal;

use super::{said, whole};
use crate::model;

pub(crate) const FIELDS: [&str; 14] = [
    "id",
    "kind",
    "customer",
    "subscription",
    "product",
    "description",
    "category",
    "quantity",
    "unit",
    "cost",
    "sale",
    "period",
    "trial",
    "raw",
];

/// Pax8 tells consumption here and nothing else; a negative amount is a credit.
fn kind(partner: Option<Decimal>, customer: Option<Decimal>) -> Option<UsageKind> {
    let back = partner.or(customer).is_some_and(|amount| amount < Decimal::ZERO);
    Some(if back { UsageKind::Credit } else { UsageKind::Consumption })
}

/// What was consumed so far in the month that runs, by the clock of the connection: a summary says "this month" and no
/// more.
pub(crate) fn summary(
    from: model::UsageSummary,
    subscription: &str,
    month: Period,
    raw: Option<Raw>,
    configured: Option<Currency>,
) -> UsageRecord {
    let money = Denomination::of(from.currency_code.as_deref(), configured);
    let mut record = UsageRecord::default();
    record.kind = kind(from.partner_total, from.current_charges);
    record.id = said(Some(from.id)).map(UsageId::from);
    record.customer = said(from.company_id).map(CustomerId::from);
    let own = said(from.subscription_id);
    record.subscription = Some(SubscriptionId::from(own.as_deref().unwrap_or(subscription)));
    record.product = said(from.product_id).map(ProductId::from);
    record.description = said(from.vendor_name);
    record.category = said(from.resource_group);
    record.cost = whole(from.partner_total, &money);
    record.sale = whole(from.current_charges, &money);
    record.period = Some(month);
    record.trial = from.is_trial;
    record.raw = raw;
    record
}

/// What was consumed on one day.
pub(crate) fn line(
    from: model::UsageLine,
    summary: &UsageRecord,
    day: chrono::NaiveDate,
    raw: Option<Raw>,
    configured: Option<Currency>,
) -> UsageRecord {
    let money = Denomination::of(from.currency_code.as_deref(), configured);
    let mut record = UsageRecord::default();
    record.kind = kind(from.partner_total, from.current_charges);
    record.customer.clone_from(&summary.customer);
    record.subscription.clone_from(&summary.subscription);
    // The product of a line may be that of a meter, which no catalog lists: the summary has the one that was bought.
    record.product = summary.product.clone().or_else(|| said(from.product_id).map(ProductId::from));
    record.description = said(from.product_name);
    record.category.clone_from(&summary.category);
    record.quantity = from.quantity;
    record.unit = said(from.unit_of_measure);
    record.cost = whole(from.partner_total, &money);
    record.sale = whole(from.current_charges, &money);
    let day = from.usage_date.unwrap_or(day);
    record.period = Period::inclusive_days(day, day).ok();
    record.trial = from.is_trial;
    record.raw = raw;
    record
}
