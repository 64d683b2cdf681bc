//! Webhooks: management, topics, tests, logs.

use provider_core::Result;
use provider_http::{Endpoint, RequestSpec, endpoints, query, written};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;

use crate::client::Pax8Client;
use crate::model::{
    AddWebhookTopic, CreateWebhook, TopicDefinition, Webhook, WebhookConfiguration, WebhookDeliveryStatus,
    WebhookFilter, WebhookLog, WebhookTest,
};
use crate::wire::envelope::{Listed, PageOf};

written!(WebhookDeliveryStatus);

query! {
    /// Which webhooks. Sorting is `field:asc` or `field:desc` on this surface.
    #[derive(Eq)]
    pub struct WebhookFilterBy paged(PageOf) {
        /// Found by Pax8's search.
        pub query: Option<String> = "query",
        /// Active ones, or inactive ones.
        pub active: Option<bool> = "active",
        /// Listening to this topic.
        pub topic: Option<String> = "topic",
        /// In this order.
        pub sort: Option<String> = "sort",
        /// Whose last delivery ended so.
        pub status: Option<WebhookDeliveryStatus> = "status",
        /// Of this account.
        pub account_id: Option<String> = "accountId",
    }

    /// Which topics.
    #[derive(Eq)]
    pub struct TopicFilter paged(PageOf) {
        /// Found by Pax8's search.
        pub search: Option<String> = "search",
        /// In this order.
        pub sort: Option<String> = "sort",
        /// Of this name.
        pub topic: Option<String> = "topic",
    }

    /// Which log entries.
    #[derive(Eq)]
    pub struct WebhookLogFilter paged(PageOf) {
        /// Of this topic.
        pub topic_name: Option<String> = "topicName",
        /// That ended so.
        pub status: Option<WebhookDeliveryStatus> = "status",
        /// From this day or moment.
        pub start_date: Option<String> = "startDate",
        /// To this day or moment.
        pub end_date: Option<String> = "endDate",
        /// In this order.
        pub sort: Option<String> = "sort",
    }
}

endpoints! {
    client: Pax8Client;

    /// Webhooks. What arrives at a receiver is read by [`crate::webhook`].
    Webhooks as webhooks {
        /// A page of webhooks.
        get "/api/v2/webhooks" => list() query(filter: WebhookFilterBy, page: PageOf) -> page Listed<Webhook>;
        /// A page of the topics that there are.
        get "/api/v2/webhooks/topic-definitions" => topic_definitions() query(filter: TopicFilter, page: PageOf) -> page Listed<TopicDefinition>;
        /// One webhook.
        get "/api/v2/webhooks/{id}" => get(id: &str) -> record Webhook;
        /// Removes a webhook.
        delete "/api/v2/webhooks/{id}" => delete(id: &str) -> nothing ();
        /// Adds a topic. Fails where the topic is there already.
        post "/api/v2/webhooks/{id}/topics" => add_topic(id: &str) body(topic: &AddWebhookTopic) -> record Webhook;
        /// Removes a topic.
        delete "/api/v2/webhooks/{id}/topics/{topicId}" => remove_topic(id: &str, topic_id: &str = "topicId") -> nothing ();
        /// Sends a test delivery. The topic is given by its name.
        post "/api/v2/webhooks/{id}/topics/{topic}/test" => test_topic(id: &str, topic: &str) -> record WebhookTest;
        /// A page of the delivery log.
        get "/api/v2/webhooks/{webhookId}/logs" => logs(id: &str = "webhookId") query(filter: WebhookLogFilter, page: PageOf) -> page Listed<WebhookLog>;
        /// One delivery of the log.
        get "/api/v2/webhooks/{webhookId}/logs/{id}" => log(id: &str = "webhookId", log: &str = "id") -> record WebhookLog;
        /// Retries a delivery.
        post "/api/v2/webhooks/{webhookId}/logs/{logId}/retry" => retry(id: &str = "webhookId", log: &str = "logId") -> nothing ();
    }
}

const CREATE: Endpoint = Endpoint::new("post", "/api/v2/webhooks", "webhooks().create");
const CONFIGURE: Endpoint =
    Endpoint::new("post", "/api/v2/webhooks/{id}/configuration", "webhooks().configure");
const SET_ACTIVE: Endpoint = Endpoint::new("post", "/api/v2/webhooks/{id}/status", "webhooks().set_active");
const REPLACE_TOPICS: Endpoint =
    Endpoint::new("put", "/api/v2/webhooks/{id}/topics", "webhooks().replace_topics");
const CONFIGURE_TOPIC: Endpoint = Endpoint::new(
    "post",
    "/api/v2/webhooks/{id}/topics/{topicId}/configuration",
    "webhooks().configure_topic",
);

/// Endpoints whose bodies the table of endpoints cannot express, or hold a secret that Pax8 may echo.
pub(super) const BESIDE: &[Endpoint] = &[CREATE, CONFIGURE, SET_ACTIVE, REPLACE_TOPICS, CONFIGURE_TOPIC];

impl Webhooks {
    /// Creates a webhook. It does nothing until it is active.
    ///
    /// `post /api/v2/webhooks`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn create(&self, webhook: &CreateWebhook) -> Result<Webhook> {
        let spec = guarded(RequestSpec::post(CREATE.path), webhook.authorization.as_ref());
        self.client.record(spec.json(webhook)?, &self.call).await
    }

    /// Replaces the whole configuration.
    ///
    /// `post /api/v2/webhooks/{id}/configuration`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn configure(&self, id: &str, configuration: &WebhookConfiguration) -> Result<Webhook> {
        let spec = guarded(RequestSpec::post(CONFIGURE.path), configuration.authorization.as_ref());
        self.changed(spec, id, configuration).await
    }

    /// Activates or deactivates a webhook.
    ///
    /// `post /api/v2/webhooks/{id}/status`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn set_active(&self, id: &str, active: bool) -> Result<Webhook> {
        self.changed(RequestSpec::post(SET_ACTIVE.path), id, &json!({ "active": active })).await
    }

    /// Replaces all topics.
    ///
    /// `put /api/v2/webhooks/{id}/topics`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn replace_topics(&self, id: &str, topics: &[AddWebhookTopic]) -> Result<Webhook> {
        self.changed(RequestSpec::put(REPLACE_TOPICS.path), id, &json!({ "webhookTopics": topics })).await
    }

    /// Says which events of a topic are delivered.
    ///
    /// `post /api/v2/webhooks/{id}/topics/{topicId}/configuration`
    ///
    /// # Errors
    /// Any error of the call.
    pub async fn configure_topic(
        &self,
        id: &str,
        topic_id: &str,
        filters: &[WebhookFilter],
    ) -> Result<Webhook> {
        let spec = RequestSpec::post(CONFIGURE_TOPIC.path).path("topicId", topic_id);
        self.changed(spec, id, &json!({ "filters": filters })).await
    }

    async fn changed(&self, spec: RequestSpec, id: &str, body: &(impl Serialize + Sync)) -> Result<Webhook> {
        self.client.record(spec.path("id", id).json(body)?, &self.call).await
    }
}

/// A secret that a request holds is blanked where Pax8 echoes it.
fn guarded(spec: RequestSpec, secret: Option<&SecretString>) -> RequestSpec {
    match secret {
        Some(secret) => spec.secret(secret),
        None => spec,
    }
}
