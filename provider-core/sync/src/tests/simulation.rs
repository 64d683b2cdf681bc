//! Crashes, zombies and lies: whatever happens, two quiet runs later the application is in step, and nothing that lives
//! was ever removed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provider_core::clock::Clock as _;
use provider_core::{EntityKind, SubscriptionStatus};

use super::bases::Base;
use super::breaker::Postman;
use super::crash::{Dying, Fuse};
use super::distributor::Lie;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
use super::homes::Home;
use super::world::World;
use crate::engine::RunControl;
use crate::notify::{AlertKind, Notifier};
use crate::report::{KindReport, SyncOutcome};
use crate::store::ConnectionState;

async fn unrest(base: Base) -> World {
    unrest_in(World::on(base).await).await
}

/// A small world in which everything is still to be done: a change, a new record, one that is gone, one that ended, a
/// child, a hint.
async fn unrest_in(world: World) -> World {
    world.shop.customers(6);
    for n in 0..4 {
        world.shop.subscription(&format!("s{n}"), &format!("c0{n}"), 1);
    }
    world.run().await;
    world.shop.customer("c01", "Changed");
    world.shop.customer("c06", "New");
    world.shop.subscription("s6", "c06", 6);
    world.shop.records().customers.remove("c05");
    world.shop.records().subscriptions.get_mut("s3").unwrap().status = SubscriptionStatus::Cancelled;
    world.engine().hint(EntityKind::Customer, "c02").await.unwrap();
    world
}

/// The seats that have ended are no longer part of the application.
fn settle(world: &World) {
    world.shop.records().subscriptions.retain(|_, seats| seats.status != SubscriptionStatus::Cancelled);
}

async fn heals(world: &World, when: &str) {
    world.run().await;
    let report = world.run().await;
    settle(world);
    world.assert_in_step(when);
    let again = world.run().await;
    assert!(again.kinds.iter().all(KindReport::is_quiet), "{when}: {report:?} {again:?}");
}

/// How many calls a run makes in this world: on either side of each of them it may die.
async fn points(make: impl AsyncFn() -> World) -> u64 {
    let world = make().await;
    let fuse = Fuse::after(1_000_000);
    world.dying(&fuse).run(&RunControl::default()).await.unwrap();
    1_000_000 - fuse.left()
}

/// On either side of how many calls a run in the restless world may die: the same on every base.
const POINTS: u64 = 97;
/// The same where pages that came already are put together.
const POINTS_TOGETHER: u64 = 87;
/// The same in the little world, of which all pairs are tried.
const LITTLE_POINTS: u64 = 57;

#[tokio::test]
async fn every_single_crash_heals() {
    for base in Base::all() {
        for (together, expected) in [(0, POINTS), (100, POINTS_TOGETHER)] {
            let unrest = async || World { together, ..unrest(base).await };
            let points = points(&unrest).await;
            assert_eq!(points, expected, "{base:?}, {together} at once");
            let mut tried = 0;
            for point in 0..points {
                let world = unrest().await;
                let _ = world.dying(&Fuse::after(point)).run(&RunControl::default()).await;
                let when = format!("after a crash at {point} of {points} on {base:?}, {together} at once");
                heals(&world, &when).await;
                tried += 1;
            }
            assert_eq!(tried, expected, "{base:?}, {together} at once");
        }
    }
}

/// The same with the application in tables, and the store beside them.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
#[tokio::test]
async fn crashes_heal_in_tables() {
    for home in Home::all() {
        let world = async || unrest_in(World::on(beside(home)).await.with_tables(home).await).await;
        let points = points(&world).await;
        assert!((60..400).contains(&points), "the world has {points} points on {home:?}");
        for point in 0..points {
            let world = world().await;
            let _ = world.dying(&Fuse::after(point)).run(&RunControl::default()).await;
            heals(&world, &format!("after a crash at {point} of {points} on {home:?}")).await;
        }
    }
}

/// The store in the same kind of database as the application's tables.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
fn beside(home: Home) -> Base {
    match home {
        #[cfg(feature = "sqlite")]
        Home::File => Base::File,
        #[cfg(feature = "postgres")]
        Home::Server => Base::Server,
    }
}

