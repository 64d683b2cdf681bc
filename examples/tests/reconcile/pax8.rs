//! October at the simulated Pax8: its invoices say what every subscription was charged.

mod kinds;

use std::collections::BTreeMap;
use std::sync::Arc;

use pax8_client::Pax8Config;
use provider_core::chrono::{Duration, NaiveDate};
use provider_core::model::{InvoiceKind, InvoiceLineKind};
use provider_core::{
    BillingCycle, InvoiceLineQuery, InvoiceQuery, Provider, ProviderExt as _, Services, Subscription,
    SubscriptionStatus,
};
use provider_simulator::InvoiceItem;
use provider_sync::reconcile::BilledRow;
use rust_decimal::Decimal;

pub(crate) use kinds::KINDS;

use crate::month::{Month, Needs, billed_row, first, october, simulator, subscriptions};

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

/// The month as it is when nothing went wrong: every line was billed at what the customer is charged.
pub(crate) async fn start() -> Month {
    let simulator = simulator().await;
    let variables: BTreeMap<String, String> = simulator.pax8().env().into_iter().collect();
    let config = Pax8Config::from_vars(|name| variables.get(name).cloned()).unwrap().unwrap();
    let provider = config.with_currency("USD".parse().unwrap()).connect(&Services::default()).unwrap();
    let fit = subscriptions(&provider).await.into_iter().filter_map(|seats| Some((needs(&seats)?, seats)));
    let billed = billed(&provider).await;
    Month::of(simulator, provider, billed, fit)
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
            let units = if metered { Decimal::ONE } else { line.quantity.unwrap() };
            rows.push(billed_row(rows.len() + 1, id.as_str(), units, sale.amount));
        }
    }
    assert!(rows.len() > 60, "{} rows", rows.len());
    rows
}

/// What is done to the lines of invoices.
impl Month {
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
    fn item(&self, id: &str, change: impl FnMut(InvoiceItem) -> Vec<InvoiceItem>) {
        self.items_on(first().date_naive(), id, change);
    }

    /// The item of a subscription on November's invoice, which has October's usage.
    fn later_item(&self, id: &str, change: impl FnMut(InvoiceItem) -> Vec<InvoiceItem>) {
        self.items_on((first() + Duration::days(40)).date_naive(), id, change);
    }

    /// Puts an item like that of another subscription on October's invoice.
    fn add_item(&self, like: &str, change: impl Fn(&mut InvoiceItem)) {
        self.item(like, |item| {
            let mut added = item.clone();
            change(&mut added);
            vec![item, added]
        });
    }
}
