//! Who buys, and whether they may.

use chrono::{NaiveDate, TimeDelta};
use provider_core::{Error, NewOrder, Result};

use super::attributes::CUSTOM_END;
use super::line::{self, field};
use super::resolve::{Bought, Resolved};
use crate::model::{EntityStatus, SubscriptionStatus};
use crate::provider::context::refusal::{missing_as, number, refused};
use crate::provider::context::{Context, organizations};
use crate::provider::write::prepare::consent::accepted;

/// An Azure plan in another status makes room for a new one.
const LIVING: [SubscriptionStatus; 4] = [
    SubscriptionStatus::NONE,
    SubscriptionStatus::ACTIVE,
    SubscriptionStatus::SUSPENDED,
    SubscriptionStatus::PENDING,
];

/// What can be said of an order without the network.
pub(in crate::provider::write) fn check(cx: &Context, order: &NewOrder) -> Result<()> {
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
    // In some time zone the day before may not have ended.
    let today = cx.now().date_naive() - TimeDelta::days(1);
    if order.effective.is_some_and(|day| day < today) {
        return Err(Error::invalid_input("effective", "lies in the past"));
    }
    order.lines.iter().enumerate().try_for_each(|(at, line)| line::check(at, line))
}

/// The customer of an order, if it can be sold to: its number and its organization.
pub(super) async fn buyer(cx: &Context, order: &NewOrder) -> Result<(i64, i64)> {
    let id = number("customer", &order.customer)?;
    let tenant = cx.client.customer_tenants().get(id).await.map_err(|error| {
        let problem = format!("Cloud-iQ knows no customer {id}, or this user may not see it");
        missing_as("customer", problem, error)
    })?;
    if tenant.entity_status == Some(EntityStatus::Removed) {
        return Err(refused("customer", format!("customer {id} was removed")));
    }
    let organization = match tenant.organization {
        Some(organization) => organizations::known(cx, &organization.id.to_string().into()).await?,
        None => organizations::owner(cx, None).await?,
    };
    Ok((id, organization))
}

/// Refuses an order of a customer that has not accepted the Microsoft Customer Agreement.
pub(super) async fn check_consent(cx: &Context, tenant: i64) -> Result<()> {
    if accepted(cx, tenant).await?.is_empty() {
        return Err(refused(
            "consent",
            format!(
                "customer {tenant} has not accepted the Microsoft Customer Agreement: record its consent first"
            ),
        ));
    }
    Ok(())
}

/// What the way by which a line is bought cannot do.
pub(super) async fn check_way(
    cx: &Context,
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
        && let Ok(plan) = cx.client.customer_tenants().azure_plan(tenant).await
        && plan.status.is_none_or(|status| LIVING.contains(&status))
    {
        return Err(refused(
            &field(at, "product"),
            format!("customer {tenant} has an Azure plan, number {}; there is one for each", plan.id),
        ));
    }
    Ok(())
}

/// Refuses an end of the first term that the service does not offer. Where it does not say, the order decides.
pub(super) async fn check_end(
    cx: &Context,
    (tenant, organization): (i64, i64),
    at: usize,
    line: &Resolved,
) -> Result<()> {
    let end = line.attributes.custom_end.filter(|_| line.bought == Bought::NewCommerce);
    let Some((wanted, term)) = end.zip(line.choice.term) else { return Ok(()) };
    let asked = cx.client.subscriptions().coterminosity(organization, tenant, &term.to_string(), None).await;
    let Ok(offered) = asked else { return Ok(()) };
    let of_others = offered.subscriptions.iter().filter_map(|other| other.end_date);
    let mut days: Vec<NaiveDate> =
        of_others.chain(offered.calendar_month_date).map(|end| end.day()).collect();
    days.sort_unstable();
    days.dedup();
    if days.is_empty() || days.contains(&wanted.day()) {
        return Ok(());
    }
    let days: Vec<String> = days.iter().map(ToString::to_string).collect();
    Err(Error::invalid_input(
        &field(at, &format!("attributes.{CUSTOM_END}")),
        format!("the first term can end on {}", days.join(", ")),
    ))
}
