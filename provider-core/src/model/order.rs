//! Orders, placed and to be placed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Detail;
use crate::id::{CustomerId, OfferId, OrderId, ProductId, SubscriptionId};
use crate::price::Price;
use crate::raw::Raw;
use crate::setters::setters;
use crate::term::{BillingCycle, Term};

open_enum! {
    /// The state of an order, or of one line.
    pub enum OrderStatus {
        /// Received, not yet begun.
        Pending = "pending",
        /// Being carried out.
        InProgress = "in_progress",
        /// On hold: it waits for somebody, such as an approval.
        OnHold = "on_hold",
        /// Carried out.
        Completed = "completed",
        /// Some lines were carried out, others failed.
        Partial = "partial",
        /// Failed.
        Failed = "failed",
        /// Cancelled before it was carried out.
        Cancelled = "cancelled" | "canceled",
    }
}

impl OrderStatus {
    /// True when the state will not change any more.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Partial | Self::Failed | Self::Cancelled)
    }
}

impl Default for OrderStatus {
    fn default() -> Self {
        Self::Other("unknown".into())
    }
}

/// What an order line is an add-on of: a subscription that exists, or another line of the same order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Parent {
    /// A subscription that exists.
    Subscription(SubscriptionId),
    /// Another line of the same order, by its index from 0.
    Line(usize),
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OrderLine {
    /// The product, by the id that the catalog lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// The offer that it was ordered by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferId>,
    /// The vendor's SKU or part number, where the distributor names it so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// How many units; `None` where the distributor does not say, which is not 0.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub quantity: Option<Decimal>,
    /// The line's own state, where the distributor gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// The subscription it became, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl OrderLine {
    /// A line of which only this is known.
    #[must_use]
    pub fn new(quantity: Decimal) -> Self {
        Self { quantity: Some(quantity), ..Self::without_quantity() }
    }

    /// A line of which not even the quantity is known.
    #[must_use]
    pub fn without_quantity() -> Self {
        Self {
            product: None,
            offer: None,
            sku: None,
            quantity: None,
            status: None,
            subscription: None,
            error: None,
        }
    }
}

/// An order at the distributor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Order {
    /// The distributor's id.
    pub id: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The partner's own reference, where the distributor keeps one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Its state.
    #[serde(default)]
    pub status: OrderStatus,
    /// Its lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<OrderLine>,
    /// Its total, where the distributor gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Price>,
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<Utc>>,
    /// How much of the record this is.
    #[serde(default)]
    pub detail: Detail,
    /// The record's own JSON, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
}

impl Order {
    /// An order of which only this is known; its status starts as `Other("unknown")`.
    #[must_use]
    pub fn new(id: impl Into<OrderId>, customer: impl Into<CustomerId>) -> Self {
        Self {
            id: id.into(),
            customer: customer.into(),
            reference: None,
            status: OrderStatus::default(),
            lines: Vec::new(),
            total: None,
            created_at: None,
            updated_at: None,
            detail: Detail::default(),
            raw: None,
        }
    }
}

/// One line of an order to be placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewOrderLine {
    /// The product to buy.
    pub product: ProductId,
    /// The offer to buy it by; without one the provider takes the only one that fits, or refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferId>,
    /// How many units.
    #[serde(with = "crate::wire::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DecimalText"))]
    pub quantity: Decimal,
    /// The billing cycle to buy it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_cycle: Option<BillingCycle>,
    /// The commitment term to buy it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_term: Option<Term>,
    /// What it is an add-on of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// Answers to the distributor's provisioning questions, by its own keys. Several values are joined by the
    /// provider as the distributor wants them.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

impl NewOrderLine {
    /// A line for this many units.
    #[must_use]
    pub fn new(product: impl Into<ProductId>, quantity: impl Into<Decimal>) -> Self {
        Self {
            product: product.into(),
            offer: None,
            quantity: quantity.into(),
            billing_cycle: None,
            commitment_term: None,
            parent: None,
            attributes: BTreeMap::new(),
        }
    }
}

setters!(NewOrderLine {
    /// By this offer.
    offer: OfferId,
    /// Paid this often.
    billing_cycle: BillingCycle,
    /// Committed for this long.
    commitment_term: Term,
    /// An add-on of this.
    parent: Parent,
});

impl NewOrderLine {
    /// Answers one of the distributor's provisioning questions.
    #[must_use]
    pub fn attribute(mut self, key: impl Into<String>, answer: impl Into<String>) -> Self {
        self.attributes.insert(key.into(), answer.into());
        self
    }
}

/// An order to be placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewOrder {
    /// The customer that it is for.
    pub customer: CustomerId,
    /// The lines: one for each product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<NewOrderLine>,
    /// The partner's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The day on which it takes effect; `None` for now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<NaiveDate>,
}

impl NewOrder {
    /// An order of this customer that takes effect now. It has no lines yet.
    #[must_use]
    pub fn new(customer: impl Into<CustomerId>) -> Self {
        Self { customer: customer.into(), lines: Vec::new(), reference: None, effective: None }
    }

    /// Adds a line.
    #[must_use]
    pub fn line(mut self, line: NewOrderLine) -> Self {
        self.lines.push(line);
        self
    }

    /// Adds lines.
    #[must_use]
    pub fn lines(mut self, lines: impl IntoIterator<Item = NewOrderLine>) -> Self {
        self.lines.extend(lines);
        self
    }
}

setters!(NewOrder {
    /// Carries this reference of the partner, where the distributor keeps one.
    reference: String,
    /// Takes effect on this day.
    effective: NaiveDate,
});
