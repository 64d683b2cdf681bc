//! SKUs, add-ons and plans of a product.

use provider_core::{open_enum, records};

use crate::model::{Id, Json};

open_enum! {
    /// The billing cycle of a plan.
    pub enum BillingPeriod {
        Unspecified = "BILLING_PERIOD_UNSPECIFIED",
        OneTime = "ONE_TIME",
        Minutely = "MINUTELY",
        Hourly = "HOURLY",
        Daily = "DAILY",
        Weekly = "WEEKLY",
        Biweekly = "BIWEEKLY",
        Monthly = "MONTHLY",
        Quarterly = "QUARTERLY",
        Biannual = "BIANNUAL",
        Annual = "ANNUAL",
    }

    /// What kind of phase of a plan it is.
    pub enum PhaseType {
        Unspecified = "PHASE_TYPE_UNSPECIFIED",
        Trial = "TRIAL_PHASE",
        Discount = "DISCOUNT_PHASE",
        Fixed = "FIXED_PHASE",
        Unlimited = "UNLIMITED_PHASE",
    }

    /// A unit of time.
    pub enum TimeUnit {
        Unspecified = "TIME_UNIT_UNSPECIFIED",
        Minute = "MINUTE",
        Hour = "HOUR",
        Day = "DAY",
        Month = "MONTH",
        Quarter = "QUARTER",
        Year = "YEAR",
        Unlimited = "UNLIMITED",
    }

    /// When a cancellation takes effect.
    pub enum CancelTiming {
        EndOfTerm = "END_OF_TERM",
        Immediate = "IMMEDIATE",
    }

    /// What the term of an add-on follows.
    pub enum AddOnAlignment {
        PurchaseDate = "PURCHASE_DATE",
        SubscriptionDate = "SUBSCRIPTION_DATE",
    }
}

/// Add-ons have the members of a SKU and two of their own.
macro_rules! sku_like {
    ($(#[$meta:meta])* $name:ident { $($more:tt)* }) => {
        records! {
            #![serde(rename_all = "camelCase")]
            #![derive(Default)]

            $(#[$meta])*
            pub struct $name {
                /// Its id, which an order names.
                pub id: Option<String>,
                /// Its name.
                pub display_name: Option<String>,
                /// What it is.
                pub description: Option<String>,
                /// A further name.
                pub alias: Option<String>,
                /// The vendor's SKU.
                pub product_id: Option<String>,
                /// `accounts/{account}/cloudProviders/{provider}`.
                pub product_cloud_provider_name: Option<String>,
                /// How it can be bought.
                pub plans: Vec<Plan>,
                /// When a cancellation takes effect.
                pub cancel_timing: Option<CancelTiming>,
                /// Whether it can no longer be bought.
                pub disabled: Option<bool>,
                /// Ids of add-ons that come with it.
                pub included_add_ons: Vec<String>,
                /// Ids of add-ons that can be bought with it.
                pub available_add_ons: Vec<String>,
                /// Features.
                pub features: Vec<SkuFeature>,
                /// Resource names of verticals.
                pub verticals: Vec<String>,
                /// Tax code.
                pub tax_code: Option<String>,
                /// Support plans.
                pub support_plans: Option<Json>,
                /// What the reseller's price book says.
                pub pricebook_price: Option<Decimal>,
                /// What the master price book says.
                pub pricebook_master_price: Option<Decimal>,
                /// The currency of both.
                pub pricebook_currency: Option<String>,
                /// False when it is not in the price book.
                pub product_availability: Option<bool>,
                /// Further notes of the price book.
                pub pricebook_details: Option<Json>,
                $($more)*
            }
        }
    };
}

sku_like! {
    /// One variant of a product.
    Sku {}
}

sku_like! {
    /// Something that is bought with a SKU.
    AddOn {
        /// What its term follows.
        pub alignment: Option<AddOnAlignment>,
        /// Whether it can be bought more than once.
        pub allow_multiple: Option<bool>,
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A feature of a SKU.
    pub struct SkuFeature {
        /// The feature.
        pub feature: Option<String>,
        /// Its value.
        pub display_value: Option<String>,
    }

    /// One way to buy a SKU.
    pub struct Plan {
        /// Its id, which an order names.
        pub id: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
        /// Its icon.
        pub icon: Option<String>,
        /// The vendor's id.
        pub product_id: Option<String>,
        /// The vendor's part number, such as `...:P1Y:M`: product, SKU, term, cycle. Undocumented.
        pub mpn_id: Option<String>,
        /// The billing cycle.
        pub billing_period: Option<BillingPeriod>,
        /// Its phases; prices without a price book.
        pub phases: Vec<Phase>,
        /// Whether an order waits for an approval.
        pub approval_required: Option<bool>,
        /// What the reseller's price book says.
        pub pricebook_price: Option<Decimal>,
        /// What the master price book says.
        pub pricebook_master_price: Option<Decimal>,
        /// The currency of both.
        pub pricebook_currency: Option<String>,
        /// False when it is not in the price book.
        pub product_availability: Option<bool>,
        /// Further notes of the price book.
        pub pricebook_details: Option<Json>,
        /// The support plan; may be empty.
        pub support_plan: Option<SupportPlan>,
    }

    /// A phase of a plan.
    pub struct Phase {
        /// What kind it is.
        #[serde(rename = "type")]
        pub kind: Option<PhaseType>,
        /// How long it lasts.
        pub duration: Option<Duration>,
        /// Recurring price by currency; often 0.
        pub recurring_price: Map<Decimal>,
        /// One-time price by currency.
        pub fixed_price: Map<Decimal>,
        /// Prices of what is metered.
        pub usages: Vec<Json>,
    }

    /// How long a phase lasts.
    pub struct Duration {
        /// The unit.
        pub unit: Option<TimeUnit>,
        /// How many units.
        pub count: Option<i64>,
        /// Whether it has no end.
        pub unlimited: Option<bool>,
    }

    /// A support plan.
    pub struct SupportPlan {
        /// Its resource name.
        pub name: Option<String>,
        /// Whether it is used unless another is named.
        pub default: Option<bool>,
        /// Its id.
        pub id: Option<Id>,
        /// Its name.
        pub display_name: Option<String>,
    }
}
