//! What usage cost.

use provider_core::{Currency, Period, Price, Raw, UsageRecord};

use super::{currency, filled};
use crate::model::OrganizationUsageCost;

/// What one Azure subscription cost in a time. Rows have no id of their own. The subscription is named by
/// Microsoft's id: subscriptions inside an Azure plan have no number at Cloud-iQ.
pub(crate) fn record(
    wire: OrganizationUsageCost,
    raw: Option<Raw>,
    period: Period,
    fallback: Option<Currency>,
) -> UsageRecord {
    let mut record = UsageRecord::default();
    record.customer = wire.account_id.map(|id| id.to_string().into());
    record.subscription = filled(wire.subscription_id).map(Into::into);
    record.description = filled(wire.subscription_name);
    record.category = filled(wire.supplier);
    let money = currency(wire.currency_code.as_deref(), fallback);
    record.cost = wire.amount.map(|amount| Price::new(amount, money).flat());
    record.period = Some(period);
    record.raw = raw;
    record
}
