//! What a subscription is like, in what commands change of it.

use provider_core::wire::moment::Moment;
use provider_core::{Result, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::model::{BillingCycleEnum, BillingCycleType, ScheduledProduct, Subscription, SubscriptionStatus};
use crate::provider::context::Context;
use crate::provider::context::refusal::{is_it, number};

/// What commands change of a subscription, as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::provider::write) struct State {
    pub(in crate::provider::write) quantity: Option<i64>,
    pub(in crate::provider::write) status: Option<i32>,
    pub(in crate::provider::write) auto_renew: Option<bool>,
    pub(in crate::provider::write) next: Next,
}

/// What is scheduled for the next term.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::provider::write) struct Next {
    pub(in crate::provider::write) quantity: Option<i64>,
    pub(in crate::provider::write) part_number: Option<String>,
    pub(in crate::provider::write) term: Option<String>,
    /// In the numbering of subscriptions.
    pub(in crate::provider::write) cycle: Option<i32>,
    pub(in crate::provider::write) ends_at: Option<Moment>,
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
    /// The subscription as it is at this moment.
    pub(in crate::provider::write) async fn read(cx: &Context, id: &SubscriptionId) -> Result<Self> {
        let id = number("subscription", id)?;
        let wire = cx.client.subscriptions().get(id).await?;
        is_it("subscription", id, Some(wire.id))?;
        Ok(Self::of(&wire))
    }

    pub(in crate::provider::write) fn of(wire: &Subscription) -> Self {
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
    pub(in crate::provider::write) fn has_the_next_term_of(&self, other: &Self) -> bool {
        self.next == other.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_numberings_are_one_cycle() {
        assert_eq!(cycle_of("ThreeYears"), cycle_of("Triennial"));
        assert_eq!(cycle_of("monthly"), Some(1));
        assert_eq!(cycle_of("fortnightly"), None);
    }
}
