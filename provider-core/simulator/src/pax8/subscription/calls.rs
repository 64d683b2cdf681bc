//! `/v1/subscriptions`.

use axum::body::Bytes;
use axum::extract::Path;
use serde_json::{Value, json};

use super::record::{STATUSES, Subscription};
use super::rules::{self, Cancel};
use crate::engine::answer::{Answer, Stop};
use crate::engine::clock::midnight;
use crate::engine::refusal::RefusedPart;
use crate::pax8::billing::record::UsageSummary;
use crate::pax8::catalog::record::BILLING_TERMS;
use crate::pax8::engine::call::{no_content, ok};
use crate::pax8::engine::listing::{PageAsked, Sort, SortKey, choice};
use crate::pax8::engine::{failure, wire};
use crate::pax8::state::{Call, State};

const SORT_FIELDS: &[&str] = &["quantity", "startDate", "endDate", "createdDate", "billingStart", "price"];
const LIST_QUERY: &[&str] = &["page", "size", "sort", "status", "billingTerm", "companyId", "productId"];

/// `GET /v1/subscriptions`.
pub(crate) async fn list(call: Call) -> Answer {
    let query = call.query(LIST_QUERY)?;
    let page = PageAsked::read(&call, &query)?;
    let sort = Sort::read(&call, &query, ',', SORT_FIELDS)?;
    let status = choice(&call, &query, "status", STATUSES)?;
    let billing_term = choice(&call, &query, "billingTerm", BILLING_TERMS)?;
    let now = call.sim.frame.clock.now();
    let answer =
        call.read(|state| -> Result<Value, Stop> {
            let company =
                match query.get("companyId") {
                    None => None,
                    Some(id) => Some(state.companies.place(id).ok_or_else(|| {
                        failure::forbidden(&call.target, &format!("Invalid companyId: {id}"))
                    })?),
                };
            let product = query.get("productId");
            // A product that does not exist has no subscriptions.
            let product_place = product.and_then(|id| state.products.place(id));
            let mut rows: Vec<&Subscription> = state
                .subscriptions
                .iter()
                .filter(|one| {
                    company.is_none_or(|wanted| one.company == wanted)
                        && (product.is_none() || product_place == Some(one.product))
                        && status.is_none_or(|wanted| one.status == wanted)
                        && billing_term.is_none_or(|wanted| one.billing_term == wanted)
                })
                .collect();
            if let Some(sort) = &sort {
                sort.apply(&mut rows, |one| sort_key(one, sort.field));
            }
            Ok(page.cut(&rows, |one| one.row(state, now)).nested())
        })?;
    Ok(ok(&answer))
}

fn sort_key(one: &Subscription, field: &str) -> SortKey {
    match field {
        "quantity" => SortKey::Number(one.quantity),
        "price" => SortKey::Number(one.price),
        "endDate" => SortKey::Time(one.ends_at),
        "createdDate" => SortKey::Time(Some(one.created_at)),
        _ => SortKey::Time(Some(one.starts_at)),
    }
}

fn found<'a>(call: &Call, state: &'a State, id: &str) -> Result<&'a Subscription, Stop> {
    state.subscriptions.get(id).ok_or_else(|| call.not_found("Subscription", id))
}

/// `GET /v1/subscriptions/{subscriptionId}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    let now = call.sim.frame.clock.now();
    let answer = call.read(|state| Ok::<_, Stop>(found(&call, state, &id)?.full(state, now)))?;
    Ok(ok(&answer))
}

/// `PUT /v1/subscriptions/{subscriptionId}`: changes only what is sent.
pub(crate) async fn update(call: Call, Path(id): Path<String>, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let sent = rules::read_update(&call, &members)?;
    let answer = call.change(|state, now| {
        let subscription = found(&call, state, &id)?;
        let change = rules::check_update(&call, state, subscription, &sent, now)?;
        state.change_subscription(&id, now, "UPDATED", |one| change.apply(one));
        Ok::<_, Stop>(found(&call, state, &id)?.full(state, now))
    })?;
    Ok(ok(&answer))
}

