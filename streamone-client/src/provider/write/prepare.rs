//! What a command comes to: checked, merged with what is there, made into one call.

pub(super) mod customer;
mod order;
pub(super) mod subscription;

use provider_core::{Command, CommandKind, Error, IdempotencyKey, Operation, Result};
use provider_http::OperationContext;

use super::send::Prepared;
use crate::provider::capabilities::{NO_ATTACH, NO_CONSENT};
use crate::provider::context::Context;

/// Reads what a command needs, and makes the call of it. Nothing is sent.
pub(super) async fn prepare(
    cx: &Context,
    op: &OperationContext,
    command: &Command,
    key: &IdempotencyKey,
) -> Result<Prepared> {
    match command {
        Command::CreateCustomer(create) => customer::create(cx, create),
        Command::UpdateCustomer(update) => customer::update(cx, op, update).await,
        Command::PlaceOrder(place) => order::place(cx, op, &place.order, key).await,
        Command::CancelOrder(cancel) => order::cancel(cx, op, cancel).await,
        Command::ChangeQuantity(change) => subscription::quantity(cx, op, change, key).await,
        Command::ChangeRenewal(change) => subscription::renewal(cx, op, change, key).await,
        Command::Suspend(suspend) => {
            subscription::status(cx, op, &suspend.subscription, subscription::SUSPENDED, key).await
        }
        Command::Resume(resume) => {
            subscription::status(cx, op, &resume.subscription, subscription::ACTIVE, key).await
        }
        Command::CancelSubscription(cancel) => subscription::cancel(cx, op, cancel, key).await,
        Command::AttachCustomer(_) => Err(unsupported(command.kind(), NO_ATTACH)),
        Command::RecordConsent(_) => Err(unsupported(command.kind(), NO_CONSENT)),
        _ => Err(unsupported(command.kind(), "this version of the client does not know the command")),
    }
}

/// What is wrong with a command that becomes an order without asking anybody: it costs no call.
pub(super) fn check(command: &Command) -> Result<()> {
    match command {
        Command::PlaceOrder(place) => order::refuse_unknown(&place.order),
        Command::ChangeQuantity(change) => subscription::check_quantity(change),
        Command::ChangeRenewal(change) => subscription::check_renewal(change).map(drop),
        Command::CancelSubscription(cancel) => subscription::check_cancel(cancel),
        _ => Ok(()),
    }
}

fn unsupported(kind: CommandKind, reason: &str) -> Error {
    Error::unsupported(Operation::Execute(kind), reason).with_provider(crate::KIND)
}
