//! Orders under keys of the application's own, and the passwords of new tenants.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use provider_core::model::{NewOrder, NewOrderLine};
use provider_core::secrecy::ExposeSecret as _;
use provider_core::{EntityKind, IdempotencyKey, PlaceOrder, Price};
use serde_json::json;

use super::market::DeskFault;
use super::pushes::decide;
use super::town::{BOTH, Town};
use crate::engine::{CredentialSink, NewCredentials, RunControl, SyncError};
use crate::notify::StopReason;
use crate::report::SyncOutcome;
use crate::store::{Decision, IntentState, PendingType, RunWeight, SessionEnd};
use crate::target::LocalKey;

const CUSTOMER: EntityKind = EntityKind::Customer;

fn order(quantity: i64) -> PlaceOrder {
    PlaceOrder::new(NewOrder::new("c00").line(NewOrderLine::new("p1", quantity)))
}

#[tokio::test]
async fn an_order_is_placed_once_under_its_key() {
    let town = Town::with_plan(&BOTH.replace("units = 1000", "units = 5"));
    let key = IdempotencyKey::derive("quotes", ["1841"]);
    let engine = town.engine();
    let first = engine.order(order(3), key.clone()).await.unwrap();
    assert_eq!((first.state, first.remote.as_deref()), (IntentState::Applied, Some("o1")));
    let again = town.engine().order(order(3), key.clone()).await.unwrap();
    assert_eq!((again.id, again.remote.as_deref()), (first.id, Some("o1")));
    assert_eq!(town.writes(), 1);
    for (order, key, says) in [
        (order(4), key, "used for another order"),
        (order(6), IdempotencyKey::derive("quotes", ["1842"]), "`cap.units`"),
    ] {
        match engine.order(order, key).await.unwrap_err() {
            SyncError::Refused(message) => assert!(message.contains(says), "{message}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(town.writes(), 1);
}

/// Each by itself: what was ordered before takes nothing from it.
#[tokio::test]
async fn an_order_beyond_the_total_is_refused_by_the_plans_key_and_one_within_it_is_placed_once() {
    let town =
        Town::with_plan(&BOTH.replace("units = 1000", "units = 1000, total = \"50\", currency = \"EUR\""));
    let tells = |price: Option<(i64, &str)>| {
        let price = price.map(|(amount, of)| Price::new(amount.into(), Some(of.parse().unwrap())));
        town.market.desk().price = price;
    };
    let key = |quote: &str| IdempotencyKey::derive("quotes", [quote]);
    for (price, quantity, says) in [
        (Some((10, "EUR")), 6, "an order of 60 EUR is beyond `cap.total` of the plan, 50"),
        (Some((1, "USD")), 1, "not told in EUR, so that `cap.total` cannot be kept"),
        (None, 1, "not told in EUR, so that `cap.total` cannot be kept"),
    ] {
        tells(price);
        match town.engine().order(order(quantity), key("1841")).await.unwrap_err() {
            SyncError::Refused(message) => assert!(message.contains(says), "{message}"),
            other => panic!("{other:?}"),
        }
        let scope = crate::KindScope::new("shop", EntityKind::Order);
        assert!(town.store.open_intents(&scope).await.unwrap().is_empty(), "{says}: nothing is left to send");
    }
    assert_eq!(town.run().await.intents.applied, 0);
    assert_eq!(town.market.desk().asked, 0, "nothing was sent");

    tells(Some((10, "EUR")));
    for (quote, writes) in [("1841", 1), ("1842", 2)] {
        for _ in 0..2 {
            let placed = town.engine().order(order(5), key(quote)).await.unwrap();
            assert_eq!((placed.state, town.writes()), (IntentState::Applied, writes), "{quote}");
        }
    }
    // What was placed is answered, whatever it would cost today.
    tells(Some((20, "EUR")));
    let placed = town.engine().order(order(5), key("1841")).await.unwrap();
    assert_eq!((placed.remote.as_deref(), town.writes()), (Some("o1"), 2));
}

#[tokio::test]
async fn what_a_unit_of_an_order_costs_is_not_taken_for_the_whole() {
    let town =
        Town::with_plan(&BOTH.replace("units = 1000", "units = 1000, total = \"50\", currency = \"EUR\""));
    town.market.desk().price = Some(Price::new(10.into(), Some("EUR".parse().unwrap())));
    town.market.desk().per_unit = true;
    let key = IdempotencyKey::derive("quotes", ["1841"]);
    let refused = town.engine().order(order(6), key.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("an order of 60 EUR is beyond `cap.total`"), "{refused}");
    assert_eq!(town.market.desk().asked, 0, "nothing was sent");
    let placed = town.engine().order(order(5), key).await.unwrap();
    assert_eq!((placed.state, town.writes()), (IntentState::Applied, 1));
}

#[tokio::test]
async fn nothing_is_ordered_on_a_connection_that_has_stopped() {
    let town = Town::new();
    town.run().await;
    let mut end = SessionEnd::new("shop", SyncOutcome::Failed);
    (end.error, end.weight) = (Some("why".into()), RunWeight::AtOnce(StopReason::Setting));
    assert!(town.store.not_begun(&end).await.unwrap().unwrap().stopped.is_some());
    let key = IdempotencyKey::derive("quotes", ["1841"]);
    for (hours, says) in [(0, "a setting is wrong: why"), (1, "the next run tries it again")] {
        town.clock.pass(chrono::Duration::hours(hours));
        match town.engine().order(order(3), key.clone()).await.unwrap_err() {
            SyncError::Refused(message) => assert!(message.contains(says), "{message}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(town.writes(), 0);
    town.run().await;
    let placed = town.engine().order(order(3), key).await.unwrap();
    assert_eq!((placed.state, town.writes()), (IntentState::Applied, 1));
}

/// Whoever calls again after a crash and is told that nothing is ordered orders elsewhere.
#[tokio::test]
async fn an_order_that_was_placed_before_the_connection_stopped_is_told_as_placed() {
    let town = Town::new();
    town.run().await;
    let [placed, open] = ["1841", "1842"].map(|quote| IdempotencyKey::derive("quotes", [quote]));
    town.engine().order(order(3), placed.clone()).await.unwrap();
    town.market.desk().forgetful = true;
    town.market.desk().faults.push_back(DeskFault::LostAfter);
    town.engine().order(order(3), open.clone()).await.unwrap();
    town.engine().disable("Anna").await.unwrap();
    let asked = town.market.desk().asked;
    for (key, state) in [(placed, IntentState::Applied), (open, IntentState::Unknown)] {
        assert_eq!(town.engine().order(order(3), key.clone()).await.unwrap().state, state);
        let other = town.engine().order(order(4), key).await.unwrap_err();
        assert!(other.to_string().contains("used for another order"), "{other}");
    }
    let fresh = IdempotencyKey::derive("quotes", ["1843"]);
    let refused = town.engine().order(order(3), fresh).await.unwrap_err();
    assert!(refused.to_string().contains("nothing is ordered: Anna switched it off"), "{refused}");
    let writes = town.writes();
    assert_eq!((town.market.desk().asked, writes), (asked, 2));
}

#[tokio::test]
async fn an_order_of_which_nobody_knows_is_asked_about_by_each_run() {
    let town = Town::new();
    town.market.desk().forgetful = true;
    town.market.desk().faults.push_back(DeskFault::LostAfter);
    let key = IdempotencyKey::derive("quotes", ["1841"]);
    let intent = town.engine().order(order(3), key.clone()).await.unwrap();
    assert_eq!(intent.state, IntentState::Unknown);
    assert_eq!(town.run().await.intents.unknown, 1);
    let waiting = town.waiting().await;
    assert_eq!((waiting[0].why, waiting[0].kind), (PendingType::Unknown, EntityKind::Order));
    decide(&town, PendingType::Unknown, Decision::Happened("o1".into())).await;
    let report = town.run().await;
    assert_eq!((report.intents.applied, report.intents.unknown), (1, 0), "{report:?}");
    let settled = town.engine().order(order(3), key).await.unwrap();
    assert_eq!((settled.state, settled.remote.as_deref()), (IntentState::Applied, Some("o1")));
    assert_eq!(town.writes(), 1);
    assert!(town.waiting().await.is_empty());
}

#[derive(Debug, Default)]
struct Drawer {
    kept: Mutex<Vec<String>>,
    broken: bool,
}

#[async_trait]
impl CredentialSink for Drawer {
    async fn keep(&self, told: &NewCredentials) -> Result<(), String> {
        if self.broken {
            return Err("the drawer is stuck".into());
        }
        let password = told.credentials.password.expose_secret().to_owned();
        self.kept.lock().unwrap().push(format!("{} {password}", told.local));
        Ok(())
    }
}

#[tokio::test]
async fn the_password_of_a_new_tenant_is_handed_over_and_kept_nowhere_else() {
    let town = Town::new();
    town.market.desk().tenants = true;
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    let drawer = Arc::new(Drawer::default());
    let engine = town.engine().with_credentials(Arc::clone(&drawer) as _);
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!(report.intents.applied, 1);
    assert_eq!(*drawer.kept.lock().unwrap(), ["7 planted-secret-7"]);
    let scope = crate::KindScope::new("shop", CUSTOMER);
    let intent = town.store.last_intent(&scope, &LocalKey::new("7")).await.unwrap();
    let everything = format!("{report:?} {intent:?} {:?} {}", town.waiting().await, json!(report));
    assert!(!everything.contains("planted-secret"), "{everything}");

    town.write(CUSTOMER, "8", &[("name", "Florist")]);
    town.clock.pass(chrono::Duration::hours(1));
    let broken = Drawer { broken: true, ..Drawer::default() };
    let report = town.engine().with_credentials(Arc::new(broken)).run(&RunControl::default()).await.unwrap();
    let error = report.error.unwrap();
    assert!(error.contains("the drawer is stuck") && !error.contains("planted-secret"), "{error}");
    assert_eq!(town.row(CUSTOMER, "8").remote.as_deref(), Some("m02"), "it is made and tied all the same");
}
