//! Orders, and the states that their lines' subscriptions give them.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::{
    Detail, EntityKind, ErrorKind, ItemError, Order, OrderId, OrderQuery, Page, PageRequest, ReadOptions,
    Result,
};

use super::budget::Budget;
use super::{Pax8Provider, pages};
use crate::api::{self, SubscriptionFilter};
use crate::auth::Audience;
use crate::map::order::{Known, Progress, order};
use crate::model;

/// Lists of orders are slow, and each page takes further calls for the states.
const PAGE: u32 = 50;
const MOST: u32 = 100;
const AT_ONCE: usize = 16;
/// From this many lines of one company on, its subscriptions are listed instead of fetched one by one.
const LIST_FROM: usize = 3;

impl Pax8Provider {
    pub(super) async fn order_page(&self, query: &OrderQuery, request: &PageRequest) -> Result<Page<Order>> {
        query.only(&["customer"])?;
        let asked = pages::asked_at_most(&self.info, query, request, PAGE, MOST)?;
        let budget = Budget::new(&query.options);
        let company = query.customer.as_ref().map(provider_core::CustomerId::as_str);
        let listed = self
            .client
            .mapped(Audience::Partner, api::list_orders(company, asked), &budget.call(), |record, raw| {
                Ok((record, raw))
            })
            .await?;
        let page = pages::page(&self.info, query, asked, listed);
        let known = self.progress(page.records().map(|(record, _)| record), &budget).await?;
        let mut index = 0_usize;
        Ok(pages::try_map(page, |(record, raw)| {
            index += 1;
            order(record, &known, raw, Detail::Summary)
                .map_err(|item| ItemError::new(format!("content[{}].{}", index - 1, item.path), item.reason))
        }))
    }

    pub(super) async fn one_order(&self, id: &OrderId, options: &ReadOptions) -> Result<Order> {
        let budget = Budget::new(options);
        let (record, raw) =
            self.client.record_raw::<model::Order>(api::get_order(id.as_str()), &budget.call()).await?;
        let known = self.progress([&record], &budget).await?;
        order(record, &known, raw, Detail::Full).map_err(|item| super::unreadable(item, EntityKind::Order))
    }

    /// What is known of the subscriptions that these orders became.
    async fn progress<'a>(
        &self,
        orders: impl IntoIterator<Item = &'a model::Order>,
        budget: &Budget,
    ) -> Result<Known> {
        let mut wanted: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for order in orders {
            let ids = order.line_items.iter().filter_map(|line| line.subscription_id.clone());
            wanted.entry(order.company_id.clone()).or_default().extend(ids);
        }
        let found: Vec<Known> = stream::iter(wanted)
            .map(|(company, ids)| async move {
                match company {
                    Some(company) if ids.len() >= LIST_FROM => self.progress_in(&company, budget).await,
                    _ => self.progress_of(ids, budget).await,
                }
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn progress_in(&self, company: &str, budget: &Budget) -> Result<Known> {
        let filter = &SubscriptionFilter::of_company(company);
        let found = pages::every_record(|at| async move {
            self.client.subscriptions().with(budget.quiet_call()).list(filter, at).await
        });
        match found.await {
            Ok(found) => {
                Ok(found.into_iter().map(|record| (record.id.clone(), Progress::of(&record))).collect())
            }
            // A company that is gone keeps its orders; their state can no longer be told.
            Err(error) if is_gone(&error) => Ok(Known::new()),
            Err(error) => Err(error),
        }
    }

    async fn progress_of(&self, ids: Vec<String>, budget: &Budget) -> Result<Known> {
        let mut known = Known::new();
        for id in ids {
            match self.client.subscriptions().with(budget.quiet_call()).get(&id).await {
                Ok(record) => {
                    known.insert(id, Progress::of(&record));
                }
                Err(error) if is_gone(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(known)
    }
}

fn is_gone(error: &provider_core::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied)
}
