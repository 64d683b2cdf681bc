//! Was an order carried out?

use std::collections::BTreeMap;
use std::time::Duration;

use provider_core::{
    LineOutcome, LineReceipt, NewOrder, NewOrderLine, OrderId, Parent, Receipt, Reconciliation, Result,
};

use crate::map::offer::{Choice, wire_cycle};
use crate::map::subscription::seats;
use crate::model::PurchaseRequestOrder;
use crate::provider::context::Context;
use crate::provider::context::refusal::number;
use crate::provider::write::baseline::Possessions;
use crate::provider::write::baseline::owned::{Goods, Holding, goods_of, holdings_of, purchases_of};
use crate::provider::write::prepare::order::resolve::part_number;

/// What a customer has now and had not before.
struct Fresh {
    holdings: Vec<Holding>,
    purchases: BTreeMap<String, PurchaseRequestOrder>,
}

impl Fresh {
    fn is_empty(&self) -> bool {
        self.holdings.is_empty() && self.purchases.is_empty()
    }

    /// Takes out what fits a line. A legacy offer may show as both, a purchase request and its subscription.
    fn take(&mut self, customer: &str, at: usize, wanted: &Goods) -> Option<LineReceipt> {
        let holding = self.holdings.iter().position(|known| wanted.fit(&known.goods));
        let holding = holding.map(|found| self.holdings.remove(found));
        let fits = |order: &&PurchaseRequestOrder| goods_of(order).is_some_and(|found| wanted.fit(&found));
        let purchase = self.purchases.iter().find(|(_, order)| fits(order)).map(|(number, _)| number.clone());
        if let Some(number) = &purchase {
            self.purchases.remove(number);
        }
        let outcome = match (&holding, &purchase) {
            (None, None) => return None,
            (None, Some(_)) => LineOutcome::Accepted,
            (Some(_), _) => LineOutcome::Applied,
        };
        let mut receipt = LineReceipt::new(at, outcome);
        receipt.subscription = holding.map(|found| found.id.to_string().into());
        receipt.order = purchase.map(|number| OrderId::composite([customer, number.as_str()]));
        Some(receipt)
    }
}

/// An order is judged by what is new: subscriptions, add-ons, purchase requests. Only if they match every line
/// is it called done; that there are none proves nothing, because orders are carried out later and those of new
/// commerce are not listed.
pub(super) async fn order(
    cx: &Context,
    order: &NewOrder,
    before: &Possessions,
    settling: Option<Duration>,
) -> Result<Reconciliation> {
    let tenant = number("customer", &order.customer)?;
    let mut fresh = fresh(cx, tenant, before).await?;
    if fresh.is_empty() {
        let reason = "nothing new has appeared; Cloud-iQ carries orders out later and does not list them";
        return Ok(match settling {
            Some(rest) => Reconciliation::undetermined_until(reason, rest),
            None => Reconciliation::undetermined(reason),
        });
    }
    let mut receipts = Vec::with_capacity(order.lines.len());
    for (at, line) in order.lines.iter().enumerate() {
        let wanted = goods(cx, at, line).await?;
        let Some(receipt) = fresh.take(order.customer.as_str(), at, &wanted) else {
            return Ok(Reconciliation::undetermined(format!(
                "nothing of what has appeared fits line {at} of the order"
            )));
        };
        receipts.push(receipt);
    }
    if !fresh.is_empty() {
        return Ok(Reconciliation::undetermined(
            "more has appeared than the order has lines: somebody else bought as well",
        ));
    }
    Ok(match Receipt::from_lines(receipts) {
        Some(receipt) => Reconciliation::Applied(receipt.with_customer(&order.customer)),
        None => Reconciliation::undetermined("the order has no lines"),
    })
}

async fn fresh(cx: &Context, tenant: i64, before: &Possessions) -> Result<Fresh> {
    let mut holdings = holdings_of(cx, tenant).await?;
    holdings.retain(|known| !before.subscriptions.contains(&known.id));
    let mut purchases = match &before.purchases {
        Some(_) => purchases_of(cx, tenant).await?,
        None => BTreeMap::new(),
    };
    purchases.retain(|number, _| !before.purchases.iter().flatten().any(|known| known == number));
    Ok(Fresh { holdings, purchases })
}

async fn goods(cx: &Context, at: usize, line: &NewOrderLine) -> Result<Goods> {
    let offer = line.offer.as_ref().and_then(|offer| Choice::parse("offer", offer).ok());
    let parent = match &line.parent {
        Some(Parent::Subscription(id)) => Some(number("parent", id)?),
        _ => None,
    };
    Ok(Goods {
        part_number: part_number(cx, at, line).await?,
        seats: seats("quantity", line.quantity)?,
        term: offer.as_ref().map_or(line.commitment_term, |choice| choice.term),
        cycle: offer.map(|choice| choice.cycle).or_else(|| line.billing_cycle.as_ref().and_then(wire_cycle)),
        parent,
    })
}
