//! Changes to the application, and what becomes of those that met something unexpected.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Result;
use super::page::settle;
use super::quarantine::quarantine;
use super::session::Work;
use super::walk::Kind;
use crate::decide::base;
use crate::decide::map::Mapped;
use crate::decide::merge::{Merged, merge};
use crate::decide::row::{Row, owner_of, undecided};
use crate::fingerprint::Fingerprint;
use crate::plan::{CheckedKind, Owner, Update, Values};
use crate::report::KindReport;
use crate::store::{NewPending, PageCommit, Pending, PendingType, Shadow, ShadowState};
use crate::target::{
    Applied, ApplyBatch, ApplyChange, LocalKey, LocalRecord, RemoteRef, TargetError, TargetErrorKind,
};

/// How often a row is looked at again that changes under the hand.
const ROUNDS: u32 = 4;

/// A change on its way.
#[derive(Debug)]
pub(super) struct RowChange {
    pub(super) shadow: Shadow,
    source: Fingerprint,
    op: Update,
    pub(super) local: Option<LocalKey>,
    /// What is written.
    values: Values,
    /// What the distributor says, for the fields that are its business, where that is not the same.
    said: Option<Values>,
    expected: Option<Fingerprint>,
    /// Whether the record has to be looked at again in the next run.
    again: bool,
    /// What the distributor says of fields that the application owns.
    own: Values,
    pending: Vec<Pending>,
    conflicts: BTreeMap<String, (Value, Value)>,
    created: bool,
}

impl RowChange {
    pub(super) fn new(
        row: &Row,
        shadow: Shadow,
        op: Update,
        local: Option<LocalKey>,
        mapped: Mapped,
        expected: Option<Fingerprint>,
    ) -> Self {
        let (values, said) = match mapped.new {
            Some(new) if op == Update::Create => (new, Some(mapped.update)),
            _ => (mapped.update, None),
        };
        Self {
            shadow,
            source: row.source,
            op,
            local,
            values,
            said,
            expected,
            again: false,
            own: mapped.own,
            pending: Vec::new(),
            conflicts: BTreeMap::new(),
            created: op == Update::Create,
        }
    }

    /// Less is written than is known, and it may have to be looked at again.
    pub(super) fn writing(mut self, values: Values, again: bool) -> Self {
        self.write(values);
        self.again = again;
        self
    }

    /// What a person has said about it.
    pub(super) fn decided(mut self, pending: &[Pending]) -> Self {
        self.pending = pending.to_vec();
        self
    }

    /// It meets a row of which nothing is remembered.
    pub(super) fn meeting(mut self, record: &LocalRecord, rule: &CheckedKind) -> Self {
        self.merge(record, rule);
        self
    }

    fn write(&mut self, values: Values) {
        let before = std::mem::replace(&mut self.values, values);
        self.said.get_or_insert(before);
    }

    fn subject(&self) -> &str {
        &self.shadow.remote
    }

    fn merge(&mut self, record: &LocalRecord, rule: &CheckedKind) {
        let whose = |field: &str| owner_of(rule, field, &self.pending, &record.values);
        // Of a row that is new to us, everything that we have to say is of interest.
        let own = self.shadow.local.as_ref() == Some(&record.key);
        let (said, base) = if own {
            (&self.values, self.shadow.base.as_ref())
        } else {
            (self.said.as_ref().unwrap_or(&self.values), None)
        };
        if rule.may(Update::Update) {
            let Merged { values, conflicts } = merge(said, record, base, &whose);
            self.write(values);
            self.again |= !conflicts.is_empty();
            self.conflicts.extend(conflicts);
        } else {
            // It is tied and left as it is. Once the plan lets rows be changed, everything is still to be said.
            (self.values, self.said) = (Values::new(), Some(Values::new()));
        }
        (self.op, self.local, self.expected) =
            (Update::Update, Some(record.key.clone()), Some(record.fingerprint));
    }

    /// It as the application is told it. Id and values are lent, and come back with the answer.
    fn lend(&mut self, kind: &Kind<'_>) -> ApplyChange {
        ApplyChange {
            remote: RemoteRef::new(kind.scope.kind, std::mem::take(&mut self.shadow.remote)),
            local: self.local.clone(),
            op: self.op,
            values: std::mem::take(&mut self.values),
            expected: self.expected,
        }
    }
}

