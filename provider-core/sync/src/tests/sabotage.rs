//! Targets and stores that break one rule each: the suites and the worlds name which.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::DateTime;
use provider_core::EntityKind;
use provider_core::clock::Clock;
use provider_core::info::AccountKey;

use super::oracles::broken_promises;
use super::world::{World, application};
use crate::fingerprint::Fingerprint;
use crate::notify::StopCause;
use crate::plan::{BreakerPlan, Update};
use crate::report::KindReport;
use crate::store::{
    AlertEnd, Checkpoint, ConnectionState, ConnectionStatus, Decision, DueAlert, Gate, Intent, IntentCommit,
    KindRun, KindScope, Known, MemoryStore, PageCommit, Pending, PendingId, QueueQuery, RunId, RunLease,
    Session, SessionClosed, SessionEnd, SessionStart, Shadow, Standing, StoreError, StoreResult, SyncStore,
    sealed,
};
use crate::target::conformance::{Fixture, Side, broken_rules};
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, MemoryTarget, Target,
    TargetError, TargetField,
};

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
    /// A record that is tied is among those that are tied to nothing.
    TiedIsUntied,
    /// Of those that are tied to nothing, some are not read.
    SkipsUntied,
}

const TARGET_FLAWS: [(TargetFlaw, &str); 18] = [
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
    (TargetFlaw::TiedIsUntied, "T2"),
    (TargetFlaw::SkipsUntied, "T2"),
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

    async fn read_untied(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        let mut page = self.read(kind, after, limit).await?;
        page.records.retain(|record| self.flaw == TargetFlaw::TiedIsUntied || record.remote.is_none());
        if self.flaw == TargetFlaw::SkipsUntied && after.is_some() {
            page.records.clear();
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

/// What a broken store does otherwise than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StoreFlaw {
    /// Everybody gets the lease.
    NoLease,
    /// Whether it is free is looked at before it is taken, and not in one step.
    NotExclusive,
    /// Every worker has the same fence.
    SameFence,
    /// Whoever comes with a page is taken for the last one.
    NoFence,
    /// A page is refused after it was stored.
    LateFence,
    /// The checkpoint is stored without the page.
    PointWithoutPage,
    /// The checkpoint of a page is stored before the application has the page.
    PointAhead,
    /// What was met is not remembered.
    NoBits,
    /// What waits for a person is not kept.
    NoQueue,
    /// What a person has settled waits on.
    NeverSettled,
    /// A hint that was followed is followed again.
    HintsForEver,
    /// How often a record was missing is not counted.
    NoAbsence,
    /// A record that was removed is still known.
    NeverForgets,
}

const STORE_FLAWS: [(StoreFlaw, &str); 13] = [
    (StoreFlaw::NoLease, "one has the lease"),
    (StoreFlaw::NotExclusive, "of many at once one gets it"),
    (StoreFlaw::SameFence, "fences grow"),
    (StoreFlaw::NoFence, "a worker that was succeeded is refused"),
    (StoreFlaw::LateFence, "of a page that is refused nothing is kept"),
    (StoreFlaw::PointWithoutPage, "a page is kept"),
    (StoreFlaw::PointAhead, "no page is skipped after a crash"),
    (StoreFlaw::NoBits, "what was met is remembered"),
    (StoreFlaw::NoQueue, "what waits is in the queue until it is settled"),
    (StoreFlaw::NeverSettled, "what waits is in the queue until it is settled"),
    (StoreFlaw::HintsForEver, "a hint is kept until it is followed"),
    (StoreFlaw::NoAbsence, "absence is counted"),
    (StoreFlaw::NeverForgets, "what is removed is forgotten"),
];

#[derive(Debug, Clone)]
struct BrokenStore {
    inner: Arc<dyn SyncStore>,
    flaw: StoreFlaw,
    /// Who had the lease last.
    last: Arc<Mutex<Option<RunLease>>>,
    /// The checkpoints of the first listing of customers, in their order.
    points: Arc<Mutex<Vec<Checkpoint>>>,
}

impl BrokenStore {
    fn new(inner: Arc<dyn SyncStore>, flaw: StoreFlaw) -> Self {
        Self { inner, flaw, last: Arc::default(), points: Arc::default() }
    }

    fn ahead(&self, page: &mut PageCommit) {
        let Some(point) = &mut page.checkpoint else { return };
        let mut points = self.points.lock().unwrap();
        match points.iter().position(|known| known == point) {
            Some(at) => *point = points.get(at + 1).unwrap_or(point).clone(),
            None => points.push(point.clone()),
        }
    }
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
                let looked_free = self.last.lock().unwrap().is_none();
                tokio::task::yield_now().await;
                let mut lease = self.inner.lease(account, ttl).await?;
                let given_all_the_same = match self.flaw {
                    StoreFlaw::NoLease => lease.is_none(),
                    StoreFlaw::NotExclusive => lease.is_none() && looked_free,
                    _ => false,
                };
                if given_all_the_same {
                    let ends_at = DateTime::<chrono::Utc>::MAX_UTC;
                    return Ok(Some(RunLease { account: account.clone(), fence: 1, ends_at, ttl }));
                }
                if let Some(lease) = &mut lease {
                    *self.last.lock().unwrap() = Some(lease.clone());
                    if self.flaw == StoreFlaw::SameFence {
                        lease.fence = 1;
                    }
                }
                Ok(lease)
            }

            async fn commit_page(&self, lease: &RunLease, scope: &KindScope, run: RunId, page: PageCommit) -> StoreResult<()> {
                let (mut page, last) = (page, self.last.lock().unwrap().clone());
                let last = last.as_ref().unwrap_or(lease);
                match self.flaw {
                    StoreFlaw::PointWithoutPage => {
                        page.shadows.clear();
                        page.seen.clear();
                    }
                    StoreFlaw::PointAhead => self.ahead(&mut page),
                    StoreFlaw::NoBits => page.seen.clear(),
                    StoreFlaw::NoQueue => page.pending.clear(),
                    StoreFlaw::NeverSettled => page.settled.clear(),
                    StoreFlaw::HintsForEver => page.hints.clear(),
                    StoreFlaw::NoAbsence => page.unseen.clear(),
                    StoreFlaw::NeverForgets => page.forgotten.clear(),
                    StoreFlaw::NoFence => return self.inner.commit_page(last, scope, run, page).await,
                    _ => {}
                }
                let stored = self.inner.commit_page(lease, scope, run, page.clone()).await;
                if stored.is_err() && self.flaw == StoreFlaw::LateFence {
                    self.inner.commit_page(last, scope, run, page).await?;
                }
                stored
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

#[tokio::test]
async fn every_broken_store_is_caught_by_the_promise_that_it_breaks() {
    for (flaw, promise) in STORE_FLAWS {
        let broken = broken_promises(async || {
            let mut world = World::new();
            world.store = Arc::new(BrokenStore::new(Arc::clone(&world.store), flaw));
            world
        });
        let broken = broken.await;
        assert!(!broken.is_empty(), "{flaw:?} is not noticed");
        assert!(
            broken.iter().any(|(broken, _)| *broken == promise),
            "{flaw:?} breaks `{promise}`, and was caught by {broken:?}"
        );
    }
    assert_eq!(TARGET_FLAWS.len() + STORE_FLAWS.len(), 31, "targets and stores that are sabotaged");
}
