//! The exclusive right to renew a chain.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::{Either, select};
use provider_core::token::{Lease, TokenKey, TokenStore};
use provider_core::{Error, Result};

use super::{CaseResult, HangingHolder, LONG, PATIENCE, SeamViolation, StoreFixture, account, text, value};
use crate::seam::{all, expect};

/// While one handle holds the lease no other gets it; dropped, it passes on.
///
/// # Errors
/// The expectation that failed.
pub async fn a_lease_excludes_others(fixture: &dyn StoreFixture) -> CaseResult {
    let (one, two, key) = (fixture.open().await?, fixture.open().await?, account("leased"));
    let held = one.lease(&key, LONG).await?;
    expect(held.is_held(), "a new lease is held")?;
    for store in [&one, &two] {
        expect(!obtains(&**store, &key).await?, "while it is held nobody else gets a lease")?;
    }
    expect(held.is_held(), "a lease is still held after others asked for it")?;
    drop(held);
    expect(passes_on(&*two, &key).await?, "a dropped lease passes on")
}

/// Leases of different keys have nothing to do with each other.
///
/// # Errors
/// The expectation that failed.
pub async fn leases_of_two_keys_are_apart(fixture: &dyn StoreFixture) -> CaseResult {
    let store = fixture.open().await?;
    let held = store.lease(&account("lease a"), LONG).await?;
    let free = passes_on(&*store, &account("lease b")).await?;
    drop(held);
    expect(free, "the lease of one key does not hold up another key")
}

/// Whoever holds the lease can read and write.
///
/// # Errors
/// The expectation that failed.
pub async fn the_holder_reads_and_writes(fixture: &dyn StoreFixture) -> CaseResult {
    let (store, key) = (fixture.open().await?, account("held"));
    let held = store.lease(&key, LONG).await?;
    let work = async {
        store.compare_and_swap(&key, None, text("one")).await?;
        value(&*store, &key).await
    };
    let seen = within(LONG, work).await;
    drop(held);
    let seen = seen.ok_or_else(|| SeamViolation("reading and writing under the lease ends".to_owned()))?;
    expect(seen?.as_deref() == Some("one"), "the holder sees what it wrote")
}

/// A caller that gives up waiting leaves nothing behind.
///
/// # Errors
/// The expectation that failed.
pub async fn a_waiter_that_gives_up_holds_nothing(fixture: &dyn StoreFixture) -> CaseResult {
    let (store, key) = (fixture.open().await?, account("given up"));
    let held = store.lease(&key, LONG).await?;
    expect(!obtains(&*store, &key).await?, "the waiter gave up while the lease was held")?;
    drop(held);
    let next = within(LONG, store.lease(&key, LONG)).await;
    expect(next.is_some(), "the lease is free although a waiter was dropped")?;
    Ok(())
}

/// Of many that want the lease at once, one at a time has it.
///
/// # Errors
/// The expectation that failed.
pub async fn holders_take_turns(fixture: &dyn StoreFixture) -> CaseResult {
    let (inside, overlaps) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let mut holders = Vec::new();
    for _ in 0..6 {
        let store = fixture.open().await?;
        let (inside, overlaps) = (Arc::clone(&inside), Arc::clone(&overlaps));
        holders.push(async move {
            for _ in 0..3 {
                let held = store.lease(&account("turns"), LONG).await?;
                if inside.fetch_add(1, Ordering::SeqCst) != 0 {
                    overlaps.fetch_add(1, Ordering::SeqCst);
                }
                store.load(&account("turns")).await?;
                tokio::task::yield_now().await;
                inside.fetch_sub(1, Ordering::SeqCst);
                drop(held);
            }
            Ok::<(), Error>(())
        });
    }
    for outcome in all(holders).await {
        outcome?;
    }
    expect(overlaps.load(Ordering::SeqCst) == 0, "no two hold the lease at the same time")
}

/// A holder that hangs loses the lease after its time to live, or keeps it as long as it lives: as the
/// fixture declares.
///
/// # Errors
/// The expectation that failed.
pub async fn a_hanging_holder_is_handled_as_declared(fixture: &dyn StoreFixture) -> CaseResult {
    let (one, two, key) = (fixture.open().await?, fixture.open().await?, account("hanging"));
    let held = one.lease(&key, PATIENCE / 3).await?;
    match fixture.hanging_holder() {
        HangingHolder::LosesLeaseAfterTtl => {
            let taken = within(LONG, two.lease(&key, LONG)).await;
            let taken = taken.ok_or_else(|| {
                SeamViolation("another gets the lease once its time to live is over".to_owned())
            })??;
            expect(!held.is_held(), "the first holder can tell that it lost the lease")?;
            // The late drop of a lost lease must not free the one that followed.
            drop(held);
            expect(taken.is_held(), "dropping a lost lease does not end its successor")?;
            expect(!obtains(&*one, &key).await?, "dropping a lost lease lets nobody else in")
        }
        HangingHolder::KeepsLeaseWhileAlive => {
            expect(!obtains(&*two, &key).await?, "nobody else gets it while its holder lives")?;
            expect(held.is_held(), "the lease is held while its holder lives")
        }
    }
}

/// Whether the lease can be had at all: where it is free, however slow the disk is.
async fn passes_on(store: &dyn TokenStore, key: &TokenKey) -> Result<bool> {
    match within(LONG, store.lease(key, LONG)).await {
        Some(lease) => lease.map(|_: Box<dyn Lease>| true),
        None => Ok(false),
    }
}

/// Whether the lease can be had in a moment, where it should not be. How long that is on this machine, leases that are free
/// tell: whoever gets them could have got this one.
async fn obtains(store: &dyn TokenStore, key: &TokenKey) -> Result<bool> {
    let moment = async {
        tokio::time::sleep(PATIENCE).await;
        for number in 0..3 {
            drop(store.lease(&account(&format!("meanwhile {number}")), LONG).await?);
        }
        Ok::<(), Error>(())
    };
    match select(pin!(store.lease(key, LONG)), pin!(within(LONG, moment))).await {
        Either::Left((lease, _)) => lease.map(|_: Box<dyn Lease>| true),
        Either::Right((ended, _)) => ended.unwrap_or(Ok(())).map(|()| false),
    }
}

async fn within<F: Future>(limit: Duration, work: F) -> Option<F::Output> {
    tokio::time::timeout(limit, work).await.ok()
}