/// A row that is not there, or tied to something else.
pub(super) fn vanished(subject: &str, local: Option<&LocalKey>, record: Option<&LocalRecord>) -> NewPending {
    let reason = match record.map(|record| &record.remote) {
        None => "the application's record is gone".to_owned(),
        Some(None) => "the application's record is no longer tied to the distributor's".to_owned(),
        Some(Some(other)) => format!("the application's record is tied to `{other}` now"),
    };
    let facts = Fingerprint::of_text(&format!("{reason}\n{}", local.map_or("", LocalKey::as_str)));
    let body = json!({ "reason": reason, "key": local });
    NewPending { subject: subject.to_owned(), kind: PendingType::Vanished, facts, body }
}

pub(super) fn sides(fields: &BTreeMap<String, (Value, Value)>) -> serde_json::Map<String, Value> {
    let both = |(field, (remote, local)): (&String, &(Value, Value))| {
        (field.clone(), json!({ "remote": remote, "local": local }))
    };
    fields.iter().map(both).collect()
}

/// Fields that both sides changed, for a person.
pub(super) fn conflict(subject: &str, fields: &Value) -> NewPending {
    let facts = Fingerprint::of_text(&fields.to_string());
    let body = json!({ "reason": "both sides have changed it", "fields": fields });
    NewPending { subject: subject.to_owned(), kind: PendingType::Conflict, facts, body }
}

impl Work<'_> {
    /// Carries changes out, and looks again at what somebody else changed meanwhile.
    pub(super) async fn apply(
        &mut self,
        kind: &Kind<'_>,
        mut changes: Vec<RowChange>,
        commit: &mut PageCommit,
        report: &mut KindReport,
    ) -> Result<()> {
        let mut rounds = 0;
        commit.shadows.reserve(changes.len());
        while !changes.is_empty() {
            rounds += 1;
            let lent = changes.iter_mut().map(|change| change.lend(kind)).collect();
            let (lent, answers) = self.batch(lent).await?;
            let mut again = Vec::new();
            for ((mut change, lent), answer) in changes.into_iter().zip(lent).zip(answers) {
                (change.shadow.remote, change.values) = (lent.remote.id, lent.values);
                match answer {
                    Applied::Done { local, fingerprint } => {
                        done(kind.rule, change, local, fingerprint, commit, report);
                    }
                    Applied::Stale(mut record) => {
                        if let Some(record) = &mut record {
                            self.in_their_words(kind.rule, record, change.shadow.base.as_ref());
                        }
                        match stale(kind.rule, change, record, rounds) {
                            Ok(change) => again.push(change),
                            Err(told) => {
                                let (shadow, pending) = *told;
                                count(report, pending.kind);
                                if pending.kind == PendingType::Vanished {
                                    // The word that named it cannot be carried out: the next one counts.
                                    commit.settled.push((shadow.remote.clone(), PendingType::Match));
                                }
                                commit.pending.push(pending);
                                commit.shadows.push(shadow);
                            }
                        }
                    }
                    Applied::Rejected(violations) => {
                        let first = violations.first().map_or("", |violation| violation.field.as_str());
                        let reasons: Vec<_> =
                            violations.iter().map(|violation| violation.message.as_str()).collect();
                        report.quarantined += 1;
                        let reason = format!("the application does not take it: {}", reasons.join("; "));
                        commit.pending.push(quarantine(change.subject(), first, &reason, None));
                        commit.shadows.push(to_be_looked_at(change.shadow));
                    }
                }
            }
            changes = again;
        }
        Ok(())
    }

    /// One batch, under a fence that the application takes: the changes and what became of each.
    pub(super) async fn batch(
        &mut self,
        changes: Vec<ApplyChange>,
    ) -> Result<(Vec<ApplyChange>, Vec<Applied>)> {
        let wanted = changes.len();
        let deadline = self.batch_deadline().await?;
        let connection = self.engine.plan.connection.clone();
        let mut batch = ApplyBatch { connection, fence: self.lease.fence, deadline, changes };
        let target = &self.engine.target;
        let answers = match target.apply(&batch).await {
            Err(TargetError { kind: TargetErrorKind::Fenced { latest }, .. }) => {
                // Either somebody has taken over, which the store knows, or the store is younger than the application.
                self.lease = self.engine.store.outbid(&self.lease, latest).await?;
                batch.fence = self.lease.fence;
                batch.deadline = self.batch_deadline().await?;
                target.apply(&batch).await?
            }
            other => other?,
        };
        if answers.len() == wanted {
            return Ok((batch.changes, answers));
        }
        let message = format!("it was given {wanted} changes and answered {}", answers.len());
        Err(TargetError::new(TargetErrorKind::Misfit, message).into())
    }
}

