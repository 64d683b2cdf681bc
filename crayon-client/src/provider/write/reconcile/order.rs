//! Reconciliation of an order: whether it was carried out.

use std::collections::BTreeMap;

use provider_core::judge::{LineFate, agreed_list};
use provider_core::model::Parent;
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{NewOrder, NewOrderLine, OrderId, Receipt, Reconciliation, Result};

use super::{Lost, found};
use crate::map::is_guid;
use crate::map::offer::{Choice, wire_cycle};
use crate::map::subscription::seats;
use crate::model::PurchaseRequestOrder;
use crate::provider::context::Context;
use crate::provider::context::refusal::number;
use crate::provider::write::baseline::Possessions;
use crate::provider::write::baseline::owned::{Goods, Holding, goods_of, holdings_of, purchases_of};
use crate::provider::write::prepare::order::resolve::part_number;

/// What a customer has now and had not before.
#[derive(Default)]
struct Fresh {
    holdings: Vec<Holding>,
    purchases: BTreeMap<String, PurchaseRequestOrder>,
}

impl Fresh {
    /// The inner error says why nothing is proven by what is there.
    async fn read(cx: &Context, tenant: i64, before: &Possessions) -> Result<Result<Self, Reconciliation>> {
        let known = before.subscriptions.iter().map(ToString::to_string);
        let mut holdings = match agreed_list("subscriptions", known, || holdings_of(cx, tenant)).await? {
            Ok(holdings) => holdings,
            Err(undetermined) => return Ok(Err(undetermined)),
        };
        holdings.retain(|_, known| !before.subscriptions.contains(&known.id));
        let holdings = holdings.into_values().collect();
        let Some(known) = &before.purchases else {
            return Ok(Ok(Self { holdings, purchases: BTreeMap::new() }));
        };
        let read = || purchases_of(cx, tenant);
        let mut purchases = match agreed_list("purchase requests", known.iter().cloned(), read).await? {
            Ok(purchases) => purchases,
            Err(undetermined) => return Ok(Err(undetermined)),
        };
        purchases.retain(|number, _| !known.contains(number));
        Ok(Ok(Self { holdings, purchases }))
    }

    /// Takes out what a line became whose answer is known.
    async fn without(&mut self, cx: &Context, answered: &LineReceipt, wanted: &Goods) -> Result<()> {
        if !is_effective(answered) {
            return Ok(());
        }
        let mut became: Vec<String> = answered.subscription.iter().map(|id| id.own().to_owned()).collect();
        if let Some(order) = answered.order.as_ref().map(|order| order.own()) {
            self.purchases.remove(order);
            if became.is_empty() && is_guid(order) {
                let asked = cx.client.subscriptions().of_order(order).await;
                became.extend(asked.unwrap_or_default().into_records().map(|id| id.to_string()));
            }
        }
        let had = self.holdings.len();
        self.holdings.retain(|known| !became.contains(&known.id.to_string()));
        if self.holdings.len() == had && became.is_empty() {
            // It became one that fits, if it became anything yet.
            let fits = self.holdings.iter().position(|known| wanted.fit(&known.goods));
            fits.map(|at| self.holdings.remove(at));
        }
        Ok(())
    }

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
/// commerce are not listed. Each line is a request of its own: what was answered is known, and what was never
/// sent as well.
pub(super) async fn placed(
    lost: &Lost<'_>,
    order: &NewOrder,
    before: &Possessions,
) -> Result<Reconciliation> {
    let fates = lost.attempt.fates(order.lines.len());
    let judged: Vec<bool> = fates.iter().map(|fate| *fate == LineFate::InFlight).collect();
    let in_flight = judged.contains(&true);
    let mut fresh = Fresh::default();
    if in_flight {
        fresh = match Fresh::read(lost.cx, number("customer", &order.customer)?, before).await? {
            Ok(fresh) => fresh,
            Err(undetermined) => return Ok(undetermined),
        };
        for (at, fate) in fates.iter().enumerate() {
            if let (LineFate::Answered(answered), Some(line)) = (fate, order.lines.get(at)) {
                fresh.without(lost.cx, answered, &goods(lost.cx, at, line).await?).await?;
            }
        }
    }
    let mut receipts = Vec::with_capacity(order.lines.len());
    let mut doubt = None;
    for (at, (line, fate)) in order.lines.iter().zip(fates).enumerate() {
        receipts.push(match fate {
            LineFate::Answered(answered) => answered,
            LineFate::InFlight => {
                let wanted = goods(lost.cx, at, line).await?;
                let empty = fresh.is_empty();
                match fresh.take(order.customer.as_str(), at, &wanted) {
                    Some(receipt) => receipt,
                    None => {
                        let why = if empty {
                            "nothing new has appeared; Cloud-iQ carries orders out later and does not list them"
                                .to_owned()
                        } else {
                            format!("nothing of what has appeared fits lines[{at}] of the order")
                        };
                        doubt.get_or_insert(why.clone());
                        LineReceipt::in_doubt(at, &why)
                    }
                }
            }
            _ => LineReceipt::never_sent(at),
        });
    }
    if doubt.is_none() && !fresh.is_empty() {
        let why = "more has appeared than the order has lines: somebody else bought as well";
        for (receipt, _) in receipts.iter_mut().zip(judged).filter(|(_, judged)| *judged) {
            *receipt = LineReceipt::in_doubt(receipt.line, why);
        }
        doubt = Some(why.to_owned());
    }
    let known = lost.attempt.steps.iter().any(|step| step.line.as_ref().is_some_and(is_effective));
    match (doubt, Receipt::from_lines(receipts)) {
        // What was answered is said, once the rest cannot change any more.
        (Some(why), receipt) if !known || receipt.is_none() || lost.is_settling() => Ok(lost.unproven(why)),
        (_, Some(receipt)) => {
            let receipt = receipt.with_customer(&order.customer);
            Ok(if in_flight { found(receipt) } else { Reconciliation::Applied(receipt) })
        }
        (_, None) => Ok(lost.absent("every line that was sent was refused")),
    }
}

fn is_effective(line: &LineReceipt) -> bool {
    matches!(line.outcome, LineOutcome::Applied | LineOutcome::Accepted)
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
