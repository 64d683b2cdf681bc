//! Prices of a customer's price book, by the vendor's part numbers; and the price books of v1.

use provider_core::records;
use serde::Serialize;

use crate::model::Json;

/// What to price: `POST /accounts/{account}/products:pricing`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PricingQuery {
    /// Part numbers by cloud provider.
    pub external_product_with_provider: Vec<ExternalProducts>,
    /// The customer whose price book is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_book_customer_id: Option<i64>,
}

/// Part numbers of one cloud provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExternalProducts {
    /// The provider's code, such as `azure`.
    pub provider: String,
    /// Part numbers.
    pub external_products: Vec<String>,
}

provider_http::setters! {
    PricingQuery {
        /// Part numbers by cloud provider.
        pub external_product_with_provider: Vec<ExternalProducts>,
        /// The customer whose price book is asked.
        pub price_book_customer_id: Option<i64>,
    }
}

impl ExternalProducts {
    /// These part numbers of one cloud provider.
    #[must_use]
    pub fn new(
        provider: impl Into<String>,
        part_numbers: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            provider: provider.into(),
            external_products: part_numbers.into_iter().map(Into::into).collect(),
        }
    }
}

impl PricingQuery {
    /// Prices these part numbers of one provider.
    #[must_use]
    pub fn new(
        provider: impl Into<String>,
        part_numbers: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let products = ExternalProducts::new(provider, part_numbers);
        Self { external_product_with_provider: vec![products], price_book_customer_id: None }
    }

    /// Asks the price book of this customer.
    #[must_use]
    pub const fn for_customer(mut self, customer: i64) -> Self {
        self.price_book_customer_id = Some(customer);
        self
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// Priced plans.
    pub struct PricedPlans {
        /// One for each part number that was found.
        pub plans: Vec<PricedPlan>,
    }

    /// What the price book says about one part number.
    pub struct PricedPlan {
        /// The part number.
        pub product_id: Option<String>,
        /// What the price book says.
        pub pricebook_price: Option<Decimal>,
        /// The currency.
        pub pricebook_currency: Option<String>,
        /// What the master price book says.
        pub pricebook_master_price: Option<Decimal>,
        /// False when it is not in the price book.
        pub product_availability: Option<bool>,
        /// Further notes: `SkuDescription`, `Market`, `ProductId`, `SkuId`, `UnitOfMeasure`.
        pub pricebook_details: Option<Json>,
        /// The support plan.
        pub support_plan: Option<SupportPlanPrice>,
    }

    /// What a support plan costs.
    pub struct SupportPlanPrice {
        /// By the price book.
        pub pricebook_cost: Option<Decimal>,
        /// For the account.
        pub account_cost: Option<Decimal>,
    }

    /// A price book of v1. Known from one source only.
    pub struct PriceBook {
        /// What it prices.
        pub items: Vec<PriceBookItem>,
    }

    /// One price of a price book.
    pub struct PriceBookItem {
        /// The product.
        pub product_name: Option<String>,
        /// The price.
        pub price: Option<Decimal>,
        /// ISO 4217 code.
        pub currency: Option<String>,
    }
}
