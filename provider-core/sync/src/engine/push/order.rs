//! Orders of the application's own, under its own keys.

use provider_core::journal::Settlement;
use provider_core::model::PricePer;
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{
    Command, EntityKind, ErrorKind, IdempotencyKey, OrderId, Outcome, PlaceOrder, Price, ReadOptions,
    Receipt, WriteOptions,
};
use rust_decimal::Decimal;

use super::super::breaker::Passage;
use super::super::error::SyncError;
use super::super::session::Work;
use super::super::{Result, SyncEngine};
use super::execute::Came;
use super::notes::note_of;
use super::subject;
use crate::decide::command::units;
use crate::store::{
    Decision, Intent, IntentCommit, IntentEnd, IntentState, KindScope, NewIntent, PendingType,
};
use crate::target::LocalKey;

impl SyncEngine {
    fn orders(&self) -> KindScope {
        KindScope::new(self.plan.connection.clone(), EntityKind::Order)
    }

    /// Places an order, once: it is remembered before it is sent, and a call that was cut off is made again under the same
    /// key, here or by the next run. What it says about the order is what is known when it returns: an intent that is
    /// [`Unknown`](IntentState::Unknown) waits in the queue, and each run asks about it again.
    ///
    /// # Errors
    /// `Refused` without a journal, on a connection that is switched off, for an order beyond the plan's `cap`, and for a key
    /// that was used for another order; a store that cannot be used. Nothing was sent then. What the distributor says stands
    /// in the intent. Of an order that was begun before the connection was switched off, what is known is answered.
    pub async fn order(&self, command: PlaceOrder, key: IdempotencyKey) -> Result<Intent> {
        if self.provider.journal().is_none() {
            let message = "ordering needs a journal, without which an order may be placed twice: give the connection one \
                           (`Services::with_journal`)";
            return Err(SyncError::Refused(message.to_owned()));
        }
        let command = Command::from(command);
        let (scope, local) = (self.orders(), LocalKey::new(key.as_str()));
        let known = self.store.last_intent(&scope, &local).await?;
        if let Some(known) = &known {
            if known.command != command {
                let message =
                    format!("the key `{key}` was used for another order: every order needs its own");
                return Err(SyncError::Refused(message));
            }
            if known.state == IntentState::Applied {
                return Ok(known.clone());
            }
        }
        let off = match self.switched_off().await? {
            Passage::On => None,
            Passage::Off(report) => Some(report.error.unwrap_or_else(|| "it is switched off".to_owned())),
            Passage::Due => Some("the connection has stopped, and the next run tries it again".to_owned()),
        };
        if let Some(why) = off {
            // Of one that was begun, that nothing was ordered would not be true.
            let begun = known.filter(|known| known.state.is_open());
            return begun.ok_or_else(|| SyncError::Refused(format!("nothing is ordered: {why}")));
        }
        if known.is_none_or(|known| !known.state.is_open()) {
            self.within_cap(&command, &key).await?;
            let opened = NewIntent {
                local: local.clone(),
                key: Some(key),
                command,
                remote: None,
                said: std::collections::BTreeMap::new(),
                print: None,
                not_before: None,
                reason: None,
            };
            let commit = IntentCommit { opened: vec![opened], ..IntentCommit::default() };
            self.store.commit_intents(&scope, &commit).await?;
        }
        let Some(intent) = self.store.last_intent(&scope, &local).await? else {
            return Err(SyncError::Refused(format!("the order `{local}` is not in the store any more")));
        };
        let came = self.send(&intent).await;
        self.order_ended(&intent, came).await?;
        Ok(self.store.last_intent(&scope, &local).await?.unwrap_or(intent))
    }

    async fn within_cap(&self, command: &Command, key: &IdempotencyKey) -> Result<()> {
        let cap = &self.plan.cap;
        let units = units(command, None).abs();
        if let Some(most) = cap.units.filter(|most| units > *most) {
            let message = format!(
                "an order of {units} units is beyond `cap.units` of the plan, {most}: nothing was sent"
            );
            return Err(SyncError::Refused(message));
        }
        let Some((most, currency)) = cap.total.filter(|_| units > Decimal::ZERO) else { return Ok(()) };
        let cost = match self.provider.plan(command, &WriteOptions::new(key.clone())).await {
            Ok(plan) => plan.cost,
            // Who plans nothing tells no price.
            Err(error) if error.kind() == ErrorKind::Unsupported => None,
            Err(error) => return Err(error.into()),
        };
        let cost = cost.filter(|cost| cost.currency == Some(currency));
        let one_line = matches!(command, Command::PlaceOrder(place) if place.order.lines.len() == 1);
        let whole = |cost: Price| match cost.per {
            PricePer::Flat => Some(cost.amount),
            // What a unit of several lines costs says nothing about all of them.
            _ if one_line => cost.amount.checked_mul(units),
            _ => None,
        };
        match cost.and_then(whole) {
            Some(amount) if amount <= most => Ok(()),
            Some(amount) => {
                let message = format!(
                    "an order of {amount} {currency} is beyond `cap.total` of the plan, {most}: nothing was sent"
                );
                Err(SyncError::Refused(message))
            }
            None => {
                let message = format!(
                    "the order's price is not told in {currency}, so that `cap.total` cannot be kept"
                );
                Err(SyncError::Refused(message))
            }
        }
    }

