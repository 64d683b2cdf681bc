//! Webhooks: management, topics, tests, logs.

use provider_core::Result;
use provider_http::RequestSpec;
use serde::Serialize;
use serde_json::json;

use super::handle;
use crate::auth::Audience;
use crate::model::{
    AddWebhookTopic, CreateWebhook, TopicDefinition, Webhook, WebhookConfiguration, WebhookDeliveryStatus,
    WebhookFilter, WebhookLog, WebhookTest,
};
use crate::wire::envelope::{Listed, PageOf};

handle! {
    /// Webhooks. What arrives at a receiver is read by [`crate::webhook`].
    Webhooks
}

/// Which webhooks. Sorting is `field:asc` or `field:desc` on this surface.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookFilterBy {
    /// Found by Pax8's search.
    pub query: Option<String>,
    /// Active ones, or inactive ones.
    pub active: Option<bool>,
    /// Listening to this topic.
    pub topic: Option<String>,
    /// Whose last delivery ended so.
    pub status: Option<WebhookDeliveryStatus>,
    /// Of this account.
    pub account_id: Option<String>,
    /// In this order.
    pub sort: Option<String>,
}

/// Which topics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TopicFilter {
    /// Found by Pax8's search.
    pub search: Option<String>,
    /// Of this name.
    pub topic: Option<String>,
    /// In this order.
    pub sort: Option<String>,
}

/// Which log entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookLogFilter {
    /// Of this topic.
    pub topic_name: Option<String>,
    /// That ended so.
    pub status: Option<WebhookDeliveryStatus>,
    /// From this day or moment.
    pub start_date: Option<String>,
    /// To this day or moment.
    pub end_date: Option<String>,
    /// In this order.
    pub sort: Option<String>,
}

const ALL: &str = "/api/v2/webhooks";
const ONE: &str = "/api/v2/webhooks/{id}";
const TOPICS: &str = "/api/v2/webhooks/{id}/topics";

