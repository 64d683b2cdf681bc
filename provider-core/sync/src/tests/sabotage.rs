//! Targets and stores that break one rule each: the suites and the worlds name which.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::DateTime;
use provider_core::EntityKind;
use provider_core::clock::Clock;
use provider_core::info::AccountKey;
use tokio::sync::Notify;

use super::world::{World, application};
use crate::engine::RunControl;
use crate::fingerprint::Fingerprint;
use crate::notify::StopCause;
use crate::plan::{BreakerPlan, Mailbox, Update};
use crate::report::KindReport;
use crate::store::{
    AlertEnd, ConnectionState, ConnectionStatus, Decision, DueAlert, Gate, KindRun, KindScope, Known,
    MemoryStore, PageCommit, Pending, PendingId, QueueQuery, RunId, RunLease, Session, SessionClosed,
    SessionEnd, SessionStart, Shadow, Standing, StoreResult, SyncStore, sealed,
};
use crate::target::conformance::{Fixture, Side, broken_rules};
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, MemoryTarget, Target,
    TargetError, TargetField,
};

/// A target of a worker that is paused before one of its batches.
#[derive(Debug, Clone)]
pub(crate) struct Paused {
    inner: MemoryTarget,
    left: Arc<AtomicU64>,
    reached: Arc<Notify>,
    wake: Arc<Notify>,
}

impl Paused {
    pub(crate) fn new(inner: MemoryTarget, batches: u64) -> Self {
        Self {
            inner,
            left: Arc::new(AtomicU64::new(batches % 4)),
            reached: Arc::default(),
            wake: Arc::default(),
        }
    }

    /// It is paused now, or has had nothing to do.
    pub(crate) async fn reached<T>(&self, worker: &tokio::task::JoinHandle<T>) {
        while self.left.load(Ordering::SeqCst) != u64::MAX && !worker.is_finished() {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }
}

/// What a broken target does otherwise than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TargetFlaw {
    /// A create makes a record each time.
    Doubles,
    /// A record that is made again gets another key in the answer.
    AnotherKey,
    /// A record that is tied is tied to another one.
    Steals,
    /// Fences are not looked at.
    NoFence,
    /// A fence is remembered for all connections together.
    OneFence,
    /// The refusal of a fence comes after the writing.
    LateFence,
    /// `expected` is not looked at.
    NoCompare,
    /// A removal does not look at `expected`.
    RemovesUnseen,
    /// An update of a record that is gone makes it again.
    Resurrects,
    /// A record that is as wanted is stale because it is not as expected.
    StaleThoughDone,
    /// Nothing but what was expected is answered.
    StaleEmpty,
    /// The batch ends at the first change that is not done.
    EndsEarly,
    /// Answers come in another order.
    Shuffles,
    /// The fingerprint in an answer is not that of the record.
    WrongPrint,
    /// An update is answered and not done.
    Forgets,
    /// Reading starts again from the beginning.
    ReadsInCircles,
}

const TARGET_FLAWS: [(TargetFlaw, &str); 16] = [
    (TargetFlaw::Doubles, "T1"),
    (TargetFlaw::AnotherKey, "T1"),
    (TargetFlaw::Steals, "T2"),
    (TargetFlaw::NoFence, "T3"),
    (TargetFlaw::OneFence, "T3"),
    (TargetFlaw::LateFence, "T3"),
    (TargetFlaw::NoCompare, "T4"),
    (TargetFlaw::RemovesUnseen, "T4"),
    (TargetFlaw::Resurrects, "T4"),
    (TargetFlaw::StaleThoughDone, "T4"),
    (TargetFlaw::StaleEmpty, "T4"),
    (TargetFlaw::EndsEarly, "T5"),
    (TargetFlaw::Shuffles, "T5"),
    (TargetFlaw::WrongPrint, "T4"),
    (TargetFlaw::Forgets, "T1"),
    (TargetFlaw::ReadsInCircles, "T2"),
];

#[derive(Debug, Clone)]
struct Broken {
    inner: MemoryTarget,
    flaw: TargetFlaw,
    calls: Arc<AtomicU64>,
}

impl Broken {
    fn new(inner: MemoryTarget, flaw: TargetFlaw) -> Self {
        Self { inner, flaw, calls: Arc::default() }
    }
}

