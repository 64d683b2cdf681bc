//! What is remembered before a command is sent, so that a lost answer can be judged.

pub(super) mod owned;
pub(super) mod state;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use provider_core::attempt::Baseline;
use provider_core::{Command, CustomerId, Delivery, Error, ErrorKind, Operation, ReadOptions, Result};
use serde::{Deserialize, Serialize};

use self::owned::{Holding, holdings_of, purchases_of};
use self::state::State;
use super::prepare::consent::accepted;
use super::prepare::customer::edit::{changes, record};
use super::prepare::customer::{check_new, prefix};
use super::prepare::order::buyer;
use super::prepare::prepared::subscription_of;
use super::prepare::subscription::check_quantity;
use super::prepare::subscription::renewal::cancellable;
use crate::model::{self, CustomerTenantFilter};
use crate::provider::context::refusal::number;
use crate::provider::context::{Context, organizations};
use crate::provider::orders::{self, Waiting};
use crate::provider::page::whole::whole;

const PAGE: u32 = 1_000;

/// The notes in a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notes {
    /// The tenants of the organization. Those that versions before noted were the ones that could be
    /// mistaken for the new one.
    Tenants(Vec<i64>),
    /// What the customer has.
    Possessions(Possessions),
    /// The agreements that were recorded.
    Consents(Vec<Accepted>),
    /// The members that an update sets, as they were.
    Members(Vec<serde_json::Value>),
    /// The subscription.
    State(State),
    /// The lines of a scheduled order, as earlier versions noted them.
    Waiting(Vec<Waiting>),
    /// The lines of a scheduled order, and the other scheduled orders.
    Scheduled {
        /// Its lines.
        lines: Vec<Waiting>,
        /// The other scheduled orders.
        others: Vec<Other>,
    },
}

/// A scheduled order other than the one that a command is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Other {
    pub(super) reference: String,
    /// Until this day it is listed, unless somebody cancels it.
    pub(super) until: DateTime<Utc>,
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Accepted {
    pub(super) email: String,
    pub(super) at: Option<DateTime<Utc>>,
}

pub(in crate::provider) async fn take(cx: &Context, command: &Command) -> Result<Option<Baseline>> {
    // It is asked for first, so it names what is not there as the preparation would.
    taken(cx, command).await.map_err(|error| command.name_missing(error))
}

async fn taken(cx: &Context, command: &Command) -> Result<Option<Baseline>> {
    let cx = &cx.during(Operation::Plan(command.kind()), &ReadOptions::default());
    // What is wrong without the network is said before it is asked for anything.
    let notes = match command {
        Command::CreateCustomer(command) => {
            check_new(command)?;
            let owner = organizations::owner(cx, command.organization.as_ref()).await?;
            tenants(cx, owner).await?
        }
        Command::AttachCustomer(command) => {
            prefix(command.domain.as_deref())?;
            let owner = organizations::owner(cx, command.organization.as_ref()).await?;
            tenants(cx, owner).await?
        }
        Command::PlaceOrder(command) => {
            buyer::check(cx, &command.order)?;
            let tenant = number("customer", &command.order.customer)?;
            let all = holdings_of(cx, tenant).await?;
            Notes::Possessions(Possessions {
                subscriptions: all.into_values().map(|Holding { id, .. }| id).collect(),
                purchases: readable(purchases_of(cx, tenant).await)?.map(|all| all.into_keys().collect()),
            })
        }
        Command::RecordConsent(command) => Notes::Consents(agreements(cx, &command.customer).await?),
        Command::UpdateCustomer(command) => {
            let id = number("customer", &command.customer)?;
            let edits = changes(command)?;
            let record = record(cx, id).await?;
            Notes::Members(edits.iter().map(|(path, _)| record.get(path).unwrap_or_default()).collect())
        }
        Command::CancelOrder(command) => {
            let mut all = orders::scheduled(cx, command).await?;
            let lines = all.remove(&command.order.own().to_ascii_lowercase()).unwrap_or_default();
            Notes::Scheduled { lines, others: all.into_iter().filter_map(other).collect() }
        }
        other => {
            match other {
                Command::ChangeQuantity(command) => check_quantity(command).map(drop)?,
                Command::CancelSubscription(command) => cancellable(command)?,
                _ => {}
            }
            let Some(id) = subscription_of(other) else { return Ok(None) };
            Notes::State(State::read(cx, id).await?)
        }
    };
    let state = serde_json::to_value(&notes).unwrap_or_default();
    Ok(Some(Baseline::new(cx.now(), state)))
}

/// A user who may order need not have the right to read this: `None` then, which proves nothing. An answer that cannot
/// be read is an error.
fn readable<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.delivery() == Delivery::Rejected => Ok(None),
        Err(error) => Err(error),
    }
}

/// Another scheduled order, if it says until when it is listed: until the first of its lines is carried out.
fn other((reference, lines): (String, Vec<Waiting>)) -> Option<Other> {
    let until = lines.iter().map(|line| line.until.map(|until| until.at())).min()??;
    Some(Other { reference, until })
}

async fn tenants(cx: &Context, owner: i64) -> Result<Notes> {
    let known = tenants_of(cx, owner).await?;
    Ok(Notes::Tenants(known.into_values().map(|tenant| tenant.id).collect()))
}

/// The tenants of an organization, by their numbers. Among all of them, and not by a search: one that finds
/// nothing looks like one that was answered oddly.
pub(super) async fn tenants_of(
    cx: &Context,
    organization: i64,
) -> Result<BTreeMap<String, model::CustomerTenant>> {
    let query = &CustomerTenantFilter { organization_id: Some(organization), ..Default::default() };
    let number = |tenant: &model::CustomerTenant| Some(owned::id_text(tenant.id));
    whole("customers", PAGE, number, |paging| async move {
        cx.client.customer_tenants().list(query.clone().page(paging)).await
    })
    .await
}

/// The agreements that were recorded for a customer.
pub(super) async fn agreements(cx: &Context, customer: &CustomerId) -> Result<Vec<Accepted>> {
    let recorded = accepted(cx, number("customer", customer)?).await?;
    if !recorded.told {
        let message = "the answer does not fit: it has no list of agreements";
        return Err(Error::new(ErrorKind::Decode, message).for_read());
    }
    let entry = |agreement: model::ServiceAccountAgreement| Accepted {
        email: agreement.email.unwrap_or_default(),
        at: agreement.date_agreed,
    };
    let mut entries: Vec<Accepted> = recorded.into_records().map(entry).collect();
    entries.sort_unstable();
    Ok(entries)
}
