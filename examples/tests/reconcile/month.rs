//! October at the simulated Pax8, and what was billed for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use pax8_client::Pax8Config;
use provider_core::chrono::{DateTime, Duration, NaiveDate, Utc};
use provider_core::clock::{BoxFuture, Clock};
use provider_core::model::{InvoiceKind, InvoiceLineKind};
use provider_core::{
    BillingCycle, InvoiceLineQuery, InvoiceQuery, Provider, ProviderExt as _, Services, Subscription,
    SubscriptionQuery, SubscriptionStatus,
};
use provider_simulator::{InvoiceItem, Simulator};
use provider_sync::reconcile::{BilledRow, BilledRows, Comparison, Reconcile};
use rust_decimal::Decimal;

/// What a kind of difference is planted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needs {
    /// Seats that are paid by the month.
    Plain,
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

fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

pub(crate) fn october() -> provider_sync::reconcile::Month {
    "2026-10".parse().unwrap()
}

/// The first day of the month.
pub(crate) fn first() -> DateTime<Utc> {
    october().period().start
}

fn needs(seats: &Subscription) -> Option<Needs> {
    let priced = seats.cost.as_ref().is_some_and(|cost| !cost.amount.is_zero());
    let begun = seats.starts_at.is_some_and(|start| start < first());
    let several = seats.quantity.is_some_and(|quantity| quantity > Decimal::from(4));
    match (&seats.status, &seats.billing_cycle) {
        (SubscriptionStatus::Trial, _) => Some(Needs::Trial),
        (SubscriptionStatus::Pending, _) => Some(Needs::Pending),
        (SubscriptionStatus::Converted, Some(BillingCycle::Monthly)) if begun => Some(Needs::Converted),
        (SubscriptionStatus::Active, Some(BillingCycle::Monthly)) if !priced => Some(Needs::Usage),
        // Bands of a price are looked up: they are left to rows that nothing is planted on.
        (SubscriptionStatus::Active, Some(BillingCycle::Monthly)) if begun && several => {
            let banded = seats.product.name.as_deref() == Some("Example Backup");
            (!banded).then_some(Needs::Plain)
        }
        (SubscriptionStatus::Active, Some(BillingCycle::Annual)) => Some(Needs::Yearly),
        _ => None,
    }
}

impl Month {
    /// The month as it is when nothing went wrong: every line was billed at what the customer is charged.
    pub(crate) async fn start() -> Self {
        let simulator = Simulator::builder().fixed_time(now()).customers(120).start().await.unwrap();
        let variables: BTreeMap<String, String> = simulator.pax8().env().into_iter().collect();
        let config = Pax8Config::from_vars(|name| variables.get(name).cloned()).unwrap().unwrap();
        let provider = config.with_currency("USD".parse().unwrap()).connect(&Services::default()).unwrap();
        let mut free: BTreeMap<Needs, Vec<Seats>> = BTreeMap::new();
        for seats in provider.subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap() {
            let Some(needs) = needs(&seats) else { continue };
            let amount = |price: &Option<provider_core::Price>| {
                price.as_ref().map_or(Decimal::ZERO, |price| price.amount)
            };
            free.entry(needs).or_default().push(Seats {
                id: seats.id.to_string(),
                quantity: seats.quantity.unwrap(),
                cost: amount(&seats.cost),
                price: amount(&seats.customer_price),
            });
        }
        let billed = billed(&provider).await;
        Self { simulator, billed, provider, free }
    }

    /// A subscription that nothing was planted on.
    pub(crate) fn take(&mut self, needs: Needs) -> Seats {
        let free = self.free.get_mut(&needs).unwrap_or_else(|| panic!("there is no {needs:?}"));
        free.pop().unwrap_or_else(|| panic!("there is no further {needs:?}"))
    }

    pub(crate) async fn compare(&self) -> Comparison {
        let source = Arc::new(BilledRows::new(self.billed.clone()));
        let compared = Reconcile::new(Arc::clone(&self.provider), october());
        compared.billed(source).clock(Arc::new(Stopped(now()))).run().await.unwrap()
    }

    /// Changes the items of a subscription on the invoice of a month; what is answered stands there instead.
    fn items_on(&self, day: NaiveDate, id: &str, mut change: impl FnMut(InvoiceItem) -> Vec<InvoiceItem>) {
        let mut changed = 0;
        for invoice in self.simulator.pax8().invoices_of(day) {
            assert!(self.simulator.pax8().edit_invoice(&invoice, |items| {
                let all = std::mem::take(items);
                for item in all {
                    if item.subscription.as_deref() == Some(id) {
                        changed += 1;
                        items.extend(change(item));
                    } else {
                        items.push(item);
                    }
                }
            }));
        }
        assert_eq!(changed, 1, "{id} has {changed} items in the month of {day}");
    }

    /// The item of a subscription on October's invoice.
    pub(crate) fn item(&self, id: &str, change: impl FnMut(InvoiceItem) -> Vec<InvoiceItem>) {
        self.items_on(first().date_naive(), id, change);
    }

    /// The item of a subscription on November's invoice, which has October's usage.
    pub(crate) fn later_item(&self, id: &str, change: impl FnMut(InvoiceItem) -> Vec<InvoiceItem>) {
        self.items_on((first() + Duration::days(40)).date_naive(), id, change);
    }

    /// Puts an item like that of another subscription on October's invoice.
    pub(crate) fn add_item(&self, like: &str, change: impl Fn(&mut InvoiceItem)) {
        self.item(like, |item| {
            let mut added = item.clone();
            change(&mut added);
            vec![item, added]
        });
    }

    /// Changes the billed rows of a subscription; what is answered stands there instead.
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
        let mut row = BilledRow::new(format!("added for {id}"), id);
        row.quantity = quantity.into();
        row.amount = amount.into();
        row.currency = "USD".parse().ok();
        self.billed.push(row);
    }
}

/// A row for every line that is for October, with its units and at what the customer is charged.
async fn billed(provider: &Arc<dyn Provider>) -> Vec<BilledRow> {
    let mut rows: Vec<BilledRow> = Vec::new();
    let month = october().period();
    let query = InvoiceQuery::default().kind(InvoiceKind::Invoice);
    for invoice in provider.invoices(query).collect_all().await.unwrap() {
        let lines = InvoiceLineQuery::default().invoice(invoice.id.clone());
        for line in provider.invoice_lines(lines).collect_all().await.unwrap() {
            let (Some(id), Some(period)) = (&line.subscription, line.period) else { continue };
            let (Some(sale), true) = (&line.sale, month.contains(period.start)) else { continue };
            let metered = line.kind == InvoiceLineKind::Usage;
            let yearly = period.end > month.end;
            assert!(!yearly, "a term of {period} is charged in the month: it is not due in another one");
            let mut row = BilledRow::new(format!("position {}", rows.len() + 1), id.as_str());
            row.quantity = if metered { Decimal::ONE } else { line.quantity.unwrap() }.into();
            row.amount = sale.amount.into();
            row.currency = sale.currency;
            rows.push(row);
        }
    }
    assert!(rows.len() > 60, "{} rows", rows.len());
    rows
}
