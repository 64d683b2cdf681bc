//! What a subscription looks like before a command, and what it shall show after it.

use chrono::{DateTime, Utc};
use provider_core::{Command, Effective, Result, SubscriptionId};
use serde::{Deserialize, Serialize};

use super::CrayonProvider;
use super::change::seats;
use crate::client::CrayonClient;
use crate::model::{
    self, BillingCycleEnum, BillingCycleType, NextTermInstructions, ScheduledProduct, SubscriptionStatus,
};

/// What commands change of a subscription, as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    quantity: Option<i64>,
    status: Option<i32>,
    auto_renew: Option<bool>,
    next: Next,
}

/// What is scheduled for the next term.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Next {
    quantity: Option<i64>,
    part_number: Option<String>,
    term: Option<String>,
    /// In the numbering of subscriptions.
    cycle: Option<i32>,
    ends_at: Option<DateTime<Utc>>,
}

/// What a command wants a subscription to show. What it does not speak of is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Goal {
    quantity: Option<i64>,
    status: Option<i32>,
    auto_renew: Option<bool>,
    next: Next,
}

/// The cycle of a next term, which is told by a word of either numbering.
fn cycle_of(word: &str) -> Option<i32> {
    let of_orders = || BillingCycleType::from_name(word).map(BillingCycleType::for_subscriptions);
    BillingCycleEnum::from_name(word).or_else(of_orders).map(BillingCycleEnum::number)
}

fn part_of(product: &ScheduledProduct) -> Option<String> {
    Some(format!("{}:{}", product.product_id.as_deref()?, product.sku_id.as_deref()?))
}

impl State {
    pub(super) fn of(wire: &model::Subscription) -> Self {
        let next = wire.scheduled_next_term_instructions.as_ref().map(|next| {
            let product = next.product.as_ref();
            Next {
                quantity: next.quantity,
                part_number: product.and_then(part_of),
                term: product.and_then(|product| Some(product.term_duration.as_ref()?.to_string())),
                cycle: product.and_then(|product| cycle_of(product.billing_cycle.as_deref()?)),
                ends_at: next.custom_term_end_date,
            }
        });
        Self {
            quantity: wire.quantity,
            status: wire.status.map(SubscriptionStatus::number),
            auto_renew: wire.auto_renew_enabled,
            next: next.unwrap_or_default(),
        }
    }

    /// True where nothing was scheduled meanwhile.
    pub(super) fn has_the_next_term_of(&self, other: &Self) -> bool {
        self.next == other.next
    }
}

impl Goal {
    /// What a command wants; `None` for commands that change no subscription.
    pub(super) async fn of(
        provider: &CrayonProvider,
        client: &CrayonClient,
        command: &Command,
    ) -> Result<Option<Self>> {
        let mut goal = Self::default();
        match command {
            Command::ChangeQuantity(command) => {
                let wanted = Some(seats("quantity", command.quantity)?);
                match command.effective {
                    Effective::TermEnd => goal.next.quantity = wanted,
                    _ => goal.quantity = wanted,
                }
            }
            Command::ChangeRenewal(command) => {
                goal.auto_renew = command.auto_renew;
                if let Some(wanted) = provider.instructions(client, command).await? {
                    goal.next = Next::wanted(wanted);
                }
            }
            Command::CancelSubscription(_) => goal.auto_renew = Some(false),
            Command::Suspend(_) => goal.status = Some(SubscriptionStatus::SUSPENDED.number()),
            Command::Resume(_) => goal.status = Some(SubscriptionStatus::ACTIVE.number()),
            _ => return Ok(None),
        }
        Ok(Some(goal))
    }

    /// True when the subscription shows everything that the command wants.
    pub(super) fn is_shown_by(&self, now: &State) -> bool {
        met(self.quantity.as_ref(), now.quantity.as_ref())
            && met(self.status.as_ref(), now.status.as_ref())
            && met(self.auto_renew.as_ref(), now.auto_renew.as_ref())
            && self.next.is_shown_by(&now.next)
    }

    /// True for a command in two steps of which the subscription shows the first: renewal was switched.
    pub(super) fn is_half_shown_by(&self, now: &State) -> bool {
        self.auto_renew.is_some() && self.auto_renew == now.auto_renew && self.next != Next::default()
    }
}

impl Next {
    fn wanted(instructions: NextTermInstructions) -> Self {
        Self {
            quantity: instructions.quantity,
            part_number: instructions.part_number,
            term: instructions.term_duration.map(|term| term.to_string()),
            cycle: instructions.billing_cycle.map(|cycle| cycle.for_subscriptions().number()),
            ends_at: instructions.custom_term_end_date,
        }
    }

