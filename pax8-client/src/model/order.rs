//! Orders.

use provider_core::{open_enum, records};
use rust_decimal::Decimal;

use super::product::{BillingTerm, ProvisioningAnswer};

open_enum! {
    /// Who placed an order. [`OrderedBy::is_partner`] knows both spellings of the partner.
    pub enum OrderedBy {
        /// The partner, as it is written.
        Partner = "Pax8 Partner",
        /// The partner, as it is read back.
        PartnerRead = "Pax8Partner",
        /// The customer.
        Customer = "Customer",
        /// Pax8 itself.
        Pax8 = "Pax8",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// An order. It has no status and only a day: follow the subscriptions of its lines.
    pub struct Order {
        /// UUID; not certain to be there in the answer to a dry run.
        pub id: Option<String>,
        /// The company it is for.
        pub company_id: Option<String>,
        /// The day it was created.
        pub created_date: Option<Day>,
        /// Who placed it.
        pub ordered_by: Option<OrderedBy>,
        /// Who placed it, as a user.
        pub ordered_by_user_id: Option<String>,
        /// Who placed it, as an address.
        pub ordered_by_user_email: Option<String>,
        /// It is scheduled.
        pub is_scheduled: Option<bool>,
        /// Its lines.
        pub line_items: Vec<LineItem>,
    }

    /// A line of an order, as it is read.
    pub struct LineItem {
        /// UUID.
        pub id: Option<String>,
        /// The product.
        pub product_id: Option<String>,
        /// The subscription it became; possibly not known at first.
        pub subscription_id: Option<String>,
        /// The commitment term.
        pub commitment_term_id: Option<String>,
        /// When it is to be provisioned.
        pub provision_start_date: Option<DateTime>,
        /// The billing term.
        pub billing_term: Option<BillingTerm>,
        /// How many.
        pub quantity: Option<Decimal>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// An order to be placed: `POST /v1/orders`. The company must be active.
    pub struct CreateOrder {
        /// The company it is for.
        pub company_id: String,
        /// Who places it.
        pub ordered_by: Option<OrderedBy>,
        /// Who places it, as an address.
        pub ordered_by_user_email: Option<String>,
        /// What is bought.
        pub line_items: ::std::vec::Vec<CreateLineItem>,
    }

    /// A line of an order to be placed.
    pub struct CreateLineItem {
        /// From 1.
        pub line_item_number: u32,
        /// The product.
        pub product_id: String,
        /// The id of the commitment term, where the product requires one.
        pub commitment_term_id: Option<String>,
        /// The billing term.
        pub billing_term: BillingTerm,
        /// How many; whole.
        pub quantity: Decimal,
        /// When it is to be provisioned; future dates are not supported.
        pub provision_start_date: Option<DateTime>,
        /// Answers to the product's questions.
        pub provisioning_details: ::std::vec::Vec<ProvisioningAnswer>,
        /// The subscription it is an add-on of.
        pub parent_subscription_id: Option<String>,
        /// The line of this order it is an add-on of; never together with a parent subscription.
        pub parent_line_item_number: Option<u32>,
    }
}

impl OrderedBy {
    /// True for the partner, in both spellings.
    #[must_use]
    pub fn is_partner(&self) -> bool {
        matches!(self, Self::Partner | Self::PartnerRead)
    }
}

impl CreateOrder {
    /// An order of these lines.
    #[must_use]
    pub fn new(company_id: impl Into<String>, line_items: Vec<CreateLineItem>) -> Self {
        Self { company_id: company_id.into(), ordered_by: None, ordered_by_user_email: None, line_items }
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
