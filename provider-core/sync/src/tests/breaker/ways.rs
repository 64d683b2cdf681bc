//! The ways in which a connection is broken: which stop it, when, and what its people are told to change.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::Duration;
use provider_core::{EntityKind, Error, ErrorKind};

use super::{Postman, Scene, refused};
use crate::engine::{RunControl, SyncEngine};
use crate::notify::StopReason;
use crate::plan::SyncPlan;
use crate::report::SyncOutcome;
use crate::store::ConnectionState;
use crate::target::{LocalType, MemoryTarget, TargetField};
use crate::tests::bases::Base;
use crate::tests::distributor::{Distributor, Lie};

#[tokio::test]
async fn a_secret_that_was_changed_stops_it_after_five_runs() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        scene.break_with(refused(ErrorKind::Unauthenticated));
        for failures in 1..5 {
            assert_eq!(scene.run().await.outcome, SyncOutcome::Failed);
            let status = scene.status().await;
            assert_eq!((status.state, status.failures), (ConnectionState::Active, failures));
            assert!(scene.postman.taken().is_empty());
        }
        let last = scene.run().await;
        assert_eq!(last.outcome, SyncOutcome::Failed);
        assert!(last.error.unwrap().ends_with("the connection has stopped"));
        scene.assert_stopped(StopReason::Runs, "Client secret", "SHOP_CLIENT_SECRET").await;
        let text = scene.postman.taken()[0].text();
        assert!(
            text.contains("5 runs in a row") && text.contains("The portal of Shop, Integrations"),
            "{text}"
        );
        scene.assert_stays("the secret is still wrong").await;
        scene.world.shop.records().broken = None;
        scene.assert_goes_on("with the new secret").await;
    }
}

#[tokio::test]
async fn a_lost_chain_of_tokens_and_a_wrong_setting_stop_it_at_once() {
    let wrong = Error::config("SHOP_BASE_URL", "answers with a redirect");
    let lost = refused(ErrorKind::ReauthRequired);
    for (error, reason, name, path) in [
        (lost, StopReason::Credentials, "Client secret", "SHOP_CLIENT_SECRET"),
        (wrong, StopReason::Setting, "Endpoint URL", "SHOP_BASE_URL"),
    ] {
        let scene = Scene::on(Base::Memory).await;
        scene.break_with(error);
        assert_eq!(scene.run().await.outcome, SyncOutcome::Failed);
        scene.assert_stopped(reason, name, path).await;
        scene.world.shop.records().broken = None;
        scene.assert_goes_on("once it is right").await;
    }
}

#[tokio::test]
async fn a_right_that_was_withdrawn_stops_it_at_once() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        scene.world.shop.records().lie = Lie::Forbidden;
        assert_eq!(scene.run().await.outcome, SyncOutcome::Failed);
        scene.assert_stopped(StopReason::Right, "the right to list customers", "kinds[0]").await;
        assert!(scene.postman.taken()[0].text().contains("Customers can no longer be listed"));
        // The credentials are good, and the run that follows finds that the right is missing still.
        scene.assert_stays("the right is still missing").await;
        scene.world.shop.records().lie = Lie::None;
        scene.assert_goes_on("with the right").await;
    }
}

#[tokio::test]
async fn a_record_that_is_forbidden_stops_nothing() {
    let scene = Scene::on(Base::Memory).await;
    scene.world.shop.records().forbidden = vec!["c01".into()];
    scene.engine().hint(EntityKind::Customer, "c01").await.unwrap();
    assert_eq!(scene.run().await.outcome, SyncOutcome::Completed);
    assert_eq!(scene.status().await.state, ConnectionState::Active);
}

/// Without the telephone numbers.
fn shrunk() -> MemoryTarget {
    let fields = |names: &[&str]| names.iter().map(|name| TargetField::new(*name, LocalType::Text)).collect();
    MemoryTarget::new([
        (EntityKind::Customer, fields(&["name", "number"])),
        (EntityKind::Subscription, fields(&["account", "quantity", "status"])),
    ])
}

#[tokio::test]
async fn a_field_of_the_plan_that_is_gone_stops_it_before_a_run() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        let plan = SyncPlan::from_toml(&scene.world.plan).unwrap();
        let problems = plan.check(&scene.world.shop, &shrunk()).unwrap_err();
        let store = &*scene.world.store;
        assert!(!SyncEngine::stop_for(store, "other", &plan, &problems).await.unwrap(), "it never ran");
        assert!(SyncEngine::stop_for(store, "shop", &plan, &problems).await.unwrap());
        assert!(!SyncEngine::stop_for(store, "shop", &plan, &problems).await.unwrap(), "it has stopped");
        scene.engine().deliver().await.unwrap();
        let path = "kinds[0].fields[2].local";
        scene.assert_stopped(StopReason::Plan, path, path).await;
        scene.assert_goes_on("with the field").await;
    }
}

#[tokio::test]
async fn an_application_that_refuses_stops_it_after_five_runs() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        scene.refusing.refuses.store(true, Ordering::SeqCst);
        for _ in 0..5 {
            assert_eq!(scene.run().await.outcome, SyncOutcome::Failed);
        }
        scene.assert_stopped(StopReason::Runs, "target.url", "target.url").await;
        assert!(scene.postman.taken()[0].text().contains("app.db cannot be written"));
        // The distributor is well, so that a whole run is tried each time.
        scene.assert_stays("it refuses still").await;
        scene.refusing.refuses.store(false, Ordering::SeqCst);
        scene.assert_goes_on("once it takes what it is given").await;
    }
}

