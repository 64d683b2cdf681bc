//! Subscriptions.

use std::collections::BTreeMap;

use provider_core::model::Detail;
use provider_core::{
    Error, ErrorKind, Page, PageRequest, Result, Subscription, SubscriptionId, SubscriptionQuery,
};
use provider_http::OperationContext;

use super::context::Context;
use super::page;
use crate::api::SubscriptionFilter;
use crate::map::subscription::{StatusFilter, status_filter, subscription};
use crate::model;

const PAGE: u32 = 200;

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &SubscriptionQuery,
    request: &PageRequest,
) -> Result<Page<Subscription>> {
    query.only(&["customer", "product", "status", "vendor_subscription_id"])?;
    let mut filter = SubscriptionFilter {
        company_id: query.customer.as_ref().map(ToString::to_string),
        product_id: query.product.as_ref().map(ToString::to_string),
        ..SubscriptionFilter::default()
    };
    match query.status.as_ref().map(status_filter) {
        None | Some(StatusFilter::Picked) => {}
        Some(StatusFilter::Native(status)) => filter.status = Some(status),
        Some(StatusFilter::Unknown) => return Ok(Page::empty()),
    }
    let asked = page::asked(&cx.info, query, request, PAGE)?;
    let listed = cx
        .client
        .subscriptions()
        .with(op)
        .list_as(&filter, asked, |record, raw| subscription(record, raw, Detail::Summary, cx.currency))
        .await?;
    // The case of the vendors' ids varies.
    let vendor_fits = |own: Option<&str>| {
        let wanted = query.vendor_subscription_id.as_deref();
        wanted.is_none_or(|id| own.is_some_and(|own| own.eq_ignore_ascii_case(id)))
    };
    Ok(page::of(&cx.info, query, asked, listed).keep(|subscription| {
        query.status.as_ref().is_none_or(|status| subscription.status == *status)
            && vendor_fits(subscription.vendor_subscription_id.as_deref())
    }))
}

pub(super) async fn get(cx: &Context, op: &OperationContext, id: &SubscriptionId) -> Result<Subscription> {
    let subscriptions = cx.client.subscriptions().with(op);
    subscriptions
        .get_as(id.as_str(), |record, raw| subscription(record, raw, Detail::Full, cx.currency))
        .await
}

/// The record as it is now, for those who look something up in it.
pub(super) async fn record(
    cx: &Context,
    op: &OperationContext,
    id: &SubscriptionId,
) -> Result<model::Subscription> {
    let record = cx.client.subscriptions().with(op.quiet()).get(id.as_str()).await?;
    if record.id.eq_ignore_ascii_case(id.as_str()) {
        return Ok(record);
    }
    let message = format!("the answer is not subscription {id}, which was asked for");
    Err(Error::new(ErrorKind::Decode, message).for_read())
}

/// Every subscription of a company, for those who look something up in them.
pub(super) async fn of_company(
    cx: &Context,
    op: &OperationContext,
    company: &str,
) -> Result<Vec<model::Subscription>> {
    let filter = &SubscriptionFilter::of_company(company);
    page::every_record("subscriptions", |at| async move {
        cx.client.subscriptions().with(op.quiet()).list(filter.clone().page(at)).await
    })
    .await
}

/// Every subscription of a company, for those who judge by them.
pub(super) async fn all_of_company(
    cx: &Context,
    op: &OperationContext,
    company: &str,
) -> Result<BTreeMap<String, model::Subscription>> {
    let filter = &SubscriptionFilter::of_company(company);
    page::whole(
        "subscriptions",
        |record: &model::Subscription| Some(record.id.as_str()),
        |at| async move {
            cx.client.subscriptions().with(op.quiet().call().strict(true)).list(filter.clone().page(at)).await
        },
    )
    .await
}
