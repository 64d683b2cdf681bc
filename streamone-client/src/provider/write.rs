//! Commands: prepared by reads, then sent once.
//!
//! A plan is the preparation without the sending, so that what is shown and what is done cannot differ. Before
//! anything is sent the service is asked whether it has an order of the key already: journals get lost.

mod baseline;
mod prepare;
mod reconcile;
mod send;

use provider_core::{Command, Delivery, Error, IdempotencyKey, Plan, Receipt, Result};
use provider_http::OperationContext;

pub(super) use baseline::baseline;
pub(super) use reconcile::reconcile;

use send::Prepared;

use super::context::Context;

pub(super) async fn plan(
    cx: &Context,
    op: &OperationContext,
    command: &Command,
    key: &IdempotencyKey,
) -> Result<Plan> {
    command.check_ids()?;
    Ok(ready(cx, op, command, key).await?.plan)
}

pub(super) async fn execute(
    cx: &Context,
    op: &OperationContext,
    command: &Command,
    key: &IdempotencyKey,
) -> Result<Receipt> {
    command.check_ids()?;
    let earlier = reconcile::earlier(cx, op, command, key).await;
    if let Some(receipt) = earlier.map_err(|error| unsent(command, error))? {
        return Ok(receipt);
    }
    let prepared = ready(cx, op, command, key).await?;
    send::send(cx, op, prepared.send, command.kind()).await
}

/// Nothing of a command is sent while it is prepared, whatever became of the reads.
async fn ready(
    cx: &Context,
    op: &OperationContext,
    command: &Command,
    key: &IdempotencyKey,
) -> Result<Prepared> {
    let prepared = prepare::prepare(cx, op, command, key).await;
    prepared.map_err(|error| unsent(command, error))
}

fn unsent(command: &Command, error: Error) -> Error {
    command.name_missing(error.with_delivery(Delivery::NotSent))
}
