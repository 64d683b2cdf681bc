//! Stores, journals and applications that break what pushing rests on: each is noticed by name.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use provider_core::clock::Clock;
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Fence, Journal, Settlement};
use provider_core::{Attempt, EntityKind, IdempotencyKey, Receipt, Result};

use super::crash::Fuse;
use super::town::Town;
use crate::engine::RunControl;
use crate::fingerprint::Fingerprint;
use crate::notify::StopCause;
use crate::plan::BreakerPlan;
use crate::report::KindReport;
use crate::store::{
    AlertEnd, ConnectionState, ConnectionStatus, Decision, DueAlert, Gate, Intent, IntentCommit, KindRun,
    KindScope, Known, MemoryStore, PageCommit, Pending, PendingId, QueueQuery, RunId, RunLease, Session,
    SessionClosed, SessionEnd, SessionStart, Shadow, Standing, StoreError, StoreResult, SyncStore, sealed,
};
use crate::target::LocalKey;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    /// Intents are not stored.
    ForgetsIntents,
    /// What came of an intent is not stored.
    ForgetsEnds,
    /// An intent that is opened gets another key each time it is read.
    ChangesKeys,
    /// What both sides agreed on is not stored.
    ForgetsBase,
}

#[derive(Debug, Clone)]
struct Broken {
    inner: Arc<dyn SyncStore>,
    flaw: Flaw,
}

impl Broken {
    fn other_keys(&self, intents: &mut [Intent]) {
        if self.flaw == Flaw::ChangesKeys {
            for intent in intents {
                intent.key = IdempotencyKey::random().unwrap();
            }
        }
    }
}

impl sealed::Sealed for Broken {}

macro_rules! passed_on {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+) => {
        #[async_trait]
        impl SyncStore for Broken {
            $(async fn $name(&self, $($argument: $type),*) -> StoreResult<$answer> {
                self.inner.$name($($argument),*).await
            })+

            async fn commit_page(&self, lease: &RunLease, scope: &KindScope, run: RunId, page: PageCommit) -> StoreResult<()> {
                let mut page = page;
                match self.flaw {
                    Flaw::ForgetsIntents => page.intents.clear(),
                    Flaw::ForgetsEnds => page.ended.clear(),
                    Flaw::ForgetsBase => {
                        page.shadows.iter_mut().chain(&mut page.unseen).for_each(|shadow| shadow.base = None);
                    }
                    Flaw::ChangesKeys => {}
                }
                self.inner.commit_page(lease, scope, run, page).await
            }

            async fn open_intents(&self, scope: &KindScope) -> StoreResult<Vec<Intent>> {
                let mut intents = self.inner.open_intents(scope).await?;
                self.other_keys(&mut intents);
                Ok(intents)
            }

            async fn last_intent(&self, scope: &KindScope, local: &LocalKey) -> StoreResult<Option<Intent>> {
                let mut intent = self.inner.last_intent(scope, local).await?;
                self.other_keys(intent.as_mut_slice());
                Ok(intent)
            }
        }
    };
}

