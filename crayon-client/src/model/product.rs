//! What can be bought under an agreement, at which price.

mod filter;

use std::collections::BTreeMap;

use super::{AgreementType, BillingCycleEnum, Money, ObjectReference, ProductReference};

pub use filter::*;

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// A product in words. Only where it was asked for.
    pub struct ProductInformation {
        /// Its id where the words come from.
        pub external_product_id: Option<i64>,
        /// The culture of the words.
        pub culture_code: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// A link to more about it.
        pub learn_more_link: Option<String>,
    }

    /// One row of a price list: a variant, under an agreement, at a price.
    pub struct AgreementProduct {
        /// What tells rows apart.
        pub unique_id: Option<String>,
        /// What kind of thing it is.
        pub product_type: Option<ProductTypeDto>,
        /// The product in this form.
        pub product_variant: Option<ProductVariant>,
        /// The agreement.
        pub agreement: Option<ObjectReference>,
        /// Its name.
        pub name: Option<String>,
        /// The price's id.
        pub price_id: Option<i64>,
        /// What the **partner pays**. On a subscription the same word means the resale price.
        pub sales_price: Option<Money>,
        /// The list price.
        pub recommended_retail_price: Option<Money>,
        /// What the partner pays in another unit.
        pub alternative_sales_price: Option<Money>,
        /// The price list.
        pub price_list_name: Option<String>,
        /// How many months the price covers.
        pub month_multiplier: Option<i64>,
        /// How the price is worked out.
        pub price_calculation_type: Option<PriceCalculationType>,
        /// The type of the agreement.
        pub agreement_type: Option<AgreementType>,
        /// The product in words.
        pub product_information: Option<ProductInformation>,
        /// The minimum quantity.
        pub minimum_quantity: Option<i64>,
        /// The maximum quantity.
        pub maximum_quantity: Option<i64>,
        /// The catalog.
        pub catalog: Option<ObjectReference>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// The minimum commitment.
    pub struct MinimumCommitment {
        /// Its id.
        pub id: Option<i64>,
        /// How many months.
        pub months: Option<i64>,
        /// In words.
        pub name: Option<String>,
    }

    /// A product in one form: language, level, commitment.
    pub struct ProductVariant {
        /// Its id, which order lines name.
        pub id: i64,
        /// The product.
        pub product: Option<ProductReference>,
        /// What an order names.
        pub part_number: Option<String>,
        /// The product's name.
        pub product_name: Option<String>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
        /// The program.
        pub program: Option<ObjectReference>,
        /// The family.
        pub product_family: Option<ObjectReference>,
        /// The language.
        pub language: Option<ObjectReference>,
        /// The price level.
        pub level: Option<ObjectReference>,
        /// The type, such as `Subscription`.
        pub product_type: Option<ObjectReference>,
        /// The pool.
        pub pool: Option<ObjectReference>,
        /// The licence type.
        pub license_type: Option<ObjectReference>,
        /// The type of licence agreement.
        pub license_agreement_type: Option<ObjectReference>,
        /// The operating system.
        pub operating_system: Option<ObjectReference>,
        /// The offering.
        pub offering: Option<ObjectReference>,
        /// The minimum commitment.
        pub minimum_commitment: Option<MinimumCommitment>,
        /// Units in one.
        pub unit_count: Option<i64>,
        /// The version.
        pub version: Option<String>,
        /// The unit of purchase.
        pub purchase_unit: Option<String>,
        /// The period of purchase.
        pub purchase_period: Option<String>,
        /// Since when it is sold.
        pub add_date: Option<DateTime>,
        /// Until when it is sold.
        pub delete_date: Option<DateTime>,
        /// The category.
        pub product_category: Option<String>,
        /// The region.
        pub region: Option<String>,
        /// Whether it is a trial.
        pub is_trial: Option<bool>,
        /// The default billing cycle.
        pub default_billing_cycle_id: Option<BillingCycleEnum>,
        /// The billing cycles that it is sold with.
        pub available_billing_cycle_ids: Vec<BillingCycleEnum>,
        /// Further facts, by the publisher's names.
        pub attributes: Option<BTreeMap<String,serde_json::Value>>,
        /// The minimum quantity.
        pub minimum_quantity: Option<Decimal>,
        /// The maximum quantity.
        pub maximum_quantity: Option<Decimal>,
    }
}

numeric_enum! {
    /// How a price is worked out.
    pub enum PriceCalculationType {
        /// Not specified.
        None = 0,
        /// As usual.
        Default = 1,
        /// Select Plus.
        SelectPlus = 2,
        /// Adobe VIP.
        AdobeVip = 3,
        /// MPSA.
        Mpsa = 4,
    }

    /// What kind of thing a product is.
    pub enum ProductTypeDto {
        /// A product.
        Product = 0,
        /// A bundle.
        Bundle = 1,
        /// A service.
        Service = 2,
        /// For internal use.
        Internal = 3,
    }
}
