//! What every store promises, each promise by its name: the stores keep them all, and each broken one is told by the
//! promise that it breaks.

use std::error::Error;

use futures_util::future::join_all;
use provider_core::EntityKind;

use super::bases::Base;
use super::crash::Fuse;
use super::distributor::Lie;
use super::stores::{TTL, account, scope, shadow, start, take, waiting};
use super::world::World;
use crate::engine::RunControl;
use crate::report::{KindReport, SyncOutcome, SyncReport};
use crate::store::{PageCommit, PendingType, QueueQuery, RunId, RunLease, StoreErrorKind};

type Told = Result<(), Box<dyn Error + Send + Sync>>;

fn ensure(holds: bool, otherwise: impl Into<String>) -> Told {
    if holds { Ok(()) } else { Err(otherwise.into().into()) }
}

macro_rules! oracles {
    ($($name:literal: $oracle:ident;)+) => {
        /// The promises that a store breaks, each with what was seen. A store is tried in a new world each time.
        pub(super) async fn broken_promises(make: impl AsyncFn() -> World) -> Vec<(&'static str, String)> {
            let mut broken = Vec::new();
            $(if let Err(why) = Box::pin($oracle(&make().await)).await {
                broken.push(($name, why.to_string()));
            })+
            broken
        }

        /// How this store breaks the promise of this name, if it does.
        #[cfg(feature = "postgres")]
        pub(super) async fn broken_promise(name: &str, world: &World) -> Option<String> {
            let told = match name {
                $($name => Box::pin($oracle(world)).await,)+
                other => panic!("nobody promises `{other}`"),
            };
            told.err().map(|why| why.to_string())
        }
    };
}

oracles! {
    "one has the lease": one_has_the_lease;
    "of many at once one gets it": of_many_at_once_one_gets_it;
    "fences grow": fences_grow;
    "a worker that was succeeded is refused": a_successor_is_refused;
    "of a page that is refused nothing is kept": nothing_of_a_refused_page_is_kept;
    "a page is kept": a_page_is_kept;
    "what was met is remembered": what_was_met_is_remembered;
    "what waits is in the queue until it is settled": what_waits_is_in_the_queue;
    "a hint is kept until it is followed": a_hint_is_kept_until_it_is_followed;
    "absence is counted": absence_is_counted;
    "what is removed is forgotten": what_is_removed_is_forgotten;
    "no page is skipped after a crash": no_page_is_skipped;
}

async fn one_has_the_lease(world: &World) -> Told {
    let first = take(&*world.store).await;
    ensure(world.store.lease(&account("one"), TTL).await?.is_none(), "two have it")?;
    world.store.release(&first).await?;
    ensure(world.store.lease(&account("one"), TTL).await?.is_some(), "nobody gets what was given back")
}

async fn of_many_at_once_one_gets_it(world: &World) -> Told {
    let account = account("one");
    let wanted = join_all((0..4).map(|_| world.store.lease(&account, TTL))).await;
    let got = wanted.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().count();
    ensure(got == 1, format!("{got} of 4 got it"))
}

/// A run an hour later: a store that is broken may end it.
async fn ran(world: &World) -> Result<SyncReport, Box<dyn Error + Send + Sync>> {
    world.clock.pass(chrono::Duration::hours(1));
    Ok(world.engine().run(&RunControl::default()).await?)
}

/// One worker, and its successor.
async fn succession(world: &World) -> (RunLease, RunLease) {
    let old = take(&*world.store).await;
    world.clock.pass(chrono::Duration::hours(1));
    (old, take(&*world.store).await)
}

async fn fences_grow(world: &World) -> Told {
    let (old, new) = succession(world).await;
    ensure(new.fence > old.fence, format!("after {} came {}", old.fence, new.fence))
}

async fn opened(world: &World, lease: &RunLease) -> Result<RunId, Box<dyn Error + Send + Sync>> {
    let session = world.store.open_session(lease, &start("one")).await?;
    Ok(world.store.open_kind(lease, &session, &scope()).await?.id)
}

fn of(id: &str) -> PageCommit {
    PageCommit { shadows: vec![shadow(id)], ..PageCommit::default() }
}

async fn a_successor_is_refused(world: &World) -> Told {
    let old = take(&*world.store).await;
    let run = opened(world, &old).await?;
    world.clock.pass(chrono::Duration::hours(1));
    take(&*world.store).await;
    match world.store.commit_page(&old, &scope(), run, of("c1")).await {
        Err(error) if error.kind == StoreErrorKind::Fenced => Ok(()),
        other => Err(format!("it was answered {other:?}").into()),
    }
}

