//! Commands: prepared by reads, then sent once.
//!
//! A plan is the preparation without the sending, so that what is shown and what is done cannot differ.

mod baseline;
mod prepare;
mod reconcile;
mod send;

use provider_core::{Command, Delivery, Operation, Plan, Receipt, Result, WriteOptions};

pub(super) use baseline::baseline;
pub(super) use reconcile::reconcile;

use super::context::Context;

pub(super) async fn plan(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Plan> {
    let budget = cx.budget(&options.options);
    match prepare::prepare(cx, command, options, &budget).await {
        Ok(prepared) => Ok(prepared.plan),
        Err(error) => {
            Err(error.with_delivery(Delivery::NotSent).with_operation(Operation::Plan(command.kind())))
        }
    }
}

pub(super) async fn execute(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Receipt> {
    let budget = cx.budget(&options.options);
    // Nothing of the command is sent while it is prepared, whatever became of the reads.
    let prepared = prepare::prepare(cx, command, options, &budget).await.map_err(|error| {
        error.with_delivery(Delivery::NotSent).with_operation(Operation::Execute(command.kind()))
    })?;
    send::send(cx, prepared.send, command.kind(), &budget.left()).await
}