fn count(report: &mut KindReport, why: PendingType) {
    match why {
        PendingType::Quarantine => report.quarantined += 1,
        PendingType::Conflict => report.conflicts += 1,
        _ => report.queued += 1,
    }
}

fn to_be_looked_at(mut shadow: Shadow) -> Shadow {
    shadow.source = None;
    shadow
}

fn done(
    rule: &CheckedKind,
    change: RowChange,
    local: LocalKey,
    fingerprint: Fingerprint,
    commit: &mut PageCommit,
    report: &mut KindReport,
) {
    if change.created {
        report.created += 1;
    } else {
        report.updated += 1;
    }
    let RowChange { created, mut shadow, source, values, said, again, own, pending, conflicts, .. } = change;
    let mut wanted = said.unwrap_or(values);
    wanted.retain(|field, _| !conflicts.contains_key(field));
    let mapped = Mapped::fingerprint(&wanted);
    if rule.asks() || rule.pushes() {
        // What is left to a person stays what it was.
        let mut kept = match shadow.base.take() {
            Some(Value::Object(kept)) => kept,
            _ => serde_json::Map::new(),
        };
        if created {
            // It says what it was given: nothing was ever sent from it.
            kept.retain(|field, _| !base::is_of_what_was_sent(field));
        }
        if !rule.pushes() {
            // What is not kept up would be out of date when the plan asks for it again.
            kept.retain(|field, _| rule.owner(field) == Owner::Ask);
            wanted.retain(|field, _| rule.owner(field) == Owner::Ask);
        }
        if kept.is_empty() {
            kept.extend(wanted);
            shadow.base = Some(Value::Object(kept));
        } else {
            // What was sent before is not what it says any more.
            shadow.base = Some(Value::Object(kept));
            base::tell(&mut shadow.base, &wanted);
        }
    } else {
        shadow.base = None;
    }
    if rule.pushes() {
        base::tell(&mut shadow.base, &own);
    }
    (shadow.local, shadow.applied, shadow.mapped) = (Some(local), Some(fingerprint), Some(mapped));
    (shadow.state, shadow.source) = (ShadowState::Linked, (!again).then_some(source));
    // Fields that are left to a person go on waiting; what the record is was answered.
    let open = |pending: &&Pending| !again || pending.why != PendingType::Conflict;
    settle(&shadow.remote, pending.iter().filter(open), commit);
    // The others that wait go on waiting.
    let mut fields = if again { undecided(&pending) } else { serde_json::Map::new() };
    report.conflicts += u64::from(!conflicts.is_empty() || !fields.is_empty());
    if !conflicts.is_empty() {
        fields.extend(sides(&conflicts));
        commit.pending.push(conflict(&shadow.remote, &Value::Object(fields)));
    }
    commit.shadows.push(shadow);
}

/// A row that is not as expected: the change that fits it, or what a person has to be told.
fn stale(
    rule: &CheckedKind,
    mut change: RowChange,
    record: Option<LocalRecord>,
    rounds: u32,
) -> std::result::Result<RowChange, Box<(Shadow, NewPending)>> {
    let own = |record: &LocalRecord| record.remote.as_deref() == Some(change.subject());
    match record {
        _ if rounds >= ROUNDS => {
            let reason = "its record in the application changes with every look at it";
            let pending = quarantine(change.subject(), "", reason, None);
            Err(Box::new((to_be_looked_at(change.shadow), pending)))
        }
        Some(record) if own(&record) => {
            // Made before, by a run that could not remember it.
            change.created = false;
            change.merge(&record, rule);
            Ok(change)
        }
        // It was free a moment ago, and still is.
        Some(record) if record.remote.is_none() && change.shadow.local.as_ref() != Some(&record.key) => {
            change.merge(&record, rule);
            Ok(change)
        }
        other => {
            let pending = vanished(change.subject(), change.local.as_ref(), other.as_ref());
            Err(Box::new((to_be_looked_at(change.shadow), pending)))
        }
    }
}