    /// Remembers what came of an order.
    async fn order_ended(&self, intent: &Intent, came: Came) -> Result<IntentState> {
        let mut commit = IntentCommit::default();
        let end = match came {
            Came::Applied { receipt, .. } => {
                let end = IntentEnd::new(intent.id, IntentState::Applied);
                IntentEnd { remote: receipt.order().map(ToString::to_string), receipt: Some(*receipt), ..end }
            }
            Came::Rejected { reason, violations, .. } => {
                let named: Vec<String> = violations
                    .iter()
                    .map(|violation| format!("{}: {}", violation.field, violation.message))
                    .collect();
                let all = std::iter::once(reason).chain(named).collect::<Vec<_>>().join("; ");
                IntentEnd::new(intent.id, IntentState::Rejected).because(all)
            }
            Came::Never { who } => IntentEnd::new(intent.id, IntentState::Rejected)
                .because(format!("{who} says that it never happened")),
            Came::Unknown { reason } => {
                commit.pending.push(note_of(intent, PendingType::Unknown, &reason, &[], false));
                IntentEnd::new(intent.id, IntentState::Unknown).because(reason)
            }
            Came::Later { reason } | Came::Halted { reason } => {
                IntentEnd::new(intent.id, intent.state).because(reason)
            }
        };
        let state = end.state;
        if !state.is_open() {
            commit.settled.push((subject(&intent.local), PendingType::Unknown));
        }
        commit.ended.push(end);
        self.store.commit_intents(&self.orders(), &commit).await?;
        Ok(state)
    }
}

impl Work<'_> {
    /// Carries on with orders that were cut off, or of which nobody knows what came of them.
    pub(in crate::engine) async fn orders(&mut self) -> Result<()> {
        let engine = self.engine;
        if engine.dry || self.halted || engine.provider.journal().is_none() {
            return Ok(());
        }
        for intent in engine.store.open_intents(&engine.orders()).await? {
            self.heed()?;
            let came = match self.order_word(&intent).await? {
                Some(came) => came,
                None => self.execute(&intent).await?,
            };
            let halted = matches!(came, Came::Halted { .. });
            match engine.order_ended(&intent, came).await? {
                IntentState::Applied => self.ordered.applied += 1,
                IntentState::Rejected => self.ordered.rejected += 1,
                IntentState::Unknown => self.ordered.unknown += 1,
                // Whoever has placed it is at it, or it is asked for by the next run.
                IntentState::Pending => {}
            }
            if halted {
                break;
            }
        }
        Ok(())
    }

    async fn order_word(&mut self, intent: &Intent) -> Result<Option<Came>> {
        let scope = self.engine.orders();
        let about = self.engine.store.pending_of(&scope, &[&subject(&intent.local)]).await?;
        let said = about.into_iter().find(|(_, pending)| pending.why == PendingType::Unknown);
        let Some((decision, who)) =
            said.and_then(|(_, pending)| Some((pending.decision?, pending.who.unwrap_or_default())))
        else {
            return Ok(None);
        };
        match decision {
            Decision::Happened(id) => {
                let (order, options) = (OrderId::new(&*id), ReadOptions::default());
                let found = self.engine.provider.get_order(&order, &options);
                if let Err(error) = self.keeping(found).await?
                    && error.kind() == ErrorKind::NotFound
                {
                    // It waits for another word.
                    let settled = vec![(subject(&intent.local), PendingType::Unknown)];
                    let commit = IntentCommit { settled, ..IntentCommit::default() };
                    self.engine.store.commit_intents(&scope, &commit).await?;
                    let reason =
                        format!("{who} says that it is `{id}`, and the distributor has no order of that id");
                    return Ok(Some(Came::Unknown { reason }));
                }
                let mut line = LineReceipt::new(0, LineOutcome::Applied);
                line.order = Some(OrderId::new(id));
                let receipt = Receipt::new(Outcome::Applied).with_line(line);
                self.settle(intent, Settlement::applied(receipt.clone()), Some(receipt), &who).await
            }
            Decision::NeverHappened => self.settle(intent, Settlement::NotApplied, None, &who).await,
            _ => Ok(None),
        }
    }
}
