//! Everything a Pax8 account holds, and the changes that time brings.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::company::Company;
use super::events::Event;
use super::invoice::Invoice;
use super::order::Order;
use super::product::Product;
use super::subscription::{CommitmentKey, Subscription};
use super::table::Table;
use super::usage::UsageSummary;
use super::webhook::Webhooks;
use crate::prng::Prng;

/// The state behind the lock.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) seed: u64,
    /// Ids of what is created while the simulator runs.
    pub(super) ids: Prng,
    pub(super) account_id: String,
    pub(super) user_id: String,
    pub(super) currency: String,
    pub(super) commitment_key: CommitmentKey,
    /// How long provisioning and cancelling take.
    pub(super) settling: Duration,
    /// Pause between the attempts of a webhook delivery, in real time.
    pub(super) retry_pause: Duration,
    /// Order lines name their subscription before it is provisioned.
    pub(super) early_subscription_ids: bool,
    pub(super) companies: Table<Company>,
    pub(super) products: Table<Product>,
    pub(super) orders: Table<Order>,
    pub(super) subscriptions: Table<Subscription>,
    pub(super) usage: Table<UsageSummary>,
    pub(super) invoices: Table<Invoice>,
    pub(super) webhooks: Webhooks,
    /// What happened and is to be delivered.
    pub(super) events: Vec<Event>,
    due: BTreeSet<(DateTime<Utc>, String)>,
}

impl Store {
    pub(super) fn new(seed: u64, products: Table<Product>) -> Self {
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
    pub(super) fn discount(&self, company: usize) -> Decimal {
        if company.is_multiple_of(5) { Decimal::new(5, 2) } else { Decimal::ZERO }
    }

    /// Adds a subscription and remembers when its status changes by itself.
    pub(super) fn add_subscription(&mut self, subscription: Subscription) -> usize {
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
    pub(super) fn usage_of(&self, subscription: usize) -> &[UsageSummary] {
        // They are added together and in order, so that a binary search finds them.
        let first = self.usage.rows().partition_point(|one| one.subscription < subscription);
        let rest = self.usage.rows().get(first..).unwrap_or_default();
        let count = rest.partition_point(|one| one.subscription == subscription);
        rest.get(..count).unwrap_or_default()
    }

    /// Changes a subscription: keeps a snapshot of what it was, stamps it and tells webhooks.
    pub(super) fn change_subscription(
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
    pub(super) fn settle(&mut self, now: DateTime<Utc>) {
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
    pub(super) fn next_change(&self) -> Option<DateTime<Utc>> {
        self.due.first().map(|(at, _)| *at)
    }
}
