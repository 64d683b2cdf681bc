//! The right to renew a chain, as a row with a fence and an end.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use provider_core::Result;
use provider_core::token::{Lease, TokenKey};

use super::steps::{lock, place};
use crate::database::Database;
use crate::tx::{Access, Step, Tx};

const LOOK: &str = "SELECT fence, ends_at FROM provider_token_lease WHERE provider = $1 AND account = $2";
const TAKE: &str = "INSERT INTO provider_token_lease (provider, account, fence, ends_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (provider, account) DO UPDATE SET \
    fence = excluded.fence, ends_at = excluded.ends_at";
/// The row stays, so that its fence goes on growing. The end is compared too: the fence of a lease that could not be
/// stored is given to the next one.
const GIVE_BACK: &str = "UPDATE provider_token_lease SET ends_at = 0 \
    WHERE provider = $1 AND account = $2 AND fence = $3 AND ends_at = $4";

/// A lease that is held until its end or its drop.
#[derive(Debug)]
pub(super) struct StoreLease {
    key: TokenKey,
    fence: i64,
    /// By the clock of the database, in microseconds, and by one that nobody sets.
    ends_at: (i64, Option<Instant>),
    database: Database,
}

impl Lease for StoreLease {
    /// Nobody may take the lease before its end, so the time alone tells, without a look at the database. Where that
    /// has a clock of its own, the time that has passed here since the lease was asked for tells.
    fn is_held(&self) -> bool {
        let (wall, monotonic) = self.ends_at;
        self.database.clock().is_none_or(|clock| clock.now().timestamp_micros() < wall)
            && monotonic.is_none_or(|end| Instant::now() < end)
    }
}

impl Drop for StoreLease {
    fn drop(&mut self) {
        let (end, _) = self.ends_at;
        self.database.post(GiveBack { key: self.key.clone(), fence: self.fence, end });
    }
}

/// Takes the lease if it is free. The lease is made within the step: where its caller has gone, it is dropped
/// and given back.
#[derive(Debug, Clone)]
pub(super) struct TakeLease {
    pub(super) key: TokenKey,
    pub(super) ttl: Duration,
    pub(super) asked: Instant,
    pub(super) database: Database,
}

impl Step for TakeLease {
    type Answer = Option<StoreLease>;
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Option<StoreLease>> {
        let Self { key, ttl, asked, database } = self;
        tx.exclusive(&lock(&key)).await?;
        let now = tx.now().await?;
        let mut fence = 0;
        if let Some(mut row) = tx.rows(LOOK, &place(&key)).await?.into_iter().next() {
            fence = row.int()?;
            if row.int()? > now.timestamp_micros() {
                return Ok(None);
            }
        }
        let fence = fence.saturating_add(1);
        let life = chrono::Duration::from_std(ttl).ok();
        let end = life.and_then(|life| now.checked_add_signed(life)).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let [provider, account] = place(&key);
        tx.exec(TAKE, &[provider, account, fence.into(), end.into()]).await?;
        Ok(Some(StoreLease {
            key,
            fence,
            ends_at: (end.timestamp_micros(), asked.checked_add(ttl)),
            database,
        }))
    }
}

#[derive(Debug, Clone)]
struct GiveBack {
    key: TokenKey,
    fence: i64,
    end: i64,
}

impl Step for GiveBack {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        tx.exclusive(&lock(&self.key)).await?;
        let [provider, account] = place(&self.key);
        tx.exec(GIVE_BACK, &[provider, account, self.fence.into(), self.end.into()]).await.map(drop)
    }
}
