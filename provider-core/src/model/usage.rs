//! Consumption.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, ProductId, SubscriptionId, UsageId};
use crate::period::Period;
use crate::price::Price;
use crate::raw::Raw;

/// What was consumed, and what it costs so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UsageRecord {
    /// The distributor's id, where records have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<UsageId>,
    /// Who consumed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// On which subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// Of which product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// What was metered, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The resource group or category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How much.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub quantity: Option<Decimal>,
    /// The unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What the distributor charges the partner for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Price>,
    /// What the customer is charged for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Price>,
    /// When it was consumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// True while a trial runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<bool>,
    /// The record's own JSON, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
}
