//! What waits for a person, each word that a person may say about it, and words that are refused.

use provider_sync::{
    Decision, LocalKey, Pending, PendingId, PendingType, QueueQuery, StoreErrorKind, SyncEngine, SyncError,
};

use crate::scene::{CUSTOMER, PLAN, SEATS, Scene};

/// Nothing is made before a person has said so, but what the rules tie.
fn asking(mut scene: Scene) -> Scene {
    let rules = "unmatched = \"queue\"\nmatching = [\"registration_number\", \"name\"]";
    scene.plan = PLAN.replacen("unmatched = \"create\"", rules, 1);
    scene
}

fn tied(scene: &Scene, key: &str) -> Option<String> {
    scene.app.records(CUSTOMER).into_iter().find(|record| record.key.as_str() == key)?.remote
}

async fn refused(engine: &SyncEngine, id: &PendingId, decision: Decision) -> StoreErrorKind {
    match engine.resolve(id.clone(), decision, "anna@example.com").await.unwrap_err() {
        SyncError::Store(error) => error.kind,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_number_that_is_unique_on_both_sides_ties_by_itself_and_a_name_does_not() {
    for scene in Scene::everywhere().await.map(asking) {
        scene.app.write(CUSTOMER, "A1", &[("name", "Old name"), ("number", "HRB 1")]);
        scene.app.write(CUSTOMER, "A2", &[("name", "  BAKERY ")]);
        scene.shop.customer("c1", "Brewery");
        scene.shop.edit("c1", |known| known.registration_number = Some("HRB 1".to_owned()));
        scene.shop.customer("c2", "Bakery");
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.created, customers.queued), (0, 1), "{customers:?}");
        assert_eq!(tied(&scene, "A1").as_deref(), Some("c1"));
        assert_eq!(scene.app.text(CUSTOMER, "c1", "name").as_deref(), Some("Brewery"));
        assert_eq!(tied(&scene, "A2"), None);
        let waiting = scene.queue().await;
        assert_eq!((waiting[0].why, waiting[0].subject.as_str()), (PendingType::Match, "c2"));
        assert_eq!(waiting[0].body["candidates"][0]["key"], "A2");
        scene.decide(PendingType::Match, Decision::Link(LocalKey::new("A2"))).await;
        let decided = scene.queue().await;
        assert_eq!(decided[0].decision, Some(Decision::Link(LocalKey::new("A2"))));
        assert_eq!(decided[0].who.as_deref(), Some("anna@example.com"));
        scene.run().await;
        assert_eq!(tied(&scene, "A2").as_deref(), Some("c2"));
        assert!(scene.queue().await.is_empty());
        assert_eq!(scene.app.records(CUSTOMER).len(), 2, "nothing was made");
        scene.assert_quiet("tied").await;
    }
}

#[tokio::test]
async fn a_number_that_two_records_have_ties_neither() {
    for scene in Scene::everywhere().await.map(asking) {
        scene.app.write(CUSTOMER, "A1", &[("name", "Old name"), ("number", "HRB 1")]);
        for id in ["c1", "c2"] {
            scene.shop.customer(id, id);
            scene.shop.edit(id, |known| known.registration_number = Some("HRB 1".to_owned()));
        }
        assert_eq!(scene.run_of(CUSTOMER).await.queued, 2);
        assert_eq!(tied(&scene, "A1"), None);
    }
}

#[tokio::test]
async fn a_record_is_made_or_left_out_as_a_person_says_and_its_children_follow() {
    for scene in Scene::everywhere().await.map(asking) {
        scene.shop.customer("c1", "Bakery");
        scene.shop.seats("s1", "c1", 3);
        assert_eq!(scene.run_of(SEATS).await.held, 1);
        scene.decide(PendingType::Match, Decision::Create).await;
        let report = scene.run().await;
        assert_eq!((report.kinds[0].created, report.kinds[1].created), (1, 1), "{report:?}");
        scene.shop.customer("c2", "Unwanted");
        scene.shop.seats("s2", "c2", 3);
        scene.run().await;
        scene.decide(PendingType::Match, Decision::Ignore).await;
        scene.run().await;
        scene.shop.customer("c2", "Unwanted still");
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.queued, customers.created), (0, 0), "{customers:?}");
        assert!(scene.app.of(CUSTOMER, "c2").is_none() && scene.app.of(SEATS, "s2").is_none());
        assert!(scene.queue().await.is_empty());
    }
}

