//! The intents of a store in memory.

use chrono::{DateTime, Utc};
use provider_core::IdempotencyKey;

use super::{MemoryStore, State};
use crate::store::intent::{self, Intent, IntentEnd, IntentState, NewIntent};
use crate::store::{KindScope, NewPending, Pending, PendingId, StoreError, StoreErrorKind, StoreResult};
use crate::target::LocalKey;

impl State {
    /// The store's own name, which is part of its keys.
    fn name(&mut self) -> StoreResult<String> {
        if let Some(name) = &self.name {
            return Ok(name.clone());
        }
        let name = IdempotencyKey::random()
            .map_err(|error| StoreError::new(StoreErrorKind::Unreachable, error.message().to_owned()))?;
        Ok(self.name.insert(name.to_string()).clone())
    }

    /// A decision holds for the facts that it was made about.
    pub(super) fn put_pending(
        &mut self,
        scope: &KindScope,
        run: i64,
        pending: &[NewPending],
        now: DateTime<Utc>,
    ) {
        let mut next = self.next;
        let kept = self.scopes.entry(scope.clone()).or_default();
        for new in pending {
            let place = (new.subject.clone(), new.kind);
            let old = kept.pending.get(&place);
            let number = old.map_or_else(
                || {
                    next += 1;
                    next
                },
                |(_, _, old)| old.id.number,
            );
            let same = old.filter(|(_, facts, _)| *facts == new.facts).map(|(_, _, old)| old);
            let pending = Pending {
                id: PendingId { number, mark: new.facts.short() },
                connection: scope.connection.clone(),
                kind: scope.kind,
                subject: new.subject.clone(),
                why: new.kind,
                body: new.body.clone(),
                opened: old.map_or(now, |(_, _, old)| old.opened),
                decision: same.and_then(|old| old.decision.clone()),
                who: same.and_then(|old| old.who.clone()),
            };
            kept.pending.insert(place, (run, new.facts, pending));
        }
        self.next = next;
    }

    /// Commands of a connection of which nobody knows what came of them: how many, and since when the oldest waits.
    pub(super) fn unknown(&self, connection: &str) -> (u64, Option<DateTime<Utc>>) {
        let of = |(scope, intent): &&(KindScope, Intent)| {
            scope.connection == connection && intent.state == IntentState::Unknown
        };
        let opened = self.intents.values().filter(of).map(|(_, intent)| intent.opened);
        (opened.clone().count() as u64, opened.min())
    }

    pub(super) fn commit_intents(
        &mut self,
        scope: &KindScope,
        opened: &[NewIntent],
        ended: &[IntentEnd],
        now: DateTime<Utc>,
    ) -> StoreResult<()> {
        for end in ended {
            let known = self.intents.get_mut(&end.id).map(|(_, intent)| intent);
            // What was closed stays as it was closed: another process may have come first.
            let Some(intent) = known.filter(|intent| intent.state.is_open()) else { continue };
            intent.state = end.state;
            intent.remote = end.remote.clone().or_else(|| intent.remote.take());
            intent.receipt = end.receipt.clone().or_else(|| intent.receipt.take());
            intent.reason.clone_from(&end.reason);
        }
        for new in opened {
            self.open_intent(scope, new, now)?;
        }
        Ok(())
    }

    fn open_intent(&mut self, scope: &KindScope, new: &NewIntent, now: DateTime<Utc>) -> StoreResult<()> {
        let own = |(of, intent): &(KindScope, Intent)| of == scope && intent.local == new.local;
        if self.intents.values().any(|known| own(known) && known.1.state.is_open()) {
            return Ok(());
        }
        let last =
            self.intents.values().filter(|known| own(known)).map(|(_, intent)| intent.generation).max();
        let generation = intent::next_generation(last.unwrap_or_default(), &new.command, now);
        let key = match &new.key {
            Some(key) => key.clone(),
            None => intent::key(&self.name()?, scope, &new.local, generation),
        };
        self.intents.retain(|_, known| !own(known));
        let id = self.number();
        let intent = Intent {
            id,
            connection: scope.connection.clone(),
            kind: scope.kind,
            local: new.local.clone(),
            generation,
            key,
            command: new.command.clone(),
            state: IntentState::Pending,
            remote: new.remote.clone(),
            reason: new.reason.clone(),
            receipt: None,
            not_before: new.not_before,
            opened: now,
            said: new.said.clone(),
            print: new.print,
        };
        self.intents.insert(id, (scope.clone(), intent));
        Ok(())
    }
}

impl MemoryStore {
    pub(super) fn open_of(&self, scope: &KindScope) -> Vec<Intent> {
        let state = self.state();
        let of = state.intents.values().filter(|(of, intent)| of == scope && intent.state.is_open());
        of.map(|(_, intent)| intent.clone()).collect()
    }

    pub(super) fn last_of(&self, scope: &KindScope, local: &LocalKey) -> Option<Intent> {
        let state = self.state();
        let mut of = state.intents.values().filter(|(of, intent)| of == scope && intent.local == *local);
        of.next_back().map(|(_, intent)| intent.clone())
    }
}
