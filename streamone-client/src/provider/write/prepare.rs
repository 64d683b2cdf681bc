//! What a command comes to: checked, merged with what is there, made into one call.

pub(super) mod customer;
mod order;
mod subscription;

use provider_core::{Command, CommandKind, Error, Operation, Result, WriteOptions};

use super::send::Prepared;
use crate::provider::capabilities::{NO_ATTACH, NO_CONSENT};
use crate::provider::context::{Budget, Context};

/// Reads what a command needs, and makes the call of it. Nothing is sent.
pub(super) async fn prepare(
    cx: &Context,
    command: &Command,
    options: &WriteOptions,
    budget: &Budget,
) -> Result<Prepared> {
    match command {
        Command::CreateCustomer(create) => customer::create(cx, create),
        Command::UpdateCustomer(update) => customer::update(cx, update, budget).await,
        Command::PlaceOrder(place) => order::place(cx, &place.order, &options.key, budget).await,
        Command::CancelOrder(cancel) => order::cancel(cx, cancel, budget).await,
        Command::ChangeQuantity(change) => subscription::quantity(cx, change, &options.key, budget).await,
        Command::ChangeRenewal(change) => subscription::renewal(cx, change, &options.key, budget).await,
        Command::Suspend(suspend) => {
            subscription::status(cx, &suspend.subscription, "suspended", &options.key, budget).await
        }
        Command::Resume(resume) => {
            subscription::status(cx, &resume.subscription, "active", &options.key, budget).await
        }
        Command::CancelSubscription(cancel) => subscription::cancel(cx, cancel, &options.key, budget).await,
        Command::AttachCustomer(_) => Err(unsupported(command.kind(), NO_ATTACH)),
        Command::RecordConsent(_) => Err(unsupported(command.kind(), NO_CONSENT)),
        _ => Err(unsupported(command.kind(), "this version of the client does not know the command")),
    }
}

fn unsupported(kind: CommandKind, reason: &str) -> Error {
    Error::unsupported(Operation::Execute(kind), reason).with_provider(crate::KIND)
}