impl Webhooks<'_> {
    async fn webhook(&self, spec: RequestSpec) -> Result<Webhook> {
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    fn post(path: &'static str, id: &str, body: &impl Serialize) -> Result<RequestSpec> {
        RequestSpec::post(path).path("id", id).json(body)
    }

    /// `GET /api/v2/webhooks`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn list(&self, filter: &WebhookFilterBy, page: PageOf) -> Result<Listed<Webhook>> {
        let spec = RequestSpec::get(ALL)
            .query_opt("query", filter.query.as_deref())
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("active", filter.active)
            .query_opt("topic", filter.topic.as_deref())
            .query_opt("sort", filter.sort.as_deref())
            .query_opt("status", filter.status.as_ref())
            .query_opt("accountId", filter.account_id.as_deref());
        self.client.page(Audience::Partner, spec, &self.call).await
    }

    /// `POST /api/v2/webhooks`. It does nothing until it is active.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn create(&self, webhook: &CreateWebhook) -> Result<Webhook> {
        self.webhook(guarded(RequestSpec::post(ALL).json(webhook)?, webhook.authorization.as_ref())).await
    }

    /// `GET /api/v2/webhooks/topic-definitions`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn topic_definitions(
        &self,
        filter: &TopicFilter,
        page: PageOf,
    ) -> Result<Listed<TopicDefinition>> {
        let spec = RequestSpec::get("/api/v2/webhooks/topic-definitions")
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("search", filter.search.as_deref())
            .query_opt("sort", filter.sort.as_deref())
            .query_opt("topic", filter.topic.as_deref());
        self.client.page(Audience::Partner, spec, &self.call).await
    }

    /// `GET /api/v2/webhooks/{id}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn get(&self, id: &str) -> Result<Webhook> {
        self.webhook(RequestSpec::get(ONE).path("id", id)).await
    }

    /// `DELETE /api/v2/webhooks/{id}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let spec = RequestSpec::delete(ONE).path("id", id);
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }

    /// `POST /api/v2/webhooks/{id}/configuration`: replaces the whole configuration.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn configure(&self, id: &str, configuration: &WebhookConfiguration) -> Result<Webhook> {
        let spec = Self::post("/api/v2/webhooks/{id}/configuration", id, configuration)?;
        self.webhook(guarded(spec, configuration.authorization.as_ref())).await
    }

    /// `POST /api/v2/webhooks/{id}/status`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn set_active(&self, id: &str, active: bool) -> Result<Webhook> {
        self.webhook(Self::post("/api/v2/webhooks/{id}/status", id, &json!({ "active": active }))?).await
    }

    /// `POST /api/v2/webhooks/{id}/topics`. Fails where the topic is there already.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn add_topic(&self, id: &str, topic: &AddWebhookTopic) -> Result<Webhook> {
        self.webhook(Self::post(TOPICS, id, topic)?).await
    }

    /// `PUT /api/v2/webhooks/{id}/topics`: replaces all topics.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn replace_topics(&self, id: &str, topics: &[AddWebhookTopic]) -> Result<Webhook> {
        let spec = RequestSpec::put(TOPICS).path("id", id).json(&json!({ "webhookTopics": topics }))?;
        self.webhook(spec).await
    }

    /// `POST /api/v2/webhooks/{id}/topics/{topicId}/configuration`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn configure_topic(
        &self,
        id: &str,
        topic_id: &str,
        filters: &[WebhookFilter],
    ) -> Result<Webhook> {
        let spec = RequestSpec::post("/api/v2/webhooks/{id}/topics/{topicId}/configuration")
            .path("id", id)
            .path("topicId", topic_id)
            .json(&json!({ "filters": filters }))?;
        self.webhook(spec).await
    }

    /// `DELETE /api/v2/webhooks/{id}/topics/{topicId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn remove_topic(&self, id: &str, topic_id: &str) -> Result<()> {
        let spec = RequestSpec::delete("/api/v2/webhooks/{id}/topics/{topicId}")
            .path("id", id)
            .path("topicId", topic_id);
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }

    /// `POST /api/v2/webhooks/{id}/topics/{topic}/test`: sends a sample. The topic goes by its name.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn test_topic(&self, id: &str, topic: &str) -> Result<WebhookTest> {
        let spec = RequestSpec::post("/api/v2/webhooks/{id}/topics/{topic}/test")
            .path("id", id)
            .path("topic", topic);
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `GET /api/v2/webhooks/{webhookId}/logs`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn logs(
        &self,
        id: &str,
        filter: &WebhookLogFilter,
        page: PageOf,
    ) -> Result<Listed<WebhookLog>> {
        let spec = RequestSpec::get("/api/v2/webhooks/{webhookId}/logs")
            .path("webhookId", id)
            .query_opt("topicName", filter.topic_name.as_deref())
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("status", filter.status.as_ref())
            .query_opt("startDate", filter.start_date.as_deref())
            .query_opt("endDate", filter.end_date.as_deref())
            .query_opt("sort", filter.sort.as_deref());
        self.client.page(Audience::Partner, spec, &self.call).await
    }

    /// `GET /api/v2/webhooks/{webhookId}/logs/{id}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn log(&self, id: &str, log: &str) -> Result<WebhookLog> {
        let spec =
            RequestSpec::get("/api/v2/webhooks/{webhookId}/logs/{id}").path("webhookId", id).path("id", log);
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `POST /api/v2/webhooks/{webhookId}/logs/{logId}/retry`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn retry(&self, id: &str, log: &str) -> Result<()> {
        let spec = RequestSpec::post("/api/v2/webhooks/{webhookId}/logs/{logId}/retry")
            .path("webhookId", id)
            .path("logId", log);
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }
}

/// A secret that a request holds is blanked where Pax8 echoes it.
fn guarded(spec: RequestSpec, secret: Option<&secrecy::SecretString>) -> RequestSpec {
    match secret {
        Some(secret) => spec.secret(secret),
        None => spec,
    }
}
