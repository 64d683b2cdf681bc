//! Resellers' own prices.

use chrono::{DateTime, Utc};

use super::{ResellerSalesPriceObjectType, ResellerSalesPricePriceType, ResellerSalesPriceType, query};

wire! {
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

query! {
    /// Which prices are meant.
    pub struct ResellerSalesPriceQuery {
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
