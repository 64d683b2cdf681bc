//! Usage: this month's summaries, or the lines of given days.

use chrono::{Days, NaiveDate};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::{
    Cursor, EntityKind, Error, ErrorKind, ItemError, Operation, Page, PageRequest, Period, Result,
    SubscriptionId, UsageQuery, UsageRecord,
};
use provider_http::OperationContext;

use super::context::Context;
use super::page;
use crate::api::{SubscriptionFilter, UsageSummaryFilter};
use crate::map::usage::{line, summary};

const PAGE: u32 = 200;
/// Subscriptions that are asked for their usage for one page of it.
const SUBSCRIPTIONS_AT_ONCE: u32 = 25;
const AT_ONCE: usize = 16;
/// Each day takes a call per summary.
const MOST_DAYS: i64 = 366;

type Items = Vec<Result<UsageRecord, ItemError>>;

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &UsageQuery,
    request: &PageRequest,
) -> Result<Page<UsageRecord>> {
    query.only(&["customer", "subscription", "period"])?;
    match (&query.subscription, &query.period) {
        (Some(subscription), None) => summaries(cx, op, query, request, subscription).await,
        (None, None) => summaries_of_all(cx, op, query, request).await,
        (Some(subscription), Some(period)) => days(cx, op, query, request, subscription, period).await,
        (None, Some(_)) => Err(refused(
            "subscription",
            "Pax8 tells usage by the day for one subscription only: name it, or leave the period out",
        )),
    }
}

async fn summaries(
    cx: &Context,
    op: &OperationContext,
    query: &UsageQuery,
    request: &PageRequest,
    subscription: &SubscriptionId,
) -> Result<Page<UsageRecord>> {
    let asked = page::asked(&cx.info, query, request, PAGE)?;
    let filter = UsageSummaryFilter {
        company_id: query.customer.as_ref().map(ToString::to_string),
        ..UsageSummaryFilter::default()
    };
    let id = subscription.as_str();
    let month = Period::month_of(cx.clock.now().date_naive());
    let listed = cx
        .client
        .usage()
        .with(op)
        .summaries_as(id, &filter, asked, |record, raw| {
            let mut summary = summary(record, id, month, raw, cx.currency);
            // The list of one customer's usage need not repeat whose it is.
            summary.customer = summary.customer.take().or_else(|| query.customer.clone());
            Ok(summary)
        })
        .await?;
    Ok(page::of(&cx.info, query, asked, listed).keep(|record| fits(record, query)))
}

/// Another customer's subscription has no usage of the one that is asked for.
fn fits(record: &UsageRecord, query: &UsageQuery) -> bool {
    query.customer.as_ref().is_none_or(|customer| record.customer.as_ref() == Some(customer))
}

