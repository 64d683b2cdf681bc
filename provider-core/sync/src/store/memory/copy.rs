//! Copies of another store.

use std::sync::{Arc, Mutex};

use provider_core::clock::Clock;
use provider_core::info::AccountKey;

use super::{Connection, Kept, MemoryStore, State};
use crate::fingerprint::Fingerprint;
use crate::store::types::{KindScope, Pending, Shadow};
use crate::store::{Intent, Session, Standing};

/// What another store hands over to make a copy of itself.
#[derive(Debug, Default)]
pub(in crate::store) struct Dump {
    pub(in crate::store) connections: Vec<(String, AccountKey, Fingerprint, i64, Standing)>,
    pub(in crate::store) scopes: Vec<(KindScope, u32, Option<u64>)>,
    pub(in crate::store) shadows: Vec<(KindScope, Shadow)>,
    pub(in crate::store) pending: Vec<(KindScope, i64, Fingerprint, Pending)>,
    pub(in crate::store) hints: Vec<(KindScope, String)>,
    pub(in crate::store) intents: Vec<(KindScope, Intent)>,
    pub(in crate::store) name: Option<String>,
    pub(in crate::store) keys: Vec<(KindScope, String)>,
}

impl MemoryStore {
    /// A copy of another store.
    pub(in crate::store) fn of(dump: Dump, clock: Arc<dyn Clock>) -> Self {
        let mut state = State::default();
        for (name, account, plan, number, standing) in dump.connections {
            state.next = state.next.max(number);
            let session = Session::new(number, 0);
            let known = Connection { account, plan, session, open: false, standing, outcome: None };
            state.connections.insert(name, known);
        }
        for (scope, next_slot, listed) in dump.scopes {
            state.scopes.insert(scope, Kept { next_slot, listed, ..Kept::default() });
        }
        for (scope, shadow) in dump.shadows {
            state.scopes.entry(scope).or_default().shadows.insert(shadow.remote.clone(), shadow);
        }
        for (scope, touched, facts, pending) in dump.pending {
            state.next = state.next.max(pending.id.number).max(touched);
            let place = (pending.subject.clone(), pending.why);
            state.scopes.entry(scope).or_default().pending.insert(place, (touched, facts, pending));
        }
        for (scope, id) in dump.hints {
            state.scopes.entry(scope).or_default().hints.insert(id);
        }
        for (scope, intent) in dump.intents {
            state.next = state.next.max(intent.id);
            state.intents.insert(intent.id, (scope, intent));
        }
        for (scope, key) in dump.keys {
            state.scopes.entry(scope).or_default().key = Some(key);
        }
        state.name = dump.name;
        Self { state: Arc::new(Mutex::new(state)), clock }
    }
}
