//! Orders: those that the service keeps of purchase requests, and new commerce orders by what they became.

use chrono::{DateTime, Utc};
use provider_core::model::{Detail, OrderLine, OrderStatus, Raw};
use provider_core::{CustomerId, ItemError, Order, OrderId, Subscription};
use rust_decimal::Decimal;

use super::offer::{Choice, cycle as named};
use super::subscription::{is_odd_term, term};
use super::{filled, told};
use crate::model::{PurchaseLineError, PurchaseRequestOrder};

/// A processed purchase request. The service numbers orders by tenant, so the id holds both.
pub(crate) fn purchase(
    wire: PurchaseRequestOrder,
    raw: Option<Raw>,
    now: DateTime<Utc>,
) -> Result<Order, ItemError> {
    let missing = |member: &str| ItemError::new(member, "is missing");
    let tenant = wire.reseller_customer_id.and_then(told).ok_or_else(|| missing("ResellerCustomerId"))?;
    let number = filled(wire.external_order_id).ok_or_else(|| missing("ExternalOrderId"))?;
    let mut order = Order::new(OrderId::composite([tenant.as_str(), number.as_str()]), tenant.as_str());
    let failed = |line: &OrderLine| line.error.is_some();
    order.lines = wire
        .order_lines
        .into_iter()
        .map(|line| {
            let mut shown = OrderLine::without_quantity();
            shown.quantity = line.quantity.map(Decimal::from);
            let part_number = line.part_number();
            let cycle = line.billing_cycle.filter(|cycle| named(cycle.for_subscriptions(), false).is_some());
            let told = cycle.filter(|_| !is_odd_term(line.term_duration.as_ref()));
            shown.offer = part_number.clone().zip(told).map(|(part_number, cycle)| {
                let term = term(line.term_duration.as_ref());
                Choice { part_number, term, cycle: cycle.for_subscriptions() }.id()
            });
            // The catalog's own ids are others: `Product::id` is the `UniqueId` of a price.
            shown.sku = part_number;
            shown.error = refusal(line.errors);
            shown
        })
        .collect();
    let refused = !wire.errors.is_empty();
    order.status = if refused || (!order.lines.is_empty() && order.lines.iter().all(failed)) {
        OrderStatus::Failed
    } else if order.lines.iter().any(failed) {
        OrderStatus::Partial
    } else if wire.scheduled_purchase_date.is_some_and(|day| day > now) {
        OrderStatus::Pending
    } else {
        OrderStatus::Completed
    };
    order.detail = Detail::Full;
    order.raw = raw;
    Ok(order)
}

/// What is wrong with a line; one that is refused without a word is refused all the same.
fn refusal(errors: Vec<PurchaseLineError>) -> Option<String> {
    let refused = !errors.is_empty();
    let told =
        errors.into_iter().find_map(|error| filled(error.description).or_else(|| filled(error.reason_code)));
    told.or_else(|| refused.then(|| "no reason was given".to_owned()))
}

/// A new commerce order, from the subscriptions that it became; none yet means that it is being carried out.
pub(crate) fn new_commerce(id: OrderId, customer: CustomerId, became: &[Subscription]) -> Order {
    let mut order = Order::new(id, customer);
    order.status = if became.is_empty() { OrderStatus::InProgress } else { OrderStatus::Completed };
    order.lines = became
        .iter()
        .map(|subscription| {
            let mut line = OrderLine::without_quantity();
            line.quantity = subscription.quantity;
            line.sku.clone_from(&subscription.product.sku);
            line.offer.clone_from(&subscription.offer);
            line.status = Some(OrderStatus::Completed);
            line.subscription = Some(subscription.id.clone());
            line
        })
        .collect();
    order.created_at = became.iter().filter_map(|subscription| subscription.created_at).min();
    order.detail = Detail::Full;
    order
}
