//! Changes of subscriptions: next terms, transitions, conversions, add-ons.

use std::collections::BTreeMap;

use crate::model::{
    BillingCycleEnum, BillingCycleType, ObjectReference, ProductReference, SubscriptionTags, TermDuration,
};

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// Whether it worked: refusals come with HTTP 200.
    pub struct BusinessResult {
        /// Whether it did.
        pub is_successful: Option<bool>,
        /// The reason's code.
        pub error_reason_code: Option<String>,
        /// The reason in words.
        pub error_description: Option<String>,
    }

    /// A subscription whose end date a new term can be aligned with (coterminosity).
    pub struct CoterminositySubscription {
        /// Its id.
        pub id: i64,
        /// Its id at the publisher.
        pub publisher_subscription_id: Option<String>,
        /// Its name.
        pub friendly_name: Option<String>,
        /// The commitment term.
        pub term_duration: Option<TermDuration>,
        /// When it ends.
        pub end_date: Option<Moment>,
    }

    /// The end dates that a new term can be aligned with (coterminosity).
    pub struct CoterminositySubscriptions {
        /// The end of the calendar month.
        pub calendar_month_date: Option<Moment>,
        /// Subscriptions whose end date it can be aligned with.
        pub subscriptions: Vec<CoterminositySubscription>,
    }

    /// A term that a subscription could change to at once.
    pub struct ImmediateChangeOption {
        /// The commitment term.
        pub term_duration: Option<TermDuration>,
        /// The billing cycles that could be chosen.
        pub billing_cycle_options: Vec<BillingCycleEnum>,
    }

    /// A step of a transition.
    pub struct TransitionEvent {
        /// What happened.
        pub name: Option<String>,
        /// When.
        pub time_stamp: Option<DateTime>,
        /// How it went.
        pub status: Option<String>,
        /// Further facts.
        pub attributes: Option<BTreeMap<String,serde_json::Value>>,
    }

    /// A transition and how far it is.
    pub struct SubscriptionTransitionResponse {
        /// What it becomes.
        pub to_catalog_item_id: Option<String>,
        /// The subscription it joins.
        pub to_subscription_id: Option<String>,
        /// What it was.
        pub from_catalog_item_id: Option<String>,
        /// Which it was.
        pub from_subscription_id: Option<String>,
        /// How.
        pub transition_type: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
        /// The billing cycle.
        pub billing_cycle: Option<BillingCycleEnum>,
        /// The commitment term.
        pub term: Option<TermDuration>,
        /// Its steps.
        pub events: Vec<TransitionEvent>,
        /// Further facts.
        pub attributes: Option<BTreeMap<String,serde_json::Value>>,
    }

    /// Why a transition is not possible.
    pub struct TransitionError {
        /// The reason's code.
        pub code: Option<String>,
        /// In words.
        pub description: Option<String>,
    }

    /// Whether a transition is possible in one way.
    pub struct TransitionEligibility {
        /// Whether it is.
        pub is_eligible: Option<bool>,
        /// In which way.
        pub transition_type: Option<String>,
        /// Why not.
        pub errors: Vec<TransitionError>,
    }

    /// Whether a transition into one subscription is possible.
    pub struct SubscriptionEligibility {
        /// Whether it is.
        pub is_eligible: Option<bool>,
        /// Into which.
        pub subscription_id: Option<String>,
        /// Its name.
        pub subscription_friendly_name: Option<String>,
        /// Why not.
        pub errors: Vec<TransitionError>,
    }

    /// What a subscription could become.
    pub struct SubscriptionTransitionEligibility {
        /// The product.
        pub catalog_item_id: Option<String>,
        /// Its name.
        pub title: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
        /// In which ways.
        pub eligibilities: Vec<TransitionEligibility>,
        /// Into which subscriptions.
        pub subscription_eligibilities: Vec<SubscriptionEligibility>,
    }

    /// An add-on that could be bought.
    pub struct AddOnOffer {
        /// The product.
        pub product: Option<ProductReference>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
    }

    /// A price type with its name.
    pub struct NamedPriceType {
        /// Its number.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// What shall change when the term ends. What is left out stays.
    pub struct NextTermInstructions {
        /// What it shall be for.
        pub part_number: Option<String>,
        /// The billing cycle of the next term.
        pub billing_cycle: Option<BillingCycleType>,
        /// The commitment term.
        pub term_duration: Option<TermDuration>,
        /// How many.
        pub quantity: Option<i64>,
        /// When it shall end; a date that the coterminosity call offers.
        pub custom_term_end_date: Option<DateTime>,
    }

    /// A subscription to turn into another product.
    pub struct SubscriptionTransition {
        /// What it becomes.
        pub to_catalog_item_id: Option<String>,
        /// The subscription it joins, by the publisher's id.
        pub to_subscription_id: Option<String>,
        /// What it is.
        pub from_catalog_item_id: Option<String>,
        /// Which it is, by the publisher's id.
        pub from_subscription_id: Option<String>,
        /// How: the documents use `transition_only`.
        pub transition_type: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
        /// The billing cycle; the vendor's SDK uses the other numbering here.
        pub billing_cycle: Option<BillingCycleEnum>,
        /// The commitment term.
        pub term: Option<TermDuration>,
    }

    /// A legacy trial or offer that becomes another.
    pub struct SubscriptionConversion {
        /// The billing cycle.
        pub billing_cycle: Option<BillingCycleEnum>,
        /// The offer it is.
        pub offer_id: Option<String>,
        /// The publisher's order.
        pub order_id: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
        /// The offer it becomes.
        pub target_offer_id: Option<String>,
        /// Its name.
        pub product_name: Option<String>,
    }

    /// An add-on to buy.
    pub struct NewAddOn {
        /// How many.
        pub quantity: Option<i64>,
        /// The offer.
        pub offer_id: Option<String>,
        /// The partner's own labels.
        pub subscription_tags: Option<SubscriptionTags>,
    }
}
