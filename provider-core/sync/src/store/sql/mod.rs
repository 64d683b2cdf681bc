//! A store in tables: in one SQLite file, or in PostgreSQL.

mod alert;
mod breaker;
mod dump;
mod intent;
mod lock;
mod page;
mod pending;
mod rows;
mod run;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use provider_core::clock::Clock;
use provider_core::info::AccountKey;
use provider_store::seam::{self, Database, Durability, MarkedKeys, Schema};

use super::breaker::{AlertEnd, DueAlert, Gate, SessionClosed, SessionEnd, Standing};
use super::status::{ConnectionState, ConnectionStatus};
use super::types::{
    Decision, KindRun, KindScope, Known, PageCommit, Pending, PendingId, QueueQuery, RunId, RunLease, Shadow,
};
use super::{
    Intent, IntentCommit, MemoryStore, Session, SessionStart, StoreError, StoreResult, SyncStore, sealed,
};
use crate::fingerprint::Fingerprint;
use crate::notify::StopCause;
use crate::plan::BreakerPlan;
use crate::report::KindReport;
use crate::target::LocalKey;
use lock::{Lock, Locked};

/// The tables of a store.
const SCHEMA: &Schema = &Schema {
    meta: "sync_meta",
    get: "SELECT value FROM sync_meta WHERE name = $1",
    set: "INSERT INTO sync_meta (name, value) VALUES ($1, $2) \
          ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    sqlite: &[
        include_str!("sqlite/1.sql"),
        include_str!("sqlite/2.sql"),
        include_str!("sqlite/3.sql"),
        include_str!("sqlite/4.sql"),
    ],
    postgres: &[
        include_str!("postgres/1.sql"),
        include_str!("postgres/2.sql"),
        include_str!("postgres/3.sql"),
        include_str!("postgres/4.sql"),
    ],
};

/// Declares steps: what is done in one transaction.
macro_rules! steps {
    ($($(#[$meta:meta])* $access:ident $name:ident { $($field:ident: $type:ty),* $(,)? } -> $answer:ty, $with:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub(super) struct $name { $(pub(super) $field: $type),* }

        impl provider_store::seam::Step for $name {
            type Answer = $answer;
            const ACCESS: provider_store::seam::Access = provider_store::seam::Access::$access;
            const OUTLIVES_ITS_CALLER: bool = false;

            async fn run<T: provider_store::seam::Tx>(self, tx: &mut T) -> provider_core::Result<$answer> {
                $with(self, tx).await
            }
        }
    )+};
}
use steps;

/// A store in one SQLite file of this machine, or in a PostgreSQL database for many machines. Cloning shares it.
///
/// A power cut may take back the last pages of a file, which are then pulled again; a crash takes back nothing. What a
/// server has answered it keeps. All moments are by the database's clock where there is one, so that machines whose
/// clocks differ can share it.
#[derive(Debug, Clone)]
pub struct SqlStore {
    database: Database,
    path: Option<PathBuf>,
    locks: Arc<Mutex<Vec<(AccountKey, u64, Lock)>>>,
}

/// The store at an address of SQLite.
#[cfg(feature = "sqlite")]
pub type SqliteStore = SqlStore;

/// The store at an address of PostgreSQL.
#[cfg(feature = "postgres")]
pub type PostgresStore = SqlStore;

impl SqlStore {
    /// Opens the store at this address, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, and makes it where
    /// there is none; a server's database has to be there.
    ///
    /// # Errors
    /// Whatever [`StoreErrorKind`](super::StoreErrorKind) lists.
    pub async fn open(address: &str) -> StoreResult<Self> {
        Self::with(address, None, false).await
    }

    /// The same without making anything: for whoever only looks.
    ///
    /// # Errors
    /// `Absent` where there is none, and whatever [`StoreErrorKind`](super::StoreErrorKind) lists.
    pub async fn open_existing(address: &str) -> StoreResult<Self> {
        Self::with(address, None, true).await
    }

    /// The same with a clock of one's own. All processes on one store have to agree on it.
    ///
    /// # Errors
    /// Whatever [`StoreErrorKind`](super::StoreErrorKind) lists.
    pub async fn with_clock(address: &str, clock: Arc<dyn Clock>) -> StoreResult<Self> {
        Self::with(address, Some(clock), false).await
    }

    async fn with(address: &str, clock: Option<Arc<dyn Clock>>, existing: bool) -> StoreResult<Self> {
        let opening = seam::Opening {
            address: address.into(),
            schema: SCHEMA,
            durability: Durability::Crash,
            clock,
            patience: Duration::from_secs(10),
            existing,
        };
        let (database, path) = seam::open(opening).await?;
        Ok(Self { database, path, locks: Arc::default() })
    }

    /// The file that it is in, where it is in one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    fn keep(&self, account: &AccountKey, fence: u64, lock: Lock) {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|(known, _, _)| known != account);
        locks.push((account.clone(), fence, lock));
    }

    /// A fence that was lifted goes on being guarded; a lease that somebody else took over is not ours to give back.
    fn drop_lock(&self, lease: &RunLease) {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|(known, fence, _)| known != &lease.account || *fence > lease.fence);
    }
}

