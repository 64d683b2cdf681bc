//! Moments that decide, of every subscription: in a window, at its last one, a second later, on the last day of a term, on
//! the day of the renewal, and after the window that it opens.

use std::collections::BTreeMap;

use provider_core::chrono::{DateTime, TimeDelta, Utc};
use provider_core::commitment::{Allowed, guard};
use provider_core::{ProviderExt as _, ReadOptions, Subscription, SubscriptionId, SubscriptionQuery};

use crate::shop::{Ask, Shop, simulator};
use crate::{Tried, hold};

/// Where a moment lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// Some time before the window closes.
    Inside,
    /// A second before that.
    LastInstant,
    /// A second after that.
    SecondAfter,
    /// A few hours before the term ends.
    LastDay,
    /// An hour after that.
    RenewalDay,
    /// A second after the window that the next term opens.
    AfterRenewal,
}

impl Moment {
    const ALL: [Self; 6] = [
        Self::Inside,
        Self::LastInstant,
        Self::SecondAfter,
        Self::LastDay,
        Self::RenewalDay,
        Self::AfterRenewal,
    ];

    /// When it is for a subscription that is read at `now`, if it has such a moment and that is still ahead.
    fn of(self, kind: &str, seats: &Subscription, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let told = guard(kind, seats, now);
        let term = told.renewal.at();
        let window = match told.cancel.allowed {
            Allowed::Open { until: Some(until) } => Some(until),
            _ => term.and_then(|term| Some(next_term(kind, seats, term)? + WINDOW)),
        };
        let second = TimeDelta::seconds(1);
        let at = match self {
            Self::Inside => window? - TimeDelta::hours(5),
            Self::LastInstant => window? - second,
            Self::SecondAfter => window? + second,
            // Pax8 tells the midnight of the last day.
            Self::LastDay if kind == "pax8" => term? + TimeDelta::hours(5),
            Self::LastDay => term? - TimeDelta::hours(5),
            Self::RenewalDay => next_term(kind, seats, term?)? + TimeDelta::hours(1),
            Self::AfterRenewal => next_term(kind, seats, term?)? + WINDOW + second,
        };
        (at >= now).then_some(at)
    }
}

/// How long new-commerce seats are taken back.
const WINDOW: TimeDelta = TimeDelta::days(7);

/// When the next term begins, of one that ends then as it is told.
fn next_term(kind: &str, seats: &Subscription, end: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(match kind {
        // The last second is told.
        "crayon" => end + TimeDelta::seconds(1),
        // The midnight of the last day is.
        "pax8" => (end + TimeDelta::days(1)).date_naive().and_time(seats.starts_at?.time()).and_utc(),
        _ => end,
    })
}

/// Asks for every subscription at its own moment of each kind, each kind with distributors that were just seeded.
pub(crate) async fn at_every(kind: &str) -> BTreeMap<Moment, Tried> {
    let mut all = BTreeMap::new();
    for moment in Moment::ALL {
        let mut tried = Tried::new();
        let simulator = simulator().await;
        let shop = Shop::open(kind, &simulator);
        let listed = shop.provider().subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
        let mut at: BTreeMap<DateTime<Utc>, Vec<SubscriptionId>> = BTreeMap::new();
        for seats in listed.into_iter().filter(|seats| seats.quantity.is_some()) {
            if let Some(moment) = moment.of(kind, &seats, shop.now()) {
                at.entry(moment).or_default().push(seats.id);
            }
        }
        assert!(!at.is_empty(), "no subscription of {kind} has a moment {moment:?}");
        for (at, ids) in at {
            simulator.clock().advance((at - shop.now()).to_std().unwrap());
            // Whatever the distributor gave out before may have expired.
            let shop = Shop::open(kind, &simulator);
            for id in ids {
                for ask in Ask::BOTH {
                    let seats = shop.provider().get_subscription(&id, &ReadOptions::default()).await.unwrap();
                    hold(&shop, ask, &seats, &mut tried).await;
                }
            }
        }
        all.insert(moment, tried);
    }
    all
}
