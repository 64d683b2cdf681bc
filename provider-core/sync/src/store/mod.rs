//! What a run remembers, and what it leaves to the next one.

mod bits;
pub(crate) mod breaker;
mod error;
pub(crate) mod intent;
mod memory;
pub(crate) mod rules;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod sql;
mod status;
mod types;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use provider_core::EntityKind;
use provider_core::clock::Clock;
use provider_core::info::AccountKey;

use crate::fingerprint::Fingerprint;
use crate::notify::StopCause;
use crate::plan::BreakerPlan;
use crate::report::KindReport;
use crate::target::LocalKey;

pub(crate) use bits::Bits;
pub use breaker::{AlertEnd, DueAlert, Gate, RunWeight, SessionClosed, SessionEnd, Standing};
pub use error::{StoreError, StoreErrorKind, StoreResult};
pub use intent::{Intent, IntentCommit, IntentEnd, IntentState, NewIntent};
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use sql::PostgresStore;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use sql::SqlStore;
#[cfg(feature = "sqlite")]
pub use sql::SqliteStore;
pub use status::{ConnectionState, ConnectionStatus};
pub use types::{
    Checkpoint, Decision, KindRun, KindScope, Known, NewPending, PageCommit, Pending, PendingId, PendingType,
    QueueQuery, RunId, RunLease, Shadow, ShadowState,
};

/// Only the stores of this crate can promise what is promised here.
pub(crate) mod sealed {
    /// Nobody else has it.
    pub trait Sealed {}
}

/// How a session begins.
#[derive(Debug, Clone)]
pub struct SessionStart {
    /// The connection.
    pub connection: String,
    /// Its account: another one is refused.
    pub account: AccountKey,
    /// The plan: with another one, a session that was cut short is not gone on with.
    pub plan: Fingerprint,
    /// By what the rows of each kind are tied to its records.
    pub keys: BTreeMap<EntityKind, String>,
    /// Whether it was looked at that the rows are tied by these, where they were tied by others.
    pub keys_hold: bool,
}

/// One passage over the kinds of a connection, possibly in several parts.
///
/// A passage that was *interrupted* (killed, cancelled, cut into slices) is gone on with: what had ended in it is not listed
/// again, so that a run that is killed every few minutes comes to its last kind all the same. One that *failed* has come as
/// far as it could, and would stop at the same place: were it gone on with, a kind that keeps failing would keep the
/// others from being listed for as long. So the next session begins everything anew but what had not ended, which is carried
/// over as it stands: its place, what it has met, what it has counted. What has ended belongs to the session of before
/// with all that it proves, so that nothing is concluded from a listing that lies a failure back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub number: i64,
    /// How many parts came before this one.
    pub resumed: u64,
    /// The kinds whose rows were tied by another key when they were last worked on, with that one.
    pub moved: BTreeMap<EntityKind, String>,
}

impl Session {
    pub(crate) const fn new(number: i64, resumed: u64) -> Self {
        Self { number, resumed, moved: BTreeMap::new() }
    }
}

