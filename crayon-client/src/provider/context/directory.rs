//! The directory of customers, subscriptions and orders: their ids by the names that files and documents give them.
//! Cached for a while, not read for every page.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;
use provider_core::{CustomerId, Result, SubscriptionId};

use super::Context;
use crate::map::invoice::order;
use crate::map::subscription::publisher_id;
use crate::map::told;
use crate::model::{
    CustomerTenant, CustomerTenantFilter, Subscription, SubscriptionFilter, SubscriptionStatus,
};
use crate::provider::page;
use crate::provider::page::whole::PageWalk;
use crate::wire::{Lists, mark};

/// Records a page, where a whole list is read.
const PAGE: u32 = 1_000;
/// What was read is good for so long: as long as a listing needs that reads page after page.
pub(super) const GOOD_FOR: TimeDelta = TimeDelta::minutes(5);

/// What an organization's customers and subscriptions are called elsewhere.
#[derive(Debug, Default)]
pub(in crate::provider) struct Directory {
    /// By the publisher's id, in lower case.
    subscriptions: HashMap<String, (SubscriptionId, CustomerId)>,
    /// By domain, in lower case; `None` where several share one.
    domains: HashMap<String, Option<CustomerId>>,
}

impl Directory {
    pub(in crate::provider) async fn of(cx: &Context, organization: i64) -> Result<Arc<Self>> {
        cx.found.directories.get(&organization, cx.now(), Self::read(cx, organization)).await
    }

    /// The subscription that the publisher calls so, and whose it is.
    pub(in crate::provider) fn subscription(
        &self,
        publisher_id: &str,
    ) -> Option<&(SubscriptionId, CustomerId)> {
        self.subscriptions.get(&publisher_id.to_ascii_lowercase())
    }

    /// The only customer with this domain.
    pub(in crate::provider) fn customer(&self, domain: &str) -> Option<&CustomerId> {
        self.domains.get(&domain.to_ascii_lowercase())?.as_ref()
    }

    async fn read(cx: &Context, organization: i64) -> Result<Self> {
        let mut directory = Self::default();
        directory.read_subscriptions(cx, organization).await?;
        directory.read_customers(cx, organization).await?;
        Ok(directory)
    }

    async fn read_subscriptions(&mut self, cx: &Context, organization: i64) -> Result<()> {
        let query = SubscriptionFilter {
            organization_id: Some(organization),
            statuses: Some(SubscriptionStatus::ALL),
            ..Default::default()
        };
        let mut pages = PageWalk::over("subscriptions", PAGE);
        loop {
            let answer = cx.client.subscriptions().list_answer(&query, pages.paging).await?;
            let read = page::decoder(cx).page::<Lists, _, _>(&answer.bytes, |wire: Subscription, _| Ok(wire));
            let (records, beside) = read?;
            let got = records.len();
            records.into_iter().flatten().for_each(|wire| self.enter(wire));
            if !pages.go_on(got, beside.total_hits, mark(&answer.bytes))? {
                return Ok(());
            }
        }
    }

    fn enter(&mut self, wire: Subscription) {
        let Some(customer) = wire.customer_tenant.and_then(|tenant| told(tenant.id)) else { return };
        let add_ons =
            wire.subscriptions.into_iter().map(|add_on| (add_on.id, add_on.publisher_subscription_id));
        for (id, named) in std::iter::once((Some(wire.id), wire.publisher_subscription_id)).chain(add_ons) {
            // Those that wait for the publisher are all called the same.
            if let (Some(id), Some(named)) = (id.and_then(told), publisher_id(named)) {
                let ids = (id.into(), customer.as_str().into());
                self.subscriptions.insert(named.to_ascii_lowercase(), ids);
            }
        }
    }

    async fn read_customers(&mut self, cx: &Context, organization: i64) -> Result<()> {
        let query = CustomerTenantFilter { organization_id: Some(organization), ..Default::default() };
        let mut pages = PageWalk::over("customers", PAGE);
        loop {
            let answer = cx.client.customer_tenants().list_answer(&query, pages.paging).await?;
            let read =
                page::decoder(cx).page::<Lists, _, _>(&answer.bytes, |wire: CustomerTenant, _| Ok(wire));
            let (records, beside) = read?;
            let got = records.len();
            for tenant in records.into_iter().flatten() {
                let Some(domain) = tenant.domain.filter(|domain| !domain.trim().is_empty()) else { continue };
                let Some(id) = told(tenant.id).map(CustomerId::from) else { continue };
                self.domains
                    .entry(domain.to_ascii_lowercase())
                    .and_modify(|known| *known = known.take().filter(|known| *known == id))
                    .or_insert(Some(id));
            }
            if !pages.go_on(got, beside.total_hits, mark(&answer.bytes))? {
                return Ok(());
            }
        }
    }
}

