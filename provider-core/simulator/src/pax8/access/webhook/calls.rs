//! `/api/v2/webhooks`: the management of webhooks and their topics.

use axum::body::Bytes;
use axum::extract::Path;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::body::{self, TopicSent};
use super::record::{DeliveryStatus, Topic, Webhook};
use super::topics::{self, TOPICS, TopicDefinition};
use crate::engine::answer::{Answer, Stop};
use crate::engine::refusal::RefusedPart;
use crate::pax8::engine::call::{no_content, ok};
use crate::pax8::engine::listing::{PageAsked, Sort, SortKey, boolean, choice};
use crate::pax8::state::{Call, State};

const LIST_QUERY: &[&str] = &["query", "page", "size", "active", "topic", "sort", "status", "accountId"];

/// `GET /webhooks`.
pub(crate) async fn list(call: Call) -> Answer {
    let query = call.query(LIST_QUERY)?;
    let page = PageAsked::read(&call, &query)?;
    let sort = Sort::read(&call, &query, ':', &["displayName", "createdAt", "updatedAt"])?;
    let active = boolean(&call, &query, "active")?;
    let status = choice(&call, &query, "status", DeliveryStatus::WORDS)?;
    let answer = call.read(|state| {
        let mut rows: Vec<&Webhook> = state
            .webhooks
            .all
            .iter()
            .filter(|one| {
                active.is_none_or(|wanted| one.active == wanted)
                    && query
                        .get("topic")
                        .is_none_or(|wanted| one.topics.iter().any(|topic| topic.topic == wanted))
                    && status.is_none_or(|wanted| one.last_status.is_some_and(|s| s.word() == wanted))
                    && query.get("accountId").is_none_or(|wanted| state.account_id == wanted)
                    && query.get("query").is_none_or(|wanted| {
                        let name = one.configuration.display_name.to_lowercase();
                        name.contains(&wanted.to_lowercase())
                    })
            })
            .collect();
        if let Some(sort) = &sort {
            sort.apply(&mut rows, |one| match sort.field {
                "displayName" => SortKey::Text(one.configuration.display_name.clone()),
                "createdAt" => SortKey::Time(Some(one.created_at)),
                _ => SortKey::Time(Some(one.updated_at)),
            });
        }
        page.cut(&rows, |one| one.json(&state.account_id)).nested()
    });
    Ok(ok(&answer))
}

/// `POST /webhooks`.
pub(crate) async fn create(call: Call, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let sent = body::create(&call, &members)?;
    let answer = call.change(|state, now| {
        let webhook = Webhook {
            id: state.ids.uuid(),
            configuration: sent.configuration,
            active: sent.active,
            integration_id: sent.integration_id,
            topics: named(state, sent.topics),
            last_status: None,
            created_at: now,
            updated_at: now,
        };
        let answer = webhook.json(&state.account_id);
        state.webhooks.all.push(webhook);
        answer
    });
    Ok(ok(&answer))
}

/// Gives topics their ids.
fn named(state: &mut State, sent: Vec<TopicSent>) -> Vec<Topic> {
    sent.into_iter()
        .map(|one| Topic { id: state.ids.uuid(), topic: one.topic, filters: one.filters })
        .collect()
}

/// `GET /webhooks/topic-definitions`: the one list whose page numbers are not nested.
pub(crate) async fn topic_definitions(call: Call) -> Answer {
    let query = call.query(&["page", "size", "search", "sort", "topic"])?;
    let page = PageAsked::read(&call, &query)?;
    let sort = Sort::read(&call, &query, ':', &["topic", "name"])?;
    let mut rows: Vec<&TopicDefinition> = TOPICS
        .iter()
        .filter(|one| {
            query.get("topic").is_none_or(|wanted| one.topic == wanted)
                && query
                    .get("search")
                    .is_none_or(|wanted| one.name.to_lowercase().contains(&wanted.to_lowercase()))
        })
        .collect();
    if let Some(sort) = &sort {
        sort.apply(&mut rows, |one| {
            SortKey::Text(match sort.field {
                "topic" => one.topic.to_owned(),
                _ => one.name.to_owned(),
            })
        });
    }
    Ok(ok(&page.cut(&rows, |one| one.json()).flat()))
}

/// `GET /webhooks/{id}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    let answer = call.read(|state| {
        let webhook = state.webhooks.get(&id)?;
        Some(webhook.json(&state.account_id))
    });
    answer.map(|webhook| ok(&webhook)).ok_or_else(|| call.not_found("Webhook", &id))
}

/// `DELETE /webhooks/{id}`: its logs go with it.
pub(crate) async fn delete(call: Call, Path(id): Path<String>, body: Bytes) -> Answer {
    call.no_query()?;
    call.no_body(&body)?;
    call.change(|state, _| {
        if state.webhooks.get(&id).is_none() {
            return Err(call.not_found("Webhook", &id));
        }
        state.webhooks.all.retain(|one| one.id != id);
        state.webhooks.logs.retain(|one| one.webhook_id != id);
        Ok(())
    })?;
    Ok(no_content())
}

