//! Ids that a column of the application keeps as numbers: a row is found again by the id that it was written with.

use std::sync::Arc;

use provider_core::EntityKind;

use super::distributor::Distributor;
use super::homes::{Home, Place};
use super::world::Hand;
use crate::engine::{RunControl, SyncEngine};
use crate::plan::SyncPlan;
use crate::report::{KindReport, SyncReport};
use crate::store::{MemoryStore, QueueQuery, SyncStore};

const PLAN: &str = r#"
version = 1
connection = "shop"
enabled = true
[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update", "remove"]
table = "accounts"
key = { remote = "id", local = "remote" }
unmatched = "create"
removal = { how = "delete" }
fields = [{ remote = "name", local = "name" }]
"#;

async fn run(place: &Place, shop: &Distributor, store: &Arc<MemoryStore>, clock: &Hand) -> KindReport {
    let target = place.target(PLAN).await;
    let plan = SyncPlan::from_toml(PLAN).unwrap().check(shop, &target);
    let plan = plan.unwrap_or_else(|problems| panic!("{problems}"));
    let store = Arc::<MemoryStore>::clone(store);
    let engine = SyncEngine::new(Arc::new(shop.clone()), Arc::new(target), store, plan);
    let engine = engine.with_clock(Arc::new(clock.clone()));
    let ahead = engine.preview().await.unwrap();
    let report = engine.run(&RunControl::default()).await.unwrap();
    let counts = |report: &SyncReport| {
        let customers = report.kind(EntityKind::Customer).unwrap();
        (customers.created, customers.updated, customers.removed, customers.queued)
    };
    assert_eq!(counts(&ahead), counts(&report));
    report.kind(EntityKind::Customer).unwrap().clone()
}

#[tokio::test]
async fn an_id_with_zeros_in_front_is_found_again_whatever_its_column_makes_of_it() {
    for (ty, kept) in [
        ("TEXT", "007"),
        ("INTEGER", "7"),
        ("NUMERIC", "7"),
        ("STRING", "7"),
        ("REAL", "Real(7.0)"),
        ("", "007"),
    ] {
        let tables = format!("CREATE TABLE accounts (id INTEGER PRIMARY KEY, remote {ty} UNIQUE, name TEXT)");
        let (place, shop, clock) = (Place::new(Home::File, &tables), Distributor::new(), Hand::default());
        let store = || Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        let first = store();
        shop.customer("007", "Bakery");
        shop.customers(3);
        assert_eq!(run(&place, &shop, &first, &clock).await.created, 4, "{ty}");
        assert_eq!(place.text("SELECT remote FROM accounts WHERE name = 'Bakery'"), kept, "{ty}");
        shop.customer("007", "Bakery Ltd");
        let updated = run(&place, &shop, &first, &clock).await;
        assert_eq!((updated.updated, updated.queued), (1, 0), "{ty}: {updated:?}");
        assert!(run(&place, &shop, &first, &clock).await.is_quiet(), "{ty}");
        assert_eq!(place.text("SELECT count(*) FROM accounts WHERE name = 'Bakery Ltd'"), "1", "{ty}");
        // A store that knows nothing finds the row that is tied already.
        clock.pass(chrono::Duration::minutes(1));
        let other = store();
        let again = run(&place, &shop, &other, &clock).await;
        assert_eq!((again.created, again.queued), (0, 0), "{ty}: {again:?}");
        shop.customer("007", "Bakery & Son");
        let updated = run(&place, &shop, &other, &clock).await;
        assert_eq!((updated.updated, updated.queued), (1, 0), "{ty}: {updated:?}");
        assert!(other.queue(&QueueQuery::default()).await.unwrap().is_empty(), "{ty}");
        shop.records().customers.remove("007");
        assert_eq!(run(&place, &shop, &other, &clock).await.removed, 1, "{ty}");
        assert_eq!(place.text("SELECT count(*) FROM accounts"), "3", "{ty}");
    }
}
