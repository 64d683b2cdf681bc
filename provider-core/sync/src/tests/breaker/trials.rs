//! When a connection that has stopped is tried again, and what a person may say meanwhile.

use std::collections::BTreeSet;

use chrono::Duration;
use provider_core::ErrorKind;

use super::{PEOPLE, Scene, refused};
use crate::engine::RunControl;
use crate::notify::{AlertKind, StopReason};
use crate::report::SyncOutcome;
use crate::store::ConnectionState;
use crate::tests::bases::Base;

#[tokio::test]
async fn trials_come_at_a_quarter_of_an_hour_and_double_to_a_day() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        scene.break_with(refused(ErrorKind::ReauthRequired));
        scene.run().await;
        let mut pauses = Vec::new();
        let mut from = scene.standing().await.stopped_at.unwrap();
        for trial in 1..=9 {
            let next = scene.standing().await.next_probe.unwrap();
            pauses.push((next - from).num_minutes());
            let now = provider_core::clock::Clock::now(&scene.world.clock);
            scene.world.clock.pass(next - now - Duration::seconds(1));
            let early = scene.engine().run(&RunControl::default()).await.unwrap();
            assert_eq!(early.outcome, SyncOutcome::Disabled);
            assert_eq!(scene.world.shop.records().verifications, trial - 1, "a second early");
            scene.world.clock.pass(Duration::seconds(1));
            let report = scene.engine().run(&RunControl::default()).await.unwrap();
            assert_eq!(report.outcome, SyncOutcome::Disabled);
            assert!(report.error.unwrap().contains("does not work: token: "));
            assert_eq!(scene.world.shop.records().verifications, trial);
            from = next;
        }
        assert_eq!(pauses, [15, 30, 60, 120, 240, 480, 960, 1440, 1440], "{base:?}");
        assert_eq!(scene.world.shop.records().lists, 4, "nothing but the question whether it works");
    }
}

#[tokio::test]
async fn the_rules_of_the_plan_are_those_that_count() {
    let rules = "breaker = { failures = 2, outage = 3, probe = 5, probe_at_most = 1 }";
    for base in Base::all() {
        let scene = Scene::with(base, rules).await;
        scene.break_with(refused(ErrorKind::Unauthenticated));
        scene.run().await;
        assert_eq!(scene.status().await.state, ConnectionState::Active);
        scene.run().await;
        assert_eq!(scene.status().await.state, ConnectionState::Disabled);
        let mut pauses = Vec::new();
        let mut from = scene.standing().await.stopped_at.unwrap();
        for _ in 0..6 {
            let next = scene.standing().await.next_probe.unwrap();
            pauses.push((next - from).num_minutes());
            let now = provider_core::clock::Clock::now(&scene.world.clock);
            scene.world.clock.pass(next - now);
            scene.engine().run(&RunControl::default()).await.unwrap();
            from = next;
        }
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60], "{base:?}");
        // An outage of three hours, and then two runs.
        let scene = Scene::with(base, rules).await;
        scene.break_with(provider_core::Error::new(ErrorKind::Unavailable, "down").for_read());
        for (hour, failures) in [(1, 0), (2, 0), (3, 1), (4, 2)] {
            scene.run().await;
            let status = scene.status().await;
            assert_eq!(
                (status.failures, status.state == ConnectionState::Disabled),
                (failures, failures == 2),
                "hour {hour}"
            );
        }
    }
}

#[tokio::test]
async fn a_person_switches_it_off_for_good_and_on_at_once() {
    for base in Base::all() {
        let scene = Scene::on(base).await;
        scene.engine().disable("Ada").await.unwrap();
        scene.world.clock.pass(Duration::days(30));
        let report = scene.run().await;
        assert_eq!(
            (report.outcome, report.error.as_deref()),
            (SyncOutcome::Disabled, Some("Ada switched it off"))
        );
        assert_eq!(scene.status().await.reason, Some(StopReason::Person));
        scene.engine().enable("Ada").await.unwrap();
        assert_eq!(scene.run().await.outcome, SyncOutcome::Completed);
        assert!(scene.postman.taken().is_empty(), "a person knows it");
        // What stopped by itself goes on at once when a person says so, and the others are told when it worked.
        scene.break_with(refused(ErrorKind::ReauthRequired));
        scene.run().await;
        scene.world.shop.records().broken = None;
        scene.engine().enable("Ada").await.unwrap();
        assert_eq!(scene.status().await.state, ConnectionState::Active);
        assert_eq!(scene.postman.told().values().flatten().count(), 2, "nobody knows yet whether it works");
        let report = scene.engine().run(&RunControl::default()).await.unwrap();
        assert_eq!(report.outcome, SyncOutcome::Completed);
        let told = scene.postman.told();
        assert_eq!(told[PEOPLE[0]], [AlertKind::Stopped, AlertKind::WorksAgain], "{told:?}");
        // Broken anew, everybody is told anew.
        scene.break_with(refused(ErrorKind::ReauthRequired));
        scene.run().await;
        assert_eq!(scene.postman.told()[PEOPLE[1]].len(), 3);
        let ids: BTreeSet<_> = scene.postman.taken().into_iter().map(|letter| letter.id).collect();
        assert_eq!(ids.len(), 6);
        // A person's word holds over a trial that is due.
        scene.engine().disable("Ada").await.unwrap();
        scene.world.shop.records().broken = None;
        scene.world.clock.pass(Duration::days(2));
        assert_eq!(scene.run().await.outcome, SyncOutcome::Disabled);
    }
}

#[tokio::test]
async fn a_run_that_was_cut_leaves_the_trial_to_the_next() {
    let scene = Scene::on(Base::Memory).await;
    scene.break_with(refused(ErrorKind::ReauthRequired));
    scene.run().await;
    scene.world.shop.records().broken = None;
    scene.world.clock.pass(Duration::hours(1));
    let control = RunControl::default();
    control.cancel_handle().cancel();
    let report = scene.engine().run(&control).await.unwrap();
    assert_eq!(report.outcome, SyncOutcome::Cancelled);
    assert_eq!(scene.status().await.state, ConnectionState::Probing);
    let report = scene.engine().run(&RunControl::default()).await.unwrap();
    assert_eq!(report.outcome, SyncOutcome::Completed);
    assert_eq!(scene.status().await.state, ConnectionState::Active);
}

#[tokio::test]
async fn a_preview_of_what_has_stopped_asks_and_writes_nothing() {
    let scene = Scene::on(Base::Memory).await;
    scene.break_with(refused(ErrorKind::ReauthRequired));
    scene.run().await;
    let before = (format!("{:?}", scene.world.store), scene.postman.taken());
    assert_eq!(scene.engine().preview().await.unwrap().outcome, SyncOutcome::Disabled);
    assert_eq!((format!("{:?}", scene.world.store), scene.postman.taken()), before);
}
