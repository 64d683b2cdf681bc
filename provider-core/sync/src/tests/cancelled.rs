//! Runs that are stopped from outside in their middle: what was done is remembered, and the next run goes on there.

use std::sync::Arc;

use provider_core::model::{NewOrder, NewOrderLine};
use provider_core::{EntityKind, IdempotencyKey, PlaceOrder, Subscription};

use super::market::DeskFault;
use super::town::Town;
use super::world::World;
use crate::engine::{CancelHandle, RunControl, SyncEvent, SyncObserver};
use crate::report::{KindReport, SyncOutcome, SyncReport};
use crate::store::{IntentState, KindScope};
use crate::target::conformance::SideChange;

const CUSTOMER: EntityKind = EntityKind::Customer;
const SEATS: EntityKind = EntityKind::Subscription;

/// When somebody stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    FirstPage,
    End,
}

/// Stops a run at this moment of its customers.
#[derive(Debug)]
struct Stops(CancelHandle, Moment);

impl SyncObserver for Stops {
    fn event(&self, event: &SyncEvent) {
        let moment = match event {
            SyncEvent::Page(report) if report.kind == CUSTOMER && report.pages == 1 => Moment::FirstPage,
            SyncEvent::Ended(report) if report.kind == CUSTOMER => Moment::End,
            _ => return,
        };
        if moment == self.1 {
            self.0.cancel();
        }
    }
}

fn stopped_at(moment: Moment) -> RunControl {
    let control = RunControl::default();
    let handle = control.cancel_handle();
    control.observer(Arc::new(Stops(handle, moment)))
}

fn assert_cancelled(report: &SyncReport) {
    assert_eq!((report.outcome, &report.error, report.failure), (SyncOutcome::Cancelled, &None, None));
}

/// A run an hour later that is stopped while the distributor carries out this command of it.
async fn stopped_at_command(town: &Town, command: u64) -> SyncReport {
    town.clock.pass(chrono::Duration::hours(1));
    let control = RunControl::default();
    let at = town.market.desk().asked + command;
    town.market.desk().stops = Some((at, control.cancel_handle()));
    let report = town.engine().run(&control).await.unwrap();
    assert_cancelled(&report);
    report
}

#[tokio::test]
async fn a_run_that_is_stopped_at_a_page_goes_on_behind_it() {
    let world = World::new();
    world.shop.customers(5);
    world.shop.subscription("s1", "c01", 3);
    let report = world.run_with(&stopped_at(Moment::FirstPage)).await;
    assert_cancelled(&report);
    assert_eq!((report.kinds.len(), report.kinds[0].listed, report.kinds[0].pages), (1, 2, 1), "{report:?}");
    assert_eq!(world.ids(CUSTOMER).len(), 2);
    let report = world.run().await;
    assert_eq!((report.outcome, report.kinds.len()), (SyncOutcome::Completed, 2));
    let customers = report.kind(CUSTOMER).unwrap();
    assert_eq!((customers.listed, customers.created, customers.resumed), (5, 5, 1), "{customers:?}");
    world.assert_in_step("after a run that was stopped");
    assert!(world.run().await.kinds.iter().all(KindReport::is_quiet));
}

#[tokio::test]
async fn a_run_that_heals_looks_at_every_row_although_the_one_before_was_stopped() {
    let world = World::new();
    world.shop.customers(5);
    world.shop.subscription("s1", "c01", 3);
    for moment in [Moment::FirstPage, Moment::End] {
        world.run().await;
        let rows = world.target.records(CUSTOMER);
        let first = rows.iter().find(|row| row.remote.as_deref() == Some("c00")).unwrap();
        world.target.change_directly(CUSTOMER, &first.key, SideChange::Edit("Bakery".into()));
        assert_cancelled(&world.run_with(&stopped_at(moment)).await);
        let report = world.run_with(&RunControl::default().heal(true)).await;
        let customers = report.kind(CUSTOMER).unwrap();
        assert_eq!(
            (customers.listed, customers.updated, customers.resumed),
            (5, 1, 0),
            "{moment:?}: {customers:?}"
        );
        world.assert_in_step("after a run that heals");
    }
}

/// But it goes on with one of its own.
#[tokio::test]
async fn a_run_that_heals_and_is_stopped_goes_on_healing() {
    let world = World::new();
    world.shop.customers(5);
    world.run().await;
    assert_cancelled(&world.run_with(&stopped_at(Moment::FirstPage).heal(true)).await);
    let report = world.run_with(&RunControl::default().heal(true)).await;
    let customers = report.kind(CUSTOMER).unwrap();
    assert_eq!((customers.listed, customers.resumed), (5, 1), "{customers:?}");
}

