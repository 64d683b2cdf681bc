//! What the run after one that failed lists, and what the run after one that was killed does not.

use provider_core::EntityKind;

use super::crash::Fuse;
use super::distributor::Lie;
use super::world::World;
use crate::engine::RunControl;
use crate::report::{KindReport, SyncOutcome};

const CUSTOMER: EntityKind = EntityKind::Customer;
const SEATS: EntityKind = EntityKind::Subscription;

/// One page of customers, and three of what breaks behind its first page.
fn world() -> World {
    let world = World::new();
    world.shop.customers(2);
    for n in 0..5 {
        world.shop.subscription(&format!("s{n}"), "c00", n + 1);
    }
    world
}

fn name(world: &World) -> String {
    world.rows(CUSTOMER)["c01"]["name"].clone()
}

#[tokio::test]
async fn while_one_kind_keeps_failing_the_others_are_listed_all_the_same() {
    let world = world();
    world.shop.records().lie = Lie::Breaks;
    assert_eq!(world.run().await.outcome, SyncOutcome::Failed);
    for round in 1..4 {
        let changed = format!("Changed {round}");
        world.shop.customer("c01", &changed);
        let before = world.shop.records().lists;
        let report = world.run().await;
        assert_eq!(report.outcome, SyncOutcome::Failed);
        assert_eq!(name(&world), changed, "it is seen although the seats cannot be listed");
        let customers = report.kind(CUSTOMER).unwrap();
        assert_eq!((customers.listed, customers.updated, customers.resumed), (2, 1, 0), "{customers:?}");
        // What fails goes on where it was: its first page is not asked for again.
        let seats = report.kind(SEATS).unwrap();
        assert_eq!((seats.listed, seats.resumed), (2, round), "{seats:?}");
        assert!(world.shop.records().lists > before);
    }
    world.shop.records().lie = Lie::None;
    let healed = world.run().await;
    assert_eq!((healed.outcome, healed.error.clone()), (SyncOutcome::Completed, None));
    assert_eq!(healed.kind(SEATS).unwrap().listed, 5, "counts cover all parts: {healed:?}");
    world.assert_in_step("when nothing fails any more");
    let quiet = world.run().await;
    assert!(quiet.kinds.iter().all(|kind| kind.is_quiet() && kind.resumed == 0), "{quiet:?}");
}

/// What is listed again after a failure proves what it proves, and what goes on proves nothing.
#[tokio::test]
async fn what_is_listed_again_after_a_failure_removes_and_what_goes_on_does_not() {
    let mut world = world();
    world.run().await;
    world.shop.customer("c02", "New");
    world.run().await;
    world.shop.page = 3;
    world.shop.records().lie = Lie::Breaks;
    assert_eq!(world.run().await.outcome, SyncOutcome::Failed);
    world.shop.records().customers.remove("c01");
    // One for another: the total stays what it was.
    world.shop.records().subscriptions.remove("s4");
    world.shop.subscription("s9", "c00", 9);
    let report = world.run().await;
    assert_eq!(report.outcome, SyncOutcome::Failed);
    assert_eq!(report.kind(CUSTOMER).unwrap().removed, 1, "{report:?}");
    world.shop.records().lie = Lie::None;
    let report = world.run().await;
    let seats = report.kind(SEATS).unwrap();
    assert_eq!((seats.removed, seats.suspected), (0, 1), "{seats:?}");
    assert_eq!(world.run().await.kind(SEATS).unwrap().removed, 1);
    world.assert_in_step("afterwards");
}

/// A run that is killed every time in its last kind would never come to its end if it began with the first one again.
#[tokio::test]
async fn what_had_ended_before_a_kill_is_not_listed_again() {
    let mut tried = 0;
    for point in 0..1000 {
        let world = world();
        let cut = world.dying(&Fuse::after(point)).run(&RunControl::default()).await;
        if cut.is_ok_and(|report| report.outcome == SyncOutcome::Completed) {
            break;
        }
        // The page of customers, and one or two of the seats: the last one was not reached.
        if !(2..4).contains(&world.shop.records().lists) {
            continue;
        }
        tried += 1;
        world.shop.customer("c01", "Changed");
        let report = world.run().await;
        assert_eq!(report.outcome, SyncOutcome::Completed, "after {point} calls: {report:?}");
        assert_eq!(name(&world), "Customer 1", "after {point} calls: customers were listed again");
        world.run().await;
        assert_eq!(name(&world), "Changed", "after {point} calls");
        assert!(world.run().await.kinds.iter().all(KindReport::is_quiet), "after {point} calls");
    }
    assert!(tried > 5, "{tried} points lie within the second kind");
}
