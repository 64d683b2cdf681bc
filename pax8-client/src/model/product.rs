//! Products, prices, dependencies and provisioning questions.

use super::{BillingTerm, PricingType, ProvisioningValueType, RateChargeType};
use crate::wire::record;

record! {
    /// A product. `description` comes with `GET /v1/products/{productId}` only.
    Product {
        /// UUID.
        id: id,
        /// Name.
        name: text,
        /// The vendor's name.
        vendor_name: text,
        /// One line.
        short_description: text,
        /// Long text, possibly HTML.
        description: text,
        /// Pax8's SKU.
        sku: text,
        /// The vendor's SKU; for Microsoft possibly `productId:skuId`.
        vendor_sku: text,
        /// Deprecated Microsoft SKU.
        alt_vendor_sku: text,
        /// Orders must name a commitment.
        requires_commitment: flag,
    }
}

record! {
    /// The price of one billing term and commitment. No currency is given.
    Pricing {
        /// The product.
        product_id: text,
        /// Its name.
        product_name: text,
        /// How often one pays.
        billing_term: one BillingTerm,
        /// How long one commits, as text such as `1-Year`; absent without commitment.
        commitment_term: text,
        /// The commitment in months.
        commitment_term_in_months: number,
        /// How the price depends on the quantity.
        #[serde(rename = "type")]
        kind: one PricingType,
        /// The unit, such as `User`.
        unit_of_measurement: text,
        /// Prices by quantity.
        rates: list Rate,
    }
}

record! {
    /// The price of a band of quantities.
    Rate {
        /// What the partner pays.
        partner_buy_rate: number,
        /// The list price.
        suggested_retail_price: number,
        /// First quantity; absent means 0.
        start_quantity_range: number,
        /// Last quantity; absent or `null` means open.
        end_quantity_range: number,
        /// What it is multiplied by.
        charge_type: one RateChargeType,
    }
}

record! {
    /// What a product depends on: `GET /v1/products/{productId}/dependencies`.
    #[derive(Default)]
    Dependencies {
        /// Commitments to choose from.
        commitment_dependencies: list Commitment,
        /// Products it needs or excludes.
        product_dependencies: list ProductDependency,
    }
}

record! {
    /// A commitment that an order can name.
    Commitment {
        /// UUID; sent as `commitmentTermId`.
        id: id,
        /// Its length as text: `Monthly`, `1-Year`, `Annual`, `3-Year`.
        term: text,
        /// It renews by itself.
        auto_renew: flag,
        /// How many days before its end it can be renewed.
        renewal_window_days_before_term_end: number,
        /// How many days after its end it can be renewed.
        renewal_window_days_after_term_end: number,
        /// The quantity may grow.
        allow_for_quantity_increase: flag,
        /// The quantity may shrink.
        allow_for_quantity_decrease: flag,
        /// It can be cancelled early.
        allow_for_early_cancellation: flag,
        /// Cancelling costs a fee.
        cancellation_fee_applied: flag,
        /// It can move to another partner.
        is_transferable: flag,
    }
}

record! {
    /// Products of which any one satisfies the constraint.
    ProductDependency {
        /// The kind of constraint, such as `Requires`.
        name: text,
        /// The products.
        products: list Product,
    }
}

record! {
    /// A provisioning question of a product. Neither which ones are required nor which depend on others
    /// is told: an order with `isMock=true` finds out.
    ProvisioningDetail {
        /// The key, specific to the product.
        key: text,
        /// The question.
        label: text,
        /// A hint.
        description: text,
        /// How it is answered.
        value_type: one ProvisioningValueType,
        /// What can be chosen.
        possible_values: list String,
        /// What was answered.
        values: list String,
        /// Undocumented.
        partner_shell_template_id: text,
    }
}

record! {
    /// The answer to a provisioning question.
    ProvisioningAnswer {
        /// The key.
        key: must String,
        /// Always a list, also for one value; each equal to a possible value to the letter.
        values: must Vec<String>,
    }
}

impl ProvisioningAnswer {
    /// An answer.
    #[must_use]
    pub fn new(key: impl Into<String>, values: Vec<String>) -> Self {
        Self { key: key.into(), values }
    }
}
