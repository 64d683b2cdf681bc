//! What is kept about orders.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::pax8::engine::table::Record;

/// An order as placed. It has no status: what became of it is told by the subscriptions of its lines.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    /// Place of the company.
    pub(crate) company: usize,
    pub(crate) created_at: DateTime<Utc>,
    /// As read: `Pax8Partner` for what is written as `Pax8 Partner`.
    pub(crate) ordered_by: &'static str,
    pub(crate) email: String,
    pub(crate) lines: Vec<OrderLine>,
}

/// A line of an order.
#[derive(Clone, Debug)]
pub(crate) struct OrderLine {
    pub(crate) id: String,
    /// Place of the product.
    pub(crate) product: usize,
    /// Place of the subscription that it made.
    pub(crate) subscription: usize,
    pub(crate) commitment_id: Option<String>,
    pub(crate) provision_start: Option<DateTime<Utc>>,
    pub(crate) billing_term: &'static str,
    pub(crate) quantity: Decimal,
}

impl Record for Order {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The read form of `orderedBy`.
pub(crate) fn ordered_by_read(written: Option<&'static str>) -> &'static str {
    match written {
        Some("Customer") => "Customer",
        Some("Pax8") => "Pax8",
        _ => "Pax8Partner",
    }
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) key: String,
    pub(crate) values: Vec<String>,
}
