//! Webhooks: management, topics, logs. What arrives at a receiver is in [`crate::webhook`].

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FilterOperator, WebhookDeliveryStatus};
use crate::wire::record;

/// A webhook. The vendor sends its secret back, so it is held as one and never written.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Webhook {
    /// UUID.
    pub id: String,
    /// The partner's account.
    #[serde(default)]
    pub account_id: Option<String>,
    /// Its name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Where deliveries go.
    #[serde(default)]
    pub url: Option<String>,
    /// What deliveries carry as `Authorization`.
    #[serde(default)]
    pub authorization: Option<SecretString>,
    /// Deliveries are made.
    #[serde(default)]
    pub active: Option<bool>,
    /// Who is told of failures.
    #[serde(default)]
    pub contact_email: Option<String>,
    /// After how many failures.
    #[serde(default)]
    pub error_threshold: Option<u32>,
    /// The third party's integration.
    #[serde(default)]
    pub integration_id: Option<String>,
    /// What it listens to.
    #[serde(default, deserialize_with = "crate::wire::list::deserialize")]
    pub webhook_topics: Vec<WebhookTopic>,
    /// How the last delivery ended.
    #[serde(default)]
    pub last_delivery_status: Option<WebhookDeliveryStatus>,
    /// When it was made.
    #[serde(default, with = "provider_core::wire::date_time::option")]
    pub created_at: Option<chrono::DateTime<chrono::Utc>>,
    /// When it last changed.
    #[serde(default, with = "provider_core::wire::date_time::option")]
    pub updated_at: Option<chrono::DateTime<chrono::Utc>>,
}

record! {
    /// A topic that a webhook listens to.
    WebhookTopic {
        /// UUID.
        id: text,
        /// Its name, such as `SUBSCRIPTION`.
        topic: text,
        /// Which events; none means every one.
        filters: list WebhookFilter,
    }
}

record! {
    /// Which events of a topic: an action, and conditions that all have to hold.
    WebhookFilter {
        /// The action, such as `CREATED`.
        action: must String,
        /// The conditions.
        #[serde(default, deserialize_with = "crate::wire::list::deserialize")]
        conditions: must Vec<FilterCondition>,
    }
}

impl WebhookFilter {
    /// Every event of this action.
    #[must_use]
    pub fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), conditions: Vec::new() }
    }
}

record! {
    /// A condition on a field.
    FilterCondition {
        /// The field.
        field: must String,
        /// How it is compared.
        operator: must FilterOperator,
        /// With what.
        #[serde(default, deserialize_with = "crate::wire::list::deserialize")]
        value: must Vec<String>,
    }
}

impl FilterCondition {
    /// A condition.
    #[must_use]
    pub fn new(field: impl Into<String>, operator: FilterOperator, value: Vec<String>) -> Self {
        Self { field: field.into(), operator, value }
    }
}

record! {
    /// A topic to listen to.
    AddWebhookTopic {
        /// Its name.
        topic: must String,
        /// Which events; none means every one.
        filters: must Vec<WebhookFilter>,
    }
}

impl AddWebhookTopic {
    /// Every event of this topic.
    #[must_use]
    pub fn new(topic: impl Into<String>) -> Self {
        Self { topic: topic.into(), filters: Vec::new() }
    }
}

/// A webhook to be made. It does nothing until it is active.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateWebhook {
    /// Its name.
    pub display_name: String,
    /// Where deliveries go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What deliveries carry as `Authorization`: the only proof of their origin. Set it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::wire::secrets::exposed")]
    pub authorization: Option<SecretString>,
    /// Deliveries are made.
    pub active: bool,
    /// Who is told of failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// After how many failures; 3 unless set, 20 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_threshold: Option<u32>,
    /// The integration, for third parties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<String>,
    /// What it listens to.
    pub webhook_topics: Vec<AddWebhookTopic>,
}

impl CreateWebhook {
    /// An inactive webhook of this name.
    #[must_use]
    pub fn new(display_name: impl Into<String>) -> Self {
        Self {
            display_name: display_name.into(),
            url: None,
            authorization: None,
            active: false,
            contact_email: None,
            error_threshold: None,
            integration_id: None,
            webhook_topics: Vec::new(),
        }
    }
}

/// What a webhook becomes: it replaces the whole configuration.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookConfiguration {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Where deliveries go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What deliveries carry as `Authorization`.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::wire::secrets::exposed")]
    pub authorization: Option<SecretString>,
    /// Who is told of failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// After how many failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_threshold: Option<u32>,
}

record! {
    /// A topic that can be listened to.
    TopicDefinition {
        /// Its key, such as `SUBSCRIPTION`.
        topic: must String,
        /// Its name.
        name: text,
        /// What it is about.
        description: text,
        /// Which filters it has.
        available_filters: list FilterDefinition,
        /// What a delivery looks like.
        sample_payload: one Value,
    }
}

record! {
    /// A filter that a topic has.
    FilterDefinition {
        /// The action.
        action: text,
        /// Its name.
        action_display_name: text,
        /// What it is about.
        description: text,
        /// Which conditions it has.
        conditions: list ConditionDefinition,
    }
}

record! {
    /// A condition that a filter has.
    ConditionDefinition {
        /// The field.
        field: text,
        /// How it can be compared.
        operator: list FilterOperator,
        /// Its type.
        data_type: text,
        /// What it is about.
        description: text,
        /// A value.
        value: text,
    }
}

record! {
    /// What was tried to deliver one event.
    WebhookLog {
        /// UUID.
        id: id,
        /// The webhook.
        webhook_id: text,
        /// Its name.
        webhook_name: text,
        /// How it ended.
        final_status: one WebhookDeliveryStatus,
        /// When it began.
        created_at: time,
        /// Each attempt.
        call_history: list WebhookCall,
    }
}

record! {
    /// One attempt to deliver.
    WebhookCall {
        /// UUID.
        id: text,
        /// When.
        timestamp: time,
        /// How it ended.
        status: one WebhookDeliveryStatus,
        /// Why it failed.
        error_message: text,
        /// What the receiver answered.
        http_status_code: one u16,
        /// What was sent.
        payload: one Value,
    }
}

/// The answer to a test delivery.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookTest {
    /// Where it went.
    #[serde(default)]
    pub url: Option<String>,
    /// The webhook.
    #[serde(default)]
    pub webhook: Option<Webhook>,
    /// What was sent.
    #[serde(default)]
    pub sample_payload: Option<Value>,
}
