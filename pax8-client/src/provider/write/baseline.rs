//! What is remembered before a command is sent, so that a lost answer can be judged.

use provider_core::{Baseline, Command, Delivery, Error, ErrorKind, Result};
use provider_http::OperationContext;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::api::CompanyFilter;
use crate::model::Company;
use crate::provider::context::Context;
use crate::provider::{orders, page, subscriptions};

/// The notes of a baseline.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub(super) enum Notes {
    /// Companies of the same name or key that exist already.
    Companies { ids: Vec<String> },
    /// The company was there; its fields say themselves whether they changed.
    Company,
    /// What the company has ordered and owns.
    Purchases { orders: Vec<String>, subscriptions: Vec<String> },
    /// The quantity before a change.
    Quantity {
        #[serde(with = "provider_core::wire::decimal::option")]
        quantity: Option<Decimal>,
    },
    /// The state before a cancellation.
    State { status: Option<String>, ends_at: Option<chrono::DateTime<chrono::Utc>> },
}

pub(in crate::provider) async fn take(
    cx: &Context,
    op: &OperationContext,
    command: &Command,
) -> Result<Option<Baseline>> {
    let notes = notes(cx, op, command).await.map_err(|error| error.with_delivery(Delivery::NotSent))?;
    // What is noted here is plain text and numbers, which always have a JSON form.
    let state = notes.map(serde_json::to_value).transpose().map_err(|error| {
        Error::new(ErrorKind::Internal, "the baseline has no JSON form").with_source(error)
    })?;
    Ok(state.map(|state| Baseline::new(cx.clock.now(), state)))
}

async fn notes(cx: &Context, op: &OperationContext, command: &Command) -> Result<Option<Notes>> {
    Ok(Some(match command {
        Command::CreateCustomer(command) => {
            let alike = companies_like(cx, op, &command.name, command.external_id.as_deref()).await?;
            Notes::Companies { ids: alike.into_iter().map(|company| company.id).collect() }
        }
        Command::UpdateCustomer(_) => Notes::Company,
        Command::PlaceOrder(command) => {
            let company = command.order.customer.as_str();
            let (orders, subscriptions) = futures_util::join!(
                orders::of_company(cx, op, company),
                subscriptions::of_company(cx, op, company, true)
            );
            Notes::Purchases {
                orders: orders?.into_iter().filter_map(|order| order.id).collect(),
                subscriptions: subscriptions?.into_iter().map(|one| one.id).collect(),
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
                ends_at: record.end_date.map(|end| end.at),
            }
        }
        _ => return Ok(None),
    }))
}

/// Companies that a lost creation could have made. Pax8 has no search by name.
pub(super) async fn companies_like(
    cx: &Context,
    op: &OperationContext,
    name: &str,
    external_id: Option<&str>,
) -> Result<Vec<Company>> {
    let name = name.trim().to_lowercase();
    let companies = page::every_record(|at| async move {
        let call = op.quiet().call().strict(true);
        cx.client.companies().with(call).list(CompanyFilter::default().page(at)).await
    });
    let is_like = |company: &Company| {
        let same_name = company.name.as_ref().is_some_and(|other| other.trim().to_lowercase() == name);
        let same_key = external_id.is_some() && company.external_id.as_deref() == external_id;
        same_name || same_key
    };
    Ok(companies.await?.into_iter().filter(is_like).collect())
}