passed_on! {
    lease(account: &AccountKey, ttl: Duration) -> Option<RunLease>;
    open_kind(lease: &RunLease, session: &Session, scope: &KindScope) -> KindRun;
    renew(lease: &RunLease) -> RunLease;
    outbid(lease: &RunLease, fence: u64) -> RunLease;
    release(lease: &RunLease) -> ();
    open_session(lease: &RunLease, start: &SessionStart) -> Session;
    close_session(lease: &RunLease, end: &SessionEnd) -> SessionClosed;
    close_kind(lease: &RunLease, scope: &KindScope, run: RunId, report: &KindReport, whole: bool) -> ();
    decide(id: &PendingId, decision: &Decision, who: &str) -> ();
    decide_all(words: &[(PendingId, Decision)], who: &str) -> Vec<(usize, StoreError)>;
    tied(scope: &KindScope, keys: &[LocalKey]) -> Vec<Shadow>;
    commit_intents(scope: &KindScope, commit: &IntentCommit) -> ();
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

/// A journal that answers each key as a new one.
#[derive(Debug)]
struct Amnesia;

#[async_trait]
impl Journal for Amnesia {
    async fn begin(&self, _: &Attempt, _: Duration) -> Result<Begin> {
        Ok(Begin::Fresh(Fence(1)))
    }

    async fn arm(&self, _: &Attempt, _: Fence, _: Duration) -> Result<()> {
        Ok(())
    }

    async fn finish(&self, _: &Attempt, _: Fence, _: &Receipt) -> Result<()> {
        Ok(())
    }

    async fn release(&self, _: &Attempt, _: Fence) -> Result<()> {
        Ok(())
    }

    async fn leave_open(&self, _: &Attempt, _: Fence) -> Result<()> {
        Ok(())
    }

    async fn settle(&self, _: &IdempotencyKey, _: Settlement, _: &str) -> Result<()> {
        Ok(())
    }

    async fn forget(&self, _: DateTime<Utc>) -> Result<u64> {
        Ok(0)
    }
}

/// A row is made and edited, and a process dies at each point: what somebody who uses this would notice.
async fn noticed(flaw: Option<Flaw>) -> Option<String> {
    for point in 0..160 {
        let town = Town::new();
        town.write(EntityKind::Customer, "7", &[("name", "Bakery")]);
        let store = |inner: Arc<dyn SyncStore>| -> Arc<dyn SyncStore> {
            match flaw {
                Some(flaw) => Arc::new(Broken { inner, flaw }),
                None => inner,
            }
        };
        let broken = Town { store: store(Arc::clone(&town.store)), ..town };
        let _ = broken.dying(&Fuse::after(point)).run(&RunControl::default()).await;
        for _ in 0..2 {
            broken.clock.pass(chrono::Duration::hours(1));
            let engine = broken.engine();
            // A store that forgets a key lets the distributor notice what is asked for twice.
            let run = tokio::spawn(async move { engine.run(&RunControl::default()).await.map(drop) });
            if run.await.is_err() {
                return Some("a command was carried out twice".into());
            }
        }
        let customers = broken.market.shop.records().customers.len();
        if customers != 1 {
            return Some(format!("{customers} customers were made, after a crash at {point}"));
        }
        if broken.row(EntityKind::Customer, "7").remote.as_deref() != Some("m01") {
            return Some(format!("the row is not tied, after a crash at {point}"));
        }
        let writes = broken.writes();
        broken.write(EntityKind::Customer, "7", &[("phone", "1"), ("name", "Bakehouse")]);
        let mut quiet = false;
        for _ in 0..3 {
            broken.clock.pass(chrono::Duration::hours(1));
            let report = broken.engine().run(&RunControl::default()).await.ok()?;
            quiet = report.kinds.iter().all(KindReport::is_quiet);
        }
        if broken.writes() != writes + 1 {
            return Some(format!("an edit was sent {} times", broken.writes() - writes));
        }
        if broken.theirs("m01").name != "Bakehouse" {
            return Some("who has changed a name is not known".into());
        }
        if !quiet {
            return Some("the writes do not stop when the edits do".into());
        }
    }
    None
}

#[tokio::test]
async fn a_store_that_keeps_what_it_should_is_not_noticed() {
    assert_eq!(noticed(None).await, None);
}

#[tokio::test]
async fn every_store_that_breaks_a_rule_of_pushing_is_noticed() {
    for flaw in [Flaw::ForgetsIntents, Flaw::ForgetsEnds, Flaw::ChangesKeys, Flaw::ForgetsBase] {
        let told = noticed(Some(flaw)).await;
        println!("{flaw:?}: {told:?}");
        assert!(told.is_some(), "{flaw:?} is not noticed");
    }
}

/// Without a journal that remembers, a lost answer would be sent once more: the crash points show it.
#[tokio::test]
async fn a_journal_that_forgets_is_noticed() {
    let town = Town::new();
    town.write(EntityKind::Customer, "7", &[("name", "Bakery")]);
    town.market.desk().faults.push_back(super::market::DeskFault::LostAfter);
    let target = Arc::new(town.target.clone());
    let engine = town.over(town.market.clone(), Amnesia, target, Arc::clone(&town.store));
    let run = tokio::spawn(async move { engine.run(&RunControl::default()).await });
    let doubled = run.await.is_err() || town.market.shop.records().customers.len() > 1;
    assert!(doubled, "it was made once all the same");
}
