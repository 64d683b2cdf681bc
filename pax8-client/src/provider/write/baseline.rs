//! What is remembered before a command is sent, so that a lost answer can be judged.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use provider_core::attempt::Baseline;
use provider_core::{Command, Delivery, Error, ErrorKind, Patch, Result, UpdateCustomer};
use provider_http::OperationContext;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::prepare::customer::{contacts, only_changes, present, wanted};
use crate::api::CompanyFilter;
use crate::model::Company;
use crate::provider::context::Context;
use crate::provider::{customers, orders, page, subscriptions};

/// The notes of a baseline.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub(super) enum Notes {
    /// The companies that exist already. Versions before noted those of the same name or key, in `ids`.
    Companies {
        ids: Vec<String>,
        #[serde(default)]
        all: Vec<String>,
    },
    /// The company as it was, in what the command wants of it; versions before noted nothing.
    Company {
        #[serde(default)]
        before: Option<Present>,
    },
    /// What the company has ordered and owns.
    Purchases { orders: Vec<String>, subscriptions: Vec<String> },
    /// The quantity before a change.
    Quantity {
        #[serde(with = "provider_core::wire::decimal::option")]
        quantity: Option<Decimal>,
    },
    /// The status before a cancellation.
    State { status: Option<String>, ends_at: Option<DateTime<Utc>> },
}

/// What a company is like in what an update speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Present {
    /// The fields that the update sets, as they are.
    fields: serde_json::Value,
    /// Its contacts, where the update sets them.
    contacts: Option<Vec<serde_json::Value>>,
}

pub(in crate::provider) async fn take(
    cx: &Context,
    op: &OperationContext,
    command: &Command,
) -> Result<Option<Baseline>> {
    command.check_ids()?;
    // It is asked for first, so it names what is not there as the preparation would.
    let unsent = |error: Error| command.name_missing(error.with_delivery(Delivery::NotSent));
    let notes = notes(cx, op, command).await.map_err(unsent)?;
    let state = notes.map(json).transpose()?;
    Ok(state.map(|state| Baseline::new(cx.clock.now(), state)))
}

async fn notes(cx: &Context, op: &OperationContext, command: &Command) -> Result<Option<Notes>> {
    Ok(Some(match command {
        Command::CreateCustomer(_) => {
            Notes::Companies { ids: Vec::new(), all: companies(cx, op).await?.into_keys().collect() }
        }
        Command::UpdateCustomer(command) => {
            let (present, _) = compared(cx, op, command).await?;
            Notes::Company { before: Some(present) }
        }
        Command::PlaceOrder(command) => {
            let company = command.order.customer.as_str();
            let (orders, subscriptions) = futures_util::join!(
                orders::of_company(cx, op, company),
                subscriptions::all_of_company(cx, op, company)
            );
            Notes::Purchases {
                orders: orders?.into_keys().collect(),
                subscriptions: subscriptions?.into_keys().collect(),
            }
        }
        Command::ChangeQuantity(command) => {
            let record = subscriptions::record(cx, op, &command.subscription).await?;
            Notes::Quantity { quantity: record.quantity }
        }
        Command::CancelSubscription(command) => {
            let record = subscriptions::record(cx, op, &command.subscription).await?;
            Notes::State {
                status: record.status.map(|status| status.to_string()),
                ends_at: record.end_date.map(|end| end.at()),
            }
        }
        _ => return Ok(None),
    }))
}

/// Every company. Pax8 has no search by name.
pub(super) async fn companies(cx: &Context, op: &OperationContext) -> Result<BTreeMap<String, Company>> {
    page::whole(
        "companies",
        |company: &Company| Some(company.id.as_str()),
        |at| async move {
            let call = op.quiet().call().strict(true);
            cx.client.companies().with(call).list(CompanyFilter::default().page(at)).await
        },
    )
    .await
}

/// What a company is like in what an update speaks of, and whether it is as the update wants it.
pub(super) async fn compared(
    cx: &Context,
    op: &OperationContext,
    command: &UpdateCustomer,
) -> Result<(Present, bool)> {
    let wanted = wanted(command)?;
    let found = customers::record(cx, op, &command.customer).await?;
    let fields = json(present(&wanted, &found))?;
    let mut is_as_wanted = only_changes(wanted, &found).is_empty();
    let mut shown = None;
    if let Patch::Set(contacts) = &command.contacts {
        let current = customers::all_contacts(cx, op, command.customer.as_str()).await?;
        let current: Vec<_> = current.into_values().collect();
        is_as_wanted &= contacts::steps(&command.customer, contacts, &current)?.is_empty();
        shown = Some(current.into_iter().map(json).collect::<Result<Vec<_>>>()?);
    }
    Ok((Present { fields, contacts: shown }, is_as_wanted))
}

/// What is noted is plain text and numbers, which always have a JSON form.
fn json(notes: impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(notes)
        .map_err(|error| Error::new(ErrorKind::Internal, "the baseline has no JSON form").with_source(error))
}
