//! The ways in which a connection is broken, at the real clients.

use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use http::StatusCode;
use provider_core::chrono::Duration;
use provider_examples::Kind;
use provider_simulator::{FaultAction, FaultRule};
use provider_sync::{ConnectionState, StopReason, SyncOutcome};

use crate::scene::Scene;

#[tokio::test]
async fn a_secret_that_was_changed_stops_it_after_five_runs_and_the_new_one_goes_on() {
    let mut scene = Scene::new(Kind::Pax8).await;
    for failures in 1..5 {
        scene.reconnect(Some("of-yesterday"));
        assert_eq!(scene.run().await.unwrap().outcome, SyncOutcome::Failed);
        scene.assert_active(failures).await;
    }
    scene.run().await;
    let path = "PAX8_CLIENT_SECRET";
    scene.assert_stopped(StopReason::Runs, path, &["Client secret", "5 runs in a row failed"]).await;
    scene.assert_stays(path).await;
    scene.reconnect(None);
    scene.assert_goes_on().await;
}

/// The lists of customers, as each distributor calls them.
const LISTS: [(Kind, &str); 3] =
    [(Kind::Crayon, "*ustomer*enants*"), (Kind::Pax8, "*companies*"), (Kind::StreamOne, "*customers*")];

#[tokio::test]
async fn a_right_that_was_withdrawn_stops_it_at_once_at_each_distributor() {
    for (kind, path) in LISTS {
        let scene = Scene::new(kind).await;
        let body = r#"{"message":"the role lacks the right"}"#;
        scene.spoil(FaultRule::new("GET", path, FaultAction::status(StatusCode::FORBIDDEN, body)));
        assert_eq!(scene.run().await.unwrap().outcome, SyncOutcome::Failed, "{kind}");
        let says = ["the right to list customers", "Customers can no longer be listed"];
        scene.assert_stopped(StopReason::Right, "kinds[0]", &says).await;
        // Whoever asks the distributor whether it works is told more than a run is: the setting stays the same one.
        scene.assert_stays("kinds[0]").await;
        scene.mend();
        scene.assert_goes_on().await;
    }
}

#[tokio::test]
async fn a_field_of_the_plan_that_is_gone_stops_it_before_a_run() {
    let scene = Scene::new(Kind::Pax8).await;
    scene.tables("ALTER TABLE accounts RENAME COLUMN status TO state");
    assert!(scene.run().await.is_none());
    let path = "kinds[0].fields[1].local";
    scene.assert_stopped(StopReason::Plan, path, &["the plan no longer fits", "`status`"]).await;
    scene.assert_stays(path).await;
    scene.tables("ALTER TABLE accounts RENAME COLUMN state TO status");
    scene.assert_goes_on().await;
}

/// The byte of a file of SQLite that says who may write it, and what stood there.
fn written_by(scene: &Scene, version: u8) -> u8 {
    let mut file = std::fs::OpenOptions::new().read(true).write(true).open(scene.file("app.db")).unwrap();
    let mut before = [0];
    file.seek(SeekFrom::Start(18)).unwrap();
    file.read_exact(&mut before).unwrap();
    file.seek(SeekFrom::Start(18)).unwrap();
    file.write_all(&[version]).unwrap();
    before[0]
}

#[tokio::test]
async fn tables_that_take_nothing_stop_it_after_five_runs() {
    let scene = Scene::new(Kind::Pax8).await;
    // So that there is always something to write.
    let clock = scene.simulator.clock().clone();
    let renamed = FaultAction::rewrite(move |mut answer| {
        for company in answer["content"].as_array_mut().into_iter().flatten() {
            company["name"] = format!("{} at {}", company["id"], clock.now().timestamp()).into();
        }
        answer
    });
    scene.spoil(FaultRule::new("GET", "/v1/companies", renamed));
    // A later format: every program may read the file, and none of today may write it.
    let before = written_by(&scene, 3);
    for failures in 1..5 {
        scene.run().await;
        scene.assert_active(failures).await;
    }
    scene.run().await;
    scene
        .assert_stopped(StopReason::Runs, "target.url", &["5 runs in a row failed", "cannot be written"])
        .await;
    scene.assert_stays("target.url").await;
    written_by(&scene, before);
    scene.assert_goes_on().await;
}

#[tokio::test]
async fn a_distributor_that_is_down_for_two_days_stops_it_in_the_second_at_each_distributor() {
    for (kind, path) in [
        (Kind::Crayon, "CRAYON_BASE_URL"),
        (Kind::Pax8, "PAX8_BASE_URL"),
        (Kind::StreamOne, "STREAMONE_BASE_URL"),
    ] {
        let scene = Scene::new(kind).await;
        let down = FaultAction::status(StatusCode::SERVICE_UNAVAILABLE, "");
        scene.spoil(FaultRule::new("GET", "*", down));
        let last_good = scene.status().await.last_good.unwrap();
        let pass = |hours: i64| {
            let until = last_good + Duration::hours(hours - 1);
            let rest = (until - scene.simulator.clock().now()).to_std().unwrap_or_default();
            scene.simulator.clock().advance(rest);
        };
        // On the first day it is not its own fault.
        for hour in [1, 12, 23] {
            pass(hour);
            let report = scene.run().await.unwrap();
            assert_eq!(report.outcome, SyncOutcome::Failed, "{kind}: {report:?}");
            scene.assert_active(0).await;
        }
        pass(24);
        for failures in 1..5 {
            scene.run().await;
            scene.assert_active(failures).await;
        }
        scene.run().await;
        scene.assert_stopped(StopReason::Runs, path, &["Endpoint URL", "wait until it is back"]).await;
        // After the second day. How it is tried meanwhile is shown where time is not real: here the client's breaker,
        // which covers minutes, would see two days in a moment.
        pass(48);
        assert_eq!(scene.status().await.state, ConnectionState::Disabled);
        scene.mend();
        // What the client itself holds back has ended long before.
        tokio::time::pause();
        tokio::time::advance(std::time::Duration::from_secs(600)).await;
        tokio::time::resume();
        scene.assert_goes_on().await;
    }
}
