//! What usage cost.

use provider_core::model::{Denomination, Raw, UsageKind};
use provider_core::{Currency, Period, UsageRecord};

use rust_decimal::Decimal;

use super::{filled, told};
use crate::model::OrganizationUsageCost;

/// What one Azure subscription cost in a time. Rows have no id of their own. The subscription has Microsoft's id
/// alone: subscriptions inside an Azure plan are in no list of Cloud-iQ's.
pub(crate) fn record(
    wire: OrganizationUsageCost,
    raw: Option<Raw>,
    period: Period,
    fallback: Option<Currency>,
) -> UsageRecord {
    let mut record = UsageRecord::default();
    record.kind = Some(match wire.amount {
        Some(amount) if amount < Decimal::ZERO => UsageKind::Credit,
        _ => UsageKind::Consumption,
    });
    record.customer = wire.account_id.and_then(told).map(Into::into);
    record.customer_reference = filled(wire.account_name);
    record.vendor_subscription_id = filled(wire.subscription_id);
    record.description = filled(wire.subscription_name);
    record.category = filled(wire.supplier);
    let money = Denomination::of(wire.currency_code.as_deref(), fallback);
    record.cost = wire.amount.map(|amount| money.whole(amount));
    record.period = Some(period);
    record.raw = raw;
    record
}
