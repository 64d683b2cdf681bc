//! What is remembered before a command is sent, so that a lost answer can be judged.

use provider_core::{
    Baseline, ChangeRenewal, Command, CustomerId, Effective, Operation, Patch, ReadOptions, Result,
    SubscriptionId,
};
use serde::{Deserialize, Serialize};

use super::CrayonProvider;
use super::customer::{changes, prefix};
use super::lookup::number;
use crate::client::{CrayonClient, Paging};
use crate::model::{self, AgreementTypeConsent, CustomerTenantQuery, SubscriptionQuery};

const PAGE: u32 = 1_000;

/// The notes in a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notes {
    /// The tenants that could be mistaken for the new one.
    Tenants(Vec<i64>),
    /// The customer's subscriptions.
    Subscriptions(Vec<i64>),
    /// The agreements that were recorded.
    Consents(Vec<Accepted>),
    /// The members that an update sets, as they were.
    Members(Vec<serde_json::Value>),
    /// The subscription.
    State(State),
}

/// A recorded agreement, by what tells it apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Accepted {
    pub(super) email: String,
    pub(super) at: Option<chrono::DateTime<chrono::Utc>>,
}

/// What commands change of a subscription.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) quantity: Option<i64>,
    pub(super) status: Option<i32>,
    pub(super) auto_renew: Option<bool>,
    pub(super) next: Next,
}

/// What is scheduled for the next term.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Next {
    pub(super) quantity: Option<i64>,
    pub(super) part_number: Option<String>,
    pub(super) term: Option<String>,
    pub(super) cycle: Option<String>,
    pub(super) ends_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl State {
    pub(super) fn of(wire: &model::Subscription) -> Self {
        let next = wire.scheduled_next_term_instructions.as_ref().map(|next| {
            let product = next.product.as_ref();
            let part = |product: &model::ScheduledProduct| {
                Some(format!("{}:{}", product.product_id.as_deref()?, product.sku_id.as_deref()?))
            };
            Next {
                quantity: next.quantity,
                part_number: product.and_then(part),
                term: product.and_then(|product| Some(product.term_duration.as_ref()?.to_string())),
                cycle: product.and_then(|product| product.billing_cycle.clone()),
                ends_at: next.custom_term_end_date,
            }
        });
        Self {
            quantity: wire.quantity,
            status: wire.status.map(model::SubscriptionStatus::number),
            auto_renew: wire.auto_renew_enabled,
            next: next.unwrap_or_default(),
        }
    }
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

pub(super) async fn take(provider: &CrayonProvider, command: &Command) -> Result<Option<Baseline>> {
    let client = provider.calls(Operation::Plan(command.kind()), &ReadOptions::default());
    let notes = match command {
        Command::CreateCustomer(command) => {
            let label = prefix(command.domain.as_deref())?;
            let owner = provider.owner(&client, command.organization.as_ref()).await?;
            Notes::Tenants(
                with_prefix(&client, owner, &label).await?.into_iter().map(|tenant| tenant.id).collect(),
            )
        }
        Command::AttachCustomer(command) => {
            let label = prefix(command.domain.as_deref())?;
            let owner = provider.owner(&client, command.organization.as_ref()).await?;
            Notes::Tenants(
                with_prefix(&client, owner, &label).await?.into_iter().map(|tenant| tenant.id).collect(),
            )
        }
        Command::PlaceOrder(command) => {
            let all = subscriptions_of(provider, &client, &command.order.customer).await?;
            Notes::Subscriptions(all.iter().map(|subscription| subscription.id).collect())
        }
        Command::RecordConsent(command) => Notes::Consents(accepted(&client, &command.customer).await?),
        Command::UpdateCustomer(command) => {
            let id = number("customer", &command.customer)?;
            let edits = changes(command)?;
            let record = client.customer_tenants().document(id).await?;
            Notes::Members(edits.iter().map(|(path, _)| record.get(path).unwrap_or_default()).collect())
        }
        other => match target(other) {
            Some(id) => {
                Notes::State(State::of(&client.subscriptions().get(number("subscription", id)?).await?))
            }
            None => return Ok(None),
        },
    };
    let state = serde_json::to_value(&notes).unwrap_or_default();
    Ok(Some(Baseline::new(provider.client.http().clock().now(), state)))
}

/// The tenants of an organization whose domain begins with this label.
pub(super) async fn with_prefix(
    client: &CrayonClient,
    organization: i64,
    label: &str,
) -> Result<Vec<model::CustomerTenant>> {
    let query = CustomerTenantQuery {
        organization_id: Some(organization),
        domain_prefix: Some(label.to_owned()),
        ..Default::default()
    };
    let found = client.customer_tenants().list(&query, Paging::first(PAGE)).await?;
    let same = |tenant: &model::CustomerTenant| {
        tenant.domain_prefix.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(label))
    };
    Ok(found.into_iter().filter(same).collect())
}

