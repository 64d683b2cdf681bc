//! Webhooks: management, topics, logs. What arrives at a receiver is in [`crate::webhook`].

use provider_core::{open_enum, records};
use secrecy::SecretString;
use serde_json::Value;

open_enum! {
    /// How a condition of a webhook filter compares.
    pub enum FilterOperator {
        /// Equal to the value.
        Equals = "EQUALS",
        /// Not equal to the value.
        NotEquals = "NOT_EQUALS",
        /// Greater than the value.
        GreaterThan = "GREATER_THAN",
        /// Less than the value.
        LessThan = "LESS_THAN",
        /// One of the values.
        In = "IN",
        /// None of the values.
        NotIn = "NOT_IN",
        /// Contains the value.
        Contains = "CONTAINS",
    }

    /// How a delivery to a webhook ended.
    pub enum WebhookDeliveryStatus {
        /// Not yet tried.
        Pending = "PENDING",
        /// Delivered.
        Success = "SUCCESS",
        /// Given up.
        Failed = "FAILED",
        /// Will be tried again.
        Retrying = "RETRYING",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]

    /// A webhook. The vendor sends its secret back, so it is held as one and never written.
    pub struct Webhook {
        /// UUID.
        pub id: String,
        /// The partner's account.
        pub account_id: Option<String>,
        /// Its name.
        pub display_name: Option<String>,
        /// Where deliveries go.
        pub url: Option<String>,
        /// What deliveries carry as `Authorization`.
        pub authorization: Option<Secret>,
        /// Deliveries are made.
        pub active: Option<bool>,
        /// Who is notified of failed deliveries.
        pub contact_email: Option<String>,
        /// After how many failures they are notified.
        pub error_threshold: Option<i64>,
        /// The third party's integration.
        pub integration_id: Option<String>,
        /// The topics that it subscribes to.
        pub webhook_topics: Vec<WebhookTopic>,
        /// How the last delivery ended.
        pub last_delivery_status: Option<WebhookDeliveryStatus>,
        /// When it was made.
        pub created_at: Option<DateTime>,
        /// When it last changed.
        pub updated_at: Option<DateTime>,
    }

    /// The answer to a test delivery.
    pub struct WebhookTest {
        /// Where it went.
        pub url: Option<String>,
        /// The webhook.
        pub webhook: Option<Webhook>,
        /// What was sent.
        pub sample_payload: Option<Value>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]

    /// A webhook to be made. It does nothing until it is active.
    pub struct CreateWebhook {
        /// Its name.
        pub display_name: String,
        /// Where deliveries go.
        pub url: Option<String>,
        /// What deliveries carry as `Authorization`: the only proof of their origin. Set it.
        #[serde(serialize_with = "crate::wire::secrets::exposed")]
        pub authorization: Option<SecretString>,
        /// Deliveries are made.
        pub active: bool,
        /// Who is notified of failed deliveries.
        pub contact_email: Option<String>,
        /// After how many failures they are notified; 3 unless set, 20 at most.
        pub error_threshold: Option<u32>,
        /// The integration, for third parties.
        pub integration_id: Option<String>,
        /// The topics that it subscribes to.
        pub webhook_topics: ::std::vec::Vec<AddWebhookTopic>,
    }

    /// What a webhook becomes: it replaces the whole configuration.
    #[derive(Default)]
    pub struct WebhookConfiguration {
        /// Its name.
        pub display_name: Option<String>,
        /// Where deliveries go.
        pub url: Option<String>,
        /// What deliveries carry as `Authorization`.
        #[serde(serialize_with = "crate::wire::secrets::exposed")]
        pub authorization: Option<SecretString>,
        /// Who is notified of failed deliveries.
        pub contact_email: Option<String>,
        /// After how many failures they are notified.
        pub error_threshold: Option<u32>,
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A topic that a webhook listens to.
    pub struct WebhookTopic {
        /// UUID.
        pub id: Option<String>,
        /// Its name, such as `SUBSCRIPTION`.
        pub topic: Option<String>,
        /// Which events; none means every one.
        pub filters: Vec<WebhookFilter>,
    }

    /// A topic that can be listened to.
    pub struct TopicDefinition {
        /// Its key, such as `SUBSCRIPTION`.
        pub topic: String,
        /// Its name.
        pub name: Option<String>,
        /// What it is about.
        pub description: Option<String>,
        /// Which filters it has.
        pub available_filters: Vec<FilterDefinition>,
        /// What a delivery looks like.
        pub sample_payload: Option<Value>,
    }

    /// A filter that a topic has.
    pub struct FilterDefinition {
        /// The action.
        pub action: Option<String>,
        /// Its name.
        pub action_display_name: Option<String>,
        /// What it is about.
        pub description: Option<String>,
        /// Which conditions it has.
        pub conditions: Vec<ConditionDefinition>,
    }

    /// A condition that a filter has.
    pub struct ConditionDefinition {
        /// The field.
        pub field: Option<String>,
        /// How it can be compared.
        pub operator: Vec<FilterOperator>,
        /// Its type.
        pub data_type: Option<String>,
        /// What it is about.
        pub description: Option<String>,
        /// A value.
        pub value: Option<String>,
    }

    /// What was tried to deliver one event.
    pub struct WebhookLog {
        /// UUID.
        pub id: String,
        /// The webhook.
        pub webhook_id: Option<String>,
        /// Its name.
        pub webhook_name: Option<String>,
        /// How it ended.
        pub final_status: Option<WebhookDeliveryStatus>,
        /// When it began.
        pub created_at: Option<DateTime>,
        /// Each attempt.
        pub call_history: Vec<WebhookCall>,
    }

    /// One attempt to deliver.
    pub struct WebhookCall {
        /// UUID.
        pub id: Option<String>,
        /// When.
        pub timestamp: Option<DateTime>,
        /// How it ended.
        pub status: Option<WebhookDeliveryStatus>,
        /// Why it failed.
        pub error_message: Option<String>,
        /// What the receiver answered.
        #[serde(deserialize_with = "provider_core::wire::lenient::whole")]
        pub http_status_code: Option<u16>,
        /// What was sent.
        pub payload: Option<Value>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// Which events of a topic: an action, and conditions that all have to hold.
    pub struct WebhookFilter {
        /// The action, such as `CREATED`.
        pub action: String,
        /// The conditions.
        #[serde(default, deserialize_with = "provider_core::wire::lenient::list")]
        pub conditions: ::std::vec::Vec<FilterCondition>,
    }

    /// A condition on a field.
    pub struct FilterCondition {
        /// The field.
        pub field: String,
        /// How it is compared.
        pub operator: FilterOperator,
        /// With what.
        #[serde(default, deserialize_with = "provider_core::wire::lenient::list")]
        pub value: ::std::vec::Vec<String>,
    }

    /// A topic to listen to.
    pub struct AddWebhookTopic {
        /// Its name.
        pub topic: String,
        /// Which events; none means every one.
        pub filters: ::std::vec::Vec<WebhookFilter>,
    }
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

impl WebhookFilter {
    /// Every event of this action.
    #[must_use]
    pub fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), conditions: Vec::new() }
    }
}

impl FilterCondition {
    /// A condition.
    #[must_use]
    pub fn new(field: impl Into<String>, operator: FilterOperator, value: Vec<String>) -> Self {
        Self { field: field.into(), operator, value }
    }
}

impl AddWebhookTopic {
    /// Every event of this topic.
    #[must_use]
    pub fn new(topic: impl Into<String>) -> Self {
        Self { topic: topic.into(), filters: Vec::new() }
    }
}
