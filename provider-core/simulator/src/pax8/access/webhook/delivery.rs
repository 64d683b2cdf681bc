//! Deliveries: which webhooks get an event, attempts, and what the log says afterwards.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::post::post_json;
use super::record::{Attempt, DeliveryLog, DeliveryStatus, Topic, Webhook};
use crate::engine::handle::Handle;
use crate::engine::lock::lock;
use crate::pax8::engine::wire;
use crate::pax8::state::{Call, Pax8, State};

/// Attempts in total, fewer where the webhook's error threshold is lower.
const MAX_ATTEMPTS: u32 = 3;

/// One event on its way to one webhook.
#[derive(Debug)]
pub(crate) struct Delivery {
    log_id: String,
    webhook_id: String,
    url: String,
    authorization: Option<String>,
    attempts: u32,
    pub(crate) payload: Value,
}

impl State {
    /// Turns what happened into deliveries to the active webhooks that want it.
    pub(crate) fn take_deliveries(&mut self, now: DateTime<Utc>) -> Vec<Delivery> {
        let events = std::mem::take(&mut self.events);
        let webhooks = self.webhooks.all.clone();
        let mut deliveries = Vec::new();
        for event in &events {
            for webhook in webhooks.iter().filter(|one| one.active) {
                if let Some(topic) = webhook.topics.iter().find(|topic| topic.wants(event)) {
                    let data = Value::Object(event.data.clone());
                    deliveries.push(self.begin_delivery(webhook, topic, &data, now));
                }
            }
        }
        deliveries
    }

    /// Opens the log of a delivery.
    pub(crate) fn begin_delivery(
        &mut self,
        webhook: &Webhook,
        topic: &Topic,
        data: &Value,
        now: DateTime<Utc>,
    ) -> Delivery {
        let url = webhook.configuration.url.clone().unwrap_or_default();
        let payload = json!({
            "accountId": self.account_id,
            "url": url,
            "webhookId": webhook.id,
            "sentAt": wire::millis(now),
            "webhookTopic": topic.json(),
            "payloadData": data,
        });
        let log_id = self.ids.uuid();
        self.webhooks.logs.push(DeliveryLog {
            id: log_id.clone(),
            webhook_id: webhook.id.clone(),
            webhook_name: webhook.configuration.display_name.clone(),
            topic: topic.topic.clone(),
            status: DeliveryStatus::Pending,
            created_at: now,
            payload: payload.clone(),
            attempts: Vec::new(),
        });
        Delivery {
            log_id,
            webhook_id: webhook.id.clone(),
            url,
            authorization: webhook.configuration.authorization.clone(),
            attempts: webhook.configuration.error_threshold.clamp(1, MAX_ATTEMPTS),
            payload,
        }
    }

    /// One more attempt of a delivery that failed, to where the webhook points now.
    pub(crate) fn retried_delivery(&mut self, webhook_id: &str, log_id: &str) -> Option<Delivery> {
        let configuration = self.webhooks.get(webhook_id)?.configuration.clone();
        let log = self.webhooks.log_mut(log_id)?;
        log.status = DeliveryStatus::Retrying;
        Some(Delivery {
            log_id: log_id.to_owned(),
            webhook_id: webhook_id.to_owned(),
            url: configuration.url.unwrap_or_default(),
            authorization: configuration.authorization,
            attempts: 1,
            payload: log.payload.clone(),
        })
    }

    fn record_attempt(&mut self, delivery: &Delivery, attempt: Attempt, is_last: bool) {
        let status = if attempt.succeeded() {
            DeliveryStatus::Success
        } else if is_last {
            DeliveryStatus::Failed
        } else {
            DeliveryStatus::Retrying
        };
        if let Some(log) = self.webhooks.log_mut(&delivery.log_id) {
            log.attempts.push(attempt);
            log.status = status;
        }
        if let Some(webhook) = self.webhooks.get_mut(&delivery.webhook_id) {
            webhook.last_status = Some(status);
        }
    }
}

impl Handle<Pax8> {
    /// Runs `work` on the state as of now, then sends what happened to webhooks.
    pub(crate) fn with_state<R>(&self, work: impl FnOnce(&mut State, DateTime<Utc>) -> R) -> R {
        let now = self.frame.clock.now();
        let (result, deliveries) = {
            let mut state = lock(&self.world.state);
            state.settle(now);
            let result = work(&mut state, now);
            (result, state.take_deliveries(now))
        };
        self.send(deliveries);
        result
    }

    /// Sends deliveries in the background, each on a task of its own.
    pub(crate) fn send(&self, deliveries: Vec<Delivery>) {
        let Some(runtime) = &self.world.runtime else {
            return;
        };
        for delivery in deliveries {
            let sim = self.clone();
            runtime.spawn(async move { sim.attempt(delivery).await });
        }
    }

    async fn attempt(self, delivery: Delivery) {
        for number in 1..=delivery.attempts {
            let answer = post_json(&delivery.url, delivery.authorization.as_deref(), &delivery.payload).await;
            let at = self.frame.clock.now();
            let wait = {
                let mut state = lock(&self.world.state);
                let attempt = Attempt { id: state.ids.uuid(), at, answer };
                let done = attempt.succeeded();
                state.record_attempt(&delivery, attempt, number == delivery.attempts);
                (!done).then_some(state.retry_pause)
            };
            match wait {
                Some(pause) if number < delivery.attempts => tokio::time::sleep(pause).await,
                _ => return,
            }
        }
    }
}

impl Call {
    /// Looks at the state as it is now.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        self.sim.with_state(|state, _| look(state))
    }

    /// Changes the state; what happened is delivered to webhooks afterwards.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut State, DateTime<Utc>) -> R) -> R {
        self.sim.with_state(change)
    }
}