#[tokio::test]
async fn a_run_that_is_stopped_between_two_kinds_goes_on_with_the_second() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.market.shop.records().subscriptions.insert("s1".into(), Subscription::new("s1", "c1", 10));
    town.run().await;
    town.write(CUSTOMER, &town.key(CUSTOMER, "c1"), &[("phone", "5550100")]);
    town.write(SEATS, &town.key(SEATS, "s1"), &[("quantity", "14")]);
    town.clock.pass(chrono::Duration::hours(1));
    let report = town.engine().run(&stopped_at(Moment::End)).await.unwrap();
    assert_cancelled(&report);
    assert_eq!((report.kinds.len(), report.intents.applied, town.writes()), (1, 1, 1), "{report:?}");
    assert_eq!(town.theirs("c1").phone.as_deref(), Some("5550100"));
    let lists = town.market.shop.records().lists;
    let report = town.run().await;
    assert_eq!((report.outcome, report.intents.applied, town.writes()), (SyncOutcome::Completed, 2, 2));
    assert_eq!(town.market.shop.records().lists, lists + 1, "the customers had ended");
    assert_eq!(town.market.shop.records().subscriptions["s1"].quantity, Some(14.into()));
    town.assert_quiet("both are there").await;
}

#[tokio::test]
async fn a_run_that_is_stopped_while_it_pushes_sends_no_more_and_the_next_one_sends_the_rest() {
    let town = Town::new();
    town.market.shop.customers(4);
    town.run().await;
    let ids = ["c00", "c01", "c02", "c03"];
    for id in ids {
        town.write(CUSTOMER, &town.key(CUSTOMER, id), &[("phone", "5550100")]);
    }
    let report = stopped_at_command(&town, 2).await;
    let customers = report.kind(CUSTOMER).unwrap();
    assert_eq!((report.kinds.len(), customers.pushed, report.intents.applied), (1, 2, 2), "{report:?}");
    let told = || ids.iter().filter(|id| town.theirs(id).phone.is_some()).count();
    assert_eq!((town.writes(), told()), (2, 2));
    let open = town.store.open_intents(&KindScope::new("shop", CUSTOMER)).await.unwrap();
    assert!(open.is_empty(), "what was sent is known to be done: {open:?}");
    let report = town.run().await;
    let customers = report.kind(CUSTOMER).unwrap();
    assert_eq!((report.outcome, customers.pushed, customers.resumed), (SyncOutcome::Completed, 4, 1));
    assert_eq!((town.writes(), told()), (4, 4));
    town.assert_quiet("all four are there").await;
}

#[tokio::test]
async fn a_run_that_is_stopped_while_it_makes_customers_makes_none_twice() {
    let town = Town::new();
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    town.write(CUSTOMER, "8", &[("name", "Florist")]);
    assert_eq!(stopped_at_command(&town, 1).await.intents.applied, 1);
    assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m01"));
    assert_eq!((town.row(CUSTOMER, "8").remote, town.writes()), (None, 1));
    // A listing that was resumed does not show what is there.
    let report = town.run().await;
    let customers = report.kind(CUSTOMER).unwrap();
    assert_eq!((customers.pushed, customers.waiting, customers.resumed), (1, 1, 1), "{customers:?}");
    assert_eq!(town.run().await.kind(CUSTOMER).map(|customers| customers.pushed), Some(1));
    assert_eq!((town.row(CUSTOMER, "8").remote.as_deref(), town.writes()), (Some("m02"), 2));
    town.assert_none_doubled("after a run that was stopped");
    town.assert_quiet("both are made").await;
    assert!(town.waiting().await.is_empty());
}

#[tokio::test]
async fn a_run_that_is_stopped_at_an_order_leaves_the_others_to_the_next_one() {
    let town = Town::new();
    for quote in ["1841", "1842"] {
        town.market.desk().faults.push_back(DeskFault::Throttled);
        let order = PlaceOrder::new(NewOrder::new("c00").line(NewOrderLine::new("p1", 3)));
        let key = IdempotencyKey::derive("quotes", [quote]);
        let intent = town.engine().order(order, key).await.unwrap();
        assert_eq!(intent.state, IntentState::Pending, "{intent:?}");
    }
    assert_eq!(stopped_at_command(&town, 1).await.intents.applied, 1);
    assert_eq!(town.writes(), 1);
    let report = town.run().await;
    assert_eq!((report.outcome, report.intents.applied), (SyncOutcome::Completed, 1), "{report:?}");
    assert_eq!(town.writes(), 2);
    town.assert_quiet("both are placed").await;
}
