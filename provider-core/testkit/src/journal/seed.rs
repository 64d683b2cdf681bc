//! What the cases attempt, and short ways to ask a journal.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::attempt::Baseline;
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Fence, Journal};
use provider_core::{Attempt, ChangeQuantity, Error, ErrorKind, IdempotencyKey, Outcome, Receipt, Result};

use super::{JournalFixture, SeamViolation};

pub(super) const CONNECTION: &str = "conformance";

/// Two handles on one place.
pub(super) async fn two(fixture: &dyn JournalFixture) -> Result<(Arc<dyn Journal>, Arc<dyn Journal>)> {
    Ok((fixture.open().await?, fixture.open().await?))
}

pub(super) fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey::derive("journal conformance", [name])
}

pub(super) fn account(name: &str) -> AccountKey {
    AccountKey::new("conformance", "https://conformance.example", name)
}

/// A moment by nobody's clock: what is attempted begins here.
pub(super) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_323_200, 0).unwrap_or_default()
}

/// A change of this subscription under this key.
pub(super) fn change(name: &str, subscription: &str) -> Attempt {
    let mut attempt = of_before(name, subscription).with_account(account("A"));
    attempt.holder = Some(format!("holder of {name}"));
    attempt
}

/// As versions wrote it that knew no accounts.
pub(super) fn of_before(name: &str, subscription: &str) -> Attempt {
    Attempt::new(CONNECTION, ChangeQuantity::new(subscription, 7).into(), key(name), start())
}

/// Notes that decide.
pub(super) fn baseline() -> Option<Baseline> {
    Some(Baseline::new(start(), serde_json::json!({ "before": 5 })))
}

pub(super) fn receipt() -> Receipt {
    Receipt::new(Outcome::Applied).with_customer("C-1")
}

/// The fence of a lease on a key that has to be new.
pub(super) async fn fresh(
    journal: &dyn Journal,
    attempt: &Attempt,
    ttl: Duration,
) -> Result<Fence, SeamViolation> {
    match journal.begin(attempt, ttl).await? {
        Begin::Fresh(fence) => Ok(fence),
        other => Err(unlike("a key that nothing stands against is fresh", &other)),
    }
}

/// The attempt and the fence of a key that has to be open.
pub(super) async fn open(
    journal: &dyn Journal,
    attempt: &Attempt,
    ttl: Duration,
) -> Result<(Attempt, Fence), SeamViolation> {
    match journal.begin(attempt, ttl).await? {
        Begin::Open(found, fence) => Ok((*found, fence)),
        other => Err(unlike("what may have been sent is open", &other)),
    }
}

/// The receipt of a key that has to be done.
pub(super) async fn done(journal: &dyn Journal, attempt: &Attempt) -> Result<Receipt, SeamViolation> {
    match journal.begin(attempt, super::LONG).await? {
        Begin::Done(receipt) => Ok(*receipt),
        other => Err(unlike("what was done answers its receipt", &other)),
    }
}

/// An attempt that may have been sent with these notes; its lease lasts for `ttl`.
pub(super) async fn armed(
    journal: &dyn Journal,
    attempt: &Attempt,
    notes: Option<Baseline>,
    ttl: Duration,
) -> Result<Fence, SeamViolation> {
    let fence = fresh(journal, attempt, super::LONG).await?;
    journal.arm(&attempt.clone().with_baseline(notes), fence, ttl).await?;
    Ok(fence)
}

/// The other answer, without what is in it.
pub(super) fn unlike(expectation: &str, found: &Begin) -> SeamViolation {
    SeamViolation(format!("{expectation}, and here it is {}", Brief(found)))
}

struct Brief<'a>(&'a Begin);

impl fmt::Display for Brief<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Begin::Fresh(_) => "fresh",
            Begin::Busy(_) => "busy",
            Begin::Open(..) => "open",
            Begin::Done(_) => "done",
            Begin::Blocked(_) => "blocked",
            _ => "something else",
        })
    }
}

/// The error of a call that has to be refused as `kind`.
pub(super) fn refused<T>(
    answer: Result<T>,
    kind: ErrorKind,
    expectation: &str,
) -> Result<Error, SeamViolation> {
    match answer {
        Err(error) if error.kind() == kind => Ok(error),
        Err(error) => Err(SeamViolation(format!("{expectation} as `{kind}`, and here it is: {error}"))),
        Ok(_) => Err(SeamViolation(format!("{expectation} as `{kind}`, and here it is done"))),
    }
}
