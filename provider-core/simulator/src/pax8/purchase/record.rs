//! Orders: state and wire form.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::pax8::engine::table::Record;
use crate::pax8::engine::wire;
use crate::pax8::state::Store;

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

impl Order {
    /// Exactly the eight keys of the live interface.
    pub(crate) fn json(&self, store: &Store) -> Value {
        let lines: Vec<Value> = self.lines.iter().map(|line| line.json(store)).collect();
        json!({
            "id": self.id,
            "companyId": store.companies.at(self.company).map(|one| &one.id),
            "createdDate": wire::day(self.created_at),
            "orderedBy": self.ordered_by,
            "orderedByUserId": store.user_id,
            "orderedByUserEmail": self.email,
            "isScheduled": false,
            "lineItems": lines,
        })
    }
}

impl OrderLine {
    fn json(&self, store: &Store) -> Value {
        let subscription = store
            .subscriptions
            .at(self.subscription)
            .filter(|one| store.early_subscription_ids || !one.is_pending());
        let mut members = Map::new();
        members.insert("id".to_owned(), json!(self.id));
        members.insert("productId".to_owned(), json!(store.products.at(self.product).map(|one| &one.id)));
        members.insert("subscriptionId".to_owned(), json!(subscription.map(|one| &one.id)));
        if let Some(commitment) = &self.commitment_id {
            members.insert("commitmentTermId".to_owned(), json!(commitment));
        }
        if let Some(start) = self.provision_start {
            members.insert("provisionStartDate".to_owned(), json!(wire::seconds(start)));
        }
        members.insert("billingTerm".to_owned(), json!(self.billing_term));
        members.insert("quantity".to_owned(), wire::number(self.quantity));
        Value::Object(members)
    }
}
