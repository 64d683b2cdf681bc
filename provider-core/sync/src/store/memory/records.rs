//! What a store in memory knows of records.

use std::collections::BTreeSet;

use super::{Kept, MemoryStore};
use crate::fingerprint::Fingerprint;
use crate::store::{KindScope, Known, RunId, Shadow, ShadowState, StoreResult};
use crate::target::LocalKey;

impl MemoryStore {
    pub(super) fn tied_of(&self, scope: &KindScope, keys: &[LocalKey]) -> Vec<Shadow> {
        let state = self.state();
        let Some(kept) = state.scopes.get(scope) else { return Vec::new() };
        let wanted: BTreeSet<&LocalKey> = keys.iter().collect();
        let tied = |shadow: &&Shadow| {
            shadow.base.is_some() && shadow.local.as_ref().is_some_and(|local| wanted.contains(local))
        };
        kept.shadows.values().filter(tied).cloned().collect()
    }

    pub(super) fn known_of(
        &self,
        scope: &KindScope,
        records: &[(&str, Option<Fingerprint>)],
    ) -> StoreResult<Vec<Known>> {
        let state = self.state();
        let kept = state.scopes.get(scope);
        let known = |(id, source): &(&str, Option<Fingerprint>)| {
            let Some(shadow) = kept.and_then(|kept| kept.shadows.get(*id)) else { return Known::New };
            match shadow.slot {
                Some(slot) if source.is_some() && shadow.source == *source && shadow.absent_runs == 0 => {
                    Known::Same(slot)
                }
                _ => Known::Other(Box::new(shadow.clone())),
            }
        };
        Ok(records.iter().map(known).collect())
    }

    pub(super) fn missing_of(
        &self,
        scope: &KindScope,
        run: RunId,
        after: Option<u32>,
        limit: usize,
    ) -> StoreResult<Vec<Shadow>> {
        let mut state = self.state();
        let kept = state.run(scope, run)?;
        let mut missing: Vec<_> =
            kept.shadows.values().filter(|shadow| !kept.seen(shadow)).cloned().collect();
        missing.sort_by_key(|shadow| shadow.slot);
        missing.retain(|shadow| after.is_none() || shadow.slot > after);
        missing.truncate(limit);
        Ok(missing)
    }

    pub(super) fn witnesses_of(
        &self,
        scope: &KindScope,
        run: RunId,
        group: Option<&str>,
        limit: usize,
    ) -> StoreResult<Vec<String>> {
        let mut state = self.state();
        let kept = state.run(scope, run)?;
        let linked = |shadow: &&Shadow| shadow.state == ShadowState::Linked && kept.seen(shadow);
        let of_group = |shadow: &&Shadow| group.is_none() || shadow.group.as_deref() == group;
        let found = kept.shadows.values().filter(linked).filter(of_group).take(limit);
        Ok(found.map(|shadow| shadow.remote.clone()).collect())
    }
}

impl Kept {
    pub(super) fn put(&mut self, mut shadow: Shadow) -> Option<u32> {
        let known = self.shadows.get(&shadow.remote).and_then(|known| known.slot);
        let slot = known.unwrap_or_else(|| {
            let slot = self.next_slot;
            self.next_slot += 1;
            slot
        });
        shadow.slot = Some(slot);
        self.shadows.insert(shadow.remote.clone(), shadow);
        Some(slot)
    }

    pub(super) fn seen(&self, shadow: &Shadow) -> bool {
        let run = self.run.as_ref();
        shadow.slot.is_some_and(|slot| run.is_some_and(|run| run.seen.has(slot)))
    }

    pub(super) fn live(&self) -> u64 {
        self.shadows.values().filter(|shadow| shadow.state == ShadowState::Linked).count() as u64
    }
}
