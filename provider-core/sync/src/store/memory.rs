//! A store in memory: the model that the others are held against, and for previews. It forgets with the process.

mod breaker;
mod copy;
mod intents;
mod lease;
mod letters;
mod records;
mod session;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use provider_core::clock::{Clock, SystemClock};
use provider_core::info::AccountKey;

use super::breaker::{AlertEnd, DueAlert, Gate, SessionClosed, SessionEnd, Standing};
use super::intent::{Intent, IntentCommit};
use super::rules::{check_decision, other_account, unknown};
use super::status::{ConnectionState, ConnectionStatus};
use super::types::{
    Checkpoint, Decision, KindRun, KindScope, Known, PageCommit, Pending, PendingId, PendingType, QueueQuery,
    RunId, RunLease, Shadow,
};
use super::{Bits, Session, SessionStart, StoreError, StoreErrorKind, StoreResult, SyncStore, sealed};
pub(super) use copy::Dump;
use letters::Letters;

use crate::decide::evidence::COUNTED;
use crate::fingerprint::Fingerprint;
use crate::notify::StopCause;
use crate::plan::BreakerPlan;
use crate::report::{KindReport, SyncOutcome};
use crate::target::LocalKey;

/// A store in memory. Clones share it.
#[derive(Debug, Clone)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Clock>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock))
    }
}

#[derive(Debug, Clone, Default)]
struct State {
    leases: BTreeMap<AccountKey, (u64, DateTime<Utc>)>,
    connections: BTreeMap<String, Connection>,
    scopes: BTreeMap<KindScope, Kept>,
    letters: Letters,
    next: i64,
    intents: BTreeMap<i64, (KindScope, Intent)>,
    name: Option<String>,
}

#[derive(Debug, Clone)]
struct Connection {
    account: AccountKey,
    plan: Fingerprint,
    session: Session,
    open: bool,
    standing: Standing,
    outcome: Option<SyncOutcome>,
}

#[derive(Debug, Clone, Default)]
struct Kept {
    shadows: BTreeMap<String, Shadow>,
    next_slot: u32,
    run: Option<Run>,
    listed: Option<u64>,
    pending: BTreeMap<(String, PendingType), (i64, Fingerprint, Pending)>,
    hints: BTreeSet<String>,
    /// By what its rows are tied.
    key: Option<String>,
}

#[derive(Debug, Clone)]
struct Run {
    id: RunId,
    session: i64,
    ended: bool,
    seen: Bits,
    checkpoint: Option<Checkpoint>,
    report: KindReport,
}

