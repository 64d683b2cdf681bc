//! Leases, and holders who slept through theirs.

use provider_core::attempt::Step;
use provider_core::journal::Begin;
use provider_core::{Delivery, ErrorKind};

use super::seed::{armed, baseline, change, done, fresh, open, receipt, refused, two, unlike};
use super::{CaseResult, JournalFixture, LONG, SHORT};
use crate::seam::expect;

/// Nothing is sent under a lease that ran out, whether or not somebody else has taken it.
///
/// # Errors
/// The expectation that failed.
pub async fn a_lease_that_ran_out_arms_nothing(fixture: &dyn JournalFixture) -> CaseResult {
    const EXPECTED: &str = "arming after the end of the lease is refused";
    let (one, other) = two(fixture).await?;
    let attempt = change("slow", "S-1");
    let slow = fresh(&*one, &attempt, SHORT).await?;
    fixture.pass(SHORT * 2).await;
    let error = refused(one.arm(&attempt, slow, LONG).await, ErrorKind::Conflict, EXPECTED)?;
    expect(error.delivery() == Delivery::NotSent, "a refused arm says that nothing was sent")?;
    let taken = fresh(&*other, &attempt, LONG).await?;
    refused(one.arm(&attempt, slow, LONG).await, ErrorKind::Conflict, EXPECTED)?;
    other.arm(&attempt, taken, LONG).await?;
    refused(one.arm(&attempt, slow, LONG).await, ErrorKind::Conflict, EXPECTED)?;
    Ok(())
}

/// The late release, or handing back, of a lost lease does nothing to its successor.
///
/// # Errors
/// The expectation that failed.
pub async fn a_sleeper_ends_nobody_elses_lease(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("sleeper", "S-1");
    let slow = fresh(&*one, &attempt, SHORT).await?;
    fixture.pass(SHORT * 2).await;
    let taken = fresh(&*other, &attempt, LONG).await?;
    one.release(&attempt, slow).await?;
    one.leave_open(&attempt, slow).await?;
    match one.begin(&attempt, LONG).await? {
        Begin::Busy(_) => {}
        found => return Err(unlike("a lease that a sleeper gave back late is still held", &found)),
    }
    other.arm(&attempt.clone().with_baseline(baseline()), taken, LONG).await?;
    one.release(&attempt, slow).await?;
    one.leave_open(&attempt, slow).await?;
    match one.begin(&attempt, LONG).await? {
        Begin::Busy(_) => Ok(()),
        found => Err(unlike("an attempt that a sleeper released late is still under way", &found)),
    }
}

/// An answer is a fact, however late it comes; the first stays.
///
/// # Errors
/// The expectation that failed.
pub async fn a_late_answer_is_still_a_fact(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("late", "S-1");
    let slow = armed(&*one, &attempt, baseline(), SHORT).await?;
    fixture.pass(SHORT * 2).await;
    let (found, taken) = open(&*other, &attempt, LONG).await?;
    one.finish(&attempt, slow, &receipt()).await?;
    other.finish(&found, taken, &receipt().with_customer("C-2")).await?;
    let stored = done(&*other, &attempt).await?;
    expect(stored.customer == receipt().customer, "of two answers the first stays")
}

/// Each step is remembered before it is sent, and moves the end of the lease.
///
/// # Errors
/// The expectation that failed.
pub async fn arming_again_renews(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("steps", "S-1");
    let fence = fresh(&*one, &attempt, LONG).await?;
    let mut sent = attempt.clone().with_baseline(baseline());
    sent.steps.push(Step::new(0));
    one.arm(&sent, fence, LONG).await?;
    sent.steps.push(Step::new(1));
    one.arm(&sent, fence, LONG / 2).await?;
    match other.begin(&attempt, LONG).await? {
        Begin::Busy(held) => expect(held.rest <= LONG / 2, "the last arming sets the end of the lease")?,
        found => return Err(unlike("an armed attempt is busy while its lease lasts", &found)),
    }
    one.arm(&sent, fence, SHORT).await?;
    fixture.pass(SHORT * 2).await;
    let (found, _) = open(&*other, &attempt, LONG).await?;
    expect(found.steps == sent.steps, "an open attempt has the steps of the last arming")
}

/// Whoever gives the lease back leaves the attempt to the next.
///
/// # Errors
/// The expectation that failed.
pub async fn an_attempt_left_open_is_open_at_once(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("left", "S-1");
    let fence = armed(&*one, &attempt, baseline(), LONG).await?;
    one.leave_open(&attempt, fence).await?;
    let (found, _) = open(&*other, &attempt, LONG).await?;
    expect(found.unsent_for.is_some(), "nothing more of an attempt is sent once its lease was given back")
}

/// What has come to its end is not sent again.
///
/// # Errors
/// The expectation that failed.
pub async fn what_is_done_arms_nothing(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("ended", "S-1");
    let fence = armed(&*one, &attempt, baseline(), LONG).await?;
    one.finish(&attempt, fence, &receipt()).await?;
    let again = one.arm(&attempt, fence, LONG).await;
    refused(again, ErrorKind::Conflict, "arming what is done is refused")?;
    done(&*other, &attempt).await.map(drop)
}