    fn is_shown_by(&self, now: &Self) -> bool {
        let lower = |part: &Option<String>| part.as_deref().map(str::to_ascii_lowercase);
        // The service keeps the day of an end, at an hour of its own.
        let day = |end: Option<DateTime<Utc>>| end.map(|end| end.date_naive());
        met(self.quantity.as_ref(), now.quantity.as_ref())
            && met(lower(&self.part_number).as_ref(), lower(&now.part_number).as_ref())
            && met(self.term.as_ref(), now.term.as_ref())
            && met(self.cycle.as_ref(), now.cycle.as_ref())
            && met(day(self.ends_at).as_ref(), day(now.ends_at).as_ref())
    }
}

fn met<T: PartialEq>(wanted: Option<&T>, now: Option<&T>) -> bool {
    wanted.is_none() || wanted == now
}

/// The subscription that a command changes.
pub(super) fn target(command: &Command) -> Option<&SubscriptionId> {
    Some(match command {
        Command::ChangeQuantity(command) => &command.subscription,
        Command::ChangeRenewal(command) => &command.subscription,
        Command::Suspend(command) => &command.subscription,
        Command::Resume(command) => &command.subscription,
        Command::CancelSubscription(command) => &command.subscription,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn state(json: &str) -> State {
        State::of(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn every_part_of_a_goal_has_to_be_shown() {
        let now = state(
            r#"{"Id":1,"Quantity":5,"Status":1,"AutoRenewEnabled":true,"ScheduledNextTermInstructions":{"Quantity":9,
                "CustomTermEndDate":"2026-12-31T23:59:59Z","Product":{"ProductId":"CFQ7TTC0LH18","SkuId":"0001",
                "BillingCycle":"Annual","TermDuration":"P1Y"}}}"#,
        );
        let next = |change: fn(&mut NextTermInstructions)| {
            let mut wanted = NextTermInstructions::default();
            change(&mut wanted);
            Goal { next: Next::wanted(wanted), ..Goal::default() }.is_shown_by(&now)
        };
        assert!(next(|wanted| wanted.quantity = Some(9)));
        assert!(!next(|wanted| wanted.quantity = Some(8)));
        assert!(next(|wanted| wanted.billing_cycle = Some(BillingCycleType::Annual)));
        assert!(!next(|wanted| wanted.billing_cycle = Some(BillingCycleType::Monthly)));
        assert!(next(|wanted| wanted.part_number = Some("cfq7ttc0lh18:0001".to_owned())));
        assert!(!next(|wanted| wanted.part_number = Some("CFQ7TTC0LH18:0002".to_owned())));
        assert!(next(|wanted| wanted.custom_term_end_date = "2026-12-31T00:00:00Z".parse().ok()));
        assert!(!next(|wanted| wanted.custom_term_end_date = "2027-12-31T00:00:00Z".parse().ok()));
        assert!(Goal { auto_renew: Some(true), ..Goal::default() }.is_shown_by(&now));
        assert!(!Goal { status: Some(2), ..Goal::default() }.is_shown_by(&now));
        // That it was five before proves nothing about a command that wants five, but that it is five does.
        assert!(Goal { quantity: Some(5), ..Goal::default() }.is_shown_by(&now));
        assert!(!Goal { quantity: Some(6), ..Goal::default() }.is_shown_by(&now));
    }

    #[test]
    fn words_of_both_numberings_are_one_cycle() {
        assert_eq!(cycle_of("ThreeYears"), cycle_of("Triennial"));
        assert_eq!(cycle_of("monthly"), Some(1));
        assert_eq!(cycle_of("fortnightly"), None);
    }

    #[test]
    fn a_switched_renewal_without_its_next_term_is_half_of_the_command() {
        let instructions = NextTermInstructions { quantity: Some(9), ..NextTermInstructions::default() };
        let goal = Goal { auto_renew: Some(true), next: Next::wanted(instructions), ..Goal::default() };
        let before = state(r#"{"Id":1,"AutoRenewEnabled":false}"#);
        let now = state(r#"{"Id":1,"AutoRenewEnabled":true}"#);
        assert!(goal.is_half_shown_by(&now) && !goal.is_shown_by(&now) && !goal.is_half_shown_by(&before));
        assert!(now.has_the_next_term_of(&before));
    }
}