#[tokio::test]
async fn a_run_of_which_too_much_was_rejected_stops_it() {
    let mut scene = Scene::on(Base::Memory).await;
    scene.refusing.rejects = true;
    scene.refusing.refuses.store(true, Ordering::SeqCst);
    // Of a hundred and twenty records twenty are rejected: neither more than twenty nor more than a fifth.
    scene.world.shop.customers(119);
    scene.refusing.refuses.store(false, Ordering::SeqCst);
    scene.run().await;
    scene.refusing.refuses.store(true, Ordering::SeqCst);
    let rename = |count: usize| {
        (1..count).for_each(|n| scene.world.shop.customer(&format!("c{n:02}"), &format!("Other {n}")));
    };
    rename(20);
    let report = scene.run().await;
    assert_eq!(report.outcome, SyncOutcome::Completed, "{report:?}");
    assert_eq!(scene.status().await.state, ConnectionState::Active);
    rename(60);
    let report = scene.run().await;
    assert_eq!(report.outcome, SyncOutcome::Disabled, "{report:?}");
    assert!(report.error.unwrap().contains("60 of 120 records were rejected"));
    let path = "kinds[0].fields[0].local";
    scene.assert_stopped(StopReason::Rejected, path, path).await;
    assert!(scene.postman.taken()[0].text().contains("may hold 8 characters at most"));
    scene.refusing.refuses.store(false, Ordering::SeqCst);
    scene.assert_goes_on("once the application takes them").await;
}

#[tokio::test]
async fn a_distributor_that_is_down_for_two_days_stops_it_in_the_second() {
    for base in Base::all() {
        for kind in [ErrorKind::Unavailable, ErrorKind::Transport] {
            let scene = Scene::on(base).await;
            scene.break_with(Error::new(kind, "connection refused").for_read());
            for hour in 1..24 {
                assert_eq!(scene.run().await.outcome, SyncOutcome::Failed, "{hour}");
                let status = scene.status().await;
                assert_eq!((status.state, status.failures), (ConnectionState::Active, 0), "hour {hour}");
            }
            for failures in 1..5 {
                scene.run().await;
                assert_eq!(scene.status().await.failures, failures);
            }
            scene.run().await;
            scene.assert_stopped(StopReason::Runs, "Endpoint URL", "SHOP_BASE_URL").await;
            for hour in 28..48 {
                scene.assert_stays(&format!("hour {hour}")).await;
            }
            scene.world.shop.records().broken = None;
            // The pause has grown, and is waited for.
            let next = scene.standing().await.next_probe.unwrap();
            while provider_core::clock::Clock::now(&scene.world.clock) + Duration::hours(1) < next {
                assert_eq!(scene.run().await.outcome, SyncOutcome::Disabled);
            }
            scene.assert_goes_on("after two days").await;
        }
    }
}

#[tokio::test]
async fn a_distributor_that_is_down_for_a_day_stops_nothing() {
    let scene = Scene::on(Base::Memory).await;
    scene.break_with(Error::new(ErrorKind::RateLimited, "throttled").for_read());
    for _ in 1..24 {
        scene.run().await;
    }
    scene.world.shop.records().broken = None;
    assert_eq!(scene.run().await.outcome, SyncOutcome::Completed);
    assert!(scene.postman.taken().is_empty());
}

/// A table that lost a column under a program that was running.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_column_that_is_gone_stops_a_running_program_at_once() {
    use crate::store::MemoryStore;
    use crate::target::TableTarget;

    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("app.db");
    let file = rusqlite::Connection::open(&at).unwrap();
    file.execute_batch(
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT, phone TEXT)",
    )
    .unwrap();
    let plan = SyncPlan::from_toml(
        r#"
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
        "#,
    )
    .unwrap();
    let shop = Distributor::new();
    shop.customers(3);
    shop.records().customers.get_mut("c01").unwrap().phone = Some("1".into());
    let target = TableTarget::open(&format!("sqlite:{}", at.display()), &plan).await.unwrap();
    let checked = plan.check(&shop, &target).unwrap();
    let store = Arc::new(MemoryStore::default());
    let postman = Postman::default();
    let engine = SyncEngine::new(Arc::new(shop.clone()), Arc::new(target), store, checked)
        .with_notifier(Arc::new(postman.clone()));
    assert_eq!(engine.run(&RunControl::default()).await.unwrap().outcome, SyncOutcome::Completed);
    file.execute_batch("ALTER TABLE accounts DROP COLUMN phone").unwrap();
    shop.records().customers.get_mut("c01").unwrap().phone = Some("2".into());
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!(report.outcome, SyncOutcome::Failed, "{report:?}");
    let letters = postman.taken();
    assert_eq!(letters.len(), 1, "{report:?}");
    assert_eq!(letters[0].cause.reason, StopReason::Plan);
    assert_eq!(letters[0].cause.setting.as_ref().unwrap().path, "kinds[0].fields[1].local");
}
