//! What an answer means, line by line.

use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{NewOrderLine, OrderId, Outcome, Receipt, SubscriptionId};

use crate::map::offer::OfferKey;
use crate::map::term;
use crate::model::{LineItem, Order};

/// The receipt of a change of one subscription.
pub(in crate::provider::write) fn of_change(subscription: &SubscriptionId, outcome: LineOutcome) -> Receipt {
    let mut line = LineReceipt::new(0, outcome);
    line.subscription = Some(subscription.clone());
    let whole = if outcome == LineOutcome::Applied { Outcome::Applied } else { Outcome::Accepted };
    Receipt::new(whole).with_line(line)
}

/// The receipt of an order that Pax8 answered with. Numbers of lines do not come back, so lines are found
/// by what they say, and by their place where that decides nothing.
pub(in crate::provider::write) fn of_order(order: &Order, lines: &[NewOrderLine]) -> Receipt {
    let found = pairs(order, lines);
    let mut receipt = Receipt::new(Outcome::Accepted);
    for (index, item) in found.into_iter().enumerate() {
        let item =
            item.or_else(|| order.line_items.get(index).filter(|item| is_like(item, lines.get(index))));
        receipt = receipt.with_line(line(order, index, item));
    }
    receipt
}

/// The receipt if every line is there and nothing else: what tells a lost order from somebody else's.
pub(in crate::provider::write) fn matched(order: &Order, lines: &[NewOrderLine]) -> Option<Receipt> {
    if order.line_items.len() != lines.len() {
        return None;
    }
    let mut receipt = Receipt::new(Outcome::Accepted);
    for (index, item) in pairs(order, lines).into_iter().enumerate() {
        receipt = receipt.with_line(line(order, index, Some(item?)));
    }
    Some(receipt)
}

fn line(order: &Order, index: usize, item: Option<&LineItem>) -> LineReceipt {
    let mut line = LineReceipt::new(index, LineOutcome::Accepted);
    line.order = order.id.as_deref().map(OrderId::from);
    line.subscription = item.and_then(|item| item.subscription_id.as_deref()).map(SubscriptionId::from);
    line
}

/// For each line the item that says the same, each item at most once.
fn pairs<'a>(order: &'a Order, lines: &[NewOrderLine]) -> Vec<Option<&'a LineItem>> {
    let mut free: Vec<Option<&LineItem>> = order.line_items.iter().map(Some).collect();
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let fits = |item: &Option<&LineItem>| item.is_some_and(|item| is_like(item, Some(line)));
            let at = match free.get(index) {
                Some(item) if fits(item) => Some(index),
                _ => free.iter().position(fits),
            };
            free.get_mut(at?)?.take()
        })
        .collect()
}

fn is_like(item: &LineItem, line: Option<&NewOrderLine>) -> bool {
    let Some(line) = line else { return false };
    let key = line.offer.as_ref().and_then(OfferKey::parse);
    let same_term = |wanted: &provider_core::BillingCycle| {
        item.billing_term.as_ref().is_none_or(|term| term::billing_cycle(term) == *wanted)
    };
    item.product_id.as_deref() == Some(line.product.as_str())
        && item.quantity == Some(line.quantity)
        && line.billing_cycle.as_ref().is_none_or(same_term)
        && key.is_none_or(|key| {
            item.billing_term.as_ref().is_none_or(|term| term.to_order() == key.billing_term)
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

    use rust_decimal::Decimal;

    use super::*;

    fn order() -> Order {
        serde_json::from_str(
            r#"{"id":"o","lineItems":[
                {"productId":"b","quantity":2,"subscriptionId":"s-b"},
                {"productId":"a","quantity":1,"subscriptionId":"s-a"}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn lines_are_found_by_what_they_say() {
        let lines = [NewOrderLine::new("a", Decimal::ONE), NewOrderLine::new("b", Decimal::TWO)];
        let receipt = matched(&order(), &lines).unwrap();
        let found: Vec<_> = receipt.lines.iter().map(|l| l.subscription.as_ref().unwrap().as_str()).collect();
        assert_eq!(found, ["s-a", "s-b"]);
    }

    #[test]
    fn another_order_does_not_match() {
        assert!(matched(&order(), &[NewOrderLine::new("a", Decimal::ONE)]).is_none());
        let other = [NewOrderLine::new("a", Decimal::ONE), NewOrderLine::new("b", Decimal::ONE)];
        assert!(matched(&order(), &other).is_none());
        let twice = [NewOrderLine::new("a", Decimal::ONE), NewOrderLine::new("a", Decimal::ONE)];
        assert!(matched(&order(), &twice).is_none());
    }
}
