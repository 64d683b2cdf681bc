//! What an observer is told of a run, and in which order; what a program is told of a run that failed; and hints that come
//! while a run is under way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use provider_core::{EntityKind, ErrorKind, Provider as _};

use super::distributor::Lie;
use super::world::World;
use crate::engine::{CancelHandle, RunControl, SyncEvent, SyncObserver};
use crate::report::{KindReport, Proof, RunFailure, SyncOutcome};
use crate::store::{KindScope, SyncStore};

/// Writes down what it is told.
#[derive(Debug, Default)]
struct Notes(Mutex<Vec<SyncEvent>>);

impl SyncObserver for Notes {
    fn event(&self, event: &SyncEvent) {
        self.0.lock().unwrap().push(event.clone());
    }
}

impl Notes {
    /// What it was told since it was last asked.
    fn take(&self) -> Vec<SyncEvent> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// An event in a few words: pages and records so far.
fn words(event: &SyncEvent) -> String {
    let counts = |report: &KindReport| format!("{} {}/{}", report.kind, report.pages, report.listed);
    match event {
        SyncEvent::Waiting => "waiting".to_owned(),
        SyncEvent::Begun { kind, expected: Some(expected) } => format!("begun {kind} of {expected}"),
        SyncEvent::Begun { kind, expected: None } => format!("begun {kind}"),
        SyncEvent::Page(report) => format!("page {}", counts(report)),
        SyncEvent::Ended(report) => format!("ended {}", counts(report)),
    }
}

fn world() -> World {
    let world = World::new();
    world.shop.customers(5);
    for n in 0..3 {
        world.shop.subscription(&format!("s{n}"), &format!("c0{n}"), n + 1);
    }
    world
}

fn watched() -> (Arc<Notes>, RunControl) {
    let notes = Arc::new(Notes::default());
    let control = RunControl::default().observer(Arc::<Notes>::clone(&notes));
    (notes, control)
}

#[tokio::test]
async fn a_run_is_told_kind_by_kind_and_page_by_page() {
    let world = world();
    let (notes, control) = watched();
    let report = world.run_with(&control).await;
    let told = notes.take();
    let expected = [
        "begun customer",
        "page customer 1/2",
        "page customer 2/4",
        "page customer 3/5",
        "ended customer 3/5",
        "begun subscription",
        "page subscription 1/2",
        "page subscription 2/3",
        "ended subscription 2/3",
    ];
    assert_eq!(told.iter().map(words).collect::<Vec<_>>(), expected);
    // What is told at the end of a kind is what the report says of it.
    let ended: Vec<_> = told
        .iter()
        .filter_map(|event| match event {
            SyncEvent::Ended(report) => Some(report.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(ended, report.kinds);
    // The next run knows how many there will be.
    world.run_with(&control).await;
    let told: Vec<_> = notes.take().iter().map(words).collect();
    assert_eq!((told[0].as_str(), told[5].as_str()), ("begun customer of 5", "begun subscription of 3"));
}

#[tokio::test]
async fn pages_that_are_dealt_with_as_one_are_told_as_one() {
    let world = World { together: 100, ..world() };
    let (notes, control) = watched();
    let report = world.run_with(&control).await;
    let expected = [
        "begun customer",
        "page customer 1/2",
        "page customer 3/5",
        "ended customer 3/5",
        "begun subscription",
        "page subscription 1/2",
        "page subscription 2/3",
        "ended subscription 2/3",
    ];
    assert_eq!(notes.take().iter().map(words).collect::<Vec<_>>(), expected);
    assert!(report.kinds.iter().all(|kind| kind.completeness == Proof::Proven), "{report:?}");
    world.assert_in_step("after several pages at once");
}

/// Where each record that changed is read by its own call, a crash or a cancel would cost the calls of all pages.
#[tokio::test]
async fn pages_whose_records_are_read_one_by_one_are_dealt_with_one_by_one() {
    let mut world = World { together: 100, ..world() };
    let full = "kind = \"customer\"\n    detail = { full = { refresh = 7 } }";
    world.plan = world.plan.replacen("kind = \"customer\"", full, 1);
    let (notes, control) = watched();
    world.run_with(&control).await;
    let told: Vec<_> = notes.take().iter().map(words).collect();
    let pages = ["page customer 1/2", "page customer 2/4", "page customer 3/5"];
    assert_eq!(told[1..4], pages, "{told:?}");
    world.assert_in_step("after records that were read one by one");
}

#[tokio::test]
async fn what_was_done_before_a_failure_is_told_and_the_next_run_is_told_from_there() {
    let world = world();
    world.run().await;
    world.shop.records().lie = Lie::Breaks;
    let (notes, control) = watched();
    assert_eq!(world.run_with(&control).await.outcome, SyncOutcome::Failed);
    let told: Vec<_> = notes.take().iter().map(words).collect();
    assert_eq!(told, ["begun customer of 5", "page customer 1/2", "ended customer 1/2"]);
    world.shop.records().lie = Lie::None;
    assert_eq!(world.run_with(&control).await.outcome, SyncOutcome::Completed);
    let told: Vec<_> = notes.take().iter().map(words).collect();
    assert_eq!(
        told[..5],
        [
            "begun customer of 5",
            "page customer 2/4",
            "page customer 3/5",
            "ended customer 3/5",
            "begun subscription of 3",
        ]
    );
}

#[tokio::test]
async fn a_kind_that_was_ended_by_an_earlier_slice_is_not_told_again() {
    let world = world();
    let (notes, control) = watched();
    let control = control.slice(Duration::ZERO);
    world.run_with(&control).await;
    let told: Vec<_> = notes.take().iter().map(words).collect();
    assert_eq!(told.last().map(String::as_str), Some("ended customer 3/5"));
    world.run_with(&control).await;
    let told: Vec<_> = notes.take().iter().map(words).collect();
    assert_eq!(told.first().map(String::as_str), Some("begun subscription"));
}

#[tokio::test]
async fn that_it_waits_for_another_run_is_told_once_and_first() {
    let world = world();
    let account = world.shop.info().account_key();
    assert!(world.store.lease(&account, Duration::from_secs(5)).await.unwrap().is_some());
    let (notes, control) = watched();
    let report = world.engine().run(&control).await.unwrap();
    assert_eq!(report.outcome, SyncOutcome::Completed, "{report:?}");
    let told: Vec<_> = notes.take().iter().map(words).collect();
    assert_eq!(told[..2], ["waiting", "begun customer"]);
    assert_eq!(told.iter().filter(|told| *told == "waiting").count(), 1);
}

/// Does not wait for others.
#[derive(Debug)]
struct Impatient(CancelHandle);

impl SyncObserver for Impatient {
    fn event(&self, event: &SyncEvent) {
        if matches!(event, SyncEvent::Waiting) {
            self.0.cancel();
        }
    }
}

#[tokio::test]
async fn a_run_that_is_cancelled_while_it_waits_for_another_is_cancelled_and_not_refused() {
    let world = world();
    let account = world.shop.info().account_key();
    let other = world.store.lease(&account, Duration::from_secs(3600)).await.unwrap().unwrap();
    let control = RunControl::default();
    let handle = control.cancel_handle();
    let report = world.engine().run(&control.observer(Arc::new(Impatient(handle)))).await.unwrap();
    assert_eq!((report.outcome, report.error, report.failure), (SyncOutcome::Cancelled, None, None));
    assert!(report.kinds.is_empty() && world.shop.records().lists == 0);
    // Whoever has it keeps it, and one that is not cancelled is refused as before.
    world.store.renew(&other).await.unwrap();
    let refused = world.engine().run(&RunControl::default().wait(Duration::ZERO)).await.unwrap();
    assert_eq!(refused.outcome, SyncOutcome::Refused);
}

#[tokio::test]
async fn a_program_is_told_what_failed_by_its_kind() {
    for (lie, kind) in [
        (Lie::Forbidden, ErrorKind::PermissionDenied),
        (Lie::Breaks, ErrorKind::Unavailable),
        (Lie::Short, ErrorKind::Incomplete),
        (Lie::Endless, ErrorKind::Incomplete),
    ] {
        let world = world();
        assert_eq!(world.run().await.failure, None);
        world.shop.records().lie = lie;
        let report = world.run().await;
        assert_eq!(report.failure, Some(RunFailure::Provider(kind)), "{lie:?}: {report:?}");
        assert!(report.error.is_some(), "{lie:?}");
        assert_eq!(world.ids(EntityKind::Customer).len(), 5, "{lie:?}");
    }
}

/// Says after the first page of customers that this record is to be looked at, as a webhook would.
#[derive(Debug)]
struct Announces {
    store: Arc<dyn SyncStore>,
    id: &'static str,
}

impl SyncObserver for Announces {
    fn event(&self, event: &SyncEvent) {
        let first = |report: &KindReport| report.kind == EntityKind::Customer && report.pages == 1;
        if matches!(event, SyncEvent::Page(report) if first(report)) {
            let scope = KindScope::new("shop", EntityKind::Customer);
            // In memory nothing is waited for.
            self.store.hint(&scope, self.id).now_or_never().unwrap().unwrap();
        }
    }
}

/// The last record of the list is not in it, as one that is made when its page has been read already.
#[tokio::test]
async fn what_is_announced_in_the_middle_of_a_run_is_met_by_it() {
    let world = world();
    world.run().await;
    world.shop.records().lie = Lie::Hides;
    let announced = async |id: &'static str| {
        let observer = Announces { store: Arc::clone(&world.store), id };
        let report = world.run_with(&RunControl::default().observer(Arc::new(observer))).await;
        assert!(
            world.store.hints(&KindScope::new("shop", EntityKind::Customer), 9).await.unwrap().is_empty()
        );
        report.kind(EntityKind::Customer).cloned().unwrap()
    };
    let met = announced("c04").await;
    assert_eq!((met.listed, met.removed, met.suspected), (4, 0, 0), "{met:?}");
    // Without a word about it, it is missing, and only its own call says that it is there.
    let silent = world.run().await.kind(EntityKind::Customer).cloned().unwrap();
    assert_eq!((silent.removed, silent.suspected), (0, 1), "{silent:?}");
    // One that is new is made at once.
    world.shop.customer("c09", "New");
    let made = announced("c09").await;
    assert_eq!((made.listed, made.created, made.suspected), (5, 1, 0), "{made:?}");
    assert!(world.ids(EntityKind::Customer).contains("c09"));
}
