//! One page: what changed in it, what becomes of that, and the one transaction that remembers it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use provider_core::{Delivery, EntityKind, Error, ErrorKind, FieldPath, ItemError};
use serde_json::Value;

use super::Result;
use super::apply::{RowChange, conflict, vanished};
use super::batch::Batch;
use super::members::{Glance, glances, row, source, unfit};
use super::quarantine::{of_unfit, quarantine, unread};
use super::records::Record;
use super::relink::moved;
use super::session::Work;
use super::walk::Kind;
use crate::decide::base;
use crate::decide::map::{Mapped, map, references};
use crate::decide::matching::{self, Answers, Question};
use crate::decide::row::{Row, Verdict, conceded, heard, is_decided, judge, moved_on};
use crate::plan::{Unmatched, Update};
use crate::report::KindReport;
use crate::store::{Checkpoint, KindScope, Known, PageCommit, Pending, Shadow, ShadowState};
use crate::target::{Criterion, LocalKey, LocalRecord};

/// A page that was looked at: what did not change is done with, the rest is to be decided.
#[derive(Debug, Default)]
pub(super) struct Ready {
    pub(super) rows: Vec<Row>,
    pub(super) shadows: HashMap<String, Shadow>,
    pub(super) commit: PageCommit,
    pub(super) report: Option<KindReport>,
}

/// An error that says something about one record, and nothing about the distributor.
fn of_one_record(error: &Error) -> bool {
    error.is_item()
        || matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Decode)
        || (error.kind() == ErrorKind::PermissionDenied && error.delivery() == Delivery::Rejected)
}

