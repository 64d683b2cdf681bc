//! Reservations, software and one-time purchases.

use super::{BillingCycleType, ObjectReference, ProductVariant, SalesPriceType, SortOrder};
use crate::wire::Paging;

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// The partner's own labels of an asset.
    pub struct AssetTags {
        /// Whose they are.
        pub asset_id: Option<i64>,
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
    }

    /// The subscription that uses a reservation.
    pub struct AssetSubscription {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
        /// Its id at the publisher.
        pub publisher_subscription_id: Option<String>,
        /// The tenant's name.
        pub reseller_customer_name: Option<String>,
    }

    /// A reservation, software or something bought once.
    pub struct Asset {
        /// Its id.
        pub id: i64,
        /// Its status.
        pub status: Option<AssetStatus>,
        /// The order's id at the publisher.
        pub external_order_id: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
        /// The product part of the part number.
        pub external_product_id: Option<String>,
        /// The SKU part of the part number.
        pub external_sku_id: Option<String>,
        /// Its name.
        pub name: Option<String>,
        /// When it began.
        pub start_date: Option<DateTime>,
        /// When it ends.
        pub expiration_date: Option<DateTime>,
        /// The tenant whose it is.
        pub reseller_customer_id: Option<i64>,
        /// What a reservation covers.
        pub scope: Option<AssetScope>,
        /// What kind of thing it is.
        pub asset_type: Option<AssetType>,
        /// The billing cycle.
        pub billing_cycle: Option<BillingCycleType>,
        /// The publisher.
        pub publisher_id: Option<i64>,
        /// The program.
        pub program_id: Option<i64>,
        /// The reservation's id.
        pub reservation_id: Option<String>,
        /// The subscription that uses it.
        pub reservation_used_in_subscription_id: Option<i64>,
        /// The same with its name.
        pub reservation_used_in_subscription: Option<AssetSubscription>,
        /// The currency of what the partner pays.
        pub purchase_currency: Option<String>,
        /// What the **partner pays**.
        pub purchase_price: Option<Decimal>,
        /// The currency of the resale price.
        pub sales_currency: Option<String>,
        /// The **resale price**.
        pub sales_price: Option<Decimal>,
        /// When it was made.
        pub created_date: Option<DateTime>,
        /// When it last changed.
        pub modified_date: Option<DateTime>,
        /// Who changed it.
        pub changed_by: Option<String>,
        /// The resource of a reservation.
        pub reserved_instance_artifact_resource_id: Option<String>,
        /// When it was bought.
        pub purchase_date: Option<DateTime>,
        /// How the resale price is set.
        pub reseller_price_type: Option<SalesPriceType>,
        /// The value of that.
        pub reseller_price_type_value: Option<Decimal>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile: Option<ObjectReference>,
        /// The partner's own labels.
        pub tags: Option<AssetTags>,
        /// Whether it renews automatically.
        pub auto_renew_enabled: Option<bool>,
        /// The variant, from the price list.
        pub product_variant_id: Option<i64>,
        /// The product.
        pub product_id: Option<i64>,
        /// The variant itself.
        pub product_variant: Option<ProductVariant>,
    }
}

numeric_enum! {
    /// What kind of thing an asset is.
    pub enum AssetType {
        /// A reservation.
        Reservation = 1,
        /// Software.
        Software = 2,
        /// A subscription.
        Subscription = 3,
    }

    /// What a reservation covers.
    pub enum AssetScope {
        /// All subscriptions.
        Shared = 1,
        /// One subscription.
        Single = 2,
        /// Management groups.
        ManagementGroups = 3,
    }

    /// How assets are sorted.
    pub enum AssetSortBy {
        /// By product.
        ProductName = 0,
        /// By purchase date.
        PurchaseDate = 1,
        /// By expiry.
        ExpirationDate = 2,
    }
}

flags! {
    /// The status of an asset.
    pub struct AssetStatus {
        /// No status.
        NONE = 0,
        /// Being carried out.
        FULFILLING = 1,
        /// Carried out.
        SUCCEEDED = 2,
        /// Cancelled.
        CANCELLED = 4,
        /// Expired.
        EXPIRED = 8,
        /// All.
        ALL = 15,
    }
}

provider_http::query! {
    /// Which assets, or processed orders, are listed.
    pub struct AssetFilter paged(Paging) {
        /// Of this tenant.
        pub reseller_customer_id: Option<i64> = "ResellerCustomerId",
        /// Of this publisher.
        pub publisher_id: Option<i64> = "PublisherId",
        /// Of this order.
        pub external_order_id: Option<String> = "ExternalOrderId",
        /// Of these orders.
        pub external_order_ids: Vec<String> = "ExternalOrderIds",
        /// With this reservation.
        pub reservation_id: Option<String> = "ReservationId",
        /// Of this type.
        pub asset_type: Option<AssetType> = "AssetType",
        /// With this status.
        pub status: Option<AssetStatus> = "Status",
        /// With this invoice profile.
        pub invoice_profile_id: Option<i64> = "InvoiceProfileId",
        /// Found by this text.
        pub search: Option<String> = "Search",
        /// Sorted by this.
        pub sort_by: Option<AssetSortBy> = "SortBy",
        /// In this direction.
        pub sort_order: Option<SortOrder> = "SortOrder",
    }
}
