//! Commands: prepared by reads, then shown or sent.
//!
//! A plan is the preparation without the sending, so that what is shown and what is done cannot differ.

mod baseline;
mod prepare;
mod reconcile;
mod send;

use provider_core::{Command, Delivery, Error, Plan, Receipt, Result};
use provider_http::OperationContext;

pub(super) use self::baseline::take as baseline;
pub(super) use self::reconcile::judge as reconcile;

use super::context::Context;

/// What a command would do, and what Pax8 says to it.
pub(super) async fn plan(cx: &Context, op: &OperationContext, command: &Command) -> Result<Plan> {
    let unsent = |error| unsent(command, error);
    command.check_ids()?;
    let prepared = prepare::prepare(cx, op, command).await.map_err(unsent)?;
    let objections = prepare::objections(cx, op, &prepared.send).await.map_err(unsent)?;
    let mut plan = prepared.plan;
    plan.reducible.extend(prepare::reducible(cx, op, &prepared.send).await.map_err(unsent)?);
    plan.warnings.extend(objections);
    Ok(plan)
}

/// Carries a command out. Each write goes out at most once.
pub(super) async fn execute(cx: &Context, op: &OperationContext, command: &Command) -> Result<Receipt> {
    command.check_ids()?;
    let prepared = prepare::prepare(cx, op, command).await.map_err(|error| unsent(command, error))?;
    send::send(cx, op, prepared.send).await
}

/// Marks an error of the preparation: nothing was sent.
fn unsent(command: &Command, error: Error) -> Error {
    command.name_missing(error.with_delivery(Delivery::NotSent))
}
