//! October at the simulated StreamOne ION: the lines of its invoices name nobody, its billing reports tell usage and
//! licences by subscription, of some vendors.

mod kinds;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use provider_core::chrono::Duration;
use provider_core::model::UsageKind;
use provider_core::token::MemoryTokenStore;
use provider_core::{
    BillingCycle, Provider, ProviderExt as _, Services, Subscription, SubscriptionStatus, UsageQuery,
};
use provider_simulator::streamone::{Reported, SubscriptionEdit};
use provider_sync::reconcile::BilledRow;
use rust_decimal::Decimal;
use streamone_client::StreamOneConfig;

pub(crate) use kinds::KINDS;

use crate::month::{Month, Needs, billed_row, first, is_paid, october, simulator, subscriptions};

/// Whether the billing reports have its vendor: Microsoft, Amazon and Google's cloud.
fn is_reported(seats: &Subscription) -> bool {
    let google_cloud = seats.product.id.as_ref().is_some_and(|id| id.as_str() == "ExampleGcpProject");
    seats.product.vendor.is_some() || google_cloud
}

fn is_live(seats: &Subscription) -> bool {
    matches!(seats.status, SubscriptionStatus::Active | SubscriptionStatus::Suspended)
}

/// Whether it is paid as it is used: it has no price of its own.
fn is_metered(seats: &Subscription) -> bool {
    seats.cost.as_ref().is_some_and(|cost| cost.amount.is_zero())
}

fn needs(seats: &Subscription) -> Option<Needs> {
    seats.product.vendor.as_ref()?;
    let started = seats.starts_at.filter(|start| *start < first())?;
    // Of Microsoft there is more in every report.
    let metered = is_metered(seats) && seats.product.vendor.as_deref() == Some("Microsoft");
    let several = seats.quantity.is_some_and(|quantity| quantity > Decimal::from(4));
    match (&seats.status, &seats.billing_cycle) {
        (SubscriptionStatus::Pending, _) => Some(Needs::Pending),
        (SubscriptionStatus::Trial, _) => Some(Needs::Trial),
        (SubscriptionStatus::Active, Some(BillingCycle::Monthly)) if metered => Some(Needs::Usage),
        (SubscriptionStatus::Active, Some(BillingCycle::Monthly)) if several => Some(Needs::Plain),
        (SubscriptionStatus::Active, Some(BillingCycle::Annual)) => {
            (!is_paid(12, started)).then_some(Needs::Yearly)
        }
        _ => None,
    }
}

/// The month as it is when nothing went wrong: what the reports have was billed at what the customer is charged, and what
/// no report has by the price.
pub(crate) async fn start() -> Month {
    let simulator = simulator().await;
    let variables: BTreeMap<String, String> = simulator.streamone().env().into_iter().collect();
    let config = StreamOneConfig::from_vars(|name| variables.get(name).cloned()).unwrap().unwrap();
    // Tokens rotate: those of another simulator, which a store on the disk would remember, are good for nothing here.
    let services = Services::default().with_token_store(Arc::new(MemoryTokenStore::default()));
    let provider = config.connect(&services).unwrap();
    // What is metered is seeded as begun in the last days: these began before the month.
    for seats in subscriptions(&provider).await.iter().filter(|seats| is_metered(seats)) {
        let vendor_id = seats.vendor_subscription_id.as_deref().unwrap();
        let edited = simulator.streamone().edit_subscription(vendor_id, |one| {
            one.starts_at = first() - Duration::days(20);
            (one.ends_at, one.updated_at) = (one.starts_at, one.starts_at);
        });
        assert!(edited, "{vendor_id}");
    }
    let listed = subscriptions(&provider).await;
    let mut billed = reported(&provider).await;
    let known: BTreeSet<String> = billed.iter().filter_map(|row| row.subscription.clone()).collect();
    for seats in listed.iter().filter(|seats| is_live(seats) && !is_reported(seats)) {
        let (Some(price), Some(quantity)) = (&seats.customer_price, seats.quantity) else { continue };
        let begun = seats.starts_at.is_some_and(|start| start < october().period().end);
        if begun && !known.contains(seats.id.as_str()) {
            billed.push(billed_row(billed.len() + 1, seats.id.as_str(), quantity, price.amount * quantity));
        }
    }
    let fit = listed.into_iter().filter_map(|seats| Some((needs(&seats)?, seats)));
    Month::of(simulator, provider, billed, fit)
}

/// A row for everything in the reports, with its units and at what the customer is charged.
async fn reported(provider: &Arc<dyn Provider>) -> Vec<BilledRow> {
    let query = UsageQuery::default().period(october().period());
    let mut rows: Vec<BilledRow> = Vec::new();
    for record in provider.usage(query).collect_all().await.unwrap() {
        let (Some(id), Some(sale)) = (&record.subscription, &record.sale) else { continue };
        let licence = record.kind == Some(UsageKind::Licence);
        let units = if licence { record.quantity.unwrap() } else { Decimal::ONE };
        rows.push(billed_row(rows.len() + 1, id.as_str(), units, sale.amount));
    }
    assert!(rows.len() > 60, "{} rows", rows.len());
    rows
}

/// What is done to reports and subscriptions.
impl Month {
    fn report(&self, vendor_id: &str, change: impl FnOnce(&mut Reported)) {
        let day = first().date_naive();
        assert!(self.simulator.streamone().edit_report(day, vendor_id, change), "{vendor_id}");
    }

    /// Changes a subscription, and leaves the report as it is.
    fn only_the_subscription(&self, vendor_id: &str, change: impl FnOnce(&mut SubscriptionEdit)) {
        self.report(vendor_id, |_| {});
        self.subscription(vendor_id, change);
    }

    fn subscription(&self, vendor_id: &str, change: impl FnOnce(&mut SubscriptionEdit)) {
        assert!(self.simulator.streamone().edit_subscription(vendor_id, change), "{vendor_id}");
    }
}
