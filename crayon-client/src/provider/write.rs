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
use crate::config::KIND;

pub(super) async fn plan(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Plan> {
    let operation = Operation::Plan(command.kind());
    let cx = cx.during(operation, &options.options);
    let prepared = prepared(&cx, command).await.map_err(|error| named(command, operation, error))?;
    Ok(prepared.plan)
}

pub(super) async fn execute(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Receipt> {
    let operation = Operation::Execute(command.kind());
    let cx = cx.during(operation, &options.options);
    let done = match prepared(&cx, command).await {
        Ok(prepared) => send::send(&cx, prepared.send).await,
        Err(error) => Err(error),
    };
    done.map_err(|error| named(command, operation, error))
}

/// Whatever goes wrong before the command itself is sent, the command was not.
async fn prepared(cx: &Context, command: &Command) -> Result<Prepared> {
    prepare::prepare(cx, command).await.map_err(|error| error.with_delivery(Delivery::NotSent))
}

/// What does not exist is named by the field of the command that names it.
fn named(command: &Command, operation: Operation, error: Error) -> Error {
    let error = match command {
        Command::UpdateCustomer(_) | Command::RecordConsent(_) | Command::PlaceOrder(_) => {
            missing("customer", error)
        }
        Command::CancelOrder(_) => missing("order", error),
        changed if subscription_of(changed).is_some() => missing("subscription", error),
        _ => error,
    };
    error.with_provider(KIND).with_operation(operation)
}
