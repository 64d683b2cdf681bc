//! Reconciliation of an order: whether it was placed.

use provider_core::judge::agreed_list;
use provider_core::{NewOrder, Reconciliation, Result};

use super::{Lost, found};
use crate::provider::write::send::receipt::matched;
use crate::provider::{orders, subscriptions};

pub(super) async fn placed(
    lost: &Lost<'_>,
    order: &NewOrder,
    known: &[String],
    owned: &[String],
) -> Result<Reconciliation> {
    let company = order.customer.as_str();
    let read = || orders::of_company(lost.cx, lost.op, company);
    let mut new = match agreed_list("orders", known.iter().cloned(), read).await? {
        Ok(orders) => orders,
        Err(undetermined) => return Ok(undetermined),
    };
    new.retain(|id, _| !known.contains(id));
    let new: Vec<_> = new.into_values().collect();
    Ok(match new.as_slice() {
        [] => {
            let now = subscriptions::all_of_company(lost.cx, lost.op, company).await?;
            let grown = now.keys().any(|id| !owned.contains(id));
            lost.unproven(if grown {
                "the company has new subscriptions, but no new order shows"
            } else {
                "no new order shows; that it does not show yet proves nothing"
            })
        }
        [only] => match matched(only, &order.lines) {
            Some(receipt) => found(receipt.with_customer(order.customer.clone())),
            None => lost.unproven("the company has a new order, but of other lines"),
        },
        _ => lost.unproven("the company has several new orders: one of them may be this one"),
    })
}