async fn nothing_of_a_refused_page_is_kept(world: &World) -> Told {
    let old = take(&*world.store).await;
    let run = opened(world, &old).await?;
    world.clock.pass(chrono::Duration::hours(1));
    take(&*world.store).await;
    if world.store.commit_page(&old, &scope(), run, of("c1")).await.is_err() {
        ensure(world.store.shadows(&scope(), &["c1"]).await?.is_empty(), "its record is there")?;
    }
    Ok(())
}

async fn a_page_is_kept(world: &World) -> Told {
    let lease = take(&*world.store).await;
    let run = opened(world, &lease).await?;
    world.store.commit_page(&lease, &scope(), run, of("c1")).await?;
    ensure(world.store.shadows(&scope(), &["c1"]).await?.len() == 1, "its record is not there")
}

async fn what_was_met_is_remembered(world: &World) -> Told {
    world.shop.customers(6);
    ran(world).await?;
    let report = ran(world).await?;
    let customers = report.kind(EntityKind::Customer).ok_or("no customers")?;
    ensure(customers.suspected + customers.removed == 0, format!("it is missing: {customers:?}"))
}

async fn what_waits_is_in_the_queue(world: &World) -> Told {
    let lease = take(&*world.store).await;
    let run = opened(world, &lease).await?;
    let page = PageCommit { pending: vec![waiting("c1", "a")], ..PageCommit::default() };
    world.store.commit_page(&lease, &scope(), run, page.clone()).await?;
    ensure(world.store.queue(&QueueQuery::default()).await?.len() == 1, "it is not there")?;
    let page = PageCommit { settled: vec![("c1".into(), PendingType::Match)], ..PageCommit::default() };
    world.store.commit_page(&lease, &scope(), run, page.clone()).await?;
    ensure(world.store.queue(&QueueQuery::default()).await?.is_empty(), "it is still there")
}

async fn a_hint_is_kept_until_it_is_followed(world: &World) -> Told {
    world.shop.customers(1);
    world.engine().hint(EntityKind::Customer, "c00").await?;
    ensure(world.store.hints(&scope(), 10).await? == ["c00"], "it is not kept")?;
    ran(world).await?;
    ensure(world.store.hints(&scope(), 10).await?.is_empty(), "it is never followed")
}

async fn absence_is_counted(world: &World) -> Told {
    world.shop.customers(6);
    ran(world).await?;
    world.shop.records().customers.remove("c05");
    world.shop.records().lie = Lie::NoTotal;
    for _ in 0..2 {
        ran(world).await?;
        world.clock.pass(chrono::Duration::hours(7));
    }
    ensure(!world.ids(EntityKind::Customer).contains("c05"), "what is gone is never removed")
}

async fn what_is_removed_is_forgotten(world: &World) -> Told {
    world.shop.customers(6);
    ran(world).await?;
    world.shop.records().customers.remove("c05");
    ran(world).await?;
    ensure(!world.ids(EntityKind::Customer).contains("c05"), "it is not removed")?;
    ensure(world.store.shadows(&scope(), &["c05"]).await?.is_empty(), "it is remembered")
}

/// The run that goes on after a crash, wherever that was, leaves out nothing that the dead one had not written.
async fn no_page_is_skipped(world: &World) -> Told {
    world.shop.customers(6);
    ran(world).await?;
    for point in 0.. {
        for id in ["c01", "c03", "c05"] {
            world.shop.customer(id, &format!("Changed {point}"));
        }
        let fuse = Fuse::after(point);
        world.clock.pass(chrono::Duration::hours(1));
        let died = world.dying(&fuse).run(&RunControl::default()).await;
        let report = ran(world).await?;
        ensure(report.outcome == SyncOutcome::Completed, format!("{report:?}"))?;
        let rows = world.rows(EntityKind::Customer);
        for id in ["c01", "c03", "c05"] {
            let name = rows.get(id).and_then(|row| row.get("name"));
            let wanted = format!("Changed {point}");
            ensure(name == Some(&wanted), format!("after a crash at {point}: {id} is {name:?}"))?;
        }
        // The next one begins anew.
        let quiet = ran(world).await?;
        ensure(quiet.kinds.iter().all(KindReport::is_quiet), format!("{quiet:?}"))?;
        if died.is_ok_and(|report| report.outcome == SyncOutcome::Completed) {
            break;
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_store_keeps_every_promise() {
    for base in Base::all() {
        assert_eq!(broken_promises(async || World::on(base).await).await, [], "{base:?}");
    }
}
