//! Who buys, and whether they may.

use chrono::{NaiveDate, TimeDelta};
use provider_core::{Error, ErrorKind, NewOrder, Result, Violation};

use super::attributes::CUSTOM_END;
use super::{Bought, Resolved, line};
use crate::client::CrayonClient;
use crate::model::{AgreementTypeConsent, EntityStatus, SubscriptionStatus};
use crate::provider::CrayonProvider;
use crate::provider::change::refused;
use crate::provider::lookup::number;

/// An Azure plan in another state makes room for a new one.
const LIVING: [SubscriptionStatus; 4] = [
    SubscriptionStatus::NONE,
    SubscriptionStatus::ACTIVE,
    SubscriptionStatus::SUSPENDED,
    SubscriptionStatus::PENDING,
];

impl CrayonProvider {
    /// What can be said of an order without the network.
    pub(in crate::provider) fn check_order(&self, order: &NewOrder) -> Result<()> {
        number("customer", &order.customer)?;
        if order.lines.is_empty() {
            return Err(Error::invalid_input("lines", "the order has no lines"));
        }
        if order.reference.is_some() {
            return Err(Error::invalid_input(
                "reference",
                "Cloud-iQ keeps no reference of an order: leave it out",
            ));
        }
        // Somewhere it may still be yesterday.
        let today = self.client.http().clock().now().date_naive() - TimeDelta::days(1);
        if order.effective.is_some_and(|day| day < today) {
            return Err(Error::invalid_input("effective", "lies in the past"));
        }
        order.lines.iter().enumerate().try_for_each(|(at, line)| line::check(at, line))
    }

    /// The customer of an order, if it can be sold to: its number and its organization.
    async fn buyer(&self, client: &CrayonClient, order: &NewOrder) -> Result<(i64, i64)> {
        let id = number("customer", &order.customer)?;
        let tenant = client.customer_tenants().get(id).await.map_err(|error| {
            if error.kind() == ErrorKind::NotFound {
                let problem = format!("Cloud-iQ knows no customer {id}, or this user may not see it");
                return error
                    .with_message(format!("customer: {problem}"))
                    .with_violation(Violation::new("customer", problem));
            }
            error
        })?;
        if tenant.entity_status == Some(EntityStatus::Removed) {
            return Err(refused("customer", format!("customer {id} was removed")));
        }
        let organization = match tenant.organization {
            Some(organization) => {
                self.known_organization(client, &organization.id.to_string().into()).await?
            }
            None => self.owner(client, None).await?,
        };
        Ok((id, organization))
    }

    /// Refuses an order of a customer that has not accepted the Microsoft Customer Agreement.
    async fn check_consent(&self, client: &CrayonClient, tenant: i64) -> Result<()> {
        let kind = AgreementTypeConsent::MicrosoftCustomerAgreement;
        let accepted = client.customer_tenants().agreements(tenant, Some(kind)).await?;
        if accepted.items.is_empty() {
            return Err(refused(
                "consent",
                format!(
                    "customer {tenant} has not accepted the Microsoft Customer Agreement: record its consent first"
                ),
            ));
        }
        Ok(())
    }

    /// Everything that an order needs, or why it cannot be sent.
    pub(in crate::provider) async fn resolved(
        &self,
        client: &CrayonClient,
        order: &NewOrder,
    ) -> Result<(i64, Vec<Resolved>)> {
        self.check_order(order)?;
        let (tenant, organization) = self.buyer(client, order).await?;
        let mut lines = Vec::with_capacity(order.lines.len());
        for (at, line) in order.lines.iter().enumerate() {
            lines.push(self.resolve(client, (tenant, organization), at, line).await?);
        }
        for (at, line) in lines.iter().enumerate() {
            check_way(client, tenant, order, at, line).await?;
            check_end(client, (tenant, organization), at, line).await?;
        }
        if lines.iter().any(|line| matches!(line.bought, Bought::NewCommerce | Bought::AzurePlan)) {
            self.check_consent(client, tenant).await?;
        }
        Ok((tenant, lines))
    }
}

/// What the way by which a line is bought cannot do.
async fn check_way(
    client: &CrayonClient,
    tenant: i64,
    order: &NewOrder,
    at: usize,
    line: &Resolved,
) -> Result<()> {
    let at_once = match line.bought {
        Bought::NewCommerce | Bought::Cart => return Ok(()),
        Bought::AzurePlan => "Azure plans",
        Bought::AddOn { .. } => "add-ons",
    };
    if order.effective.is_some() {
        return Err(Error::invalid_input("effective", format!("{at_once} are bought at once")));
    }
    // Where the service does not say, the order decides.
    if line.bought == Bought::AzurePlan
        && let Ok(plan) = client.customer_tenants().azure_plan(tenant).await
        && plan.status.is_none_or(|status| LIVING.contains(&status))
    {
        return Err(refused(
            &line::field(at, "product"),
            format!("customer {tenant} has an Azure plan, number {}; there is one for each", plan.id),
        ));
    }
    Ok(())
}

/// Refuses an end of the first term that the service does not offer. Where it does not say, the order decides.
async fn check_end(
    client: &CrayonClient,
    (tenant, organization): (i64, i64),
    at: usize,
    line: &Resolved,
) -> Result<()> {
    let end = line.attributes.custom_end.filter(|_| line.bought == Bought::NewCommerce);
    let Some((wanted, term)) = end.zip(line.choice.term) else { return Ok(()) };
    let asked = client.subscriptions().coterminosity(organization, tenant, &term.to_string(), None).await;
    let Ok(offered) = asked else { return Ok(()) };
    let of_others = offered.subscriptions.iter().filter_map(|other| other.end_date);
    let mut days: Vec<NaiveDate> =
        of_others.chain(offered.calendar_month_date).map(|end| end.date_naive()).collect();
    days.sort_unstable();
    days.dedup();
    if days.is_empty() || days.contains(&wanted.date_naive()) {
        return Ok(());
    }
    let days: Vec<String> = days.iter().map(ToString::to_string).collect();
    Err(Error::invalid_input(
        &line::field(at, &format!("attributes.{CUSTOM_END}")),
        format!("the first term can end on {}", days.join(", ")),
    ))
}
