//! Add-ons, which the service sells on legacy subscriptions.

use provider_core::{
    Error, ErrorKind, LineOutcome, LineReceipt, NewOrderLine, Result, SubscriptionId, Violation,
};

use super::line::field;
use super::resolve::{Bought, Resolved, words};
use crate::client::CrayonClient;
use crate::map::offer::{Choice, wire_cycle};
use crate::model::{
    AgreementProduct, AgreementType, BillingCycleEnum, NewAddOn, Subscription, SubscriptionStatus,
};
use crate::provider::CrayonProvider;
use crate::provider::change::refused;
use crate::provider::lookup::number;

/// What the subscription says that an add-on is bought on.
pub(super) struct AddOn {
    pub(super) bought: Bought,
    pub(super) cycle: BillingCycleEnum,
}

impl CrayonProvider {
    /// Looks at the subscription that an add-on is bought on, and refuses what does not fit it.
    pub(super) async fn add_on(
        &self,
        client: &CrayonClient,
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
        let subscription = self.parent(client, tenant, at, id).await?;
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
        let offers = client.subscriptions().add_on_offers(id).await?;
        let is_it = |part: &str| part.eq_ignore_ascii_case(part_number);
        let sold = offers.items.iter().filter_map(|offer| offer.product.as_ref()?.part_number.as_deref());
        if !sold.into_iter().any(is_it) {
            return Err(Error::invalid_input(
                &field(at, "product"),
                format!("{part_number} is no add-on of subscription {id}"),
            ));
        }
        let known = subscription.subscriptions.iter().map(|known| known.id).collect();
        Ok(AddOn { bought: Bought::AddOn { parent: id, known }, cycle })
    }

    async fn parent(&self, client: &CrayonClient, tenant: i64, at: usize, id: i64) -> Result<Subscription> {
        let name = field(at, "parent");
        let found = client.subscriptions().get(id).await.map_err(|error| {
            if error.kind() != ErrorKind::NotFound {
                return error;
            }
            let problem = format!("Cloud-iQ knows no subscription {id}, or this user may not see it");
            error.with_message(format!("{name}: {problem}")).with_violation(Violation::new(&*name, problem))
        })?;
        if found.customer_tenant.as_ref().is_some_and(|owner| owner.id != tenant) {
            return Err(Error::invalid_input(&name, format!("subscription {id} is another customer's")));
        }
        match found.status {
            Some(SubscriptionStatus::ACTIVE) | None => Ok(found),
            Some(other) => {
                let status = crate::map::subscription::status(other);
                Err(refused(&name, format!("subscription {id} is {status}; add-ons need an active one")))
            }
        }
    }
}

pub(super) async fn place(
    client: &CrayonClient,
    line: &Resolved,
    parent: i64,
    known: &[i64],
) -> Result<LineReceipt> {
    let wanted = NewAddOn {
        quantity: Some(line.seats),
        offer_id: Some(line.choice.part_number.clone()),
        ..Default::default()
    };
    if !client.subscriptions().add(parent, &wanted).await? {
        let problem = "Cloud-iQ did not sell the add-on and does not say why";
        return Err(Error::new(ErrorKind::InvalidInput, problem)
            .with_delivery(provider_core::Delivery::Rejected)
            .with_http_status(200)
            .with_violation(Violation::new("product", problem)));
    }
    let mut receipt = LineReceipt::new(0, LineOutcome::Applied);
    // The answer does not tell the add-on's number. A look that fails changes nothing.
    if let Ok(subscription) = client.subscriptions().get(parent).await {
        let fresh: Vec<_> =
            subscription.subscriptions.iter().filter(|add_on| !known.contains(&add_on.id)).collect();
        if let [only] = fresh.as_slice() {
            receipt.subscription = Some(only.id.to_string().into());
        }
    }
    Ok(receipt)
}