/// Where the state of a synchronisation is kept: in memory, in a SQLite file or in a PostgreSQL database. It is
/// sealed, because what is promised about crashes rests on every call being all or nothing; one suite holds all
/// of them to that.
#[async_trait]
pub trait SyncStore: sealed::Sealed + Debug + Send + Sync + 'static {
    /// Takes the right to work on an account. `None` while somebody else has it. The fence grows with every one that
    /// is taken.
    async fn lease(&self, account: &AccountKey, ttl: Duration) -> StoreResult<Option<RunLease>>;

    /// Keeps a lease alive. `Fenced` when somebody else has it.
    async fn renew(&self, lease: &RunLease) -> StoreResult<RunLease>;

    /// Lifts the fence of a lease above one that the application has seen: a store that was restored, or is new, knows
    /// nothing of the fences of before.
    async fn outbid(&self, lease: &RunLease, fence: u64) -> StoreResult<RunLease>;

    /// Gives a lease back.
    async fn release(&self, lease: &RunLease) -> StoreResult<()>;

    /// Begins a session, or goes on with the one that was cut short. `OtherAccount` when the connection belonged to
    /// another account. What the rows are tied by is remembered, but for kinds with rows that were tied by something else.
    async fn open_session(&self, lease: &RunLease, start: &SessionStart) -> StoreResult<Session>;

    /// Ends a session, or leaves it open to be gone on with; after a failure, what had ended in it is begun anew. In the
    /// same transaction the connection stops where it has to, or works again, and the letters about that are written, one
    /// for each recipient.
    async fn close_session(&self, lease: &RunLease, end: &SessionEnd) -> StoreResult<SessionClosed>;

    /// The run of a session over a kind: begun, or as it was left.
    async fn open_kind(&self, lease: &RunLease, session: &Session, scope: &KindScope)
    -> StoreResult<KindRun>;

    /// What is known of the records of a page, each with its fingerprint, in their order. Without a fingerprint a record
    /// is never the same.
    async fn known(
        &self,
        scope: &KindScope,
        records: &[(&str, Option<Fingerprint>)],
    ) -> StoreResult<Vec<Known>>;

    /// What is known of these records.
    async fn shadows(&self, scope: &KindScope, ids: &[&str]) -> StoreResult<Vec<Shadow>>;

    /// Stores a page in one transaction, if the lease is still the last one, and renews it.
    async fn commit_page(
        &self,
        lease: &RunLease,
        scope: &KindScope,
        run: RunId,
        page: PageCommit,
    ) -> StoreResult<()>;

    /// The records that this run did not meet, after the one of this mark, and the mark of the last one.
    async fn missing(
        &self,
        scope: &KindScope,
        run: RunId,
        after: Option<u32>,
        limit: usize,
    ) -> StoreResult<Vec<Shadow>>;

    /// A few linked records that this run met, of this group or of all.
    async fn witnesses(
        &self,
        scope: &KindScope,
        run: RunId,
        group: Option<&str>,
        limit: usize,
    ) -> StoreResult<Vec<String>>;

    /// Whether this run met this record; `None` where nothing is known of it.
    async fn met(&self, scope: &KindScope, session: &Session, id: &str) -> StoreResult<Option<bool>>;

    /// Ends the run over a kind. What waited in quarantine or for a match and was not met again is let go; of what a person
    /// has decided that is so only once whole listings have been without it for a month.
    async fn close_kind(
        &self,
        lease: &RunLease,
        scope: &KindScope,
        run: RunId,
        report: &KindReport,
        whole: bool,
    ) -> StoreResult<()>;

    /// What waits for a person about these records.
    async fn pending_of(&self, scope: &KindScope, ids: &[&str]) -> StoreResult<Vec<(Fingerprint, Pending)>>;

    /// What waits for a person.
    async fn queue(&self, query: &QueueQuery) -> StoreResult<Vec<Pending>>;

    /// Stores a person's word. `Unknown` for an id that is not there, `Stale` for one whose facts have changed, `Refused`
    /// for a word that does not decide it.
    async fn decide(&self, id: &PendingId, decision: &Decision, who: &str) -> StoreResult<()>;

    /// What is known of the records that are tied to these of the application, of kinds that are kept in step both ways.
    async fn tied(&self, scope: &KindScope, keys: &[LocalKey]) -> StoreResult<Vec<Shadow>>;

    /// The intents of a kind that are not closed, the oldest first.
    async fn open_intents(&self, scope: &KindScope) -> StoreResult<Vec<Intent>>;

    /// The last intent of a record, open or closed.
    async fn last_intent(&self, scope: &KindScope, local: &LocalKey) -> StoreResult<Option<Intent>>;

    /// Opens and closes intents outside of a run. Those of a run are part of its pages.
    async fn commit_intents(&self, scope: &KindScope, commit: &IntentCommit) -> StoreResult<()>;

    /// Stores a person's words about many things, in one transaction: all of them, or none where one is refused. Answers
    /// the refusals, by their places among the words.
    async fn decide_all(
        &self,
        words: &[(PendingId, Decision)],
        who: &str,
    ) -> StoreResult<Vec<(usize, StoreError)>>;

    /// Remembers to look at a record again.
    async fn hint(&self, scope: &KindScope, id: &str) -> StoreResult<()>;

    /// The records to look at again.
    async fn hints(&self, scope: &KindScope, limit: usize) -> StoreResult<Vec<String>>;

    /// How every connection stands.
    async fn status(&self) -> StoreResult<Vec<ConnectionStatus>>;

    /// Switches a connection on or off, as a person says.
    async fn switch(&self, connection: &str, state: ConnectionState, cause: Option<&str>) -> StoreResult<()>;

    /// How a connection stands, and whether it is due to be tried again. `None` where no run was ever made for it.
    async fn standing(&self, connection: &str) -> StoreResult<Option<(Standing, bool)>>;

    /// Begins to try a connection again that has stopped, where that is due.
    async fn begin_probe(&self, lease: &RunLease, connection: &str, rules: &BreakerPlan)
    -> StoreResult<Gate>;

    /// The distributor did not answer: the connection stays as it is. `cause`: where more is known now.
    async fn end_probe(
        &self,
        lease: &RunLease,
        connection: &str,
        cause: Option<&StopCause>,
    ) -> StoreResult<()>;

    /// Takes a run that could not be begun for one that ended like this, with all that follows from it. `None` where none
    /// was ever made, and where the connection has stopped already.
    async fn not_begun(&self, end: &SessionEnd) -> StoreResult<Option<SessionClosed>>;

    /// The next letter that is due, which no other process gets for as long as it is held.
    async fn claim_alert(&self, connection: Option<&str>, hold: Duration) -> StoreResult<Option<DueAlert>>;

    /// Says what became of a letter.
    async fn settle_alert(&self, due: &DueAlert, end: &AlertEnd) -> StoreResult<()>;

    /// Everything that is kept, as of one moment, in memory and with nothing under way: for previews.
    async fn snapshot(&self, clock: Arc<dyn Clock>) -> StoreResult<MemoryStore>;
}
