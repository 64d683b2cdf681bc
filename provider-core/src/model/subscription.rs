//! Subscriptions.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Detail;
use crate::id::{CustomerId, OfferId, ProductId, SubscriptionId};
use crate::price::Price;
use crate::raw::Raw;
use crate::term::{BillingCycle, Term};

open_enum! {
    /// The state of a subscription.
    pub enum SubscriptionStatus {
        /// In use, and no trial.
        Active = "active",
        /// In use as a trial.
        Trial = "trial",
        /// Ordered, not yet provisioned.
        Pending = "pending",
        /// Suspended; it can be resumed.
        Suspended = "suspended",
        /// Still in use, and already cancelled: it ends at a later date.
        PendingCancellation = "pending_cancellation",
        /// Ended because somebody cancelled it.
        Cancelled = "cancelled" | "canceled",
        /// Ended because its term was over.
        Expired = "expired",
        /// Turned into another subscription.
        Converted = "converted",
        /// Stopped by the vendor or the distributor.
        Disabled = "disabled",
        /// Removed; still listed.
        Deleted = "deleted",
        /// Could not be provisioned.
        Failed = "failed",
    }
}

impl SubscriptionStatus {
    /// True for states in which the customer uses it, will use it, or can use it again.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(
            self,
            Self::Active | Self::Trial | Self::Pending | Self::Suspended | Self::PendingCancellation
        )
    }
}

impl Default for SubscriptionStatus {
    fn default() -> Self {
        Self::Other("unknown".into())
    }
}

/// The product of a subscription, as far as the distributor names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SubscriptionProduct {
    /// The product's id, where the distributor gives the one of its catalog.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ProductId>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The vendor's SKU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The vendor's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
}

/// The changes that are scheduled for the next term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NextTerm {
    /// The quantity of the next term.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub quantity: Option<Decimal>,
    /// The commitment term of the next term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_term: Option<Term>,
    /// The billing cycle of the next term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_cycle: Option<BillingCycle>,
    /// The product of the next term, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<SubscriptionProduct>,
    /// The end that was chosen for the next term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
}

/// A customer's subscription to a product: its quantity, terms, prices and dates.
///
/// Listings hold ended ones too: look at `status`, or filter by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Subscription {
    /// The distributor's id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Its product.
    #[serde(default)]
    pub product: SubscriptionProduct,
    /// The offer it was bought by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferId>,
    /// Its name, often chosen by people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its state.
    #[serde(default)]
    pub status: SubscriptionStatus,
    /// How many units; `None` where the distributor does not say, which is not 0.
    #[serde(default, with = "crate::wire::decimal::option", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DecimalText>"))]
    pub quantity: Option<Decimal>,
    /// The unit, such as `User` or `Licenses`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The billing cycle: how often it is paid for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_cycle: Option<BillingCycle>,
    /// The commitment term: for how long it was bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_term: Option<Term>,
    /// When the commitment ends; `None` without one, and where the distributor does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_ends_at: Option<DateTime<Utc>>,
    /// What the distributor charges the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[doc(alias = "price")]
    pub cost: Option<Price>,
    /// What the partner charges the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_price: Option<Price>,
    /// When it started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends, or ended; `None` without an end, and where the distributor does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
    /// The first day that is billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_starts_on: Option<NaiveDate>,
    /// When it renews; `None` where it does not renew, and where the distributor does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews_at: Option<DateTime<Utc>>,
    /// Whether it renews by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_renew: Option<bool>,
    /// The changes that are scheduled for the next term; `None` where none are, or none are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_term: Option<NextTerm>,
    /// Until when it can be cancelled or its quantity reduced, as the distributor says;
    /// [`guard`](crate::commitment::guard) knows the rules besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellable_until: Option<DateTime<Utc>>,
    /// Whether it is a trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<bool>,
    /// The subscription it is an add-on of, by the id that subscriptions are listed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<SubscriptionId>,
    /// The vendor's own id of the subscription it is an add-on of, where the distributor names that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_parent_id: Option<String>,
    /// The vendor's own id, such as Microsoft's GUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_subscription_id: Option<String>,
    /// Purchase order numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purchase_orders: Vec<String>,
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

impl Subscription {
    /// A subscription of which only this is known; its status starts as `Other("unknown")`.
    #[must_use]
    pub fn new(
        id: impl Into<SubscriptionId>,
        customer: impl Into<CustomerId>,
        quantity: impl Into<Decimal>,
    ) -> Self {
        Self { quantity: Some(quantity.into()), ..Self::without_quantity(id, customer) }
    }

    /// As [`new`](Self::new), of which not even the quantity is known.
    ///
    /// ```
    /// use provider_core::Subscription;
    ///
    /// assert_eq!(Subscription::new("S-1", "C-1", 10).quantity, Some(10.into()));
    /// assert_eq!(Subscription::without_quantity("S-1", "C-1").quantity, None);
    /// ```
    #[must_use]
    pub fn without_quantity(id: impl Into<SubscriptionId>, customer: impl Into<CustomerId>) -> Self {
        Self {
            id: id.into(),
            customer: customer.into(),
            product: SubscriptionProduct::default(),
            offer: None,
            name: None,
            status: SubscriptionStatus::default(),
            quantity: None,
            unit: None,
            billing_cycle: None,
            commitment_term: None,
            commitment_ends_at: None,
            cost: None,
            customer_price: None,
            starts_at: None,
            ends_at: None,
            billing_starts_on: None,
            renews_at: None,
            auto_renew: None,
            next_term: None,
            cancellable_until: None,
            trial: None,
            parent: None,
            vendor_parent_id: None,
            vendor_subscription_id: None,
            purchase_orders: Vec::new(),
            created_at: None,
            updated_at: None,
            detail: Detail::default(),
            raw: None,
        }
    }

    /// Says whether it is a trial, by one meaning for all distributors: what is in use and a trial is
    /// [`Trial`](SubscriptionStatus::Trial), and what is `Trial` is one. Set the status first.
    ///
    /// ```
    /// use provider_core::{Subscription, SubscriptionStatus};
    ///
    /// let mut subscription = Subscription::new("S-1", "C-1", 10);
    /// subscription.status = SubscriptionStatus::Active;
    /// subscription.tell_trial(Some(true));
    /// assert_eq!(subscription.status, SubscriptionStatus::Trial);
    /// subscription.status = SubscriptionStatus::Cancelled;
    /// subscription.tell_trial(Some(true));
    /// assert_eq!((subscription.status, subscription.trial), (SubscriptionStatus::Cancelled, Some(true)));
    /// ```
    pub fn tell_trial(&mut self, trial: Option<bool>) {
        self.trial = if self.status == SubscriptionStatus::Trial { Some(true) } else { trial };
        if self.trial == Some(true) && self.status == SubscriptionStatus::Active {
            self.status = SubscriptionStatus::Trial;
        }
    }
}
