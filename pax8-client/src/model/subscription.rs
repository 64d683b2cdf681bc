//! Subscriptions.

use super::{BillingTerm, ProvisioningAnswer, ProvisioningDetail, SubscriptionStatus};
use crate::wire::record;

record! {
    /// A subscription of a company.
    Subscription {
        /// UUID.
        id: id,
        /// The subscription it is an add-on of.
        parent_subscription_id: text,
        /// Whose it is.
        company_id: text,
        /// What it is for.
        product_id: text,
        /// Its product's name.
        product_name: text,
        /// The vendor's own id.
        vendor_subscription_id: text,
        /// The vendor's SKU; told by `GET /v1/subscriptions/{subscriptionId}` only.
        vendor_sku_id: text,
        /// How many; can lag behind what is invoiced.
        quantity: number,
        /// When it started.
        start_date: time,
        /// When it ends; absent when open.
        end_date: moment,
        /// When it was created.
        created_date: moment,
        /// When it last changed.
        updated_date: time,
        /// The first day that is billed.
        billing_start: day,
        /// State.
        status: one SubscriptionStatus,
        /// The customer's price per unit.
        price: number,
        /// The partner's cost per unit.
        partner_cost: number,
        /// The currency of both.
        currency_code: text,
        /// How often one pays.
        billing_term: one BillingTerm,
        /// Provisioning answers.
        provisioning_details: list ProvisioningDetail,
        /// The commitment, under the name of the vendor's schema.
        commitment_term: one SubscriptionCommitment,
        /// The commitment, under the name that was seen live. [`Subscription::commitment`] knows both.
        #[serde(rename = "commitment")]
        commitment_live: one SubscriptionCommitment,
    }
}

impl Subscription {
    /// The commitment, whichever name it came under.
    #[must_use]
    pub fn commitment(&self) -> Option<&SubscriptionCommitment> {
        self.commitment_live.as_ref().or(self.commitment_term.as_ref())
    }
}

record! {
    /// The commitment of a subscription.
    SubscriptionCommitment {
        /// UUID of the commitment.
        id: text,
        /// Its length as text.
        term: text,
        /// When it ends.
        end_date: time,
    }
}

record! {
    /// What changes of a subscription: `PUT /v1/subscriptions/{subscriptionId}`, which is a partial
    /// update. Only what is set is sent; at least one of price, billing term, quantity and start.
    #[derive(Default)]
    SubscriptionUpdate {
        /// The resulting total.
        quantity: number,
        /// The customer's price per unit.
        price: number,
        /// How often one pays.
        billing_term: one BillingTerm,
        /// When it starts.
        start_date: time,
        /// When it ends.
        end_date: time,
        /// The whole set of answers: it replaces what was there.
        provisioning_details: one Vec<ProvisioningAnswer>,
    }
}
