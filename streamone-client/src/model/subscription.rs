//! Subscriptions.

mod detail;

use provider_core::model::Raw;
use provider_core::{SubscriptionId, open_enum, records};
use provider_http::Keys;
use provider_http::decode::member;

use super::order::Attribute;
use super::{Id, Json};
use crate::wire::envelope::Entry;

pub use detail::{Activity, ActivityLogs, PriceAdjustment};

open_enum! {
    /// The status of a subscription. Documented in upper case, delivered in lower case.
    pub enum SubscriptionStatus {
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
        InProgress = "IN_PROGRESS",
        Paused = "PAUSED",
        Pending = "PENDING",
        Running = "RUNNING",
        Stopped = "STOPPED",
        Suspended = "SUSPENDED",
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A subscription. What single reads add is empty in lists.
    pub struct Subscription {
        /// The internal id: what the single read takes.
        pub id: Option<Id>,
        /// The internal id of a nested resource.
        pub internal_id: Option<Id>,
        /// The provider's id (a GUID at Microsoft): `resourceId` in orders. Its case may vary.
        pub subscription_id: Option<String>,
        /// The customer.
        pub customer_id: Option<Id>,
        /// The reseller.
        pub reseller_id: Option<Id>,
        /// The seller of the product.
        pub isv_id: Option<Id>,
        /// The cloud provider: 30 is Microsoft, 1 is AWS.
        pub cloud_provider_id: Option<Id>,
        /// The cloud provider's name.
        pub cloud_provider_name: Option<String>,
        /// Its name.
        pub subscription_name: Option<String>,
        /// Such as `AZURE::Subscription`.
        pub resource_type: Option<String>,
        /// Product of the catalog, to repeat in orders. May be missing for imported subscriptions.
        pub ccp_product_id: Option<String>,
        /// SKU of the catalog.
        pub ccp_sku_id: Option<String>,
        /// Plan of the catalog.
        pub ccp_plan_id: Option<String>,
        /// The catalog's ids and names.
        pub ccp_product_info: Option<CatalogInfo>,
        /// The provider's product.
        pub subscription_product_id: Option<String>,
        /// The provider's SKU.
        pub subscription_sku_id: Option<String>,
        /// The provider's offer; its parts are joined by `:` or `,`.
        pub subscription_offer_id: Option<String>,
        /// Seats.
        pub subscription_total_licenses: Option<Decimal>,
        /// The unit, such as `Licenses`.
        pub unit_type: Option<String>,
        /// The status.
        pub subscription_status: Option<SubscriptionStatus>,
        /// When it was bought.
        pub subscription_purchased_date: Option<DateTime>,
        /// When it started.
        pub subscription_start_date: Option<DateTime>,
        /// When it ends; means nothing where it equals the start.
        pub subscription_end_date: Option<DateTime>,
        /// Until when it can be cancelled or reduced.
        pub cancellation_allowed_until_date: Option<DateTime>,
        /// When it renews.
        pub renewal_date: Option<DateTime>,
        /// When it last changed.
        pub last_updated_date: Option<DateTime>,
        /// Such as `license`.
        pub subscription_billing_type: Option<String>,
        /// The billing cycle, such as `monthly` or `one_time`.
        pub subscription_billing_cycle: Option<String>,
        /// The commitment term, such as `P1Y`.
        pub subscription_billing_term: Option<String>,
        /// Such as `ENABLED`.
        pub subscription_renew_status: Option<String>,
        /// Whether it renews automatically.
        pub auto_renew: Option<bool>,
        /// Whether it is a trial.
        pub is_trial: Option<bool>,
        /// The customer's name.
        pub customer_name: Option<String>,
        /// The partner's name.
        pub partner_name: Option<String>,
        /// What the customer pays for a unit; 0 for usage plans.
        pub price: Option<Decimal>,
        /// What the reseller pays for a unit.
        pub cost: Option<Decimal>,
        /// The vendor's list price for a unit.
        pub msrp: Option<Decimal>,
        /// Price times seats.
        pub total: Option<Decimal>,
        /// Price less cost.
        pub margin: Option<Decimal>,
        /// ISO 4217 code of all amounts.
        pub currency: Option<String>,
        /// `PRODUCT:SKU:TERM:CYCLE`; absent for usage plans.
        pub mfg_part_number: Option<String>,
        /// The reseller's purchase order number.
        #[serde(rename = "resellerPO", alias = "resellerPo")]
        pub reseller_po: Option<String>,
        /// The customer's purchase order number.
        #[serde(rename = "customerPO", alias = "customerPo")]
        pub customer_po: Option<String>,
        /// The currency of billing (perpetual and virtual machines at Microsoft).
        pub billing_currency: Option<String>,
        /// What the customer pays (perpetual and virtual machines at Microsoft).
        pub customer_cost: Option<Decimal>,
        /// Further billing data.
        pub billing_data: Option<Json>,
        /// The subscription it is an add-on of.
        pub parent_subscription_id: Option<Id>,

        /// Its history; of single reads.
        pub activity_logs: Option<ActivityLogs>,
        /// What it was provisioned with; of single reads.
        pub attributes: Vec<Attribute>,
        /// Discounts and surcharges; of single reads.
        pub price_adjustments: Vec<PriceAdjustment>,
        /// Fields of the reseller, an object or a list; of single reads.
        pub custom_fields: Option<Json>,
        /// Entitlements; of single reads.
        pub entitlements: Option<Json>,
        /// Resources below it; of single reads.
        pub resources: Vec<Subscription>,
        /// Lines (IBM); of single reads.
        pub line_items: Vec<Json>,
        /// Contacts (Sophos); of single reads.
        pub contacts: Option<Json>,
        /// The subscription it belongs to (Sophos); of single reads.
        pub related_subscription: Option<Json>,
        /// Products (Sophos); of single reads.
        pub products: Option<Json>,
        /// Reservations; of single reads.
        pub reservations: Option<Json>,
    }

    /// The catalog's ids and names.
    pub struct CatalogInfo {
        /// Product.
        pub product_id: Option<String>,
        /// Its name.
        pub product_display_name: Option<String>,
        /// SKU.
        pub sku_id: Option<String>,
        /// Its name.
        pub sku_display_name: Option<String>,
        /// Plan.
        pub plan_id: Option<String>,
        /// Its name.
        pub plan_display_name: Option<String>,
    }
}

impl Entry for Subscription {
    const NAME: &'static str = "items";

    fn own_id(record: &Raw) -> Option<String> {
        let part = |name| member(record, name, Keys::Exact);
        let (customer, own) = (part("customerId")?, part("id")?);
        Some(SubscriptionId::composite([customer.as_str(), own.as_str()]).to_string())
    }
}

impl Subscription {
    /// Product, SKU and plan of the catalog, as an order has to repeat them. `None` for a subscription
    /// that was imported without them.
    #[must_use]
    pub fn catalog_ids(&self) -> Option<(&str, &str, &str)> {
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
        self.id.as_ref().filter(|id| id.is_set()).or(self.internal_id.as_ref()).filter(|id| id.is_set())
    }
}

fn pick<'a>(own: &'a Option<String>, named: Option<&'a str>) -> Option<&'a str> {
    own.as_deref().filter(|id| !id.is_empty()).or(named).filter(|id| !id.is_empty())
}
