//! Lines of quotes to be written.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{QuoteBillingTerm, UsageBased};
use crate::wire::record;

/// What every quote line to be written has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LineItemTerms {
    /// From when.
    pub effective_date: DateTime<Utc>,
    /// The price per unit.
    #[serde(with = "crate::wire::number")]
    pub price: Decimal,
    /// How many.
    pub quantity: u32,
    /// A note of up to 2,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How often one pays.
    pub billing_term: QuoteBillingTerm,
}

impl LineItemTerms {
    /// Without a note.
    #[must_use]
    pub fn new(
        effective_date: DateTime<Utc>,
        price: Decimal,
        quantity: u32,
        billing_term: QuoteBillingTerm,
    ) -> Self {
        Self { effective_date, price, quantity, note: None, billing_term }
    }
}

record! {
    /// What a new quote line refers to.
    #[derive(Default)]
    LineItemReferences {
        /// The commitment.
        commitment_term_id: text,
        /// The subscription it changes.
        subscription_id: text,
        /// The line it needs, once that exists.
        required_line_item_id: text,
        /// The line it needs, by its place in the same call.
        required_line_item_index: one u32,
        /// The subscription it needs.
        required_subscription_id: text,
    }
}

/// A quote line to be added. At most 30 lines a quote; related lines go in one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum AddLineItem {
    /// A product of the catalogue.
    Standard {
        /// The product.
        product_id: String,
        /// Price, quantity, term.
        #[serde(flatten)]
        terms: LineItemTerms,
        /// What it refers to.
        #[serde(flatten)]
        references: LineItemReferences,
    },
    /// A product that is billed by consumption.
    UsageBased {
        /// The product.
        product_id: String,
        /// The cost per unit.
        #[serde(with = "crate::wire::number")]
        cost: Decimal,
        /// What varies.
        usage_based: UsageBased,
        /// Price, quantity, term.
        #[serde(flatten)]
        terms: LineItemTerms,
        /// What it refers to.
        #[serde(flatten)]
        references: LineItemReferences,
    },
    /// Something of the partner's own. Terms are `Monthly`, `Annual`, `Trial` or `One-Time`.
    Custom {
        /// Its name.
        product_name: String,
        /// Its SKU.
        #[serde(skip_serializing_if = "Option::is_none")]
        product_sku: Option<String>,
        /// The cost per unit.
        #[serde(with = "crate::wire::number")]
        cost: Decimal,
        /// What is paid at the start.
        #[serde(with = "crate::wire::number")]
        initial_total: Decimal,
        /// Price, quantity, term.
        #[serde(flatten)]
        terms: LineItemTerms,
    },
}

/// A quote line to be changed. Its relationships cannot change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum UpdateLineItem {
    /// A product of the catalogue.
    Standard {
        /// The line.
        id: String,
        /// The commitment.
        #[serde(skip_serializing_if = "Option::is_none")]
        commitment_term_id: Option<String>,
        /// Price, quantity, term.
        #[serde(flatten)]
        terms: LineItemTerms,
    },
    /// A product that is billed by consumption.
    UsageBased {
        /// The line.
        id: String,
        /// The commitment.
        #[serde(skip_serializing_if = "Option::is_none")]
        commitment_term_id: Option<String>,
        /// The cost per unit.
        #[serde(with = "crate::wire::number")]
        cost: Decimal,
        /// What varies.
        usage_based: UsageBased,
        /// Price, quantity, term.
        #[serde(flatten)]
        terms: LineItemTerms,
    },
    /// Something of the partner's own.
    Custom {
        /// The line.
        id: String,
        /// Its name.
        product_name: String,
        /// Its SKU.
        #[serde(skip_serializing_if = "Option::is_none")]
        product_sku: Option<String>,
        /// The cost per unit.
        #[serde(with = "crate::wire::number")]
        cost: Decimal,
        /// What is paid at the start.
        #[serde(with = "crate::wire::number")]
        initial_total: Decimal,
        /// Price, quantity, term.
        #[serde(flatten)]
        terms: LineItemTerms,
    },
}
