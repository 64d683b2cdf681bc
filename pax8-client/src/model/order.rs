//! Orders.

use rust_decimal::Decimal;

use super::{BillingTerm, OrderedBy, ProvisioningAnswer};
use crate::wire::record;

record! {
    /// An order. It has no status and only a day: follow the subscriptions of its lines.
    Order {
        /// UUID; not certain to be there in the answer to a dry run.
        id: text,
        /// The company it is for.
        company_id: text,
        /// The day it was created.
        created_date: day,
        /// Who placed it.
        ordered_by: one OrderedBy,
        /// Who placed it, as a user.
        ordered_by_user_id: text,
        /// Who placed it, as an address.
        ordered_by_user_email: text,
        /// It is scheduled.
        is_scheduled: flag,
        /// Its lines.
        line_items: list LineItem,
    }
}

record! {
    /// A line of an order, as it is read.
    LineItem {
        /// UUID.
        id: text,
        /// The product.
        product_id: text,
        /// The subscription it became; possibly not known at first.
        subscription_id: text,
        /// The commitment.
        commitment_term_id: text,
        /// When it is to be provisioned.
        provision_start_date: time,
        /// How often one pays.
        billing_term: one BillingTerm,
        /// How many.
        quantity: number,
    }
}

record! {
    /// An order to be placed: `POST /v1/orders`. The company must be active.
    CreateOrder {
        /// The company it is for.
        company_id: must String,
        /// Who places it.
        ordered_by: one OrderedBy,
        /// Who places it, as an address.
        ordered_by_user_email: text,
        /// What is bought.
        line_items: must Vec<CreateLineItem>,
    }
}

impl CreateOrder {
    /// An order of these lines.
    #[must_use]
    pub fn new(company_id: impl Into<String>, line_items: Vec<CreateLineItem>) -> Self {
        Self { company_id: company_id.into(), ordered_by: None, ordered_by_user_email: None, line_items }
    }
}

record! {
    /// A line of an order to be placed.
    CreateLineItem {
        /// From 1.
        line_item_number: must u32,
        /// The product.
        product_id: must String,
        /// The commitment, where the product requires one.
        commitment_term_id: text,
        /// How often one pays.
        billing_term: must BillingTerm,
        /// How many; whole.
        quantity: quantity,
        /// When it is to be provisioned; future dates are not supported.
        provision_start_date: time,
        /// Answers to the product's questions.
        provisioning_details: must Vec<ProvisioningAnswer>,
        /// The subscription it is an add-on of.
        parent_subscription_id: text,
        /// The line of this order it is an add-on of; never together with a parent subscription.
        parent_line_item_number: one u32,
    }
}

impl CreateLineItem {
    /// A line without commitment, answers and parent.
    #[must_use]
    pub fn new(
        number: u32,
        product_id: impl Into<String>,
        billing_term: BillingTerm,
        quantity: Decimal,
    ) -> Self {
        Self {
            line_item_number: number,
            product_id: product_id.into(),
            commitment_term_id: None,
            billing_term,
            quantity,
            provision_start_date: None,
            provisioning_details: Vec::new(),
            parent_subscription_id: None,
            parent_line_item_number: None,
        }
    }
}
