//! What a run leaves to the next one, in memory.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use provider_core::EntityKind;

use super::{Kept, State};
use crate::store::rules::DECISION_WAITS;
use crate::store::types::{KindScope, PendingType, RunId};
use crate::store::{Session, SessionStart};

impl State {
    /// After a failure: what had ended is gone through anew by the next run, and what had not goes on there.
    pub(super) fn list_again(&mut self, connection: &str) {
        let Some(open) = self.connections.get(connection).map(|known| known.session.number) else { return };
        let own = self.scopes.iter().filter(|(scope, _)| scope.connection == connection);
        let mut runs = own.filter_map(|(_, kept)| kept.run.as_ref());
        if !runs.any(|run| run.session == open && run.ended) {
            return;
        }
        let number = self.number();
        if let Some(known) = self.connections.get_mut(connection) {
            known.session = Session::new(number, 0);
        }
        let own = self.scopes.iter_mut().filter(|(scope, _)| scope.connection == connection);
        for run in own.filter_map(|(_, kept)| kept.run.as_mut()) {
            if run.session == open && !run.ended {
                run.session = number;
            }
        }
    }
}

impl State {
    /// Remembers by what the rows of a connection are tied, and answers where that was another key.
    pub(super) fn tie(&mut self, start: &SessionStart) -> BTreeMap<EntityKind, String> {
        let mut moved = BTreeMap::new();
        for (kind, key) in &start.keys {
            let kept = self.scopes.entry(KindScope::new(start.connection.clone(), *kind)).or_default();
            match kept.key.clone().filter(|known| known != key) {
                Some(known) if !start.keys_hold && kept.live() > 0 => drop(moved.insert(*kind, known)),
                _ => kept.key = Some(key.clone()),
            }
        }
        moved
    }
}

impl Kept {
    /// Lets go what waited and was not met again. A decision that nobody could carry out yet stays, unless whole listings
    /// have been without its record for long.
    pub(super) fn let_go(&mut self, run: RunId, whole: bool, now: DateTime<Utc>) {
        let now = now.timestamp();
        self.pending.retain(|(_, why), (touched, _, pending)| {
            let passing =
                !matches!(why, PendingType::Conflict | PendingType::Vanished | PendingType::Unknown);
            if *touched == run.0 || !passing {
                return true;
            }
            if pending.decision.is_none() || !matches!(why, PendingType::Match | PendingType::Quarantine) {
                return false;
            }
            if whole && *touched >= 0 {
                // From when on it is missing, in place of the run that has met it.
                *touched = -now;
                return true;
            }
            !whole || *touched < DECISION_WAITS - now
        });
    }
}