/// Every subscription of a customer, in whatever state.
pub(super) async fn subscriptions_of(
    provider: &CrayonProvider,
    client: &CrayonClient,
    customer: &CustomerId,
) -> Result<Vec<model::Subscription>> {
    let tenant = number("customer", customer)?;
    let organization =
        client.customer_tenants().get(tenant).await?.organization.map(|organization| organization.id);
    let query = SubscriptionQuery {
        organization_id: organization.or(provider.organization),
        customer_tenant_id: Some(tenant),
        statuses: Some(model::SubscriptionStatus::ALL),
        ..Default::default()
    };
    let mut all: Vec<model::Subscription> = Vec::new();
    let mut paging = Paging::first(PAGE);
    loop {
        let page = client.subscriptions().list(&query, paging).await?;
        let known = all.len();
        for subscription in page.items {
            if !all.iter().any(|seen| seen.id == subscription.id) {
                all.push(subscription);
            }
        }
        if all.len() == known || page.total_hits.is_none_or(|total| all.len() as u64 >= total) {
            return Ok(all);
        }
        paging = paging.next();
    }
}

pub(super) async fn accepted(client: &CrayonClient, customer: &CustomerId) -> Result<Vec<Accepted>> {
    let kind = AgreementTypeConsent::MicrosoftCustomerAgreement;
    let recorded = client.customer_tenants().agreements(number("customer", customer)?, Some(kind)).await?;
    let entry = |agreement: model::ServiceAccountAgreement| Accepted {
        email: agreement.email.unwrap_or_default(),
        at: agreement.date_agreed,
    };
    Ok(recorded.into_iter().map(entry).collect())
}

/// What a subscription looks like once a command took effect. `None` where the record does not show it.
pub(super) fn goal(command: &Command, before: &State) -> Option<State> {
    let mut goal = before.clone();
    let status = |status: model::SubscriptionStatus| Some(status.number());
    match command {
        Command::ChangeQuantity(command) => {
            let seats = super::change::seats("quantity", command.quantity).ok();
            match command.effective {
                Effective::TermEnd => goal.next.quantity = seats,
                _ => goal.quantity = seats,
            }
        }
        Command::ChangeRenewal(command) => renewed(command, &mut goal),
        Command::CancelSubscription(_) => goal.auto_renew = Some(false),
        Command::Suspend(_) => goal.status = status(model::SubscriptionStatus::SUSPENDED),
        Command::Resume(_) => goal.status = status(model::SubscriptionStatus::ACTIVE),
        _ => return None,
    }
    Some(goal)
}

fn renewed(command: &ChangeRenewal, goal: &mut State) {
    if command.auto_renew.is_some() {
        goal.auto_renew = command.auto_renew;
    }
    if let Patch::Set(quantity) = &command.quantity {
        goal.next.quantity = super::change::seats("quantity", *quantity).ok();
    }
    if let Patch::Set(offer) = &command.offer
        && let Ok(choice) = crate::map::offer::Choice::parse("offer", offer)
    {
        goal.next.part_number = Some(choice.part_number);
        goal.next.term = choice.term.map(|term| term.to_string());
    }
    if let Patch::Set(term) = &command.commitment_term {
        goal.next.term = Some(term.to_string());
    }
    if let Patch::Set(end) = &command.ends_at {
        goal.next.ends_at = Some(*end);
    }
}

/// True when a subscription shows everything that a command wanted. What the service fills in by itself, such
/// as the unchanged parts of a next term, is not compared.
pub(super) fn reached(goal: &State, before: &State, now: &State) -> bool {
    fn met<T: PartialEq>(goal: &T, before: &T, now: &T) -> bool {
        goal == before || goal == now
    }
    met(&goal.quantity, &before.quantity, &now.quantity)
        && met(&goal.status, &before.status, &now.status)
        && met(&goal.auto_renew, &before.auto_renew, &now.auto_renew)
        && met(&goal.next.quantity, &before.next.quantity, &now.next.quantity)
        && met(&goal.next.part_number, &before.next.part_number, &now.next.part_number)
        && met(&goal.next.term, &before.next.term, &now.next.term)
        && met(&goal.next.ends_at, &before.next.ends_at, &now.next.ends_at)
}
