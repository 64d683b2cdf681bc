//! Products and their offers.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Detail;
use crate::id::{OfferId, OrganizationId, ProductId};
use crate::price::Price;
use crate::raw::Raw;
use crate::term::{BillingCycle, Term};

open_enum! {
    /// How a product is sold.
    pub enum ProductKind {
        /// Sold by the seat.
        Seat = "seat",
        /// Billed by consumption.
        Usage = "usage",
        /// Bought once and paid once.
        OneTime = "one_time",
        /// An add-on to another product.
        AddOn = "add_on",
    }
}

/// The price of a band of quantities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PriceTier {
    /// The first quantity of the band.
    #[serde(with = "crate::wire::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DecimalText"))]
    pub from: Decimal,
    /// The last quantity of the band; `None` when it is open.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub to: Option<Decimal>,
    /// What the distributor charges the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[doc(alias = "price")]
    pub cost: Option<Price>,
    /// The vendor's list price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_retail: Option<Price>,
}

impl PriceTier {
    /// An open band from this quantity.
    #[must_use]
    pub fn new(from: Decimal) -> Self {
        Self { from, to: None, cost: None, suggested_retail: None }
    }
}

/// One way to buy a product: a price for a billing cycle and a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Offer {
    /// What an order names to buy it.
    pub id: OfferId,
    /// The vendor's SKU of this offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The billing cycle: how often it is paid for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_cycle: Option<BillingCycle>,
    /// The commitment term; `None` without a commitment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_term: Option<Term>,
    /// What the distributor charges the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[doc(alias = "price")]
    pub cost: Option<Price>,
    /// The vendor's list price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_retail: Option<Price>,
    /// Prices by quantity, where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<PriceTier>,
    /// The least that can be bought, in units.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub min_quantity: Option<Decimal>,
    /// The most that can be bought, in units.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub max_quantity: Option<Decimal>,
}

impl Offer {
    /// An offer of which only this is known.
    #[must_use]
    pub fn new(id: impl Into<OfferId>) -> Self {
        Self {
            id: id.into(),
            sku: None,
            billing_cycle: None,
            commitment_term: None,
            cost: None,
            suggested_retail: None,
            tiers: Vec::new(),
            min_quantity: None,
            max_quantity: None,
        }
    }
}

/// A product of the distributor's catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Product {
    /// The distributor's id.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// The vendor's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// The SKU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The partner's organization whose price list it is in; `None` where a distributor keeps one list for the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// Its description, in plain text or HTML as the distributor writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How it is sold; `None` where nothing decides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ProductKind>,
    /// False where it cannot be bought (any more); `None` where the distributor does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<bool>,
    /// True when it cannot be bought without a commitment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires_commitment: Option<bool>,
    /// The ways to buy it. Empty where there are none, and where they were not asked for
    /// (`ProductQuery::with_offers`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// How much of the record this is.
    #[serde(default)]
    pub detail: Detail,
    /// The record's own JSON, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
}

impl Product {
    /// A product of which only this is known.
    #[must_use]
    pub fn new(id: impl Into<ProductId>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            vendor: None,
            sku: None,
            organization: None,
            description: None,
            kind: None,
            available: None,
            requires_commitment: None,
            offers: Vec::new(),
            detail: Detail::default(),
            raw: None,
        }
    }
}
