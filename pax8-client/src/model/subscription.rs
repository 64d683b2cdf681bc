//! Subscriptions.

use provider_core::{open_enum, records};

use super::product::{BillingTerm, ProvisioningAnswer, ProvisioningDetail};

open_enum! {
    /// The status of a subscription. It does not decide billing; start and end dates do.
    pub enum SubscriptionStatus {
        /// Provisioned.
        Active = "Active",
        /// Gone, final.
        Cancelled = "Cancelled" | "Canceled",
        /// Waits for a person at Pax8 or the vendor.
        PendingManual = "PendingManual",
        /// Is being provisioned.
        PendingAutomated = "PendingAutomated",
        /// A cancellation is under way or scheduled.
        PendingCancel = "PendingCancel",
        /// Provisioning answers are missing.
        WaitingForDetails = "WaitingForDetails",
        /// A trial runs.
        Trial = "Trial",
        /// A trial that became paid.
        Converted = "Converted",
        /// An activation product that waits; obsolete.
        PendingActivation = "PendingActivation",
        /// An activation product that was activated; obsolete.
        Activated = "Activated",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A subscription of a company.
    pub struct Subscription {
        /// UUID.
        pub id: String,
        /// The subscription it is an add-on of.
        pub parent_subscription_id: Option<String>,
        /// Whose it is.
        pub company_id: Option<String>,
        /// What it is for.
        pub product_id: Option<String>,
        /// Its product's name.
        pub product_name: Option<String>,
        /// The vendor's own id.
        pub vendor_subscription_id: Option<String>,
        /// The vendor's SKU; told by `GET /v1/subscriptions/{subscriptionId}` only.
        pub vendor_sku_id: Option<String>,
        /// How many; can lag behind what is invoiced.
        pub quantity: Option<Decimal>,
        /// When it started.
        pub start_date: Option<DateTime>,
        /// When it ends; absent when open.
        pub end_date: Option<Moment>,
        /// When it was created.
        pub created_date: Option<Moment>,
        /// When it last changed.
        pub updated_date: Option<DateTime>,
        /// The first day that is billed.
        pub billing_start: Option<Day>,
        /// Status.
        pub status: Option<SubscriptionStatus>,
        /// The customer's price per unit.
        pub price: Option<Decimal>,
        /// The partner's cost per unit.
        pub partner_cost: Option<Decimal>,
        /// The currency of both.
        pub currency_code: Option<String>,
        /// The billing term.
        pub billing_term: Option<BillingTerm>,
        /// Provisioning answers.
        pub provisioning_details: Vec<ProvisioningDetail>,
        /// The commitment, under the name of the vendor's schema.
        pub commitment_term: Option<SubscriptionCommitment>,
        /// The commitment, under the name that was seen live. [`Subscription::commitment`] knows both.
        #[serde(rename = "commitment")]
        pub commitment_live: Option<SubscriptionCommitment>,
    }

    /// The commitment of a subscription.
    pub struct SubscriptionCommitment {
        /// UUID of the commitment.
        pub id: Option<String>,
        /// Its length as text.
        pub term: Option<String>,
        /// When it ends.
        pub end_date: Option<DateTime>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// What changes of a subscription: `PUT /v1/subscriptions/{subscriptionId}`, which is a partial
    /// update. Only what is set is sent; at least one of price, billing term, quantity and start.
    #[derive(Default)]
    pub struct SubscriptionUpdate {
        /// The resulting total.
        pub quantity: Option<Decimal>,
        /// The customer's price per unit.
        pub price: Option<Decimal>,
        /// The billing term.
        pub billing_term: Option<BillingTerm>,
        /// When it starts.
        pub start_date: Option<DateTime>,
        /// When it ends.
        pub end_date: Option<DateTime>,
        /// The whole set of answers: it replaces what was there.
        pub provisioning_details: Option<Vec<ProvisioningAnswer>>,
    }
}

impl Subscription {
    /// The commitment, whichever name it came under.
    #[must_use]
    pub fn commitment(&self) -> Option<&SubscriptionCommitment> {
        self.commitment_live.as_ref().or(self.commitment_term.as_ref())
    }
}
