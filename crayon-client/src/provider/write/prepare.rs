//! From a command to what is sent for it, and what that changes.

pub(super) mod consent;
pub(super) mod customer;
pub(super) mod order;
pub(super) mod prepared;
pub(super) mod subscription;

use provider_core::{Command, Error, Operation, Result};

use self::prepared::Prepared;
use self::subscription::renewal;
use crate::model::SubscriptionStatus;
use crate::provider::context::Context;

/// Everything that a command needs, or why it cannot be sent. Nothing is sent yet.
pub(super) async fn prepare(cx: &Context, command: &Command) -> Result<Prepared> {
    match command {
        Command::CreateCustomer(command) => customer::create(cx, command).await,
        Command::AttachCustomer(command) => customer::attach(cx, command).await,
        Command::UpdateCustomer(command) => customer::edit::update(cx, command).await,
        Command::RecordConsent(command) => consent::record(cx, command).await,
        Command::PlaceOrder(command) => order::place(cx, &command.order).await,
        Command::CancelOrder(command) => order::cancel::cancel(cx, command).await,
        Command::ChangeQuantity(command) => subscription::quantity(cx, command).await,
        Command::Suspend(command) => {
            subscription::status(cx, &command.subscription, SubscriptionStatus::SUSPENDED).await
        }
        Command::Resume(command) => {
            subscription::status(cx, &command.subscription, SubscriptionStatus::ACTIVE).await
        }
        Command::ChangeRenewal(command) => renewal::change(cx, command).await,
        Command::CancelSubscription(command) => renewal::cancel(cx, command).await,
        other => {
            let operation = Operation::Execute(other.kind());
            Err(Error::unsupported(operation, "this version does not know the command"))
        }
    }
}
