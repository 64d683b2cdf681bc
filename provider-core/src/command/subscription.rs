//! Commands about subscriptions.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{OfferId, ProductId, SubscriptionId};
use crate::patch::Patch;
use crate::setters::setters;
use crate::term::{BillingCycle, Term};

/// When a change takes effect.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effective {
    /// At once.
    #[default]
    Now,
    /// At the end of the term.
    TermEnd,
    /// On this day.
    On(NaiveDate),
}

/// Changes how many units a subscription has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChangeQuantity {
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// The resulting total, in units: never a difference.
    #[serde(with = "crate::wire::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DecimalText"))]
    pub quantity: Decimal,
    /// The quantity the caller believes it has. If it has another one, nothing is sent (`PreconditionFailed`).
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub expected: Option<Decimal>,
    /// When it takes effect.
    #[serde(default)]
    pub effective: Effective,
}

impl ChangeQuantity {
    /// Changes it now, whatever quantity it has.
    #[must_use]
    pub fn new(subscription: impl Into<SubscriptionId>, quantity: impl Into<Decimal>) -> Self {
        Self {
            subscription: subscription.into(),
            quantity: quantity.into(),
            expected: None,
            effective: Effective::default(),
        }
    }
}

setters!(ChangeQuantity {
    /// Refuses to change it unless it has this quantity now.
    expected: Decimal,
    /// Sets when it takes effect.
    effective: Effective,
});

/// Changes what happens at the end of the term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChangeRenewal {
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// Whether it renews by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_renew: Option<bool>,
    /// The quantity of the next term.
    #[serde(default, with = "crate::patch::decimal", skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub quantity: Patch<Decimal>,
    /// The commitment term of the next term.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub commitment_term: Patch<Term>,
    /// The billing cycle of the next term.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub billing_cycle: Patch<BillingCycle>,
    /// The product of the next term.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub product: Patch<ProductId>,
    /// The offer of the next term.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub offer: Patch<OfferId>,
    /// The end of the next term.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub ends_at: Patch<DateTime<Utc>>,
}

impl ChangeRenewal {
    /// Changes nothing yet.
    #[must_use]
    pub fn new(subscription: impl Into<SubscriptionId>) -> Self {
        Self {
            subscription: subscription.into(),
            auto_renew: None,
            quantity: Patch::Keep,
            commitment_term: Patch::Keep,
            billing_cycle: Patch::Keep,
            product: Patch::Keep,
            offer: Patch::Keep,
            ends_at: Patch::Keep,
        }
    }
}

setters!(ChangeRenewal {
    /// Renews it by itself, or not.
    auto_renew: bool,
    /// Renews it with this quantity.
    quantity: Decimal,
    /// Renews it for this commitment.
    commitment_term: Term,
    /// Pays this often in the next term.
    billing_cycle: BillingCycle,
    /// Renews it as this product.
    product: ProductId,
    /// Renews it by this offer.
    offer: OfferId,
    /// Ends the next term then.
    ends_at: DateTime<Utc>,
});

/// Suspends a subscription; its billing may go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SuspendSubscription {
    /// Which subscription.
    pub subscription: SubscriptionId,
}

impl SuspendSubscription {
    /// Suspends this one.
    #[must_use]
    pub fn new(subscription: impl Into<SubscriptionId>) -> Self {
        Self { subscription: subscription.into() }
    }
}

/// Resumes a suspended subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ResumeSubscription {
    /// Which subscription.
    pub subscription: SubscriptionId,
}

impl ResumeSubscription {
    /// Resumes this one.
    #[must_use]
    pub fn new(subscription: impl Into<SubscriptionId>) -> Self {
        Self { subscription: subscription.into() }
    }
}

/// Cancels a subscription for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CancelSubscription {
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// When it takes effect.
    #[serde(default)]
    pub effective: Effective,
}

impl CancelSubscription {
    /// Cancels it now.
    #[must_use]
    pub fn new(subscription: impl Into<SubscriptionId>) -> Self {
        Self { subscription: subscription.into(), effective: Effective::default() }
    }
}

setters!(CancelSubscription {
    /// Sets when it takes effect.
    effective: Effective,
});
