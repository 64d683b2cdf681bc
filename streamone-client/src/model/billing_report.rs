//! Billing reports of v1: trees whose depth differs from provider to provider.

use provider_core::records;

use crate::model::{Id, Json};

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A billing report.
    pub struct BillingReport {
        /// Whether it worked.
        pub success: Option<bool>,
        /// Why not.
        pub message: Option<String>,
        /// The currencies of the figures.
        pub currency_option: Option<BillingCurrencies>,
        /// One tree for each customer.
        pub data: Vec<BillingNode>,
    }

    /// The currencies of a report's figures.
    pub struct BillingCurrencies {
        /// Of costs.
        pub cost_currency: Option<String>,
        /// Of prices.
        pub price_currency: Option<String>,
    }

    /// A node: leaves hold figures, the others hold nodes.
    pub struct BillingNode {
        /// What it is about.
        pub entity: Option<BillingEntity>,
        /// The nodes below it.
        pub lines: Vec<BillingNode>,
        /// The figures of a leaf.
        pub data: Option<BillingFigures>,
    }

    /// What a node is about. Its members are written in snake_case.
    pub struct BillingEntity {
        /// Its id: the customer's at the top, a name further down.
        pub id: Option<Id>,
        /// Such as `customer`, `subscription`, `product`, `sku`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// The company's name.
        pub company: Option<String>,
        /// A name.
        pub name: Option<String>,
        /// Exchange rates, in words.
        #[serde(rename = "conversion_rates")]
        pub conversion_rates: Option<Json>,
        /// ISO 4217 code of the costs below.
        #[serde(rename = "cost_currency")]
        pub cost_currency: Option<String>,
        /// ISO 4217 code of the prices below.
        #[serde(rename = "price_currency")]
        pub price_currency: Option<String>,
        /// Whether it is a credit.
        #[serde(rename = "is_credit")]
        pub is_credit: Option<bool>,
        /// What for.
        #[serde(rename = "credit_name")]
        pub credit_name: Option<String>,
    }

    /// The figures of a leaf; negative for credits.
    pub struct BillingFigures {
        /// What the customer pays.
        pub price: Option<Decimal>,
        /// What the reseller pays.
        pub cost: Option<Decimal>,
        /// How much was used.
        pub usage: Option<Decimal>,
        /// The unit.
        pub unit: Option<String>,
    }
}
