//! Purchase requests: carts that are verified, then checked out.

use std::collections::BTreeMap;

use super::{AssetScope, AssetTags, AssetType, BillingCycleType, SalesPriceType, SortOrder, TermDuration};
use crate::wire::Paging;

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// One line of a scheduled order.
    pub struct ScheduledPurchaseLine {
        /// Its number within the order.
        pub order_number: Option<String>,
        /// What it is for.
        pub catalog_id: Option<String>,
        /// Its name.
        pub name: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
        /// The billing cycle, here as a word.
        pub billing_cycle: Option<String>,
        /// The commitment term.
        pub term_duration: Option<TermDuration>,
        /// The e-mail address that is notified.
        pub email_receiver: Option<String>,
        /// When it will be bought.
        pub scheduled_date: Option<Moment>,
    }

    /// A scheduled order: nothing is bought before its date.
    pub struct ScheduledPurchaseRequest {
        /// What it is found by.
        pub order_reference_id: Option<String>,
        /// Its lines.
        pub order_items: Vec<ScheduledPurchaseLine>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// What is wrong with a purchase request.
    pub struct PurchaseRequestError {
        /// Which part of it.
        pub order_group_id: Option<String>,
        /// The reason's code.
        pub code: Option<i64>,
        /// In words.
        pub description: Option<String>,
    }

    /// What is wrong with a line.
    pub struct PurchaseLineError {
        /// The reason's code.
        pub reason_code: Option<String>,
        /// In words.
        pub description: Option<String>,
        /// Further facts.
        pub properties: Option<BTreeMap<String,Option<String>>>,
    }

    /// One line of a purchase request.
    pub struct PurchaseRequestLine {
        /// The product part of the part number.
        pub product_id: Option<String>,
        /// The SKU part of the part number.
        pub sku_id: Option<String>,
        /// The variant, from the price list.
        pub product_variant_id: Option<i64>,
        /// `ProductId:SkuId:AvailabilityId`; filled in by the verification.
        pub catalog_item_id: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
        /// The billing cycle.
        pub billing_cycle: Option<BillingCycleType>,
        /// The commitment term.
        pub term_duration: Option<TermDuration>,
        /// What kind of thing it is.
        #[serde(rename = "Type")]
        pub r#type: Option<AssetType>,
        /// The subscription a reservation is for.
        pub subscription_id: Option<i64>,
        /// The region of a reservation.
        pub arm_region_name: Option<String>,
        /// What a reservation covers.
        pub scope: Option<AssetScope>,
        /// Answers that the product asks for.
        pub provisioning_context: Option<BTreeMap<String,Option<String>>>,
        /// Whether stock is checked first.
        pub requires_inventory_check: Option<bool>,
        /// Whether it is a trial.
        pub is_trial: Option<bool>,
        /// Its name.
        pub name: Option<String>,
        /// Whether the attestation was accepted.
        pub attestation_accepted: Option<bool>,
        /// How the resale price is set.
        pub reseller_price_type: Option<SalesPriceType>,
        /// The value of that.
        pub reseller_price_type_value: Option<Decimal>,
        /// The partner's own labels.
        pub tags: Option<AssetTags>,
        /// When the first term shall end.
        pub custom_term_end_date: Option<DateTime>,
        /// What is wrong with it.
        pub errors: Vec<PurchaseLineError>,
    }

    /// A cart, and an order made from it.
    pub struct PurchaseRequestOrder {
        /// For which tenant.
        pub reseller_customer_id: Option<i64>,
        /// The order's id at the publisher.
        pub external_order_id: Option<String>,
        /// The country.
        pub country_code: Option<String>,
        /// The administrator's account.
        pub admin_account: Option<String>,
        /// The e-mail address that is notified.
        pub notification_email: Option<String>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile_id: Option<i64>,
        /// The day on which to buy.
        pub scheduled_purchase_date: Option<DateTime>,
        /// What is wrong with it.
        pub errors: Vec<PurchaseRequestError>,
        /// Its lines.
        pub order_lines: Vec<PurchaseRequestLine>,
    }
}

impl PurchaseRequestLine {
    /// What an order names: `ProductId:SkuId`, or the product alone where it has no SKU, as legacy offers.
    #[must_use]
    pub fn part_number(&self) -> Option<String> {
        let filled = |text: &'_ Option<String>| text.clone().filter(|text| !text.is_empty());
        let product = filled(&self.product_id)?;
        Some(match filled(&self.sku_id) {
            Some(sku) => format!("{product}:{sku}"),
            None => product,
        })
    }
}

provider_http::query! {
    /// Which scheduled orders are listed.
    pub struct ScheduledPurchaseFilter paged(Paging) {
        /// Of this tenant.
        pub reseller_customer_id: Option<i64> = "ResellerCustomerId",
        /// In this direction.
        pub sort_order: Option<SortOrder> = "SortOrder",
    }
}
