//! What a subscription shows once a command was applied.

use provider_core::command::Effective;
use provider_core::wire::moment::Moment;
use provider_core::{Command, Result};

use crate::map::subscription::seats;
use crate::model::{NextTermInstructions, SubscriptionStatus};
use crate::provider::context::Context;
use crate::provider::write::baseline::state::{Next, State};
use crate::provider::write::prepare::subscription::renewal::instructions;

/// What a command wants a subscription to show. What it does not speak of is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Expected {
    quantity: Option<i64>,
    status: Option<i32>,
    auto_renew: Option<bool>,
    next: Next,
}

impl Expected {
    /// What a command wants; `None` for commands that change no subscription.
    pub(super) async fn of(cx: &Context, command: &Command) -> Result<Option<Self>> {
        let mut expected = Self::default();
        match command {
            Command::ChangeQuantity(command) => {
                let wanted = Some(seats("quantity", command.quantity)?);
                match command.effective {
                    Effective::TermEnd => expected.next.quantity = wanted,
                    _ => expected.quantity = wanted,
                }
            }
            Command::ChangeRenewal(command) => {
                expected.auto_renew = command.auto_renew;
                if let Some(wanted) = instructions(cx, command).await? {
                    expected.next = wanted_of(wanted);
                }
            }
            Command::CancelSubscription(_) => expected.auto_renew = Some(false),
            Command::Suspend(_) => expected.status = Some(SubscriptionStatus::SUSPENDED.number()),
            Command::Resume(_) => expected.status = Some(SubscriptionStatus::ACTIVE.number()),
            _ => return Ok(None),
        }
        Ok(Some(expected))
    }

    /// True when the subscription shows everything that the command wants.
    pub(super) fn is_shown_by(&self, now: &State) -> bool {
        met(self.quantity.as_ref(), now.quantity.as_ref())
            && met(self.status.as_ref(), now.status.as_ref())
            && met(self.auto_renew.as_ref(), now.auto_renew.as_ref())
            && next_is_shown(&self.next, &now.next)
    }

    /// True for a command in two steps of which the subscription shows the first: renewal was switched.
    pub(super) fn is_half_shown_by(&self, now: &State) -> bool {
        self.auto_renew.is_some() && self.auto_renew == now.auto_renew && self.next != Next::default()
    }
}

/// What instructions want of the next term.
fn wanted_of(instructions: NextTermInstructions) -> Next {
    Next {
        quantity: instructions.quantity,
        part_number: instructions.part_number,
        term: instructions.term_duration.map(|term| term.to_string()),
        cycle: instructions.billing_cycle.map(|cycle| cycle.for_subscriptions().number()),
        ends_at: instructions.custom_term_end_date.map(Moment::from),
    }
}

fn next_is_shown(wanted: &Next, now: &Next) -> bool {
    let lower = |part: &Option<String>| part.as_deref().map(str::to_ascii_lowercase);
    // The service keeps the day of an end, at an hour of its own.
    let day = |end: Option<Moment>| end.map(|end| end.day());
    met(wanted.quantity.as_ref(), now.quantity.as_ref())
        && met(lower(&wanted.part_number).as_ref(), lower(&now.part_number).as_ref())
        && met(wanted.term.as_ref(), now.term.as_ref())
        && met(wanted.cycle.as_ref(), now.cycle.as_ref())
        && met(day(wanted.ends_at).as_ref(), day(now.ends_at).as_ref())
}

fn met<T: PartialEq>(wanted: Option<&T>, now: Option<&T>) -> bool {
    wanted.is_none() || wanted == now
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::model::BillingCycleType;

    fn state(json: &str) -> State {
        State::of(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn every_part_of_what_is_expected_has_to_be_shown() {
        let now = state(
            r#"{"Id":1,"Quantity":5,"Status":1,"AutoRenewEnabled":true,"ScheduledNextTermInstructions":{"Quantity":9,
                "CustomTermEndDate":"2026-12-31T23:59:59Z","Product":{"ProductId":"CFQ7TTC0LH18","SkuId":"0001",
                "BillingCycle":"Annual","TermDuration":"P1Y"}}}"#,
        );
        let next = |change: fn(&mut NextTermInstructions)| {
            let mut wanted = NextTermInstructions::default();
            change(&mut wanted);
            Expected { next: wanted_of(wanted), ..Expected::default() }.is_shown_by(&now)
        };
        assert!(next(|wanted| wanted.quantity = Some(9)));
        assert!(!next(|wanted| wanted.quantity = Some(8)));
        assert!(next(|wanted| wanted.billing_cycle = Some(BillingCycleType::Annual)));
        assert!(!next(|wanted| wanted.billing_cycle = Some(BillingCycleType::Monthly)));
        assert!(next(|wanted| wanted.part_number = Some("cfq7ttc0lh18:0001".to_owned())));
        assert!(!next(|wanted| wanted.part_number = Some("CFQ7TTC0LH18:0002".to_owned())));
        assert!(next(|wanted| wanted.custom_term_end_date = "2026-12-31T00:00:00Z".parse().ok()));
        assert!(!next(|wanted| wanted.custom_term_end_date = "2027-12-31T00:00:00Z".parse().ok()));
        assert!(Expected { auto_renew: Some(true), ..Expected::default() }.is_shown_by(&now));
        assert!(!Expected { status: Some(2), ..Expected::default() }.is_shown_by(&now));
        // That it was five before proves nothing about a command that wants five, but that it is five does.
        assert!(Expected { quantity: Some(5), ..Expected::default() }.is_shown_by(&now));
        assert!(!Expected { quantity: Some(6), ..Expected::default() }.is_shown_by(&now));
    }

    #[test]
    fn a_switched_renewal_without_its_next_term_is_half_of_the_command() {
        let instructions = NextTermInstructions { quantity: Some(9), ..NextTermInstructions::default() };
        let expected =
            Expected { auto_renew: Some(true), next: wanted_of(instructions), ..Expected::default() };
        let before = state(r#"{"Id":1,"AutoRenewEnabled":false}"#);
        let now = state(r#"{"Id":1,"AutoRenewEnabled":true}"#);
        assert!(
            expected.is_half_shown_by(&now)
                && !expected.is_shown_by(&now)
                && !expected.is_half_shown_by(&before)
        );
        assert!(now.has_the_next_term_of(&before));
    }
}
