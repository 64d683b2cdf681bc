//! What is gone: by the distributor's word, or by its absence and a control read.

use std::collections::BTreeMap;

use provider_core::{Customer, EntityKind, ErrorKind};

use super::Result;
use super::members::{has_member, nameless_id, owners_of};
use super::parts::Parted;
use super::records::Record as _;
use super::session::Work;
use super::walk::Kind;
use crate::decide::evidence::{Walk, missing_again, most, patience};
use crate::plan::{Update, Values};
use crate::report::Proof;
use crate::store::{KindScope, PageCommit, PendingType, Shadow, ShadowState};
use crate::target::{Applied, ApplyChange, RemoteRef};

/// How many missing records are looked at in one step.
const STEP: usize = 500;
/// How many records that were listed have to answer before the silence of one that was not says anything.
const CONTROLS: usize = 3;

/// How the record stands that a missing one belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parent {
    Lives,
    Gone,
    /// It is missing itself.
    Unsettled,
}

/// What a control read says about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Gone,
    Lives,
    /// It says nothing: a right may have been withdrawn.
    Nothing,
}

/// Whether the record that a row is of came, and did not say what belongs to it.
fn is_silent(kind: &Kind<'_>, shadow: &Shadow) -> bool {
    owners_of(kind.rule, &shadow.remote).iter().any(|(id, _)| kind.silent.contains(*id))
}

