//! Invoices, statements, drafts and their lines.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Detail;
use crate::id::{CustomerId, InvoiceId, InvoiceLineId, OrganizationId, ProductId, SubscriptionId};
use crate::period::Period;
use crate::price::Price;
use crate::raw::Raw;

open_enum! {
    /// What kind of document it is.
    pub enum InvoiceKind {
        /// An issued invoice.
        Invoice = "invoice",
        /// A statement of what will be or was invoiced: not a claim of its own.
        Statement = "statement",
        /// Lines that are still being gathered.
        Draft = "draft",
    }
}

open_enum! {
    /// The state of an invoice.
    pub enum InvoiceStatus {
        /// To be paid.
        Open = "open",
        /// Paid.
        Paid = "paid",
        /// Taken back.
        Void = "void",
        /// Its balance was carried to another invoice.
        Carried = "carried",
        /// Nothing is due.
        NothingDue = "nothing_due",
        /// Replaced by a corrected one.
        Credited = "credited",
        /// Being prepared.
        Draft = "draft",
    }
}

open_enum! {
    /// What an invoice line charges for.
    pub enum InvoiceLineKind {
        /// A term of a subscription.
        Subscription = "subscription",
        /// A part of a term.
        Prorate = "prorate",
        /// Something bought once.
        OneTime = "one_time",
        /// Consumption.
        Usage = "usage",
        /// Money given back.
        Credit = "credit",
        /// A rebate.
        Rebate = "rebate",
        /// The distributor's own charge.
        Fee = "fee",
        /// Tax.
        Tax = "tax",
    }
}

/// Who owes a document's total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Side {
    /// The partner owes it to the distributor.
    Payable,
    /// The customer owes it to the partner.
    Receivable,
}

/// An invoice, a statement or a draft. Never add up kinds: a statement and the invoice for it are the same money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Invoice {
    /// The distributor's id.
    pub id: InvoiceId,
    /// What kind of document it is.
    pub kind: InvoiceKind,
    /// Who owes it.
    pub side: Side,
    /// The printed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<InvoiceStatus>,
    /// The partner's organization it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The customer it is for, on the receivable side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The day it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
    /// The day it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// The time it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Its total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Price>,
    /// What is still to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Price>,
    /// How much of the record this is.
    #[serde(default)]
    pub detail: Detail,
    /// The record's own JSON, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
}

impl Invoice {
    /// A document of which only this is known.
    #[must_use]
    pub fn new(id: impl Into<InvoiceId>, kind: InvoiceKind, side: Side) -> Self {
        Self {
            id: id.into(),
            kind,
            side,
            number: None,
            status: None,
            organization: None,
            customer: None,
            issued_on: None,
            due_on: None,
            period: None,
            total: None,
            balance: None,
            detail: Detail::default(),
            raw: None,
        }
    }
}

/// One line of an invoice, statement or draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct InvoiceLine {
    /// The distributor's id, where lines have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<InvoiceLineId>,
    /// The document it stands on.
    pub invoice: InvoiceId,
    /// What it charges for.
    pub kind: InvoiceLineKind,
    /// The customer it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The subscription it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// The product it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How many units; negative for credits.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub quantity: Option<Decimal>,
    /// The unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What the distributor charges the partner for the whole line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Price>,
    /// What the customer is charged for the whole line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Price>,
    /// The tax on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Price>,
    /// The distributor's billing fee on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Price>,
    /// The time it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The purchase order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_order: Option<String>,
    /// The record's own JSON, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
}

impl InvoiceLine {
    /// A line of which only this is known.
    #[must_use]
    pub fn new(invoice: impl Into<InvoiceId>, kind: InvoiceLineKind) -> Self {
        Self {
            id: None,
            invoice: invoice.into(),
            kind,
            customer: None,
            subscription: None,
            product: None,
            description: None,
            quantity: None,
            unit: None,
            cost: None,
            sale: None,
            tax: None,
            fee: None,
            period: None,
            purchase_order: None,
            raw: None,
        }
    }
}
