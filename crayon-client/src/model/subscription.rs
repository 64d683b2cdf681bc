//! Subscriptions and their add-ons.

mod change;

use serde::{Deserialize, Deserializer};

use super::{
    BillingCycleEnum, ObjectReference, ProductReference, ProvisionType, SortOrder, SubscriptionPriceType,
    TermDuration,
};
use crate::wire::Paging;

pub use change::*;

/// The add-ons in their order. `null` among them is one of which nothing is known, not even its id: it must cost neither
/// the others nor what they belong to.
fn add_ons<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SubscriptionAddOn>, D::Error> {
    let sent = Option::<Vec<Option<SubscriptionAddOn>>>::deserialize(deserializer)?;
    Ok(sent.unwrap_or_default().into_iter().map(Option::unwrap_or_default).collect())
}

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// An add-on of a subscription, with an id of its own.
    pub struct SubscriptionAddOn {
        /// Its id.
        pub id: Option<i64>,
        /// Its id at the publisher.
        pub publisher_subscription_id: Option<String>,
        /// The customer's id at the publisher.
        pub publisher_customer_id: Option<String>,
        /// Its name.
        pub name: Option<String>,
        /// Its status.
        pub status: Option<SubscriptionStatus>,
        /// How many.
        pub quantity: Option<i64>,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// The publisher's order.
        pub order_id: Option<String>,
        /// When it was made.
        pub creation_date: Option<DateTime>,
        /// What it is for.
        pub product: Option<ProductReference>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
        /// The partner's markup.
        pub markup: Option<Decimal>,
        /// The partner's own labels.
        pub subscription_tags: Option<SubscriptionTags>,
        /// The commitment term.
        pub term_duration: Option<TermDuration>,
        /// Whether it renews automatically.
        pub auto_renew_enabled: Option<bool>,
        /// Until when it can be cancelled or reduced.
        pub cancellation_allowed_until_date: Option<DateTime>,
    }

    /// What a next term is for.
    pub struct ScheduledProduct {
        /// The product part of the part number.
        pub product_id: Option<String>,
        /// The SKU part of the part number.
        pub sku_id: Option<String>,
        /// The publisher's availability.
        pub availability_id: Option<String>,
        /// The billing cycle, here as a word.
        pub billing_cycle: Option<String>,
        /// The commitment term.
        pub term_duration: Option<TermDuration>,
    }

    /// What was scheduled for the next term.
    pub struct ScheduledNextTermInstructions {
        /// What it will be for.
        pub product: Option<ScheduledProduct>,
        /// How many.
        pub quantity: Option<i64>,
        /// When it will end, where that was chosen.
        pub custom_term_end_date: Option<Moment>,
    }

    /// What a subscription costs the partner.
    pub struct SubscriptionPricing {
        /// The currency.
        pub currency_code: Option<String>,
        /// What the **partner pays** for one unit.
        pub purchase_price: Option<Decimal>,
        /// The list price of one unit.
        pub recommended_retail_price: Option<Decimal>,
    }

    /// A subscription. The members from `effective_start_date` on are in the detailed record only.
    pub struct Subscription {
        /// Its id.
        pub id: i64,
        /// Its id at the publisher; the word `Pending` until there is one.
        pub publisher_subscription_id: Option<String>,
        /// The Azure entitlement.
        pub entitlement_id: Option<String>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
        /// The partner's organization.
        pub organization: Option<ObjectReference>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile: Option<ObjectReference>,
        /// The tenant whose it is.
        pub customer_tenant: Option<CustomerTenantReference>,
        /// What it is for.
        pub product: Option<ProductReference>,
        /// The part number of a new commerce subscription.
        pub part_number: Option<String>,
        /// How many seats.
        pub quantity: Option<i64>,
        /// Its name.
        pub name: Option<String>,
        /// Its status.
        pub status: Option<SubscriptionStatus>,
        /// How it is provided and billed: by seats, by consumption, once.
        pub provision_type: Option<ProvisionType>,
        /// How many add-ons could be bought.
        pub available_addons_count: Option<i64>,
        /// Its add-ons.
        #[serde(default, deserialize_with = "add_ons", skip_serializing_if = "Vec::is_empty")]
        pub subscriptions: ::std::vec::Vec<SubscriptionAddOn>,
        /// The publisher's order.
        pub order_id: Option<String>,
        /// When it was made.
        pub creation_date: Option<DateTime>,
        /// When its term began.
        pub start_date: Option<DateTime>,
        /// When its term ends, which is when it renews.
        pub end_date: Option<DateTime>,
        /// The billing cycle.
        pub billing_cycle: Option<BillingCycleEnum>,
        /// The commitment term; `None` for legacy subscriptions.
        pub term_duration: Option<TermDuration>,
        /// Whether it renews automatically.
        pub auto_renew_enabled: Option<bool>,
        /// Until when it can be cancelled or reduced.
        pub cancellation_allowed_until_date: Option<DateTime>,
        /// What was scheduled for the next term.
        pub scheduled_next_term_instructions: Option<ScheduledNextTermInstructions>,
        /// Whether it is a trial.
        pub is_trial: Option<bool>,
        /// Whether reservations may use it.
        pub registered_for_reserved_instance: Option<bool>,
        /// How the resale price is set.
        pub price_type: Option<SubscriptionPriceType>,
        /// The partner's markup in per cent.
        pub markup: Option<Decimal>,
        /// The **resale price** of one unit, where it is fixed. On a product the same word means the cost.
        pub sales_price: Option<Decimal>,
        /// The partner's own labels.
        pub subscription_tags: Option<SubscriptionTags>,
        /// Whether it may be suspended automatically.
        pub accept_auto_suspension: Option<bool>,
        /// When it will be suspended automatically.
        pub auto_suspension_date: Option<DateTime>,
        /// The maximum quantity that the end customer may set.
        pub max_end_customer_quantity: Option<i64>,
        /// When it first took effect.
        pub effective_start_date: Option<DateTime>,
        /// When the commitment ends.
        pub commitment_end_date: Option<DateTime>,
        /// Why it is suspended: a JSON list inside a text.
        pub suspension_reasons: Option<String>,
        /// The agreement it was bought under.
        pub original_agreement_id: Option<i64>,
        /// What it costs the partner.
        pub pricing: Option<SubscriptionPricing>,
        /// Whether the attestation for education or charity was accepted.
        pub attestation_accepted: Option<bool>,
    }

    /// Where a subscription is activated.
    pub struct ActivationLink {
        /// Whose it is.
        pub subscription_id: Option<String>,
        /// The address.
        pub uri: Option<String>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// A tenant, by its id.
    pub struct CustomerTenantReference {
        /// Its id.
        pub id: i64,
        /// The customer's id at the publisher.
        pub publisher_customer_id: Option<String>,
    }

    /// The partner's own labels of a subscription. They are replaced together.
    pub struct SubscriptionTags {
        /// Whose they are.
        pub subscription_id: Option<i64>,
        /// Cost centre.
        pub cost_center: Option<String>,
        /// Department.
        pub department: Option<String>,
        /// Project.
        pub project: Option<String>,
        /// Anything.
        pub custom: Option<String>,
        /// Owner.
        pub owner: Option<String>,
        /// When they were made.
        pub created_date: Option<DateTime>,
        /// When they last changed.
        pub modified_date: Option<DateTime>,
    }

    /// A subscription to buy directly: legacy offers and Azure plans.
    pub struct NewSubscription {
        /// Its name; new commerce ignores it.
        pub name: Option<String>,
        /// For whom.
        pub customer_tenant: Option<CustomerTenantReference>,
        /// What, by its part number.
        pub product: Option<ProductReference>,
        /// How many.
        pub quantity: Option<i64>,
        /// The billing cycle; needed for new commerce.
        pub billing_cycle: Option<BillingCycleEnum>,
        /// The commitment term; needed for new commerce.
        pub term_duration: Option<TermDuration>,
    }
}

