//! The steps of one attempt.

use std::time::Duration;

use provider_core::journal::{Begin, Fence};
use provider_core::{Attempt, Receipt, Result};

use super::desk::Desk;
use super::row::{Place, owner_of_before, scope};
use crate::tx::{Access, Step, Tx, Value};

/// All steps of the journal come one after another: they are short, and the rules of
/// [`begin`](provider_core::journal::JournalBook::begin) look across keys, connections and accounts.
pub(super) const LOCK: &str = "journal";

pub(super) const OWN: &str = "SELECT entry FROM provider_journal WHERE key = $1 AND owner IN ($2, $3)";
pub(super) const UNDER_KEY: &str = "SELECT entry FROM provider_journal WHERE key = $1";
/// One entry tells as much as all of them.
pub(super) const OTHER_ACCOUNT: &str = "SELECT entry FROM (SELECT entry FROM provider_journal \
    WHERE connection = $1 AND kind = $2 AND origin = $3 AND account < $4 LIMIT 1) AS below \
    UNION ALL SELECT entry FROM (SELECT entry FROM provider_journal \
    WHERE connection = $1 AND kind = $2 AND origin = $3 AND account > $4 LIMIT 1) AS above";
pub(super) const SAME_SCOPE: &str = "SELECT entry FROM provider_journal \
    WHERE scope = $1 AND owner IN ($2, $3) AND ended_at IS NULL";

/// See [`Journal::begin`](provider_core::journal::Journal::begin).
#[derive(Debug, Clone)]
pub(super) struct BeginAttempt {
    pub(super) attempt: Attempt,
    pub(super) ttl: Duration,
}

impl Step for BeginAttempt {
    type Answer = Begin;
    const ACCESS: Access = Access::Write;
    /// Nobody would give the lease back.
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Begin> {
        tx.exclusive(LOCK).await?;
        let (attempt, now) = (&self.attempt, tx.now().await?);
        let Place { key, owner } = Place::of(attempt);
        let before = owner_of_before(&attempt.connection);
        let mut desk = Desk::default();
        desk.take(tx, OWN, &[key.into(), owner.as_str().into(), before.as_str().into()]).await?;
        if let Some(account) = &attempt.account {
            let parts = [&attempt.connection, &account.kind, &account.origin, &account.account];
            desk.take(tx, OTHER_ACCOUNT, &parts.map(|part| Value::from(part.as_str()))).await?;
        }
        if let Some(scope) = scope(attempt)? {
            desk.take(tx, SAME_SCOPE, &[scope.into(), owner.into(), before.into()]).await?;
        }
        desk.step(tx, |book| book.begin(attempt, now, self.ttl)).await
    }
}

async fn own<T: Tx>(tx: &mut T, attempt: &Attempt) -> Result<Desk> {
    tx.exclusive(LOCK).await?;
    let Place { key, owner } = Place::of(attempt);
    let mut desk = Desk::default();
    desk.take(tx, OWN, &[key.into(), owner.as_str().into(), owner.into()]).await?;
    Ok(desk)
}

/// See [`Journal::arm`](provider_core::journal::Journal::arm).
#[derive(Debug, Clone)]
pub(super) struct Arm {
    pub(super) attempt: Attempt,
    pub(super) fence: Fence,
    pub(super) ttl: Duration,
}

impl Step for Arm {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    /// Without its caller nothing is sent.
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        let desk = own(tx, &self.attempt).await?;
        let now = tx.now().await?;
        desk.step(tx, |book| book.arm(&self.attempt, self.fence, now, self.ttl)).await
    }
}

/// See [`Journal::finish`](provider_core::journal::Journal::finish).
#[derive(Debug, Clone)]
pub(super) struct Finish {
    pub(super) attempt: Attempt,
    pub(super) receipt: Receipt,
}

impl Step for Finish {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        tx.exclusive(LOCK).await?;
        let mut desk = Desk::default();
        desk.take(tx, UNDER_KEY, &[self.attempt.key.as_str().into()]).await?;
        let now = tx.now().await?;
        desk.step(tx, |book| {
            book.finish(&self.attempt, &self.receipt, now);
            Ok(())
        })
        .await
    }
}

/// See [`Journal::release`](provider_core::journal::Journal::release).
#[derive(Debug, Clone)]
pub(super) struct Release {
    pub(super) attempt: Attempt,
    pub(super) fence: Fence,
}

impl Step for Release {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        let desk = own(tx, &self.attempt).await?;
        desk.step(tx, |book| {
            book.release(&self.attempt, self.fence);
            Ok(())
        })
        .await
    }
}

/// See [`Journal::leave_open`](provider_core::journal::Journal::leave_open).
#[derive(Debug, Clone)]
pub(super) struct LeaveOpen {
    pub(super) attempt: Attempt,
    pub(super) fence: Fence,
}

impl Step for LeaveOpen {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        let desk = own(tx, &self.attempt).await?;
        let now = tx.now().await?;
        desk.step(tx, |book| {
            book.leave_open(&self.attempt, self.fence, now);
            Ok(())
        })
        .await
    }
}
