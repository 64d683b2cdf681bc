//! Commands of a kind that the plan has left out since they were decided.

use provider_core::EntityKind;

use super::super::Result;
use super::super::session::Work;
use super::notes::note_of;
use crate::store::{IntentCommit, IntentEnd, IntentState, KindScope, PendingType};

/// The kinds whose changes are sent.
const PUSHED: [EntityKind; 2] = [EntityKind::Customer, EntityKind::Subscription];

impl Work<'_> {
    /// Nothing is sent of a kind that the plan leaves out. That something is open about it, nobody else would say.
    pub(in crate::engine) async fn left_out(&mut self) -> Result<()> {
        let engine = self.engine;
        for kind in PUSHED {
            if engine.plan.kinds().any(|known| known == kind) {
                continue;
            }
            let scope = KindScope::new(engine.plan.connection.clone(), kind);
            let reason = format!(
                "the plan leaves {} out, and it may have been sent before: a word about it is carried out once the plan \
                 has them again, with `direction = \"pull\"` where nothing is to be sent",
                kind.plural()
            );
            let mut commit = IntentCommit::default();
            for intent in engine.store.open_intents(&scope).await? {
                // What waits for its day was never sent, and is looked at anew.
                if intent.is_ahead() {
                    continue;
                }
                self.ordered.unknown += 1;
                if intent.state == IntentState::Pending {
                    commit.pending.push(note_of(&intent, PendingType::Unknown, &reason, &[], false));
                    commit.ended.push(IntentEnd::new(intent.id, IntentState::Unknown).because(&*reason));
                }
            }
            if !commit.ended.is_empty() {
                engine.store.commit_intents(&scope, &commit).await?;
            }
        }
        Ok(())
    }
}
