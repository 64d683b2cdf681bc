//! Products, prices, dependencies and provisioning questions.

use provider_core::{open_enum, records};

open_enum! {
    /// The billing term, which is how often one pays, on the partner surface.
    pub enum BillingTerm {
        /// Every month.
        Monthly = "Monthly",
        /// Every year.
        Annual = "Annual",
        /// Every two years.
        TwoYear = "2-Year",
        /// Every three years.
        ThreeYear = "3-Year",
        /// Once.
        OneTime = "One-Time",
        /// Once, in the spelling that some answers have. [`BillingTerm::to_order`] is the one to send.
        OneTimeDigit = "1-Time",
        /// Nothing, while a trial runs.
        Trial = "Trial",
        /// An activation fee.
        Activation = "Activation",
    }

    /// How a price depends on the quantity.
    pub enum PricingType {
        /// One price.
        Flat = "Flat",
        /// The band of the whole quantity decides.
        Volume = "Volume",
        /// Each unit is priced in its own band.
        Tiered = "Tiered",
        /// A markup on what is consumed.
        MarkUp = "Mark-Up",
    }

    /// What a rate is multiplied by.
    pub enum RateChargeType {
        /// The quantity.
        PerUnit = "Per Unit",
        /// Nothing: it is the price of the band.
        FlatRate = "Flat Rate",
    }

    /// How a provisioning question is answered.
    pub enum ProvisioningValueType {
        /// Free text.
        Input = "Input",
        /// One of the possible values.
        SingleValue = "Single-Value",
        /// Several of the possible values.
        MultiValue = "Multi-Value",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A product. `description` comes with `GET /v1/products/{productId}` only.
    pub struct Product {
        /// UUID.
        pub id: String,
        /// Name.
        pub name: Option<String>,
        /// The vendor's name.
        pub vendor_name: Option<String>,
        /// One line.
        pub short_description: Option<String>,
        /// Long text, possibly HTML.
        pub description: Option<String>,
        /// Pax8's SKU.
        pub sku: Option<String>,
        /// The vendor's SKU; for Microsoft possibly `productId:skuId`.
        pub vendor_sku: Option<String>,
        /// Deprecated Microsoft SKU.
        pub alt_vendor_sku: Option<String>,
        /// Orders must name a commitment.
        pub requires_commitment: Option<bool>,
    }

    /// The price of one billing term and commitment. No currency is given.
    pub struct Pricing {
        /// The product.
        pub product_id: Option<String>,
        /// Its name.
        pub product_name: Option<String>,
        /// The billing term.
        pub billing_term: Option<BillingTerm>,
        /// The commitment term, as text such as `1-Year`; absent without commitment.
        pub commitment_term: Option<String>,
        /// The length of the commitment term in months.
        pub commitment_term_in_months: Option<Decimal>,
        /// How the price depends on the quantity.
        #[serde(rename = "type")]
        pub kind: Option<PricingType>,
        /// The unit, such as `User`.
        pub unit_of_measurement: Option<String>,
        /// Prices by quantity.
        pub rates: Vec<Rate>,
    }

    /// The price of a band of quantities.
    pub struct Rate {
        /// What the partner pays.
        pub partner_buy_rate: Option<Decimal>,
        /// The list price.
        pub suggested_retail_price: Option<Decimal>,
        /// First quantity; absent means 0.
        pub start_quantity_range: Option<Decimal>,
        /// Last quantity; absent or `null` means open.
        pub end_quantity_range: Option<Decimal>,
        /// What it is multiplied by.
        pub charge_type: Option<RateChargeType>,
    }

    /// What a product depends on: `GET /v1/products/{productId}/dependencies`.
    #[derive(Default)]
    pub struct Dependencies {
        /// Commitment terms to choose from.
        pub commitment_dependencies: Vec<Commitment>,
        /// Products it needs or excludes.
        pub product_dependencies: Vec<ProductDependency>,
    }

    /// A commitment term that an order can name.
    pub struct Commitment {
        /// UUID; sent as `commitmentTermId`.
        pub id: String,
        /// Its length as text: `Monthly`, `1-Year`, `Annual`, `3-Year`.
        pub term: Option<String>,
        /// It renews by itself.
        pub auto_renew: Option<bool>,
        /// How many days before its end it can be renewed.
        pub renewal_window_days_before_term_end: Option<Decimal>,
        /// How many days after its end it can be renewed.
        pub renewal_window_days_after_term_end: Option<Decimal>,
        /// The quantity may grow.
        pub allow_for_quantity_increase: Option<bool>,
        /// The quantity may shrink.
        pub allow_for_quantity_decrease: Option<bool>,
        /// It can be cancelled early.
        pub allow_for_early_cancellation: Option<bool>,
        /// Cancelling costs a fee.
        pub cancellation_fee_applied: Option<bool>,
        /// It can move to another partner.
        pub is_transferable: Option<bool>,
    }

    /// Products of which any one satisfies the constraint.
    pub struct ProductDependency {
        /// The kind of constraint, such as `Requires`.
        pub name: Option<String>,
        /// The products.
        pub products: Vec<Product>,
    }

    /// A provisioning question of a product. Neither which ones are required nor which depend on others
    /// is told: an order with `isMock=true` finds out.
    pub struct ProvisioningDetail {
        /// The key, specific to the product.
        pub key: Option<String>,
        /// The question.
        pub label: Option<String>,
        /// A hint.
        pub description: Option<String>,
        /// How it is answered.
        pub value_type: Option<ProvisioningValueType>,
        /// What can be chosen.
        pub possible_values: Vec<String>,
        /// What was answered.
        pub values: Vec<String>,
        /// Undocumented.
        pub partner_shell_template_id: Option<String>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// The answer to a provisioning question.
    pub struct ProvisioningAnswer {
        /// The key.
        pub key: String,
        /// Always a list, also for one value; each equal to a possible value to the letter.
        pub values: ::std::vec::Vec<String>,
    }
}

impl BillingTerm {
    /// The spelling that orders and filters take.
    #[must_use]
    pub fn to_order(&self) -> Self {
        if *self == Self::OneTimeDigit { Self::OneTime } else { self.clone() }
    }
}

impl ProvisioningAnswer {
    /// An answer.
    #[must_use]
    pub fn new(key: impl Into<String>, values: Vec<String>) -> Self {
        Self { key: key.into(), values }
    }
}