#[tokio::test]
async fn a_word_that_decides_nothing_is_refused_by_its_kind() {
    for scene in Scene::everywhere().await.map(asking) {
        scene.app.write(CUSTOMER, "A1", &[("name", "Bakery")]);
        scene.shop.customer("c1", "Bakery");
        scene.run().await;
        let (engine, id) = (scene.engine(), scene.waiting(PendingType::Match).await);
        let nobody = Decision::Link(LocalKey::new("nobody"));
        for decision in [Decision::TakeRemote, Decision::NeverHappened, Decision::Retry, nobody] {
            assert_eq!(refused(&engine, &id, decision).await, StoreErrorKind::Refused);
        }
        let unknown: PendingId = "99999-abcdef".parse().unwrap();
        assert_eq!(refused(&engine, &unknown, Decision::Create).await, StoreErrorKind::Unknown);
        // Its name is another one by now.
        scene.shop.customer("c1", "Brewery");
        scene.run().await;
        assert_eq!(refused(&engine, &id, Decision::Create).await, StoreErrorKind::Stale);
        assert_eq!(id.to_string().parse::<PendingId>().unwrap(), id);
        assert!(scene.queue().await.iter().all(|pending| pending.decision.is_none()));
    }
}

#[tokio::test]
async fn many_words_hold_together_or_not_at_all() {
    for scene in Scene::everywhere().await.map(asking) {
        scene.shop.customers(3);
        scene.run().await;
        let mut words: Vec<_> =
            scene.queue().await.into_iter().map(|pending| (pending.id, Decision::Create)).collect();
        words[1].1 = Decision::TakeLocal;
        let refused = scene.engine().resolve_all(&words, "anna@example.com").await.unwrap();
        let refused: Vec<_> = refused.iter().map(|(at, error)| (*at, error.kind)).collect();
        assert_eq!(refused, [(1, StoreErrorKind::Refused)]);
        scene.run().await;
        assert!(scene.app.records(CUSTOMER).is_empty());
        words[1].1 = Decision::Ignore;
        let refused = scene.engine().resolve_all(&words, "anna@example.com").await.unwrap();
        assert!(refused.is_empty(), "{refused:?}");
        assert_eq!(scene.run_of(CUSTOMER).await.created, 2);
    }
}

#[tokio::test]
async fn the_queue_is_read_in_pages() {
    for scene in Scene::everywhere().await.map(asking) {
        scene.shop.customers(5);
        scene.run().await;
        let engine = scene.engine();
        let (mut found, mut query): (Vec<Pending>, _) = (Vec::new(), QueueQuery::default().limit(2));
        loop {
            let page = engine.queue(query.clone()).await.unwrap();
            assert!(page.len() <= 2, "{page:?}");
            let Some(last) = page.last() else { break };
            query = query.after(last.id.number);
            found.extend(page);
        }
        let subjects: Vec<_> = found.iter().map(|pending| pending.subject.as_str()).collect();
        assert_eq!(subjects, ["c00", "c01", "c02", "c03", "c04"]);
        let other = engine.queue(QueueQuery::default().connection("another")).await.unwrap();
        assert!(other.is_empty(), "{other:?}");
    }
}

#[tokio::test]
async fn a_row_that_vanished_is_queued_and_never_silently_made_again() {
    for scene in Scene::everywhere().await {
        scene.shop.customers(3);
        scene.shop.seats("s1", "c01", 1);
        scene.run().await;
        let before = scene.app.of(CUSTOMER, "c01").unwrap().key;
        scene.app.erase(CUSTOMER, &before);
        scene.shop.customer("c01", "Renamed");
        for _ in 0..2 {
            let customers = scene.run_of(CUSTOMER).await;
            assert_eq!((customers.queued, customers.created), (1, 0), "{customers:?}");
        }
        assert!(scene.app.of(CUSTOMER, "c01").is_none());
        scene.decide(PendingType::Vanished, Decision::Create).await;
        assert_eq!(scene.run_of(CUSTOMER).await.created, 1);
        let after = scene.app.of(CUSTOMER, "c01").unwrap().key;
        assert_ne!(before, after);
        assert_eq!(scene.app.text(SEATS, "s1", "account").as_deref(), Some(after.as_str()));
        assert!(scene.queue().await.is_empty());
        scene.assert_quiet("made again").await;
    }
}
