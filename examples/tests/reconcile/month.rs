//! October at a simulated distributor, and what was billed for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use provider_core::chrono::{DateTime, Datelike as _, Utc};
use provider_core::clock::{BoxFuture, Clock};
use provider_core::{Provider, ProviderExt as _, Subscription, SubscriptionQuery};
use provider_simulator::Simulator;
use provider_sync::reconcile::{BilledRow, BilledRows, Comparison, Reconcile, Row};
use rust_decimal::Decimal;

use crate::kinds::Told;

/// What a kind of difference is planted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needs {
    /// Seats that are paid by the month.
    Plain,
    /// The same, with a price for the customer. Where all have one, these are the plain ones.
    Priced,
    /// A trial.
    Trial,
    /// Seats that were a trial.
    Converted,
    /// Seats that are paid by the year, in another month.
    Yearly,
    /// What is paid as it is used.
    Usage,
    /// What waits to be provisioned.
    Pending,
}

/// A subscription that nothing was planted on yet.
#[derive(Debug, Clone)]
pub(crate) struct Seats {
    pub(crate) id: String,
    /// The vendor's own id.
    pub(crate) vendor_id: String,
    pub(crate) customer: String,
    pub(crate) quantity: Decimal,
    pub(crate) cost: Decimal,
    pub(crate) price: Decimal,
}

pub(crate) struct Month {
    pub(crate) simulator: Simulator,
    pub(crate) billed: Vec<BilledRow>,
    provider: Arc<dyn Provider>,
    free: BTreeMap<Needs, Vec<Seats>>,
}

#[derive(Debug)]
struct Stopped(DateTime<Utc>);

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn sleep(&self, _: std::time::Duration) -> BoxFuture<()> {
        Box::pin(std::future::ready(()))
    }
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-11-20T10:00:00Z")
}

pub(crate) fn october() -> provider_sync::reconcile::Month {
    "2026-10".parse().unwrap()
}

/// The first moment of the month.
pub(crate) fn first() -> DateTime<Utc> {
    october().period().start
}

/// Whether something that is paid so often, and for the first time on that day, is paid in the month.
pub(crate) fn is_paid(every: u32, since: DateTime<Utc>) -> bool {
    let months = |at: DateTime<Utc>| at.year() * 12 + i32::try_from(at.month()).unwrap();
    let age = months(first()) - months(since);
    age >= 0 && age % i32::try_from(every).unwrap() == 0
}

/// What a row is known by: its subscription, or the customer and what it is for.
pub(crate) fn name_of(row: &Row) -> String {
    match &row.subscription {
        Some(id) => id.to_string(),
        None => {
            loose(row.customer.as_ref().map_or("", |id| id.as_str()), row.product.as_deref().unwrap_or(""))
        }
    }
}

pub(crate) fn loose(customer: &str, kind: &str) -> String {
    format!("{kind} of {customer}")
}

/// A row with its units, at that amount.
pub(crate) fn billed_row(key: usize, id: &str, quantity: Decimal, amount: Decimal) -> BilledRow {
    let mut row = BilledRow::new(format!("position {key}"), id);
    row.quantity = quantity.into();
    row.amount = amount.into();
    row.currency = "USD".parse().ok();
    row
}

/// The simulated distributors on a day on which October is over.
pub(crate) async fn simulator() -> Simulator {
    Simulator::builder().fixed_time(now()).customers(120).start().await.unwrap()
}

pub(crate) async fn subscriptions(provider: &Arc<dyn Provider>) -> Vec<Subscription> {
    provider.subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap()
}

impl Month {
    /// A month in which these subscriptions are free for a difference of the kind that they are fit for.
    pub(crate) fn of(
        simulator: Simulator,
        provider: Arc<dyn Provider>,
        billed: Vec<BilledRow>,
        fit: impl IntoIterator<Item = (Needs, Subscription)>,
    ) -> Self {
        let amount =
            |price: &Option<provider_core::Price>| price.as_ref().map_or(Decimal::TEN, |price| price.amount);
        let mut free: BTreeMap<Needs, Vec<Seats>> = BTreeMap::new();
        for (needs, seats) in fit {
            free.entry(needs).or_default().push(Seats {
                id: seats.id.to_string(),
                vendor_id: seats.vendor_subscription_id.clone().unwrap_or_default(),
                customer: seats.customer.to_string(),
                quantity: seats.quantity.unwrap(),
                cost: amount(&seats.cost),
                price: amount(&seats.customer_price),
            });
        }
        Self { simulator, billed, provider, free }
    }

    /// A subscription that nothing was planted on.
    pub(crate) fn take(&mut self, needs: Needs) -> Seats {
        let own = if self.free.contains_key(&needs) { needs } else { Needs::Plain };
        assert!(own == needs || needs == Needs::Priced, "there is no {needs:?}");
        let free = self.free.get_mut(&own).unwrap_or_else(|| panic!("there is no {own:?}"));
        free.pop().unwrap_or_else(|| panic!("there is no further {needs:?}"))
    }

    pub(crate) async fn compare(&self) -> Comparison {
        let source = Arc::new(BilledRows::new(self.billed.clone()));
        let compared = Reconcile::new(Arc::clone(&self.provider), october());
        compared.billed(source).clock(Arc::new(Stopped(now()))).run().await.unwrap()
    }

    /// What every row comes to.
    pub(crate) async fn told(&self) -> BTreeMap<String, Told> {
        self.compare().await.rows().map(|row| (name_of(&row), (row.verdict, row.cause))).collect()
    }

    /// Changes the billed row of a subscription; what is answered stands there instead.
    pub(crate) fn row(&mut self, id: &str, change: impl Fn(BilledRow) -> Vec<BilledRow>) {
        let mut changed = 0;
        let all = std::mem::take(&mut self.billed);
        for row in all {
            if row.subscription.as_deref() == Some(id) {
                changed += 1;
                self.billed.extend(change(row));
            } else {
                self.billed.push(row);
            }
        }
        assert_eq!(changed, 1, "{id} has {changed} rows");
    }

    /// Bills a subscription that was not billed.
    pub(crate) fn bill(&mut self, id: &str, quantity: Decimal, amount: Decimal) {
        let row = billed_row(self.billed.len() + 1, id, quantity, amount);
        self.billed.push(row);
    }
}
