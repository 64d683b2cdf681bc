//! What runs do and count, how they are stopped, watched and looked at ahead.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use provider_core::ErrorKind;
use provider_sync::{
    CancelHandle, Decision, MemoryStore, PendingType, Proof, RunControl, RunFailure, SyncError, SyncEvent,
    SyncObserver, SyncOutcome, SyncReport, TargetErrorKind,
};

use crate::scene::{CUSTOMER, SEATS, Scene};

/// Five customers on three pages, and three subscriptions on two.
fn fill(scene: &Scene) {
    scene.shop.customers(5);
    for (id, customer) in [("s0", "c00"), ("s1", "c01"), ("s2", "c01")] {
        scene.shop.seats(id, customer, 3);
    }
}

/// Keeps what it is told, and stops the run after so many pages.
#[derive(Debug, Default)]
struct Watcher {
    seen: Mutex<Vec<SyncEvent>>,
    stops: Mutex<Option<(usize, CancelHandle)>>,
}

impl SyncObserver for Watcher {
    fn event(&self, event: &SyncEvent) {
        let mut seen = self.seen.lock().unwrap();
        seen.push(event.clone());
        let pages = seen.iter().filter(|event| matches!(event, SyncEvent::Page(_))).count();
        if let Some((after, handle)) = &*self.stops.lock().unwrap()
            && pages == *after
        {
            handle.cancel();
        }
    }
}

/// A run that is stopped after so many pages.
async fn cut(scene: &Scene, pages: usize) -> SyncReport {
    let watcher = Arc::new(Watcher::default());
    let control = RunControl::default().observer(Arc::<Watcher>::clone(&watcher));
    *watcher.stops.lock().unwrap() = Some((pages, control.cancel_handle()));
    scene.run_with(&control).await
}

#[tokio::test]
async fn a_first_run_brings_everything_and_a_second_one_writes_nothing() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        let report = scene.run().await;
        assert_eq!((report.outcome, report.connection.as_str()), (SyncOutcome::Completed, "wholesale"));
        assert_eq!((report.error.as_deref(), report.failure), (None, None));
        let customers = report.kind(CUSTOMER).unwrap();
        assert_eq!((customers.listed, customers.created, customers.pages), (5, 5, 3), "{customers:?}");
        assert_eq!((customers.updated, customers.unchanged, customers.removed), (0, 0, 0));
        assert_eq!((customers.completeness, customers.resumed), (Proof::Proven, 0));
        let seats = report.kind(SEATS).unwrap();
        assert_eq!((seats.listed, seats.created, seats.held, seats.pages), (3, 3, 0, 2), "{seats:?}");
        let kinds: Vec<_> = report.kinds.iter().map(|kind| kind.kind).collect();
        assert_eq!(kinds, [CUSTOMER, SEATS], "parents first");
        // A foreign key is the application's own key of the parent.
        let parent = scene.app.of(CUSTOMER, "c01").unwrap();
        assert_eq!(scene.app.text(SEATS, "s1", "account").as_deref(), Some(parent.key.as_str()));
        assert_eq!(scene.app.text(SEATS, "s1", "quantity").as_deref(), Some("3"), "exact, as text");
        let batches = scene.app.batches();
        let report = scene.run().await;
        for kind in &report.kinds {
            assert!(kind.is_quiet() && kind.unchanged == kind.listed, "{kind:?}");
        }
        assert_eq!(scene.app.batches(), batches, "the application is not even asked");
        assert_eq!(scene.app.records(CUSTOMER).len(), 5);
    }
}

#[tokio::test]
async fn only_what_changed_is_written_and_a_store_that_was_lost_doubles_nothing() {
    for mut scene in Scene::everywhere().await {
        fill(&scene);
        scene.run().await;
        scene.shop.edit("c02", |known| known.name = "Bakery".to_owned());
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.updated, customers.unchanged), (1, 4), "{customers:?}");
        assert_eq!(scene.app.text(CUSTOMER, "c02", "name").as_deref(), Some("Bakery"));
        let keys = |scene: &Scene| -> Vec<_> {
            scene.app.records(CUSTOMER).into_iter().map(|record| (record.key, record.remote)).collect()
        };
        let before = keys(&scene);
        // Its fences begin anew, and the application has seen later ones.
        scene.store = Arc::new(MemoryStore::new(Arc::new(scene.watch.clone())));
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.created, customers.listed), (0, 5), "{customers:?}");
        assert_eq!(keys(&scene), before);
        scene.assert_quiet("with a new store").await;
    }
}

