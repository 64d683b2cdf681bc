//! Consumption.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, ProductId, SubscriptionId, UsageId};
use crate::period::Period;
use crate::price::Price;
use crate::raw::Raw;

open_enum! {
    /// What a usage record counts.
    pub enum UsageKind {
        /// Metered consumption: it is owed in addition to the price of the subscription.
        Consumption = "consumption",
        /// The licences of a subscription: the same money as its price, told a second time. Do not add it to
        /// what subscriptions cost.
        Licence = "licence" | "license" | "seat",
        /// Money given back.
        Credit = "credit",
    }
}

/// A usage record: what was consumed in a period, and what it costs so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UsageRecord {
    /// The distributor's id, where records have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<UsageId>,
    /// What it counts; `None` where the distributor does not tell licences from consumption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<UsageKind>,
    /// The customer, by the id that customers are listed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// What the distributor calls the customer where it gives no id that is listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_reference: Option<String>,
    /// The subscription, by the id that subscriptions are listed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// The vendor's own id of the subscription, where the record has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_subscription_id: Option<String>,
    /// The product, by the id that the catalog lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// What was metered, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The resource group or category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The quantity, in `unit`.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub quantity: Option<Decimal>,
    /// The unit of `quantity`, such as `hour`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What the distributor charges the partner for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[doc(alias = "price")]
    pub cost: Option<Price>,
    /// What the customer is charged for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Price>,
    /// The time in which it was consumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Whether it was consumed in a trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<bool>,
    /// The record's own JSON, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
}
