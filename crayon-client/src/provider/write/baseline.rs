//! What is remembered before a command is sent, so that a lost answer can be judged.

pub(super) mod owned;
pub(super) mod state;

use provider_core::{Baseline, Command, CustomerId, Operation, ReadOptions, Result};
use serde::{Deserialize, Serialize};

use self::owned::{Holding, holdings_of, purchases_of};
use self::state::State;
use super::prepare::consent::accepted;
use super::prepare::customer::edit::changes;
use super::prepare::customer::{check_new, prefix};
use super::prepare::order::buyer;
use super::prepare::prepared::subscription_of;
use super::prepare::subscription::check_quantity;
use super::prepare::subscription::renewal::cancellable;
use crate::model::{self, CustomerTenantFilter};
use crate::provider::context::refusal::number;
use crate::provider::context::{Context, organizations};
use crate::provider::orders::{self, Waiting};
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

pub(in crate::provider) async fn take(cx: &Context, command: &Command) -> Result<Option<Baseline>> {
    let cx = &cx.during(Operation::Plan(command.kind()), &ReadOptions::default());
    // What is wrong without the network is said before it is asked for anything.
    let notes = match command {
        Command::CreateCustomer(command) => {
            let label = check_new(command)?.prefix;
            let owner = organizations::owner(cx, command.organization.as_ref()).await?;
            tenants(cx, owner, &label).await?
        }
        Command::AttachCustomer(command) => {
            let label = prefix(command.domain.as_deref())?;
            let owner = organizations::owner(cx, command.organization.as_ref()).await?;
            tenants(cx, owner, &label).await?
        }
        Command::PlaceOrder(command) => {
            buyer::check(cx, &command.order)?;
            let tenant = number("customer", &command.order.customer)?;
            let all = holdings_of(cx, tenant).await?;
            Notes::Possessions(Possessions {
                subscriptions: all.into_iter().map(|Holding { id, .. }| id).collect(),
                // Whoever may order need not be allowed to read these: then they prove nothing.
                purchases: purchases_of(cx, tenant).await.ok().map(|all| all.into_keys().collect()),
            })
        }
        Command::RecordConsent(command) => Notes::Consents(agreements(cx, &command.customer).await?),
        Command::UpdateCustomer(command) => {
            let id = number("customer", &command.customer)?;
            let edits = changes(command)?;
            let record = cx.client.customer_tenants().document(id).await?;
            Notes::Members(edits.iter().map(|(path, _)| record.get(path).unwrap_or_default()).collect())
        }
        Command::CancelOrder(command) => {
            Notes::Waiting(orders::waiting(cx, command).await?.unwrap_or_default())
        }
        other => {
            match other {
                Command::ChangeQuantity(command) => check_quantity(command).map(drop)?,
                Command::CancelSubscription(command) => cancellable(command)?,
                _ => {}
            }
            let Some(id) = subscription_of(other) else { return Ok(None) };
            Notes::State(State::of(&cx.client.subscriptions().get(number("subscription", id)?).await?))
        }
    };
    let state = serde_json::to_value(&notes).unwrap_or_default();
    Ok(Some(Baseline::new(cx.now(), state)))
}

async fn tenants(cx: &Context, owner: i64, label: &str) -> Result<Notes> {
    let known = with_prefix(cx, owner, label).await?;
    Ok(Notes::Tenants(known.into_iter().map(|tenant| tenant.id).collect()))
}

/// The tenants of an organization whose domain begins with this label.
pub(super) async fn with_prefix(
    cx: &Context,
    organization: i64,
    label: &str,
) -> Result<Vec<model::CustomerTenant>> {
    let query = CustomerTenantFilter {
        organization_id: Some(organization),
        domain_prefix: Some(label.to_owned()),
        ..Default::default()
    };
    let found = cx.client.customer_tenants().list(query.page(Paging::first(PAGE))).await?;
    let same = |tenant: &model::CustomerTenant| {
        tenant.domain_prefix.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(label))
    };
    Ok(found.into_iter().filter(same).collect())
}

/// The agreements that were recorded for a customer.
pub(super) async fn agreements(cx: &Context, customer: &CustomerId) -> Result<Vec<Accepted>> {
    let recorded = accepted(cx, number("customer", customer)?).await?;
    let entry = |agreement: model::ServiceAccountAgreement| Accepted {
        email: agreement.email.unwrap_or_default(),
        at: agreement.date_agreed,
    };
    Ok(recorded.into_iter().map(entry).collect())
}