#[tokio::test]
async fn a_preview_tells_what_the_run_then_does_and_writes_nothing_anywhere() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        let ahead = scene.engine().preview().await.unwrap();
        assert!(scene.app.records(CUSTOMER).is_empty());
        assert_eq!(scene.app.batches(), 0);
        assert!(scene.store.status().await.unwrap().is_empty(), "the store has not heard of it");
        let done = scene.run().await;
        for (ahead, done) in ahead.kinds.iter().zip(&done.kinds) {
            let counts = |kind: &provider_sync::KindReport| {
                (kind.kind, kind.listed, kind.created, kind.updated, kind.removed, kind.held)
            };
            assert_eq!(counts(ahead), counts(done));
        }
        assert_eq!(ahead.kinds.len(), done.kinds.len());
    }
}

#[tokio::test]
async fn an_activation_tries_everything_and_shows_the_first_page() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        let activation = scene.engine().activate().await.unwrap();
        assert!(activation.verification.ok());
        let pages: Vec<_> =
            activation.preview.kinds.iter().map(|kind| (kind.pages, kind.created, kind.removed)).collect();
        assert_eq!(pages, [(1, 2, 0), (1, 2, 0)], "{:?}", activation.preview);
        assert!(scene.app.records(CUSTOMER).is_empty());
    }
}

#[tokio::test]
async fn an_activation_says_what_does_not_work_by_its_kind() {
    let scene = Scene::in_memory();
    fill(&scene);
    scene.app.refuse_to_be_read(Some(TargetErrorKind::Unreachable));
    match scene.engine().activate().await.unwrap_err() {
        SyncError::Target(error) => {
            assert_eq!(error.kind, TargetErrorKind::Unreachable);
            assert_eq!(error.to_string(), "the books are shut");
        }
        other => panic!("{other:?}"),
    }
    scene.app.refuse_to_be_read(None);
    scene.shop.break_with(ErrorKind::Unauthenticated, "the secret is refused");
    match scene.engine().activate().await.unwrap_err() {
        SyncError::Refused(message) => assert!(message.contains("the secret is refused"), "{message}"),
        other => panic!("{other:?}"),
    }
    scene.shop.mend();
    scene.engine().activate().await.unwrap();
}

#[tokio::test]
async fn a_failure_is_told_by_its_kind_and_the_next_run_heals() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        scene.app.refuse_to_be_written(Some(TargetErrorKind::ReadOnly));
        let report = scene.run().await;
        let failure = Some(RunFailure::Target(TargetErrorKind::ReadOnly));
        assert_eq!((report.outcome, report.failure), (SyncOutcome::Failed, failure));
        assert_eq!(report.error.as_deref(), Some("the application: the books are shut"));
        scene.app.refuse_to_be_written(None);
        scene.shop.break_with(ErrorKind::Unavailable, "it is down");
        let report = scene.run().await;
        let failure = Some(RunFailure::Provider(ErrorKind::Unavailable));
        assert_eq!((report.outcome, report.failure), (SyncOutcome::Failed, failure));
        scene.shop.mend();
        assert_eq!(scene.run().await.outcome, SyncOutcome::Completed);
        let rows = (scene.app.records(CUSTOMER).len(), scene.app.records(SEATS).len());
        assert_eq!(rows, (5, 3), "nothing was lost and nothing doubled");
    }
}

#[tokio::test]
async fn a_run_that_is_stopped_is_gone_on_with_and_counted_as_one() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        let report = cut(&scene, 1).await;
        assert_eq!((report.outcome, report.error), (SyncOutcome::Cancelled, None));
        assert_eq!(scene.app.records(CUSTOMER).len(), 2, "the page that it was at is whole");
        let report = scene.run().await;
        assert_eq!(report.outcome, SyncOutcome::Completed);
        let customers = report.kind(CUSTOMER).unwrap();
        assert_eq!((customers.listed, customers.created, customers.resumed), (5, 5, 1), "{customers:?}");
        assert_ne!(customers.completeness, Proof::Proven, "what was resumed proves nothing");
        assert_eq!(scene.app.records(CUSTOMER).len(), 5);
        scene.assert_quiet("after a cut").await;
    }
}

#[tokio::test]
async fn a_run_that_was_resumed_removes_nothing_and_the_next_whole_one_does() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        scene.run().await;
        scene.shop.shelf().customers.remove("c04");
        assert_eq!(cut(&scene, 1).await.outcome, SyncOutcome::Cancelled);
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.removed, customers.suspected), (0, 1), "{customers:?}");
        let customers = scene.run_of(CUSTOMER).await;
        assert_eq!((customers.removed, customers.suspected), (1, 0), "{customers:?}");
    }
}

#[tokio::test]
async fn a_slice_ends_between_two_kinds_and_never_inside_of_one() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        let slice = RunControl::default().slice(Duration::ZERO);
        let report = scene.run_with(&slice).await;
        assert_eq!((report.outcome, report.kinds.len()), (SyncOutcome::Sliced, 1));
        assert_eq!(report.kinds[0].listed, 5);
        let report = scene.run_with(&slice).await;
        assert_eq!((report.outcome, report.kinds.len()), (SyncOutcome::Completed, 2));
        assert_eq!(scene.app.records(SEATS).len(), 3);
    }
}

