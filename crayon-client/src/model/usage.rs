//! What usage costs.

use crate::wire::SecretText;

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// What one Azure subscription cost in the time asked for.
    pub struct OrganizationUsageCost {
        /// Who supplies it.
        pub supplier: Option<String>,
        /// The tenant.
        pub account_id: Option<i64>,
        /// The tenant's name.
        pub account_name: Option<String>,
        /// The subscription's name.
        pub subscription_name: Option<String>,
        /// The subscription's id at the publisher.
        pub subscription_id: Option<String>,
        /// What the partner pays.
        pub amount: Option<Decimal>,
        /// The currency.
        pub currency_code: Option<String>,
    }

    /// What a part of the usage cost. Which names are set depends on the question.
    pub struct UsageCost {
        /// The category.
        pub category: Option<String>,
        /// The subcategory.
        pub subcategory: Option<String>,
        /// The meter.
        pub meter: Option<String>,
        /// The resource group.
        pub resource_group: Option<String>,
        /// What the partner pays.
        pub amount: Option<Decimal>,
        /// The currency.
        pub currency_code: Option<String>,
    }

    /// Where the usage of a month is found.
    pub struct MonthlyUsage {
        /// The file.
        pub file: Option<UsageFile>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// Which part of a subscription's usage is asked for.
    pub struct UsageCostRequest {
        /// The tenant.
        pub reseller_customer_id: Option<i64>,
        /// The subscription's id at the publisher.
        pub subscription_id: Option<String>,
        /// Only of this category.
        pub category: Option<String>,
        /// Only of this subcategory.
        pub subcategory: Option<String>,
        /// Only of this resource group.
        pub resource_group: Option<String>,
        /// In this currency.
        pub currency_code: Option<String>,
        /// From this time on.
        pub from: Option<DateTime>,
        /// Up to this time.
        pub to: Option<DateTime>,
    }

    /// A file behind a signed address.
    pub struct UsageFile {
        /// The address. It lets anybody read the file: treat it as a secret.
        pub url: Option<SecretText>,
        /// Until when it works.
        pub url_expiry: Option<DateTime>,
        /// When the file last changed.
        pub last_modified: Option<DateTime>,
    }
}