impl Work<'_> {
    /// Looks at a page: most of it, most of the time, is as it was.
    pub(super) async fn rows<T: Record>(
        &mut self,
        kind: &mut Kind<'_>,
        part: &str,
        batch: Batch<T>,
        nameless: &mut u64,
    ) -> Result<Ready> {
        let today = self.engine.clock.now().date_naive();
        let mut report = kind.report.clone();
        let pages = report.pages;
        report.pages += batch.pages() as u64;
        report.listed += batch.records.len() as u64;
        let mut ready = Ready::default();
        let (mut all, mut unreadable) = (Vec::with_capacity(batch.records.len()), Vec::new());
        for (at, item) in batch.records.iter().enumerate() {
            match item {
                Ok(record) => {
                    let print = source(&mut kind.sources, kind.rule, record, today);
                    glances(kind.rule, part, record, at, print, nameless, &mut all);
                }
                Err(item) => {
                    report.quarantined += 1;
                    let (page, place) = batch.place(at);
                    ready.commit.pending.push(unread(item, pages + page as u64 + 1, place));
                    unreadable.extend(item.id.as_deref());
                    // What may have no id keeps its place, so that none behind it moves up to its row.
                    *nameless += u64::from(item.id.is_none());
                }
            }
        }
        let unfit = unfit(&mut all);
        for glance in &unfit {
            report.quarantined += 1;
            ready.commit.pending.push(of_unfit(&glance.id));
            unreadable.push(glance.id.as_str());
        }
        let mut found = self.known(kind, &all, &unreadable).await?.into_iter();
        let (mut known, mut others) = (HashMap::new(), Vec::new());
        // In a first run all of them are new: nothing grows step by step there.
        if kind.untouched {
            others.reserve_exact(all.len());
        }
        for glance in all {
            match found.next() {
                Some(Known::Same(slot)) => {
                    report.unchanged += 1;
                    ready.commit.seen.push(slot);
                }
                Some(Known::Other(shadow)) => {
                    known.insert(glance.id.clone(), *shadow);
                    others.push(glance);
                }
                Some(Known::New) | None => others.push(glance),
            }
        }
        // It is there, whatever is wrong with it.
        ready.commit.seen.extend(found.filter_map(|unreadable| match unreadable {
            Known::Other(shadow) => shadow.slot,
            Known::Same(slot) => Some(slot),
            Known::New => None,
        }));
        let broken = self.altered(kind, &known).await?;
        let mut changed: Vec<Glance> = Vec::with_capacity(others.len());
        for glance in others {
            match known.get_mut(&glance.id) {
                Some(shadow) if shadow.source == Some(glance.source) && !broken.contains(&glance.id) => {
                    report.unchanged += 1;
                    if shadow.absent_runs > 0 {
                        (shadow.absent_runs, shadow.absent_since) = (0, None);
                        ready.commit.shadows.push(shadow.clone());
                    } else {
                        ready.commit.seen.extend(shadow.slot);
                    }
                }
                _ => changed.push(glance),
            }
        }
        let mut records = batch.records;
        if kind.rule.full() {
            self.detail(&mut records, &mut changed, &known, &mut ready, &mut report).await?;
        }
        ready.rows.reserve(changed.len());
        for glance in changed {
            if let Some(Ok(record)) = records.get(glance.record) {
                ready.rows.push(row(kind.rule, &kind.looked_at, glance, record));
            }
        }
        ready.shadows = known;
        ready.report = Some(report);
        Ok(ready)
    }

    /// What is known of the records of a page, and behind them of those that cannot be read.
    async fn known(&self, kind: &Kind<'_>, all: &[Glance], unreadable: &[&str]) -> Result<Vec<Known>> {
        if kind.untouched {
            return Ok(Vec::new());
        }
        // Where the rows of the application are looked at too, none is the same at a glance.
        let print = |glance: &Glance| (!self.control.heal).then_some(glance.source);
        let records = all.iter().map(|glance| (glance.id.as_str(), print(glance)));
        let asked: Vec<_> = records.chain(unreadable.iter().map(|id| (*id, None))).collect();
        Ok(self.engine.store.known(&kind.scope, &asked).await?)
    }

    /// The rows of the application that are not as they were written, where a run looks for that.
    async fn altered(
        &mut self,
        kind: &Kind<'_>,
        known: &HashMap<String, Shadow>,
    ) -> Result<BTreeSet<String>> {
        if !self.control.heal {
            return Ok(BTreeSet::new());
        }
        let linked: Vec<_> = known
            .values()
            .filter(|shadow| shadow.state == ShadowState::Linked)
            .filter_map(|shadow| shadow.local.clone().map(|local| (shadow, local)))
            .collect();
        let keys: Vec<_> = linked.iter().map(|(_, local)| local.clone()).collect();
        let rows = self.engine.target.get(kind.scope.kind, &keys).await?;
        let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.key.clone(), row.fingerprint)).collect();
        // A living record that is marked as removed would stay so: what is compared does not tell of it.
        let mut marked = BTreeSet::new();
        if kind.rule.may(Update::Remove) {
            marked.extend(self.engine.target.marked(kind.scope.kind, &keys).await?);
        }
        let differs = |(shadow, local): &(&Shadow, LocalKey)| {
            rows.get(local).copied() != shadow.applied || marked.contains(local)
        };
        Ok(linked.iter().filter(|one| differs(one)).map(|(shadow, _)| shadow.remote.clone()).collect())
    }

    /// Reads each record that changed by its own call.
    async fn detail<T: Record>(
        &mut self,
        records: &mut [std::result::Result<T, ItemError>],
        changed: &mut Vec<Glance>,
        known: &HashMap<String, Shadow>,
        ready: &mut Ready,
        report: &mut KindReport,
    ) -> Result<()> {
        let wanted: BTreeSet<usize> = changed.iter().map(|glance| glance.record).collect();
        for at in wanted {
            let Some(Ok(record)) = records.get_mut(at) else { continue };
            if record.full() {
                continue;
            }
            let Some(id) = record.identity().map(ToOwned::to_owned) else { continue };
            match self.keeping(T::fetch(&*self.engine.provider, &id)).await? {
                Ok(full) => *record = full,
                Err(error) if of_one_record(&error) => {
                    report.quarantined += 1;
                    ready.commit.pending.push(quarantine(&id, "", &error.to_string(), None));
                    let own = changed.iter().filter(|glance| glance.record == at);
                    ready.commit.seen.extend(own.filter_map(|glance| known.get(&glance.id)?.slot));
                    changed.retain(|glance| glance.record != at);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

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
        let (none, once) = (Vec::new(), kind.rule.reads_once());
        let (mut changes, mut looking, mut tying) =
            (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()), Vec::new());
        for row in &mut rows {
            let group = row.group.take();
            let json = &mut row.json;
            let mut read = |path: &FieldPath| if once { json.take(path) } else { json.value(path).cloned() };
            let link = |parent: EntityKind, id: &str| links.get(&(parent, id.to_owned())).cloned();
            let mapped = map(kind.rule, &mut read, row.full, &link);
            let row = &*row;
            let shadow = shadows.get(&row.id);
            let pending = pending.get(&row.id).unwrap_or(&none);
            let update = mapped.as_ref().ok().map(|mapped| &mapped.update);
            let heard = heard(pending, update);
            let pending = &*heard;
            if let Some(fields) = update.and_then(|update| moved_on(pending, update)) {
                commit.pending.push(conflict(&row.id, &fields));
            }
            let conceded = update.map(|update| conceded(kind.rule, pending, update)).unwrap_or_default();
            let own = mapped.as_ref().map(|mapped| mapped.own.clone()).unwrap_or_default();
            let verdict = judge(kind.rule, row, shadow, mapped, pending, self.control.heal);
            let mut kept = shadow.cloned().unwrap_or_else(|| Shadow::new(row.id.clone(), None));
            kept.group = group;
            (kept.absent_runs, kept.absent_since) = (0, None);
            if let Some(Value::Object(base)) = &mut kept.base {
                base.extend(conceded);
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
        let rows = self.engine.target.get(kind.scope.kind, &keys).await?;
        let mut ready = Vec::new();
        for change in tying {
            let row = rows.iter().find(|row| Some(&row.key) == change.local.as_ref());
            let free =
                |row: &&LocalRecord| row.remote.as_ref().is_none_or(|remote| *remote == change.shadow.remote);
            match row.filter(free) {
                Some(row) => ready.push(change.meeting(row, kind.rule)),
                None => {
                    report.queued += 1;
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
        for (row, mut kept, mapped) in looking {
            if let Some(record) = tied.get(&row.id) {
                // Who changed the row since it was tied is not known: it may have been the application.
                let change =
                    RowChange::new(row, kept, Update::Update, Some(record.key.clone()), mapped, None);
                changes.push(change.meeting(record, kind.rule));
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
                    changes.push(RowChange::new(row, kept, Update::Create, None, mapped, None));
                    continue;
                }
                (None, Unmatched::Skip) if pending.get(&row.id).is_none_or(|said| !is_decided(said)) => {
                    report.unchanged += 1;
                    (kept.source, kept.state) = (Some(row.source), ShadowState::Skipped);
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

/// Takes what is decided off the desk.
pub(super) fn settle<'p>(id: &str, pending: impl IntoIterator<Item = &'p Pending>, commit: &mut PageCommit) {
    commit.settled.extend(pending.into_iter().map(|pending| (id.to_owned(), pending.why)));
}
