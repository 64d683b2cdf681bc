//! An application that is looked at and never written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use provider_core::EntityKind;
use serde_json::Value;

use crate::fingerprint::Fingerprint;
use crate::plan::{CheckedKind, CheckedPlan, Update};
use crate::target::{
    Applied, ApplyBatch, ApplyChange, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, Target,
    TargetError, TargetField,
};

/// Answers what the application would, without doing it.
#[derive(Debug)]
pub(super) struct DryTarget {
    inner: Arc<dyn Target>,
    /// The fields that tie records, by kind.
    keys: BTreeMap<EntityKind, String>,
    /// The rows that a run would have tied by now, and to what.
    tied: Mutex<BTreeMap<(EntityKind, LocalKey), String>>,
}

impl DryTarget {
    pub(super) fn new(inner: Arc<dyn Target>, plan: &CheckedPlan) -> Self {
        let key = |rule: &CheckedKind| Some((rule.kind(), rule.plan.key.as_ref()?.local.clone()));
        let keys = plan.kinds.iter().filter_map(key).collect();
        Self { inner, keys, tied: Mutex::default() }
    }

    /// The rows that are tied already to records that a batch would make rows of, by a run that was cut before it could
    /// remember them.
    async fn met(&self, batch: &ApplyBatch) -> Result<Vec<(EntityKind, LocalRecord)>, TargetError> {
        let mut met = Vec::new();
        for (kind, field) in &self.keys {
            let made = |change: &&ApplyChange| change.op == Update::Create && change.remote.kind == *kind;
            let made = batch.changes.iter().filter(made);
            let values: Vec<Value> = made.map(|change| Value::String(change.remote.id.clone())).collect();
            if values.is_empty() {
                continue;
            }
            let limit = values.len();
            let criterion = Criterion { field: field.clone(), values, folded: false };
            let found = self.inner.find(*kind, &[criterion], limit).await?;
            met.extend(found.into_iter().map(|record| (*kind, record)));
        }
        Ok(met)
    }

    /// Whether a row is tied to the record, whatever its column makes of the id.
    async fn is_tied(&self, row: &LocalRecord, change: &ApplyChange) -> Result<bool, TargetError> {
        let (kind, id) = (change.remote.kind, &change.remote.id);
        if row.remote.as_ref() == Some(id) {
            return Ok(true);
        }
        let Some(field) = self.keys.get(&kind) else { return Ok(false) };
        let values = vec![Value::String(id.clone())];
        let criterion = Criterion { field: field.clone(), values, folded: false };
        let found = self.inner.find(kind, &[criterion], 1).await?;
        Ok(found.first().is_some_and(|found| found.key == row.key))
    }

    /// The record that a row which is free would be tied to by now: this one, or one that came before it.
    fn tie(&self, row: &LocalRecord, change: &ApplyChange) -> String {
        let mut tied = self.tied.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (change.remote.kind, row.key.clone());
        tied.entry(place).or_insert_with(|| change.remote.id.clone()).clone()
    }

    async fn would(
        &self,
        change: &ApplyChange,
        met: &[(EntityKind, LocalRecord)],
    ) -> Result<Applied, TargetError> {
        let own = |(kind, record): &&(EntityKind, LocalRecord)| {
            *kind == change.remote.kind && record.remote.as_ref() == Some(&change.remote.id)
        };
        if change.op == Update::Create
            && let Some((_, record)) = met.iter().find(own)
        {
            let (local, fingerprint) = (record.key.clone(), record.fingerprint);
            return Ok(if as_wanted(record, change) {
                Applied::Done { local, fingerprint }
            } else {
                Applied::Stale(Some(record.clone()))
            });
        }
        let pretended = || Applied::Done {
            local: change.local.clone().unwrap_or_else(|| LocalKey(format!("new {}", change.remote.id))),
            fingerprint: Fingerprint::of_text(""),
        };
        let Some(local) = &change.local else { return Ok(pretended()) };
        if local.0.starts_with("new ") {
            return Ok(pretended());
        }
        let found = self.inner.get(change.remote.kind, std::slice::from_ref(local)).await?.into_iter().next();
        Ok(match (found, change.op) {
            (None, Update::Remove) => pretended(),
            (None, _) => Applied::Stale(None),
            (Some(mut record), _) => {
                let changed = change.expected.is_some_and(|expected| expected != record.fingerprint);
                if record.remote.is_some() && self.is_tied(&record, change).await? {
                    record.remote = Some(change.remote.id.clone());
                }
                let elsewhere = record.remote.as_ref().is_some_and(|remote| *remote != change.remote.id);
                if (changed && !as_wanted(&record, change)) || elsewhere {
                    return Ok(Applied::Stale(Some(record)));
                }
                if record.remote.is_none() {
                    let tied = self.tie(&record, change);
                    if tied != change.remote.id {
                        record.remote = Some(tied);
                        return Ok(Applied::Stale(Some(record)));
                    }
                }
                pretended()
            }
        })
    }
}

fn as_wanted(record: &LocalRecord, change: &ApplyChange) -> bool {
    let there = |(field, wanted): (&String, &Value)| record.values.get(field) == Some(wanted);
    change.op != Update::Remove && change.values.iter().all(there)
}

#[async_trait]
impl Target for DryTarget {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    fn holds(&self, kind: EntityKind, field: &str, stored: &Value, wanted: &Value) -> bool {
        self.inner.holds(kind, field, stored, wanted)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let met = self.met(batch).await?;
        let mut answers = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            answers.push(self.would(change, &met).await?);
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

    async fn marked(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalKey>, TargetError> {
        self.inner.marked(kind, keys).await
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