impl Work<'_> {
    pub(super) async fn gone<T: Parted>(&mut self, kind: &mut Kind<'_>, walk: Walk) -> Result<()> {
        if !kind.rule.may(Update::Remove) {
            return Ok(());
        }
        let missing = self.missing(kind, walk).await?;
        let ended = std::mem::take(&mut kind.ended);
        let count = (missing.len() + ended.len()) as u64;
        if count > most(kind.live, self.control.removals) {
            // One wrong word, or one wrong listing, must not empty a table.
            kind.report.suspected += count;
            return self.missed(kind, walk).await;
        }
        self.told(kind, ended).await?;
        self.absent::<T>(kind, walk, missing).await
    }

    /// The records that have a row and were not met. What has none is forgotten where the listing tells anything, but not
    /// what a person has left out: it may come back, and that person has spoken. Nor a customer of whose organization nothing
    /// was listed: what it has would pass for that of one that is gone.
    async fn missing(&mut self, kind: &mut Kind<'_>, walk: Walk) -> Result<Vec<Shadow>> {
        let (mut missing, mut groups) = (Vec::new(), BTreeMap::new());
        let mut after = None;
        let ceiling = usize::try_from(most(kind.live, self.control.removals)).unwrap_or(usize::MAX);
        loop {
            let step = self.engine.store.missing(&kind.scope, kind.run, after, STEP).await?;
            let Some(last) = step.last() else { break };
            after = last.slot;
            let (with_row, without): (Vec<_>, Vec<_>) =
                step.into_iter().partition(|shadow| shadow.state == ShadowState::Linked);
            let mut forgotten = Vec::new();
            for shadow in without.into_iter().filter(|_| walk.tells()) {
                let parent = kind.scope.kind == EntityKind::Customer;
                let known = !parent || self.is_heard(kind, &shadow, &mut groups).await?;
                if known && shadow.state != ShadowState::Ignored {
                    forgotten.push(shadow.remote);
                }
            }
            if !forgotten.is_empty() {
                let commit = PageCommit { forgotten, ..PageCommit::default() };
                self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
            }
            // More than may be removed need not be kept.
            let known = missing.len();
            missing.extend(with_row.iter().take(ceiling.saturating_add(1).saturating_sub(known)).cloned());
            kind.report.suspected += (with_row.len() - (missing.len() - known)) as u64;
        }
        Ok(missing)
    }

    /// More are missing than may go: that they were is counted all the same, so that whoever lets them go does not wait for
    /// what has passed already.
    async fn missed(&self, kind: &Kind<'_>, walk: Walk) -> Result<()> {
        if !walk.tells() {
            return Ok(());
        }
        let (patience, now) = (patience(kind.rule, walk.proof), self.engine.clock.now());
        let mut after = None;
        loop {
            let step = self.engine.store.missing(&kind.scope, kind.run, after, STEP).await?;
            let Some(last) = step.last() else { return Ok(()) };
            after = last.slot;
            // Of what was missing often enough, nothing more has to be known than since when.
            let counts = |shadow: &Shadow| {
                shadow.state == ShadowState::Linked
                    && shadow.absent_runs < patience.runs
                    && !is_silent(kind, shadow)
            };
            let unseen: Vec<_> = step
                .into_iter()
                .filter(counts)
                .map(|shadow| missing_again(shadow, patience, now).0)
                .collect();
            if !unseen.is_empty() {
                let commit = PageCommit { unseen, ..PageCommit::default() };
                self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
            }
        }
    }

    /// What the distributor says has ended.
    async fn told(&mut self, kind: &mut Kind<'_>, ended: Vec<(String, Values)>) -> Result<()> {
        if ended.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = ended.iter().map(|(id, _)| id.as_str()).collect();
        let shadows = self.engine.store.shadows(&kind.scope, &ids).await?;
        let shadows: BTreeMap<_, _> = shadows.iter().map(|shadow| (shadow.remote.as_str(), shadow)).collect();
        let found = |(id, values): &(String, Values)| {
            shadows.get(id.as_str()).map(|shadow| (Shadow::clone(shadow), values.clone()))
        };
        let removals = ended.iter().filter_map(found).collect();
        self.remove(kind, removals, true).await
    }

    /// What is missing: suspected, unless everything that was asked for proves that it is gone.
    async fn absent<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        walk: Walk,
        missing: Vec<Shadow>,
    ) -> Result<()> {
        if !walk.tells() {
            kind.report.suspected += missing.len() as u64;
            return Ok(());
        }
        let (patience, now) = (patience(kind.rule, walk.proof), self.engine.clock.now());
        let (mut gone, mut noted) = (Vec::new(), Vec::new());
        let mut groups = BTreeMap::new();
        for shadow in missing {
            if is_silent(kind, &shadow) {
                // It came, and did not say what belongs to it.
                kind.report.suspected += 1;
                noted.push(Shadow { absent_runs: 0, absent_since: None, ..shadow });
                continue;
            }
            let (shadow, ripe) = missing_again(shadow, patience, now);
            let parent = if ripe { self.parent(kind, &shadow).await? } else { Parent::Unsettled };
            let heard = parent != Parent::Lives || self.is_heard(kind, &shadow, &mut groups).await?;
            let word = match parent {
                Parent::Unsettled => Word::Nothing,
                Parent::Lives if !heard => Word::Nothing,
                Parent::Lives => self.control_read::<T>(kind, &shadow, shadow.group.as_deref()).await?,
                // Nothing of it can be listed any more: others have to answer.
                Parent::Gone => self.control_read::<T>(kind, &shadow, None).await?,
            };
            match word {
                Word::Gone => gone.push((shadow, Values::new())),
                Word::Nothing => {
                    kind.report.suspected += 1;
                    noted.push(shadow);
                }
                // It is only not in the list.
                Word::Lives => {
                    kind.report.suspected += 1;
                    noted.push(Shadow { absent_runs: 0, absent_since: None, ..shadow });
                }
            }
        }
        if !noted.is_empty() {
            let commit = PageCommit { unseen: noted, ..PageCommit::default() };
            self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
        }
        self.remove(kind, gone, false).await
    }

    /// Whether anything of a record's group was listed. Where nothing was, a right may have been withdrawn: its silence says
    /// nothing, whether the record has a call of its own or not.
    async fn is_heard(
        &self,
        kind: &Kind<'_>,
        shadow: &Shadow,
        groups: &mut BTreeMap<String, bool>,
    ) -> Result<bool> {
        let Some(group) = &shadow.group else { return Ok(true) };
        if let Some(heard) = groups.get(group) {
            return Ok(*heard);
        }
        let heard = !self.engine.store.witnesses(&kind.scope, kind.run, Some(group), 1).await?.is_empty();
        groups.insert(group.clone(), heard);
        Ok(heard)
    }

    /// A record waits while it is not known whether the one that it belongs to is gone.
    async fn parent(&mut self, kind: &Kind<'_>, shadow: &Shadow) -> Result<Parent> {
        let engine = self.engine;
        let kept = engine.plan.kinds.iter().find(|rule| rule.kind() == EntityKind::Customer);
        let (EntityKind::Subscription, Some(id), Some(rule)) =
            (kind.scope.kind, shadow.group.as_deref(), kept)
        else {
            return Ok(Parent::Lives);
        };
        let scope = KindScope::new(kind.scope.connection.clone(), EntityKind::Customer);
        let known = engine.store.shadows(&scope, &[id]).await?;
        Ok(match known.first() {
            None if rule.each().is_none() && !rule.filters() => Parent::Gone,
            // It may be one that the plan does not ask for, or rows stand for something of it.
            None if rule.control => match self.keeping(Customer::fetch(&*engine.provider, id)).await? {
                Err(error) if error.kind() == ErrorKind::NotFound => Parent::Gone,
                _ => Parent::Lives,
            },
            None => Parent::Lives,
            Some(parent) if parent.state == ShadowState::Ended => Parent::Gone,
            Some(_) if engine.store.met(&scope, &self.session, id).await? == Some(true) => Parent::Lives,
            Some(_) => Parent::Unsettled,
        })
    }

    /// Asks for records that were listed, and then for the missing one.
    async fn control_read<T: Parted>(
        &mut self,
        kind: &Kind<'_>,
        shadow: &Shadow,
        group: Option<&str>,
    ) -> Result<Word> {
        // Of a member nothing may say whose it was.
        if owners_of(kind.rule, &shadow.remote).is_empty() {
            return Ok(Word::Nothing);
        }
        if !kind.rule.control {
            // A look at the list once more is no control read: that it took two runs, hours apart, has to do.
            return Ok(Word::Gone);
        }
        let store = &self.engine.store;
        let mut controls = store.witnesses(&kind.scope, kind.run, group, CONTROLS).await?;
        if controls.is_empty() {
            return Ok(Word::Nothing);
        }
        if controls.len() < CONTROLS {
            controls.extend(store.witnesses(&kind.scope, kind.run, None, CONTROLS).await?);
            controls.sort_unstable();
            controls.dedup();
            controls.truncate(CONTROLS);
        }
        for control in &controls {
            if !self.is_told::<T>(kind, control).await? {
                return Ok(Word::Nothing);
            }
        }
        self.living::<T>(kind, &shadow.remote).await
    }

    /// Whether the record that a row is of answers.
    async fn is_told<T: Parted>(&mut self, kind: &Kind<'_>, row: &str) -> Result<bool> {
        for (id, _) in owners_of(kind.rule, row) {
            if self.keeping(T::fetch(&*self.engine.provider, id)).await?.is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Asks for the record that a row is of. It is gone where no record that may be meant is there with it.
    async fn living<T: Parted>(&mut self, kind: &Kind<'_>, row: &str) -> Result<Word> {
        for (id, member) in owners_of(kind.rule, row) {
            match self.keeping(T::fetch(&*self.engine.provider, id)).await? {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(_) => return Ok(Word::Nothing),
                Ok(record) => match member.map(|member| has_member(kind.rule, &record, member)) {
                    // The record is there, and says that this member of it is not.
                    Some(Some(false)) => {}
                    Some(None) => return Ok(Word::Nothing),
                    Some(Some(true)) | None => return Ok(Word::Lives),
                },
            }
        }
        Ok(Word::Gone)
    }

    /// Removes rows, and remembers it. `told`: the record itself is still there.
    async fn remove(
        &mut self,
        kind: &mut Kind<'_>,
        removals: Vec<(Shadow, Values)>,
        told: bool,
    ) -> Result<()> {
        let mut left = removals;
        let mut rounds = 0;
        while !left.is_empty() {
            rounds += 1;
            let change = |(shadow, values): &(Shadow, Values)| ApplyChange {
                remote: RemoteRef::new(kind.scope.kind, shadow.remote.clone()),
                local: shadow.local.clone(),
                op: Update::Remove,
                values: values.clone(),
                expected: shadow.applied,
            };
            let (_, answers) = self.batch(left.iter().map(change).collect()).await?;
            let (mut commit, mut report, mut again) =
                (PageCommit::default(), kind.report.clone(), Vec::new());
            for ((mut shadow, values), answer) in left.into_iter().zip(answers) {
                match answer {
                    Applied::Done { .. } => {
                        report.removed += 1;
                        commit.settled.extend(PendingType::ALL.map(|why| (shadow.remote.clone(), why)));
                        if told {
                            (shadow.state, shadow.source, shadow.mapped) = (ShadowState::Ended, None, None);
                            shadow.local = shadow.local.filter(|_| kind.rule.keeps_rows());
                            commit.shadows.push(shadow);
                        } else {
                            commit.forgotten.push(shadow.remote);
                        }
                    }
                    // Somebody changed it since: what is gone at the distributor is gone all the same.
                    Applied::Stale(Some(record))
                        if record.remote.as_deref() == Some(&shadow.remote) && rounds < 3 =>
                    {
                        shadow.applied = Some(record.fingerprint);
                        again.push((shadow, values));
                    }
                    // It changes with every look at it.
                    Applied::Stale(Some(record)) if record.remote.as_deref() == Some(&shadow.remote) => {
                        report.suspected += 1;
                    }
                    // It is nobody's, or another one's: not ours to remove.
                    Applied::Stale(_) => commit.forgotten.push(shadow.remote),
                    Applied::Rejected(violations) => {
                        let reasons: Vec<_> = violations.iter().map(|one| one.message.as_str()).collect();
                        let reason = format!("the application does not let it go: {}", reasons.join("; "));
                        report.quarantined += 1;
                        commit.pending.push(super::quarantine::quarantine(&shadow.remote, "", &reason, None));
                    }
                }
            }
            commit.report = Some(report.clone());
            self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
            kind.report = report;
            left = again;
        }
        Ok(())
    }

    /// Records without an id are known by their place. Where a document or a month has fewer than before, the last ones
    /// go with the set; where it has none at all, or some of it may not have come, nothing is concluded.
    pub(super) async fn surplus(&mut self, kind: &mut Kind<'_>, part: &str, proven: Proof) -> Result<()> {
        let mut surplus = Vec::new();
        let mut at = kind.nameless;
        loop {
            let id = nameless_id(part, at);
            let known = self.engine.store.shadows(&kind.scope, &[&id]).await?;
            let Some(shadow) = known.into_iter().next() else { break };
            surplus.push((shadow, Values::new()));
            at += 1;
        }
        if kind.nameless == 0 || proven == Proof::Unproven {
            kind.report.suspected += surplus.len() as u64;
            return Ok(());
        }
        self.remove(kind, surplus, false).await
    }
}
