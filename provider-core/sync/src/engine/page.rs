//! What becomes of what changed in a page, and the one transaction that remembers it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use provider_core::{EntityKind, FieldPath};
use serde_json::Value;

use super::Result;
use super::apply::{RowChange, conflict, vanished};
use super::changed::Ready;
use super::quarantine::quarantine;
use super::relink::moved;
use super::session::Work;
use super::walk::Kind;
use crate::decide::base;
use crate::decide::map::{Mapped, map, references};
use crate::decide::matching::{self, Answers, Question};
use crate::decide::row::{Row, Verdict, conceded, heard, is_decided, judge, moved_on};
use crate::plan::{Unmatched, Update};
use crate::report::KindReport;
use crate::store::{Checkpoint, KindScope, PageCommit, Pending, PendingType, Shadow, ShadowState};
use crate::target::{Criterion, LocalKey, LocalRecord};

impl Work<'_> {
    /// Decides about what changed, carries it out, and stores the page with its point.
    pub(super) async fn page(
        &mut self,
        kind: &mut Kind<'_>,
        ready: Ready,
        checkpoint: Option<Checkpoint>,
    ) -> Result<()> {
        let Ready { mut rows, shadows, mut commit, report } = ready;
        let mut report = report.unwrap_or_else(|| kind.report.clone());
        let links = self.links(kind, &rows).await?;
        let pending = self.pending(kind, &rows).await?;
        let none = Vec::new();
        // Whoever waits is told its name, and what a command makes is known by it.
        let once = kind.rule.reads_once() && pending.is_empty() && kind.pushing.makes_nothing();
        let (mut changes, mut looking, mut tying) =
            (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()), Vec::new());
        for row in &mut rows {
            let group = row.group.take();
            let json = &mut row.json;
            let mut read = |path: &FieldPath| if once { json.take(path) } else { json.value(path).cloned() };
            let link = |parent: EntityKind, id: &str| links.get(&(parent, id.to_owned())).cloned();
            let mapped = map(kind.rule, &mut read, row.full, &link);
            let row = &*row;
            let pending = pending.get(&row.id).unwrap_or(&none);
            let update = mapped.as_ref().ok().map(|mapped| &mapped.update);
            let shadow = shadows.get(&row.id).map(|shadow| kind.pushing.arrived(shadow, update));
            let heard = heard(pending, update);
            let pending = &*heard;
            if let Some(fields) = update.and_then(|update| moved_on(pending, update)) {
                commit.pending.push(conflict(&row.id, &fields));
            }
            let conceded = update.map(|update| conceded(kind.rule, pending, update)).unwrap_or_default();
            let own = mapped.as_ref().map(|mapped| mapped.own.clone()).unwrap_or_default();
            let verdict = judge(kind.rule, row, shadow.as_deref(), mapped, pending, self.control.heal);
            let mut kept = shadow.map_or_else(|| Shadow::new(row.id.clone(), None), Cow::into_owned);
            kept.group = group;
            (kept.absent_runs, kept.absent_since) = (0, None);
            if !conceded.is_empty() && kept.base.as_ref().is_some_and(Value::is_object) {
                base::tell(&mut kept.base, &conceded);
            }
            if kept.local.is_some() && !own.is_empty() {
                base::tell(&mut kept.base, &own);
            }
            match verdict {
                Verdict::Look { mapped } => looking.push((row, kept, mapped)),
                Verdict::Write { local, mapped, values, expected, again } => {
                    let change = RowChange::new(row, kept, Update::Update, Some(local), mapped, expected);
                    changes.push(change.writing(values, again).decided(pending));
                }
                Verdict::Create { mapped } => {
                    changes
                        .push(RowChange::new(row, kept, Update::Create, None, mapped, None).decided(pending));
                }
                Verdict::Link { local, mapped } => {
                    let change = RowChange::new(row, kept, Update::Update, Some(local), mapped, None);
                    tying.push(change.decided(pending));
                }
                other => self.note(kind, row, kept, other, pending, &mut commit, &mut report),
            }
        }
        self.look(kind, looking, &pending, &mut changes, &mut commit, &mut report).await?;
        changes.extend(self.tie(kind, tying, &mut commit, &mut report).await?);
        let before = commit.shadows.len();
        self.apply(kind, changes, &mut commit, &mut report).await?;
        if self.engine.dry {
            let written = commit.shadows.iter().skip(before).map(|shadow| shadow.remote.clone());
            kind.pushing.touched.extend(written);
        }
        let moved = moved(&shadows, &commit.shadows);
        if !moved.is_empty() {
            Box::pin(self.relink(kind.scope.kind, &moved)).await?;
        }
        kind.waiting |= !commit.pending.is_empty();
        commit.checkpoint = checkpoint;
        commit.report = Some(report.clone());
        self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
        kind.report = report;
        Ok(())
    }

    /// Looks at the rows that records are to be tied to.
    pub(super) async fn tie(
        &mut self,
        kind: &Kind<'_>,
        tying: Vec<RowChange>,
        commit: &mut PageCommit,
        report: &mut KindReport,
    ) -> Result<Vec<RowChange>> {
        if tying.is_empty() {
            return Ok(tying);
        }
        let keys: Vec<_> = tying.iter().filter_map(|change| change.local.clone()).collect();
        let mut rows = self.engine.target.get(kind.scope.kind, &keys).await?;
        let ids: Vec<&str> = tying.iter().map(|change| change.shadow.remote.as_str()).collect();
        self.spell(kind.rule, &mut rows, &ids).await?;
        // A distributor may send any number of records at once.
        let rows: HashMap<_, _> = rows.iter().map(|row| (&row.key, row)).collect();
        let mut ready = Vec::new();
        for change in tying {
            let row = change.local.as_ref().and_then(|local| rows.get(local)).copied();
            let free =
                |row: &&LocalRecord| row.remote.as_ref().is_none_or(|remote| *remote == change.shadow.remote);
            match row.filter(free) {
                Some(row) => ready.push(change.meeting(row, kind.rule)),
                None => {
                    report.queued += 1;
                    // The word that named it cannot be carried out: the next one counts.
                    commit.settled.push((change.shadow.remote.clone(), PendingType::Match));
                    commit.pending.push(vanished(&change.shadow.remote, change.local.as_ref(), row));
                    commit.shadows.push(Shadow { source: None, ..change.shadow });
                }
            }
        }
        Ok(ready)
    }

    /// The application's keys of the records that these refer to.
    pub(super) async fn links(
        &mut self,
        kind: &Kind<'_>,
        rows: &[Row],
    ) -> Result<HashMap<(EntityKind, String), LocalKey>> {
        let mut wanted: BTreeMap<EntityKind, BTreeSet<String>> = BTreeMap::new();
        for row in rows {
            for (parent, id) in references(kind.rule, &row.json) {
                wanted.entry(parent).or_default().insert(id);
            }
        }
        let mut links = HashMap::new();
        for (parent, ids) in wanted {
            let scope = KindScope::new(kind.scope.connection.clone(), parent);
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            for shadow in self.engine.store.shadows(&scope, &ids).await? {
                if let Some(local) = shadow.local {
                    links.insert((parent, shadow.remote), local);
                }
            }
        }
        Ok(links)
    }

    /// What waits for a person about these records.
    async fn pending(&mut self, kind: &Kind<'_>, rows: &[Row]) -> Result<HashMap<String, Vec<Pending>>> {
        let mut found: HashMap<String, Vec<Pending>> = HashMap::new();
        if kind.waiting && !rows.is_empty() {
            let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
            for (_, pending) in self.engine.store.pending_of(&kind.scope, &ids).await? {
                found.entry(pending.subject.clone()).or_default().push(pending);
            }
        }
        Ok(found)
    }

    /// What needs nothing of the application.
    #[allow(clippy::too_many_arguments, reason = "what a page is made of")]
    fn note(
        &self,
        kind: &mut Kind<'_>,
        row: &Row,
        mut kept: Shadow,
        verdict: Verdict,
        pending: &[Pending],
        commit: &mut PageCommit,
        report: &mut KindReport,
    ) {
        match verdict {
            Verdict::Quarantine { path, reason } => {
                report.quarantined += 1;
                commit.pending.push(quarantine(&row.id, &path, &reason, None));
                kept.source = None;
            }
            Verdict::Held { .. } => {
                report.held += 1;
                kept.source = None;
            }
            Verdict::Ended { values } => {
                // The end of the run decides, when it is known how many there are.
                kind.ended.push((row.id.clone(), values));
                kept.source = None;
            }
            Verdict::Nothing => {
                report.unchanged += 1;
                (kept.source, kept.state) = (Some(row.source), ShadowState::Ended);
                settle(&row.id, pending, commit);
            }
            Verdict::Same { mapped, again } => {
                report.unchanged += 1;
                kept.source = (!again).then_some(row.source);
                kept.mapped = mapped.or(kept.mapped);
                if again {
                    report.conflicts += 1;
                } else {
                    settle(&row.id, pending, commit);
                }
            }
            Verdict::Ignored => {
                report.unchanged += 1;
                (kept.source, kept.local, kept.state) = (Some(row.source), None, ShadowState::Ignored);
                settle(&row.id, pending, commit);
            }
            Verdict::Write { .. } | Verdict::Create { .. } | Verdict::Link { .. } | Verdict::Look { .. } => {}
        }
        commit.shadows.push(kept);
    }

    /// Looks for records that the application may have already.
    async fn look(
        &mut self,
        kind: &Kind<'_>,
        looking: Vec<(&Row, Shadow, Mapped)>,
        pending: &HashMap<String, Vec<Pending>>,
        changes: &mut Vec<RowChange>,
        commit: &mut PageCommit,
        report: &mut KindReport,
    ) -> Result<()> {
        if looking.is_empty() {
            return Ok(());
        }
        let rows: Vec<&Row> = looking.iter().map(|(row, ..)| *row).collect();
        let tied = self.tied(kind, &rows).await?;
        let free: Vec<&Row> = rows.into_iter().filter(|row| !tied.contains_key(&row.id)).collect();
        let answers = self.answers(kind, &free).await?;
        let answers = matching::Found::of(&answers);
        for (row, mut kept, mapped) in looking {
            // What waits is answered by the row that it gets.
            let said = pending.get(&row.id).map_or(&[][..], Vec::as_slice);
            if let Some(record) = tied.get(&row.id) {
                // Who changed the row since it was tied is not known: it may have been the application.
                let change =
                    RowChange::new(row, kept, Update::Update, Some(record.key.clone()), mapped, None);
                changes.push(change.meeting(record, kind.rule).decided(said));
                continue;
            }
            let missed = || said.iter().filter(|pending| pending.why == PendingType::Vanished);
            if missed().any(names_a_row) {
                // What a person named was not there: nothing is made or asked instead before that person says more.
                report.queued += 1;
                (kept.source, kept.state) = (None, ShadowState::Held);
                commit.shadows.push(kept);
                continue;
            }
            if kind.pushing.is_being_made(&row.json) {
                // It may be what an open command has made: nobody else takes it.
                report.held += 1;
                (kept.source, kept.state) = (None, ShadowState::Held);
                commit.shadows.push(kept);
                continue;
            }
            let found = matching::candidates(kind.rule, row, &answers);
            let unmatched = match kind.rule.plan.unmatched {
                Unmatched::Create if !kind.rule.may(Update::Create) => Unmatched::Skip,
                other => other,
            };
            match (&found, unmatched) {
                (None, Unmatched::Create) => {
                    let change = RowChange::new(row, kept, Update::Create, None, mapped, None);
                    changes.push(change.decided(said));
                    continue;
                }
                (None, Unmatched::Skip) if !is_decided(said) => {
                    report.unchanged += 1;
                    (kept.source, kept.state) = (Some(row.source), ShadowState::Skipped);
                    settle(&row.id, missed(), commit);
                }
                _ => {
                    report.queued += 1;
                    commit.pending.push(matching::pending(
                        row,
                        kept.group.as_deref(),
                        &mapped,
                        found.as_ref(),
                        kind.run.0,
                    ));
                    (kept.source, kept.state) = (None, ShadowState::Held);
                    // It is asked about once.
                    settle(&row.id, missed(), commit);
                }
            }
            commit.shadows.push(kept);
        }
        Ok(())
    }

    /// The rows that are tied to these records already: by a run whose store was lost, or that was cut between writing
    /// and remembering.
    async fn tied(&mut self, kind: &Kind<'_>, rows: &[&Row]) -> Result<BTreeMap<String, LocalRecord>> {
        let plan = &kind.rule.plan;
        let Some(key) = plan.key.as_ref().filter(|_| !kind.bare) else { return Ok(BTreeMap::new()) };
        // A row that is made is found by the application itself. Only where nothing is known yet, whole tables may be
        // tied already, and are not to be told as made.
        if kind.live > 0
            && plan.unmatched == Unmatched::Create
            && plan.matching.is_empty()
            && kind.rule.may(Update::Create)
        {
            return Ok(BTreeMap::new());
        }
        let values = rows.iter().map(|row| Value::String(row.id.clone())).collect();
        let criterion = Criterion { field: key.local.clone(), values, folded: false };
        let found = self.engine.target.find(kind.scope.kind, &[criterion], rows.len()).await?;
        Ok(found.into_iter().filter_map(|record| Some((record.remote.clone()?, record))).collect())
    }

    async fn answers(&mut self, kind: &Kind<'_>, rows: &[&Row]) -> Result<Answers> {
        let mut answers = Answers::new();
        for question in matching::questions(kind.rule, rows) {
            let records = match &question {
                Question::Keys(_, keys) => self.engine.target.get(kind.scope.kind, keys).await?,
                Question::Column(_, criterion) => self.fitting(kind, criterion.clone()).await?,
            };
            answers.push((question, records));
        }
        Ok(answers)
    }
}

/// Whether nobody has decided yet about a row that was named and is not there.
fn names_a_row(vanished: &Pending) -> bool {
    vanished.decision.is_none() && vanished.body.get("key").is_some_and(|key| !key.is_null())
}

/// Takes what is decided off the desk.
pub(super) fn settle<'p>(id: &str, pending: impl IntoIterator<Item = &'p Pending>, commit: &mut PageCommit) {
    commit.settled.extend(pending.into_iter().map(|pending| (id.to_owned(), pending.why)));
}
