//! What every token store has to do, as cases that anybody can run against their own.
//!
//! Implement [`StoreFixture`] and call [`token_store_conformance!`](crate::token_store_conformance) in a
//! test file: it makes one test of each case.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use provider_core::{Error, Lease, Result, TokenKey, TokenStore};
use secrecy::{ExposeSecret, SecretString};

/// Long enough for any store to answer, short enough to wait for in a test that expects no answer.
const PATIENCE: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_secs(60);

/// One place where tokens are kept, which the cases open as often as they like.
#[async_trait]
pub trait StoreFixture: fmt::Debug + Send + Sync {
    /// A new handle on the same place, as another process would have it.
    ///
    /// # Errors
    /// Any failure to open it.
    async fn open(&self) -> Result<Arc<dyn TokenStore>>;

    /// How this store gets a lease back from a holder that hangs.
    fn hanging_holder(&self) -> HangingHolder;
}

/// How a store gets a lease back from a holder that hangs without dropping it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HangingHolder {
    /// After the time to live that the holder asked for.
    LosesLeaseAfterTtl,
    /// Never while the holder's process lives: the store notices its end by itself.
    KeepsLeaseWhileAlive,
}

/// A case that failed: which expectation, and what was there instead.
#[derive(Debug, Clone)]
pub struct Violation(String);

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Violation {}

impl From<Error> for Violation {
    fn from(error: Error) -> Self {
        Self(format!("the store failed: {error}"))
    }
}

type Outcome = std::result::Result<(), Violation>;

fn expect(holds: bool, expectation: &str) -> Outcome {
    if holds { Ok(()) } else { Err(Violation(expectation.to_owned())) }
}

fn text(value: &str) -> SecretString {
    SecretString::from(value)
}

async fn value(store: &dyn TokenStore, key: &TokenKey) -> Result<Option<String>> {
    Ok(store.load(key).await?.map(|stored| stored.value.expose_secret().to_owned()))
}

fn account(name: &str) -> TokenKey {
    TokenKey::new("conformance", name)
}

/// Nothing is stored under a key that was never written.
///
/// # Errors
/// The expectation that failed.
pub async fn an_unwritten_key_is_empty(fixture: &dyn StoreFixture) -> Outcome {
    let store = fixture.open().await?;
    expect(store.load(&account("unwritten")).await?.is_none(), "an unwritten key loads as `None`")
}

/// The first write expects that nothing is there, and is refused when something is.
///
/// # Errors
/// The expectation that failed.
pub async fn the_first_write_happens_once(fixture: &dyn StoreFixture) -> Outcome {
    let (store, key) = (fixture.open().await?, account("first"));
    expect(store.compare_and_swap(&key, None, text("one")).await?, "the first write succeeds")?;
    expect(
        !store.compare_and_swap(&key, None, text("two")).await?,
        "a second write that expects nothing is refused",
    )?;
    expect(value(&*store, &key).await?.as_deref() == Some("one"), "a refused write changes nothing")
}

/// A write that expects a version that is gone, or one that never was, is refused and changes nothing;
/// versions grow.
///
/// # Errors
/// The expectation that failed.
pub async fn a_stale_version_is_refused(fixture: &dyn StoreFixture) -> Outcome {
    let (store, key) = (fixture.open().await?, account("stale"));
    expect(
        !store.compare_and_swap(&key, Some(1), text("zero")).await?,
        "a write that expects a version is refused while nothing is stored",
    )?;
    expect(store.load(&key).await?.is_none(), "that refused write left nothing behind")?;
    store.compare_and_swap(&key, None, text("one")).await?;
    let first = store.load(&key).await?.map(|stored| stored.version);
    expect(first.is_some(), "what was written is there")?;
    expect(
        store.compare_and_swap(&key, first, text("two")).await?,
        "a write that expects the stored version succeeds",
    )?;
    let second = store.load(&key).await?.map(|stored| stored.version);
    expect(second > first, "the version grows with every write")?;
    expect(
        !store.compare_and_swap(&key, first, text("three")).await?,
        "a write that expects the version before is refused",
    )?;
    expect(value(&*store, &key).await?.as_deref() == Some("two"), "a refused write changes nothing")
}

/// Keys that read alike are apart, whatever characters they hold.
///
/// # Errors
/// The expectation that failed.
pub async fn keys_do_not_meet(fixture: &dyn StoreFixture) -> Outcome {
    let store = fixture.open().await?;
    let long = "x".repeat(300);
    let accounts =
        ["a/b", "a_b", "A_B", "a b", "..", "../a_b", "a\\b", "a:b", "ä", "", "%", "'", "\u{1F511}", &long];
    let mut keys: Vec<TokenKey> = accounts.iter().map(|name| account(name)).collect();
    keys.push(TokenKey::new("conformance/a", "b"));
    keys.push(TokenKey::new("conformanc", "ea_b"));
    for (number, key) in keys.iter().enumerate() {
        expect(
            store.compare_and_swap(key, None, text(&number.to_string())).await?,
            &format!("the key {key:?} is free although others are written"),
        )?;
    }
    for (number, key) in keys.iter().enumerate() {
        expect(
            value(&*store, key).await? == Some(number.to_string()),
            &format!("the key {key:?} holds its own value"),
        )?;
    }
    Ok(())
}

