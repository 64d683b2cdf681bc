//! An application that cannot be opened any more, or has lost a column or a table: the letter names the key of the plan.

#[cfg(any(feature = "postgres", feature = "sqlite"))]
use std::sync::Arc;

#[cfg(any(feature = "postgres", feature = "sqlite"))]
use super::Postman;
use super::Scene;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
use crate::engine::RunControl;
use crate::engine::SyncEngine;
use crate::notify::StopReason;
use crate::plan::SyncPlan;
use crate::store::ConnectionState;
use crate::target::{TargetError, TargetErrorKind};
use crate::tests::bases::Base;

#[tokio::test]
async fn an_application_that_cannot_be_opened_stops_it_after_five_times() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        let plan = SyncPlan::from_toml(&scene.world.plan).unwrap();
        let error = TargetError::new(TargetErrorKind::Unreachable, "db.example.com cannot be reached");
        let store = &*scene.world.store;
        let failed =
            async |connection: &str| SyncEngine::failed_for(store, connection, &plan, &error).await.unwrap();
        assert!(!failed("other").await, "no run was ever made");
        for _ in 1..5 {
            assert!(!failed("shop").await);
        }
        let status = scene.status().await;
        assert_eq!((status.state, status.failures, status.unsent), (ConnectionState::Active, 4, 0));
        // It was opened in between: what counts is in a row.
        scene.run().await;
        for _ in 1..5 {
            assert!(!failed("shop").await);
        }
        assert!(failed("shop").await);
        assert!(!failed("shop").await, "it has stopped already");
        scene.engine().deliver().await.unwrap();
        scene.assert_stopped(StopReason::Runs, "target.url", "target.url").await;
        let text = scene.postman.taken()[0].text();
        assert!(text.contains("5 runs in a row failed") && text.contains("db.example.com"), "{text}");
        scene.assert_goes_on("once it is back").await;
    }
}

#[cfg(any(feature = "postgres", feature = "sqlite"))]
const PLAN: &str = r#"
    version = 1
    connection = "shop"
    enabled = true
    alerts = ["billing@example.com"]
    [[kinds]]
    kind = "customer"
    enabled = true
    updates = ["create", "update"]
    table = "accounts"
    key = { remote = "id", local = "distributor_id" }
    unmatched = "create"
    fields = [{ remote = "name", local = "name" }, { remote = "phone", local = "phone" }]
"#;

/// Under a program that was running: a run finds it out itself, in the words of either database.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
#[tokio::test]
async fn a_column_or_a_table_that_is_gone_stops_a_running_program_at_once() {
    use crate::notify::AlertKind;
    use crate::report::SyncOutcome;
    use crate::store::MemoryStore;
    use crate::tests::distributor::Distributor;
    use crate::tests::homes::{Home, Place};
    use crate::tests::world::Hand;

    let file =
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT, phone TEXT)";
    let server = "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
        distributor_id text UNIQUE, name text, phone text)";
    for home in Home::all() {
        for (gone, back, path) in [
            (
                "ALTER TABLE accounts RENAME COLUMN phone TO telephone",
                "ALTER TABLE accounts RENAME COLUMN telephone TO phone",
                "kinds[0].fields[1].local",
            ),
            ("ALTER TABLE accounts RENAME TO away", "ALTER TABLE away RENAME TO accounts", "kinds[0].table"),
        ] {
            let place = Place::new(home, home.of(file, server));
            let (shop, clock, postman) = (Distributor::new(), Hand::default(), Postman::default());
            shop.customers(3);
            let target = place.target(PLAN).await;
            let plan = SyncPlan::from_toml(PLAN).unwrap().check(&shop, &target).unwrap();
            let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
            let engine = SyncEngine::new(Arc::new(shop.clone()), Arc::new(target), store, plan)
                .with_clock(Arc::new(clock.clone()))
                .with_notifier(Arc::new(postman.clone()));
            let run = async |phone: &str| {
                clock.pass(chrono::Duration::hours(1));
                shop.records().customers.get_mut("c01").unwrap().phone = Some(phone.to_owned());
                engine.run(&RunControl::default()).await.unwrap()
            };
            assert_eq!(run("1").await.outcome, SyncOutcome::Completed);
            place.batch(gone);
            let report = run("2").await;
            assert_eq!(report.outcome, SyncOutcome::Failed, "{home:?}: {report:?}");
            let letters = postman.taken();
            assert_eq!(letters.len(), 1, "{home:?}: {report:?}");
            assert_eq!(letters[0].cause.reason, StopReason::Plan);
            let setting = letters[0].cause.setting.as_ref().unwrap();
            assert_eq!(setting.path, path, "{home:?}: {}", letters[0].cause.message);
            place.batch(back);
            let report = run("3").await;
            assert_eq!((report.outcome, report.error), (SyncOutcome::Completed, None), "{home:?}");
            assert_eq!(postman.taken()[1].about, AlertKind::WorksAgain);
        }
    }
}
