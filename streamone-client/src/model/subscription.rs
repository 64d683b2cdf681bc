//! Subscriptions.

mod detail;

use super::order::Attribute;
use super::{Id, Json};
use crate::wire::{record, words};

pub use detail::{Activity, ActivityLogs, PriceAdjustment};

words! {
    /// The state of a subscription. Documented in upper case, delivered in lower case.
    SubscriptionStatus {
        Accepted = "ACCEPTED",
        Active = "ACTIVE",
        Available = "AVAILABLE",
        Cancelled = "CANCELLED" | "CANCELED",
        Complete = "COMPLETE",
        Confirmed = "CONFIRMED",
        Deleted = "DELETED",
        Disabled = "DISABLED",
        Enabled = "ENABLED",
        Error = "ERROR",
        Expired = "EXPIRED",
        Failed = "FAILED",
        Initiated = "INITIATED",
        InProgress = "IN_PROGRESS" | "IN PROGRESS",
        Paused = "PAUSED",
        Pending = "PENDING",
        Running = "RUNNING",
        Stopped = "STOPPED",
        Suspended = "SUSPENDED",
    }
}

record! {
    /// A subscription. What single reads add is empty in lists.
    Subscription {
        /// The internal id: what the single read takes.
        id: id,
        /// The internal id of a nested resource.
        internal_id: id,
        /// The provider's id (a GUID at Microsoft): `resourceId` in orders. Its case may vary.
        subscription_id: text,
        /// The customer.
        customer_id: id,
        /// The reseller.
        reseller_id: id,
        /// The seller of the product.
        isv_id: id,
        /// The cloud provider: 30 is Microsoft, 1 is AWS.
        cloud_provider_id: id,
        /// The cloud provider's name.
        cloud_provider_name: text,
        /// Its name.
        subscription_name: text,
        /// Such as `AZURE::Subscription`.
        resource_type: text,
        /// Product of the catalogue, to repeat in orders. May be missing for imported subscriptions.
        ccp_product_id: text,
        /// SKU of the catalogue.
        ccp_sku_id: text,
        /// Plan of the catalogue.
        ccp_plan_id: text,
        /// The catalogue's ids and names.
        ccp_product_info: one(CatalogueInfo),
        /// The provider's product.
        subscription_product_id: text,
        /// The provider's SKU.
        subscription_sku_id: text,
        /// The provider's offer; its parts are joined by `:` or `,`.
        subscription_offer_id: text,
        /// Seats.
        subscription_total_licenses: num,
        /// The unit, such as `Licenses`.
        unit_type: text,
        /// The state.
        subscription_status: one(SubscriptionStatus),
        /// When it was bought.
        subscription_purchased_date: moment,
        /// When it started.
        subscription_start_date: moment,
        /// When it ends; means nothing where it equals the start.
        subscription_end_date: moment,
        /// Until when it can be cancelled or reduced.
        cancellation_allowed_until_date: moment,
        /// When it renews.
        renewal_date: moment,
        /// When it last changed.
        last_updated_date: moment,
        /// Such as `license`.
        subscription_billing_type: text,
        /// How often it is billed, such as `monthly` or `one_time`.
        subscription_billing_cycle: text,
        /// The commitment, such as `P1Y`.
        subscription_billing_term: text,
        /// Such as `ENABLED`.
        subscription_renew_status: text,
        /// Whether it renews by itself.
        auto_renew: flag,
        /// Whether it is a trial.
        is_trial: flag,
        /// The customer's name.
        customer_name: text,
        /// The partner's name.
        partner_name: text,
        /// What the customer pays for a unit; 0 for usage plans.
        price: num,
        /// What the reseller pays for a unit.
        cost: num,
        /// The vendor's list price for a unit.
        msrp: num,
        /// Price times seats.
        total: num,
        /// Price less cost.
        margin: num,
        /// ISO 4217 code of all amounts.
        currency: text,
        /// `PRODUCT:SKU:TERM:CYCLE`; absent for usage plans.
        mfg_part_number: text,
        /// The reseller's purchase order number.
        #[serde(rename = "resellerPO", alias = "resellerPo")]
        reseller_po: text,
        /// The customer's purchase order number.
        #[serde(rename = "customerPO", alias = "customerPo")]
        customer_po: text,
        /// The currency of billing (perpetual and virtual machines at Microsoft).
        billing_currency: text,
        /// What the customer pays (perpetual and virtual machines at Microsoft).
        customer_cost: num,
        /// Further billing data.
        billing_data: json,
        /// The subscription it is an add-on of.
        parent_subscription_id: id,

        /// Its history; of single reads.
        activity_logs: one(ActivityLogs),
        /// What it was provisioned with; of single reads.
        attributes: many(Attribute),
        /// Discounts and surcharges; of single reads.
        price_adjustments: many(PriceAdjustment),
        /// Fields of the reseller, an object or a list; of single reads.
        custom_fields: json,
        /// Entitlements; of single reads.
        entitlements: json,
        /// Resources below it; of single reads.
        resources: many(Subscription),
        /// Lines (IBM); of single reads.
        line_items: many(Json),
        /// Contacts (Sophos); of single reads.
        contacts: json,
        /// The subscription it belongs to (Sophos); of single reads.
        related_subscription: json,
        /// Products (Sophos); of single reads.
        products: json,
        /// Reservations; of single reads.
        reservations: json,
    }

    /// The catalogue's ids and names.
    CatalogueInfo {
        /// Product.
        product_id: text,
        /// Its name.
        product_display_name: text,
        /// SKU.
        sku_id: text,
        /// Its name.
        sku_display_name: text,
        /// Plan.
        plan_id: text,
        /// Its name.
        plan_display_name: text,
    }
}

impl Subscription {
    /// Product, SKU and plan of the catalogue, as an order has to repeat them. `None` for a subscription
    /// that was imported without them.
    #[must_use]
    pub fn catalogue_ids(&self) -> Option<(&str, &str, &str)> {
        let info = self.ccp_product_info.as_ref();
        Some((
            pick(&self.ccp_product_id, info.and_then(|i| i.product_id.as_deref()))?,
            pick(&self.ccp_sku_id, info.and_then(|i| i.sku_id.as_deref()))?,
            pick(&self.ccp_plan_id, info.and_then(|i| i.plan_id.as_deref()))?,
        ))
    }

    /// The id that the single read takes, wherever the record stands.
    #[must_use]
    pub fn own_id(&self) -> Option<&Id> {
        self.id.as_ref().or(self.internal_id.as_ref())
    }
}

fn pick<'a>(own: &'a Option<String>, named: Option<&'a str>) -> Option<&'a str> {
    own.as_deref().filter(|id| !id.is_empty()).or(named).filter(|id| !id.is_empty())
}
