//! Whether a provider that says so announces what it sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use provider_core::attempt::{SendGate, Sending};
use provider_core::receipt::LineReceipt;
use provider_core::{Command, Delivery, Error, ErrorKind, Operation, Result, WriteOptions, async_trait};

use super::commands::any_key;
use super::context::Context;
use super::gate::Announced;
use super::plan::Snapshot;
use super::verdict::{Verdict, broken, ensure, moot};
use super::world::World;

/// Lets nothing through and counts who asked.
#[derive(Default)]
struct Shut(AtomicU64);

#[async_trait]
impl SendGate for Shut {
    async fn pass(&self, _: u32) -> Result<()> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(Error::new(ErrorKind::Cancelled, "the gate is shut").with_delivery(Delivery::NotSent))
    }

    async fn answered(&self, _: u32, _: &LineReceipt) {}
}

/// A command that is let through nowhere changes nothing and says that it was not sent.
pub(super) async fn truthful(ctx: &Context<'_>, world: &World, command: &Command) -> Verdict {
    if !ctx.provider.announces_sending() {
        return Err(moot("it does not say so: a journal counts a command as sent before it is called"));
    }
    let before = Snapshot::take(ctx, world).await?;
    let gate = Arc::new(Shut::default());
    let options = WriteOptions::new(any_key()?).sending(Sending::through(Arc::clone(&gate) as _));
    let operation = Operation::Execute(command.kind());
    let answer = ctx.saw(operation, ctx.provider.execute(command, &options).await);
    let asked = gate.0.load(Ordering::SeqCst);
    ensure!(asked > 0, "it says that it announces its requests, and asked nobody before it answered");
    match answer {
        Ok(receipt) => return Err(broken(format!("nothing was let through, and it answered {receipt:?}"))),
        Err(error) => ensure!(
            error.delivery() == Delivery::NotSent,
            "nothing was let through, and delivery says `{}`: {error}",
            error.delivery()
        ),
    }
    let after = Snapshot::take(ctx, world).await?;
    ensure!(before == after, "nothing was let through, and the records have changed");
    Ok(format!("asked {asked} times, nothing sent"))
}

/// Each request that writes passed by itself: what is let through once is remembered as sent once.
pub(super) fn one_by_one(announces: bool, announced: Option<Announced>) -> Verdict {
    if !announces {
        return Err(moot("it does not say so: a journal counts a command as sent before it is called"));
    }
    let Some(Announced { passed, sent, ahead }) = announced else {
        return Err(moot("nobody counts the requests that write: tell `Expectations::wire_writes`"));
    };
    ensure!(sent > 0, "the command was carried out, and no request that writes was counted");
    ensure!(
        ahead == 0,
        "{sent} requests went out and {passed} were let through: {ahead} more than it asked for"
    );
    Ok(format!("{sent} requests, each of them let through"))
}
