//! SKUs, add-ons and plans of a product.

use crate::model::Json;
use crate::wire::{record, words};

words! {
    /// How often a plan is billed.
    BillingPeriod {
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
    PhaseType {
        Unspecified = "PHASE_TYPE_UNSPECIFIED",
        Trial = "TRIAL_PHASE",
        Discount = "DISCOUNT_PHASE",
        Fixed = "FIXED_PHASE",
        Unlimited = "UNLIMITED_PHASE",
    }
    /// A unit of time.
    TimeUnit {
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
    CancelTiming {
        EndOfTerm = "END_OF_TERM",
        Immediate = "IMMEDIATE",
    }
    /// What the term of an add-on follows.
    AddOnAlignment {
        PurchaseDate = "PURCHASE_DATE",
        SubscriptionDate = "SUBSCRIPTION_DATE",
    }
}

/// Add-ons have the members of a SKU and two of their own.
macro_rules! sku_like {
    ($(#[$meta:meta])* $name:ident { $($more:tt)* }) => {
        record! {
            $(#[$meta])*
            $name {
                /// Its id, which an order names.
                id: text,
                /// Its name.
                display_name: text,
                /// What it is.
                description: text,
                /// A further name.
                alias: text,
                /// The vendor's SKU.
                product_id: text,
                /// `accounts/{account}/cloudProviders/{provider}`.
                product_cloud_provider_name: text,
                /// How it can be bought.
                plans: many(Plan),
                /// When a cancellation takes effect.
                cancel_timing: one(CancelTiming),
                /// Whether it can no longer be bought.
                disabled: flag,
                /// Ids of add-ons that come with it.
                included_add_ons: many(String),
                /// Ids of add-ons that can be bought with it.
                available_add_ons: many(String),
                /// Features.
                features: many(SkuFeature),
                /// Resource names of verticals.
                verticals: many(String),
                /// Tax code.
                tax_code: text,
                /// Support plans.
                support_plans: json,
                /// What the reseller's price book says.
                pricebook_price: num,
                /// What the master price book says.
                pricebook_master_price: num,
                /// The currency of both.
                pricebook_currency: text,
                /// False when it is not in the price book.
                product_availability: flag,
                /// Further notes of the price book.
                pricebook_details: json,
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
        alignment: one(AddOnAlignment),
        /// Whether it can be bought more than once.
        allow_multiple: flag,
    }
}

record! {
    /// A feature of a SKU.
    SkuFeature {
        /// The feature.
        feature: text,
        /// Its value.
        display_value: text,
    }

    /// One way to buy a SKU.
    Plan {
        /// Its id, which an order names.
        id: text,
        /// Its name.
        display_name: text,
        /// Its icon.
        icon: text,
        /// The vendor's id.
        product_id: text,
        /// The vendor's part number, such as `...:P1Y:M`: product, SKU, term, cycle. Undocumented.
        mpn_id: text,
        /// How often it is billed.
        billing_period: one(BillingPeriod),
        /// Its phases; prices without a price book.
        phases: many(Phase),
        /// Whether an order waits for an approval.
        approval_required: flag,
        /// What the reseller's price book says.
        pricebook_price: num,
        /// What the master price book says.
        pricebook_master_price: num,
        /// The currency of both.
        pricebook_currency: text,
        /// False when it is not in the price book.
        product_availability: flag,
        /// Further notes of the price book.
        pricebook_details: json,
        /// The support plan; may be empty.
        support_plan: one(SupportPlan),
    }

    /// A phase of a plan.
    Phase {
        /// What kind it is.
        #[serde(rename = "type")]
        kind: one(PhaseType),
        /// How long it lasts.
        duration: one(Duration),
        /// Recurring price by currency; often 0.
        recurring_price: amounts,
        /// One-time price by currency.
        fixed_price: amounts,
        /// Prices of what is metered.
        usages: many(Json),
    }

    /// How long a phase lasts.
    Duration {
        /// The unit.
        unit: one(TimeUnit),
        /// How many units.
        count: count,
        /// Whether it has no end.
        unlimited: flag,
    }

    /// A support plan.
    SupportPlan {
        /// Its resource name.
        name: text,
        /// Whether it is used unless another is named.
        default: flag,
        /// Its id.
        id: id,
        /// Its name.
        display_name: text,
    }
}
