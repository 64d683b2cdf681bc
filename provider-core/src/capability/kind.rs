//! The kinds of records and of commands.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of records that a provider lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntityKind {
    /// [`Customer`](crate::Customer)
    Customer,
    /// [`Product`](crate::Product)
    Product,
    /// [`Subscription`](crate::Subscription)
    Subscription,
    /// [`Order`](crate::Order)
    Order,
    /// [`Invoice`](crate::Invoice)
    Invoice,
    /// [`InvoiceLine`](crate::InvoiceLine)
    InvoiceLine,
    /// [`UsageRecord`](crate::UsageRecord)
    Usage,
}

impl EntityKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Customer,
        Self::Product,
        Self::Subscription,
        Self::Order,
        Self::Invoice,
        Self::InvoiceLine,
        Self::Usage,
    ];

    /// The plural in snake_case, as the examples' `--entity` takes it.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Customer => "customers",
            Self::Product => "products",
            Self::Subscription => "subscriptions",
            Self::Order => "orders",
            Self::Invoice => "invoices",
            Self::InvoiceLine => "invoice_lines",
            Self::Usage => "usage",
        }
    }
}

impl fmt::Display for EntityKind {
    /// In words: `invoice line`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Customer => "customer",
            Self::Product => "product",
            Self::Subscription => "subscription",
            Self::Order => "order",
            Self::Invoice => "invoice",
            Self::InvoiceLine => "invoice line",
            Self::Usage => "usage",
        })
    }
}

/// The kinds of [`Command`](crate::Command).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CommandKind {
    /// [`CreateCustomer`](crate::CreateCustomer)
    CreateCustomer,
    /// [`UpdateCustomer`](crate::UpdateCustomer)
    UpdateCustomer,
    /// [`AttachCustomer`](crate::AttachCustomer)
    AttachCustomer,
    /// [`RecordConsent`](crate::RecordConsent)
    RecordConsent,
    /// [`PlaceOrder`](crate::PlaceOrder)
    PlaceOrder,
    /// [`CancelOrder`](crate::CancelOrder)
    CancelOrder,
    /// [`ChangeQuantity`](crate::ChangeQuantity)
    ChangeQuantity,
    /// [`ChangeRenewal`](crate::ChangeRenewal)
    ChangeRenewal,
    /// [`Suspend`](crate::SuspendSubscription)
    Suspend,
    /// [`Resume`](crate::ResumeSubscription)
    Resume,
    /// [`CancelSubscription`](crate::CancelSubscription)
    CancelSubscription,
}

impl CommandKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::CreateCustomer,
        Self::UpdateCustomer,
        Self::AttachCustomer,
        Self::RecordConsent,
        Self::PlaceOrder,
        Self::CancelOrder,
        Self::ChangeQuantity,
        Self::ChangeRenewal,
        Self::Suspend,
        Self::Resume,
        Self::CancelSubscription,
    ];

    /// The name in words, for messages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CreateCustomer => "create customer",
            Self::UpdateCustomer => "update customer",
            Self::AttachCustomer => "attach customer",
            Self::RecordConsent => "record consent",
            Self::PlaceOrder => "place order",
            Self::CancelOrder => "cancel order",
            Self::ChangeQuantity => "change quantity",
            Self::ChangeRenewal => "change renewal",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::CancelSubscription => "cancel subscription",
        }
    }
}

impl fmt::Display for CommandKind {
    /// In words: `place order`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