/// A value comes back byte for byte, long or strange.
///
/// # Errors
/// The expectation that failed.
pub async fn values_come_back_whole(fixture: &dyn StoreFixture) -> Outcome {
    let (store, key) = (fixture.open().await?, account("whole"));
    let long = "0123456789abcdef".repeat(4096);
    let mut version = None;
    for written in ["{\"a\":\"\\\"\\u0000\"}", "line\nbreak\r\ttab", "ünïcödé \u{1F511}", &long, ""] {
        expect(store.compare_and_swap(&key, version, text(written)).await?, "the write succeeds")?;
        let stored = store.load(&key).await?;
        version = stored.as_ref().map(|stored| stored.version);
        expect(
            stored.is_some_and(|stored| stored.value.expose_secret() == written),
            "the value comes back as it was written",
        )?;
    }
    Ok(())
}

/// What one handle wrote, another sees at once and can build on.
///
/// # Errors
/// The expectation that failed.
pub async fn two_handles_share_one_place(fixture: &dyn StoreFixture) -> Outcome {
    let (one, two, key) = (fixture.open().await?, fixture.open().await?, account("shared"));
    expect(one.compare_and_swap(&key, None, text("one")).await?, "the first handle writes")?;
    let seen = two.load(&key).await?;
    expect(
        seen.as_ref().is_some_and(|stored| stored.value.expose_secret() == "one"),
        "the second handle sees it",
    )?;
    let version = seen.map(|stored| stored.version);
    expect(two.compare_and_swap(&key, version, text("two")).await?, "the second handle writes on")?;
    expect(
        !one.compare_and_swap(&key, version, text("three")).await?,
        "the first handle, which knows the old version, is refused",
    )?;
    expect(value(&*one, &key).await?.as_deref() == Some("two"), "and sees what the second wrote")
}

/// Eight writers at once, each adding one to a number: none is lost.
///
/// # Errors
/// The expectation that failed.
pub async fn no_update_is_lost(fixture: &dyn StoreFixture) -> Outcome {
    const WRITERS: u32 = 8;
    const EACH: u32 = 10;
    let key = account("counter");
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        writers.push(add(fixture.open().await?, key.clone(), EACH));
    }
    for outcome in all(writers).await {
        outcome?;
    }
    let total = value(&*fixture.open().await?, &key).await?;
    expect(
        total.as_deref() == Some("80"),
        &format!("after 8 writers added 10 times each, the number is 80, not {total:?}"),
    )
}

