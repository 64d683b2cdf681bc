//! What the guard says about leaving a subscription is what the distributor then does: every subscription of the three
//! simulated ones, at moments within and after their windows, asked by the bare client, which checks nothing itself.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crayon_client::model::SubscriptionStatus as CrayonStatus;
use crayon_client::{CrayonClient, CrayonConfig, CrayonProvider};
use pax8_client::model::SubscriptionUpdate;
use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::commitment::{Allowed, Guard, Rule, guard};
use provider_core::{
    Delivery, Error, Provider, ProviderExt as _, ProviderInfo, Subscription, SubscriptionQuery,
};
use provider_simulator::{SimClock, Simulator};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use streamone_client::model::{OrderItemWrite, OrderStatus, OrderWrite};
use streamone_client::{StreamOneClient, StreamOneConfig, StreamOneProvider};

/// Days after the simulator was seeded: inside the first windows, after them, and around renewals.
const DAYS: [u64; 9] = [0, 4, 6, 12, 25, 33, 90, 200, 366];
const DAY: Duration = Duration::from_secs(86_400);

/// What is asked of a distributor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ask {
    Reduce,
    Cancel,
}

/// A distributor as a caller without any caution has it.
enum Shop {
    Crayon(CrayonClient),
    Pax8(Pax8Client),
    StreamOne(StreamOneClient),
}

fn refused(error: &Error) -> bool {
    assert_eq!(error.delivery(), Delivery::Rejected, "{error}");
    true
}

impl Shop {
    /// Whether the distributor does it.
    async fn accepts(&self, ask: Ask, seats: &Subscription, clock: &SimClock) -> bool {
        let fewer = seats.quantity.unwrap() - Decimal::ONE;
        match self {
            Self::Crayon(client) => {
                let id = seats.id.as_str().parse().unwrap();
                let mut record = client.subscriptions().document(id).await.unwrap();
                match ask {
                    Ask::Reduce => record.set(&["Quantity"], &fewer.to_i64().unwrap()).unwrap(),
                    Ask::Cancel => record.set(&["Status"], &CrayonStatus::DELETED.number()).unwrap(),
                }
                match client.subscriptions().update(id, &record).await {
                    Ok(_) => true,
                    Err(error) => !refused(&error),
                }
            }
            Self::Pax8(client) => {
                let (subscriptions, id) = (client.subscriptions(), seats.id.as_str());
                let answer = match ask {
                    Ask::Reduce => {
                        let mut update = SubscriptionUpdate::default();
                        update.quantity = Some(fewer);
                        subscriptions.update(id, &update).await.map(drop)
                    }
                    Ask::Cancel => subscriptions.cancel(id, None).await,
                };
                answer.map_or_else(|error| !refused(&error), |()| true)
            }
            Self::StreamOne(client) => {
                let customer = seats.customer.as_str();
                let record = client.subscriptions().get(customer, seats.id.own(), None).await.unwrap();
                // What carries no ids of the catalog cannot even be asked for.
                let Some(ids) = record.catalog_ids() else { return false };
                let resource = record.subscription_id.as_deref().unwrap();
                let seats = if ask == Ask::Reduce { fewer } else { seats.quantity.unwrap() };
                let mut item = OrderItemWrite::update(resource, ids, seats.to_u32().unwrap());
                if ask == Ask::Cancel {
                    item = item.with_attribute("statusUpdate", "deleted");
                }
                let mut order = OrderWrite::default();
                order.order_items.push(item);
                let placed = match client.orders().create(customer, &order).await {
                    Ok(placed) => placed,
                    Err(error) => return !refused(&error),
                };
                clock.advance(Duration::from_secs(10));
                let id = placed.id().unwrap().to_string();
                let ended = client.orders().get(customer, &id).await.unwrap().status.unwrap();
                assert!(ended.is_final(), "{ended:?}");
                ended == OrderStatus::Completed
            }
        }
    }
}

