//! Several processes on one store.

use std::time::{Duration, Instant};

use provider_core::journal::Begin;
use provider_store::StoreErrorKind;

use crate::attempts::{MINUTE, chain, change, fresh, of_kind};
use crate::worker::{Worker, command, crowd, fresh_of};

#[tokio::test]
async fn a_store_that_another_process_keeps_is_locked() {
    ground!(place);
    let store = place.opening().patience(Duration::from_millis(50)).await.unwrap();
    let mut keeper = Worker::start(command("keep", &place.address()));
    assert_eq!(keeper.answer(), "kept");
    let error = of_kind(store.journal().begin(&change("one", "S-1"), MINUTE).await, StoreErrorKind::Locked);
    assert!(error.to_string().contains("another process"), "{error}");
    keeper.kill();
    // A server notices in its own time that a client has died.
    fresh(&place.store().await.journal(), &change("one", "S-1")).await;
    fresh(&store.journal(), &change("two", "S-2")).await;
}

/// 200 rounds, or as many as `STORE_ROUNDS` says. Every round is on a record of its own: the journal grows, and no round takes
/// longer for that.
fn rounds() -> usize {
    std::env::var("STORE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(200)
}

/// Eight here and eight there, on the same record at the same time.
#[tokio::test]
async fn of_sixteen_in_two_processes_one_is_fresh() {
    ground!(place);
    let here = crowd(&place.address()).await;
    let mut child = Worker::start(command("begin", &place.address()));
    assert_eq!(child.answer(), "ready");
    let began = Instant::now();
    for round in 0..rounds() {
        let subscription = format!("S-{round}");
        child.order(&subscription);
        let fresh = fresh_of(&here, "parent", &subscription).await;
        let there: usize = child.answer().parse().unwrap();
        assert_eq!(fresh + there, 1, "in round {round}: {fresh} here, {there} there");
    }
    child.end();
    println!("one was fresh {} times in {:.0} s", rounds(), began.elapsed().as_secs_f64());
}

#[tokio::test]
async fn a_killed_holder_loses_its_lease_at_its_end() {
    ground!(place);
    let tokens = place.store().await.token_store();
    let mut holder = Worker::start(command("lease", &place.address()));
    assert_eq!(holder.answer(), "held");
    let began = Instant::now();
    holder.kill();
    let lease = tokens.lease(&chain(), MINUTE).await.unwrap();
    assert!(lease.is_held());
    assert!(began.elapsed() < Duration::from_secs(30), "it ends with its time to live");
}

#[tokio::test]
async fn what_a_killed_process_had_begun_is_busy_until_its_end_and_says_whose_it_is() {
    ground!(place);
    let journal = place.store().await.journal();
    let mut child = Worker::start(command("reserve", &place.address()));
    assert_eq!(child.answer(), "reserved");
    child.kill();
    match journal.begin(&change("reserved", "S-1"), MINUTE).await.unwrap() {
        Begin::Busy(held) => assert_eq!(held.by.as_deref(), Some("the child")),
        other => panic!("not busy: {other:?}"),
    }
}
