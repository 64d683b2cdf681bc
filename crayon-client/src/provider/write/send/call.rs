//! The calls that change something, ready to be made.

use provider_core::{CustomerId, OrderId, Receipt, SubscriptionId};

use crate::model::{
    CustomerTenantDetailed, NewAddOn, NewCommerceOrder, NewSubscription, NextTermInstructions,
    ServiceAccountAgreement, SubscriptionStatus,
};
use crate::wire::Document;

/// What is sent for a command.
pub(in crate::provider::write) enum Send {
    /// Nothing: everything is as the command wants it.
    Nothing(Receipt),
    /// A new customer, and the agreement that is recorded for it.
    Create { tenant: CustomerTenantDetailed, consent: Option<ServiceAccountAgreement> },
    /// A customer that exists at the publisher.
    Attach { tenant: CustomerTenantDetailed },
    /// A customer's record, edited.
    Replace { customer: CustomerId, id: i64, record: Document },
    /// The vendor's agreement of a customer.
    Consent { customer: CustomerId, id: i64, agreement: ServiceAccountAgreement },
    /// An order, line by line.
    Order { customer: CustomerId, lines: Vec<Purchase> },
    /// The lines of a scheduled order that are cancelled.
    CancelOrder { order: OrderId, lines: Vec<String> },
    /// A change of a subscription.
    Change(SubscriptionChange),
}

/// A line of an order, by the call that buys it.
pub(in crate::provider::write) enum Purchase {
    /// A new commerce order.
    NewCommerce(NewCommerceOrder),
    /// A subscription of its own, such as an Azure plan.
    Subscription(NewSubscription),
    /// A purchase request of one line, as its verification answered it.
    Cart(Document),
    /// An add-on of a subscription that has these already.
    AddOn { parent: i64, known: Vec<i64>, add_on: NewAddOn },
}

/// A change of a subscription in up to two steps.
pub(in crate::provider::write) struct SubscriptionChange {
    pub(in crate::provider::write) subscription: SubscriptionId,
    pub(in crate::provider::write) id: i64,
    /// The record, edited; `None` where it is already as it shall be.
    pub(in crate::provider::write) record: Option<Document>,
    /// What the answer shows of it once it took effect.
    pub(in crate::provider::write) shown: Shown,
    /// What shall change when the term ends.
    pub(in crate::provider::write) next_term: Option<NextTermInstructions>,
}

/// What an answer shows of a change that took effect.
pub(in crate::provider::write) enum Shown {
    Anything,
    Quantity(i64),
    Status(SubscriptionStatus),
}
