//! Orders: state and wire form.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::store::Store;
use super::table::Record;
use super::wire;

/// An order as placed. It has no status: what became of it is told by the subscriptions of its lines.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: String,
    /// Place of the company.
    pub(super) company: usize,
    pub(super) created_at: DateTime<Utc>,
    /// As read: `Pax8Partner` for what is written as `Pax8 Partner`.
    pub(super) ordered_by: &'static str,
    pub(super) email: String,
    pub(super) lines: Vec<OrderLine>,
}

/// A line of an order.
#[derive(Clone, Debug)]
pub(super) struct OrderLine {
    pub(super) id: String,
    /// Place of the product.
    pub(super) product: usize,
    /// Place of the subscription that it made.
    pub(super) subscription: usize,
    pub(super) commitment_id: Option<String>,
    pub(super) provision_start: Option<DateTime<Utc>>,
    pub(super) billing_term: &'static str,
    pub(super) quantity: Decimal,
}

impl Record for Order {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The read form of `orderedBy`.
pub(super) fn ordered_by_read(written: Option<&'static str>) -> &'static str {
    match written {
        Some("Customer") => "Customer",
        Some("Pax8") => "Pax8",
        _ => "Pax8Partner",
    }
}

impl Order {
    /// Exactly the eight keys of the live interface.
    pub(super) fn json(&self, store: &Store) -> Value {
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
