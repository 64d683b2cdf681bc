//! Commands: prepared by reads, then shown or sent.
//!
//! A plan is the preparation without the sending, so that what is shown and what is done cannot differ.

pub(super) mod baseline;
mod prepare;
pub(super) mod reconcile;
mod send;

use provider_core::{Command, Delivery, Operation, Plan, Receipt, Result, WriteOptions};

use self::prepare::prepared::Prepared;
use super::context::Context;

pub(super) async fn plan(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Plan> {
    let cx = cx.during(Operation::Plan(command.kind()), &options.reading());
    cx.run(async { prepared(&cx, command).await.map(|prepared| prepared.plan) }).await
}

pub(super) async fn execute(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Receipt> {
    let cx = cx.writing(Operation::Execute(command.kind()), options);
    let work = async {
        let send = prepared(&cx, command).await?.send;
        send::send(&cx, send).await.map_err(|error| command.name_missing(error))
    };
    cx.run(work).await
}

/// Prepares a command. An error is `NotSent`: the command itself was not sent.
async fn prepared(cx: &Context, command: &Command) -> Result<Prepared> {
    let prepared = prepare::prepare(cx, command).await;
    prepared.map_err(|error| command.name_missing(error.with_delivery(Delivery::NotSent)))
}
