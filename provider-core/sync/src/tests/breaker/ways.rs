//! The ways in which a connection is broken: which stop it, when, and what its people are told to change.

use std::sync::atomic::Ordering;

use chrono::Duration;
use provider_core::model::InvoiceSide;
use provider_core::{EntityKind, Error, ErrorKind, Invoice, InvoiceKind};

use super::{Scene, refused};
use crate::engine::SyncEngine;
use crate::notify::StopReason;
use crate::plan::SyncPlan;
use crate::report::SyncOutcome;
use crate::store::ConnectionState;
use crate::target::{LocalType, MemoryTarget, TargetField};
use crate::tests::bases::Base;
use crate::tests::distributor::Lie;

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
        // Whoever asks whether it works is told of the right, or only of the credentials, which are good: then the run
        // that follows finds that the right is missing still. What the plan does not read need not be allowed. Some
        // distributors say it of the account before they say it of the list that it is about.
        for told in [vec!["orders"], vec!["orders", "customers"], vec!["account", "orders", "customers"]] {
            let scene = Scene::on(base).await;
            scene.world.shop.records().lie = Lie::Forbidden;
            scene.world.shop.records().unlisted = told;
            assert_eq!(scene.run().await.outcome, SyncOutcome::Failed);
            let (name, path) = ("the right to list customers", "kinds[0]");
            scene.assert_stopped(StopReason::Right, name, path).await;
            assert!(scene.postman.taken()[0].text().contains("Customers can no longer be listed"));
            scene.assert_stays("the right is still missing").await;
            let status = scene.status().await;
            assert_eq!(status.reason, Some(StopReason::Right));
            assert_eq!(
                status.setting.map(|setting| (setting.name, setting.path)),
                Some((name.into(), path.into()))
            );
            scene.world.shop.records().lie = Lie::None;
            scene.world.shop.records().unlisted = vec!["orders"];
            scene.assert_goes_on("with the right").await;
        }
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

/// Lines are listed by document: one that is forbidden is not the whole list.
#[tokio::test]
async fn a_document_that_is_forbidden_counts_as_any_other_failure() {
    let mut scene = Scene::on(Base::Memory).await;
    scene.world.plan = scene.world.plan.replacen("kind = \"subscription\"", "kind = \"invoice_line\"", 1);
    let fields = scene.world.plan.rfind("fields").unwrap();
    scene
        .world
        .plan
        .replace_range(fields.., "fields = [{ remote = \"description\", local = \"description\" }]\n");
    scene.world.plan =
        scene.world.plan.replace("\"remove\"]", "]").replace("removal = { how = \"delete\" }", "");
    let invoice = Invoice::new("i1", InvoiceKind::Invoice, InvoiceSide::Payable);
    scene.world.shop.records().invoices.push(invoice);
    scene.world.shop.records().forbidden = vec!["i1".into()];
    for failures in 1..5 {
        assert_eq!(scene.run().await.outcome, SyncOutcome::Failed);
        let status = scene.status().await;
        assert_eq!((status.state, status.failures), (ConnectionState::Active, failures));
    }
    scene.run().await;
    scene.assert_stopped(StopReason::Runs, "the right to list invoice lines", "kinds[1]").await;
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
        for kind in [ErrorKind::Unavailable, ErrorKind::Transport, ErrorKind::Timeout, ErrorKind::CircuitOpen]
        {
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

/// Who is slowed down for two days has nothing to change, and is told so.
#[tokio::test]
async fn a_distributor_that_throttles_for_two_days_stops_it_in_the_second() {
    let scene = Scene::on(Base::Memory).await;
    scene.break_with(Error::new(ErrorKind::RateLimited, "throttled").for_read());
    for hour in 1..28 {
        assert_eq!(scene.run().await.outcome, SyncOutcome::Failed, "{hour}");
        assert_eq!(scene.status().await.state, ConnectionState::Active, "hour {hour}");
    }
    scene.run().await;
    let status = scene.status().await;
    assert_eq!((status.state, status.reason), (ConnectionState::Disabled, Some(StopReason::Runs)));
    assert_eq!((status.setting, scene.postman.taken().len()), (None, 2));
    let text = scene.postman.taken()[0].text();
    assert!(text.contains("throttled") && text.contains("nothing on your side"), "{text}");
    scene.world.shop.records().broken = None;
    scene.assert_goes_on("unhindered").await;
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
