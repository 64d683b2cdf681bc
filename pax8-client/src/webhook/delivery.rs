//! A delivery, and which record it says has changed.

use chrono::{DateTime, Utc};
use provider_core::{EntityKind, records};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::model::WebhookTopic;

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// What Pax8 delivers. Members that some receivers have seen at the top level are read as well.
    pub struct WebhookDelivery {
        /// The partner's account.
        pub account_id: Option<String>,
        /// Where it was sent.
        pub url: Option<String>,
        /// The webhook.
        pub webhook_id: Option<String>,
        /// When it was sent.
        pub sent_at: Option<DateTime>,
        /// The topic, with the filters that let it through.
        pub webhook_topic: Option<WebhookTopic>,
        /// What happened; its shape belongs to the topic and is told by its definition.
        pub payload_data: Option<Map<String, Value>>,
        topic: Option<String>,
        action: Option<String>,
        entity_id: Option<String>,
    }
}

impl WebhookDelivery {
    /// The topic's name, such as `SUBSCRIPTION`.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        let nested = self.webhook_topic.as_ref().and_then(|topic| topic.topic.as_deref());
        nested.or(self.topic.as_deref())
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.payload_data.as_ref()?.get(member)?.as_str().filter(|text| !text.is_empty())
    }

    /// Which record it says has changed; `None` where it names no topic.
    #[must_use]
    pub fn changed(&self) -> Option<Changed> {
        let topic = self.topic()?.to_owned();
        let entity = entity(&topic);
        let own = match entity {
            Some(EntityKind::Customer) => self.text("companyId"),
            Some(EntityKind::Subscription) => self.text("subscriptionId"),
            Some(EntityKind::Product) => self.text("productId"),
            Some(EntityKind::Order) => self.text("orderId"),
            Some(EntityKind::Invoice) => self.text("invoiceId"),
            _ => None,
        };
        let id = self.text("id").or(own).or_else(|| self.text("entityId")).or(self.entity_id.as_deref());
        Some(Changed {
            entity,
            id: id.map(str::to_owned),
            customer: self.text("companyId").map(str::to_owned),
            action: self.text("action").or(self.action.as_deref()).map(str::to_owned),
            at: self.sent_at,
            topic,
        })
    }
}

/// Which record changed, so that it can be fetched again: what a webhook tells a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changed {
    /// The topic as it came.
    pub topic: String,
    /// The kind of record; `None` for topics that belong to none, such as `QUOTE`.
    pub entity: Option<EntityKind>,
    /// The record. `None`: some record of the kind; look at all of them.
    pub id: Option<String>,
    /// The company that it belongs to.
    pub customer: Option<String>,
    /// What happened, such as `CREATED`.
    pub action: Option<String>,
    /// When it was sent.
    pub at: Option<DateTime<Utc>>,
}

/// Topics are not published as a list, and spellings differ, so they are told by what they begin with.
fn entity(topic: &str) -> Option<EntityKind> {
    let topic = topic.to_ascii_uppercase();
    [
        ("SUBSCRIPTION", EntityKind::Subscription),
        ("PROVISION", EntityKind::Subscription),
        ("COMPANY", EntityKind::Customer),
        ("COMPANIES", EntityKind::Customer),
        ("CONTACT", EntityKind::Customer),
        ("PRODUCT", EntityKind::Product),
        ("ORDER", EntityKind::Order),
        ("INVOICE", EntityKind::Invoice),
        ("USAGE", EntityKind::Usage),
    ]
    .into_iter()
    .find_map(|(begin, kind)| topic.starts_with(begin).then_some(kind))
}

/// What tells one delivery from another. Pax8 gives deliveries no id: a repetition is the same to the
/// letter, and everything that is not counts as new, which costs a fetch and loses nothing.
pub(super) fn fingerprint(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn changed(json: &str) -> Option<Changed> {
        serde_json::from_str::<WebhookDelivery>(json).unwrap().changed()
    }

    #[test]
    fn the_vendors_shape_and_the_flat_one_name_the_record() {
        let nested = changed(
            r#"{"accountId":"a","url":"https://hooks.example.com","webhookId":"w","sentAt":"2026-03-01T09:41:00.000Z",
                "webhookTopic":{"id":"t","topic":"SUBSCRIPTION","filters":[]},"payloadData":{"id":"s","companyId":"c"}}"#,
        )
        .unwrap();
        assert_eq!((nested.entity, nested.id.as_deref()), (Some(EntityKind::Subscription), Some("s")));
        assert_eq!(nested.customer.as_deref(), Some("c"));
        let flat = changed(r#"{"topic":"INVOICE","action":"CREATED","entityId":"i"}"#).unwrap();
        assert_eq!((flat.entity, flat.id.as_deref()), (Some(EntityKind::Invoice), Some("i")));
        assert_eq!(flat.action.as_deref(), Some("CREATED"));
    }

    #[test]
    fn what_is_not_known_is_passed_on_without_guessing() {
        let quote = changed(r#"{"webhookTopic":{"topic":"QUOTE"},"payloadData":{"id":"q"}}"#).unwrap();
        assert_eq!((quote.entity, quote.topic.as_str()), (None, "QUOTE"));
        let vague = changed(r#"{"webhookTopic":{"topic":"COMPANY"},"payloadData":null}"#).unwrap();
        assert_eq!((vague.entity, vague.id), (Some(EntityKind::Customer), None));
        assert_eq!(changed("{}"), None);
    }
}
