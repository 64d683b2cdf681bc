//! Commands: prepared by reads, then shown or sent.
//!
//! A plan is the preparation without the sending, so that what is shown and what is done cannot differ.

mod baseline;
mod prepare;
mod reconcile;
mod send;

use provider_core::{Command, Delivery, Error, Plan, Receipt, Result, WriteOptions};

pub(super) use self::baseline::take as baseline;
pub(super) use self::reconcile::judge as reconcile;

use super::context::{Budget, Context};

/// What a command would do, and what Pax8 says to it.
pub(super) async fn plan(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Plan> {
    let budget = Budget::new(&options.options);
    let prepared = prepare::prepare(cx, command, &budget).await.map_err(unsent)?;
    let objections = prepare::objections(cx, &prepared.send, &budget).await.map_err(unsent)?;
    let mut plan = prepared.plan;
    plan.warnings.extend(objections);
    Ok(plan)
}

/// Carries a command out. Each write goes out at most once.
pub(super) async fn execute(cx: &Context, command: &Command, options: &WriteOptions) -> Result<Receipt> {
    let budget = Budget::new(&options.options);
    let prepared = prepare::prepare(cx, command, &budget).await.map_err(unsent)?;
    send::send(cx, prepared.send, &budget).await
}

/// Whatever went wrong, it went wrong before the write.
fn unsent(error: Error) -> Error {
    error.with_delivery(Delivery::NotSent)
}
