//! Everything a Pax8 account holds, and the changes that time brings.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::access::webhook::event::Event;
use super::access::webhook::record::Webhooks;
use super::billing::record::Invoice;
use super::billing::usage::UsageSummary;
use super::catalog::record::Product;
use super::customer::record::Company;
use super::engine::table::Table;
use super::purchase::record::Order;
use super::subscription::record::{CommitmentKey, Subscription};
use crate::engine::prng::Prng;

/// The state behind the lock.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) seed: u64,
    /// Ids of what is created while the simulator runs.
    pub(crate) ids: Prng,
    pub(crate) account_id: String,
    pub(crate) user_id: String,
    pub(crate) currency: String,
    pub(crate) commitment_key: CommitmentKey,
    /// How long provisioning and cancelling take.
    pub(crate) settling: Duration,
    /// Pause between the attempts of a webhook delivery, in real time.
    pub(crate) retry_pause: Duration,
    /// Order lines name their subscription before it is provisioned.
    pub(crate) early_subscription_ids: bool,
    pub(crate) companies: Table<Company>,
    pub(crate) products: Table<Product>,
    pub(crate) orders: Table<Order>,
    pub(crate) subscriptions: Table<Subscription>,
    pub(crate) usage: Table<UsageSummary>,
    pub(crate) invoices: Table<Invoice>,
    pub(crate) webhooks: Webhooks,
    /// What happened and is to be delivered.
    pub(crate) events: Vec<Event>,
    due: BTreeSet<(DateTime<Utc>, String)>,
}

impl Store {
    pub(crate) fn new(seed: u64, products: Table<Product>) -> Self {
        let mut account = Prng::keyed(seed, "pax8/account", 0);
        Self {
            seed,
            ids: Prng::keyed(seed, "pax8/new-ids", 0),
            account_id: account.uuid(),
            user_id: account.uuid(),
            currency: "USD".to_owned(),
            commitment_key: CommitmentKey::default(),
            settling: Duration::from_secs(2),
            retry_pause: Duration::from_millis(200),
            early_subscription_ids: false,
            companies: Table::default(),
            products,
            orders: Table::default(),
            subscriptions: Table::default(),
            usage: Table::default(),
            invoices: Table::default(),
            webhooks: Webhooks::default(),
            events: Vec::new(),
            due: BTreeSet::new(),
        }
    }

    /// The part by which a company's partner cost is lower than the list: every fifth company has an agreement.
    pub(crate) fn discount(&self, company: usize) -> Decimal {
        if company.is_multiple_of(5) { Decimal::new(5, 2) } else { Decimal::ZERO }
    }

    /// Adds a subscription and remembers when its status changes by itself.
    pub(crate) fn add_subscription(&mut self, subscription: Subscription) -> usize {
        if let Some((at, _)) = subscription.next {
            self.due.insert((at, subscription.id.clone()));
        }
        let is_usage = self.products.at(subscription.product).is_some_and(|product| product.usage);
        let place = self.subscriptions.push(subscription);
        if is_usage {
            for summary in UsageSummary::of_subscription(self.seed, place) {
                self.usage.push(summary);
            }
        }
        place
    }

    /// The usage summaries of the subscription at a place.
    pub(crate) fn usage_of(&self, subscription: usize) -> &[UsageSummary] {
        // They are added together and in order, so that a binary search finds them.
        let first = self.usage.rows().partition_point(|one| one.subscription < subscription);
        let rest = self.usage.rows().get(first..).unwrap_or_default();
        let count = rest.partition_point(|one| one.subscription == subscription);
        rest.get(..count).unwrap_or_default()
    }

    /// Changes a subscription: keeps a snapshot of what it was, stamps it and tells webhooks.
    pub(crate) fn change_subscription(
        &mut self,
        id: &str,
        now: DateTime<Utc>,
        action: &'static str,
        change: impl FnOnce(&mut Subscription),
    ) {
        let Some(before) = self.subscriptions.get(id).map(|subscription| subscription.snapshot(self, now))
        else {
            return;
        };
        let Some(subscription) = self.subscriptions.get_mut(id) else {
            return;
        };
        if let Some((at, _)) = subscription.next {
            self.due.remove(&(at, id.to_owned()));
        }
        change(subscription);
        subscription.updated_at = Some(now);
        subscription.history.push(before);
        if let Some((at, _)) = subscription.next {
            self.due.insert((at, id.to_owned()));
        }
        let company_id =
            self.companies.at(subscription.company).map(|company| company.id.clone()).unwrap_or_default();
        self.events.push(Event::subscription(subscription, &company_id, action));
    }

    /// Brings every subscription to what it is at `now`.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        while let Some((at, id)) = self.due.first().cloned() {
            if at > now {
                return;
            }
            self.due.remove(&(at, id.clone()));
            let vendor_id = format!("vendor-{}", self.ids.hex(12));
            let status = self
                .subscriptions
                .get(&id)
                .and_then(|subscription| subscription.next)
                .map_or("Active", |(_, status)| status);
            let action = if status == "Cancelled" { "CANCELLED" } else { "UPDATED" };
            self.change_subscription(&id, at, action, |subscription| {
                subscription.next = None;
                subscription.status = status;
                if subscription.is_live() {
                    subscription.vendor_subscription_id.get_or_insert(vendor_id);
                }
            });
        }
    }

    /// When the next status changes by itself.
    pub(crate) fn next_change(&self) -> Option<DateTime<Utc>> {
        self.due.first().map(|(at, _)| *at)
    }
}