impl MemoryStore {
    /// An empty store that takes time from this clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { state: Arc::default(), clock }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, ttl: Duration) -> DateTime<Utc> {
        let life = chrono::Duration::from_std(ttl).unwrap_or(chrono::Duration::MAX);
        self.clock.now().checked_add_signed(life).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl State {
    /// Leaves nothing under way: whoever looks ahead looks at a whole run.
    fn settle(&mut self) {
        self.leases.clear();
        self.connections.values_mut().for_each(|known| known.open = false);
        self.scopes.values_mut().for_each(|kept| kept.run = None);
    }

    fn number(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// Every write begins with it.
    fn held(&mut self, lease: &RunLease, ends_at: DateTime<Utc>) -> StoreResult<()> {
        match self.leases.get_mut(&lease.account) {
            Some((fence, end)) if *fence == lease.fence => {
                *end = ends_at;
                Ok(())
            }
            _ => Err(StoreError::fenced()),
        }
    }

    fn run(&mut self, scope: &KindScope, run: RunId) -> StoreResult<&mut Kept> {
        let kept = self.scopes.entry(scope.clone()).or_default();
        if kept.run.as_ref().is_some_and(|known| known.id == run) {
            Ok(kept)
        } else {
            Err(StoreError::new(StoreErrorKind::Unknown, "there is no such run"))
        }
    }
}

impl sealed::Sealed for MemoryStore {}

#[async_trait]
impl SyncStore for MemoryStore {
    async fn lease(&self, account: &AccountKey, ttl: Duration) -> StoreResult<Option<RunLease>> {
        Ok(self.leased(account, ttl))
    }

    async fn renew(&self, lease: &RunLease) -> StoreResult<RunLease> {
        let ends_at = self.end(lease.ttl);
        self.state().held(lease, ends_at)?;
        Ok(RunLease { ends_at, ..lease.clone() })
    }

    async fn outbid(&self, lease: &RunLease, fence: u64) -> StoreResult<RunLease> {
        self.outbidden(lease, fence)
    }

    async fn release(&self, lease: &RunLease) -> StoreResult<()> {
        self.state().held(lease, DateTime::<Utc>::MIN_UTC)
    }

    async fn open_session(&self, lease: &RunLease, start: &SessionStart) -> StoreResult<Session> {
        let (now, ends_at) = (self.clock.now(), self.end(lease.ttl));
        let mut state = self.state();
        state.held(lease, ends_at)?;
        let number = state.number();
        let fresh = Connection {
            account: start.account.clone(),
            plan: start.plan,
            session: Session::new(number, 0),
            open: true,
            standing: Standing::new(now),
            outcome: None,
        };
        let known = state.connections.entry(start.connection.clone()).or_insert(fresh);
        if known.account != start.account {
            return Err(other_account(&start.connection, &known.account, &start.account));
        }
        if known.session.number != number {
            if known.open && known.plan == start.plan {
                known.session.resumed += 1;
            } else {
                known.session = Session::new(number, 0);
            }
        }
        (known.open, known.plan) = (true, start.plan);
        let session = known.session.clone();
        Ok(Session { moved: state.tie(start), ..session })
    }

    async fn close_session(&self, lease: &RunLease, end: &SessionEnd) -> StoreResult<SessionClosed> {
        self.closed(lease, end)
    }

    async fn open_kind(
        &self,
        lease: &RunLease,
        session: &Session,
        scope: &KindScope,
    ) -> StoreResult<KindRun> {
        let ends_at = self.end(lease.ttl);
        let mut state = self.state();
        state.held(lease, ends_at)?;
        let number = state.number();
        let kept = state.scopes.entry(scope.clone()).or_default();
        let live = kept.live().min(COUNTED);
        let (listed_before, untouched) = (kept.listed, kept.next_slot == 0);
        match &mut kept.run {
            Some(run) if run.session == session.number => {
                if !run.ended {
                    run.report.resumed += 1;
                }
            }
            other => {
                *other = Some(Run {
                    id: RunId(number),
                    session: session.number,
                    ended: false,
                    seen: Bits::default(),
                    checkpoint: None,
                    report: KindReport::new(scope.kind),
                });
            }
        }
        let run = kept.run.as_ref().ok_or_else(StoreError::fenced)?;
        Ok(KindRun {
            id: run.id,
            ended: run.ended,
            checkpoint: run.checkpoint.clone(),
            report: run.report.clone(),
            listed_before,
            live,
            untouched,
        })
    }

    async fn known(
        &self,
        scope: &KindScope,
        records: &[(&str, Option<Fingerprint>)],
    ) -> StoreResult<Vec<Known>> {
        self.known_of(scope, records)
    }

    async fn shadows(&self, scope: &KindScope, ids: &[&str]) -> StoreResult<Vec<Shadow>> {
        let state = self.state();
        let Some(kept) = state.scopes.get(scope) else { return Ok(Vec::new()) };
        Ok(ids.iter().filter_map(|id| kept.shadows.get(*id)).cloned().collect())
    }

    async fn commit_page(
        &self,
        lease: &RunLease,
        scope: &KindScope,
        run: RunId,
        page: PageCommit,
    ) -> StoreResult<()> {
        let (now, ends_at) = (self.clock.now(), self.end(lease.ttl));
        let mut state = self.state();
        state.held(lease, ends_at)?;
        state.run(scope, run)?;
        state.put_pending(scope, run.0, &page.pending, now);
        let kept = state.run(scope, run)?;
        let mut seen = page.seen;
        for shadow in page.shadows {
            seen.extend(kept.put(shadow));
        }
        for shadow in page.unseen {
            kept.put(shadow);
        }
        for id in &page.forgotten {
            kept.shadows.remove(id);
        }
        for place in &page.settled {
            kept.pending.remove(place);
        }
        for id in &page.hints {
            kept.hints.remove(id);
        }
        if let Some(run) = &mut kept.run {
            seen.into_iter().for_each(|slot| run.seen.set(slot));
            if let Some(report) = page.report {
                run.report = report;
            }
            if page.checkpoint.is_some() {
                run.checkpoint = page.checkpoint;
            }
        }
        state.commit_intents(scope, &page.intents, &page.ended, now)
    }

    async fn missing(
        &self,
        scope: &KindScope,
        run: RunId,
        after: Option<u32>,
        limit: usize,
    ) -> StoreResult<Vec<Shadow>> {
        self.missing_of(scope, run, after, limit)
    }

    async fn witnesses(
        &self,
        scope: &KindScope,
        run: RunId,
        group: Option<&str>,
        limit: usize,
    ) -> StoreResult<Vec<String>> {
        self.witnesses_of(scope, run, group, limit)
    }

    async fn met(&self, scope: &KindScope, session: &Session, id: &str) -> StoreResult<Option<bool>> {
        let state = self.state();
        let Some(kept) = state.scopes.get(scope) else { return Ok(None) };
        let current = kept.run.as_ref().is_some_and(|run| run.session == session.number);
        Ok(kept.shadows.get(id).map(|shadow| current && kept.seen(shadow)))
    }

    async fn close_kind(
        &self,
        lease: &RunLease,
        scope: &KindScope,
        run: RunId,
        report: &KindReport,
        whole: bool,
    ) -> StoreResult<()> {
        let (now, ends_at) = (self.clock.now(), self.end(lease.ttl));
        let mut state = self.state();
        state.held(lease, ends_at)?;
        let kept = state.run(scope, run)?;
        if whole {
            kept.listed = Some(report.listed);
        }
        kept.let_go(run, whole, now);
        if let Some(run) = &mut kept.run {
            (run.ended, run.checkpoint) = (true, None);
            run.report = report.clone();
        }
        Ok(())
    }

    async fn pending_of(&self, scope: &KindScope, ids: &[&str]) -> StoreResult<Vec<(Fingerprint, Pending)>> {
        let state = self.state();
        let Some(kept) = state.scopes.get(scope) else { return Ok(Vec::new()) };
        let of = |id: &&str| {
            let places = PendingType::ALL.map(|why| ((*id).to_owned(), why));
            places.into_iter().filter_map(|place| kept.pending.get(&place)).collect::<Vec<_>>()
        };
        Ok(ids.iter().flat_map(of).map(|(_, facts, pending)| (*facts, pending.clone())).collect())
    }

    async fn queue(&self, query: &QueueQuery) -> StoreResult<Vec<Pending>> {
        let state = self.state();
        let all = state.scopes.values().flat_map(|kept| kept.pending.values());
        let mut found: Vec<_> = all
            .map(|(_, _, pending)| pending)
            .filter(|pending| query.connection.as_ref().is_none_or(|wanted| *wanted == pending.connection))
            .filter(|pending| query.after.is_none_or(|after| pending.id.number > after))
            .cloned()
            .collect();
        found.sort_by_key(|pending| pending.id.number);
        found.truncate(query.limit.unwrap_or(usize::MAX));
        Ok(found)
    }

    async fn decide(&self, id: &PendingId, decision: &Decision, who: &str) -> StoreResult<()> {
        let mut state = self.state();
        let all = state.scopes.values_mut().flat_map(|kept| kept.pending.values_mut());
        let mut all = all.map(|(_, _, pending)| pending);
        let pending = all.find(|pending| pending.id.number == id.number).ok_or_else(|| unknown(id))?;
        check_decision(pending, id, decision)?;
        (pending.decision, pending.who) = (Some(decision.clone()), Some(who.to_owned()));
        Ok(())
    }

    async fn tied(&self, scope: &KindScope, keys: &[LocalKey]) -> StoreResult<Vec<Shadow>> {
        Ok(self.tied_of(scope, keys))
    }

    async fn open_intents(&self, scope: &KindScope) -> StoreResult<Vec<Intent>> {
        Ok(self.open_of(scope))
    }

    async fn last_intent(&self, scope: &KindScope, local: &LocalKey) -> StoreResult<Option<Intent>> {
        Ok(self.last_of(scope, local))
    }

    async fn commit_intents(&self, scope: &KindScope, commit: &IntentCommit) -> StoreResult<()> {
        let now = self.clock.now();
        let mut state = self.state();
        state.commit_intents(scope, &commit.opened, &commit.ended, now)?;
        state.put_pending(scope, 0, &commit.pending, now);
        let kept = state.scopes.entry(scope.clone()).or_default();
        commit.settled.iter().for_each(|place| drop(kept.pending.remove(place)));
        Ok(())
    }

    async fn decide_all(
        &self,
        words: &[(PendingId, Decision)],
        who: &str,
    ) -> StoreResult<Vec<(usize, StoreError)>> {
        Ok(self.state().decide_all(words, who))
    }

    async fn hint(&self, scope: &KindScope, id: &str) -> StoreResult<()> {
        self.state().scopes.entry(scope.clone()).or_default().hints.insert(id.to_owned());
        Ok(())
    }

    async fn hints(&self, scope: &KindScope, limit: usize) -> StoreResult<Vec<String>> {
        let state = self.state();
        let hints = state.scopes.get(scope).map(|kept| kept.hints.iter().take(limit).cloned().collect());
        Ok(hints.unwrap_or_default())
    }

    async fn status(&self) -> StoreResult<Vec<ConnectionStatus>> {
        let now = self.clock.now();
        let state = self.state();
        let status = |(name, known): (&String, &Connection)| {
            let of = |(scope, _): &(&KindScope, &Kept)| scope.connection == *name;
            let mut status = ConnectionStatus::of(name.clone(), known.standing.clone(), now);
            (status.last_outcome, status.unsent) = (known.outcome, state.letters.unsent(name));
            status.refused = state.letters.refused(name, known.standing.stops);
            for (_, kept) in state.scopes.iter().filter(of) {
                status.linked += kept.live();
                for (_, why) in kept.pending.keys() {
                    *status.queue.entry(*why).or_default() += 1;
                }
            }
            (status.unknown, status.unknown_since) = state.unknown(name);
            status
        };
        Ok(state.connections.iter().map(status).collect())
    }

    async fn switch(&self, connection: &str, to: ConnectionState, cause: Option<&str>) -> StoreResult<()> {
        self.switched(connection, to, cause)
    }

    async fn standing(&self, connection: &str) -> StoreResult<Option<(Standing, bool)>> {
        Ok(self.stands(connection))
    }

    async fn begin_probe(
        &self,
        lease: &RunLease,
        connection: &str,
        rules: &BreakerPlan,
    ) -> StoreResult<Gate> {
        self.probed(lease, connection, rules)
    }

    async fn end_probe(
        &self,
        lease: &RunLease,
        connection: &str,
        cause: Option<&StopCause>,
    ) -> StoreResult<()> {
        self.unprobed(lease, connection, cause)
    }

    async fn not_begun(&self, end: &SessionEnd) -> StoreResult<Option<SessionClosed>> {
        Ok(self.unbegun(end))
    }

    async fn claim_alert(&self, connection: Option<&str>, hold: Duration) -> StoreResult<Option<DueAlert>> {
        let (now, until) = (self.clock.now(), self.end(hold));
        Ok(self.state().letters.claim(connection, now, until))
    }

    async fn settle_alert(&self, due: &DueAlert, end: &AlertEnd) -> StoreResult<()> {
        let now = self.clock.now();
        self.state().letters.settle(due, end, now);
        Ok(())
    }

    async fn snapshot(&self, clock: Arc<dyn Clock>) -> StoreResult<MemoryStore> {
        let mut state = self.state().clone();
        state.settle();
        Ok(Self { state: Arc::new(Mutex::new(state)), clock })
    }
}
