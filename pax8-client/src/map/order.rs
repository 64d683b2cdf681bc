//! Orders, whose statuses are derived from the subscriptions of their lines.

use std::collections::HashMap;

use provider_core::model::{Detail, OfferId, OrderLine, OrderStatus, Raw};
use provider_core::{ItemError, Order, ProductId, SubscriptionId};

use super::offer::OfferKey;
use super::{needed, said, says};
use crate::model::{self, SubscriptionStatus as Wire};

pub(crate) const FIELDS: [&str; 7] = ["id", "customer", "status", "lines", "created_at", "detail", "raw"];

/// What is known of a subscription for the sake of its order.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    status: Option<Wire>,
    billed: bool,
}

impl Progress {
    pub(crate) fn of(subscription: &model::Subscription) -> Self {
        let status = subscription.status.clone().filter(|word| says(word.as_str()));
        Self { status, billed: subscription.billing_start.is_some() }
    }

    fn order_status(&self) -> Option<OrderStatus> {
        Some(match self.status.as_ref()? {
            Wire::Active | Wire::Activated | Wire::Trial | Wire::Converted | Wire::PendingCancel => {
                OrderStatus::Completed
            }
            // What was billed had been delivered; what never was is an order that came to nothing.
            Wire::Cancelled if self.billed => OrderStatus::Completed,
            Wire::Cancelled => OrderStatus::Cancelled,
            Wire::PendingAutomated | Wire::PendingActivation => OrderStatus::InProgress,
            Wire::PendingManual | Wire::WaitingForDetails => OrderStatus::OnHold,
            other => OrderStatus::Other(other.as_str().to_owned()),
        })
    }
}

/// Subscriptions by id, in small letters: UUIDs come in either case.
pub(crate) type Known = HashMap<String, Progress>;

/// An order without the statuses of itself and its lines: [`tell`] adds them.
pub(crate) fn order(from: model::Order, raw: Option<Raw>, detail: Detail) -> Result<Order, ItemError> {
    let id = needed(from.id, "id")?;
    let mut order = Order::new(id, needed(from.company_id, "companyId")?);
    order.created_at = from.created_date.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|at| at.and_utc());
    for line in from.line_items {
        let mut row = OrderLine::without_quantity();
        row.quantity = line.quantity;
        row.offer = offer_id(&line);
        row.product = said(line.product_id).map(ProductId::from);
        row.subscription = said(line.subscription_id).map(SubscriptionId::from);
        order.lines.push(row);
    }
    order.detail = detail;
    order.raw = raw;
    Ok(order)
}

/// Adds the statuses of an order and its lines.
pub(crate) fn tell(order: &mut Order, known: &Known) {
    for line in &mut order.lines {
        line.status = match &line.subscription {
            None => Some(OrderStatus::Pending),
            Some(id) => known.get(&id.as_str().to_ascii_lowercase()).and_then(Progress::order_status),
        };
    }
    order.status = overall(&order.lines);
}

fn offer_id(line: &model::LineItem) -> Option<OfferId> {
    let key = OfferKey {
        product: said(line.product_id.clone())?,
        billing_term: line.billing_term.as_ref().filter(|term| says(term.as_str()))?.to_order(),
        commitment: said(line.commitment_term_id.clone()),
    };
    Some(key.id())
}

/// The status of an order as a whole: the least advanced of its lines decides, and what waits for a person
/// comes first.
fn overall(lines: &[OrderLine]) -> OrderStatus {
    let has = |status: &OrderStatus| lines.iter().any(|line| line.status.as_ref() == Some(status));
    if lines.is_empty() || lines.iter().any(|line| line.status.is_none()) {
        return OrderStatus::default();
    }
    if let Some(odd) = lines.iter().find_map(|line| match &line.status {
        Some(OrderStatus::Other(text)) => Some(text.clone()),
        _ => None,
    }) {
        return OrderStatus::Other(odd);
    }
    for status in [OrderStatus::OnHold, OrderStatus::InProgress, OrderStatus::Pending] {
        if has(&status) {
            return status;
        }
    }
    match (has(&OrderStatus::Completed), has(&OrderStatus::Cancelled)) {
        (true, true) => OrderStatus::Partial,
        (false, true) => OrderStatus::Cancelled,
        _ => OrderStatus::Completed,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn told(json: &str, known: &Known) -> OrderStatus {
        let mut order = order(serde_json::from_str(json).unwrap(), None, Detail::Full).unwrap();
        tell(&mut order, known);
        order.status
    }

    fn status(states: &[(&str, bool)]) -> OrderStatus {
        let mut known = Known::new();
        let mut lines = Vec::new();
        for (at, (state, billed)) in states.iter().enumerate() {
            let id = format!("s{at}");
            lines.push(format!(r#"{{"productId":"p","quantity":1,"subscriptionId":"{id}"}}"#));
            known.insert(id, Progress { status: Some(Wire::from(*state)), billed: *billed });
        }
        let json = format!(
            r#"{{"id":"o","companyId":"c","createdDate":"2026-03-01","lineItems":[{}]}}"#,
            lines.join(",")
        );
        told(&json, &known)
    }

    #[test]
    fn the_lines_decide() {
        assert_eq!(status(&[("Active", true), ("PendingCancel", true)]), OrderStatus::Completed);
        assert_eq!(status(&[("Active", true), ("PendingAutomated", false)]), OrderStatus::InProgress);
        assert_eq!(status(&[("PendingManual", false), ("PendingAutomated", false)]), OrderStatus::OnHold);
        assert_eq!(status(&[("Cancelled", false), ("Active", true)]), OrderStatus::Partial);
        assert_eq!(status(&[("Cancelled", false)]), OrderStatus::Cancelled);
        assert_eq!(status(&[("Cancelled", true)]), OrderStatus::Completed);
        assert_eq!(status(&[("Novel", true)]), OrderStatus::Other("Novel".to_owned()));
        assert_eq!(status(&[]), OrderStatus::default());
    }

    #[test]
    fn a_line_without_subscription_waits() {
        let json = r#"{"id":"o","companyId":"c","lineItems":[{"productId":"p","quantity":1,"subscriptionId":null}]}"#;
        assert_eq!(told(json, &Known::new()), OrderStatus::Pending);
    }
}
