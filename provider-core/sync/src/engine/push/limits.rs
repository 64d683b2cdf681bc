//! How much a run may do, and when it may be done.

use chrono::{DateTime, Utc};
use provider_core::commitment::{Allowed, Answer, guard};
use provider_core::{Command, Currency, Subscription};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::decide::command::units;
use crate::plan::Cap;

/// What a run has done at the distributor.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct Spent {
    creates: u64,
    changes: u64,
    units: Decimal,
    total: Decimal,
}

/// What the units of a command cost that it adds; `None` where that is not told.
fn costs(command: &Command, record: &Value) -> Option<(Decimal, Currency)> {
    let added = units(command).max(Decimal::ZERO);
    let subscription: Subscription = serde_json::from_value(record.clone()).ok()?;
    let cost = subscription.cost?;
    Some((cost.amount.checked_mul(added)?, cost.currency?))
}

impl Spent {
    /// Why a command is beyond what the plan allows in one run; otherwise it is counted.
    pub(super) fn spend(&mut self, cap: &Cap, command: &Command, record: &Value) -> Result<(), String> {
        let mut after = *self;
        if matches!(command, Command::CreateCustomer(_)) {
            after.creates += 1;
        } else {
            after.changes += 1;
        }
        after.units += units(command).abs();
        if after.creates > cap.creates {
            return Err(format!("a run makes {} records at most (`cap.creates`)", cap.creates));
        }
        if after.changes > cap.changes {
            return Err(format!("a run changes {} records at most (`cap.changes`)", cap.changes));
        }
        if let Some(most) = cap.units.filter(|most| after.units > *most) {
            return Err(format!("a run adds and gives back {most} units at most (`cap.units`)"));
        }
        if let Some((most, currency)) = cap.total.filter(|_| units(command) > Decimal::ZERO) {
            match costs(command, record) {
                Some((amount, found)) if found == currency => after.total += amount,
                Some((_, found)) => {
                    return Err(format!("its price is in {found}, and `cap.total` in {currency}"));
                }
                None => return Err("its price is not told, so that `cap.total` cannot be kept".to_owned()),
            }
            if after.total > most {
                return Err(format!("a run spends {most} {currency} at most (`cap.total`)"));
            }
        }
        *self = after;
        Ok(())
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
    let (what, answer): (&str, Answer) = match command {
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
        Allowed::Closed { again: None } => Possible::Never(format!("it cannot be {what} ({})", answer.rule)),
        _ => Possible::Now,
    }
}
