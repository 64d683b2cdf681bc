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
    /// The kind of a document. Do not add up different kinds: a statement and the invoice for it state the same
    /// money.
    pub enum InvoiceKind {
        /// An issued invoice.
        Invoice = "invoice",
        /// A statement of what is or will be invoiced: it is not owed in addition to the invoice.
        Statement = "statement",
        /// An invoice that is not issued yet: its lines may still change.
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
        /// Void: not to be paid.
        Void = "void",
        /// Its balance was carried over to another invoice.
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
    /// The kind of charge on an invoice line.
    pub enum InvoiceLineKind {
        /// A full term of a subscription.
        Subscription = "subscription",
        /// A prorated charge, or money back, for a part of a term.
        Prorate = "prorate",
        /// A one-time purchase.
        OneTime = "one_time",
        /// Consumption.
        Usage = "usage",
        /// A credit: money that is given back.
        Credit = "credit",
        /// A rebate.
        Rebate = "rebate",
        /// A fee of the distributor.
        Fee = "fee",
        /// Tax.
        Tax = "tax",
    }
}

impl InvoiceLineKind {
    /// Sorts a line into prorates and credits, by one rule for all distributors: the kind that the line has by
    /// its charge and amount.
    ///
    /// `charge` is the distributor's own word for the charge, where it has one. A charge for a part of a term is a
    /// prorate, whichever way the money goes: one that is taken back has a negative amount. A charge that is called
    /// a credit or a refund is a credit. Else a subscription, a purchase or consumption with a negative amount is a
    /// credit, and everything else stays what it is.
    ///
    /// ```
    /// use provider_core::model::InvoiceLineKind::{Credit, Fee, Prorate, Subscription};
    ///
    /// let owed = |amount: i64| Some(amount.into());
    /// assert_eq!(Subscription.charged(Some("cancelProrate"), owed(-13)), Prorate);
    /// assert_eq!(Subscription.charged(Some("customer credit"), owed(-13)), Credit);
    /// assert_eq!(Subscription.charged(Some("cancelImmediate"), owed(-13)), Credit);
    /// assert_eq!(Subscription.charged(Some("cycleFee"), owed(13)), Subscription);
    /// assert_eq!(Fee.charged(None, owed(-1)), Fee);
    /// ```
    #[must_use]
    pub fn charged(self, charge: Option<&str>, amount: Option<Decimal>) -> Self {
        let word: String = charge
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let back = amount.is_some_and(|amount| amount < Decimal::ZERO);
        match self {
            _ if word.contains("prorat") => Self::Prorate,
            _ if word.contains("credit") || word.contains("refund") => Self::Credit,
            Self::Subscription | Self::OneTime | Self::Usage if back => Self::Credit,
            other => other,
        }
    }
}

/// Who owes the total of a document: whether it is a cost or a claim of the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InvoiceSide {
    /// The partner owes it to the distributor.
    Payable,
    /// The customer owes it to the partner.
    Receivable,
}

/// An invoice, a statement or a draft. Do not add up different kinds: a statement and the invoice for it are
/// the same money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Invoice {
    /// The distributor's id.
    pub id: InvoiceId,
    /// What kind of document it is.
    pub kind: InvoiceKind,
    /// Who owes it.
    pub side: InvoiceSide,
    /// The number that is printed on it.
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
    /// The period it is for.
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
    pub fn new(id: impl Into<InvoiceId>, kind: InvoiceKind, side: InvoiceSide) -> Self {
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
    /// The customer it is for, by the id that customers are listed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// What the distributor calls the customer where it gives no id that is listed: a reference, a domain or
    /// a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_reference: Option<String>,
    /// The subscription it is for, by the id that subscriptions are listed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// The vendor's own id of the subscription, where the line has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_subscription_id: Option<String>,
    /// The product it is for, by the id that the catalog lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    /// The vendor's SKU or part number, where the line has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The text of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How many units; negative for credits.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub quantity: Option<Decimal>,
    /// The unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What the distributor charges the partner for the whole line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[doc(alias = "price")]
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
    /// The period it is for.
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
            customer_reference: None,
            subscription: None,
            vendor_subscription_id: None,
            product: None,
            sku: None,
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
