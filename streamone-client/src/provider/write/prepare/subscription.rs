//! Changes of subscriptions: orders with the action UPDATE.
//!
//! Such an order repeats the catalog's ids and the whole number of seats, also where only the renewal or
//! the status changes. So each begins with a read of what the provider has now.

use std::time::Duration;

use provider_core::command::Effective;
use provider_core::error::Violation;
use provider_core::judge::{Reducible, ReducibleUntil};
use provider_core::receipt::{Change, LineOutcome, LineReceipt};
use provider_core::{
    CancelSubscription, ChangeQuantity, ChangeRenewal, CustomerId, Delivery, Error, ErrorKind,
    IdempotencyKey, Outcome, Plan, Receipt, Result, SubscriptionId, SubscriptionStatus,
};
use provider_http::OperationContext;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::api::TokenPage;
use crate::map;
use crate::map::order::reference;
use crate::model::{OrderItemWrite, OrderWrite, Subscription};
use crate::provider::context::Context;
use crate::provider::subscriptions;
use crate::provider::write::send::{Prepared, Send, simulated};

/// The attribute that turns the renewal on and off.
pub(in crate::provider::write) const RENEWAL: &str = "renewalSetting";
/// The attribute that suspends, resumes and ends.
pub(in crate::provider::write) const STATUS: &str = "statusUpdate";
/// The words of [`STATUS`].
pub(in crate::provider::write) const SUSPENDED: &str = "suspended";
pub(in crate::provider::write) const ACTIVE: &str = "active";
pub(in crate::provider::write) const DELETED: &str = "deleted";
/// Orders that a change looks back at.
const RECENT: u32 = 50;
/// How long an order usually takes.
const SOON: Duration = Duration::from_secs(10);

/// A subscription that is about to be changed.
struct Target<'a> {
    id: &'a SubscriptionId,
    customer: CustomerId,
    record: Subscription,
    seats: Decimal,
}

impl<'a> Target<'a> {
    async fn read(cx: &Context, op: &OperationContext, id: &'a SubscriptionId) -> Result<Self> {
        let (customer, record) = subscriptions::fresh(cx, op, id).await?;
        let seats = record.subscription_total_licenses.ok_or_else(|| {
            precondition("the subscription tells no number of seats, and an order has to repeat it")
        })?;
        let target = Self { id, customer, record, seats };
        let status = target.status();
        if matches!(
            status,
            SubscriptionStatus::Deleted | SubscriptionStatus::Cancelled | SubscriptionStatus::Expired
        ) {
            return Err(refused("status", format!("the subscription has ended: it is {status}")));
        }
        Ok(target)
    }

    fn status(&self) -> SubscriptionStatus {
        self.record.subscription_status.as_ref().map(map::subscription::status).unwrap_or_default()
    }

    /// The order item that sets so many seats and nothing else yet.
    fn item(&self, seats: Decimal) -> Result<OrderItemWrite> {
        let ids = self.record.catalog_ids().ok_or_else(|| {
            precondition(
                "the subscription carries no product, SKU and plan of the catalog (it was imported): \
                 it can be changed in the portal only",
            )
        })?;
        let resource = self.record.subscription_id.as_deref().filter(|id| !id.is_empty());
        let resource = resource.ok_or_else(|| {
            precondition("the subscription has no id at its provider yet: wait until it is provisioned")
        })?;
        Ok(OrderItemWrite::update(resource, ids, whole(seats)?))
    }

    /// Nothing is sent: it is as the command wants it.
    fn nothing_to_change(self, mut plan: Plan) -> Prepared {
        plan.warnings.push("the subscription is so already: nothing is sent".to_owned());
        let mut line = LineReceipt::new(0, LineOutcome::Applied);
        line.subscription = Some(self.id.clone());
        let receipt = Receipt::new(Outcome::Applied).with_customer(self.customer).with_line(line);
        Prepared { send: Send::Nothing(receipt), plan }
    }

