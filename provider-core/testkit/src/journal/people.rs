//! What people and housekeeping do.

use chrono::{DateTime, Utc};
use provider_core::journal::{Begin, Journal, Settlement};
use provider_core::receipt::{Credentials, Judgement};
use provider_core::{Attempt, ErrorKind, IdempotencyKey};
use secrecy::SecretString;

use super::seed::{account, armed, baseline, change, done, fresh, key, receipt, refused, start, two, unlike};
use super::{CaseResult, JournalFixture, LONG, SHORT, SeamViolation};
use crate::seam::expect;

const WHO: &str = "somebody";

/// An attempt of which nobody knows what came.
async fn unknown(journal: &dyn Journal, attempt: &Attempt) -> Result<(), SeamViolation> {
    let fence = armed(journal, attempt, baseline(), LONG).await?;
    Ok(journal.leave_open(attempt, fence).await?)
}

fn keys(attempts: &[Attempt]) -> Vec<IdempotencyKey> {
    attempts.iter().map(|attempt| attempt.key.clone()).collect()
}

/// What may have been sent and was never settled is listed, the oldest first; nothing else is.
///
/// # Errors
/// The expectation that failed.
pub async fn what_is_open_is_listed(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    if !fixture.keeps_house() {
        let listed = one.open_attempts(None).await;
        return refused(listed, ErrorKind::Unsupported, "listing is refused").map(drop);
    }
    expect(one.open_attempts(None).await?.is_empty(), "of a new journal nothing is open")?;
    let (mut younger, older) = (change("younger", "S-1"), change("older", "S-2"));
    younger.started_at = start() + chrono::Duration::hours(1);
    let mut elsewhere = change("elsewhere", "S-1").with_account(account("B"));
    "another connection".clone_into(&mut elsewhere.connection);
    elsewhere.started_at = start() + chrono::Duration::hours(2);
    unknown(&*one, &younger).await?;
    armed(&*one, &older, baseline(), LONG).await?;
    unknown(&*one, &elsewhere).await?;
    fresh(&*one, &change("reserved", "S-4"), LONG).await?;
    let ended = change("done", "S-5");
    let fence = armed(&*one, &ended, baseline(), LONG).await?;
    one.finish(&ended, fence, &receipt()).await?;
    let own = vec![key("older"), key("younger")];
    let listed = other.open_attempts(Some(&account("A"))).await?;
    expect(keys(&listed) == own, "what is open of an account is listed, the oldest first")?;
    expect(listed.iter().all(|attempt| attempt.baseline == baseline()), "what is listed has its notes")?;
    let all = vec![key("older"), key("younger"), key("elsewhere")];
    expect(keys(&other.open_attempts(None).await?) == all, "what is open of all accounts is listed")
}

/// A person's word ends the doubt, and it is known whose word it is that the key answers.
///
/// # Errors
/// The expectation that failed.
pub async fn a_person_settles_what_is_open(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("happened", "S-1");
    unknown(&*one, &attempt).await?;
    let mut given = receipt();
    given.credentials = Some(Credentials::new("admin", SecretString::from("once")));
    let settled = other.settle(&attempt.key, Settlement::applied(given), WHO).await;
    if !fixture.keeps_house() {
        return refused(settled, ErrorKind::Unsupported, "settling is refused").map(drop);
    }
    settled?;
    let stored = done(&*one, &attempt).await?;
    expect(stored.judged_by == Judgement::Person, "a settled receipt says that a person said so")?;
    expect(stored.customer == receipt().customer, "a settled receipt is the person's")?;
    expect(stored.credentials.is_none(), "a settled receipt has no credentials")?;
    expect(one.open_attempts(None).await?.is_empty(), "what was settled is open no longer")?;
    fresh(&*one, &change("next", "S-1"), LONG).await.map(drop)
}