provider_core::records! {
    #![serde(rename_all = "PascalCase")]

    /// What an invoice is counted by. An amount that cannot be read must not hide that it stands on its order.
    struct Numbered {
        invoice_id: Option<String>,
        order_id: Option<String>,
    }
}

/// The invoices of an organization by their orders: the lines of an order are kept by it alone, whichever of its
/// invoices they stand on.
#[derive(Debug, Default)]
pub(in crate::provider) struct Issued(HashMap<String, OfOrder>);

/// All invoices of a partner may stand on no order, or on one: they are looked up by their numbers.
#[derive(Debug, Default)]
struct OfOrder {
    numbers: HashSet<String>,
    without_number: usize,
}

impl Issued {
    /// As of now.
    pub(in crate::provider) async fn read(cx: &Context, organization: i64) -> Result<Self> {
        let mut issued = Self::default();
        let mut pages = PageWalk::over("invoices", PAGE);
        let mut before = None;
        loop {
            let answer = cx.client.invoices().list_answer(organization, pages.paging).await?;
            let read = page::decoder(cx).page::<Lists, _, _>(&answer.bytes, |wire: Numbered, _| Ok(wire));
            let (records, beside) = read?;
            let (got, total) = (records.len(), beside.total_hits);
            // Without a total, or with one that is too small, a full page may have another behind it: an invoice that is
            // not counted would tell the lines of its order twice.
            let is_full = got as u64 >= u64::from(PAGE);
            let first = page::beginning(&answer, got as u64, total).filter(|_| is_full);
            if first.is_some() && first == before {
                return Ok(issued);
            }
            for wire in records.into_iter().flatten() {
                issued.add(wire);
            }
            if !pages.go_on(got, total, mark(&answer.bytes))? && first.is_none() {
                return Ok(issued);
            }
            before = first;
        }
    }

    /// An invoice without a number stands on its order all the same; one that is listed twice stands on it once.
    fn add(&mut self, wire: Numbered) {
        let order = order(wire.order_id.as_deref()).unwrap_or(crate::map::invoice::NO_ORDER);
        let number = wire.invoice_id.unwrap_or_default();
        let of_order = self.0.entry(order.to_owned()).or_default();
        if number.is_empty() {
            of_order.without_number += 1;
        } else {
            of_order.numbers.insert(number);
        }
    }

    /// As of a few minutes ago, but with this invoice.
    pub(in crate::provider) async fn with(
        cx: &Context,
        organization: i64,
        order: &str,
        invoice: &str,
    ) -> Result<Arc<Self>> {
        let kept = cx.found.issued.get(&organization, cx.now(), Self::read(cx, organization)).await?;
        if kept.has(order, invoice) {
            return Ok(kept);
        }
        Self::read(cx, organization).await.map(Arc::new)
    }

    /// Whether there is such an invoice of the order.
    pub(in crate::provider) fn has(&self, order: &str, invoice: &str) -> bool {
        self.0.get(order).is_some_and(|of_order| of_order.numbers.contains(invoice))
    }

    /// How many invoices the order stands on.
    pub(in crate::provider) fn of_order(&self, order: &str) -> usize {
        self.0.get(order).map_or(0, |of_order| of_order.numbers.len() + of_order.without_number)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn every_invoice_of_an_order_counts_once() {
        let mut issued = Issued::default();
        for json in [
            r#"{"InvoiceId":"1","OrderId":"7","SalesAmount":100}"#,
            r#"{"InvoiceId":"1","OrderId":7}"#,
            r#"{"InvoiceId":"2","OrderId":"8","SalesAmount":100}"#,
            r#"{"InvoiceId":"3","OrderId":"8","SalesAmount":"-1.234,50"}"#,
            r#"{"InvoiceId":"4","OrderId":"9"}"#,
            r#"{"InvoiceId":null,"OrderId":"9"}"#,
        ] {
            issued.add(serde_json::from_str(json).unwrap());
        }
        assert_eq!(["7", "8", "9", "10"].map(|order| issued.of_order(order)), [1, 2, 2, 0]);
        assert!(issued.has("8", "3") && !issued.has("8", "1"));
    }

    /// Each was held against all others of its order: a long list took hours.
    #[test]
    fn any_number_of_invoices_may_stand_on_no_order() {
        let mut issued = Issued::default();
        for number in (0..200_000).chain(0..200_000) {
            issued.add(Numbered { invoice_id: Some(number.to_string()), order_id: None });
        }
        assert_eq!(issued.of_order(crate::map::invoice::NO_ORDER), 200_000);
    }
}