    fn order(self, item: OrderItemWrite, key: &IdempotencyKey, plan: Plan) -> Prepared {
        let order = OrderWrite {
            reference_id: Some(reference::of(key, None)),
            display_name: None,
            order_items: vec![item],
        };
        let send = Send::Order { customer: self.customer, order, subscription: Some(self.id.clone()) };
        Prepared { send, plan }
    }

    fn change(&self, field: &str, from: impl std::fmt::Display, to: impl std::fmt::Display) -> Change {
        Change::new(
            format!("subscription {}: {field}", self.id),
            Some(from.to_string()),
            Some(to.to_string()),
        )
    }

    /// Until when seats can be given back, by what the subscription says.
    fn reducible(&self, cx: &Context) -> Reducible {
        let record = &self.record;
        let (until, ends) = (record.cancellation_allowed_until_date, record.subscription_end_date);
        Reducible::new(format!("subscription {}", self.id), ReducibleUntil::window(until, ends, cx.now()))
    }

    /// An order that repeats the seats undoes a change of seats that is still on its way.
    async fn nothing_under_way(&self, cx: &Context, op: &OperationContext) -> Result<()> {
        let orders = cx.client.orders().with(op);
        let recent = orders.list_of_customer(self.customer.as_str(), None, &TokenPage::first(RECENT)).await?;
        let resource = self.record.subscription_id.as_deref().unwrap_or_default();
        let open = recent.records().find(|order| {
            order.status.as_ref().is_some_and(|status| !status.is_final())
                && order.order_items.iter().any(|item| {
                    item.resource_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(resource))
                })
        });
        let Some(open) = open else { return Ok(()) };
        let id = open.id().map(|id| id.to_string()).unwrap_or_default();
        Err(Error::new(
            ErrorKind::Conflict,
            format!("order {id} on the same subscription is not carried out yet; this one would undo it"),
        )
        .with_delivery(Delivery::NotSent)
        .with_provider(crate::KIND)
        .with_retry_after(SOON))
    }
}

fn precondition(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::PreconditionFailed, message)
        .with_delivery(Delivery::NotSent)
        .with_provider(crate::KIND)
}

/// A refusal by what the subscription is, which names the field.
fn refused(field: &str, problem: String) -> Error {
    precondition(format!("{field}: {problem}")).with_violation(Violation::new(field, problem))
}

/// Seats are whole and at least one.
pub(super) fn whole(quantity: Decimal) -> Result<u32> {
    let seats = Some(quantity).filter(Decimal::is_integer).and_then(|quantity| quantity.to_u32());
    // A 32-bit integer of protobuf.
    seats.filter(|seats| (1..=i32::MAX.unsigned_abs()).contains(seats)).ok_or_else(|| {
        Error::invalid_input(
            "quantity",
            "must be a whole number of at least 1; to end a subscription, cancel it",
        )
        .with_provider(crate::KIND)
    })
}

/// What is wrong with a change of seats without asking anybody.
pub(super) fn check_quantity(command: &ChangeQuantity) -> Result<()> {
    if command.effective != Effective::Now {
        return Err(Error::invalid_input("effective", "ION changes seats at once").with_provider(crate::KIND));
    }
    whole(command.quantity).map(drop)
}

pub(super) async fn quantity(
    cx: &Context,
    op: &OperationContext,
    command: &ChangeQuantity,
    key: &IdempotencyKey,
) -> Result<Prepared> {
    check_quantity(command)?;
    let target = Target::read(cx, op, &command.subscription).await?;
    if let Some(expected) = command.expected {
        if expected != target.seats {
            let problem = format!("it has {} seats, not {expected}", target.seats);
            return Err(refused("expected", problem));
        }
        target.nothing_under_way(cx, op).await?;
        // That it shows already makes an order needless only where the caller relies on it: reads can lag.
        if expected == command.quantity {
            return Ok(target.nothing_to_change(simulated()));
        }
    }
    let item = target.item(command.quantity)?;
    let mut plan = simulated().with_change(target.change("quantity", target.seats, command.quantity));
    plan.cost = target.record.cost.and_then(|cost| {
        let amount = cost.checked_mul(command.quantity)?;
        Some(map::subscription::price(&target.record, cx.currency(), amount).flat())
    });
    if command.quantity < target.seats {
        plan.warnings.extend(too_late(cx, &target.record));
    }
    plan.reducible.push(target.reducible(cx));
    Ok(target.order(item, key, plan))
}

