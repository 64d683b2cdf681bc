//! Subscriptions, and the three ids by which they are known.

use provider_core::{
    CustomerId, Detail, Error, ErrorKind, Page, PageRequest, ReadOptions, Result, Subscription,
    SubscriptionId, SubscriptionQuery,
};
use provider_http::Answer;

use super::budget::Budget;
use super::cursor;
use super::reads::{raw, unusable};
use crate::api::{OffsetPage, SubscriptionFilter};
use crate::client::StreamOneClient;
use crate::{map, model};

/// Subscriptions of a page where one is looked for.
const SEARCH: u32 = 200;

pub(super) async fn list(
    client: &StreamOneClient,
    query: &SubscriptionQuery,
    page: &PageRequest,
) -> Result<Page<Subscription>> {
    query.only(&["customer", "product", "status", "vendor_subscription_id"])?;
    let asked = cursor::offset(client.info(), query, page)?;
    let filter = SubscriptionFilter {
        customer_id: query.customer.as_ref().map(ToString::to_string),
        ccp_product_id: query.product.as_ref().map(ToString::to_string),
        subscription_id: query.vendor_subscription_id.clone(),
        status: query.status.as_ref().and_then(map::subscription::only_word),
        ..SubscriptionFilter::default()
    };
    let currency = client.currency();
    let listed = client
        .subscriptions()
        .with(&query.options)
        .list_as(&filter, asked, |wire, raw| {
            map::subscription::subscription(&wire, Detail::Summary, currency, raw)
        })
        .await?;
    let mut page = cursor::offset_page(client.info(), query, asked, listed);
    // Several words can mean one state; then all come and the others are left out here.
    page.items.retain(|item| {
        item.as_ref().map_or(true, |sub| query.status.as_ref().is_none_or(|wanted| sub.status == *wanted))
    });
    Ok(page)
}

pub(super) async fn get(
    client: &StreamOneClient,
    id: &SubscriptionId,
    options: &ReadOptions,
) -> Result<Subscription> {
    let currency = client.currency();
    let budget = Budget::of(client, options);
    let (_, answer) = detail(client, id, false, &budget).await?;
    map::subscription::subscription(&answer.json()?, Detail::Full, currency, raw(&answer, options))
        .map_err(|e| unusable(&answer, &e))
}

/// The record as the provider has it now, for a change that repeats what it holds.
pub(super) async fn fresh(
    client: &StreamOneClient,
    id: &SubscriptionId,
    budget: &Budget,
) -> Result<(CustomerId, model::Subscription)> {
    let (customer, answer) = detail(client, id, true, budget).await?;
    Ok((customer, answer.json()?))
}

/// The single read. By the documents it takes the internal id, a number; one sample gives it the provider's
/// id. So what is a number is tried first, then looked up, and the provider's id is tried last.
async fn detail(
    client: &StreamOneClient,
    id: &SubscriptionId,
    refresh: bool,
    budget: &Budget,
) -> Result<(CustomerId, Answer)> {
    let (customer, own) = parts(id)?;
    let mut refused = not_found(customer, own);
    let tried = own.bytes().all(|byte| byte.is_ascii_digit());
    if tried {
        match read(client, customer, own, refresh, budget).await {
            Err(error) if error.kind() == ErrorKind::NotFound => refused = error,
            other => return Ok((customer.into(), other?)),
        }
    }
    let Some(record) = sought(client, customer, own, budget).await? else { return Err(refused) };
    let names = [record.own_id().map(ToString::to_string), map::said(record.subscription_id.as_ref())];
    for name in names.into_iter().flatten().filter(|name| !tried || name != own) {
        match read(client, customer, &name, refresh, budget).await {
            Err(error) if error.kind() == ErrorKind::NotFound => refused = error,
            other => return Ok((customer.into(), other?)),
        }
    }
    Err(refused)
}

async fn read(
    client: &StreamOneClient,
    customer: &str,
    id: &str,
    refresh: bool,
    budget: &Budget,
) -> Result<Answer> {
    client.subscriptions().with(budget.left()).answer(customer, id, refresh).await
}

/// `customer/subscription`: the single read needs both.
pub(super) fn parts(id: &SubscriptionId) -> Result<(&str, &str)> {
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

/// The record that the list has of a subscription: by the provider's id, which may be a number too, or by
/// the internal one, for which there is no filter.
async fn sought(
    client: &StreamOneClient,
    customer: &str,
    own: &str,
    budget: &Budget,
) -> Result<Option<model::Subscription>> {
    if let Some(record) = find(client, customer, own, &budget.left()).await? {
        return Ok(Some(record));
    }
    let filter = SubscriptionFilter::default().customer(customer);
    let mut page = OffsetPage::first(SEARCH);
    loop {
        let listed = client.subscriptions().with(budget.left()).list(&filter, page).await?;
        let (count, total) = (listed.items.len() as u64, listed.total);
        let is_it = |record: &model::Subscription| record.own_id().is_some_and(|id| id.as_str() == own);
        if let Some(record) = listed.items.into_iter().flatten().find(is_it) {
            return Ok(Some(record));
        }
        page.offset = page.offset.saturating_add(count);
        if count == 0 || total.is_none_or(|total| page.offset >= total) {
            return Ok(None);
        }
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
    client: &StreamOneClient,
    customer: &CustomerId,
    resource: &str,
    options: &ReadOptions,
) -> Result<Option<SubscriptionId>> {
    let found = find(client, customer.as_str(), resource, options).await?;
    Ok(found.and_then(|record| Some(map::subscription::id(customer.as_str(), record.own_id()?.as_str()))))
}

async fn find(
    client: &StreamOneClient,
    customer: &str,
    resource: &str,
    options: &ReadOptions,
) -> Result<Option<model::Subscription>> {
    let filter = SubscriptionFilter::default().customer(customer).provider_subscription(resource);
    let listed = client.subscriptions().with(options).list(&filter, OffsetPage::first(10)).await?;
    // The case of the provider's ids varies.
    let is_it = |record: &model::Subscription| {
        record.subscription_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(resource))
    };
    Ok(listed.items.into_iter().flatten().find(is_it))
}