/// One distributor of a simulator that was seeded so many days ago.
async fn shop(kind: &str, days: u64) -> (Simulator, Arc<dyn Provider>, Shop) {
    let seeded = "2026-03-10T10:00:00Z".parse().unwrap();
    let simulator = Simulator::builder().fixed_time(seeded).start().await.unwrap();
    simulator.clock().advance(DAY * u32::try_from(days).unwrap());
    let mut variables: BTreeMap<String, String> = simulator.env().into_iter().collect();
    // The first one has expired by then.
    variables.insert("STREAMONE_REFRESH_TOKEN".to_owned(), simulator.streamone().issue_refresh_token());
    let get = |name: &str| variables.get(name).cloned();
    let (provider, shop): (Arc<dyn Provider>, _) = match kind {
        "crayon" => {
            let client = CrayonClient::new(CrayonConfig::from_vars(get).unwrap().unwrap()).unwrap();
            let provider = CrayonProvider::new(client.clone(), ProviderInfo::new("crayon", "crayon"));
            (Arc::new(provider), Shop::Crayon(client))
        }
        "pax8" => {
            let config = Pax8Config::from_vars(get).unwrap().unwrap();
            let client = Pax8Client::new(config.clone()).unwrap();
            (Arc::new(Pax8Provider::new(client.clone(), &config)), Shop::Pax8(client))
        }
        _ => {
            let client = StreamOneClient::new(StreamOneConfig::from_vars(get).unwrap().unwrap()).unwrap();
            (Arc::new(StreamOneProvider::new(client.clone())), Shop::StreamOne(client))
        }
    };
    (simulator, provider, shop)
}

/// How often each rule was tried, by whether it said yes or no.
type Tried = BTreeMap<(Rule, Ask, bool), usize>;

async fn compare(kind: &str, days: u64, tried: &mut Tried) {
    let (simulator, provider, shop) = shop(kind, days).await;
    let clock = simulator.clock();
    let listed = provider.subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
    assert!(listed.len() > 20, "{kind} has {} subscriptions", listed.len());
    for seats in listed {
        if seats.quantity.is_none() {
            continue;
        }
        for ask in [Ask::Reduce, Ask::Cancel] {
            let told: Guard = guard(kind, &seats, clock.now());
            let answer = if ask == Ask::Reduce { told.reduce } else { told.cancel };
            let says = match answer.allowed {
                Allowed::Open { .. } => true,
                Allowed::Closed { .. } => false,
                _ => continue,
            };
            let does = shop.accepts(ask, &seats, clock).await;
            assert_eq!(says, does, "{kind}, day {days}, {ask:?}: {told}\n{seats:#?}");
            *tried.entry((answer.rule, ask, says)).or_default() += 1;
        }
    }
}

async fn agrees(kind: &str) -> Tried {
    let mut tried = Tried::new();
    for days in DAYS {
        compare(kind, days, &mut tried).await;
    }
    tried
}

/// The rules that were seen to say yes and no to both questions, and those that can only say one.
fn assert_tried(tried: &Tried, both: &[Rule], yes: &[Rule], no: &[Rule]) {
    for ask in [Ask::Reduce, Ask::Cancel] {
        for (rules, says) in [(both, true), (both, false), (yes, true), (no, false)] {
            for rule in rules {
                assert!(
                    tried.contains_key(&(*rule, ask, says)),
                    "{rule:?} never said {says} to {ask:?}: {tried:?}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_crayons_own_refusals_for_every_subscription() {
    let tried = agrees("crayon").await;
    assert_tried(&tried, &[Rule::CrayonNewCommerce], &[], &[Rule::Ended, Rule::CrayonActiveOnly]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_pax8s_own_refusals_for_every_subscription() {
    let tried = agrees("pax8").await;
    assert_tried(&tried, &[Rule::Pax8NewCommerce], &[Rule::Pax8Uncommitted], &[Rule::Ended]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_streamones_own_refusals_for_every_subscription() {
    let tried = agrees("streamone").await;
    assert_tried(&tried, &[Rule::StreamOneNewCommerce], &[], &[Rule::Ended, Rule::StreamOneImported]);
}