numeric_enum! {
    /// How subscriptions are sorted.
    pub enum SubscriptionSortBy {
        /// By name.
        Name = 0,
        /// By product.
        ProductName = 1,
        /// By creation.
        CreationDate = 2,
        /// By end.
        EndDate = 3,
    }
}

flags! {
    /// The status of a subscription, and a sum of statuses in a filter.
    pub struct SubscriptionStatus {
        /// No status.
        NONE = 0,
        /// Active.
        ACTIVE = 1,
        /// Suspended; can be resumed.
        SUSPENDED = 2,
        /// Deleted.
        DELETED = 4,
        /// Cancelled by the customer.
        CUSTOMER_CANCELLATION = 8,
        /// Converted into another subscription.
        CONVERTED = 16,
        /// Expired.
        EXPIRED = 32,
        /// Waits for the publisher.
        PENDING = 64,
        /// Cancelled.
        CANCELLED = 128,
        /// Suspended by the publisher.
        DISABLED = 256,
        /// All that are not active.
        INACTIVE = 446,
        /// All. Older versions of the API called 31 so, which hides the later statuses.
        ALL = 511,
    }
}

provider_http::query! {
    /// Which subscriptions are listed.
    pub struct SubscriptionFilter paged(Paging) {
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Of this tenant.
        pub customer_tenant_id: Option<i64> = "CustomerTenantId",
        /// Of this publisher.
        pub publisher_id: Option<i64> = "PublisherId",
        /// With any of these statuses: send the sum you want, never a constant of an older SDK.
        pub statuses: Option<SubscriptionStatus> = "Statuses",
        /// Trials only, or none.
        pub is_trial: Option<bool> = "IsTrial",
        /// That reservations may use.
        pub registered_for_reserved_instance: Option<bool> = "RegisteredForReservedInstance",
        /// Whose name, id or product is found by this text.
        pub search: Option<String> = "Search",
        /// Of the customer with this id at the publisher.
        pub publisher_customer_id: Option<String> = "publisherCustomerId",
        /// Read from the publisher first.
        pub sync: Option<bool> = "sync",
        /// Sorted by this.
        pub sort_by: Option<SubscriptionSortBy> = "SortBy",
        /// In this direction.
        pub sort_order: Option<SortOrder> = "SortOrder",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn nothing_among_the_add_ons_costs_itself_alone() {
        let read = |json: &str| serde_json::from_str::<Subscription>(json).unwrap().subscriptions;
        let ids: Vec<_> =
            read(r#"{"Id":1,"Subscriptions":[null,{"Id":"9"}]}"#).iter().map(|one| one.id).collect();
        assert_eq!(ids, [None, Some(9)]);
        assert!(read(r#"{"Id":1,"Subscriptions":null}"#).is_empty() && read(r#"{"Id":1}"#).is_empty());
    }

    #[test]
    fn sums_of_flags_keep_what_is_not_known() {
        let status: SubscriptionStatus = serde_json::from_str("1027").unwrap();
        assert!(status.contains(SubscriptionStatus::ACTIVE | SubscriptionStatus::SUSPENDED));
        assert_eq!(serde_json::to_string(&status).unwrap(), "1027");
        assert_eq!(
            serde_json::from_str::<SubscriptionStatus>("\"CustomerCancellation\"").unwrap(),
            SubscriptionStatus::CUSTOMER_CANCELLATION
        );
    }
}