#[async_trait]
impl Target for Broken {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        let mut batch = batch.clone();
        let mut before = Vec::new();
        for change in &batch.changes {
            let key = change.local.clone().unwrap_or_else(|| LocalKey::new("?"));
            before.push(self.inner.get(change.remote.kind, &[key]).await?.pop());
        }
        let original = batch.clone();
        match self.flaw {
            TargetFlaw::NoFence => batch.fence = u64::MAX,
            TargetFlaw::OneFence => batch.connection = "all".into(),
            TargetFlaw::LateFence => {
                let late = ApplyBatch { connection: "late".into(), fence: u64::MAX, ..batch.clone() };
                self.inner.apply(&late).await?;
            }
            TargetFlaw::Doubles => {
                for change in batch.changes.iter_mut().filter(|change| change.op == Update::Create) {
                    if self
                        .inner
                        .records(change.remote.kind)
                        .iter()
                        .any(|row| row.remote.as_ref() == Some(&change.remote.id))
                    {
                        change.remote.id = format!("{} {call}", change.remote.id);
                    }
                }
            }
            TargetFlaw::NoCompare => batch.changes.iter_mut().for_each(|change| change.expected = None),
            TargetFlaw::RemovesUnseen => {
                for change in batch.changes.iter_mut().filter(|change| change.op == Update::Remove) {
                    change.expected = None;
                }
            }
            TargetFlaw::Resurrects => {
                for (change, before) in batch.changes.iter_mut().zip(&before) {
                    if change.op == Update::Update && before.is_none() {
                        (change.op, change.local) = (Update::Create, None);
                    }
                }
            }
            TargetFlaw::Steals => {
                for (change, before) in batch.changes.iter().zip(&before) {
                    if let Some(row) = before.clone().filter(|_| change.op == Update::Update) {
                        self.inner.put(change.remote.kind, LocalRecord { remote: None, ..row });
                    }
                }
                batch.changes.iter_mut().for_each(|change| change.expected = None);
            }
            TargetFlaw::EndsEarly => {
                let bad = batch
                    .changes
                    .iter()
                    .zip(&before)
                    .position(|(change, before)| change.local.is_some() && before.is_none());
                batch.changes.truncate(bad.unwrap_or(usize::MAX));
            }
            TargetFlaw::Forgets => {
                batch.changes.iter_mut().filter(|change| change.op == Update::Update).for_each(|change| {
                    change.values.clear();
                });
            }
            _ => {}
        }
        let mut answers = self.inner.apply(&batch).await?;
        match self.flaw {
            TargetFlaw::AnotherKey => {
                for answer in &mut answers {
                    if let Applied::Done { local, .. } = answer {
                        *local = LocalKey(format!("{local} {call}"));
                    }
                }
            }
            TargetFlaw::Shuffles => answers.reverse(),
            TargetFlaw::WrongPrint => {
                for answer in &mut answers {
                    if let Applied::Done { fingerprint, .. } = answer {
                        *fingerprint = Fingerprint::of_text("something");
                    }
                }
            }
            TargetFlaw::StaleEmpty => {
                for answer in &mut answers {
                    if let Applied::Stale(found) = answer {
                        *found = None;
                    }
                }
            }
            TargetFlaw::StaleThoughDone => {
                for ((answer, before), change) in answers.iter_mut().zip(before).zip(&original.changes) {
                    let differs =
                        |row: &LocalRecord| change.expected.is_some_and(|print| print != row.fingerprint);
                    if change.op == Update::Update && before.as_ref().is_some_and(differs) {
                        *answer = Applied::Stale(before);
                    }
                }
            }
            _ => {}
        }
        Ok(answers)
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.get(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        let after = after.filter(|_| self.flaw != TargetFlaw::ReadsInCircles);
        let mut page = self.inner.read(kind, after, limit).await?;
        if self.flaw == TargetFlaw::ReadsInCircles {
            page.next = Some(LocalCursor("0".into()));
        }
        Ok(page)
    }
}

fn fixture(flaw: Option<TargetFlaw>) -> Fixture {
    let inner = application();
    let direct = inner.clone();
    let side = Side::new(move |key, change| direct.change_directly(EntityKind::Customer, key, change));
    match flaw {
        Some(flaw) => Fixture::new(Broken::new(inner, flaw), "name", side),
        None => Fixture::new(inner, "name", side),
    }
}

#[tokio::test]
async fn a_target_that_keeps_the_rules_breaks_none() {
    assert_eq!(broken_rules(async || fixture(None)).await, []);
}

#[tokio::test]
async fn every_broken_target_is_caught_by_the_rule_that_it_breaks() {
    for (flaw, rule) in TARGET_FLAWS {
        let broken = broken_rules(async || fixture(Some(flaw))).await;
        assert!(!broken.is_empty(), "{flaw:?} is not noticed");
        assert!(
            broken.iter().any(|broken| broken.rule == rule),
            "{flaw:?} breaks {rule}, and was caught by {broken:?}"
        );
    }
}

async fn memory() -> Fixture {
    fixture(None)
}

crate::target_conformance!(memory_target, memory);