/// `DELETE /v1/subscriptions/{subscriptionId}`: cancels, now or on `cancelDate`.
pub(crate) async fn cancel(call: Call, Path(id): Path<String>, body: Bytes) -> Answer {
    let query = call.query(&["cancelDate"])?;
    call.no_body(&body)?;
    let on = match query.get("cancelDate") {
        None => None,
        Some(text) => {
            let lenient = !call.sim.frame.is_strict();
            let day = lenient.then(|| wire::parse_day(text)).flatten();
            let time = wire::parse_date_time(text).or(day.map(midnight));
            Some(time.ok_or_else(|| {
                call.wrong(RefusedPart::Query, "cancelDate", "must be a date-time with an offset")
            })?)
        }
    };
    call.change(|state, now| {
        let subscription = found(&call, state, &id)?;
        let Cancel { ends_at, done_at } = rules::check_cancel(&call, state, subscription, on, now)?;
        state.change_subscription(&id, now, "UPDATED", |one| {
            one.status = "PendingCancel";
            one.ends_at = Some(ends_at);
            one.next = Some((done_at, "Cancelled"));
        });
        Ok::<_, Stop>(())
    })?;
    call.sim.settle_in_time();
    Ok(no_content())
}

/// `GET /v1/subscriptions/{subscriptionId}/history`: whole snapshots, newest first, not paged.
pub(crate) async fn history(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    let now = call.sim.frame.clock.now();
    let answer = call.read(|state| {
        let one = found(&call, state, &id)?;
        let mut content = vec![one.snapshot(state, now)];
        content.extend(one.history.iter().rev().cloned());
        if one.history.is_empty() && !one.is_pending() {
            // Seeded records have no recorded past: they were being provisioned once, like any other.
            let first = Subscription {
                status: "PendingAutomated",
                vendor_subscription_id: None,
                updated_at: None,
                ends_at: None,
                ..one.clone()
            };
            content.push(first.snapshot(state, now));
        }
        Ok::<_, Stop>(json!({ "content": content }))
    })?;
    Ok(ok(&answer))
}

/// `GET /v1/subscriptions/{subscriptionId}/usage-summaries`.
pub(crate) async fn usage_summaries(call: Call, Path(id): Path<String>) -> Answer {
    let query = call.query(&["page", "size", "sort", "resourceGroup", "companyId"])?;
    let page = PageAsked::read(&call, &query)?;
    let sort = Sort::read(&call, &query, ',', &["resourceGroup", "currentCharges", "partnerTotal"])?;
    let today = call.sim.frame.clock.now().date_naive();
    let answer = call.read(|state| {
        let subscription = found(&call, state, &id)?;
        let company = match query.get("companyId") {
            None => None,
            Some(id) => Some(state.companies.place(id).ok_or_else(|| call.not_found("Company", id))?),
        };
        let place = state.subscriptions.place(&id).unwrap_or(usize::MAX);
        let mut rows: Vec<&UsageSummary> = state
            .usage_of(place)
            .iter()
            .filter(|one| {
                company.is_none_or(|wanted| subscription.company == wanted)
                    && query.get("resourceGroup").is_none_or(|wanted| one.resource_group() == wanted)
            })
            .collect();
        if let Some(sort) = &sort {
            sort.apply(&mut rows, |one| {
                let total = one.month_total(state, today);
                match sort.field {
                    "resourceGroup" => SortKey::Text(one.resource_group().to_owned()),
                    "currentCharges" => SortKey::Number(total.charges),
                    _ => SortKey::Number(total.partner),
                }
            });
        }
        Ok::<_, Stop>(page.cut(&rows, |one| one.json(state, today)).nested())
    })?;
    Ok(ok(&answer))
}
