//! Orders: what each line means, whether it can be sold to this customer, and the call that buys it.

mod add_on;
mod attributes;
pub(in crate::provider::write) mod buyer;
pub(super) mod cancel;
mod cart;
mod line;
pub(in crate::provider::write) mod resolve;

use provider_core::judge::{Reducible, ReducibleUntil};
use provider_core::model::PricePer;
use provider_core::receipt::Change;
use provider_core::{NewOrder, Plan, Price, Result};
use rust_decimal::Decimal;

use self::resolve::{Bought, Resolved};
use super::prepared::{Prepared, simulated};
use crate::model::{
    CustomerTenantReference, NewAddOn, NewCommerceOrder, NewSubscription, ProductReference, TermDuration,
};
use crate::provider::context::Context;
use crate::provider::write::send::call::{Purchase, Send};

/// Days in which seats of new commerce can be given back.
const WINDOW: u32 = 7;

pub(super) async fn place(cx: &Context, order: &NewOrder) -> Result<Prepared> {
    buyer::check(cx, order)?;
    let (tenant, organization) = buyer::buyer(cx, order).await?;
    let mut resolved = Vec::with_capacity(order.lines.len());
    for (at, line) in order.lines.iter().enumerate() {
        resolved.push(resolve::resolve(cx, (tenant, organization), at, line).await?);
    }
    for (at, line) in resolved.iter().enumerate() {
        buyer::check_way(cx, tenant, order, at, line).await?;
        buyer::check_end(cx, (tenant, organization), at, line).await?;
    }
    if resolved.iter().any(|line| matches!(line.bought, Bought::NewCommerce | Bought::AzurePlan)) {
        buyer::check_consent(cx, tenant).await?;
    }
    let mut lines = Vec::with_capacity(resolved.len());
    for line in &resolved {
        lines.push(purchase(cx, tenant, order, line).await?);
    }
    let send = Send::Order { customer: order.customer.clone(), lines };
    Ok(Prepared { plan: plan(tenant, &resolved), send })
}

/// The call that buys a line.
async fn purchase(cx: &Context, tenant: i64, order: &NewOrder, line: &Resolved) -> Result<Purchase> {
    let part_number = Some(line.choice.part_number.clone());
    Ok(match &line.bought {
        Bought::NewCommerce => Purchase::NewCommerce(NewCommerceOrder {
            customer_tenant_id: Some(tenant),
            part_number,
            billing_cycle: Some(line.cycle),
            term_duration: line.choice.term.map(|term| TermDuration::from(term.to_string())),
            quantity: Some(line.seats),
            custom_term_end_date: line.attributes.custom_end.map(|end| end.at()),
            scheduled_date: order.effective,
        }),
        Bought::AzurePlan => Purchase::Subscription(NewSubscription {
            name: Some(line.name.clone()),
            customer_tenant: Some(CustomerTenantReference { id: tenant, ..Default::default() }),
            product: Some(ProductReference { part_number, ..Default::default() }),
            quantity: Some(line.seats),
            ..Default::default()
        }),
        Bought::Cart => Purchase::Cart(cart::verified(cx, tenant, order, line).await?),
        Bought::AddOn { parent, known } => Purchase::AddOn {
            parent: *parent,
            known: known.clone(),
            add_on: NewAddOn { quantity: Some(line.seats), offer_id: part_number, ..Default::default() },
        },
    })
}

/// New commerce can be given back in the vendor's first days. What the documents do not say of the others is
/// not known.
fn reducible(line: &Resolved) -> ReducibleUntil {
    match line.bought {
        Bought::NewCommerce => ReducibleUntil::FirstDays(WINDOW),
        _ => ReducibleUntil::Unknown,
    }
}

/// What an order changes, and what it costs where its prices can be added up.
fn plan(tenant: i64, lines: &[Resolved]) -> Plan {
    let mut plan = simulated();
    let mut total: Option<Price> = None;
    let mut comparable = true;
    for (at, line) in lines.iter().enumerate() {
        plan.reducible.push(Reducible::line(at, reducible(line)));
        let what = format!("lines[{at}]: customer {tenant}: {}", line.name);
        plan.changes.push(Change::new(what, None, Some(format!("{} by {}", line.seats, line.choice.id()))));
        let Some(cost) = line.cost.as_ref().filter(|cost| cost.per == PricePer::Unit) else {
            comparable = false;
            continue;
        };
        // What is too large to be added up is no price, and no reason to fail.
        let Some(amount) = cost.amount.checked_mul(Decimal::from(line.seats)) else {
            comparable = false;
            continue;
        };
        match &mut total {
            None => {
                let mut first = cost.clone().flat();
                first.amount = amount;
                total = Some(first);
            }
            // Prices of other currencies or times cannot be added up.
            Some(sum)
                if sum.currency == cost.currency
                    && sum.currency_as_sent == cost.currency_as_sent
                    && sum.period == cost.period =>
            {
                match sum.amount.checked_add(amount) {
                    Some(more) => sum.amount = more,
                    None => comparable = false,
                }
            }
            Some(_) => comparable = false,
        }
    }
    plan.cost = total.filter(|_| comparable);
    plan
}
