//! A person's word about a command of which nobody knows what came of it.

use provider_core::journal::Settlement;
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{Command, ErrorKind, Outcome, ProviderExt as _, Receipt, SubscriptionId};

use super::super::Result;
use super::super::parts::Parted;
use super::super::session::Work;
use super::super::walk::Kind;
use super::execute::Came;
use super::subject;
use crate::store::{Decision, Intent, IntentState, PendingType, ShadowState};

impl Work<'_> {
    /// What comes of it by what somebody has said. `None` where the distributor has to be asked.
    pub(super) async fn by_word<T: Parted>(
        &mut self,
        kind: &Kind<'_>,
        intent: &Intent,
    ) -> Result<Option<Came>> {
        if intent.state != IntentState::Unknown {
            return Ok(None);
        }
        let about = self.engine.store.pending_of(&kind.scope, &[&subject(&intent.local)]).await?;
        let said = about.into_iter().find(|(_, pending)| pending.why == PendingType::Unknown);
        let Some((decision, who)) =
            said.and_then(|(_, pending)| Some((pending.decision?, pending.who.unwrap_or_default())))
        else {
            return Ok(None);
        };
        match decision {
            Decision::Happened(id) => self.happened::<T>(kind, intent, &id, &who).await,
            Decision::NeverHappened => self.settle(intent, Settlement::NotApplied, None, &who).await,
            _ => Ok(None),
        }
    }

    async fn happened<T: Parted>(
        &mut self,
        kind: &Kind<'_>,
        intent: &Intent,
        id: &str,
        who: &str,
    ) -> Result<Option<Came>> {
        let id = intent.remote.as_deref().unwrap_or(id);
        let unknown = |reason: String| Ok(Some(Came::Unknown { reason }));
        let known = self.engine.store.shadows(&kind.scope, &[id]).await?.into_iter().next();
        let other = known.filter(|known| known.state == ShadowState::Linked).and_then(|known| known.local);
        if let Some(other) = other.filter(|other| *other != intent.local) {
            return unknown(format!("{who} says that it is `{id}`, which belongs to `{other}` already"));
        }
        if let Err(error) = self.fresh::<T>(kind, id).await? {
            if error.kind() == ErrorKind::NotFound {
                return unknown(format!(
                    "{who} says that it is `{id}`, and the distributor has none of that id"
                ));
            }
            return unknown(format!("`{id}` could not be looked up: {}", error.message()));
        }
        let mut receipt = Receipt::new(Outcome::Applied);
        if matches!(intent.command, Command::CreateCustomer(_) | Command::UpdateCustomer(_)) {
            receipt = receipt.with_customer(id);
        } else {
            let mut line = LineReceipt::new(0, LineOutcome::Applied);
            line.subscription = Some(SubscriptionId::new(id));
            receipt = receipt.with_line(line);
        }
        self.settle(intent, Settlement::applied(receipt.clone()), Some(receipt), who).await
    }

    /// Settles it in the journal, which asks the distributor once more.
    pub(super) async fn settle(
        &mut self,
        intent: &Intent,
        settlement: Settlement,
        receipt: Option<Receipt>,
        who: &str,
    ) -> Result<Option<Came>> {
        let provider = std::sync::Arc::clone(&self.engine.provider);
        Ok(match self.keeping(provider.settle(&intent.key, settlement, who)).await? {
            Ok(()) => Some(match receipt {
                Some(receipt) => Came::Applied { receipt: Box::new(receipt), lost: None },
                None => Came::Never { who: who.to_owned() },
            }),
            // It was settled elsewhere, or is known by now: the journal, or the distributor, has the answer.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PreconditionFailed) => None,
            Err(error) => Some(Came::Unknown { reason: error.message().to_owned() }),
        })
    }
}
