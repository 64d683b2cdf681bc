//! Orders, with the statuses that the subscriptions of their lines give them.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::model::Detail;
use provider_core::{
    CustomerId, ErrorKind, Order, OrderId, OrderQuery, Page, PageRequest, Result, SubscriptionId,
};
use provider_http::OperationContext;

use super::context::Context;
use super::{page, subscriptions};
use crate::map::order::{Known, Progress, order, tell};
use crate::model;

/// Lists of orders are slow, and each page takes further calls for the statuses.
const PAGE: u32 = 50;
const MOST: u32 = 100;
const AT_ONCE: usize = 16;
/// From this many lines of one company on, its subscriptions are listed instead of fetched one by one.
const LIST_FROM: usize = 3;

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &OrderQuery,
    request: &PageRequest,
) -> Result<Page<Order>> {
    query.only(&["customer"])?;
    let asked = page::asked_at_most(&cx.info, query, request, PAGE, MOST)?;
    let company = query.customer.as_ref().map(provider_core::CustomerId::as_str);
    let listed = cx
        .client
        .orders()
        .with(op)
        .list_as(company, asked, |record, raw| order(record, raw, Detail::Summary))
        .await?;
    let mut page = page::of(&cx.info, query, asked, listed);
    let known = progress(cx, op, page.records()).await?;
    page.items.iter_mut().flatten().for_each(|order| tell(order, &known));
    Ok(page.with_hidden("Pax8 leaves orders out that wait for their day: each is found by its id"))
}

pub(super) async fn get(cx: &Context, op: &OperationContext, id: &OrderId) -> Result<Order> {
    let orders = cx.client.orders().with(op);
    let mut order = orders.get_as(id.as_str(), |record, raw| order(record, raw, Detail::Full)).await?;
    let known = progress(cx, op, [&order]).await?;
    tell(&mut order, &known);
    Ok(order)
}

/// Every order of a company, for those who judge by them.
pub(super) async fn of_company(
    cx: &Context,
    op: &OperationContext,
    company: &str,
) -> Result<BTreeMap<String, model::Order>> {
    page::whole(
        "orders",
        |order: &model::Order| order.id.as_deref(),
        |at| async move {
            cx.client.orders().with(op.quiet().call().strict(true)).list(Some(company), at).await
        },
    )
    .await
}

/// What is known of the subscriptions that these orders became.
async fn progress<'a>(
    cx: &Context,
    op: &OperationContext,
    orders: impl IntoIterator<Item = &'a Order>,
) -> Result<Known> {
    let mut wanted: BTreeMap<CustomerId, Vec<SubscriptionId>> = BTreeMap::new();
    for order in orders {
        let ids = order.lines.iter().filter_map(|line| line.subscription.clone());
        wanted.entry(order.customer.clone()).or_default().extend(ids);
    }
    let found: Vec<Known> = stream::iter(wanted)
        .map(|(company, ids)| async move {
            if ids.len() >= LIST_FROM {
                progress_in(cx, op, company.as_str()).await
            } else {
                progress_of(cx, op, ids).await
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn progress_in(cx: &Context, op: &OperationContext, company: &str) -> Result<Known> {
    match subscriptions::of_company(cx, op, company).await {
        Ok(found) => Ok(found
            .into_iter()
            .map(|record| (record.id.to_ascii_lowercase(), Progress::of(&record)))
            .collect()),
        // A company that is gone keeps its orders; their state can no longer be told.
        Err(error) if is_untold(&error) => Ok(Known::new()),
        Err(error) => Err(error),
    }
}

async fn progress_of(cx: &Context, op: &OperationContext, ids: Vec<SubscriptionId>) -> Result<Known> {
    let mut known = Known::new();
    for id in ids {
        match subscriptions::record(cx, op, &id).await {
            Ok(record) => {
                known.insert(id.as_str().to_ascii_lowercase(), Progress::of(&record));
            }
            Err(error) if is_untold(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(known)
}

/// A subscription that is gone, or that cannot be had however often it is asked for, leaves its order without a status
/// and costs nothing else.
fn is_untold(error: &provider_core::Error) -> bool {
    use ErrorKind as K;
    matches!(error.kind(), K::NotFound | K::PermissionDenied | K::Decode | K::InvalidInput | K::Unsupported)
}