async fn add(store: Arc<dyn TokenStore>, key: TokenKey, times: u32) -> Result<()> {
    let mut done = 0;
    while done < times {
        let stored = store.load(&key).await?;
        let number: u32 =
            stored.as_ref().and_then(|stored| stored.value.expose_secret().parse().ok()).unwrap_or(0);
        let version = stored.map(|stored| stored.version);
        if store.compare_and_swap(&key, version, text(&(number + 1).to_string())).await? {
            done += 1;
        } else {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

/// While one handle holds the lease no other gets it; dropped, it passes on.
///
/// # Errors
/// The expectation that failed.
pub async fn a_lease_excludes_others(fixture: &dyn StoreFixture) -> Outcome {
    let (one, two, key) = (fixture.open().await?, fixture.open().await?, account("leased"));
    let held = one.lease(&key, LONG).await?;
    expect(held.is_held(), "a new lease is held")?;
    for store in [&one, &two] {
        expect(!obtains(&**store, &key).await?, "while it is held nobody else gets a lease")?;
    }
    expect(held.is_held(), "a lease is still held after others asked for it")?;
    drop(held);
    expect(obtains(&*two, &key).await?, "a dropped lease passes on")
}

/// Leases of different keys have nothing to do with each other.
///
/// # Errors
/// The expectation that failed.
pub async fn leases_of_two_keys_are_apart(fixture: &dyn StoreFixture) -> Outcome {
    let store = fixture.open().await?;
    let held = store.lease(&account("lease a"), LONG).await?;
    let free = obtains(&*store, &account("lease b")).await?;
    drop(held);
    expect(free, "the lease of one key does not hold up another key")
}

/// Whoever holds the lease can read and write.
///
/// # Errors
/// The expectation that failed.
pub async fn the_holder_reads_and_writes(fixture: &dyn StoreFixture) -> Outcome {
    let (store, key) = (fixture.open().await?, account("held"));
    let held = store.lease(&key, LONG).await?;
    let work = async {
        store.compare_and_swap(&key, None, text("one")).await?;
        value(&*store, &key).await
    };
    let seen = within(LONG, work).await;
    drop(held);
    let seen = seen.ok_or_else(|| Violation("reading and writing under the lease ends".to_owned()))?;
    expect(seen?.as_deref() == Some("one"), "the holder sees what it wrote")
}

/// A caller that gives up waiting leaves nothing behind.
///
/// # Errors
/// The expectation that failed.
pub async fn a_waiter_that_gives_up_holds_nothing(fixture: &dyn StoreFixture) -> Outcome {
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
pub async fn holders_take_turns(fixture: &dyn StoreFixture) -> Outcome {
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
pub async fn a_hanging_holder_is_handled_as_declared(fixture: &dyn StoreFixture) -> Outcome {
    let (one, two, key) = (fixture.open().await?, fixture.open().await?, account("hanging"));
    let held = one.lease(&key, PATIENCE / 3).await?;
    match fixture.hanging_holder() {
        HangingHolder::LosesLeaseAfterTtl => {
            let taken = within(LONG, two.lease(&key, LONG)).await;
            let taken = taken.ok_or_else(|| {
                Violation("another gets the lease once its time to live is over".to_owned())
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

/// What was confirmed is there for a handle that is opened after all others were dropped.
///
/// # Errors
/// The expectation that failed.
pub async fn a_write_outlives_its_handle(fixture: &dyn StoreFixture) -> Outcome {
    let key = account("durable");
    let store = fixture.open().await?;
    expect(store.compare_and_swap(&key, None, text("one")).await?, "the write succeeds")?;
    let before = store.load(&key).await?.map(|stored| stored.version);
    drop(store);
    let store = fixture.open().await?;
    let after = store.load(&key).await?;
    expect(
        after.as_ref().is_some_and(|stored| stored.value.expose_secret() == "one"),
        "the value is there after all handles were dropped",
    )?;
    let after = after.map(|stored| stored.version);
    expect(after == before, "its version is the same")?;
    expect(store.compare_and_swap(&key, after, text("two")).await?, "and can be written on")
}

/// Whether the lease can be had in a moment.
async fn obtains(store: &dyn TokenStore, key: &TokenKey) -> Result<bool> {
    match within(PATIENCE, store.lease(key, LONG)).await {
        Some(lease) => lease.map(|_: Box<dyn Lease>| true),
        None => Ok(false),
    }
}

async fn within<F: Future>(limit: Duration, work: F) -> Option<F::Output> {
    tokio::time::timeout(limit, work).await.ok()
}

async fn all<F: Future>(work: Vec<F>) -> Vec<F::Output> {
    futures_util::future::join_all(work).await
}

/// Runs a case to its end on a runtime of its own. Used by
/// [`token_store_conformance!`](crate::token_store_conformance).
///
/// # Errors
/// What the case answers, or that no runtime could be had.
pub fn run(case: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Violation(format!("no runtime: {e}")))?
        .block_on(case)
}

/// Makes a module of tests, one of each case, for a token store.
///
/// The second argument is evaluated in every test and gives a [`StoreFixture`] on a fresh place.
///
/// ```
/// use std::sync::Arc;
///
/// use provider_core::{MemoryTokenStore, Result, TokenStore};
/// use provider_http::token::conformance::{HangingHolder, StoreFixture};
///
/// #[derive(Debug, Default)]
/// struct InMemory(MemoryTokenStore);
///
/// #[async_trait::async_trait]
/// impl StoreFixture for InMemory {
///     async fn open(&self) -> Result<Arc<dyn TokenStore>> {
///         Ok(Arc::new(self.0.clone()))
///     }
///
///     fn hanging_holder(&self) -> HangingHolder {
///         HangingHolder::LosesLeaseAfterTtl
///     }
/// }
///
/// provider_http::token_store_conformance!(in_memory, InMemory::default());
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! token_store_conformance {
    ($name:ident, $fixture:expr) => {
        $crate::token_store_conformance! { @cases $name, $fixture,
            an_unwritten_key_is_empty
            the_first_write_happens_once
            a_stale_version_is_refused
            keys_do_not_meet
            values_come_back_whole
            two_handles_share_one_place
            no_update_is_lost
            a_lease_excludes_others
            leases_of_two_keys_are_apart
            the_holder_reads_and_writes
            a_waiter_that_gives_up_holds_nothing
            holders_take_turns
            a_hanging_holder_is_handled_as_declared
            a_write_outlives_its_handle
        }
    };
    (@cases $name:ident, $fixture:expr, $($case:ident)*) => {
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[test]
            fn $case() {
                let fixture = $fixture;
                let outcome =
                    $crate::token::conformance::run($crate::token::conformance::$case(&fixture));
                assert!(outcome.is_ok(), "{}", outcome.err().map(|e| e.to_string()).unwrap_or_default());
            })*
        }
    };
}
