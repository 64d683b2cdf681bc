//! By what it is judged whether a command happened.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::state::State;
use crate::attempt::{Attempt, Baseline, Reconciliation};
use crate::command::{Command, Effective, PlaceOrder};
use crate::id::{CustomerId, SubscriptionId};
use crate::receipt::{Judgement, LineOutcome, LineReceipt, Outcome, Receipt};

/// By what a [`MemoryProvider`](super::MemoryProvider) judges whether a command happened; each stands
/// for a kind of distributor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The distributor keeps the caller's reference: proof either way.
    #[default]
    Reference,
    /// Only the records before and after can be compared.
    Baseline,
    /// Nothing: every lost answer stays unknown.
    None,
}

/// What is remembered before sending.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Before {
    customers: BTreeSet<CustomerId>,
    subscriptions: BTreeSet<SubscriptionId>,
    #[serde(default, with = "crate::wire::decimal::option")]
    quantity: Option<Decimal>,
}

impl Evidence {
    pub(super) fn baseline(self, state: &State, command: &Command, now: DateTime<Utc>) -> Option<Baseline> {
        if self != Self::Baseline {
            return None;
        }
        let mut before = Before::default();
        match command {
            Command::CreateCustomer(_) | Command::AttachCustomer(_) => {
                before.customers = state.customers.iter().map(|c| c.id.clone()).collect();
            }
            Command::PlaceOrder(c) => {
                before.subscriptions = subscriptions_of(state, &c.order.customer);
            }
            Command::ChangeQuantity(c) => {
                before.quantity =
                    state.subscriptions.iter().find(|s| s.id == c.subscription).and_then(|s| s.quantity);
            }
            _ => {}
        }
        serde_json::to_value(before).ok().map(|before| Baseline::new(now, before))
    }

    pub(super) fn judge(self, state: &State, attempt: &Attempt) -> Reconciliation {
        match self {
            Self::None => Reconciliation::undetermined("this distributor keeps no reference"),
            Self::Reference => match state.carried_out.get(&attempt.key) {
                Some(receipt) => Reconciliation::Applied(receipt.clone().judged_by(Judgement::Reference)),
                None => Reconciliation::NotApplied,
            },
            Self::Baseline => {
                let before: Option<Before> =
                    attempt.baseline.as_ref().and_then(|b| serde_json::from_value(b.state.clone()).ok());
                match before {
                    Some(before) => match compare(state, &attempt.command, &before) {
                        Reconciliation::Applied(receipt) => {
                            Reconciliation::Applied(receipt.judged_by(Judgement::Comparison))
                        }
                        other => other,
                    },
                    None => Reconciliation::undetermined("there is no baseline to compare with"),
                }
            }
        }
    }
}

fn subscriptions_of(state: &State, customer: &CustomerId) -> BTreeSet<SubscriptionId> {
    state.subscriptions.iter().filter(|s| s.customer == *customer).map(|s| s.id.clone()).collect()
}

fn compare(state: &State, command: &Command, before: &Before) -> Reconciliation {
    match command {
        Command::PlaceOrder(c) => compare_order(state, c, before),
        Command::ChangeQuantity(c) if c.effective == Effective::Now => {
            let now = state.subscriptions.iter().find(|s| s.id == c.subscription).and_then(|s| s.quantity);
            if now == Some(c.quantity) {
                let mut line = LineReceipt::new(0, LineOutcome::Applied);
                line.subscription = Some(c.subscription.clone());
                Reconciliation::Applied(Receipt::new(Outcome::Applied).with_line(line))
            } else if now == before.quantity {
                Reconciliation::NotApplied
            } else {
                Reconciliation::undetermined("the quantity is neither the old nor the new one")
            }
        }
        Command::CreateCustomer(c) => {
            let mut new = state.customers.iter().filter(|known| !before.customers.contains(&known.id));
            match (new.next(), new.next()) {
                (None, _) => Reconciliation::NotApplied,
                (Some(one), None) if one.name == c.name && one.external_id == c.external_id => {
                    Reconciliation::Applied(Receipt::new(Outcome::Applied).with_customer(&one.id))
                }
                _ => Reconciliation::undetermined("other customers appeared as well"),
            }
        }
        _ => Reconciliation::undetermined("comparing before and after proves nothing here"),
    }
}

/// Applied only if the new subscriptions match the lines one by one, with nothing left over.
fn compare_order(state: &State, c: &PlaceOrder, before: &Before) -> Reconciliation {
    let mut new: Vec<_> = state
        .subscriptions
        .iter()
        .filter(|s| s.customer == c.order.customer && !before.subscriptions.contains(&s.id))
        .collect();
    if new.is_empty() {
        return Reconciliation::NotApplied;
    }
    let mut receipt = Receipt::new(Outcome::Applied).with_customer(&c.order.customer);
    for (at, line) in c.order.lines.iter().enumerate() {
        let found = new
            .iter()
            .position(|s| s.product.id.as_ref() == Some(&line.product) && s.quantity == Some(line.quantity));
        let Some(found) = found else {
            return Reconciliation::undetermined("the new subscriptions do not match the order's lines");
        };
        let subscription = new.swap_remove(found);
        let mut done = LineReceipt::new(at, LineOutcome::Applied);
        done.subscription = Some(subscription.id.clone());
        receipt = receipt.with_line(done);
    }
    if new.is_empty() {
        Reconciliation::Applied(receipt)
    } else {
        Reconciliation::undetermined("more subscriptions appeared than the order has lines")
    }
}
