//! Consumption: summaries of the running month, and lines of one day.

use provider_core::{CustomerId, Period, ProductId, Raw, SubscriptionId, UsageId, UsageRecord};

use super::{currency, said, whole};
use crate::model;

pub(crate) const FIELDS: [&str; 13] = [
    "id",
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

/// What was consumed so far this month. The time is not on the wire, so it is not made up.
pub(crate) fn summary(from: model::UsageSummary, subscription: &str, raw: Option<Raw>) -> UsageRecord {
    let currency = currency(from.currency_code.as_deref());
    let mut record = UsageRecord::default();
    record.id = Some(UsageId::from(from.id));
    record.customer = said(from.company_id).map(CustomerId::from);
    record.subscription = Some(SubscriptionId::from(from.subscription_id.as_deref().unwrap_or(subscription)));
    record.product = said(from.product_id).map(ProductId::from);
    record.description = said(from.vendor_name);
    record.category = said(from.resource_group);
    record.cost = whole(from.partner_total, currency);
    record.sale = whole(from.current_charges, currency);
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
) -> UsageRecord {
    let currency = currency(from.currency_code.as_deref());
    let mut record = UsageRecord::default();
    record.customer.clone_from(&summary.customer);
    record.subscription.clone_from(&summary.subscription);
    record.product = said(from.product_id).map(ProductId::from).or_else(|| summary.product.clone());
    record.description = said(from.product_name);
    record.category.clone_from(&summary.category);
    record.quantity = from.quantity;
    record.unit = said(from.unit_of_measure);
    record.cost = whole(from.partner_total, currency);
    record.sale = whole(from.current_charges, currency);
    let day = from.usage_date.unwrap_or(day);
    record.period = Period::inclusive_days(day, day).ok();
    record.trial = from.is_trial;
    record.raw = raw;
    record
}
