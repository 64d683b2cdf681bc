//! October at the simulated Crayon Cloud-iQ: its invoices name neither customer nor subscription, so that what was billed
//! is held against what was ordered alone.

mod kinds;

use std::collections::BTreeMap;

use crayon_client::CrayonConfig;
use provider_core::chrono::Duration;
use provider_core::{BillingCycle, Services, Subscription, SubscriptionStatus};
use provider_simulator::CrayonSubscriptionEdit;
use provider_sync::reconcile::BilledRow;
use rust_decimal::Decimal;

pub(crate) use kinds::KINDS;

use crate::month::{Month, Needs, billed_row, first, is_paid, october, simulator, subscriptions};

/// Months between two payments; what does not tell them is paid every month.
fn every(seats: &Subscription) -> u32 {
    seats.billing_cycle.as_ref().and_then(BillingCycle::period).map_or(1, |period| period.in_months())
}

/// Whether it was in use in the month, and is paid in it.
fn is_due(seats: &Subscription) -> bool {
    let used = match seats.status {
        SubscriptionStatus::Active | SubscriptionStatus::Suspended => true,
        // Until its term ended.
        SubscriptionStatus::Expired => seats.ends_at.is_some_and(|end| end > first()),
        _ => false,
    };
    let begun = seats.created_at.filter(|begun| *begun < october().period().end);
    used && begun.is_some_and(|begun| is_paid(every(seats), begun))
}

fn needs(seats: &Subscription) -> Option<Needs> {
    let begun = seats.created_at.filter(|begun| *begun < first())?;
    let several = seats.quantity.is_some_and(|quantity| quantity > Decimal::from(4));
    // Add-ons are told inside their subscription, and cannot be changed by themselves here.
    if seats.parent.is_some() {
        return None;
    }
    match &seats.status {
        SubscriptionStatus::Pending => Some(Needs::Pending),
        SubscriptionStatus::Trial => Some(Needs::Trial),
        SubscriptionStatus::Active if !is_paid(every(seats), begun) => Some(Needs::Yearly),
        SubscriptionStatus::Active if every(seats) == 1 && several => {
            Some(if seats.customer_price.is_some() { Needs::Priced } else { Needs::Plain })
        }
        _ => None,
    }
}

/// The month as it is when nothing went wrong: what is paid in it was billed, by the price where the partner has fixed one.
pub(crate) async fn start() -> Month {
    let simulator = simulator().await;
    let variables: BTreeMap<String, String> = simulator.crayon().env().into_iter().collect();
    let config = CrayonConfig::from_vars(|name| variables.get(name).cloned()).unwrap().unwrap();
    let provider = config.with_currency("USD".parse().unwrap()).connect(&Services::default()).unwrap();
    let listed = subscriptions(&provider).await;
    // Trials are seeded as bought two days ago: these were bought before the month.
    for trial in listed.iter().filter(|seats| seats.status == SubscriptionStatus::Trial) {
        let edited = simulator.crayon().edit_subscription(trial.id.as_str().parse().unwrap(), |one| {
            one.created_at = first() - Duration::days(9);
            one.starts_at = Some(one.created_at);
        });
        assert!(edited);
    }
    let listed = subscriptions(&provider).await;
    let mut billed: Vec<BilledRow> = Vec::new();
    for seats in listed.iter().filter(|seats| is_due(seats)) {
        let price = seats.customer_price.as_ref().map_or(Decimal::TEN, |price| price.amount);
        let quantity = seats.quantity.unwrap();
        billed.push(billed_row(billed.len() + 1, seats.id.as_str(), quantity, price * quantity));
    }
    assert!(billed.len() > 60, "{} rows", billed.len());
    let fit = listed.into_iter().filter_map(|seats| Some((needs(&seats)?, seats)));
    Month::of(simulator, provider, billed, fit)
}

impl Month {
    /// Changes a subscription.
    fn seats(&self, id: &str, change: impl FnOnce(&mut CrayonSubscriptionEdit)) {
        assert!(self.simulator.crayon().edit_subscription(id.parse().unwrap(), change), "{id}");
    }
}
