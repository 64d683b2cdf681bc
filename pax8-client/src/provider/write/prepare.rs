//! A command worked out from reads: what it would do, and the calls that do it.

pub(super) mod customer;
mod order;
mod prepared;
mod subscription;
mod violations;

use provider_core::{Command, Operation, Result};

pub(super) use self::prepared::{Prepared, Send, Step};

use crate::provider::context::{Budget, Context};

/// Resolves a command from reads alone, or names everything that stands against it.
pub(super) async fn prepare(cx: &Context, command: &Command, budget: &Budget) -> Result<Prepared> {
    match command {
        Command::CreateCustomer(command) => customer::create(cx, command),
        Command::UpdateCustomer(command) => customer::update(cx, command, budget).await,
        Command::PlaceOrder(command) => order::place(cx, &command.order, budget).await,
        Command::ChangeQuantity(command) => subscription::quantity(cx, command, budget).await,
        Command::CancelSubscription(command) => subscription::cancel(cx, command, budget).await,
        _ => Err(cx.unsupported(Operation::Execute(command.kind()))),
    }
}

/// What Pax8 says to the calls before they are sent. An order is checked by Pax8 itself, with
/// `isMock=true`; for subscriptions it is what their commitments allow.
pub(super) async fn objections(cx: &Context, send: &Send, budget: &Budget) -> Result<Vec<String>> {
    match send {
        Send::Order { order, .. } => {
            cx.client.orders().with(budget.quiet_call()).check(order).await?;
            Ok(Vec::new())
        }
        Send::Quantity { before, quantity, .. } => {
            subscription::against_quantity(cx, before, *quantity, budget).await
        }
        Send::Cancel { before, .. } => subscription::against_cancelling(cx, before, budget).await,
        Send::Nothing(_) | Send::Create(_) | Send::Update { .. } => Ok(Vec::new()),
    }
}