/// Changes one webhook and answers it.
fn changed(
    call: &Call,
    id: &str,
    change: impl FnOnce(&mut Webhook, DateTime<Utc>, Vec<Topic>) -> Result<(), Stop>,
    sent: Vec<TopicSent>,
) -> Answer {
    let answer: Value = call.change(|state, now| {
        let topics = named(state, sent);
        let Some(webhook) = state.webhooks.get_mut(id) else {
            return Err(call.not_found("Webhook", id));
        };
        change(webhook, now, topics)?;
        webhook.updated_at = now;
        Ok(webhook.json(&state.account_id))
    })?;
    Ok(ok(&answer))
}

/// `POST /webhooks/{id}/configuration`.
pub(crate) async fn configure(call: Call, Path(id): Path<String>, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let change = |webhook: &mut Webhook, _, _| {
        let name = webhook.configuration.display_name.clone();
        webhook.configuration = body::configuration(&call, &members, &name)?;
        Ok(())
    };
    changed(&call, &id, change, Vec::new())
}

/// `POST /webhooks/{id}/status`.
pub(crate) async fn set_active(call: Call, Path(id): Path<String>, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let active = body::active(&call, &members)?;
    let change = |webhook: &mut Webhook, _, _| {
        webhook.active = active;
        Ok(())
    };
    changed(&call, &id, change, Vec::new())
}

/// `POST /webhooks/{id}/topics`: adds one, which must not be there yet.
pub(crate) async fn add_topic(call: Call, Path(id): Path<String>, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let sent = body::topic(&call, &members)?;
    let change = |webhook: &mut Webhook, _, added: Vec<Topic>| {
        let known = |topic: &Topic| webhook.topics.iter().any(|one| one.topic == topic.topic);
        if added.iter().any(known) {
            return Err(call.wrong(RefusedPart::Body, "topic", "the webhook has this topic already"));
        }
        webhook.topics.extend(added);
        Ok(())
    };
    changed(&call, &id, change, vec![sent])
}

/// `PUT /webhooks/{id}/topics`: replaces all.
pub(crate) async fn replace_topics(call: Call, Path(id): Path<String>, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let sent = body::topics(&call, &members)?;
    let change = |webhook: &mut Webhook, _, topics: Vec<Topic>| {
        webhook.topics = topics;
        Ok(())
    };
    changed(&call, &id, change, sent)
}

/// `POST /webhooks/{id}/topics/{topicId}/configuration`.
pub(crate) async fn configure_topic(
    call: Call,
    Path((id, topic_id)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let filters = body::filters(&call, &members)?;
    let change = |webhook: &mut Webhook, _, _| {
        let topic = webhook.topics.iter_mut().find(|one| one.id == topic_id);
        let topic = topic.ok_or_else(|| call.not_found("Webhook Topic", &topic_id))?;
        topic.filters = filters;
        Ok(())
    };
    changed(&call, &id, change, Vec::new())
}

/// `DELETE /webhooks/{id}/topics/{topicId}`.
pub(crate) async fn remove_topic(
    call: Call,
    Path((id, topic_id)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    call.no_query()?;
    call.no_body(&body)?;
    let change = |webhook: &mut Webhook, _, _| {
        let before = webhook.topics.len();
        webhook.topics.retain(|one| one.id != topic_id);
        if webhook.topics.len() == before {
            return Err(call.not_found("Webhook Topic", &topic_id));
        }
        Ok(())
    };
    changed(&call, &id, change, Vec::new()).map(|_| no_content())
}

/// `POST /webhooks/{id}/topics/{topic}/test`: sends a sample, also while the webhook is not active.
pub(crate) async fn test_topic(call: Call, Path((id, topic)): Path<(String, String)>, body: Bytes) -> Answer {
    call.no_query()?;
    call.no_body(&body)?;
    let Some(definition) = topics::find(&topic) else {
        return Err(call.wrong(RefusedPart::Route, &topic, "unknown topic"));
    };
    let (answer, delivery) = call.change(|state, now| {
        let topic_id = state.ids.uuid();
        let Some(webhook) = state.webhooks.get(&id) else {
            return Err(call.not_found("Webhook", &id));
        };
        let Some(url) = webhook.configuration.url.clone() else {
            return Err(call.wrong(RefusedPart::Body, "url", "the webhook has no url"));
        };
        let subscribed = webhook.topics.iter().find(|one| one.topic == topic);
        let topic =
            subscribed.cloned().unwrap_or(Topic { id: topic_id, topic: topic.clone(), filters: Vec::new() });
        let webhook = webhook.clone();
        let delivery = state.begin_delivery(&webhook, &topic, &definition.sample_data(), now);
        let answer = json!({
            "url": url,
            "webhook": webhook.json(&state.account_id),
            "samplePayload": delivery.payload,
        });
        Ok((answer, delivery))
    })?;
    call.sim.send(vec![delivery]);
    Ok(ok(&answer))
}