#[async_trait]
impl Target for Paused {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        match self.left.load(Ordering::SeqCst) {
            0 => {
                self.left.store(u64::MAX, Ordering::SeqCst);
                self.reached.notify_one();
                self.wake.notified().await;
            }
            u64::MAX => {}
            left => self.left.store(left - 1, Ordering::SeqCst),
        }
        self.inner.apply(batch).await
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.get(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.inner.read(kind, after, limit).await
    }
}

/// What a broken store does otherwise than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StoreFlaw {
    /// Everybody gets the lease.
    NoLease,
    /// The checkpoint is stored without the page.
    PointWithoutPage,
    /// What was met is not remembered.
    NoBits,
}

#[derive(Debug, Clone)]
struct BrokenStore {
    inner: Arc<dyn SyncStore>,
    flaw: StoreFlaw,
}

impl sealed::Sealed for BrokenStore {}

macro_rules! passed_on {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+) => {
        #[async_trait]
        impl SyncStore for BrokenStore {
            $(async fn $name(&self, $($argument: $type),*) -> StoreResult<$answer> {
                self.inner.$name($($argument),*).await
            })+

            async fn lease(&self, account: &AccountKey, ttl: Duration) -> StoreResult<Option<RunLease>> {
                let lease = self.inner.lease(account, ttl).await?;
                if lease.is_some() || self.flaw != StoreFlaw::NoLease {
                    return Ok(lease);
                }
                Ok(Some(RunLease { account: account.clone(), fence: 1, ends_at: DateTime::<chrono::Utc>::MAX_UTC, ttl }))
            }

            async fn commit_page(&self, lease: &RunLease, scope: &KindScope, run: RunId, page: &PageCommit) -> StoreResult<()> {
                let mut page = page.clone();
                match self.flaw {
                    StoreFlaw::PointWithoutPage => {
                        page.shadows.clear();
                        page.seen.clear();
                    }
                    StoreFlaw::NoBits => {
                        page.seen.clear();
                    }
                    _ => {}
                }
                self.inner.commit_page(lease, scope, run, &page).await
            }
        }
    };
}

passed_on! {
    open_kind(lease: &RunLease, session: &Session, scope: &KindScope) -> KindRun;
    renew(lease: &RunLease) -> RunLease;
    outbid(lease: &RunLease, fence: u64) -> RunLease;
    release(lease: &RunLease) -> ();
    open_session(lease: &RunLease, start: &SessionStart) -> Session;
    close_session(lease: &RunLease, end: &SessionEnd) -> SessionClosed;
    close_kind(lease: &RunLease, scope: &KindScope, run: RunId, report: &KindReport, whole: bool) -> ();
    decide(id: &PendingId, decision: &Decision, who: &str) -> ();
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
    stop(connection: &str, cause: &StopCause, rules: &BreakerPlan, recipients: &[Mailbox]) -> bool;
    claim_alert(connection: Option<&str>, hold: Duration) -> Option<DueAlert>;
    settle_alert(due: &DueAlert, end: &AlertEnd) -> ();
    status() -> Vec<ConnectionStatus>;
    snapshot(clock: Arc<dyn Clock>) -> MemoryStore;
}

/// What somebody who uses such a store would notice: `None` where nothing is wrong.
async fn noticed(flaw: Option<StoreFlaw>) -> Option<String> {
    let world = World::new();
    world.shop.customers(6);
    let store = |world: &World| -> Arc<dyn SyncStore> {
        let inner = Arc::clone(&world.store);
        match flaw {
            Some(flaw) => Arc::new(BrokenStore { inner, flaw }),
            None => inner,
        }
    };
    let target: Arc<dyn Target> = Arc::new(world.target.clone());
    let engine = || world.over(world.shop.clone(), Arc::clone(&target), store(&world));
    engine().run(&RunControl::default()).await.ok()?;
    let account = provider_core::Provider::info(&world.shop).account_key();
    let first = store(&world).lease(&account, Duration::from_secs(90)).await.ok()??;
    if store(&world).lease(&account, Duration::from_secs(90)).await.ok()?.is_some() {
        return Some("two at once have the lease".into());
    }
    store(&world).release(&first).await.ok()?;
    let again = engine().run(&RunControl::default()).await.ok()?;
    let customers = again.kind(EntityKind::Customer)?;
    if customers.unchanged != 6 {
        return Some(format!("an unchanged run is not one: {customers:?}"));
    }
    if customers.suspected > 0 {
        return Some(format!("what was met is missing: {customers:?}"));
    }
    None
}

#[tokio::test]
async fn every_broken_store_is_noticed() {
    assert_eq!(noticed(None).await, None);
    for flaw in [StoreFlaw::NoLease, StoreFlaw::PointWithoutPage, StoreFlaw::NoBits] {
        assert!(noticed(Some(flaw)).await.is_some(), "{flaw:?}");
    }
}
