//! Rows that refer to a record by its key in the application: where it gets another row, they are looked at again.

use std::collections::{BTreeSet, HashMap};

use provider_core::EntityKind;

use super::Result;
use super::session::Work;
use crate::plan::CheckedKind;
use crate::store::{KindScope, PageCommit, RunId, Shadow, ShadowState};

/// How many rows are looked at in one step.
const STEP: usize = 500;

/// The records that have another row than before.
pub(super) fn moved(before: &HashMap<String, Shadow>, now: &[Shadow]) -> BTreeSet<String> {
    let had_one = |shadow: &Shadow| shadow.local.is_some() || shadow.state == ShadowState::Ended;
    let moved = |now: &&Shadow| {
        let before = before.get(&now.remote).filter(|before| had_one(before));
        now.local.is_some() && before.is_some_and(|before| before.local != now.local)
    };
    now.iter().filter(moved).map(|shadow| shadow.remote.clone()).collect()
}

impl Work<'_> {
    /// Has the rows looked at again that refer to these records. It comes before the new keys are remembered, so that no
    /// crash leaves rows that refer to the old ones.
    pub(super) async fn relink(&mut self, parent: EntityKind, ids: &BTreeSet<String>) -> Result<()> {
        let engine = self.engine;
        for rule in &engine.plan.kinds {
            if rule.links().any(|(_, kind)| kind == parent) {
                self.forget_sources(rule, parent, ids).await?;
            }
        }
        Ok(())
    }

    async fn forget_sources(
        &mut self,
        rule: &CheckedKind,
        parent: EntityKind,
        ids: &BTreeSet<String>,
    ) -> Result<()> {
        let engine = self.engine;
        let scope = KindScope::new(engine.plan.connection.clone(), rule.kind());
        let run = self.run_of(&scope).await?;
        // Of a subscription it is known whose it is. Of others only their records tell.
        let of_group = (parent, rule.kind()) == (EntityKind::Customer, EntityKind::Subscription);
        let refers =
            |shadow: &Shadow| !of_group || shadow.group.as_ref().is_some_and(|group| ids.contains(group));
        let mut after = None;
        loop {
            // Nothing of this kind was met yet: all are missing.
            let step = engine.store.missing(&scope, run, after, STEP).await?;
            let Some(last) = step.last() else { return Ok(()) };
            after = last.slot;
            let linked = step.into_iter().filter(|shadow| shadow.local.is_some() && refers(shadow));
            let unseen: Vec<_> = linked.map(|shadow| Shadow { source: None, ..shadow }).collect();
            if !unseen.is_empty() {
                let commit = PageCommit { unseen, ..PageCommit::default() };
                engine.store.commit_page(&self.lease, &scope, run, commit).await?;
            }
        }
    }

    /// The run over a kind whose turn has not come.
    async fn run_of(&mut self, scope: &KindScope) -> Result<RunId> {
        if let Some(opened) = self.opened.get(&scope.kind) {
            return Ok(opened.id);
        }
        let opened = self.engine.store.open_kind(&self.lease, &self.session, scope).await?;
        let id = opened.id;
        self.opened.insert(scope.kind, opened);
        Ok(id)
    }
}
