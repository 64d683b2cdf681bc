//! What happens in the account, as webhooks tell it.

use serde_json::{Map, Value, json};

use crate::pax8::customer::record::Company;
use crate::pax8::subscription::record::Subscription;

/// Something that happened to one record.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) topic: &'static str,
    pub(crate) action: &'static str,
    /// The event data: flat, all values text, so that filters can compare them.
    pub(crate) data: Map<String, Value>,
}

impl Event {
    fn new(topic: &'static str, action: &'static str, data: Value) -> Self {
        let mut members = match data {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        members.insert("action".to_owned(), json!(action));
        Self { topic, action, data: members }
    }

    /// Something happened to a company.
    pub(crate) fn company(company: &Company, action: &'static str) -> Self {
        Self::new("COMPANY", action, json!({"id": company.id, "status": company.status()}))
    }

    /// Something happened to a subscription.
    pub(crate) fn subscription(subscription: &Subscription, company_id: &str, action: &'static str) -> Self {
        Self::new(
            "SUBSCRIPTION",
            action,
            json!({
                "id": subscription.id,
                "companyId": company_id,
                "status": subscription.status,
                "quantity": subscription.quantity.normalize().to_string(),
            }),
        )
    }

    /// An invoice can be read.
    pub(crate) fn invoice(id: &str, status: &str) -> Self {
        Self::new("INVOICE", "CREATED", json!({"id": id, "status": status}))
    }
}
