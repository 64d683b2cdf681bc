//! Invoices of v1: what the distributor bills the reseller, and what the reseller bills its customers.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;

use crate::engine::clock::midnight;
use crate::streamone::catalog::record::Period;
use crate::streamone::engine::ranges::{back, first_of_month};
use crate::streamone::subscription::record::{Subscription, Subscriptions};

/// Months of invoices that are seeded.
const MONTHS: u32 = 3;
/// Id of the first seeded invoice.
const FIRST: u64 = 610_000;

#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) id: u64,
    pub(crate) number: String,
    /// `None` for what the distributor bills the reseller.
    pub(crate) customer: Option<u64>,
    pub(crate) start: NaiveDate,
    /// The last day, included.
    pub(crate) end: NaiveDate,
    pub(crate) status: &'static str,
    /// Amount per cloud provider.
    pub(crate) lines: BTreeMap<u64, Decimal>,
}

impl Invoice {
    pub(crate) fn total(&self) -> Decimal {
        self.lines.values().copied().sum::<Decimal>().round_dp(2)
    }
}

/// All invoices, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Invoices {
    all: Vec<Invoice>,
}

impl Invoices {
    /// Invoices for the last whole months before `today`.
    pub(crate) fn seeded(subscriptions: &Subscriptions, today: NaiveDate) -> Self {
        let mut made = Self::default();
        for months in (1..=MONTHS).rev() {
            let start = back(first_of_month(today), months);
            let status = if months == 1 { "open" } else { "closed" };
            made.bill_month(subscriptions, start, status);
        }
        made
    }

    /// Bills one month: the reseller once, each customer that owes something once. The number of new invoices.
    pub(crate) fn bill_month(
        &mut self,
        subscriptions: &Subscriptions,
        start: NaiveDate,
        status: &'static str,
    ) -> usize {
        let before = self.all.len();
        let next = first_of_month(start + TimeDelta::days(32));
        let mut owed: BTreeMap<Option<u64>, BTreeMap<u64, Decimal>> = BTreeMap::new();
        for subscription in subscriptions.all() {
            let Some(units) = billed_units(subscription, start, next) else {
                continue;
            };
            for (debtor, unit_price) in
                [(None, subscription.cost), (Some(subscription.customer), subscription.price)]
            {
                let lines = owed.entry(debtor).or_default();
                *lines.entry(subscription.provider).or_default() += unit_price * units;
            }
        }
        for (customer, lines) in owed {
            let id = FIRST + u64::try_from(self.all.len()).unwrap_or_default();
            let number = format!("INV-EX-{id}");
            let end = next - TimeDelta::days(1);
            self.all.push(Invoice { id, number, customer, start, end, status, lines });
        }
        self.all.len() - before
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Invoice> {
        self.all.iter().find(|invoice| invoice.id == id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Invoice> {
        self.all.iter()
    }
}

/// Units billed for the month from `start` to `next`; `None` when there is nothing to bill. A trial owes nothing, nor
/// does what is not provisioned yet.
pub(crate) fn billed_units(
    subscription: &Subscription,
    start: NaiveDate,
    next: NaiveDate,
) -> Option<Decimal> {
    let begun = subscription.start < midnight(next);
    let begins_here = begun && subscription.start >= midnight(start);
    let ended = matches!(subscription.live.status, "deleted" | "cancelled" | "expired" | "failed")
        && subscription.updated < midnight(start);
    if subscription.trial || matches!(subscription.live.status, "pending" | "in_progress") {
        return None;
    }
    let due = match subscription.period {
        Period::Monthly => begun && !ended,
        Period::Annual | Period::OneTime => begins_here,
    };
    due.then(|| Decimal::from(subscription.quantity_before(midnight(next))))
}
