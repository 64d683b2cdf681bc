//! Commands: prepared by reads, then shown or sent.
//!
//! A plan is the preparation without the sending, so that what is shown and what is done cannot differ.

pub(super) mod baseline;
mod prepare;
pub(super) mod reconcile;
mod send;

use provider_core::{Command, Delivery, Error, Operation, Plan, Receipt, Result, WriteOptions};

use self::prepare::prepared::{Prepared, subscription_of};
use super::context::Context;
use super::context::refusal::missing;

pub(super) async fn plan(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Plan> {
    let cx = cx.during(Operation::Plan(command.kind()), &options.reading());
    cx.run(async { prepared(&cx, command).await.map(|prepared| prepared.plan) }).await
}

pub(super) async fn execute(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Receipt> {
    let cx = cx.writing(Operation::Execute(command.kind()), options);
    let work = async {
        let send = prepared(&cx, command).await?.send;
        send::send(&cx, send).await.map_err(|error| named(command, error))
    };
    cx.run(work).await
}

/// Whatever goes wrong before the command itself is sent, the command was not.
async fn prepared(cx: &Context, command: &Command) -> Result<Prepared> {
    let prepared = prepare::prepare(cx, command).await;
    prepared.map_err(|error| named(command, error.with_delivery(Delivery::NotSent)))
}

/// What does not exist is named by the field of the command that names it.
fn named(command: &Command, error: Error) -> Error {
    match command {
        Command::UpdateCustomer(_) | Command::RecordConsent(_) | Command::PlaceOrder(_) => {
            missing("customer", error)
        }
        Command::CancelOrder(_) => missing("order", error),
        changed if subscription_of(changed).is_some() => missing("subscription", error),
        _ => error,
    }
}
