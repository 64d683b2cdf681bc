//! Commands whose answer is lost: never two.

use std::sync::Arc;

use provider_core::layer::Journaled;
use provider_core::{Advice, Command, Delivery, Operation, Provider, WriteOptions};

use super::commands::any_key;
use super::context::Context;
use super::gate::Gate;
use super::rule::Rule;
use super::verdict::{Verdict, broken, ensure, moot};

/// Carries out what was given for that, and throws the answers away.
pub(super) async fn all(ctx: &Context<'_>) {
    if ctx.expect.lost.is_empty() {
        ctx.note(Rule::ReplayLost, "", Err(moot("no command was given whose answer may be lost")));
    }
    for command in &ctx.expect.lost {
        let operation = Operation::Execute(command.kind());
        let subject = operation.to_string();
        if !ctx.expect.writes {
            ctx.note(Rule::ReplayLost, subject, Err(moot("writes are not allowed")));
        } else if ctx.provider.capabilities().support(operation).is_supported() {
            ctx.case(Rule::ReplayLost, subject, never_two(ctx, command)).await;
        } else {
            let why = format!("it is declared unsupported, which `{}` examines", Rule::CapabilityRefused);
            ctx.note(Rule::ReplayLost, subject, Err(moot(why)));
        }
    }
}

async fn never_two(ctx: &Context<'_>, command: &Command) -> Verdict {
    let operation = Operation::Execute(command.kind());
    let gate = Arc::new(Gate::open_to(Arc::clone(&ctx.provider)));
    let journaled = Journaled::new(Arc::clone(&gate), Arc::clone(&ctx.expect.journal));
    let options = WriteOptions::new(any_key()?);
    gate.lose(true);
    match ctx.saw(operation, journaled.execute(command, &options).await) {
        Ok(_) => return Err(broken("an answer came that should have been lost")),
        Err(error) if error.delivery() != Delivery::Unknown => return Err(broken(error.to_string())),
        Err(_) => gate.lose(false),
    }
    let again = ctx.saw(operation, journaled.execute(command, &options).await);
    ensure!(gate.passed() == 1, "its answer was lost, and it was sent {} times", gate.passed());
    match again {
        Ok(receipt) => {
            ensure!(receipt.replayed, "the answer does not say that it is about an earlier call");
            Ok("found to be applied".to_owned())
        }
        Err(error) if error.advice() == Advice::AfterReconcile => Ok(format!("reported as unknown: {error}")),
        Err(error) => {
            Err(broken(format!("its fate is unknown, and the advice is {:?}: {error}", error.advice())))
        }
    }
}