/// A clock that is so many minutes ahead of the world's.
fn off(world: &World, minutes: i64) -> super::world::Hand {
    let clock = super::world::Hand::default();
    clock.pass(world.clock.now() - clock.now() + chrono::Duration::minutes(minutes));
    clock
}

/// A machine whose clock is wrong works as any other: it does no more and no less.
#[tokio::test]
async fn clocks_that_disagree_change_nothing() {
    for base in Base::all() {
        let mut calls = std::collections::BTreeSet::new();
        for minutes in [0, 10, -10] {
            let world = unrest(base).await;
            let fuse = Fuse::after(1_000_000);
            let engine = world.dying(&fuse).with_clock(Arc::new(off(&world, minutes)));
            let report = engine.run(&RunControl::default()).await.unwrap();
            assert_eq!(report.outcome, SyncOutcome::Completed, "{base:?}, {minutes} minutes off: {report:?}");
            calls.insert(1_000_000 - fuse.left());
            heals(&world, &format!("{base:?}, {minutes} minutes off")).await;
        }
        assert_eq!(calls.len(), 1, "{base:?}: calls: {calls:?}");
    }
}

/// Two machines on one store, each with its own handle on it and a clock that is minutes off, one ahead and one behind:
/// whoever has the account keeps it, and they take turns as two that agree would.
#[tokio::test]
async fn of_two_machines_that_disagree_by_minutes_one_works_at_a_time() {
    for base in Base::all() {
        for (first, second) in [(10, -10), (-10, 10)] {
            let mut world = World::new();
            let (stores, ground) = base.machines(&world.clock).await;
            (world.store, world.ground) = (Arc::clone(&stores[0]), ground);
            world.shop.customers(4);
            world.run().await;
            world.shop.customer("c01", "Changed");
            world.shop.customer("c09", "New");
            let at = format!("{base:?}, {first} and {second} minutes off");
            let gate = super::paused::Paused::new(Arc::new(world.target.clone()), 0);
            let one = world.over(world.shop.clone(), Arc::new(gate.clone()), Arc::clone(&stores[0]));
            let one = one.with_clock(Arc::new(off(&world, first)));
            let other =
                world.over(world.shop.clone(), Arc::new(world.target.clone()), Arc::clone(&stores[1]));
            let other = other.with_clock(Arc::new(off(&world, second)));
            let working = tokio::spawn(async move { one.run(&RunControl::default()).await });
            gate.reached(&working).await;
            let at_once = RunControl::default().wait(std::time::Duration::ZERO);
            let refused = other.run(&at_once).await.unwrap();
            assert_eq!(refused.outcome, SyncOutcome::Refused, "{at}: {refused:?}");
            gate.wake();
            let done = working.await.unwrap().unwrap();
            assert_eq!((done.outcome, done.error), (SyncOutcome::Completed, None), "{at}");
            // The other one has nothing left to do, and then does what there is.
            let quiet = other.run(&at_once).await.unwrap();
            assert!(quiet.kinds.iter().all(KindReport::is_quiet), "{at}: {quiet:?}");
            world.shop.customer("c02", "Changed too");
            let report = other.run(&at_once).await.unwrap();
            assert_eq!(report.outcome, SyncOutcome::Completed, "{at}: {report:?}");
            world.assert_in_step(&at);
        }
    }
}

/// The smallest world in which there is a page to go on after, a parent, a child, and something to do to each.
async fn little(base: Base) -> World {
    let world = World::on(base).await;
    world.shop.customers(2);
    world.shop.subscription("s0", "c00", 1);
    world.run().await;
    world.shop.customer("c01", "Changed");
    world.shop.customer("c02", "New");
    world.shop.subscription("s0", "c00", 2);
    world
}

/// Of how many pairs one is tried: all in memory, and all in a database, which takes many times as long, where the
/// simulation is asked for at its longest.
fn one_of(base: Base) -> u64 {
    if base == Base::Memory || seeds() >= 5_000 { 1 } else { 29 }
}

async fn a_pair_of_crashes_heals(base: Base, first: u64, second: u64) {
    let world = little(base).await;
    let _ = world.dying(&Fuse::after(first)).run(&RunControl::default()).await;
    world.clock.pass(chrono::Duration::hours(1));
    let _ = world.dying(&Fuse::after(second)).run(&RunControl::default()).await;
    heals(&world, &format!("after crashes at {first} and {second} on {base:?}")).await;
}

