//! New commerce orders.

use super::{BillingCycleType, TermDuration};

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// What came of an order. Refusals come with HTTP 200.
    pub struct NewCommerceOrderResult {
        /// Whether it was accepted.
        pub is_successful: Option<bool>,
        /// The reason's code.
        pub error_reason_code: Option<String>,
        /// The reason in words.
        pub error_description: Option<String>,
        /// The order's GUID, by which its subscriptions are found.
        pub new_commerce_order_id: Option<String>,
        /// The day on which it will be bought.
        pub scheduled_date: Option<Moment>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// One product to buy, with commitment and cycle.
    pub struct NewCommerceOrder {
        /// For whom.
        pub customer_tenant_id: Option<i64>,
        /// What: `ProductId:SkuId`.
        pub part_number: Option<String>,
        /// The billing cycle.
        pub billing_cycle: Option<BillingCycleType>,
        /// The commitment term.
        pub term_duration: Option<TermDuration>,
        /// How many.
        pub quantity: Option<i64>,
        /// When the first term shall end; a date that the coterminosity call offers.
        pub custom_term_end_date: Option<DateTime>,
        /// The day on which to buy (scheduled order); now unless set.
        pub scheduled_date: Option<Day>,
    }
}
