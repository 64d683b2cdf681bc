//! Values and their versions.

use std::sync::Arc;

use provider_core::Result;
use provider_core::token::{TokenKey, TokenStore};
use secrecy::ExposeSecret;

use super::{CaseResult, StoreFixture, account, text, value};
use crate::seam::{all, expect};

/// Nothing is stored under a key that was never written.
///
/// # Errors
/// The expectation that failed.
pub async fn an_unwritten_key_is_empty(fixture: &dyn StoreFixture) -> CaseResult {
    let store = fixture.open().await?;
    expect(store.load(&account("unwritten")).await?.is_none(), "an unwritten key loads as `None`")
}

/// The first write expects that nothing is there, and is refused when something is.
///
/// # Errors
/// The expectation that failed.
pub async fn the_first_write_happens_once(fixture: &dyn StoreFixture) -> CaseResult {
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
pub async fn a_stale_version_is_refused(fixture: &dyn StoreFixture) -> CaseResult {
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
pub async fn keys_do_not_meet(fixture: &dyn StoreFixture) -> CaseResult {
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
pub async fn values_come_back_whole(fixture: &dyn StoreFixture) -> CaseResult {
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
pub async fn two_handles_share_one_place(fixture: &dyn StoreFixture) -> CaseResult {
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
pub async fn no_update_is_lost(fixture: &dyn StoreFixture) -> CaseResult {
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

/// What was confirmed is there for a handle that is opened after all others were dropped.
///
/// # Errors
/// The expectation that failed.
pub async fn a_write_outlives_its_handle(fixture: &dyn StoreFixture) -> CaseResult {
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