#[cfg(test)]
steps! {
    Read Pragma { sql: &'static str } -> (), set_up;
}

#[cfg(all(test, feature = "postgres"))]
steps! {
    Write Sql { sql: &'static str } -> (), carry_out;
}

#[cfg(all(test, feature = "postgres"))]
async fn carry_out<T: seam::Tx>(step: Sql, tx: &mut T) -> provider_core::Result<()> {
    tx.batch(step.sql).await
}

#[cfg(test)]
async fn set_up<T: seam::Tx>(step: Pragma, tx: &mut T) -> provider_core::Result<()> {
    tx.rows(step.sql, &[]).await.map(drop)
}

#[cfg(test)]
impl SqlStore {
    /// A store that gives up on its database after this time.
    #[cfg(feature = "postgres")]
    pub(crate) async fn impatient(
        address: &str,
        clock: Arc<dyn Clock>,
        patience: Duration,
    ) -> StoreResult<Self> {
        let opening = seam::Opening {
            address: address.into(),
            schema: SCHEMA,
            durability: Durability::Crash,
            clock: Some(clock),
            patience,
            existing: false,
        };
        let (database, path) = seam::open(opening).await?;
        Ok(Self { database, path, locks: Arc::default() })
    }

    /// Somebody's own SQL.
    #[cfg(feature = "postgres")]
    pub(crate) async fn sql(&self, sql: &'static str) -> StoreResult<()> {
        Ok(self.database.run(Sql { sql }).await?)
    }

    /// Sets the connection up in another way, to fail.
    pub(crate) async fn pragma(&self, sql: &'static str) -> StoreResult<()> {
        Ok(self.database.run(Pragma { sql }).await?)
    }
}

impl sealed::Sealed for SqlStore {}

#[async_trait]
impl SyncStore for SqlStore {
    async fn lease(&self, account: &AccountKey, ttl: Duration) -> StoreResult<Option<RunLease>> {
        // Whoever has the lock of a file knows that no living process is at it, whatever the lease says.
        let locked = self.path.as_deref().map_or(Locked::Unknown, |path| Locked::take(path, account));
        let (dead, guarded) = (matches!(locked, Locked::Here(_)), matches!(locked, Locked::Elsewhere));
        let take = run::Lease { account: account.clone(), ttl, dead, guarded };
        let lease = self.database.run(take).await?;
        if let (Some(lease), Locked::Here(lock)) = (&lease, locked) {
            self.keep(account, lease.fence, lock);
        }
        Ok(lease)
    }

    async fn renew(&self, lease: &RunLease) -> StoreResult<RunLease> {
        Ok(self.database.run(run::Renew { lease: lease.clone(), fence: None }).await?)
    }

    async fn outbid(&self, lease: &RunLease, fence: u64) -> StoreResult<RunLease> {
        Ok(self.database.run(run::Renew { lease: lease.clone(), fence: Some(fence) }).await?)
    }

    async fn release(&self, lease: &RunLease) -> StoreResult<()> {
        self.database.run(run::Release { lease: lease.clone() }).await?;
        self.drop_lock(lease);
        Ok(())
    }

    async fn open_session(&self, lease: &RunLease, start: &SessionStart) -> StoreResult<Session> {
        Ok(self.database.run(run::OpenSession { lease: lease.clone(), start: start.clone() }).await?)
    }

    async fn close_session(&self, lease: &RunLease, end: &SessionEnd) -> StoreResult<SessionClosed> {
        Ok(self.database.run(breaker::CloseSession { lease: lease.clone(), end: end.clone() }).await?)
    }

    async fn open_kind(
        &self,
        lease: &RunLease,
        session: &Session,
        scope: &KindScope,
    ) -> StoreResult<KindRun> {
        let (lease, session, scope) = (lease.clone(), session.clone(), scope.clone());
        Ok(self.database.run(run::OpenKind { lease, session, scope }).await?)
    }

    async fn known(
        &self,
        scope: &KindScope,
        records: &[(&str, Option<Fingerprint>)],
    ) -> StoreResult<Vec<Known>> {
        let mut keys = MarkedKeys::default();
        for (id, source) in records {
            keys.push(id, source.map(|source| *source.bytes()));
        }
        Ok(self.database.run(page::KnownOf { scope: scope.clone(), records: keys }).await?)
    }

    async fn shadows(&self, scope: &KindScope, ids: &[&str]) -> StoreResult<Vec<Shadow>> {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        Ok(self.database.run(page::Shadows { scope: scope.clone(), ids }).await?)
    }

    async fn commit_page(
        &self,
        lease: &RunLease,
        scope: &KindScope,
        run: RunId,
        page: PageCommit,
    ) -> StoreResult<()> {
        let (lease, scope) = (lease.clone(), scope.clone());
        Ok(self.database.run(page::Commit { lease, scope, run, page }).await?)
    }

    async fn missing(
        &self,
        scope: &KindScope,
        run: RunId,
        after: Option<u32>,
        limit: usize,
    ) -> StoreResult<Vec<Shadow>> {
        Ok(self.database.run(page::Missing { scope: scope.clone(), run, after, limit }).await?)
    }

    async fn witnesses(
        &self,
        scope: &KindScope,
        run: RunId,
        group: Option<&str>,
        limit: usize,
    ) -> StoreResult<Vec<String>> {
        let (scope, group) = (scope.clone(), group.map(ToOwned::to_owned));
        Ok(self.database.run(page::Witnesses { scope, run, group, limit }).await?)
    }

    async fn met(&self, scope: &KindScope, session: &Session, id: &str) -> StoreResult<Option<bool>> {
        let (scope, session, id) = (scope.clone(), session.clone(), id.to_owned());
        Ok(self.database.run(page::Met { scope, session, id }).await?)
    }

    async fn close_kind(
        &self,
        lease: &RunLease,
        scope: &KindScope,
        run: RunId,
        report: &KindReport,
        whole: bool,
    ) -> StoreResult<()> {
        let (lease, scope, report) = (lease.clone(), scope.clone(), report.clone());
        Ok(self.database.run(run::CloseKind { lease, scope, run, report, whole }).await?)
    }

    async fn pending_of(&self, scope: &KindScope, ids: &[&str]) -> StoreResult<Vec<(Fingerprint, Pending)>> {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        Ok(self.database.run(pending::PendingOf { scope: scope.clone(), ids }).await?)
    }

    async fn queue(&self, query: &QueueQuery) -> StoreResult<Vec<Pending>> {
        Ok(self.database.run(pending::Queue { query: query.clone() }).await?)
    }

    async fn decide(&self, id: &PendingId, decision: &Decision, who: &str) -> StoreResult<()> {
        let (id, decision, who) = (id.clone(), decision.clone(), who.to_owned());
        Ok(self.database.run(pending::Decide { id, decision, who }).await?)
    }

    async fn tied(&self, scope: &KindScope, keys: &[LocalKey]) -> StoreResult<Vec<Shadow>> {
        Ok(self.database.run(intent::Tied { scope: scope.clone(), keys: keys.to_vec() }).await?)
    }

    async fn open_intents(&self, scope: &KindScope) -> StoreResult<Vec<Intent>> {
        Ok(self.database.run(intent::OpenIntents { scope: scope.clone() }).await?)
    }

    async fn last_intent(&self, scope: &KindScope, local: &LocalKey) -> StoreResult<Option<Intent>> {
        let (scope, local) = (scope.clone(), local.clone());
        Ok(self.database.run(intent::LastIntent { scope, local }).await?)
    }

    async fn commit_intents(&self, scope: &KindScope, commit: &IntentCommit) -> StoreResult<()> {
        let (scope, commit) = (scope.clone(), commit.clone());
        Ok(self.database.run(intent::CommitIntents { scope, commit }).await?)
    }

    async fn decide_all(
        &self,
        words: &[(PendingId, Decision)],
        who: &str,
    ) -> StoreResult<Vec<(usize, StoreError)>> {
        let step = pending::DecideAll { words: words.to_vec(), who: who.to_owned() };
        Ok(self.database.run(step).await?)
    }

    async fn hint(&self, scope: &KindScope, id: &str) -> StoreResult<()> {
        Ok(self.database.run(pending::Hint { scope: scope.clone(), id: id.to_owned() }).await?)
    }

    async fn hints(&self, scope: &KindScope, limit: usize) -> StoreResult<Vec<String>> {
        Ok(self.database.run(pending::Hints { scope: scope.clone(), limit }).await?)
    }

    async fn status(&self) -> StoreResult<Vec<ConnectionStatus>> {
        Ok(self.database.run(pending::Status {}).await?)
    }

    async fn switch(&self, connection: &str, to: ConnectionState, cause: Option<&str>) -> StoreResult<()> {
        let (connection, cause) = (connection.to_owned(), cause.map(ToOwned::to_owned));
        Ok(self.database.run(breaker::Switch { connection, to, cause }).await?)
    }

    async fn standing(&self, connection: &str) -> StoreResult<Option<(Standing, bool)>> {
        Ok(self.database.run(breaker::Standings { connection: connection.to_owned() }).await?)
    }

    async fn begin_probe(
        &self,
        lease: &RunLease,
        connection: &str,
        rules: &BreakerPlan,
    ) -> StoreResult<Gate> {
        let (lease, connection, rules) = (lease.clone(), connection.to_owned(), rules.clone());
        Ok(self.database.run(breaker::BeginProbe { lease, connection, rules }).await?)
    }

    async fn end_probe(
        &self,
        lease: &RunLease,
        connection: &str,
        cause: Option<&StopCause>,
    ) -> StoreResult<()> {
        let (lease, connection, cause) = (lease.clone(), connection.to_owned(), cause.cloned());
        Ok(self.database.run(breaker::EndProbe { lease, connection, cause }).await?)
    }

    async fn not_begun(&self, end: &SessionEnd) -> StoreResult<Option<SessionClosed>> {
        Ok(self.database.run(breaker::NotBegun { end: end.clone() }).await?)
    }

    async fn claim_alert(&self, connection: Option<&str>, hold: Duration) -> StoreResult<Option<DueAlert>> {
        let connection = connection.map(ToOwned::to_owned);
        Ok(self.database.run(alert::ClaimAlert { connection, hold }).await?)
    }

    async fn settle_alert(&self, due: &DueAlert, end: &AlertEnd) -> StoreResult<()> {
        let (number, held_until, end) = (due.number, due.held_until, end.clone());
        Ok(self.database.run(alert::SettleAlert { number, held_until, end }).await?)
    }

    async fn snapshot(&self, clock: Arc<dyn Clock>) -> StoreResult<MemoryStore> {
        Ok(MemoryStore::of(self.database.run(dump::Everything {}).await?, clock))
    }
}
