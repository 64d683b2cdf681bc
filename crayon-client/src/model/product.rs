//! What can be bought under an agreement, at which price.

use std::collections::BTreeMap;

use super::{
    AgreementType, BillingCycleEnum, Money, ObjectReference, PriceCalculationType, ProductReference,
    ProductTypeDto, SortOrder,
};

wire! {
    /// A product in words. Only where it was asked for.
    pub struct ProductInformation {
        /// Its id where the words come from.
        pub external_product_id: Option<i64>,
        /// The culture of the words.
        pub culture_code: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Where more is said.
        pub learn_more_link: Option<String>,
    }

    /// The least time one commits for.
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
        /// The least time one commits for.
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
        /// How it is paid unless said otherwise.
        pub default_billing_cycle_id: Option<BillingCycleEnum>,
        /// How it can be paid.
        pub available_billing_cycle_ids: Vec<BillingCycleEnum>,
        /// Further facts, by the publisher's names.
        pub attributes: Option<BTreeMap<String,serde_json::Value>>,
        /// The least that can be bought.
        pub minimum_quantity: Option<Decimal>,
        /// The most that can be bought.
        pub maximum_quantity: Option<Decimal>,
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
        /// The least that can be bought.
        pub minimum_quantity: Option<i64>,
        /// The most that can be bought.
        pub maximum_quantity: Option<i64>,
        /// The catalog.
        pub catalog: Option<ObjectReference>,
    }

    /// A billing cycle with its name.
    pub struct BillingCycle {
        /// Its number in the enum of subscriptions.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
    }

    /// How many products share a value.
    pub struct Facet {
        /// The value.
        pub key: Option<String>,
        /// How many.
        pub doc_count: Option<i64>,
    }

    /// How many products a publisher has, by program.
    pub struct PublisherFacet {
        /// The publisher.
        pub key: Option<String>,
        /// How many.
        pub doc_count: Option<i64>,
        /// By program.
        pub programs: Vec<Facet>,
    }

    /// Which products are listed; also sent as a body, where a query would get too long.
    pub struct AgreementProductFilter {
        /// Of this organization.
        pub organization_id: Option<i64>,
        /// As this tenant may buy them.
        pub customer_tenant_id: Option<i64>,
        /// Under this agreement.
        pub agreement_id: Option<i64>,
        /// Under these agreements.
        pub agreement_ids: Vec<i64>,
        /// Under agreements of these types.
        pub agreement_type_ids: Vec<AgreementType>,
        /// Of this price list.
        pub price_list_id: Option<i64>,
        /// Found by this text.
        pub search: Option<String>,
        /// As of this time.
        pub search_date: Option<DateTime>,
        /// Trials only, or none.
        pub is_trial: Option<bool>,
        /// With the product in words.
        pub include_product_information: Option<bool>,
        /// Only what fits this.
        pub include: Option<AgreementProductSubFilter>,
        /// Nothing that fits this.
        pub exclude: Option<AgreementProductSubFilter>,
        /// Sorted by this.
        pub sort_key: Option<String>,
        /// In this direction.
        pub sort_order: Option<SortOrder>,
        /// Whether impossible combinations of term and cycle are listed too.
        pub ignore_term_billing_cycle_combinations_check: Option<bool>,
        /// The page, from 1.
        pub page: Option<i64>,
        /// Records a page.
        pub page_size: Option<i64>,
    }

    /// Values that products have, or must not have.
    pub struct AgreementProductSubFilter {
        /// Part numbers.
        pub part_numbers: Vec<String>,
        /// Ids of publishers.
        pub publisher_ids: Vec<i64>,
        /// Publishers.
        pub publisher_names: Vec<String>,
        /// Pools.
        pub pool_names: Vec<String>,
        /// Operating systems.
        pub operating_system_names: Vec<String>,
        /// Price levels.
        pub level_names: Vec<String>,
        /// Languages.
        pub language_names: Vec<String>,
        /// Types of licence agreement.
        pub license_agreement_type_names: Vec<String>,
        /// Licence types.
        pub license_type_names: Vec<String>,
        /// Product families.
        pub product_family_names: Vec<String>,
        /// Product types.
        pub product_type_names: Vec<String>,
        /// Programs.
        pub program_names: Vec<String>,
        /// Offerings.
        pub offering_names: Vec<String>,
        /// Purchase periods.
        pub purchase_period_names: Vec<String>,
        /// Purchase units.
        pub purchase_unit_names: Vec<String>,
        /// Versions.
        pub version_names: Vec<String>,
        /// Regions.
        pub region_names: Vec<String>,
        /// Product categories.
        pub product_category_names: Vec<String>,
        /// Catalogs.
        pub catalog_names: Vec<String>,
        /// Billing cycles.
        pub billing_cycles: Vec<String>,
    }
}