/// After a person's word that nothing happened, the key is sent again and the record is free.
///
/// # Errors
/// The expectation that failed.
pub async fn a_person_says_that_it_never_happened(fixture: &dyn JournalFixture) -> CaseResult {
    if !fixture.keeps_house() {
        return Ok(());
    }
    let (one, other) = two(fixture).await?;
    let attempt = change("never happened", "S-1");
    unknown(&*one, &attempt).await?;
    other.settle(&attempt.key, Settlement::NotApplied, WHO).await?;
    expect(one.open_attempts(None).await?.is_empty(), "what was settled is open no longer")?;
    let beside = change("beside", "S-1");
    let fence = fresh(&*other, &beside, LONG).await?;
    other.release(&beside, fence).await?;
    fresh(&*one, &attempt, LONG).await.map(drop)
}

/// A person's word on what is under way, ended or unknown here is refused, and changes nothing.
///
/// # Errors
/// The expectation that failed.
pub async fn what_is_not_open_is_not_settled(fixture: &dyn JournalFixture) -> CaseResult {
    if !fixture.keeps_house() {
        return Ok(());
    }
    let (one, other) = two(fixture).await?;
    let attempt = change("under way", "S-1");
    let settle = |who: &'static str| other.settle(&attempt.key, Settlement::NotApplied, who);
    let nothing = "settling what is not open is refused";
    refused(settle(WHO).await, ErrorKind::NotFound, nothing)?;
    let fence = fresh(&*one, &attempt, LONG).await?;
    refused(settle(WHO).await, ErrorKind::NotFound, nothing)?;
    one.arm(&attempt.clone().with_baseline(baseline()), fence, LONG).await?;
    let error = refused(settle(WHO).await, ErrorKind::Conflict, "settling what is under way is refused")?;
    expect(error.retry_after().is_some(), "a refused settlement says when to come back")?;
    one.leave_open(&attempt, fence).await?;
    refused(settle(" ").await, ErrorKind::InvalidInput, "a settlement by nobody is refused")?;
    let mut elsewhere = attempt.clone().with_account(account("B"));
    "another connection".clone_into(&mut elsewhere.connection);
    unknown(&*one, &elsewhere).await?;
    refused(settle(WHO).await, ErrorKind::Refused, "settling a key that is open in two accounts is refused")?;
    expect(one.open_attempts(None).await?.len() == 2, "a refused settlement changes nothing")?;
    one.finish(&attempt, fence, &receipt()).await?;
    settle(WHO).await?;
    refused(settle(WHO).await, ErrorKind::NotFound, nothing)?;
    done(&*other, &attempt).await.map(drop)
}

/// No journal of today has entries older than this.
fn long_ago() -> DateTime<Utc> {
    DateTime::from_timestamp(946_684_800, 0).unwrap_or_default()
}

/// The year 9000.
fn some_day() -> DateTime<Utc> {
    DateTime::from_timestamp(221_845_392_000, 0).unwrap_or_default()
}

/// What is open or under way is never forgotten; what ended is, and what was begun and never sent.
///
/// # Errors
/// The expectation that failed.
pub async fn only_what_ended_is_forgotten(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    if !fixture.keeps_house() {
        let forgotten = one.forget(long_ago()).await;
        return refused(forgotten, ErrorKind::Unsupported, "forgetting is refused").map(drop);
    }
    let (ended, still_open) = (change("ended", "S-1"), change("still open", "S-2"));
    let fence = armed(&*one, &ended, baseline(), LONG).await?;
    one.finish(&ended, fence, &receipt()).await?;
    unknown(&*one, &still_open).await?;
    fresh(&*one, &change("lapsed", "S-4"), SHORT).await?;
    fixture.pass(SHORT * 2).await;
    let held = change("held", "S-3");
    fresh(&*one, &held, LONG).await?;
    expect(other.forget(long_ago()).await? == 1, "what was never sent is forgotten at once")?;
    done(&*one, &ended).await?;
    expect(other.forget(some_day()).await? == 1, "what ended before a moment is forgotten, and counted")?;
    expect(other.forget(some_day()).await? == 0, "what was forgotten is not counted again")?;
    expect(keys(&one.open_attempts(None).await?) == [key("still open")], "what is open is not forgotten")?;
    match one.begin(&held, LONG).await? {
        Begin::Busy(_) => {}
        found => return Err(unlike("what is under way is not forgotten", &found)),
    }
    fresh(&*one, &ended, LONG).await.map(drop)
}
