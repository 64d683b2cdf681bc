//! Attempts on the same record.

use provider_core::Attempt;
use provider_core::attempt::Baseline;
use provider_core::command::Scope;
use provider_core::journal::{Begin, Blocked, Journal};

use super::seed::{armed, baseline, change, fresh, receipt, start, two, unlike};
use super::{CaseResult, JournalFixture, LONG, SHORT, SeamViolation};
use crate::seam::expect;

async fn blocked(journal: &dyn Journal, attempt: &Attempt) -> Result<Blocked, SeamViolation> {
    match journal.begin(attempt, LONG).await? {
        Begin::Blocked(blocked) => Ok(blocked),
        found => Err(unlike("an attempt beside another on the same record is blocked", &found)),
    }
}

/// While one attempt is under way or open where a comparison decides, no other begins on its record.
///
/// # Errors
/// The expectation that failed.
pub async fn one_attempt_at_a_time_on_a_record(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let (first, second) = (change("first", "S-1"), change("second", "S-1"));
    let fence = fresh(&*one, &first, LONG).await?;
    let found = blocked(&*other, &second).await?;
    expect(found.key == first.key, "a blocked attempt says which key stands in the way")?;
    expect(found.scope == Scope::Subscription("S-1".into()), "a blocked attempt says on which record")?;
    expect(found.rest.is_some_and(|rest| rest <= LONG), "a blocked attempt says for how long")?;
    expect(found.by == first.holder, "a blocked attempt says who stands in the way")?;
    let sent = first.clone().with_baseline(baseline());
    one.arm(&sent, fence, SHORT).await?;
    blocked(&*other, &second).await?;
    fixture.pass(SHORT * 2).await;
    let found = blocked(&*other, &second).await?;
    expect(found.rest.is_none(), "an attempt whose outcome nobody knows blocks until it is settled")?;
    one.finish(&sent, fence, &receipt()).await?;
    fresh(&*other, &second, LONG).await.map(drop)
}

/// What was never sent guards its record no longer than its lease.
///
/// # Errors
/// The expectation that failed.
pub async fn a_lapsed_reservation_guards_nothing(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    fresh(&*one, &change("lapsed", "S-1"), SHORT).await?;
    fixture.pass(SHORT * 2).await;
    fresh(&*other, &change("next", "S-1"), LONG).await.map(drop)
}

/// Where the distributor keeps a reference, attempts beside each other disturb nothing once they are sent.
///
/// # Errors
/// The expectation that failed.
pub async fn what_a_reference_decides_guards_nothing(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    armed(&*one, &change("reference", "S-1"), None, LONG).await?;
    let witness = Baseline::witness(start(), serde_json::json!([]));
    armed(&*other, &change("witness", "S-1"), Some(witness), LONG).await?;
    fresh(&*one, &change("beside them", "S-1"), LONG).await.map(drop)
}

/// A change of one record waits for none of another.
///
/// # Errors
/// The expectation that failed.
pub async fn other_records_are_free(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    armed(&*one, &change("here", "S-1"), baseline(), LONG).await?;
    armed(&*other, &change("there", "S-2"), baseline(), LONG).await?;
    fresh(&*one, &change("and there", "S-3"), LONG).await.map(drop)
}
