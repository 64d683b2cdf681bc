//! An application in memory: the model of what a target is, and a test double.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use provider_core::EntityKind;
use provider_core::command::folded_name;
use serde_json::Value;

use super::conformance::SideChange;
use super::{
    Applied, ApplyBatch, ApplyChange, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, Target,
    TargetError, TargetErrorKind, TargetField,
};
use crate::fingerprint::Fingerprint;
use crate::plan::Update;

/// An application in memory. Clones share it. The key of a record is called `remote`; removed records are gone.
#[derive(Debug, Clone)]
pub struct MemoryTarget {
    fields: Arc<BTreeMap<EntityKind, Vec<TargetField>>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    rows: BTreeMap<EntityKind, BTreeMap<LocalKey, Record>>,
    fences: BTreeMap<String, u64>,
    next: u64,
}

#[derive(Debug, Clone)]
struct Record {
    remote: Option<String>,
    values: BTreeMap<String, Value>,
}

impl Record {
    fn seen(&self, key: &LocalKey) -> LocalRecord {
        let remote = self.remote.clone().map_or(Value::Null, Value::String);
        let values = self.values.iter().map(|(name, value)| (name.as_str(), value));
        let fingerprint = Fingerprint::of_values(values.chain([("remote", &remote)]));
        LocalRecord {
            key: key.clone(),
            remote: self.remote.clone(),
            values: self.values.clone(),
            fingerprint,
        }
    }

    fn holds(&self, change: &ApplyChange) -> bool {
        self.remote.as_deref() == Some(&change.remote.id)
            && change
                .values
                .iter()
                .all(|(name, value)| self.values.get(name).unwrap_or(&Value::Null) == value)
    }
}

