//! Every id that names another record is that of a listed one.

use std::collections::BTreeSet;

use provider_core::Query;

use super::Found;
use crate::conformance::listed::{ListedEntity, noun};
use crate::conformance::verdict::Verdict;
use crate::conformance::world::{Reading, World};

/// The ids of a kind; `None` where not all of them were listed.
struct Ids<'a> {
    of: String,
    known: Option<BTreeSet<&'a str>>,
}

impl<'a> Ids<'a> {
    fn of<T: ListedEntity>(reading: &'a Reading<T>) -> Self {
        let whole = reading.missing.is_none() && is_everything(&reading.query);
        Self { of: noun(T::KIND), known: whole.then(|| reading.ids().collect()) }
    }

    fn check(&self, found: &mut Found, from: &str, field: &str, id: Option<&str>) {
        let (Some(known), Some(id)) = (&self.known, id) else { return };
        found.check(known.contains(id), || {
            format!("{from}: `{field}` is `{id}`, and no {} has that id", self.of)
        });
    }
}

/// Whether a query asks for all records, however much of each.
fn is_everything(query: &impl Query) -> bool {
    query.set_fields().iter().all(|field| field.starts_with("with_"))
}

pub(super) fn resolve(world: &World) -> Verdict {
    let customers = Ids::of(&world.customers);
    let products = Ids::of(&world.products);
    let subscriptions = Ids::of(&world.subscriptions);
    let invoices = Ids::of(&world.invoices);
    let mut found = Found::default();
    let all = &mut found;
    for subscription in &world.subscriptions.records {
        let from = format!("subscription `{}`", subscription.id);
        customers.check(all, &from, "customer", Some(subscription.customer.as_str()));
        products.check(all, &from, "product.id", subscription.product.id.as_ref().map(|id| id.as_str()));
        subscriptions.check(all, &from, "parent", subscription.parent.as_ref().map(|id| id.as_str()));
    }
    for order in &world.orders.records {
        let from = format!("order `{}`", order.id);
        customers.check(all, &from, "customer", Some(order.customer.as_str()));
        for line in &order.lines {
            products.check(all, &from, "lines.product", line.product.as_ref().map(|id| id.as_str()));
            let became = line.subscription.as_ref().map(|id| id.as_str());
            subscriptions.check(all, &from, "lines.subscription", became);
        }
    }
    for invoice in &world.invoices.records {
        let from = format!("invoice `{}`", invoice.id);
        customers.check(all, &from, "customer", invoice.customer.as_ref().map(|id| id.as_str()));
    }
    for line in &world.invoice_lines.records {
        let from = format!("a line of invoice `{}`", line.invoice);
        invoices.check(all, &from, "invoice", Some(line.invoice.as_str()));
        customers.check(all, &from, "customer", line.customer.as_ref().map(|id| id.as_str()));
        subscriptions.check(all, &from, "subscription", line.subscription.as_ref().map(|id| id.as_str()));
        products.check(all, &from, "product", line.product.as_ref().map(|id| id.as_str()));
    }
    for record in &world.usage.records {
        let from = "a usage record";
        customers.check(all, from, "customer", record.customer.as_ref().map(|id| id.as_str()));
        subscriptions.check(all, from, "subscription", record.subscription.as_ref().map(|id| id.as_str()));
        products.check(all, from, "product", record.product.as_ref().map(|id| id.as_str()));
    }
    found.verdict("references")
}
