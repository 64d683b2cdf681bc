//! Webhooks and their delivery logs: what is kept, and how it is answered.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::event::Event;
use crate::pax8::engine::wire;

/// A condition on one field of the event data.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) field: String,
    pub(crate) operator: &'static str,
    pub(crate) values: Vec<String>,
}

impl Condition {
    fn holds(&self, data: &Map<String, Value>) -> bool {
        let Some(actual) = data.get(&self.field).and_then(Value::as_str) else {
            return matches!(self.operator, "NOT_EQUALS" | "NOT_IN");
        };
        let first = self.values.first().map(String::as_str).unwrap_or_default();
        let compared = || Decimal::from_str(actual).ok()?.partial_cmp(&Decimal::from_str(first).ok()?);
        match self.operator {
            "EQUALS" => actual == first,
            "NOT_EQUALS" => actual != first,
            "GREATER_THAN" => compared().is_some_and(std::cmp::Ordering::is_gt),
            "LESS_THAN" => compared().is_some_and(std::cmp::Ordering::is_lt),
            "IN" => self.values.iter().any(|value| value == actual),
            "NOT_IN" => !self.values.iter().any(|value| value == actual),
            _ => actual.contains(first),
        }
    }
}

/// Lets events of one action through whose data meets every condition.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) action: String,
    pub(crate) conditions: Vec<Condition>,
}

/// A topic that a webhook subscribes to.
#[derive(Clone, Debug)]
pub(crate) struct Topic {
    pub(crate) id: String,
    pub(crate) topic: String,
    pub(crate) filters: Vec<Filter>,
}

impl Topic {
    /// No filter lets everything of the topic through.
    pub(crate) fn wants(&self, event: &Event) -> bool {
        self.topic == event.topic
            && (self.filters.is_empty()
                || self.filters.iter().any(|filter| {
                    filter.action == event.action
                        && filter.conditions.iter().all(|one| one.holds(&event.data))
                }))
    }

    pub(crate) fn json(&self) -> Value {
        let filters: Vec<Value> = self
            .filters
            .iter()
            .map(|filter| {
                let conditions: Vec<Value> = filter
                    .conditions
                    .iter()
                    .map(|one| json!({"field": one.field, "operator": one.operator, "value": one.values}))
                    .collect();
                json!({"action": filter.action, "conditions": conditions})
            })
            .collect();
        json!({"id": self.id, "topic": self.topic, "filters": filters})
    }
}

/// The part of a webhook that the configuration call replaces.
#[derive(Clone, Debug)]
pub(crate) struct Configuration {
    pub(crate) display_name: String,
    pub(crate) url: Option<String>,
    /// Sent back verbatim with every delivery: the only proof of origin that there is.
    pub(crate) authorization: Option<String>,
    pub(crate) contact_email: Option<String>,
    pub(crate) error_threshold: u32,
}

/// A webhook.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) configuration: Configuration,
    pub(crate) active: bool,
    pub(crate) integration_id: Option<String>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) last_status: Option<DeliveryStatus>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl Webhook {
    /// With the `authorization` secret, as the live interface answers it.
    pub(crate) fn json(&self, account_id: &str) -> Value {
        let one = &self.configuration;
        let topics: Vec<Value> = self.topics.iter().map(Topic::json).collect();
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() {
                members.insert(name.to_owned(), value);
            }
        };
        put("id", json!(self.id));
        put("accountId", json!(account_id));
        put("displayName", json!(one.display_name));
        put("url", json!(one.url));
        put("authorization", json!(one.authorization));
        put("active", json!(self.active));
        put("contactEmail", json!(one.contact_email));
        put("errorThreshold", json!(one.error_threshold));
        put("integrationId", json!(self.integration_id));
        put("webhookTopics", json!(topics));
        put("lastDeliveryStatus", json!(self.last_status.map(DeliveryStatus::word)));
        put("createdAt", json!(wire::millis(self.created_at)));
        put("updatedAt", json!(wire::millis(self.updated_at)));
        Value::Object(members)
    }
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryStatus {
    Pending,
    Success,
    Failed,
    Retrying,
}

impl DeliveryStatus {
    pub(crate) const WORDS: &'static [&'static str] = &["PENDING", "SUCCESS", "FAILED", "RETRYING"];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Retrying => "RETRYING",
        }
    }
}

/// One attempt.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) id: String,
    pub(crate) at: DateTime<Utc>,
    /// The status that the receiver answered, or why there is none.
    pub(crate) answer: Result<u16, String>,
}

impl Attempt {
    /// The receiver took it.
    pub(crate) fn succeeded(&self) -> bool {
        self.answer.as_ref().is_ok_and(|status| (200..300).contains(status))
    }
}

/// The log of one event sent to one webhook.
#[derive(Clone, Debug)]
pub(crate) struct DeliveryLog {
    pub(crate) id: String,
    pub(crate) webhook_id: String,
    pub(crate) webhook_name: String,
    pub(crate) topic: String,
    pub(crate) status: DeliveryStatus,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) payload: Value,
    pub(crate) attempts: Vec<Attempt>,
}

impl DeliveryLog {
    pub(crate) fn json(&self) -> Value {
        let calls: Vec<Value> = self.attempts.iter().map(|one| self.call(one)).collect();
        json!({
            "id": self.id,
            "webhookId": self.webhook_id,
            "webhookName": self.webhook_name,
            "finalStatus": self.status.word(),
            "createdAt": wire::millis(self.created_at),
            "callHistory": calls,
        })
    }

    fn call(&self, attempt: &Attempt) -> Value {
        let status = if attempt.succeeded() { DeliveryStatus::Success } else { DeliveryStatus::Failed };
        let mut call = json!({
            "id": attempt.id,
            "timestamp": wire::millis(attempt.at),
            "status": status.word(),
            "payload": self.payload,
        });
        if let Some(members) = call.as_object_mut() {
            match &attempt.answer {
                Ok(code) => {
                    members.insert("httpStatusCode".to_owned(), json!(code));
                    if !attempt.succeeded() {
                        let text = format!("the receiver answered {code}");
                        members.insert("errorMessage".to_owned(), json!(text));
                    }
                }
                Err(message) => {
                    members.insert("errorMessage".to_owned(), json!(message));
                }
            }
        }
        call
    }
}

/// The webhooks of the account and the logs of all deliveries, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    pub(crate) all: Vec<Webhook>,
    pub(crate) logs: Vec<DeliveryLog>,
}

impl Webhooks {
    pub(crate) fn get(&self, id: &str) -> Option<&Webhook> {
        self.all.iter().find(|one| one.id == id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Webhook> {
        self.all.iter_mut().find(|one| one.id == id)
    }

    pub(crate) fn log(&self, webhook_id: &str, id: &str) -> Option<&DeliveryLog> {
        self.logs.iter().find(|one| one.webhook_id == webhook_id && one.id == id)
    }

    pub(crate) fn log_mut(&mut self, id: &str) -> Option<&mut DeliveryLog> {
        self.logs.iter_mut().find(|one| one.id == id)
    }
}
