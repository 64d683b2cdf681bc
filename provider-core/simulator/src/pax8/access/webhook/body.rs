//! Reading webhook bodies.

use serde_json::{Map, Value};

use super::record::{Condition, Configuration, Filter};
use super::topics::{self, OPERATORS};
use crate::engine::answer::Stop;
use crate::pax8::engine::body::{At, Fields, is_email};
use crate::pax8::state::Call;

const CONFIGURATION_FIELDS: &[&str] =
    &["displayName", "url", "authorization", "contactEmail", "errorThreshold"];
const CREATE_FIELDS: &[&str] = &[
    "displayName",
    "url",
    "authorization",
    "active",
    "contactEmail",
    "errorThreshold",
    "integrationId",
    "webhookTopics",
];
const DEFAULT_THRESHOLD: u32 = 3;
const MAX_THRESHOLD: u32 = 20;

/// A topic as sent.
#[derive(Debug)]
pub(crate) struct TopicSent {
    pub(crate) topic: String,
    pub(crate) filters: Vec<Filter>,
}

/// A new webhook as sent.
#[derive(Debug)]
pub(crate) struct WebhookSent {
    pub(crate) configuration: Configuration,
    pub(crate) active: bool,
    pub(crate) integration_id: Option<String>,
    pub(crate) topics: Vec<TopicSent>,
}

/// Reads `POST /webhooks`.
pub(crate) fn create(call: &Call, members: &Map<String, Value>) -> Result<WebhookSent, Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, CREATE_FIELDS)?;
    Ok(WebhookSent {
        configuration: configuration_of(&at, fields, None)?,
        active: fields.boolean(&at, "active")?.unwrap_or(false),
        integration_id: fields.text(&at, "integrationId")?.map(str::to_owned),
        topics: topics_of(call, &at, fields, false)?,
    })
}

/// Reads `POST /webhooks/{id}/configuration`: what is not sent is no longer set, but for the name, which every webhook has.
pub(crate) fn configuration(
    call: &Call,
    members: &Map<String, Value>,
    current_name: &str,
) -> Result<Configuration, Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, CONFIGURATION_FIELDS)?;
    configuration_of(&at, fields, Some(current_name))
}

fn configuration_of(at: &At, fields: Fields<'_>, current_name: Option<&str>) -> Result<Configuration, Stop> {
    let display_name = match (fields.text(at, "displayName")?, current_name) {
        (Some(name), _) if !name.trim().is_empty() => name,
        (None, Some(name)) => name,
        _ => return Err(fields.refuse(at, "displayName", "required")),
    };
    let url = fields.text(at, "url")?;
    let is_web = |text: &str| url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_some_and(|text| !is_web(text)) {
        return Err(fields.refuse(at, "url", "must be a web address"));
    }
    let contact_email = fields.text(at, "contactEmail")?;
    if contact_email.is_some_and(|text| !is_email(text)) {
        return Err(fields.refuse(at, "contactEmail", "must be an e-mail address"));
    }
    let error_threshold = match fields.number(at, "errorThreshold")? {
        None => DEFAULT_THRESHOLD,
        Some(number) => u32::try_from(number)
            .ok()
            .filter(|value| number.fract().is_zero() && *value <= MAX_THRESHOLD)
            .ok_or_else(|| fields.refuse(at, "errorThreshold", "must be a whole number, at most 20"))?,
    };
    Ok(Configuration {
        display_name: display_name.to_owned(),
        url: url.map(str::to_owned),
        authorization: fields.text(at, "authorization")?.map(str::to_owned),
        contact_email: contact_email.map(str::to_owned),
        error_threshold,
    })
}

/// Reads `PUT /webhooks/{id}/topics`.
pub(crate) fn topics(call: &Call, members: &Map<String, Value>) -> Result<Vec<TopicSent>, Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, &["webhookTopics"])?;
    topics_of(call, &at, fields, true)
}

fn topics_of(call: &Call, at: &At, fields: Fields<'_>, required: bool) -> Result<Vec<TopicSent>, Stop> {
    let Some(items) = fields.objects(at, "webhookTopics")? else {
        if required {
            return Err(fields.refuse(at, "webhookTopics", "required"));
        }
        return Ok(Vec::new());
    };
    let mut topics: Vec<TopicSent> = Vec::new();
    for (place, members) in items {
        let sent = topic_at(call, &place, members)?;
        if topics.iter().any(|one| one.topic == sent.topic) {
            return Err(fields.refuse(at, "webhookTopics", "each topic once per webhook"));
        }
        topics.push(sent);
    }
    Ok(topics)
}

/// Reads `POST /webhooks/{id}/topics`.
pub(crate) fn topic(call: &Call, members: &Map<String, Value>) -> Result<TopicSent, Stop> {
    topic_at(call, &At::default(), members)
}

fn topic_at(call: &Call, at: &At, members: &Map<String, Value>) -> Result<TopicSent, Stop> {
    let fields = Fields::read(call, at, members, &["topic", "filters"])?;
    let Some(topic) = fields.text(at, "topic")? else {
        return Err(fields.refuse(at, "topic", "required"));
    };
    if topics::find(topic).is_none() {
        return Err(fields.refuse(at, "topic", "unknown topic"));
    }
    Ok(TopicSent { topic: topic.to_owned(), filters: filters_of(call, at, fields)? })
}

/// Reads `POST /webhooks/{id}/topics/{topicId}/configuration`.
pub(crate) fn filters(call: &Call, members: &Map<String, Value>) -> Result<Vec<Filter>, Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, &["filters"])?;
    filters_of(call, &at, fields)
}

fn filters_of(call: &Call, at: &At, fields: Fields<'_>) -> Result<Vec<Filter>, Stop> {
    let Some(items) = fields.objects(at, "filters")? else {
        return Err(fields.refuse(at, "filters", "required"));
    };
    items
        .into_iter()
        .map(|(at, members)| {
            let fields = Fields::read(call, &at, members, &["action", "conditions"])?;
            let Some(action) = fields.text(&at, "action")? else {
                return Err(fields.refuse(&at, "action", "required"));
            };
            let Some(conditions) = fields.objects(&at, "conditions")? else {
                return Err(fields.refuse(&at, "conditions", "required"));
            };
            Ok(Filter {
                action: action.to_owned(),
                conditions: conditions
                    .into_iter()
                    .map(|(at, members)| condition(call, &at, members))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

fn condition(call: &Call, at: &At, members: &Map<String, Value>) -> Result<Condition, Stop> {
    let fields = Fields::read(call, at, members, &["field", "operator", "value"])?;
    let Some(field) = fields.text(at, "field")? else {
        return Err(fields.refuse(at, "field", "required"));
    };
    let Some(operator) = fields.choice(at, "operator", OPERATORS)? else {
        return Err(fields.refuse(at, "operator", "required"));
    };
    let Some(values) = fields.texts(at, "value")? else {
        return Err(fields.refuse(at, "value", "required, always an array"));
    };
    Ok(Condition { field: field.to_owned(), operator, values })
}

/// Reads `POST /webhooks/{id}/status`.
pub(crate) fn active(call: &Call, members: &Map<String, Value>) -> Result<bool, Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, &["active"])?;
    fields.boolean(&at, "active")?.ok_or_else(|| fields.refuse(&at, "active", "required"))
}
