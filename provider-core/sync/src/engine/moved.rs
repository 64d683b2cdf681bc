//! A plan that ties rows by another key than before: nothing is done until the rows have their ids there.

use std::collections::BTreeMap;
use std::sync::Arc;

use provider_core::EntityKind;
use serde::{Deserialize, Serialize};

use super::control::RunControl;
use super::error::SyncError;
use super::session::Work;
use super::{Result, SyncEngine};
use crate::plan::{CheckedKind, CheckedPlan};
use crate::store::{KindScope, SessionStart, Shadow, ShadowState};

/// How many rows are looked at in one step.
const STEP: usize = 500;

/// By what the rows of a kind are tied to its records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Tie {
    table: Option<String>,
    /// The column that the ids stand in.
    column: String,
    /// Which ids they are.
    remote: String,
    each: Option<String>,
}

impl Tie {
    fn of(rule: &CheckedKind) -> Option<Self> {
        let key = rule.plan.key.as_ref()?;
        Some(Self {
            table: rule.plan.table.clone(),
            column: key.local.clone(),
            remote: key.remote.to_string(),
            each: rule.each().map(|each| each.as_str().to_owned()),
        })
    }

    /// The column, with its table.
    fn place(&self) -> String {
        match &self.table {
            Some(table) => format!("{table}.{}", self.column),
            None => self.column.clone(),
        }
    }

    /// Whether a record has the same id by both.
    fn has_ids_of(&self, other: &Self) -> bool {
        (&self.remote, &self.each) == (&other.remote, &other.each)
    }
}

/// What a store remembers of the keys of a plan.
pub(super) fn keys(plan: &CheckedPlan) -> BTreeMap<EntityKind, String> {
    let key = |rule: &CheckedKind| Some((rule.kind(), serde_json::to_string(&Tie::of(rule)?).ok()?));
    plan.kinds.iter().filter_map(key).collect()
}

impl SyncEngine {
    /// Holds the plan against what earlier runs remember: whether their rows can be found by its keys. The distributor is
    /// not asked, and nothing is written anywhere.
    ///
    /// # Errors
    /// `Refused` where they cannot, with the key and what to do; any failure to read the application or the store.
    pub async fn check_keys(&self) -> Result<()> {
        let copy = self.store.snapshot(Arc::clone(&self.clock)).await?;
        let dry = Self { store: Arc::new(copy), dry: true, notifier: None, ..self.clone() }.timely();
        let control = RunControl::default();
        let Some(held) = dry.take_lease(&control).await? else { return Ok(()) };
        let session = dry.store.open_session(&held.lease, &dry.start(control.heal)).await?;
        let why = Work::new(&dry, &control, held, session).moved().await?;
        why.map_or(Ok(()), |why| Err(SyncError::Refused(why)))
    }
}

impl Work<'_> {
    /// Why nothing can be done: rows that are tied by another key, and cannot be found by the plan's. Where their ids stand
    /// in the new column already, they are tied by that from now on.
    pub(super) async fn moved(&mut self) -> Result<Option<String>> {
        if self.session.moved.is_empty() {
            return Ok(None);
        }
        let plan = &self.engine.plan;
        for rule in &plan.kinds {
            let Some(before) = self.session.moved.get(&rule.kind()) else { continue };
            // What cannot be read was written by a later release, which knows more.
            let (Ok(before), Some(now)) = (serde_json::from_str::<Tie>(before), Tie::of(rule)) else {
                continue;
            };
            let (at, records) = (rule.at, rule.kind().plural().replace('_', " "));
            if !now.has_ids_of(&before) {
                return Ok(Some(format!(
                    "kinds[{at}].key: the rows of {records} are known by other ids than those of `{}`, and each would be \
                     made a second time. Set the key back; or write the new ids into `{}` and begin with an empty store",
                    now.remote,
                    now.place()
                )));
            }
            let untied = self.without_their_ids(rule, before.table == now.table).await?;
            if untied > 0 {
                let (old, new) = (before.place(), now.place());
                let remedy = if before.table == now.table {
                    "Copy the ids there first, or set the key back"
                } else {
                    "Copy the rows there first, or begin with an empty store for that table"
                };
                return Ok(Some(format!(
                    "kinds[{at}].key: {records} are tied by `{old}`, and {untied} of their rows have no such id in \
                     `{new}`: they would count as nobody's. {remedy}; nothing was done"
                )));
            }
        }
        let start = SessionStart { keys_hold: true, ..self.engine.start(self.control.heal) };
        let session = self.engine.store.open_session(&self.lease, &start).await?;
        self.session = session;
        Ok(None)
    }

    /// How many rows of linked records do not have their ids where the plan looks for them. Rows that are gone say nothing,
    /// but in a table to which they should have come.
    async fn without_their_ids(&mut self, rule: &CheckedKind, same_table: bool) -> Result<usize> {
        let engine = self.engine;
        let scope = KindScope::new(engine.plan.connection.clone(), rule.kind());
        let run = engine.store.open_kind(&self.lease, &self.session, &scope).await?;
        let (id, mut after, mut untied) = (run.id, None, 0);
        // Nothing was met yet: all are missing.
        self.opened.insert(rule.kind(), run);
        loop {
            let step = engine.store.missing(&scope, id, after, STEP).await?;
            let Some(last) = step.last() else { return Ok(untied) };
            after = last.slot;
            let linked = |shadow: &&Shadow| shadow.state == ShadowState::Linked;
            let keys: Vec<_> = step.iter().filter(linked).filter_map(|shadow| shadow.local.clone()).collect();
            let mut rows = self.keeping(engine.target.get(scope.kind, &keys)).await??;
            let ids: Vec<&str> = step.iter().filter(linked).map(|shadow| shadow.remote.as_str()).collect();
            self.spell(rule, &mut rows, &ids).await?;
            let rows: BTreeMap<_, _> = rows.iter().map(|row| (&row.key, row.remote.as_deref())).collect();
            for shadow in step.iter().filter(linked) {
                let Some(local) = &shadow.local else { continue };
                let tied = match rows.get(local) {
                    Some(remote) => *remote == Some(shadow.remote.as_str()),
                    None => same_table,
                };
                untied += usize::from(!tied);
            }
        }
    }
}
