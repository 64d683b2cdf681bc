//! Records that cannot be read or taken: they wait, are tried by every run, and harm no other.

use provider_sync::{Decision, PendingType, Proof, SyncOutcome};

use crate::application::LONGEST;
use crate::scene::{CUSTOMER, Scene};

#[tokio::test]
async fn what_cannot_be_read_is_tried_again_and_harms_no_other() {
    for scene in Scene::everywhere().await {
        scene.shop.customers(5);
        scene.run().await;
        for id in ["c01", "c02"] {
            scene.shop.edit(id, |known| known.name = format!("Changed {id}"));
        }
        scene.shop.shelf().unreadable.insert("c01".to_owned());
        for updated in [1, 0] {
            let customers = scene.run_of(CUSTOMER).await;
            assert_eq!((customers.quarantined, customers.updated), (1, updated), "{customers:?}");
            assert_eq!((customers.removed, customers.suspected), (0, 0), "it is there");
            assert_eq!(customers.completeness, Proof::Proven, "it is known which one is bad");
            let waiting = scene.queue().await;
            assert_eq!((waiting.len(), waiting[0].why), (1, PendingType::Quarantine), "{waiting:?}");
            assert_eq!(waiting[0].subject, "c01");
            let body = &waiting[0].body;
            assert_eq!([&body["path"], &body["reason"]], ["name", "is no text"]);
        }
        assert_eq!(scene.app.text(CUSTOMER, "c01", "name").as_deref(), Some("Customer 1"));
        scene.shop.shelf().unreadable.clear();
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.quarantined, customers.updated), (0, 1), "{customers:?}");
        assert!(scene.queue().await.is_empty());
    }
}

/// Nothing of it changes at the distributor, so that only the quarantine brings it again.
#[tokio::test]
async fn what_the_application_rejects_is_tried_by_every_run_and_its_neighbours_are_written() {
    for scene in Scene::everywhere().await {
        scene.shop.customers(2);
        let long = "x".repeat(LONGEST + 1);
        scene.shop.customer("c00", &long);
        for created in [1, 0] {
            let customers = scene.run_of(CUSTOMER).await;
            assert_eq!((customers.created, customers.quarantined), (created, 1), "{customers:?}");
        }
        assert!(scene.app.of(CUSTOMER, "c01").is_some() && scene.app.of(CUSTOMER, "c00").is_none());
        let waiting = scene.queue().await;
        assert_eq!((waiting.len(), waiting[0].why), (1, PendingType::Quarantine), "{waiting:?}");
        let reason = waiting[0].body["reason"].as_str().unwrap();
        assert!(reason.contains("holds 40 characters at most"), "{reason}");
        scene.app.take_names_up_to(LONGEST + 1);
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.created, customers.quarantined), (1, 0), "{customers:?}");
        assert_eq!(scene.app.text(CUSTOMER, "c00", "name"), Some(long));
        assert!(scene.queue().await.is_empty());
    }
}

#[tokio::test]
async fn what_a_person_leaves_out_is_tried_no_more() {
    let scene = Scene::in_memory();
    scene.shop.customers(2);
    scene.shop.customer("c00", &"x".repeat(LONGEST + 1));
    scene.run().await;
    scene.decide(PendingType::Quarantine, Decision::Ignore).await;
    for _ in 0..2 {
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.quarantined, customers.created), (0, 0), "{customers:?}");
    }
    assert!(scene.queue().await.is_empty());
    scene.app.take_names_up_to(LONGEST + 1);
    assert_eq!(scene.run().await.outcome, SyncOutcome::Completed);
    assert!(scene.app.of(CUSTOMER, "c00").is_none());
}
