//! Amounts: what they are for, how often they are paid, and what they add up to.

use std::collections::BTreeMap;

use provider_core::model::{InvoiceSide, PricePer};
use provider_core::{BillingCycle, Invoice, InvoiceLine, Price};
use rust_decimal::Decimal;

use super::Found;
use crate::conformance::verdict::Verdict;
use crate::conformance::world::World;

/// The lines of a document add up to it. Distributors state totals with and without the tax and the fee of a line, so
/// each of these sums is one.
pub(super) fn lines_add_up(world: &World) -> Verdict {
    let mut lines: BTreeMap<&str, Vec<&InvoiceLine>> = BTreeMap::new();
    for line in &world.invoice_lines.records {
        lines.entry(line.invoice.as_str()).or_default().push(line);
    }
    let mut found = Found::default();
    for invoice in &world.invoices.records {
        let Some(lines) = lines.get(invoice.id.as_str()) else { continue };
        if let Some((sums, total)) = sums(invoice, lines) {
            found.check(sums.contains(&total), || {
                format!("the lines of `{}` add up to {} and not to {total}", invoice.id, listed(&sums))
            });
        }
    }
    found.verdict("documents whose lines all have amounts")
}

fn listed(sums: &[Decimal]) -> String {
    sums.iter().map(Decimal::to_string).collect::<Vec<_>>().join(" or ")
}

/// What the lines may add up to, and what the document says. `None` where a line has no amount, or one that cannot be
/// added to the others.
fn sums(invoice: &Invoice, lines: &[&InvoiceLine]) -> Option<(Vec<Decimal>, Decimal)> {
    let total = invoice.total.as_ref()?;
    let mut sums = [Decimal::ZERO; 4];
    for line in lines {
        let main =
            if invoice.side == InvoiceSide::Payable { line.cost.as_ref()? } else { line.sale.as_ref()? };
        let extra = |price: &Option<Price>| price.as_ref().map(|price| price.amount).unwrap_or_default();
        if main.currency != total.currency || main.per != PricePer::Flat {
            return None;
        }
        let (tax, fee) = (extra(&line.tax), extra(&line.fee));
        let parts = [main.amount, main.amount + tax, main.amount + fee, main.amount + tax + fee];
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
    }
    Some((sums.to_vec(), total.amount))
}

/// A line with an id stands on one document.
pub(super) fn of_one_document(world: &World) -> Verdict {
    let mut found = Found::default();
    let mut documents: BTreeMap<&str, &str> = BTreeMap::new();
    for line in &world.invoice_lines.records {
        let Some(id) = &line.id else { continue };
        let first = *documents.entry(id.as_str()).or_insert(line.invoice.as_str());
        found.check(first == line.invoice.as_str(), || {
            format!("line `{id}` stands on `{first}` and on `{}`", line.invoice)
        });
    }
    found.verdict("lines with an id")
}

/// Every price says for how long it pays where one pays again and again, and amounts of lines are for the whole line.
pub(super) fn prices_are_timed(world: &World) -> Verdict {
    let mut found = Found::default();
    let all = &mut found;
    for product in &world.products.records {
        for offer in &product.offers {
            let from = format!("offer `{}`", offer.id);
            let cycle = offer.billing_cycle.as_ref();
            let of_tiers =
                offer.tiers.iter().flat_map(|tier| [tier.cost.as_ref(), tier.suggested_retail.as_ref()]);
            let own = [offer.cost.as_ref(), offer.suggested_retail.as_ref()];
            for price in own.into_iter().chain(of_tiers).flatten() {
                timed(all, &from, price, cycle, offer.commitment_term.is_some());
            }
        }
    }
    for subscription in &world.subscriptions.records {
        let from = format!("subscription `{}`", subscription.id);
        let cycle = subscription.billing_cycle.as_ref();
        for price in [&subscription.cost, &subscription.customer_price].into_iter().flatten() {
            timed(all, &from, price, cycle, subscription.commitment_term.is_some());
        }
    }
    for line in &world.invoice_lines.records {
        for price in [&line.cost, &line.sale, &line.tax, &line.fee].into_iter().flatten() {
            whole(all, &format!("a line of `{}`", line.invoice), price);
        }
    }
    for record in &world.usage.records {
        for price in [&record.cost, &record.sale].into_iter().flatten() {
            whole(all, "a usage record", price);
        }
    }
    found.verdict("prices")
}

fn timed(found: &mut Found, from: &str, price: &Price, cycle: Option<&BillingCycle>, committed: bool) {
    named(found, from, price);
    let Some(cycle) = cycle else { return };
    let again = cycle.period().is_some();
    found.check(!again || price.period.is_some(), || {
        format!("{from} is paid {cycle}, and its price {} does not say for how long it pays", price.amount)
    });
    let once = *cycle == BillingCycle::OneTime && !committed;
    found.check(!once || price.period.is_none(), || {
        format!("{from} is bought once, and its price {} is for a time", price.amount)
    });
}

fn whole(found: &mut Found, from: &str, price: &Price) {
    named(found, from, price);
    found.check(price.per == PricePer::Flat && price.period.is_none(), || {
        format!("{from} has the amount {}, which is not for the whole of it", price.amount)
    });
}

/// What was sent for a currency is kept only where it is none.
fn named(found: &mut Found, from: &str, price: &Price) {
    found.check(price.currency.is_none() || price.currency_as_sent.is_none(), || {
        format!("{from} has a currency and a text that is none")
    });
}
