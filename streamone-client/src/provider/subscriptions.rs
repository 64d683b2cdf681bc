//! Subscriptions, and the three ids by which they are known.

use std::collections::BTreeSet;

use provider_core::judge::Walk;
use provider_core::model::{Detail, Raw};
use provider_core::{
    CustomerId, Error, ErrorKind, ItemError, Page, PageRequest, Result, Subscription, SubscriptionId,
    SubscriptionQuery,
};
use provider_http::OperationContext;

use super::context::{Context, JoinedById};
use super::page;
use crate::api::{OffsetPage, SubscriptionFilter};
use crate::map::usage::Joined;
use crate::{map, model};

/// Subscriptions of a page where one is looked for.
const SEARCH: u32 = 1_000;

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &SubscriptionQuery,
    page: &PageRequest,
) -> Result<Page<Subscription>> {
    query.only(&["customer", "product", "status", "vendor_subscription_id"])?;
    let asked = page::offset(cx.info(), query, page)?;
    let filter = SubscriptionFilter {
        customer_id: query.customer.as_ref().map(ToString::to_string),
        ccp_product_id: query.product.as_ref().map(ToString::to_string),
        subscription_id: query.vendor_subscription_id.clone(),
        status: query.status.as_ref().and_then(map::subscription::only_word),
        ..SubscriptionFilter::default()
    };
    let currency = cx.currency();
    let listed = cx
        .client
        .subscriptions()
        .with(op)
        .list_as(&filter, asked, |wire, raw| {
            map::subscription::subscription(&wire, Detail::Summary, currency, raw)
        })
        .await?;
    // Several words can mean one state; then all come and the others are left out here.
    Ok(page::offset_page(cx.info(), query, asked, listed)
        .keep(|sub| query.status.as_ref().is_none_or(|wanted| sub.status == *wanted)))
}

/// Every subscription by the provider's id, for those who look up what a report is about.
pub(super) async fn by_resource(
    cx: &Context,
    op: &OperationContext,
    customer: Option<&CustomerId>,
) -> Result<JoinedById> {
    let filter = SubscriptionFilter {
        customer_id: customer.map(ToString::to_string),
        ..SubscriptionFilter::default()
    };
    let mut page = OffsetPage::first(SEARCH);
    let mut all = JoinedById::new();
    let mut walk = Walk::over("subscriptions");
    loop {
        let listed = cx.client.subscriptions().with(op.quiet()).list(filter.clone().page(page)).await?;
        let (count, known) = (listed.items.len() as u64, all.len());
        // Those that wait for the provider have no id there: a page of them gets on all the same.
        let page_said = listed.told_apart_by(|record| record.own_id().cloned());
        for record in listed.items.into_iter().flatten() {
            let id = record.customer_id.as_ref().zip(record.own_id());
            let id = id.map(|(customer, own)| map::subscription::id(customer.as_str(), own.as_str()));
            if let (Some(id), Some(own)) = (id, record.subscription_id.as_deref()) {
                let kind = map::usage::kind_of(&record);
                all.insert(own.to_ascii_lowercase(), Joined { id, kind });
            }
        }
        page.offset = page.offset.saturating_add(count);
        // Where no total is told, a page that brings nothing new is the end, as an empty one is.
        let is_last = listed.total.map_or(all.len() == known, |total| page.offset >= total);
        if count == 0 || is_last {
            return Ok(all);
        }
        walk.page(page_said)?;
    }
}

pub(super) async fn get(cx: &Context, op: &OperationContext, id: &SubscriptionId) -> Result<Subscription> {
    let currency = cx.currency();
    let (_, found) = detail(cx, op, id, false, |wire, raw| {
        map::subscription::subscription(&wire, Detail::Full, currency, raw)
    })
    .await?;
    Ok(found)
}

/// The record as the provider has it now, for a change that repeats what it holds.
pub(super) async fn fresh(
    cx: &Context,
    op: &OperationContext,
    id: &SubscriptionId,
) -> Result<(CustomerId, model::Subscription)> {
    detail(cx, op, id, true, |wire, _| Ok(wire)).await
}