/// On every processor: nothing else takes as long.
#[test]
fn every_pair_of_crashes_heals() {
    for base in Base::all() {
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let points = runtime().block_on(points(async || little(base).await));
        assert_eq!(points, LITTLE_POINTS, "{base:?}");
        let pairs: Vec<u64> = (0..points * points).step_by(usize::try_from(one_of(base)).unwrap()).collect();
        let (next, tried) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(2, std::num::NonZero::get) {
                scope.spawn(|| {
                    let runtime = runtime();
                    while let Some(pair) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        runtime.block_on(a_pair_of_crashes_heals(base, pair / points, pair % points));
                        tried.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        let tried = tried.into_inner() as u64;
        println!("{base:?}: {tried} pairs of crashes");
        assert_eq!(tried, (LITTLE_POINTS * LITTLE_POINTS).div_ceil(one_of(base)), "{base:?}");
    }
}

/// Chance that can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A worker that was paused before its batch, and comes back after its successor.
async fn zombie(world: &World, dice: &mut Dice) {
    let late = World {
        shop: world.shop.clone(),
        target: world.target.clone(),
        #[cfg(any(feature = "postgres", feature = "sqlite"))]
        tables: world.tables.clone(),
        store: Arc::clone(&world.store),
        ground: None,
        clock: world.clock.clone(),
        plan: world.plan.clone(),
        together: world.together,
    };
    let calls = dice.roll(60);
    let gate = super::paused::Paused::new(world.application(), calls);
    let engine = late.over(late.shop.clone(), Arc::new(gate.clone()), Arc::clone(&late.store));
    let paused = tokio::spawn(async move { engine.run(&RunControl::default()).await });
    gate.reached(&paused).await;
    // Its lease runs out; somebody else does the work, and more happens.
    world.clock.pass(chrono::Duration::hours(1));
    world.run().await;
    world.shop.customer("c01", &format!("Changed {}", dice.roll(1000)));
    world.run().await;
    gate.wake();
    let _ = paused.await.unwrap();
}

/// A run, and the postman with it.
async fn lived(world: &World, postman: &Postman) {
    let engine = world.engine().with_notifier(Arc::new(postman.clone()));
    drop(engine.run(&RunControl::default()).await);
}

/// Whatever happened, it works in the end; people were told of each stop and that it works again, in turn, under one name
/// however often a letter was sent.
async fn assert_told(world: &World, postman: &Postman, seed: u64) {
    let status = world.store.status().await.unwrap().remove(0);
    assert_eq!((status.state, status.unsent), (ConnectionState::Active, 0), "seed {seed}: {status:?}");
    let mut names = std::collections::BTreeSet::new();
    let letters = postman.taken().into_iter().filter(|letter| names.insert(letter.id.clone()));
    let told: Vec<_> = letters.map(|letter| letter.about).collect();
    let in_turn = told.chunks(2).all(|pair| pair == [AlertKind::Stopped, AlertKind::WorksAgain]);
    assert!(in_turn, "seed {seed}: {told:?}");
}

async fn life(seed: u64, mut world: World) {
    let postman = Postman::default();
    world.plan = world.plan.replacen("enabled = true", "enabled = true\n    alerts = [\"a@example.com\"]", 1);
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(7));
    world.shop.customers(12);
    world.run().await;
    for day in 0..12 {
        let (one, other) = (dice.roll(16), dice.roll(16));
        match dice.roll(7) {
            0 => world.shop.customer(&format!("c{one:02}"), &format!("Name {}", dice.roll(100))),
            1 => world.shop.subscription(
                &format!("s{one:02}"),
                &format!("c{other:02}"),
                dice.roll(9).try_into().unwrap(),
            ),
            2 => {
                // A customer goes with everything of it, as distributors have it.
                let id = format!("c{one:02}");
                let mut records = world.shop.records();
                records.customers.remove(&id);
                records.subscriptions.retain(|_, seats| seats.customer.as_str() != id);
            }
            3 => drop(world.shop.records().subscriptions.remove(&format!("s{one:02}"))),
            _ => {}
        }
        let lies = [
            Lie::None,
            Lie::None,
            Lie::None,
            Lie::NoTotal,
            Lie::Hides,
            Lie::Short,
            Lie::Empty,
            Lie::Forbidden,
            Lie::Shifts,
            Lie::Breaks,
            Lie::Endless,
        ];
        let lie = lies[usize::try_from(dice.roll(lies.len() as u64)).unwrap()];
        world.shop.records().lie = lie;
        let had = world.ids(EntityKind::Customer);
        world.clock.pass(chrono::Duration::hours(i64::try_from(dice.roll(9)).unwrap()));
        match dice.roll(4) {
            0 => {
                let fuse = Fuse::after(dice.roll(120));
                let inner: Arc<dyn Notifier> = Arc::new(postman.clone());
                let engine = world.dying(&fuse).with_notifier(Arc::new(Dying::of(inner, &fuse)));
                drop(engine.run(&RunControl::default()).await);
            }
            1 if lie == Lie::None => zombie(&world, &mut dice).await,
            _ => {
                world.clock.pass(chrono::Duration::hours(1));
                lived(&world, &postman).await;
            }
        }
        // Nothing that lives, and was there, is ever removed.
        let lives: Vec<String> = world.shop.records().customers.keys().cloned().collect();
        world.shop.records().lie = Lie::None;
        world.clock.pass(chrono::Duration::hours(1));
        lived(&world, &postman).await;
        let has = world.ids(EntityKind::Customer);
        for id in lives {
            assert!(
                !had.contains(&id) || has.contains(&id),
                "seed {seed}, day {day}: {id} lives and was removed"
            );
        }
    }
    // What has been gone since yesterday is allowed to go.
    let quiet = RunControl::default().allow_removals(1000);
    for _ in 0..6 {
        world.clock.pass(chrono::Duration::hours(7));
        world.run_with(&quiet).await;
    }
    // Seats of a customer of which all are gone at once are nobody's to remove without a person.
    let living: Vec<String> = world.shop.records().subscriptions.keys().cloned().collect();
    let rows = world.ids(EntityKind::Subscription);
    assert!(
        living.iter().all(|id| rows.contains(id) || !world.knows_parent(id)),
        "seed {seed}: {living:?} {rows:?}"
    );
    let report = world.run_with(&quiet).await;
    assert!(report.kinds.iter().all(KindReport::is_quiet), "seed {seed}: writes stop: {report:?}");
    let suspected = report.kind(EntityKind::Subscription).map_or(0, |kind| kind.suspected);
    let dead = rows.iter().filter(|id| !living.contains(id)).count() as u64;
    assert_eq!(dead, suspected, "seed {seed}: what is left is told: {rows:?} {living:?}");
    let theirs: std::collections::BTreeSet<String> = world.shop.records().customers.keys().cloned().collect();
    assert_eq!(world.ids(EntityKind::Customer), theirs, "seed {seed}");
    lived(&world, &postman).await;
    assert_told(&world, &postman, seed).await;
}

/// With the application in tables, and the store beside them.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
#[tokio::test]
async fn many_lives_in_tables_end_in_step() {
    for home in Home::all() {
        let base = beside(home);
        for seed in 0..lives(base) {
            life(seed, World::on(base).await.with_tables(home).await).await;
        }
        println!("{home:?}: {} lives", lives(base));
    }
}

/// 40 lives, or as many as `SYNC_SEEDS` says.
fn seeds() -> u64 {
    std::env::var("SYNC_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(40)
}

/// Of every other life, pages that came already are put together.
fn together(seed: u64) -> usize {
    if seed.is_multiple_of(2) { 0 } else { 100 }
}

/// Of them all in memory, a tenth in a file, and on a server, where each takes seconds, one of 25.
fn lives(base: Base) -> u64 {
    match base {
        Base::Memory => seeds(),
        #[cfg(feature = "sqlite")]
        Base::File => seeds().div_ceil(10),
        #[cfg(feature = "postgres")]
        Base::Server => seeds().div_ceil(25),
    }
}

#[tokio::test]
async fn many_lives_end_in_step() {
    for base in Base::all() {
        for seed in 0..lives(base) {
            let world = World::on(base).await;
            life(seed, World { together: together(seed), ..world }).await;
        }
        println!("{base:?}: {} lives", lives(base));
    }
}
