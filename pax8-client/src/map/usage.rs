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

/// Characters of a text of a summary that each of its lines repeats: one of some megabytes, above some hundred thousand
/// lines, would take terabytes.
const LONGEST: usize = 1_000;

/// An id that each line repeats. None is as long as that.
fn repeated_id(text: Option<String>) -> Option<String> {
    said(text).filter(|id| id.len() <= LONGEST)
}

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
    record.customer = repeated_id(from.company_id).map(CustomerId::from);
    let own = repeated_id(from.subscription_id);
    record.subscription = Some(SubscriptionId::from(own.as_deref().unwrap_or(subscription)));
    record.product = repeated_id(from.product_id).map(ProductId::from);
    record.description = said(from.vendor_name);
    record.category = said(from.resource_group).map(|group| group.chars().take(LONGEST).collect());
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    /// Copied as they were, they took the memory of their lengths times the number of lines.
    #[test]
    fn what_each_line_repeats_of_its_summary_is_no_longer_than_a_text() {
        let month = Period::month(2026, 3).unwrap();
        let read = |text: &str| {
            let json = format!(
                r#"{{"id":"s","companyId":"{text}","productId":"{text}","subscriptionId":"{text}","resourceGroup":"{text}"}}"#
            );
            summary(serde_json::from_str(&json).unwrap(), "own", month, None, None)
        };
        let long = read(&"x".repeat(1 << 16));
        assert_eq!((&long.customer, &long.product), (&None, &None));
        assert_eq!(long.subscription, Some("own".into()));
        assert_eq!(long.category.map_or(0, |group| group.len()), 1_000);
        let short = read("7");
        assert_eq!((short.customer, short.category.as_deref()), (Some("7".into()), Some("7")));
        assert_eq!((short.product, short.subscription), (Some("7".into()), Some("7".into())));
    }
}
