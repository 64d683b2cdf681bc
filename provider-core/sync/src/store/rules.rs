//! What holds in every store alike.

use chrono::{DateTime, Utc};
use provider_core::info::AccountKey;

use super::types::{Decision, Pending, PendingId};
use super::{StoreError, StoreErrorKind, StoreResult};

/// For how many seconds a decision is kept of which no whole listing shows the record any more.
pub(super) const DECISION_WAITS: i64 = 30 * 24 * 60 * 60;

/// A fence is larger than every one before, and than every one of a store that was lost: it keeps up with the clock.
pub(super) fn next_fence(last: u64, now: DateTime<Utc>) -> u64 {
    last.saturating_add(1).max(u64::try_from(now.timestamp()).unwrap_or_default())
}

pub(super) fn lag(now: DateTime<Utc>, then: DateTime<Utc>) -> u64 {
    u64::try_from((now - then).num_seconds()).unwrap_or_default()
}

pub(crate) fn unknown(id: &PendingId) -> StoreError {
    StoreError::new(StoreErrorKind::Unknown, format!("nothing waits under `{id}`"))
}

#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) fn changed_meanwhile(id: &PendingId) -> StoreError {
    let message = format!("`{id}` has changed at this moment: look at the queue again; nothing was decided");
    StoreError::new(StoreErrorKind::Stale, message)
}

pub(super) fn no_connection(name: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Unknown, format!("no run has ever been made for a connection `{name}`"))
}

pub(super) fn other_account(name: &str, known: &AccountKey, found: &AccountKey) -> StoreError {
    let message = format!(
        "connection `{name}` belonged to {known} when it was last worked on, and now belongs to {found}: its records \
         would all be missing and others would come; nothing was done. Give the other account a connection of its own"
    );
    StoreError::new(StoreErrorKind::OtherAccount, message)
}

/// Whether a person's word is about what is there.
pub(crate) fn check_decision(pending: &Pending, id: &PendingId, decision: &Decision) -> StoreResult<()> {
    if pending.id.mark != id.mark {
        let message = format!("`{id}` has changed since it was looked at: it is `{}` now", pending.id);
        return Err(StoreError::new(StoreErrorKind::Stale, message));
    }
    if !pending.why.takes(decision) {
        let message = format!("`{decision}` decides nothing about a {}", pending.why);
        return Err(StoreError::new(StoreErrorKind::Refused, message));
    }
    Ok(())
}