/// The single read. By the documents it takes the internal id, a number; one sample gives it the provider's
/// id. So what is a number is tried first, then looked up, and the provider's id is tried last.
async fn detail<M>(
    cx: &Context,
    op: &OperationContext,
    id: &SubscriptionId,
    refresh: bool,
    map: impl Fn(model::Subscription, Option<Raw>) -> Result<M, ItemError> + Sync,
) -> Result<(CustomerId, M)> {
    let read = async |customer: &str, id: &str| {
        cx.client.subscriptions().with(op).get_as(customer, id, refresh, &map).await
    };
    let (customer, own) = parts(id)?;
    let mut refused = not_found(customer, own);
    let tried = own.bytes().all(|byte| byte.is_ascii_digit());
    if tried {
        match read(customer, own).await {
            Err(error) if error.kind() == ErrorKind::NotFound => refused = error,
            other => return Ok((customer.into(), other?)),
        }
    }
    let Some(record) = sought(cx, op, customer, own).await? else { return Err(refused) };
    let names = [record.own_id().map(ToString::to_string), map::said(record.subscription_id.as_ref())];
    for name in names.into_iter().flatten().filter(|name| !tried || name != own) {
        match read(customer, &name).await {
            Err(error) if error.kind() == ErrorKind::NotFound => refused = error,
            other => return Ok((customer.into(), other?)),
        }
    }
    Err(refused)
}

/// `customer/subscription`: the single read needs both.
fn parts(id: &SubscriptionId) -> Result<(&str, &str)> {
    match id.as_str().split_once('/') {
        Some((customer, own)) if !customer.is_empty() && !own.is_empty() && !own.contains('/') => {
            Ok((customer, own))
        }
        _ => Err(Error::invalid_input(
            "subscription",
            "a subscription of ION is named `customer/subscription`, as the listing gives it",
        )
        .with_provider(crate::KIND)),
    }
}

/// The customer of a subscription.
pub(super) fn customer_of(id: &SubscriptionId) -> Result<CustomerId> {
    Ok(parts(id)?.0.into())
}

/// The record that the list has of a subscription: by the provider's id, which may be a number too, or by
/// the internal one, for which there is no filter.
async fn sought(
    cx: &Context,
    op: &OperationContext,
    customer: &str,
    own: &str,
) -> Result<Option<model::Subscription>> {
    if let Some(record) = find(cx, op, customer, own).await? {
        return Ok(Some(record));
    }
    let filter = SubscriptionFilter::default().customer_id(customer);
    let mut page = OffsetPage::first(SEARCH);
    let mut seen = BTreeSet::new();
    let mut walk = Walk::over("subscriptions");
    loop {
        let listed = cx.client.subscriptions().with(op.quiet()).list(filter.clone().page(page)).await?;
        let (count, total, known) = (listed.items.len() as u64, listed.total, seen.len());
        seen.extend(listed.records().filter_map(|record| record.own_id().cloned()));
        let is_it = |record: &model::Subscription| record.own_id().is_some_and(|id| id.as_str() == own);
        if let Some(record) = listed.items.into_iter().flatten().find(is_it) {
            return Ok(Some(record));
        }
        page.offset = page.offset.saturating_add(count);
        let is_last = total.map_or(seen.len() == known, |total| page.offset >= total);
        if count == 0 || is_last {
            return Ok(None);
        }
        walk.brought(seen.len() > known)?;
    }
}

fn not_found(customer: &str, own: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("customer {customer} has no subscription {own}"))
        .with_delivery(provider_core::Delivery::Rejected)
        .with_provider(crate::KIND)
        .with_operation(provider_core::Operation::Get(provider_core::EntityKind::Subscription))
}

/// The id that listings give, of the subscription with this id at the provider. `None` while the list does
/// not show it yet.
pub(super) async fn canonical(
    cx: &Context,
    op: &OperationContext,
    customer: &CustomerId,
    resource: &str,
) -> Result<Option<SubscriptionId>> {
    let found = find(cx, op, customer.as_str(), resource).await?;
    Ok(found.and_then(|record| Some(map::subscription::id(customer.as_str(), record.own_id()?.as_str()))))
}

async fn find(
    cx: &Context,
    op: &OperationContext,
    customer: &str,
    resource: &str,
) -> Result<Option<model::Subscription>> {
    let filter = SubscriptionFilter::default().customer_id(customer).subscription_id(resource);
    let listed = cx.client.subscriptions().with(op.quiet()).list(filter.page(OffsetPage::first(10))).await?;
    // The case of the provider's ids varies.
    let is_it = |record: &model::Subscription| {
        record.subscription_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(resource))
    };
    Ok(listed.items.into_iter().flatten().find(is_it))
}
