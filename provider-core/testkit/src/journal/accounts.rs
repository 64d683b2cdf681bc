//! Whose a key is.

use provider_core::ErrorKind;
use provider_core::journal::Begin;

use super::seed::{
    account, armed, baseline, change, done, fresh, of_before, open, receipt, refused, two, unlike,
};
use super::{CaseResult, JournalFixture, LONG};
use crate::seam::expect;

/// The same key and the same record in two accounts are two intents on two records.
///
/// # Errors
/// The expectation that failed.
pub async fn two_accounts_do_not_meet(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let here = change("same", "S-1");
    let mut there = here.clone().with_account(account("B"));
    "another connection".clone_into(&mut there.connection);
    let fence = armed(&*one, &here, baseline(), LONG).await?;
    let elsewhere = armed(&*other, &there, baseline(), LONG).await?;
    one.finish(&here, fence, &receipt()).await?;
    other.leave_open(&there, elsewhere).await?;
    done(&*other, &here).await?;
    open(&*one, &there, LONG).await.map(drop)
}

/// A connection is a name for people; the keys belong to the account.
///
/// # Errors
/// The expectation that failed.
pub async fn a_renamed_connection_keeps_its_keys(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let before = change("renamed", "S-1");
    let mut after = before.clone();
    "the same under another name".clone_into(&mut after.connection);
    let fence = armed(&*one, &before, baseline(), LONG).await?;
    let mut beside = change("beside", "S-1");
    beside.connection.clone_from(&after.connection);
    match other.begin(&beside, LONG).await? {
        Begin::Blocked(_) => {}
        found => return Err(unlike("the records of an account are the same under every name", &found)),
    }
    one.finish(&before, fence, &receipt()).await?;
    done(&*other, &after).await.map(drop)
}

/// The keys of a connection whose account was replaced would be new, and order again; a person moves them.
///
/// # Errors
/// The expectation that failed.
pub async fn another_account_on_the_connection_is_refused(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let (open_one, done_one) = (change("open", "S-1"), change("done", "S-2"));
    let fence = armed(&*one, &open_one, baseline(), LONG).await?;
    one.leave_open(&open_one, fence).await?;
    let fence = armed(&*one, &done_one, baseline(), LONG).await?;
    one.finish(&done_one, fence, &receipt()).await?;
    let replaced = |attempt: &provider_core::Attempt| attempt.clone().with_account(account("B"));
    let error = refused(
        other.begin(&replaced(&change("new", "S-3")), LONG).await,
        ErrorKind::Refused,
        "another account on the same connection is refused",
    )?;
    for name in ["account A", "account B"] {
        expect(error.message().contains(name), "the refusal names both accounts")?;
    }
    let moved = other.move_account(&account("A"), &account("B")).await;
    if !fixture.keeps_house() {
        return refused(moved, ErrorKind::Unsupported, "moving is refused").map(drop);
    }
    expect(moved? == 2, "moving answers how many entries were moved")?;
    done(&*one, &replaced(&done_one)).await?;
    open(&*one, &replaced(&open_one), LONG).await?;
    expect(
        other.move_account(&account("A"), &account("B")).await? == 0,
        "what was moved is not there any more",
    )
}

/// Two entries under one key would be one of them too few.
///
/// # Errors
/// The expectation that failed.
pub async fn a_key_in_both_accounts_moves_nothing(fixture: &dyn JournalFixture) -> CaseResult {
    if !fixture.keeps_house() {
        return Ok(());
    }
    let (one, other) = two(fixture).await?;
    let (both, alone) = (change("both", "S-1"), change("alone", "S-2"));
    let mut there = both.clone().with_account(account("B"));
    "another connection".clone_into(&mut there.connection);
    for attempt in [&both, &alone, &there] {
        let fence = armed(&*one, attempt, baseline(), LONG).await?;
        one.finish(attempt, fence, &receipt()).await?;
    }
    let moved = other.move_account(&account("A"), &account("B")).await;
    refused(moved, ErrorKind::Refused, "moving a key that stands in both accounts is refused")?;
    for attempt in [&both, &alone, &there] {
        done(&*other, attempt).await?;
    }
    Ok(())
}

/// What was stored under a connection's name alone answers for the account that the connection has now.
///
/// # Errors
/// The expectation that failed.
pub async fn an_entry_of_before_becomes_its_accounts(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    for (name, subscription) in [("was done", "S-1"), ("was open", "S-2")] {
        let before = of_before(name, subscription);
        let fence = armed(&*one, &before, baseline(), LONG).await?;
        if name == "was done" {
            one.finish(&before, fence, &receipt()).await?;
        } else {
            one.leave_open(&before, fence).await?;
        }
    }
    done(&*other, &change("was done", "S-1")).await?;
    let (found, _) = open(&*other, &change("was open", "S-2"), LONG).await?;
    expect(found.account == Some(account("A")), "an entry of before becomes the account's own")?;
    let mut elsewhere = change("was done", "S-1");
    "a connection of another name".clone_into(&mut elsewhere.connection);
    done(&*one, &elsewhere).await.map(drop)
}

/// An attempt that was stored under a connection's name alone guards its record too.
///
/// # Errors
/// The expectation that failed.
pub async fn an_entry_of_before_guards_its_record(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    armed(&*one, &of_before("guard", "S-1"), baseline(), LONG).await?;
    match other.begin(&change("beside", "S-1"), LONG).await? {
        Begin::Blocked(_) => {}
        found => return Err(unlike("a record under an attempt of before is guarded", &found)),
    }
    fresh(&*other, &change("elsewhere", "S-2"), LONG).await.map(drop)
}
