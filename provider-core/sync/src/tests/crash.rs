//! A process that dies at a chosen call: before it, or after it when nobody has heard of it yet.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use provider_core::clock::Clock;
use provider_core::info::AccountKey;
use provider_core::{Delivery, EntityKind, Error, ErrorKind};

use crate::fingerprint::Fingerprint;
use crate::notify::{Alert, Notifier, NotifyError, NotifyErrorKind, StopCause};
use crate::plan::{BreakerPlan, KindPlan, PlanProblem};
use crate::report::KindReport;
use crate::store::{
    AlertEnd, ConnectionState, ConnectionStatus, Decision, DueAlert, Gate, Intent, IntentCommit, KindRun,
    KindScope, Known, MemoryStore, PageCommit, Pending, PendingId, QueueQuery, RunId, RunLease, Session,
    SessionClosed, SessionEnd, SessionStart, Shadow, Standing, StoreError, StoreErrorKind, StoreResult,
    SyncStore, sealed,
};
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, Target, TargetError,
    TargetErrorKind, TargetField,
};

/// Counts down the calls of a process, and lets nothing through once it is dead.
#[derive(Debug, Clone)]
pub(crate) struct Fuse(Arc<AtomicU64>);

impl Default for Fuse {
    /// Never.
    fn default() -> Self {
        Self::after(u64::MAX)
    }
}

impl Fuse {
    pub(crate) fn after(calls: u64) -> Self {
        Self(Arc::new(AtomicU64::new(calls)))
    }

    /// How many calls are left.
    pub(crate) fn left(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Whether the process still lives at this point.
    fn lives(&self) -> bool {
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }

    pub(crate) fn provider(&self) -> Result<(), Error> {
        if self.lives() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Cancelled, "the process is dead").with_delivery(Delivery::NotSent))
    }

    fn target(&self) -> Result<(), TargetError> {
        if self.lives() {
            Ok(())
        } else {
            Err(TargetError::new(TargetErrorKind::Unreachable, "the process is dead"))
        }
    }

    fn store(&self) -> StoreResult<()> {
        if self.lives() {
            Ok(())
        } else {
            Err(StoreError::new(StoreErrorKind::Unreachable, "the process is dead"))
        }
    }
}

/// A target or a store of a process that may die.
#[derive(Debug, Clone)]
pub(crate) struct Dying<S> {
    pub(crate) inner: S,
    pub(crate) fuse: Fuse,
    /// What the target says that it takes at once.
    together: usize,
}

impl<S> Dying<S> {
    pub(crate) fn of(inner: S, fuse: &Fuse) -> Self {
        Self { inner, fuse: fuse.clone(), together: 0 }
    }

    pub(crate) fn together(self, records: usize) -> Self {
        Self { together: records, ..self }
    }
}

#[async_trait]
impl Target for Dying<Arc<dyn Target>> {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    fn problems(&self, kind: &KindPlan) -> Vec<PlanProblem> {
        self.inner.problems(kind)
    }

    fn marks_by_column(&self) -> bool {
        self.inner.marks_by_column()
    }

    fn at_once(&self) -> usize {
        self.together
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        self.fuse.target()?;
        let applied = self.inner.apply(batch).await?;
        self.fuse.target()?;
        Ok(applied)
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.fuse.target()?;
        self.inner.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.fuse.target()?;
        self.inner.get(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.fuse.target()?;
        self.inner.read(kind, after, limit).await
    }
}

#[async_trait]
impl Notifier for Dying<Arc<dyn Notifier>> {
    async fn send(&self, alert: &Alert) -> Result<(), NotifyError> {
        let dead = || NotifyError::new(NotifyErrorKind::Unreachable, "the process is dead");
        self.fuse.lives().then_some(()).ok_or_else(dead)?;
        self.inner.send(alert).await?;
        self.fuse.lives().then_some(()).ok_or_else(dead)
    }
}

impl sealed::Sealed for Dying<Arc<dyn SyncStore>> {}

/// The calls: the process may die on either side of each.
macro_rules! calls {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+) => {
        #[async_trait]
        impl SyncStore for Dying<Arc<dyn SyncStore>> {
            $(
                async fn $name(&self, $($argument: $type),*) -> StoreResult<$answer> {
                    self.fuse.store()?;
                    let answer = self.inner.$name($($argument),*).await?;
                    self.fuse.store()?;
                    Ok(answer)
                }
            )+
        }
    };
}

calls! {
    lease(account: &AccountKey, ttl: Duration) -> Option<RunLease>;
    renew(lease: &RunLease) -> RunLease;
    outbid(lease: &RunLease, fence: u64) -> RunLease;
    release(lease: &RunLease) -> ();
    open_session(lease: &RunLease, start: &SessionStart) -> Session;
    close_session(lease: &RunLease, end: &SessionEnd) -> SessionClosed;
    open_kind(lease: &RunLease, session: &Session, scope: &KindScope) -> KindRun;
    commit_page(lease: &RunLease, scope: &KindScope, run: RunId, page: PageCommit) -> ();
    close_kind(lease: &RunLease, scope: &KindScope, run: RunId, report: &KindReport, whole: bool) -> ();
    decide(id: &PendingId, decision: &Decision, who: &str) -> ();
    tied(scope: &KindScope, keys: &[LocalKey]) -> Vec<Shadow>;
    open_intents(scope: &KindScope) -> Vec<Intent>;
    last_intent(scope: &KindScope, local: &LocalKey) -> Option<Intent>;
    commit_intents(scope: &KindScope, commit: &IntentCommit) -> ();
    decide_all(words: &[(PendingId, Decision)], who: &str) -> Vec<(usize, StoreError)>;
    hint(scope: &KindScope, id: &str) -> ();
    switch(connection: &str, state: ConnectionState, cause: Option<&str>) -> ();
    known(scope: &KindScope, records: &[(&str, Option<Fingerprint>)]) -> Vec<Known>;
    shadows(scope: &KindScope, ids: &[&str]) -> Vec<Shadow>;
    missing(scope: &KindScope, run: RunId, after: Option<u32>, limit: usize) -> Vec<Shadow>;
    witnesses(scope: &KindScope, run: RunId, group: Option<&str>, limit: usize) -> Vec<String>;
    met(scope: &KindScope, session: &Session, id: &str) -> Option<bool>;
    pending_of(scope: &KindScope, ids: &[&str]) -> Vec<(Fingerprint, Pending)>;
    queue(query: &QueueQuery) -> Vec<Pending>;
    hints(scope: &KindScope, limit: usize) -> Vec<String>;
    standing(connection: &str) -> Option<(Standing, bool)>;
    begin_probe(lease: &RunLease, connection: &str, rules: &BreakerPlan) -> Gate;
    end_probe(lease: &RunLease, connection: &str, cause: Option<&StopCause>) -> ();
    not_begun(end: &SessionEnd) -> Option<SessionClosed>;
    claim_alert(connection: Option<&str>, hold: Duration) -> Option<DueAlert>;
    settle_alert(due: &DueAlert, end: &AlertEnd) -> ();
    status() -> Vec<ConnectionStatus>;
    snapshot(clock: Arc<dyn Clock>) -> MemoryStore;
}
