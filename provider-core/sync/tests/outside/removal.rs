//! What goes, by the distributor's word or by evidence, and what does not.

use provider_core::{ErrorKind, SubscriptionStatus};
use provider_sync::{Proof, RunControl, SyncOutcome};

use crate::scene::{CUSTOMER, SEATS, Scene};

/// With so many customers that are all in step.
async fn filled(customers: usize) -> [Scene; 2] {
    let scenes = Scene::everywhere().await;
    for scene in &scenes {
        scene.shop.customers(customers);
        scene.run().await;
        assert_eq!(scene.app.records(CUSTOMER).len(), customers);
    }
    scenes
}

#[tokio::test]
async fn what_is_gone_from_a_proven_list_and_does_not_answer_is_removed() {
    for scene in filled(12).await {
        scene.shop.shelf().customers.remove("c11");
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.removed, customers.suspected), (1, 0), "{customers:?}");
        assert_eq!(customers.completeness, Proof::Proven);
        assert!(scene.app.of(CUSTOMER, "c11").is_none());
        assert_eq!(scene.app.records(CUSTOMER).len(), 11);
        scene.assert_quiet("removed").await;
    }
}

#[tokio::test]
async fn what_is_only_not_listed_is_suspected_however_often() {
    for scene in filled(12).await {
        scene.shop.shelf().unlisted.insert("c11".to_owned());
        for _ in 0..3 {
            scene.hours(24);
            let customers = scene.run_of(CUSTOMER).await;
            assert_eq!((customers.removed, customers.suspected), (0, 1), "{customers:?}");
        }
        assert!(scene.app.of(CUSTOMER, "c11").is_some());
    }
}

#[tokio::test]
async fn without_a_total_it_takes_two_runs_that_lie_six_hours_apart() {
    for scene in filled(12).await {
        scene.shop.shelf().without_total = true;
        scene.shop.shelf().customers.remove("c11");
        for hours in [0, 5] {
            scene.hours(hours);
            let customers = scene.run_of(CUSTOMER).await;
            assert_eq!((customers.removed, customers.suspected), (0, 1), "{customers:?}");
            assert_eq!(customers.completeness, Proof::NoTotal);
        }
        scene.hours(1);
        assert_eq!(scene.run_of(CUSTOMER).await.removed, 1);
    }
}

#[tokio::test]
async fn more_than_a_tenth_needs_a_persons_word_for_this_run() {
    for scene in filled(20).await {
        for id in ["c16", "c17", "c18", "c19"] {
            scene.shop.shelf().customers.remove(id);
        }
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.removed, customers.suspected), (0, 4), "three at least, and a tenth is two");
        let report = scene.run_with(&RunControl::default().allow_removals(4)).await;
        let customers = report.kind(CUSTOMER).unwrap();
        assert_eq!((customers.removed, customers.suspected), (4, 0), "{customers:?}");
        assert_eq!(scene.app.records(CUSTOMER).len(), 16);
    }
}

#[tokio::test]
async fn a_list_that_is_empty_or_breaks_removes_nothing() {
    for scene in filled(4).await {
        let known = std::mem::take(&mut scene.shop.shelf().customers);
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.listed, customers.removed), (0, 0), "{customers:?}");
        assert_eq!(customers.suspected, 4);
        scene.shop.shelf().customers = known;
        scene.shop.break_with(ErrorKind::Unavailable, "it is down");
        assert_eq!(scene.run().await.outcome, SyncOutcome::Failed);
        scene.shop.mend();
        scene.run().await;
        scene.assert_quiet("back again").await;
        assert_eq!(scene.app.records(CUSTOMER).len(), 4);
    }
}

#[tokio::test]
async fn what_the_distributor_says_has_ended_goes_at_once() {
    for scene in filled(2).await {
        for id in ["s0", "s1", "s2"] {
            scene.shop.seats(id, "c01", 1);
        }
        scene.run().await;
        let say = |status: SubscriptionStatus| {
            scene.shop.shelf().subscriptions.get_mut("s1").unwrap().status = status;
        };
        say(SubscriptionStatus::Cancelled);
        let seats = scene.run_of(SEATS).await;
        assert_eq!((seats.removed, seats.suspected), (1, 0), "{seats:?}");
        assert!(scene.app.of(SEATS, "s1").is_none());
        scene.assert_quiet("ended").await;
        say(SubscriptionStatus::Active);
        assert_eq!(scene.run_of(SEATS).await.created, 1);
        assert!(scene.app.of(SEATS, "s1").is_some());
    }
}
