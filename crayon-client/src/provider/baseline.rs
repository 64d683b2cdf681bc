//! What is remembered before a command is sent, so that a lost answer can be judged.

use provider_core::{Baseline, Command, CustomerId, Operation, ReadOptions, Result};
use serde::{Deserialize, Serialize};

use super::CrayonProvider;
use super::change::{cancellable, check_change};
use super::customer::create::{check_new, prefix};
use super::customer::update::changes;
use super::goal::{State, target};
use super::holding::{Holding, holdings_of, purchases_of};
use super::lookup::number;
use super::order::cancel::Waiting;
use crate::client::CrayonClient;
use crate::model::{self, AgreementTypeConsent, CustomerTenantQuery};
use crate::wire::Paging;

const PAGE: u32 = 1_000;

/// The notes in a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notes {
    /// The tenants that could be mistaken for the new one.
    Tenants(Vec<i64>),
    /// What the customer has.
    Possessions(Possessions),
    /// The agreements that were recorded.
    Consents(Vec<Accepted>),
    /// The members that an update sets, as they were.
    Members(Vec<serde_json::Value>),
    /// The subscription.
    State(State),
    /// The lines of an order that waits for its day.
    Waiting(Vec<Waiting>),
}

/// What a customer had before an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Possessions {
    /// Its subscriptions and their add-ons.
    pub(super) subscriptions: Vec<i64>,
    /// The numbers of its purchase requests; `None` where they could not be read.
    pub(super) purchases: Option<Vec<String>>,
}

/// A recorded agreement, by what tells it apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Accepted {
    pub(super) email: String,
    pub(super) at: Option<chrono::DateTime<chrono::Utc>>,
}

pub(super) async fn take(provider: &CrayonProvider, command: &Command) -> Result<Option<Baseline>> {
    let client = provider.calls(Operation::Plan(command.kind()), &ReadOptions::default());
    // What is wrong without the network is said before it is asked for anything.
    let notes = match command {
        Command::CreateCustomer(command) => {
            let label = check_new(command)?.prefix;
            let owner = provider.owner(&client, command.organization.as_ref()).await?;
            tenants(&client, owner, &label).await?
        }
        Command::AttachCustomer(command) => {
            let label = prefix(command.domain.as_deref())?;
            let owner = provider.owner(&client, command.organization.as_ref()).await?;
            tenants(&client, owner, &label).await?
        }
        Command::PlaceOrder(command) => {
            provider.check_order(&command.order)?;
            let tenant = number("customer", &command.order.customer)?;
            let all = holdings_of(provider, &client, tenant).await?;
            Notes::Possessions(Possessions {
                subscriptions: all.into_iter().map(|Holding { id, .. }| id).collect(),
                // Whoever may order need not be allowed to read these: then they prove nothing.
                purchases: purchases_of(&client, tenant).await.ok().map(|all| all.into_keys().collect()),
            })
        }
        Command::RecordConsent(command) => Notes::Consents(accepted(&client, &command.customer).await?),
        Command::UpdateCustomer(command) => {
            let id = number("customer", &command.customer)?;
            let edits = changes(command)?;
            let record = client.customer_tenants().document(id).await?;
            Notes::Members(edits.iter().map(|(path, _)| record.get(path).unwrap_or_default()).collect())
        }
        Command::CancelOrder(command) => {
            Notes::Waiting(provider.waiting(&client, command).await?.unwrap_or_default())
        }
        other => {
            match other {
                Command::ChangeQuantity(command) => check_change(command)?,
                Command::CancelSubscription(command) => cancellable(command)?,
                _ => {}
            }
            let Some(id) = target(other) else { return Ok(None) };
            Notes::State(State::of(&client.subscriptions().get(number("subscription", id)?).await?))
        }
    };
    let state = serde_json::to_value(&notes).unwrap_or_default();
    Ok(Some(Baseline::new(provider.client.http().clock().now(), state)))
}

async fn tenants(client: &CrayonClient, owner: i64, label: &str) -> Result<Notes> {
    let known = with_prefix(client, owner, label).await?;
    Ok(Notes::Tenants(known.into_iter().map(|tenant| tenant.id).collect()))
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

pub(super) async fn accepted(client: &CrayonClient, customer: &CustomerId) -> Result<Vec<Accepted>> {
    let kind = AgreementTypeConsent::MicrosoftCustomerAgreement;
    let recorded = client.customer_tenants().agreements(number("customer", customer)?, Some(kind)).await?;
    let entry = |agreement: model::ServiceAccountAgreement| Accepted {
        email: agreement.email.unwrap_or_default(),
        at: agreement.date_agreed,
    };
    Ok(recorded.into_iter().map(entry).collect())
}
