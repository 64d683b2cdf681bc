//! Commands: prepared by reads, then sent once.
//!
//! A plan is the preparation without the sending, so that what is shown and what is done cannot differ.

use provider_core::{
    Change, Command, CommandKind, CustomerId, Delivery, Error, ErrorKind, LineReceipt, Operation, Outcome,
    Plan, Receipt, Result, SubscriptionId, WriteOptions,
};

use super::budget::Budget;
use super::capabilities::{NO_ATTACH, NO_CONSENT};
use super::{changes, customers, purchase, subscriptions};
use crate::client::StreamOneClient;
use crate::map;
use crate::model::{CustomerWrite, OrderWrite};

/// A command, ready to be sent.
pub(super) struct Prepared {
    pub(super) send: Send,
    pub(super) plan: Plan,
}

/// The one call that changes something.
pub(super) enum Send {
    Create(CustomerWrite),
    Replace { customer: CustomerId, body: CustomerWrite },
    Order { customer: CustomerId, order: OrderWrite, subscription: Option<SubscriptionId> },
    CancelOrder { customer: CustomerId, order: String },
}

pub(super) async fn plan(
    client: &StreamOneClient,
    command: &Command,
    options: &WriteOptions,
) -> Result<Plan> {
    let budget = Budget::of(client, &options.options);
    match prepare(client, command, options, &budget).await {
        Ok(prepared) => Ok(prepared.plan),
        Err(error) => {
            Err(error.with_delivery(Delivery::NotSent).with_operation(Operation::Plan(command.kind())))
        }
    }
}

pub(super) async fn execute(
    client: &StreamOneClient,
    command: &Command,
    options: &WriteOptions,
) -> Result<Receipt> {
    let budget = Budget::of(client, &options.options);
    // Nothing of the command is sent while it is prepared, whatever became of the reads.
    let prepared = prepare(client, command, options, &budget).await.map_err(|error| {
        error.with_delivery(Delivery::NotSent).with_operation(Operation::Execute(command.kind()))
    })?;
    let call = budget.left();
    match prepared.send {
        Send::Create(body) => {
            let created = client.customers().with(&call).create(&body).await?;
            customers::created(created)
        }
        Send::Replace { customer, body } => {
            let replaced = client.customers().with(&call).replace(customer.as_str(), &body).await?;
            named(replaced.id().is_some_and(|id| id.as_str() == customer.as_str()), "customer")?;
            Ok(Receipt::new(Outcome::Applied).with_customer(customer))
        }
        Send::Order { customer, order, subscription } => {
            let orders = client.orders().with(&call);
            let placed = orders.create_as(customer.as_str(), &order, command.kind()).await?;
            named(placed.id().is_some(), "order")?;
            Ok(taken(&placed, customer, subscription.as_ref()))
        }
        Send::CancelOrder { customer, order } => {
            let cancelled = client.orders().with(&call).cancel(customer.as_str(), &order).await?;
            named(cancelled.id().is_some_and(|id| id.as_str() == order), "order")?;
            let mut line = LineReceipt::new(0, provider_core::LineOutcome::Applied);
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
pub(super) fn taken(
    placed: &crate::model::Order,
    customer: CustomerId,
    subscription: Option<&SubscriptionId>,
) -> Receipt {
    let mut lines = map::order::receipts(placed);
    if lines.is_empty() {
        // An answer without items still names the order.
        let mut line = LineReceipt::new(0, provider_core::LineOutcome::Accepted);
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

async fn prepare(
    client: &StreamOneClient,
    command: &Command,
    options: &WriteOptions,
    budget: &Budget,
) -> Result<Prepared> {
    match command {
        Command::CreateCustomer(create) => customers::create(client, create),
        Command::UpdateCustomer(update) => customers::update(client, update, budget).await,
        Command::PlaceOrder(place) => purchase::place(client, &place.order, &options.key, budget).await,
        Command::CancelOrder(cancel) => {
            let id = cancel.order.own().to_owned();
            let order = client
                .orders()
                .with(budget.left())
                .get(cancel.customer.as_ref().map(CustomerId::as_str), &id)
                .await?;
            let customer = cancel.customer.clone().or_else(|| order.customer().map(|c| c.as_str().into()));
            let customer =
                customer.ok_or_else(|| Error::invalid_input("customer", "name whose order it is"))?;
            let from = map::order::status(&order).to_string();
            let change = Change::new(format!("order {id}: status"), Some(from), Some("cancelled".to_owned()));
            Ok(Prepared {
                plan: simulated().with_change(change),
                send: Send::CancelOrder { customer, order: id },
            })
        }
        Command::ChangeQuantity(change) => changes::quantity(client, change, &options.key, budget).await,
        Command::ChangeRenewal(change) => changes::renewal(client, change, &options.key, budget).await,
        Command::Suspend(suspend) => {
            changes::status(client, &suspend.subscription, "suspended", &options.key, budget).await
        }
        Command::Resume(resume) => {
            changes::status(client, &resume.subscription, "active", &options.key, budget).await
        }
        Command::CancelSubscription(cancel) => changes::cancel(client, cancel, &options.key, budget).await,
        Command::AttachCustomer(_) => Err(unsupported(command.kind(), NO_ATTACH)),
        Command::RecordConsent(_) => Err(unsupported(command.kind(), NO_CONSENT)),
        _ => Err(unsupported(command.kind(), "this version of the client does not know the command")),
    }
}

fn unsupported(kind: CommandKind, reason: &str) -> Error {
    Error::unsupported(Operation::Execute(kind), reason).with_provider(crate::KIND)
}

/// A plan worked out from reads.
pub(super) fn simulated() -> Plan {
    Plan::new(provider_core::Fidelity::Simulated)
}

/// The customer of a command on a subscription.
pub(super) fn customer_of(subscription: &SubscriptionId) -> Result<CustomerId> {
    Ok(subscriptions::parts(subscription)?.0.into())
}
