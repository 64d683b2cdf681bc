//! Whether an order that carries a key is the one that a command makes.
//!
//! Told apart by what the answers are known to repeat; what an order does not tell is no difference.

use provider_core::command::Effective;
use provider_core::{Command, IdempotencyKey, NewOrder, NewOrderLine};
use rust_decimal::Decimal;

use crate::map::order::reference;
use crate::map::product::offer_id;
use crate::map::said;
use crate::model::{Order, OrderAction, OrderItem};
use crate::provider::write::prepare::subscription::{ACTIVE, DELETED, RENEWAL, STATUS, SUSPENDED, setting};

/// What the order is, where the command makes another; for people.
pub(super) fn difference(command: &Command, key: &IdempotencyKey, order: &Order) -> Option<String> {
    match command {
        Command::PlaceOrder(place) => of_purchase(&place.order, key, order),
        Command::ChangeQuantity(change) => {
            let item = order.order_items.first()?;
            of_change(order, None).or_else(|| of_quantity(item, change.quantity))
        }
        Command::ChangeRenewal(change) => of_change(order, Some((RENEWAL, setting(change.auto_renew?)))),
        Command::Suspend(_) => of_change(order, Some((STATUS, SUSPENDED))),
        Command::Resume(_) => of_change(order, Some((STATUS, ACTIVE))),
        Command::CancelSubscription(cancel) => match cancel.effective {
            Effective::Now => of_change(order, Some((STATUS, DELETED))),
            _ => of_change(order, Some((RENEWAL, setting(false)))),
        },
        _ => None,
    }
}

fn of_purchase(wanted: &NewOrder, key: &IdempotencyKey, order: &Order) -> Option<String> {
    let items = &order.order_items;
    if items.is_empty() {
        return None;
    }
    if items.iter().any(|item| item.action == Some(OrderAction::Update)) {
        return Some("it changes a subscription".to_owned());
    }
    let said = order.reference_id.as_deref().unwrap_or_default();
    if said.trim() != reference::of(key, wanted.reference.as_deref()) {
        let own = reference::given(said).filter(|own| *own != reference::of(key, None));
        return Some(own.map_or_else(
            || "it has no reference of yours".to_owned(),
            |own| format!("its reference is `{own}`"),
        ));
    }
    if items.len() != wanted.lines.len() {
        return Some(format!("it has {} lines", items.len()));
    }
    wanted.lines.iter().enumerate().find_map(|(index, line)| {
        // Items carry the number of their line; where that is not told, they come in the order of the lines.
        let numbered = format!("{}-{}", reference::of(key, None), index + 1);
        let by_number = items.iter().find(|item| item.reference_id.as_deref() == Some(numbered.as_str()));
        let item = by_number.or_else(|| items.get(index))?;
        of_line(line, item).map(|difference| format!("line {index}: {difference}"))
    })
}

fn of_line(line: &NewOrderLine, item: &OrderItem) -> Option<String> {
    let another = |told: &str, wanted: &str| !told.eq_ignore_ascii_case(wanted);
    let product = said(item.product_id.as_ref());
    if let Some(product) = product.filter(|product| another(product.as_str(), line.product.as_str())) {
        return Some(format!("it buys {product}"));
    }
    let named = said(item.sku_id.as_ref()).zip(said(item.plan_id.as_ref()));
    let offer = named.map(|(sku, plan)| offer_id(&sku, &plan));
    if let (Some(offer), Some(wanted)) = (offer, &line.offer)
        && another(offer.as_str(), wanted.as_str())
    {
        return Some(format!("it buys {offer}"));
    }
    of_quantity(item, line.quantity)
}

fn of_quantity(item: &OrderItem, wanted: Decimal) -> Option<String> {
    let quantity = item.quantity.filter(|quantity| *quantity != wanted)?;
    Some(format!("its quantity is {quantity}"))
}

/// A change of one subscription, by the attribute that only it has; a change of seats has none.
fn of_change(order: &Order, wanted: Option<(&str, &str)>) -> Option<String> {
    let item = order.order_items.first()?;
    if item.action == Some(OrderAction::Create) || order.order_items.len() > 1 {
        return Some("it buys something".to_owned());
    }
    if item.attributes.is_empty() {
        return None;
    }
    let set = item.attributes.iter().find(|attribute| [RENEWAL, STATUS].contains(&attribute.name.as_str()));
    match (set, wanted) {
        (None, None) => None,
        (None, Some(_)) => Some("it changes the seats".to_owned()),
        (Some(set), Some((name, value))) if set.name == name && set.value.eq_ignore_ascii_case(value) => None,
        (Some(set), _) => Some(format!("it sets {} to {}", set.name, set.value)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_blank_id_tells_nothing() {
        let mut line = NewOrderLine::new("p", 5);
        line.offer = Some("s/q".into());
        let told = |ids: &str| {
            let item: OrderItem = serde_json::from_str(&format!("{{{ids}}}")).unwrap();
            of_line(&line, &item)
        };
        assert_eq!(told(r#""productId":"","skuId":"","planId":"""#), None);
        assert_eq!(told(r#""productId":"p","skuId":"s","planId":"q""#), None);
        for other in [r#""productId":"o""#, r#""productId":"p","skuId":"s","planId":"r""#] {
            assert!(told(other).is_some(), "{other}");
        }
    }
}
