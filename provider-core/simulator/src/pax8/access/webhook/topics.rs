//! The topics that webhooks can subscribe to.

use serde_json::{Value, json};

/// A field that filters can compare.
#[derive(Debug)]
struct FilterField {
    name: &'static str,
    operators: &'static [&'static str],
    kind: &'static str,
    example: &'static str,
}

/// A topic with its actions and the fields of its events.
#[derive(Debug)]
pub(crate) struct TopicDefinition {
    pub(crate) topic: &'static str,
    pub(crate) name: &'static str,
    pub(crate) actions: &'static [&'static str],
    fields: &'static [FilterField],
}

/// The operators of the reference.
pub(crate) const OPERATORS: &[&str] =
    &["EQUALS", "NOT_EQUALS", "GREATER_THAN", "LESS_THAN", "IN", "NOT_IN", "CONTAINS"];

const EXAMPLE_ID: &str = "f6e5d4c3-b2a1-4098-8f7e-6d5c4b3a2901";

const STATUS: FilterField = FilterField {
    name: "status",
    operators: &["EQUALS", "NOT_EQUALS", "IN", "NOT_IN"],
    kind: "string",
    example: "Active",
};
const COMPANY_ID: FilterField = FilterField {
    name: "companyId",
    operators: &["EQUALS", "NOT_EQUALS", "IN", "NOT_IN"],
    kind: "string",
    example: EXAMPLE_ID,
};
const QUANTITY: FilterField = FilterField {
    name: "quantity",
    operators: &["EQUALS", "GREATER_THAN", "LESS_THAN"],
    kind: "number",
    example: "12",
};

/// The topics. Only the names are sourced; actions and fields are what the simulator's events have.
pub(crate) const TOPICS: &[TopicDefinition] = &[
    TopicDefinition {
        topic: "SUBSCRIPTION",
        name: "Subscription",
        actions: &["CREATED", "UPDATED", "CANCELLED"],
        fields: &[STATUS, COMPANY_ID, QUANTITY],
    },
    TopicDefinition { topic: "INVOICE", name: "Invoice", actions: &["CREATED"], fields: &[STATUS] },
    TopicDefinition {
        topic: "COMPANY",
        name: "Company",
        actions: &["CREATED", "UPDATED"],
        fields: &[STATUS],
    },
    TopicDefinition { topic: "PRODUCT", name: "Product", actions: &["UPDATED"], fields: &[] },
    TopicDefinition { topic: "QUOTE", name: "Quote", actions: &["UPDATED"], fields: &[STATUS] },
];

/// The definition of a topic.
pub(crate) fn find(topic: &str) -> Option<&'static TopicDefinition> {
    TOPICS.iter().find(|one| one.topic == topic)
}

impl TopicDefinition {
    /// Example event data.
    pub(crate) fn sample_data(&self) -> Value {
        let mut data = json!({
            "id": EXAMPLE_ID,
            "action": self.actions.first().copied().unwrap_or_default(),
        });
        if let Some(members) = data.as_object_mut() {
            for field in self.fields {
                members.insert(field.name.to_owned(), json!(field.example));
            }
        }
        data
    }

    /// As the topic definitions call answers it.
    pub(crate) fn json(&self) -> Value {
        let conditions: Vec<Value> = self
            .fields
            .iter()
            .map(|field| {
                json!({
                    "field": field.name,
                    "operator": field.operators,
                    "dataType": field.kind,
                    "description": format!("The {} of the record", field.name),
                    "value": field.example,
                })
            })
            .collect();
        let filters: Vec<Value> = self
            .actions
            .iter()
            .map(|action| {
                json!({
                    "action": action,
                    "actionDisplayName": action,
                    "description": format!("{} {}", self.name, action.to_lowercase()),
                    "conditions": conditions,
                })
            })
            .collect();
        json!({
            "topic": self.topic,
            "name": self.name,
            "description": format!("Events of type {}", self.name),
            "availableFilters": filters,
            "samplePayload": {
                "accountId": EXAMPLE_ID,
                "url": "https://hooks.msp.example.com/pax8",
                "webhookId": EXAMPLE_ID,
                "sentAt": "2026-03-01T09:41:00.000Z",
                "webhookTopic": {"id": EXAMPLE_ID, "topic": self.topic, "filters": []},
                "payloadData": self.sample_data(),
            },
        })
    }
}
