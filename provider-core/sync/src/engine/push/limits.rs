//! How much a run may do, and when it may be done.

use chrono::{DateTime, Utc};
use provider_core::commitment::{Allowed, CommitmentAnswer, CommitmentRule, guard};
use provider_core::model::PricePer;
use provider_core::{BillingCycle, Command, Currency, Price, Subscription, Term};
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::SyncResult;
use super::super::session::Work;
use super::super::walk::Kind;
use crate::decide::command::units;
use crate::plan::Cap;
use crate::report::Spent;
use crate::store::{Intent, IntentState, PageCommit};

/// What one payment of the units comes to that a command adds; `None` where that is not told. A price of the whole,
/// whatever the quantity, is never more than itself.
fn costs(added: Decimal, subscription: Option<&Subscription>) -> Option<(Decimal, Currency)> {
    let subscription = subscription?;
    let cost = subscription.cost.as_ref()?;
    let once = if cost.per == PricePer::Flat { cost.amount } else { cost.amount.checked_mul(added)? };
    Some((once.checked_mul(times(cost, subscription).into())?, cost.currency?))
}

/// How many of the times that a price is for are paid at once: twelve of a month where one pays by the year. A price for
/// longer than one pays for counts whole. Of 30 days there is one in a month.
fn times(cost: &Price, subscription: &Subscription) -> u64 {
    let days = |term: Term| u64::from(term.in_months()) * 30 + u64::from(term.in_days());
    let cycle = subscription.billing_cycle.as_ref().and_then(BillingCycle::period).map(days);
    match (cycle, cost.period.map(days)) {
        (Some(cycle), Some(period)) if period > 0 => cycle.div_ceil(period).max(1),
        _ => 1,
    }
}

/// What a command adds to what a run has done, or why that is beyond what the plan allows. `record`: the distributor's.
pub(super) fn weigh(spent: &Spent, cap: &Cap, command: &Command, record: &Value) -> Result<Spent, String> {
    let subscription: Option<Subscription> = serde_json::from_value(record.clone()).ok();
    let units = units(command, subscription.as_ref().and_then(|known| known.quantity));
    let mut own = Spent { units: units.abs(), ..Spent::NONE };
    if matches!(command, Command::CreateCustomer(_)) {
        own.creates = 1;
    } else {
        own.changes = 1;
    }
    if let Some((most, currency)) = cap.total.filter(|_| units > Decimal::ZERO) {
        match costs(units, subscription.as_ref()) {
            Some((amount, found)) if found == currency => own.total = amount,
            Some((_, found)) => {
                return Err(format!("its price is in {found}, and `cap.total` in {currency}"));
            }
            None => return Err("its price is not told, so that `cap.total` cannot be kept".to_owned()),
        }
        if spent.and(&own).total > most {
            return Err(format!("a run spends {most} {currency} at most (`cap.total`)"));
        }
    }
    let after = spent.and(&own);
    if after.creates > cap.creates {
        return Err(format!("a run makes {} records at most (`cap.creates`)", cap.creates));
    }
    if after.changes > cap.changes {
        return Err(format!("a run changes {} records at most (`cap.changes`)", cap.changes));
    }
    if let Some(most) = cap.units.filter(|most| after.units > *most) {
        return Err(format!("a run adds and gives back {most} units at most (`cap.units`)"));
    }
    Ok(own)
}

impl Work<'_> {
    /// Counts a command, if the plan allows it still; otherwise says why not. What was counted is stored with the intent,
    /// so that a run that is cut short and goes on does not begin to count anew.
    pub(super) fn spend(
        &mut self,
        kind: &mut Kind<'_>,
        command: &Command,
        record: &Value,
    ) -> Result<(), String> {
        let own = weigh(&self.spent, &self.engine.plan.cap, command, record)?;
        self.count(kind, &own);
        Ok(())
    }

    /// Counts what earlier runs have decided and this one carries out. It is not held up: it may have been sent. That is
    /// stored before any of it is sent, so that a run that is cut short and goes on knows of it.
    pub(super) async fn carry(&mut self, kind: &mut Kind<'_>, open: &[Intent]) -> SyncResult<()> {
        // A run that goes on has counted all of it at once, or nothing yet.
        let counted = kind.report.resumed > 0 && kind.report.spent != Spent::NONE;
        let ready = |intent: &&Intent| intent.state == IntentState::Pending && !intent.is_ahead();
        let carried: Vec<&Intent> = open.iter().filter(ready).collect();
        if self.engine.dry || self.halted || counted || carried.is_empty() {
            return Ok(());
        }
        for intent in carried {
            let own =
                weigh(&Spent::NONE, &Cap::boundless(), &intent.command, &Value::Null).unwrap_or_default();
            self.count(kind, &own);
        }
        self.note_page(kind, PageCommit::default()).await
    }

    fn count(&mut self, kind: &mut Kind<'_>, own: &Spent) {
        self.spent = self.spent.and(own);
        kind.report.spent = kind.report.spent.and(own);
    }
}

/// When a command is possible.
#[derive(Debug, PartialEq)]
pub(super) enum Possible {
    Now,
    On(DateTime<Utc>, String),
    Never(String),
}

/// What the commitment of a subscription says about giving units back. Where it says nothing, the distributor does.
pub(super) fn possible(distributor: &str, command: &Command, record: &Value, now: DateTime<Utc>) -> Possible {
    let Ok(subscription) = serde_json::from_value::<Subscription>(record.clone()) else {
        return Possible::Now;
    };
    let guard = guard(distributor, &subscription, now);
    let (what, answer): (&str, CommitmentAnswer) = match command {
        Command::ChangeQuantity(change) if change.expected.is_some_and(|before| change.quantity < before) => {
            ("reduced", guard.reduce)
        }
        Command::CancelSubscription(_) => ("cancelled", guard.cancel),
        _ => return Possible::Now,
    };
    match answer.allowed {
        Allowed::Closed { again: Some(day) } if day > now => {
            let reason = format!("it cannot be {what} before {} ({})", day.format("%F %R UTC"), answer.rule);
            Possible::On(day, reason)
        }
        Allowed::Closed { again: None } if is_final(&answer, &subscription, now) => {
            Possible::Never(format!("it cannot be {what} ({})", answer.rule))
        }
        // Where nothing is known, or what is known is of a term that is over, the distributor is asked.
        _ => Possible::Now,
    }
}

/// Whether another term changes nothing about it, or there is none to be told of.
fn is_final(answer: &CommitmentAnswer, subscription: &Subscription, now: DateTime<Utc>) -> bool {
    let of_its_state = matches!(
        answer.rule,
        CommitmentRule::Ended | CommitmentRule::OneUnit | CommitmentRule::CrayonActiveOnly
    );
    let ends = [subscription.renews_at, subscription.commitment_ends_at, subscription.ends_at];
    let is_over = ends.iter().any(Option::is_some) && ends.iter().flatten().all(|end| *end <= now);
    of_its_state || !is_over
}
