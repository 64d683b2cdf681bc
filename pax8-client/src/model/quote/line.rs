//! Lines of quotes, as they are read and as they are written.

use chrono::{DateTime, Utc};
use provider_core::{open_enum, records};
use rust_decimal::Decimal;
use serde::Serialize;

use super::totals::{Money, QuoteTotals};

open_enum! {
    /// The billing term on the quoting surface: with spaces where the partner surface has hyphens.
    pub enum QuoteBillingTerm {
        /// Every month.
        Monthly = "Monthly",
        /// Every year.
        Annual = "Annual",
        /// A year.
        OneYear = "1 Year",
        /// Two years.
        TwoYear = "2 Year",
        /// Three years.
        ThreeYear = "3 Year",
        /// A trial.
        Trial = "Trial",
        /// An activation fee.
        Activation = "Activation",
        /// Once.
        OneTime = "One-Time",
    }

    /// What varies in a usage-based quote line.
    pub enum UsageBasedType {
        /// The price is flat.
        PriceFlat = "PRICE_FLAT",
        /// The price varies.
        PriceVaries = "PRICE_VARIES",
        /// The quantity varies.
        QuantityVaries = "QTY_VARIES",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A line of a quote.
    pub struct QuoteLineItem {
        /// UUID.
        pub id: String,
        /// The product.
        pub product: Option<QuoteProduct>,
        /// How many.
        pub quantity: Option<Decimal>,
        /// The billing term.
        pub billing_term: Option<QuoteBillingTerm>,
        /// The commitment term.
        pub commitment_term: Option<QuoteCommitment>,
        /// The day from which it counts.
        pub effective_date: Option<DateTime>,
        /// The price.
        pub price: Option<Money>,
        /// The cost.
        pub cost: Option<Money>,
        /// A note.
        pub note: Option<String>,
        /// What it depends on.
        pub relationship: Option<QuoteLineRelationship>,
        /// The subscription it is about.
        pub subscription_id: Option<String>,
        /// Its totals.
        pub totals: Option<QuoteTotals>,
        /// What varies, for usage.
        pub usage_based: Option<UsageBased>,
    }

    /// The product of a quote line.
    pub struct QuoteProduct {
        /// UUID.
        pub id: String,
        /// Its name.
        pub name: Option<String>,
        /// Its SKU.
        pub sku: Option<String>,
        /// `Standalone`, `Solution` or `Custom`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// Only partners sell it.
        pub is_msp_only: Option<bool>,
    }

    /// The commitment of a quote line.
    pub struct QuoteCommitment {
        /// UUID.
        pub id: Option<String>,
        /// Its length as text.
        pub term: Option<String>,
    }

    /// What a quote line depends on.
    pub struct QuoteLineRelationship {
        /// Another line.
        pub required_line_item_id: Option<String>,
        /// A subscription.
        pub required_subscription_id: Option<String>,
    }

    /// What varies in a usage-based line.
    pub struct UsageBased {
        /// What varies.
        #[serde(rename = "type")]
        pub kind: UsageBasedType,
        /// The note is shown.
        pub display_note: bool,
    }

    /// What a new quote line refers to.
    #[derive(Default)]
    pub struct LineItemReferences {
        /// The commitment term.
        pub commitment_term_id: Option<String>,
        /// The subscription it changes.
        pub subscription_id: Option<String>,
        /// The line it needs, once that exists.
        pub required_line_item_id: Option<String>,
        /// The line it needs, by its place in the same call.
        pub required_line_item_index: Option<u32>,
        /// The subscription it needs.
        pub required_subscription_id: Option<String>,
    }
}

impl UsageBased {
    /// What varies.
    #[must_use]
    pub fn new(kind: UsageBasedType, display_note: bool) -> Self {
        Self { kind, display_note }
    }
}

/// What every quote line to be written has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LineItemTerms {
    /// The day from which it counts.
    pub effective_date: DateTime<Utc>,
    /// The price per unit.
    #[serde(with = "provider_core::wire::number")]
    pub price: Decimal,
    /// How many.
    pub quantity: u32,
    /// A note of up to 2,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The billing term.
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

/// A quote line to be added. At most 30 lines a quote; related lines go in one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum AddLineItem {
    /// A product of the catalog.
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
        #[serde(with = "provider_core::wire::number")]
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
        #[serde(with = "provider_core::wire::number")]
        cost: Decimal,
        /// The one-time setup price.
        #[serde(with = "provider_core::wire::number")]
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
    /// A product of the catalog.
    Standard {
        /// The line.
        id: String,
        /// The commitment term.
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
        /// The commitment term.
        #[serde(skip_serializing_if = "Option::is_none")]
        commitment_term_id: Option<String>,
        /// The cost per unit.
        #[serde(with = "provider_core::wire::number")]
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
        #[serde(with = "provider_core::wire::number")]
        cost: Decimal,
        /// The one-time setup price.
        #[serde(with = "provider_core::wire::number")]
        initial_total: Decimal,
        /// Price, quantity, term.
        #[serde(flatten)]
        terms: LineItemTerms,
    },
}
