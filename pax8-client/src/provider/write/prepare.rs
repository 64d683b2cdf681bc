//! A command worked out from reads: what it would do, and the calls that do it.

pub(super) mod customer;
mod order;
mod prepared;
mod subscription;

use provider_core::judge::Reducible;
use provider_core::{Command, Operation, Result};
use provider_http::OperationContext;

pub(super) use self::prepared::{Prepared, Send, Step};

use crate::provider::context::Context;

/// Resolves a command from reads alone, or names everything that stands against it.
pub(super) async fn prepare(cx: &Context, op: &OperationContext, command: &Command) -> Result<Prepared> {
    match command {
        Command::CreateCustomer(command) => customer::create(cx, command),
        Command::UpdateCustomer(command) => customer::update(cx, op, command).await,
        Command::PlaceOrder(command) => order::place(cx, op, &command.order).await,
        Command::ChangeQuantity(command) => subscription::quantity(cx, op, command).await,
        Command::CancelSubscription(command) => subscription::cancel(cx, op, command).await,
        _ => Err(cx.unsupported(Operation::Execute(command.kind()))),
    }
}

/// What Pax8 says to the calls before they are sent. An order is checked by Pax8 itself, with
/// `isMock=true`; for subscriptions it is what their commitments allow.
pub(super) async fn objections(cx: &Context, op: &OperationContext, send: &Send) -> Result<Vec<String>> {
    match send {
        Send::Order { order, .. } => {
            cx.client.orders().with(op.quiet()).check(order).await?;
            Ok(Vec::new())
        }
        Send::Quantity { before, quantity, .. } => {
            subscription::against_quantity(cx, op, before, *quantity).await
        }
        Send::Cancel { before, .. } => subscription::against_cancelling(cx, op, before).await,
        Send::Nothing(_) | Send::Create(_) | Send::Update { .. } => Ok(Vec::new()),
    }
}

/// Until when the seats of a resized subscription can be reduced; of an order its lines say it.
pub(super) async fn reducible(cx: &Context, op: &OperationContext, send: &Send) -> Result<Option<Reducible>> {
    match send {
        Send::Quantity { before, .. } => subscription::reducible(cx, op, before).await.map(Some),
        _ => Ok(None),
    }
}
