//! Add-ons, which the service sells on legacy subscriptions.

use provider_core::{Error, NewOrderLine, Result, SubscriptionId};

use super::line::field;
use crate::map::offer::{Choice, wire_cycle, words};
use crate::map::subscription::status;
use crate::model::{AgreementProduct, AgreementType, BillingCycleEnum, Subscription, SubscriptionStatus};
use crate::provider::context::Context;
use crate::provider::context::refusal::{missing_as, number, refused};

/// What the subscription says that an add-on is bought on.
pub(super) struct AddOn {
    pub(super) parent: i64,
    /// The add-ons that it has already.
    pub(super) known: Vec<i64>,
    pub(super) cycle: BillingCycleEnum,
}

/// Looks at the subscription that an add-on is bought on, and refuses what does not fit it.
pub(super) async fn add_on(
    cx: &Context,
    (tenant, at, parent): (i64, usize, &SubscriptionId),
    line: &NewOrderLine,
    part_number: &str,
    row: Option<&AgreementProduct>,
) -> Result<AddOn> {
    if row.and_then(|row| row.agreement_type) == Some(AgreementType::NewCommerceCSPSeats) {
        return Err(Error::invalid_input(
            &field(at, "parent"),
            "new commerce add-ons are ordered on their own and find their subscription by themselves: leave the parent out",
        ));
    }
    let id = number(&field(at, "parent"), parent)?;
    let subscription = parent_of(cx, tenant, at, id).await?;
    let cycle = subscription.billing_cycle.unwrap_or(BillingCycleEnum::Unknown0);
    let offer = line.offer.as_ref().map(|offer| Choice::parse(&field(at, "offer"), offer)).transpose()?;
    let said = offer.map(|choice| choice.cycle);
    let said = said.or_else(|| line.billing_cycle.as_ref().and_then(wire_cycle));
    if said.is_some_and(|said| said != cycle) {
        return Err(Error::invalid_input(
            &field(at, "billing_cycle"),
            format!("an add-on is paid like its subscription, {}", words([cycle].into_iter())),
        ));
    }
    let offers = cx.client.subscriptions().add_on_offers(id).await?;
    let is_it = |part: &str| part.eq_ignore_ascii_case(part_number);
    let sold = offers.records().filter_map(|offer| offer.product.as_ref()?.part_number.as_deref());
    if !sold.into_iter().any(is_it) {
        return Err(Error::invalid_input(
            &field(at, "product"),
            format!("{part_number} is no add-on of subscription {id}"),
        ));
    }
    let known = subscription.subscriptions.iter().filter_map(|known| known.id).collect();
    Ok(AddOn { parent: id, known, cycle })
}

async fn parent_of(cx: &Context, tenant: i64, at: usize, id: i64) -> Result<Subscription> {
    let name = field(at, "parent");
    let found = cx.client.subscriptions().get(id).await.map_err(|error| {
        let problem = format!("Cloud-iQ knows no subscription {id}, or this user may not see it");
        missing_as(&name, problem, error)
    })?;
    if found.customer_tenant.as_ref().is_some_and(|owner| owner.id != tenant) {
        return Err(Error::invalid_input(&name, format!("subscription {id} is another customer's")));
    }
    match found.status {
        Some(SubscriptionStatus::ACTIVE) | None => Ok(found),
        Some(other) => {
            let status = status(other);
            Err(refused(&name, format!("subscription {id} is {status}; add-ons need an active one")))
        }
    }
}
