//! A person's word about a command of which nobody knows what came of it.

use chrono::Duration;
use provider_core::journal::Settlement;
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{Command, CustomerId, ErrorKind, Outcome, ProviderExt as _, Receipt, SubscriptionId};
use serde_json::Value;

use super::super::Result;
use super::super::parts::Parted;
use super::super::session::Work;
use super::super::walk::Kind;
use super::execute::Came;
use super::notes::kept;
use super::{name_of, subject};
use crate::fingerprint::Fingerprint;
use crate::store::{Decision, Intent, IntentState, PageCommit, PendingType, ShadowState};

/// After how long a customer that was made is listed.
const LISTED_BY: Duration = Duration::minutes(15);

/// What a person's word is worth.
enum Heard {
    /// It holds, or the distributor has to be asked.
    Came(Option<Came>),
    /// It cannot be.
    Wrong(String),
}

impl Work<'_> {
    /// What comes of it by what somebody has said. `None` where the distributor has to be asked.
    pub(super) async fn by_word<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
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
            Decision::Happened(id) => match self.happened::<T>(kind, intent, &id, &who).await? {
                Heard::Came(Some(came)) => Ok(Some(came)),
                // Whoever asks the journal may send what it does not know.
                Heard::Came(None) if !kind.rule.pushes() => Ok(None),
                Heard::Came(None) => {
                    // The journal has the answer already, which may not say what was made.
                    let mut came = self.execute(intent).await?;
                    if let (Came::Applied { receipt, .. }, Command::CreateCustomer(_)) =
                        (&mut came, &intent.command)
                    {
                        receipt.customer.get_or_insert_with(|| CustomerId::new(id));
                    }
                    Ok(Some(came))
                }
                Heard::Wrong(reason) => {
                    // It waits for another word.
                    let settled = vec![(subject(&intent.local), PendingType::Unknown)];
                    self.note_page(kind, PageCommit { settled, ..PageCommit::default() }).await?;
                    Ok(Some(Came::Unknown { reason }))
                }
            },
            Decision::NeverHappened => match self.settle(intent, Settlement::NotApplied, None, &who).await? {
                None if kind.rule.pushes() => self.made_none(kind, intent, &who).await.map(Some),
                came => Ok(came),
            },
            _ => Ok(None),
        }
    }

    /// The journal, or the distributor, has an answer. One that names the record of another row has made none.
    async fn made_none(&mut self, kind: &Kind<'_>, intent: &Intent, who: &str) -> Result<Came> {
        let came = self.execute(intent).await?;
        let named = match &came {
            Came::Applied { receipt, .. } if intent.remote.is_none() => receipt.customer.clone(),
            _ => None,
        };
        let Some(id) = named.map(|id| id.to_string()) else { return Ok(came) };
        let known = self.engine.store.shadows(&kind.scope, &[&id]).await?.into_iter().next();
        let other = known.filter(|known| known.state == ShadowState::Linked).and_then(|known| known.local);
        let Some(other) = other.filter(|other| *other != intent.local) else { return Ok(came) };
        let reason = format!(
            "the distributor answers with `{id}`, which belongs to `{other}`, and {who} says that it never happened"
        );
        Ok(Came::Rejected { reason, violations: Vec::new(), again: false })
    }

    /// Says what the listing makes likely about customers of which nobody knows whether they were made. It decides nothing.
    pub(super) async fn advise(
        &mut self,
        kind: &mut Kind<'_>,
        unknown: &[Intent],
        whole: bool,
    ) -> Result<()> {
        let now = self.engine.clock.now();
        for intent in unknown {
            let Some(name) = name_of(&intent.command) else { continue };
            let name = Fingerprint::of_text(&name);
            let listed = kind.pushing.names.contains(&name) || kind.pushing.made.contains(&name);
            let complete = whole && kind.pushing.unread == 0 && now - intent.opened >= LISTED_BY;
            let advice = match (listed, complete) {
                (true, _) => {
                    "the distributor lists a customer of this name: it may be this one (happened ID)"
                }
                (false, true) => {
                    "the distributor lists no customer of this name: it seems that it never happened (never-happened)"
                }
                (false, false) => continue,
            };
            let own = subject(&intent.local);
            for (facts, pending) in self.engine.store.pending_of(&kind.scope, &[&own]).await? {
                let mut pending = kept(facts, &pending);
                if let (PendingType::Unknown, Some(body)) = (pending.kind, pending.body.as_object_mut()) {
                    body.insert("advice".to_owned(), Value::String(advice.to_owned()));
                    self.tell(kind, pending).await?;
                }
            }
        }
        Ok(())
    }

    async fn happened<T: Parted>(
        &mut self,
        kind: &Kind<'_>,
        intent: &Intent,
        id: &str,
        who: &str,
    ) -> Result<Heard> {
        let id = intent.remote.as_deref().unwrap_or(id);
        let wrong = |why: &str| Ok(Heard::Wrong(format!("{who} says that it is `{id}`, {why}")));
        let known = self.engine.store.shadows(&kind.scope, &[id]).await?.into_iter().next();
        let other = known.filter(|known| known.state == ShadowState::Linked).and_then(|known| known.local);
        if let Some(other) = other.filter(|other| *other != intent.local) {
            return wrong(&format!("which belongs to `{other}` already"));
        }
        if let Err(error) = self.fresh::<T>(kind, id).await? {
            if error.kind() == ErrorKind::NotFound {
                return wrong("and the distributor has none of that id");
            }
            let reason = format!("`{id}` could not be looked up: {}", error.message());
            return Ok(Heard::Came(Some(Came::Unknown { reason })));
        }
        let mut receipt = Receipt::new(Outcome::Applied);
        if matches!(intent.command, Command::CreateCustomer(_) | Command::UpdateCustomer(_)) {
            receipt = receipt.with_customer(id);
        } else {
            let mut line = LineReceipt::new(0, LineOutcome::Applied);
            line.subscription = Some(SubscriptionId::new(id));
            receipt = receipt.with_line(line);
        }
        let came = self.settle(intent, Settlement::applied(receipt.clone()), Some(receipt), who).await?;
        Ok(Heard::Came(came))
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
