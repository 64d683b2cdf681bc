//! From a new key to its receipt.

use provider_core::attempt::Step;
use provider_core::journal::Begin;
use provider_core::receipt::{Credentials, LineOutcome, LineReceipt};
use provider_core::{CancelSubscription, ErrorKind};
use secrecy::SecretString;

use super::seed::{armed, baseline, change, done, fresh, open, receipt, refused, two, unlike};
use super::{CaseResult, JournalFixture, LONG, SHORT};
use crate::seam::expect;

/// A key is fresh once. While its lease lasts it is busy for everybody, and it is said for how long and by
/// whom.
///
/// # Errors
/// The expectation that failed.
pub async fn a_new_key_is_fresh_and_then_held(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("new", "S-1");
    fresh(&*one, &attempt, LONG).await?;
    for journal in [&one, &other] {
        match journal.begin(&attempt, LONG).await? {
            Begin::Busy(held) => {
                expect(held.rest <= LONG && !held.rest.is_zero(), "a busy key says for how long")?;
                expect(held.by == attempt.holder, "a busy key says who holds it")?;
            }
            found => return Err(unlike("a key under way is busy", &found)),
        }
    }
    Ok(())
}

/// What took no effect leaves nothing behind.
///
/// # Errors
/// The expectation that failed.
pub async fn a_released_key_is_fresh_again(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("released", "S-1");
    let fence = fresh(&*one, &attempt, LONG).await?;
    one.release(&attempt, fence).await?;
    let fence = armed(&*other, &attempt, baseline(), LONG).await?;
    other.release(&attempt, fence).await?;
    fresh(&*one, &attempt, LONG).await.map(drop)
}

/// A caller that died before it sent anything leaves nothing in doubt.
///
/// # Errors
/// The expectation that failed.
pub async fn what_was_never_sent_is_fresh_again(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("reserved", "S-1");
    let first = fresh(&*one, &attempt, SHORT).await?;
    fixture.pass(SHORT * 2).await;
    let second = fresh(&*other, &attempt, LONG).await?;
    expect(second > first, "fences grow with every lease on a key")
}

/// A caller that died after it may have sent something leaves an open attempt, with what it had noted.
///
/// # Errors
/// The expectation that failed.
pub async fn what_may_have_been_sent_is_open(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("armed", "S-1");
    let first = fresh(&*one, &attempt, LONG).await?;
    let mut sent = attempt.clone().with_baseline(baseline());
    let mut answered = Step::new(0);
    answered.line = Some(LineReceipt::new(0, LineOutcome::Applied));
    sent.steps = vec![answered, Step::new(1)];
    one.arm(&sent, first, SHORT).await?;
    fixture.pass(SHORT * 2).await;
    let (found, second) = open(&*other, &attempt, LONG).await?;
    expect(second > first, "fences grow with every lease on a key")?;
    expect(
        found.command == sent.command && found.key == sent.key,
        "an open attempt is the one that was sent",
    )?;
    expect(found.started_at == sent.started_at, "an open attempt says when it was begun")?;
    expect(found.baseline == sent.baseline, "an open attempt has the notes of its sending")?;
    expect(found.steps == sent.steps, "an open attempt has its steps, with what was answered")?;
    expect(found.sent_until.is_some(), "an open attempt says until when it may have been sent")?;
    expect(
        found.unsent_for.is_some_and(|passed| passed >= SHORT / 2),
        "an open attempt says how long ago that was, by the journal's clock",
    )?;
    match one.begin(&attempt, LONG).await? {
        Begin::Busy(_) => Ok(()),
        found => Err(unlike("an open attempt that somebody looks up is busy", &found)),
    }
}

/// What was done answers its receipt, to everybody and every time.
///
/// # Errors
/// The expectation that failed.
pub async fn a_receipt_is_answered_for_ever(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("done", "S-1");
    let fence = armed(&*one, &attempt, baseline(), SHORT).await?;
    one.finish(&attempt, fence, &receipt().with_line(LineReceipt::new(0, LineOutcome::Applied))).await?;
    fixture.pass(SHORT * 2).await;
    for journal in [&one, &other, &one] {
        let stored = done(&**journal, &attempt).await?;
        expect(stored.customer == receipt().customer, "a stored receipt names the customer")?;
        expect(stored.lines.len() == 1, "a stored receipt has its lines")?;
    }
    one.release(&attempt, fence).await?;
    one.leave_open(&attempt, fence).await?;
    done(&*other, &attempt).await.map(drop)
}

/// A password is handed out once.
///
/// # Errors
/// The expectation that failed.
pub async fn credentials_are_not_stored(fixture: &dyn JournalFixture) -> CaseResult {
    let (one, other) = two(fixture).await?;
    let attempt = change("credentials", "S-1");
    let fence = armed(&*one, &attempt, baseline(), LONG).await?;
    let mut given = receipt();
    given.credentials = Some(Credentials::new("admin", SecretString::from("once")));
    one.finish(&attempt, fence, &given).await?;
    for journal in [&one, &other] {
        expect(
            done(&**journal, &attempt).await?.credentials.is_none(),
            "a stored receipt has no credentials",
        )?;
    }
    Ok(())
}

/// A key stands for one intent, at every stage.
///
/// # Errors
/// The expectation that failed.
pub async fn another_command_is_refused(fixture: &dyn JournalFixture) -> CaseResult {
    const EXPECTED: &str = "a key that was used for another command is refused";
    let (one, other) = two(fixture).await?;
    let attempt = change("intent", "S-1");
    let mut mixed_up = attempt.clone();
    mixed_up.command = CancelSubscription::new("S-1").into();
    let fence = fresh(&*one, &attempt, LONG).await?;
    refused(other.begin(&mixed_up, LONG).await, ErrorKind::Refused, EXPECTED)?;
    one.arm(&attempt.clone().with_baseline(baseline()), fence, LONG).await?;
    refused(other.begin(&mixed_up, LONG).await, ErrorKind::Refused, EXPECTED)?;
    one.finish(&attempt, fence, &receipt()).await?;
    refused(other.begin(&mixed_up, LONG).await, ErrorKind::Refused, EXPECTED)?;
    done(&*other, &attempt).await.map(drop)
}

/// What was confirmed is there for a handle that is opened after all others were dropped.
///
/// # Errors
/// The expectation that failed.
pub async fn what_was_answered_outlives_its_handle(fixture: &dyn JournalFixture) -> CaseResult {
    let attempt = change("durable", "S-1");
    let fence = armed(&*fixture.open().await?, &attempt, baseline(), LONG).await?;
    match fixture.open().await?.begin(&attempt, LONG).await? {
        Begin::Busy(_) => {}
        found => return Err(unlike("a lease outlives its handle", &found)),
    }
    fixture.open().await?.leave_open(&attempt, fence).await?;
    let (found, fence) = open(&*fixture.open().await?, &attempt, LONG).await?;
    expect(found.baseline == baseline(), "the notes of a sending outlive its handle")?;
    fixture.open().await?.finish(&attempt, fence, &receipt()).await?;
    done(&*fixture.open().await?, &attempt).await.map(drop)
}
