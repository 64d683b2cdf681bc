//! The one call of a command, and the receipt of it.

use provider_core::receipt::{Credentials, Fidelity, LineOutcome, LineReceipt};
use provider_core::{
    CommandKind, CustomerId, Delivery, Error, ErrorKind, Outcome, Plan, Receipt, Result, SubscriptionId,
};
use provider_http::OperationContext;

use crate::map;
use crate::model::{Customer, CustomerWrite, Order, OrderWrite};
use crate::provider::context::Context;

/// A command, ready to be sent.
pub(super) struct Prepared {
    pub(super) send: Send,
    pub(super) plan: Plan,
}

/// The one call that changes something.
pub(super) enum Send {
    /// None: everything is as the command wants it.
    Nothing(Receipt),
    Create(CustomerWrite),
    Replace {
        customer: CustomerId,
        body: CustomerWrite,
    },
    Order {
        customer: CustomerId,
        order: OrderWrite,
        subscription: Option<SubscriptionId>,
    },
    CancelOrder {
        customer: CustomerId,
        order: String,
    },
}

/// A plan worked out from reads.
pub(super) fn simulated() -> Plan {
    Plan::new(Fidelity::Simulated)
}

/// Sends it, once.
pub(super) async fn send(
    cx: &Context,
    op: &OperationContext,
    send: Send,
    command: CommandKind,
) -> Result<Receipt> {
    match send {
        Send::Nothing(receipt) => Ok(receipt),
        Send::Create(body) => {
            let created = cx.client.customers().with(op).create(&body).await?;
            customer_created(created)
        }
        Send::Replace { customer, body } => {
            let replaced = cx.client.customers().with(op).replace(customer.as_str(), &body).await?;
            named(replaced.id().is_some_and(|id| id.as_str() == customer.as_str()), "customer")?;
            Ok(Receipt::new(Outcome::Applied).with_customer(customer))
        }
        Send::Order { customer, order, subscription } => {
            let orders = cx.client.orders().with(op);
            let placed = orders.create_as(customer.as_str(), &order, command).await?;
            named(placed.id().is_some(), "order")?;
            Ok(taken(&placed, customer, subscription.as_ref()))
        }
        Send::CancelOrder { customer, order } => {
            let cancelled = cx.client.orders().with(op).cancel(customer.as_str(), &order).await?;
            named(cancelled.id().is_some_and(|id| id.as_str() == order), "order")?;
            let mut line = LineReceipt::new(0, LineOutcome::Applied);
            line.order = Some(order.into());
            Ok(Receipt::new(Outcome::Applied).with_customer(customer).with_line(line))
        }
    }
}

/// An answer that does not name what was written proves nothing: gateways answer `{}` too.
fn named(is_named: bool, what: &str) -> Result<()> {
    if is_named {
        return Ok(());
    }
    let message = format!("the answer does not name the {what}: whether it was written is not known");
    Err(Error::new(ErrorKind::Decode, message).with_delivery(Delivery::Unknown).with_provider(crate::KIND))
}

/// The receipt of an order that the service has taken.
pub(super) fn taken(placed: &Order, customer: CustomerId, subscription: Option<&SubscriptionId>) -> Receipt {
    let mut lines = map::order::receipts(placed);
    if lines.is_empty() {
        // An answer without items still names the order.
        let mut line = LineReceipt::new(0, LineOutcome::Accepted);
        line.order = placed.id().map(|id| id.as_str().into());
        lines.push(line);
    }
    for line in &mut lines {
        line.subscription = subscription.cloned();
    }
    let receipt = Receipt::from_lines(lines.clone()).unwrap_or_else(|| {
        // Every item failed at once: the order is there, and says why.
        lines.into_iter().fold(Receipt::new(Outcome::Partial), Receipt::with_line)
    });
    receipt.with_customer(customer)
}

/// The receipt of a customer that was created. The generated password is answered once, here.
fn customer_created(customer: Customer) -> Result<Receipt> {
    let id = customer.id().ok_or_else(|| {
        // The customer exists; only its name is missing from the answer.
        Error::new(ErrorKind::Decode, "the answer to the creation names no customer")
            .with_delivery(Delivery::Unknown)
            .with_provider(crate::KIND)
    })?;
    let mut receipt = Receipt::new(Outcome::Applied).with_customer(id.as_str());
    receipt.credentials = customer.user.and_then(|user| {
        let name = user.email.or(user.user_name).or(customer.customer_email).unwrap_or_default();
        Some(Credentials::new(name, user.password?))
    });
    Ok(receipt)
}
