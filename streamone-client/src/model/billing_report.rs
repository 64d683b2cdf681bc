//! Billing reports of v1: trees whose depth differs from provider to provider.

use crate::wire::record;

record! {
    /// A billing report.
    BillingReport {
        /// Whether it worked.
        success: flag,
        /// Why not.
        message: text,
        /// The currencies of the figures.
        currency_option: one(BillingCurrencies),
        /// One tree for each customer.
        data: many(BillingNode),
    }

    /// The currencies of a report's figures.
    BillingCurrencies {
        /// Of costs.
        cost_currency: text,
        /// Of prices.
        price_currency: text,
    }

    /// A node: leaves hold figures, the others hold nodes.
    BillingNode {
        /// What it is about.
        entity: one(BillingEntity),
        /// The nodes below it.
        lines: many(BillingNode),
        /// The figures of a leaf.
        data: one(BillingFigures),
    }

    /// What a node is about. Its members are written in snake_case.
    BillingEntity {
        /// Its id: the customer's at the top, a name further down.
        id: id,
        /// Such as `customer`, `subscription`, `product`, `sku`.
        #[serde(rename = "type")]
        kind: text,
        /// The company's name.
        company: text,
        /// A name.
        name: text,
        /// Exchange rates, in words.
        #[serde(rename = "conversion_rates")]
        conversion_rates: json,
        /// ISO 4217 code of the costs below.
        #[serde(rename = "cost_currency")]
        cost_currency: text,
        /// ISO 4217 code of the prices below.
        #[serde(rename = "price_currency")]
        price_currency: text,
        /// Whether it is money given back.
        #[serde(rename = "is_credit")]
        is_credit: flag,
        /// What for.
        #[serde(rename = "credit_name")]
        credit_name: text,
    }

    /// The figures of a leaf; negative for credits.
    BillingFigures {
        /// What the customer pays.
        price: num,
        /// What the reseller pays.
        cost: num,
        /// How much was used.
        usage: num,
        /// The unit.
        unit: text,
    }
}