/// Vendors refuse reductions and cancellations after a while; the refusal comes with the order.
fn too_late(cx: &Context, record: &Subscription) -> Option<String> {
    let until = record.cancellation_allowed_until_date?;
    (cx.now() > until).then(|| {
        format!("reductions and cancellations were allowed until {until}: the vendor will probably refuse")
    })
}

/// Whether it shall renew, or what is wrong with the command without asking anybody.
pub(super) fn check_renewal(command: &ChangeRenewal) -> Result<bool> {
    let unknown = [
        ("quantity", !command.quantity.is_keep()),
        ("commitment_term", !command.commitment_term.is_keep()),
        ("billing_cycle", !command.billing_cycle.is_keep()),
        ("product", !command.product.is_keep()),
        ("offer", !command.offer.is_keep()),
        ("ends_at", !command.ends_at.is_keep()),
    ];
    if let Some((field, _)) = unknown.into_iter().find(|(_, set)| *set) {
        let problem = "ION turns the renewal on and off; it does not change the next term";
        return Err(Error::invalid_input(field, problem).with_provider(crate::KIND));
    }
    command.auto_renew.ok_or_else(|| {
        Error::invalid_input("auto_renew", "say whether it shall renew").with_provider(crate::KIND)
    })
}

pub(super) async fn renewal(
    cx: &Context,
    op: &OperationContext,
    command: &ChangeRenewal,
    key: &IdempotencyKey,
) -> Result<Prepared> {
    let on = check_renewal(command)?;
    let target = Target::read(cx, op, &command.subscription).await?;
    target.nothing_under_way(cx, op).await?;
    let plan = simulated().with_change(target.change("auto_renew", said(target.record.auto_renew), on));
    let item = target.item(target.seats)?.with_attribute(RENEWAL, setting(on));
    Ok(target.order(item, key, plan))
}

pub(in crate::provider::write) const fn setting(on: bool) -> &'static str {
    if on { "auto-on" } else { "auto-off" }
}

fn said(flag: Option<bool>) -> String {
    flag.map_or_else(|| "unknown".to_owned(), |flag| flag.to_string())
}

pub(super) async fn status(
    cx: &Context,
    op: &OperationContext,
    subscription: &SubscriptionId,
    wanted: &'static str,
    key: &IdempotencyKey,
) -> Result<Prepared> {
    let target = Target::read(cx, op, subscription).await?;
    target.nothing_under_way(cx, op).await?;
    let plan = simulated().with_change(target.change("status", target.status(), wanted));
    let item = target.item(target.seats)?.with_attribute(STATUS, wanted);
    Ok(target.order(item, key, plan))
}

/// What is wrong with a cancellation without asking anybody.
pub(super) fn check_cancel(command: &CancelSubscription) -> Result<()> {
    match command.effective {
        Effective::Now | Effective::TermEnd => Ok(()),
        _ => Err(Error::invalid_input("effective", "ION ends a subscription at once or with its term")
            .with_provider(crate::KIND)),
    }
}

pub(super) async fn cancel(
    cx: &Context,
    op: &OperationContext,
    command: &CancelSubscription,
    key: &IdempotencyKey,
) -> Result<Prepared> {
    check_cancel(command)?;
    match command.effective {
        Effective::Now => {
            let target = Target::read(cx, op, &command.subscription).await?;
            let mut plan = simulated().with_change(target.change("status", target.status(), DELETED));
            plan.warnings.extend(too_late(cx, &target.record));
            let item = target.item(target.seats)?.with_attribute(STATUS, DELETED);
            Ok(target.order(item, key, plan))
        }
        // It ends with its term when it does not renew.
        _ => {
            let mut renewal_off = ChangeRenewal::new(command.subscription.clone());
            renewal_off.auto_renew = Some(false);
            renewal(cx, op, &renewal_off, key).await
        }
    }
}
