//! Resellers' own prices.

use chrono::{DateTime, Utc};

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// What a reseller charges.
    pub struct ResellerSalesPrice {
        /// What it is for.
        pub object_id: Option<i64>,
        /// What kind of thing that is.
        pub object_type: Option<ResellerSalesPriceObjectType>,
        /// What is sold.
        #[serde(rename = "Type")]
        pub r#type: Option<ResellerSalesPriceType>,
        /// How the price is set.
        pub price_type: Option<ResellerSalesPricePriceType>,
        /// The markup, discount or price.
        pub value: Option<Decimal>,
        /// Since when.
        pub from_date: Option<DateTime>,
        /// Who set it.
        pub changed_by: Option<String>,
    }

    /// Switches a reseller's prices on or off.
    pub struct ResellerSalesPriceToggle {
        /// On or off.
        pub toggle: Option<bool>,
        /// For what.
        pub object_id: Option<i64>,
        /// What kind of thing that is.
        pub object_type: Option<ResellerSalesPriceObjectType>,
    }
}

numeric_enum! {
    /// How the resale price of a subscription is set.
    pub enum SubscriptionPriceType {
        /// From what the partner pays.
        PurchasePrice = 1,
        /// From the list price.
        ListPrice = 2,
        /// A price of its own.
        FixedPrice = 3,
    }

    /// How a resale price is set, in the older numbering.
    pub enum SalesPriceType {
        /// Not specified.
        None = -1,
        /// By margin.
        Margin = 0,
        /// By markup.
        Markup = 1,
        /// A price of its own.
        FixedPrice = 2,
        /// The list price.
        ListPrice = 3,
    }

    /// How a reseller's price is set.
    pub enum ResellerSalesPricePriceType {
        /// Markup on cost.
        MarkupOnCost = 1,
        /// A price of its own.
        FixedPrice = 2,
        /// The list price.
        ListPrice = 3,
        /// A discount on the estimated retail price.
        DiscountOnEstimatedRetailPrice = 4,
    }

    /// What a reseller's price is for.
    pub enum ResellerSalesPriceType {
        /// Licences.
        License = 1,
        /// Consumption.
        Usage = 2,
        /// New commerce licences.
        NCELicense = 3,
        /// Azure plans.
        AzurePlan = 4,
        /// Azure reservations.
        AzureReservation = 5,
        /// Software.
        Software = 6,
    }

    /// The kind of record that a reseller's price is for.
    pub enum ResellerSalesPriceObjectType {
        /// An organization.
        Organization = 1,
        /// A tenant.
        CustomerTenant = 2,
        /// A subscription.
        Subscription = 3,
        /// An add-on.
        SubscriptionAddon = 4,
        /// An Azure subscription.
        AzureSubscription = 5,
        /// An asset.
        Asset = 6,
    }
}

provider_http::query! {
    /// Which prices are meant.
    pub struct ResellerSalesPriceFilter {
        /// For what is sold.
        pub price_for: Option<ResellerSalesPriceType> = "Type",
        /// For this object.
        pub object_id: Option<i64> = "ObjectId",
        /// Of this kind.
        pub object_type: Option<ResellerSalesPriceObjectType> = "ObjectType",
        /// As of this time.
        pub from_date: Option<DateTime<Utc>> = "FromDate",
    }
}
