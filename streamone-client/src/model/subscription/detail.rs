//! What single reads of a subscription add.

use provider_core::records;

use crate::model::Id;

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// The history of a subscription; only AWS, Sophos, Azure and Google Cloud keep one.
    pub struct ActivityLogs {
        /// How many entries there are.
        pub total_count: Option<i64>,
        /// The entries. Their ids can repeat.
        pub items: Vec<Activity>,
    }

    /// One entry of the history.
    pub struct Activity {
        /// Its id.
        pub id: Option<Id>,
        /// What was done, in words.
        pub action_type: Option<String>,
        /// When.
        pub action_date: Option<DateTime>,
        /// Such as `succeeded`.
        pub action_status: Option<String>,
        /// The provider's product.
        pub product_id: Option<String>,
        /// The provider's SKU.
        pub sku_id: Option<String>,
        /// The provider's offer.
        pub offer_id: Option<String>,
        /// Seats afterwards.
        pub quantity: Option<Decimal>,
        /// Status afterwards.
        pub subscription_status: Option<String>,
        /// Billing cycle afterwards.
        pub billing_cycle: Option<String>,
        /// Commitment term afterwards.
        pub billing_term: Option<String>,
        /// Renewal afterwards.
        pub auto_renew_status: Option<String>,
        /// Further details, in words.
        pub action_details: Option<String>,
        /// When it was done.
        pub completion_date: Option<DateTime>,
        /// Who did it.
        pub ccp_user_id: Option<Id>,
        /// Who did it, by name.
        pub ccp_user_name: Option<String>,
        /// Who did it, by address.
        pub ccp_user_email: Option<String>,
        /// For which partner.
        pub partner_id: Option<Id>,
    }

    /// A discount or a surcharge.
    pub struct PriceAdjustment {
        /// Its name.
        pub name: Option<String>,
        /// What kind it is.
        pub adjustment_type: Option<String>,
        /// How much.
        pub adjustment_value: Option<Decimal>,
        /// How long it lasts.
        pub duration_type: Option<String>,
        /// From when.
        pub start_date: Option<DateTime>,
        /// Until when.
        pub end_date: Option<DateTime>,
    }
}
