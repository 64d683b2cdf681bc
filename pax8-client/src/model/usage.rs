//! Consumption as the partner sees it.

use provider_core::records;

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// What was consumed so far this month.
    pub struct UsageSummary {
        /// UUID.
        pub id: String,
        /// The company.
        pub company_id: Option<String>,
        /// The subscription.
        pub subscription_id: Option<String>,
        /// The product.
        pub product_id: Option<String>,
        /// The resource group.
        pub resource_group: Option<String>,
        /// The vendor's name.
        pub vendor_name: Option<String>,
        /// What the customer is charged so far.
        pub current_charges: Option<Decimal>,
        /// What the partner is charged so far.
        pub partner_total: Option<Decimal>,
        /// The currency of both.
        pub currency_code: Option<String>,
        /// A trial runs.
        pub is_trial: Option<bool>,
    }

    /// What was consumed on one day.
    pub struct UsageLine {
        /// The summary it belongs to.
        pub usage_summary_id: Option<String>,
        /// The day.
        pub usage_date: Option<Day>,
        /// The product's name.
        pub product_name: Option<String>,
        /// The product.
        pub product_id: Option<String>,
        /// The unit.
        pub unit_of_measure: Option<String>,
        /// How much.
        pub quantity: Option<Decimal>,
        /// The price per unit.
        pub unit_price: Option<Decimal>,
        /// What the customer is charged.
        pub current_charges: Option<Decimal>,
        /// What the partner earns.
        pub current_profit: Option<Decimal>,
        /// What the partner is charged.
        pub partner_total: Option<Decimal>,
        /// The currency of every amount.
        pub currency_code: Option<String>,
        /// A trial runs.
        pub is_trial: Option<bool>,
    }
}
