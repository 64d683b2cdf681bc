//! Many at once.

use std::sync::Arc;

use provider_core::journal::{Begin, Journal};
use provider_core::{Attempt, Result};

use super::seed::{armed, baseline, change, done, receipt};
use super::{CaseResult, JournalFixture, LONG, SeamViolation};
use crate::seam::all;

const CROWD: usize = 16;
const ROUNDS: usize = 20;

async fn handles(fixture: &dyn JournalFixture) -> Result<Vec<Arc<dyn Journal>>> {
    let mut handles = Vec::new();
    for _ in 0..CROWD {
        handles.push(fixture.open().await?);
    }
    Ok(handles)
}

/// Begins all of them at once, each on a handle of its own, gives the fresh ones back, and answers how many
/// were fresh and how many were turned away as they should be.
async fn rush(
    handles: &[Arc<dyn Journal>],
    attempts: &[Attempt],
    turned_away: fn(&Begin) -> bool,
) -> Result<(usize, usize)> {
    let begun = handles.iter().zip(attempts).map(|(journal, attempt)| journal.begin(attempt, LONG)).collect();
    let (mut fresh, mut away) = (0, 0);
    for ((journal, attempt), answer) in handles.iter().zip(attempts).zip(all(begun).await) {
        match answer? {
            Begin::Fresh(fence) => {
                fresh += 1;
                journal.release(attempt, fence).await?;
            }
            other if turned_away(&other) => away += 1,
            _ => {}
        }
    }
    Ok((fresh, away))
}

fn judge(round: usize, (fresh, away): (usize, usize), word: &str) -> CaseResult {
    if fresh == 1 && away == CROWD - 1 {
        return Ok(());
    }
    Err(SeamViolation(format!(
        "of {CROWD} that begin at once one is fresh and the others are {word}: in round {round} {fresh} were fresh \
         and {away} {word}"
    )))
}

/// Sixteen keys on one record at once, again and again: one is fresh each time, the others are blocked.
///
/// # Errors
/// The expectation that failed.
pub async fn of_sixteen_on_one_record_one_is_fresh(fixture: &dyn JournalFixture) -> CaseResult {
    let handles = handles(fixture).await?;
    for round in 0..ROUNDS {
        let attempts: Vec<_> = (0..CROWD).map(|n| change(&format!("record {round} {n}"), "S-1")).collect();
        let counts = rush(&handles, &attempts, |answer| matches!(answer, Begin::Blocked(_))).await?;
        judge(round, counts, "blocked")?;
    }
    Ok(())
}

/// Sixteen with one key at once, again and again: one is fresh each time, the others find it busy.
///
/// # Errors
/// The expectation that failed.
pub async fn of_sixteen_with_one_key_one_is_fresh(fixture: &dyn JournalFixture) -> CaseResult {
    let handles = handles(fixture).await?;
    for round in 0..ROUNDS {
        let attempts = vec![change(&format!("key {round}"), "S-1"); CROWD];
        let counts = rush(&handles, &attempts, |answer| matches!(answer, Begin::Busy(_))).await?;
        judge(round, counts, "busy")?;
    }
    Ok(())
}

/// Sixteen whole attempts at once, on records of their own: each is done, and each with its own receipt.
///
/// # Errors
/// The expectation that failed.
pub async fn many_keys_at_once_do_not_mix(fixture: &dyn JournalFixture) -> CaseResult {
    let handles = handles(fixture).await?;
    let named = |n: usize| (change(&format!("many {n}"), &format!("S-{n}")), format!("C-{n}"));
    let whole = handles.iter().enumerate().map(|(n, journal)| async move {
        let (attempt, customer) = named(n);
        let fence = armed(&**journal, &attempt, baseline(), LONG).await?;
        journal.finish(&attempt, fence, &receipt().with_customer(customer)).await?;
        CaseResult::Ok(())
    });
    for outcome in all(whole.collect()).await {
        outcome?;
    }
    let journal = fixture.open().await?;
    for n in 0..CROWD {
        let (attempt, customer) = named(n);
        let stored = done(&*journal, &attempt).await?;
        if stored.customer.as_ref().map(ToString::to_string) != Some(customer) {
            return Err(SeamViolation(format!("attempt {n} of {CROWD} has the receipt of another")));
        }
    }
    Ok(())
}
