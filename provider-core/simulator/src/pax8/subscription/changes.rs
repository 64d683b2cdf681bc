//! What happens to subscriptions: made, changed, and brought up to the present.

use chrono::{DateTime, Utc};

use super::record::Subscription;
use crate::pax8::access::webhook::event::Event;
use crate::pax8::billing::record::UsageSummary;
use crate::pax8::state::State;

impl State {
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
        let quantity = subscription.quantity;
        change(subscription);
        if subscription.quantity != quantity {
            subscription.counts.push((now, quantity));
        }
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
