//! `/api/v2/webhooks/{webhookId}/logs`.

use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::StatusCode;

use super::record::{DeliveryLog, DeliveryStatus};
use crate::engine::answer::{Answer, Stop};
use crate::engine::clock::midnight;
use crate::engine::refusal::RefusedPart;
use crate::engine::strict::Query;
use crate::pax8::engine::call::ok;
use crate::pax8::engine::listing::{PageAsked, Sort, SortKey, choice};
use crate::pax8::engine::wire;
use crate::pax8::state::Call;

/// `query` is declared as a required object by mistake: it is allowed and has no effect.
const LIST_QUERY: &[&str] = &["topicName", "page", "size", "status", "startDate", "endDate", "sort", "query"];

fn instant(call: &Call, query: &Query, name: &str) -> Result<Option<DateTime<Utc>>, Stop> {
    match query.get(name) {
        None => Ok(None),
        Some(text) => wire::parse_date_time(text)
            .or_else(|| wire::parse_day(text).map(midnight))
            .map(Some)
            .ok_or_else(|| call.wrong(RefusedPart::Query, name, "must be a date or date-time")),
    }
}

/// `GET /webhooks/{webhookId}/logs`: newest first.
pub(crate) async fn list(call: Call, Path(webhook_id): Path<String>) -> Answer {
    let query = call.query(LIST_QUERY)?;
    let page = PageAsked::read(&call, &query)?;
    let sort = Sort::read(&call, &query, ':', &["createdAt", "finalStatus"])?;
    let status = choice(&call, &query, "status", DeliveryStatus::WORDS)?;
    let from = instant(&call, &query, "startDate")?;
    let to = instant(&call, &query, "endDate")?;
    let answer = call.read(|state| {
        state.webhooks.get(&webhook_id)?;
        let mut rows: Vec<&DeliveryLog> = state
            .webhooks
            .logs
            .iter()
            .rev()
            .filter(|one| {
                one.webhook_id == webhook_id
                    && query.get("topicName").is_none_or(|wanted| one.topic == wanted)
                    && status.is_none_or(|wanted| one.status.word() == wanted)
                    && from.is_none_or(|first| one.created_at >= first)
                    && to.is_none_or(|last| one.created_at <= last)
            })
            .collect();
        if let Some(sort) = &sort {
            sort.apply(&mut rows, |one| match sort.field {
                "finalStatus" => SortKey::Text(one.status.word().to_owned()),
                _ => SortKey::Time(Some(one.created_at)),
            });
        }
        Some(page.cut(&rows, |one| one.json()).nested())
    });
    answer.map(|page| ok(&page)).ok_or_else(|| call.not_found("Webhook", &webhook_id))
}

/// `GET /webhooks/{webhookId}/logs/{id}`.
pub(crate) async fn get(call: Call, Path((webhook_id, id)): Path<(String, String)>) -> Answer {
    call.no_query()?;
    let answer = call.read(|state| state.webhooks.log(&webhook_id, &id).map(DeliveryLog::json));
    answer.map(|log| ok(&log)).ok_or_else(|| call.not_found("Webhook Log", &id))
}

/// `POST /webhooks/{webhookId}/logs/{logId}/retry`: sends what failed once more.
pub(crate) async fn retry(call: Call, Path((webhook_id, id)): Path<(String, String)>, body: Bytes) -> Answer {
    call.no_query()?;
    call.no_body(&body)?;
    let delivery = call.change(|state, _| {
        let Some(log) = state.webhooks.log(&webhook_id, &id) else {
            return Err(call.not_found("Webhook Log", &id));
        };
        if log.status != DeliveryStatus::Failed {
            return Err(call.wrong(RefusedPart::Route, &id, "only a delivery that failed can be retried"));
        }
        state.retried_delivery(&webhook_id, &id).ok_or_else(|| call.not_found("Webhook", &webhook_id))
    })?;
    call.sim.send(vec![delivery]);
    let mut response = Response::default();
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}
