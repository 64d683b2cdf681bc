//! The steps of people and of housekeeping.

use chrono::{DateTime, Utc};
use provider_core::info::AccountKey;
use provider_core::journal::{JournalBook, JournalEntry, Settlement};
use provider_core::{Attempt, IdempotencyKey, Result};

use super::desk::Desk;
use super::row::{self, Place, owner};
use super::steps::{LOCK, UNDER_KEY};
use crate::tx::{Access, Step, Tx, Value};

pub(super) const OPEN: &str = "SELECT entry FROM provider_journal WHERE ended_at IS NULL AND open = 1";
pub(super) const OPEN_OF_ACCOUNT: &str =
    "SELECT entry FROM provider_journal WHERE ended_at IS NULL AND open = 1 AND owner = $1";
/// Microseconds are cut off, so it may answer one entry too many: the rule is core's.
const FORGETTABLE: &str = "SELECT key, owner, entry FROM provider_journal \
    WHERE (key, owner) > ($1, $2) AND (ended_at <= $3 OR (ended_at IS NULL AND open = 0)) \
    ORDER BY key, owner LIMIT 500";
const IN_BOTH: &str = "SELECT a.key FROM provider_journal a JOIN provider_journal b ON b.key = a.key \
    WHERE a.owner = $1 AND b.owner = $2 LIMIT 1";
const UNDER_KEY_OF_TWO: &str = "SELECT entry FROM provider_journal WHERE key = $1 AND owner IN ($2, $3)";
const OF_ACCOUNT: &str =
    "SELECT entry FROM provider_journal WHERE owner = $1 AND key > $2 ORDER BY key LIMIT 500";

/// See [`Journal::open_attempts`](provider_core::journal::Journal::open_attempts).
#[derive(Debug, Clone)]
pub(super) struct OpenAttempts {
    pub(super) account: Option<AccountKey>,
}

impl Step for OpenAttempts {
    type Answer = Vec<Attempt>;
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Vec<Attempt>> {
        let rows = match &self.account {
            Some(account) => tx.rows(OPEN_OF_ACCOUNT, &[owner(account).into()]).await?,
            None => tx.rows(OPEN, &[]).await?,
        };
        let entries = rows.into_iter().map(row::entry).collect::<Result<Vec<_>>>()?;
        Ok(JournalBook::from(entries).open_attempts(self.account.as_ref()))
    }
}

/// See [`Store::entries`](crate::Store::entries).
#[derive(Debug, Clone)]
pub(crate) struct Entries {
    pub(crate) key: IdempotencyKey,
}

impl Step for Entries {
    type Answer = Vec<JournalEntry>;
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Vec<JournalEntry>> {
        tx.rows(UNDER_KEY, &[self.key.as_str().into()]).await?.into_iter().map(row::entry).collect()
    }
}

/// See [`Journal::settle`](provider_core::journal::Journal::settle).
#[derive(Debug, Clone)]
pub(super) struct Settle {
    pub(super) key: IdempotencyKey,
    pub(super) settlement: Settlement,
    pub(super) who: String,
}

impl Step for Settle {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        tx.exclusive(LOCK).await?;
        let now = tx.now().await?;
        let mut desk = Desk::default();
        desk.take(tx, UNDER_KEY, &[self.key.as_str().into()]).await?;
        desk.step(tx, |book| book.settle(&self.key, self.settlement, &self.who, now).map(drop)).await
    }
}

/// The first entries behind a place that may be forgotten. Answers how many were, and where to go on.
#[derive(Debug, Clone)]
pub(super) struct Forget {
    pub(super) before: DateTime<Utc>,
    pub(super) after: Place,
}

impl Step for Forget {
    type Answer = (u64, Option<Place>);
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Self::Answer> {
        tx.exclusive(LOCK).await?;
        let now = tx.now().await?;
        let Place { key, owner } = self.after;
        let rows = tx.rows(FORGETTABLE, &[key.into(), owner.into(), self.before.into()]).await?;
        let (mut desk, mut last) = (Desk::default(), None);
        for mut row in rows {
            last = Some(Place { key: row.text()?, owner: row.text()? });
            desk.put(vec![row])?;
        }
        let forgotten = desk.step(tx, |book| Ok(book.forget(self.before, now))).await?;
        Ok((forgotten, last))
    }
}

/// See [`Journal::move_account`](provider_core::journal::Journal::move_account). All or nothing, and never all at once
/// in memory.
#[derive(Debug, Clone)]
pub(super) struct MoveAccount {
    pub(super) from: AccountKey,
    pub(super) to: AccountKey,
}

impl Step for MoveAccount {
    type Answer = u64;
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<u64> {
        tx.exclusive(LOCK).await?;
        let (from, to) = (Value::from(owner(&self.from)), Value::from(owner(&self.to)));
        if let Some(mut both) = tx.rows(IN_BOTH, &[from.clone(), to.clone()]).await?.into_iter().next() {
            let mut desk = Desk::default();
            desk.take(tx, UNDER_KEY_OF_TWO, &[both.text()?.into(), from.clone(), to]).await?;
            desk.step(tx, |book| book.move_account(&self.from, &self.to)).await?;
        }
        let (mut moved, mut last) = (0, String::new());
        loop {
            let rows = tx.rows(OF_ACCOUNT, &[from.clone(), last.as_str().into()]).await?;
            let mut desk = Desk::default();
            desk.put(rows)?;
            let Some(highest) = desk.last_key() else { return Ok(moved) };
            moved += desk.step(tx, |book| book.move_account(&self.from, &self.to)).await?;
            last = highest;
        }
    }
}
