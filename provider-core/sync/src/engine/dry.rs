//! An application that is looked at and never written.

use async_trait::async_trait;
use provider_core::EntityKind;
use serde_json::Value;

use crate::fingerprint::Fingerprint;
use crate::plan::Update;
use crate::target::{
    Applied, ApplyBatch, ApplyChange, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, Target,
    TargetError, TargetField,
};
use std::sync::Arc;

/// Answers what the application would, without doing it.
#[derive(Debug)]
pub(super) struct DryTarget(Arc<dyn Target>);

impl DryTarget {
    pub(super) fn new(target: Arc<dyn Target>) -> Self {
        Self(target)
    }

    async fn would(&self, change: &ApplyChange) -> Result<Applied, TargetError> {
        let pretended = || Applied::Done {
            local: change.local.clone().unwrap_or_else(|| LocalKey(format!("new {}", change.remote.id))),
            fingerprint: Fingerprint::of_text(""),
        };
        let Some(local) = &change.local else { return Ok(pretended()) };
        if local.0.starts_with("new ") {
            return Ok(pretended());
        }
        let found = self.0.get(change.remote.kind, std::slice::from_ref(local)).await?.into_iter().next();
        Ok(match (found, change.op) {
            (None, Update::Remove) => pretended(),
            (None, _) => Applied::Stale(None),
            (Some(record), _) => {
                let changed = change.expected.is_some_and(|expected| expected != record.fingerprint);
                let elsewhere = record.remote.as_ref().is_some_and(|remote| *remote != change.remote.id);
                if (changed && !as_wanted(&record, change)) || elsewhere {
                    Applied::Stale(Some(record))
                } else {
                    pretended()
                }
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
        self.0.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let mut answers = Vec::with_capacity(batch.changes.len());
        for change in &batch.changes {
            answers.push(self.would(change).await?);
        }
        Ok(answers)
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.0.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.0.get(kind, keys).await
    }

    async fn marked(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalKey>, TargetError> {
        self.0.marked(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.0.read(kind, after, limit).await
    }
}
