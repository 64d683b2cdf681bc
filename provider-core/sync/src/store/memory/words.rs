//! A person's words about many things at once.

use std::collections::BTreeMap;

use super::State;
use crate::store::StoreError;
use crate::store::rules::{check_decision, unknown};
use crate::store::types::{Decision, Pending, PendingId};

impl State {
    /// All of them, or none where one is refused.
    pub(super) fn decide_all(
        &mut self,
        words: &[(PendingId, Decision)],
        who: &str,
    ) -> Vec<(usize, StoreError)> {
        let all = self.scopes.values_mut().flat_map(|kept| kept.pending.values_mut());
        let mut waiting: BTreeMap<i64, &mut Pending> =
            all.map(|(_, _, pending)| (pending.id.number, pending)).collect();
        let mut refused = Vec::new();
        for (at, (id, decision)) in words.iter().enumerate() {
            let known = waiting.get(&id.number).ok_or_else(|| unknown(id));
            if let Err(error) = known.and_then(|pending| check_decision(pending, id, decision)) {
                refused.push((at, error));
            }
        }
        if refused.is_empty() {
            for (id, decision) in words {
                if let Some(pending) = waiting.get_mut(&id.number) {
                    (pending.decision, pending.who) = (Some(decision.clone()), Some(who.to_owned()));
                }
            }
        }
        refused
    }
}