#[tokio::test]
async fn an_observer_is_told_of_every_kind_and_page_in_order() {
    let scene = Scene::in_memory();
    fill(&scene);
    for expected in [None, Some(5)] {
        let watcher = Arc::new(Watcher::default());
        scene.run_with(&RunControl::default().observer(Arc::<Watcher>::clone(&watcher))).await;
        let seen = watcher.seen.lock().unwrap();
        let words: Vec<_> = seen
            .iter()
            .map(|event| match event {
                SyncEvent::Begun { kind, .. } => format!("begun {kind}"),
                SyncEvent::Page(report) => format!("page {}", report.pages),
                SyncEvent::Ended(report) => format!("ended {} {}", report.kind, report.listed),
                other => format!("{other:?}"),
            })
            .collect();
        let customers = ["begun customer", "page 1", "page 2", "page 3", "ended customer 5"];
        let seats = ["begun subscription", "page 1", "page 2", "ended subscription 3"];
        assert_eq!(words, [customers.as_slice(), seats.as_slice()].concat());
        assert!(
            matches!(seen[0], SyncEvent::Begun { expected: told, .. } if told == expected),
            "{:?}",
            seen[0]
        );
    }
}

#[tokio::test]
async fn a_child_is_held_until_its_parent_is_tied() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        scene.shop.seats("s9", "c99", 9);
        for _ in 0..2 {
            let seats = scene.run_of(SEATS).await;
            assert_eq!((seats.held, seats.quarantined, seats.queued), (1, 0, 0), "{seats:?}");
            assert!(scene.app.of(SEATS, "s9").is_none());
        }
        // Nothing of the child changes: it is the parent that comes.
        scene.shop.customer("c99", "Late");
        let seats = scene.run_of(SEATS).await;
        assert_eq!((seats.held, seats.created), (0, 1), "{seats:?}");
        let parent = scene.app.of(CUSTOMER, "c99").unwrap();
        assert_eq!(scene.app.text(SEATS, "s9", "account").as_deref(), Some(parent.key.as_str()));
        scene.assert_quiet("with its parent").await;
    }
}

#[tokio::test]
async fn a_hint_is_looked_at_once_and_says_nothing_by_itself() {
    for scene in Scene::everywhere().await {
        fill(&scene);
        scene.run().await;
        let engine = scene.engine();
        for id in ["c01", "c01", "nobody"] {
            engine.hint(CUSTOMER, id).await.unwrap();
        }
        for expected in [2, 0] {
            let gets = scene.shop.shelf().gets;
            let customers = scene.run_of(CUSTOMER).await;
            assert_eq!((customers.listed, customers.pages), (5, 3), "it is no part of the listing");
            assert!(customers.is_quiet(), "{customers:?}");
            assert_eq!(scene.shop.shelf().gets - gets, expected);
        }
    }
}

/// What is stale is read again: the distributor's fields are written, the application's are left, and of the others a person
/// decides.
#[tokio::test]
async fn a_row_that_was_changed_meanwhile_is_written_by_the_owners_of_its_fields() {
    for (decision, phone) in [(Decision::TakeRemote, "3"), (Decision::TakeLocal, "2")] {
        for scene in Scene::everywhere().await {
            scene.shop.customer("c1", "Bakery");
            let theirs = |name: &str, phone: &str, site: &str| {
                scene.shop.edit("c1", |known| {
                    known.name = name.to_owned();
                    (known.phone, known.website) = (Some(phone.to_owned()), Some(site.to_owned()));
                });
            };
            let ours = |field: &str| scene.app.text(CUSTOMER, "c1", field).unwrap();
            theirs("Bakery", "1", "one.example.com");
            scene.run().await;
            assert_eq!([ours("name"), ours("phone"), ours("site")], ["Bakery", "1", "one.example.com"]);
            let key = scene.app.of(CUSTOMER, "c1").unwrap().key;
            let mine = [("name", "Mine"), ("phone", "2"), ("site", "mine.example.com")];
            scene.app.write(CUSTOMER, key.as_str(), &mine);
            theirs("Bakery & Sons", "3", "two.example.com");
            let customers = scene.run_of(CUSTOMER).await;
            assert_eq!((customers.updated, customers.conflicts), (1, 1), "{customers:?}");
            let now = [ours("name"), ours("phone"), ours("site")];
            assert_eq!(now, ["Bakery & Sons", "2", "mine.example.com"]);
            let waiting = scene.queue().await;
            assert_eq!((waiting.len(), waiting[0].why), (1, PendingType::Conflict), "{waiting:?}");
            assert_eq!((waiting[0].subject.as_str(), waiting[0].kind), ("c1", CUSTOMER));
            scene.decide(PendingType::Conflict, decision.clone()).await;
            scene.run().await;
            assert_eq!(ours("phone"), phone, "{decision:?}");
            assert!(scene.queue().await.is_empty());
            scene.assert_quiet("decided").await;
        }
    }
}