/// A page of subscriptions at a time, all of its usage on one page of ours.
async fn summaries_of_all(
    cx: &Context,
    op: &OperationContext,
    query: &UsageQuery,
    request: &PageRequest,
) -> Result<Page<UsageRecord>> {
    let request = request.clone().size(SUBSCRIPTIONS_AT_ONCE);
    let asked = page::asked(&cx.info, query, &request, SUBSCRIPTIONS_AT_ONCE)?;
    let filter = SubscriptionFilter {
        company_id: query.customer.as_ref().map(ToString::to_string),
        ..SubscriptionFilter::default()
    };
    let subscriptions = cx.client.subscriptions().with(op.quiet()).list(filter.page(asked)).await?;
    let following = page::of(&cx.info, query, asked, subscriptions);
    let ids: Vec<Result<String, ItemError>> =
        following.items.into_iter().map(|item| item.map(|record| record.id)).collect();
    let found: Vec<Items> = stream::iter(ids)
        .map(|id| async move {
            match id {
                Ok(id) => one_among_others("subscription", &id, every_summary(cx, op, &id).await),
                // Its usage cannot be asked for; that must not pass for none.
                Err(item) => Ok(vec![Err(item)]),
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut page = Page::new(found.into_iter().flatten().collect::<Items>());
    page.next = following.next;
    page.ahead = following.ahead;
    Ok(page)
}

async fn every_summary(cx: &Context, op: &OperationContext, subscription: &str) -> Result<Items> {
    let month = Period::month_of(cx.clock.now().date_naive());
    let found = page::every("usage summaries", |at| async move {
        let usage = cx.client.usage().with(op);
        let map = |record, raw| Ok(summary(record, subscription, month, raw, cx.currency));
        usage.summaries_as(subscription, &UsageSummaryFilter::default(), at, map).await
    });
    match found.await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Items::new()),
        other => other,
    }
}

/// One day a page: the lines of every summary of the subscription.
async fn days(
    cx: &Context,
    op: &OperationContext,
    query: &UsageQuery,
    request: &PageRequest,
    subscription: &SubscriptionId,
    period: &Period,
) -> Result<Page<UsageRecord>> {
    let (first, last) = whole_days(period)?;
    let day = match &request.cursor {
        None => first,
        Some(cursor) => cursor
            .open(&cx.info, query)?
            .parse()
            .map_err(|_| Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this version"))?,
    };
    let mut page = Page::default();
    if day > last {
        return Ok(page);
    }
    let summaries = every_summary(cx, op, subscription.as_str()).await?;
    if summaries.is_empty() {
        // Lines are asked for by their summary: without one there are none on any other day either.
        return Ok(page);
    }
    let mut items = Items::new();
    for summary in summaries {
        match summary {
            Ok(summary) => {
                let id = summary.id.as_ref().map(ToString::to_string).unwrap_or_default();
                let read = lines(cx, op, &id, &summary, day).await;
                items.extend(one_among_others("summary", &id, read)?);
            }
            Err(item) => items.push(Err(item)),
        }
    }
    page = Page::new(items).keep(|record| fits(record, query));
    let following = |day: NaiveDate| day.checked_add_days(Days::new(1)).filter(|day| *day <= last);
    let cursor = |day: NaiveDate| Cursor::tagged(&cx.info, query, day.to_string());
    page.next = following(day).map(cursor);
    page.ahead = std::iter::successors(following(day).and_then(following), |day| following(*day))
        .take(Page::<UsageRecord>::MAX_AHEAD)
        .map(cursor)
        .collect();
    Ok(page)
}

/// What was used of one of many. Where it cannot be had however often it is asked for, that costs it and not the usage
/// of all others.
fn one_among_others(what: &str, id: &str, read: Result<Items>) -> Result<Items> {
    use ErrorKind as K;
    match read {
        Err(error) if matches!(error.kind(), K::NotFound | K::InvalidInput | K::Decode | K::Unsupported) => {
            // No record of it has this id, so none is named as the one that is missing.
            Ok(vec![Err(ItemError::new("id", format!("the usage of {what} {id}: {error}")))])
        }
        read => read,
    }
}

async fn lines(
    cx: &Context,
    op: &OperationContext,
    id: &str,
    summary: &UsageRecord,
    day: NaiveDate,
) -> Result<Items> {
    page::every("usage lines", |at| async move {
        let usage = cx.client.usage().with(op);
        usage
            .lines_as(id, day, None, at, |record, raw| Ok(line(record, summary, day, raw, cx.currency)))
            .await
    })
    .await
}

/// The first and the last day of a period that begins and ends at midnight UTC.
fn whole_days(period: &Period) -> Result<(NaiveDate, NaiveDate)> {
    let midnight = |moment: chrono::DateTime<chrono::Utc>| moment.time() == chrono::NaiveTime::MIN;
    if !midnight(period.start) || !midnight(period.end) || period.start == period.end {
        return Err(refused("period", "Pax8 tells usage by whole days in UTC: begin and end at midnight"));
    }
    if (period.end - period.start).num_days() > MOST_DAYS {
        return Err(refused("period", "each day takes calls of its own: ask for a year at most"));
    }
    let last = period.end.date_naive().pred_opt().unwrap_or(period.end.date_naive());
    Ok((period.start.date_naive(), last))
}

fn refused(field: &str, problem: &str) -> Error {
    Error::invalid_input(field, problem)
        .with_provider(crate::KIND)
        .with_operation(Operation::List(EntityKind::Usage))
}
