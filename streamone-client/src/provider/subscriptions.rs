//! Subscriptions, and the three ids by which they are known.

use provider_core::{
    CustomerId, Detail, Error, ErrorKind, Page, PageRequest, ReadOptions, Result, Subscription,
    SubscriptionId, SubscriptionQuery,
};

use super::budget::Budget;
use super::cursor;
use super::reads::{raw, unusable};
use crate::api::{OffsetPage, SubscriptionFilter};
use crate::client::StreamOneClient;
use crate::{map, model};

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
    let (customer, own) = parts(id)?;
    let currency = client.currency();
    let budget = Budget::of(client, options);
    let own = internal(client, customer, own, options).await?;
    let answer = client.subscriptions().with(budget.left()).answer(customer, &own, false).await?;
    map::subscription::subscription(&answer.json()?, Detail::Full, currency, raw(&answer, options))
        .map_err(|e| unusable(&answer, &e))
}

/// The record as the provider has it now, for a change that repeats what it holds.
pub(super) async fn fresh(
    client: &StreamOneClient,
    id: &SubscriptionId,
    budget: &Budget,
) -> Result<(CustomerId, model::Subscription)> {
    let (customer, own) = parts(id)?;
    let own = internal(client, customer, own, &budget.left()).await?;
    let record = client.subscriptions().with(budget.left()).get(customer, &own, true).await?;
    Ok((customer.into(), record))
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

/// The id that the single read takes: internal ids are numbers, the provider's are not and are looked up.
async fn internal(
    client: &StreamOneClient,
    customer: &str,
    own: &str,
    options: &ReadOptions,
) -> Result<String> {
    if own.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(own.to_owned());
    }
    match find(client, customer, own, options).await? {
        Some(record) => record.own_id().map(ToString::to_string).ok_or_else(|| not_found(customer, own)),
        None => Err(not_found(customer, own)),
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
