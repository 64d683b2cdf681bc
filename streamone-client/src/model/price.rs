//! Prices of a customer's price book, by the vendor's part numbers; and the price books of v1.

use serde::Serialize;

use crate::wire::record;

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

impl PricingQuery {
    /// Prices these part numbers of one provider.
    #[must_use]
    pub fn new(
        provider: impl Into<String>,
        part_numbers: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let products = ExternalProducts {
            provider: provider.into(),
            external_products: part_numbers.into_iter().map(Into::into).collect(),
        };
        Self { external_product_with_provider: vec![products], price_book_customer_id: None }
    }

    /// Asks the price book of this customer.
    #[must_use]
    pub const fn for_customer(mut self, customer: i64) -> Self {
        self.price_book_customer_id = Some(customer);
        self
    }
}

record! {
    /// Priced plans.
    PricedPlans {
        /// One for each part number that was found.
        plans: many(PricedPlan),
    }

    /// What the price book says about one part number.
    PricedPlan {
        /// The part number.
        product_id: text,
        /// What the price book says.
        pricebook_price: num,
        /// The currency.
        pricebook_currency: text,
        /// What the master price book says.
        pricebook_master_price: num,
        /// False when it is not in the price book.
        product_availability: flag,
        /// Further notes: `SkuDescription`, `Market`, `ProductId`, `SkuId`, `UnitOfMeasure`.
        pricebook_details: json,
        /// The support plan.
        support_plan: one(SupportPlanPrice),
    }

    /// What a support plan costs.
    SupportPlanPrice {
        /// By the price book.
        pricebook_cost: num,
        /// For the account.
        account_cost: num,
    }

    /// A price book of v1. Known from one source only.
    PriceBook {
        /// What it prices.
        items: many(PriceBookItem),
    }

    /// One price of a price book.
    PriceBookItem {
        /// The product.
        product_name: text,
        /// The price.
        price: num,
        /// ISO 4217 code.
        currency: text,
    }
}