impl MemoryTarget {
    /// An application whose records have these fields, besides the key `remote`.
    #[must_use]
    pub fn new(fields: impl IntoIterator<Item = (EntityKind, Vec<TargetField>)>) -> Self {
        let with_key = |(kind, mut fields): (EntityKind, Vec<TargetField>)| {
            fields.push(TargetField::new("remote", super::LocalType::Text).unique());
            (kind, fields)
        };
        Self { fields: Arc::new(fields.into_iter().map(with_key).collect()), state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What somebody in the application does.
    pub fn change_directly(&self, kind: EntityKind, key: &LocalKey, change: SideChange) {
        let field = self.fields.get(&kind).and_then(|fields| fields.first()).map(|field| field.name.clone());
        let field = field.unwrap_or_default();
        let mut state = self.state();
        let rows = state.rows.entry(kind).or_default();
        match change {
            SideChange::Remove => drop(rows.remove(key)),
            SideChange::Edit(text) => {
                if let Some(row) = rows.get_mut(key) {
                    row.values.insert(field, Value::String(text));
                }
            }
            SideChange::Make(text) => {
                let values = [(field, Value::String(text))].into();
                rows.insert(key.clone(), Record { remote: None, values });
            }
        }
    }

    /// All records of a kind, by their keys.
    #[must_use]
    pub fn records(&self, kind: EntityKind) -> Vec<LocalRecord> {
        let state = self.state();
        let rows = state.rows.get(&kind).into_iter().flatten();
        rows.map(|(key, row)| row.seen(key)).collect()
    }

    /// Puts a record there, as somebody in the application would.
    pub fn put(&self, kind: EntityKind, record: LocalRecord) {
        let LocalRecord { key, remote, values, .. } = record;
        self.state().rows.entry(kind).or_default().insert(key, Record { remote, values });
    }

    fn required_missing(&self, change: &ApplyChange) -> Option<provider_core::Violation> {
        let fields = self.fields.get(&change.remote.kind).into_iter().flatten();
        let mut missing = fields.filter(|field| field.required).filter(|field| {
            change.values.get(&field.name).map_or(change.op == Update::Create, Value::is_null)
        });
        missing.next().map(|field| provider_core::Violation::new(field.name.clone(), "is required"))
    }
}

impl State {
    fn carry_out(&mut self, change: &ApplyChange) -> Applied {
        let rows = self.rows.entry(change.remote.kind).or_default();
        let by_remote = rows
            .iter()
            .find(|(_, row)| row.remote.as_deref() == Some(&change.remote.id))
            .map(|(key, _)| key.clone());
        let key = change.local.clone().or_else(|| by_remote.clone());
        let found = key.as_ref().and_then(|key| rows.get(key).map(|row| (key.clone(), row.clone())));
        match (change.op, found) {
            (Update::Create, Some((key, row))) => {
                let seen = row.seen(&key);
                if row.holds(change) { done(seen) } else { Applied::Stale(Some(seen)) }
            }
            (Update::Create, None) => {
                self.next += 1;
                let key = LocalKey(self.next.to_string());
                let row = Record { remote: Some(change.remote.id.clone()), values: change.values.clone() };
                let seen = row.seen(&key);
                rows.insert(key, row);
                done(seen)
            }
            (Update::Update, None) => Applied::Stale(None),
            (Update::Remove, None) => Applied::Done {
                local: key.unwrap_or_else(|| LocalKey(String::new())),
                fingerprint: Fingerprint::of_text(""),
            },
            (op, Some((key, mut row))) => {
                let seen = row.seen(&key);
                if op == Update::Update && row.holds(change) {
                    return done(seen);
                }
                let other = row.remote.as_ref().is_some_and(|remote| *remote != change.remote.id);
                let untied = op == Update::Remove && row.remote.is_none();
                if other || untied || change.expected.is_some_and(|expected| expected != seen.fingerprint) {
                    return Applied::Stale(Some(seen));
                }
                if op == Update::Remove {
                    rows.remove(&key);
                    return done(seen);
                }
                row.remote = Some(change.remote.id.clone());
                row.values.extend(change.values.clone());
                let seen = row.seen(&key);
                rows.insert(key, row);
                done(seen)
            }
        }
    }
}

fn done(record: LocalRecord) -> Applied {
    Applied::Done { local: record.key, fingerprint: record.fingerprint }
}

#[async_trait]
impl Target for MemoryTarget {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.fields.get(&kind).cloned().unwrap_or_default()
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let mut state = self.state();
        let latest = state.fences.entry(batch.connection.clone()).or_default();
        if *latest > batch.fence {
            let kind = TargetErrorKind::Fenced { latest: *latest };
            return Err(TargetError::new(kind, "another worker has written since"));
        }
        *latest = batch.fence;
        let carry_out = |change: &ApplyChange| match self.required_missing(change) {
            Some(violation) if change.op != Update::Remove => Applied::Rejected(vec![violation]),
            _ => state.carry_out(change),
        };
        Ok(batch.changes.iter().map(carry_out).collect())
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        let fits = |record: &LocalRecord| {
            criteria.iter().all(|criterion| {
                let remote = record.remote.clone().map_or(Value::Null, Value::String);
                let held = match criterion.field.as_str() {
                    "remote" => &remote,
                    other => record.values.get(other).unwrap_or(&Value::Null),
                };
                criterion.values.iter().any(|wanted| match (held, wanted) {
                    (Value::String(held), Value::String(wanted)) if criterion.folded => {
                        folded_name(held) == folded_name(wanted)
                    }
                    _ => held == wanted,
                })
            })
        };
        let mut found = self.records(kind);
        found.retain(fits);
        found.truncate(limit);
        Ok(found)
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        let state = self.state();
        let rows = state.rows.get(&kind);
        let found = keys.iter().filter_map(|key| rows?.get(key).map(|row| row.seen(key)));
        Ok(found.collect())
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        let mut records = self.records(kind);
        records.retain(|record| after.is_none_or(|after| record.key.0 > after.0));
        let more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| more).map(|last| LocalCursor(last.key.0.clone()));
        Ok(LocalPage { records, next })
    }
}
