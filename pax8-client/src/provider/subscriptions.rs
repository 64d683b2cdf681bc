//! Subscriptions.

use provider_core::{
    Detail, EntityKind, Page, PageRequest, ReadOptions, Result, Subscription, SubscriptionId,
    SubscriptionQuery,
};

use super::budget::Budget;
use super::{Pax8Provider, pages};
use crate::api::{self, SubscriptionFilter};
use crate::auth::Audience;
use crate::map::subscription::{StatusFilter, status_filter, subscription};

const PAGE: u32 = 200;

impl Pax8Provider {
    pub(super) async fn subscription_page(
        &self,
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
            Some(StatusFilter::Unknown) => return Ok(pages::nothing()),
        }
        let asked = pages::asked(&self.info, query, request, PAGE)?;
        let call = Budget::new(&query.options).call();
        let listed = self
            .client
            .mapped(Audience::Partner, filter.spec(asked), &call, |record, raw| {
                subscription(record, raw, Detail::Summary)
            })
            .await?;
        let mut page = pages::page(&self.info, query, asked, listed);
        pages::keep(&mut page, |subscription: &Subscription| {
            query.status.as_ref().is_none_or(|status| subscription.status == *status)
                && query
                    .vendor_subscription_id
                    .as_ref()
                    .is_none_or(|id| subscription.vendor_subscription_id.as_ref() == Some(id))
        });
        Ok(page)
    }

    pub(super) async fn one_subscription(
        &self,
        id: &SubscriptionId,
        options: &ReadOptions,
    ) -> Result<Subscription> {
        let call = Budget::new(options).call();
        let (record, raw) = self.client.record_raw(api::get_subscription(id.as_str()), &call).await?;
        subscription(record, raw, Detail::Full)
            .map_err(|item| super::unreadable(item, EntityKind::Subscription))
    }
}
