//! What was read of the provider's records, for the cases that need some.

use std::collections::{BTreeSet, HashSet};

use provider_core::model::OrganizationId;
use provider_core::{
    Customer, Delivery, ErrorKind, Invoice, InvoiceLine, Order, PageRequest, Product, Result, Subscription,
    UsageRecord,
};

use super::context::Context;
use super::listed::ListedEntity;

/// The whole listing of one kind of record.
pub(super) struct Reading<T: ListedEntity> {
    /// What it was listed by.
    pub(super) query: T::Query,
    pub(super) records: Vec<T>,
    /// Why there are none.
    pub(super) missing: Option<String>,
}

impl<T: ListedEntity> Default for Reading<T> {
    fn default() -> Self {
        Self {
            query: T::Query::default(),
            records: Vec::new(),
            missing: Some("nothing was listed".to_owned()),
        }
    }
}

impl<T: ListedEntity> Reading<T> {
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.records.iter().filter_map(|record| record.identity())
    }
}

#[derive(Default)]
pub(super) struct World {
    pub(super) customers: Reading<Customer>,
    pub(super) products: Reading<Product>,
    pub(super) subscriptions: Reading<Subscription>,
    pub(super) orders: Reading<Order>,
    pub(super) invoices: Reading<Invoice>,
    pub(super) invoice_lines: Reading<InvoiceLine>,
    pub(super) usage: Reading<UsageRecord>,
}

impl World {
    /// The partner's organizations that records name.
    pub(super) fn organizations(&self) -> BTreeSet<OrganizationId> {
        let customers = self.customers.records.iter().filter_map(|c| c.organization.clone());
        let invoices = self.invoices.records.iter().filter_map(|i| i.organization.clone());
        customers.chain(invoices).collect()
    }
}

/// The query to list by: the one that was told, all records, or the first narrower one that finds some.
pub(super) async fn base<T: ListedEntity>(ctx: &Context<'_>, world: &World) -> Result<T::Query> {
    if let Some(told) = T::told(&ctx.expect.queries) {
        return Ok(told.clone());
    }
    let all = T::Query::default();
    let request = PageRequest::default();
    let first = ctx.saw(T::LIST, T::page(&*ctx.provider, &all, &request).await);
    let Err(error) = first else { return Ok(all) };
    if error.kind() != ErrorKind::InvalidInput || error.delivery() != Delivery::NotSent {
        return Err(error);
    }
    let mut empty = None;
    for query in T::narrower(world) {
        match ctx.saw(T::LIST, T::page(&*ctx.provider, &query, &request).await) {
            Ok(page) if page.items.is_empty() => {
                empty.get_or_insert(query);
            }
            Ok(_) => return Ok(query),
            Err(_) => {}
        }
    }
    empty.ok_or(error)
}

/// An id of the same shape as the known ones that none of them has.
pub(super) fn unknown_id<'a>(known: impl IntoIterator<Item = &'a str>) -> String {
    let known: HashSet<&str> = known.into_iter().collect();
    // The smallest one, so that a run can be repeated.
    let Some(sample) = known.iter().min() else { return "987654321".to_owned() };
    // A composite id keeps its first parts: those name other records, which exist.
    let (parents, own) = sample.rsplit_once('/').map_or(("", *sample), |(parents, own)| (parents, own));
    for shift in 1..9 {
        let own: String = own.chars().map(|c| shifted(c, shift)).collect();
        let id = if parents.is_empty() { own } else { format!("{parents}/{own}") };
        if !known.contains(&*id) {
            return id;
        }
    }
    format!("{sample}9")
}

fn shifted(c: char, by: u8) -> char {
    let turn = |first: u8, count: u8, c: u8| char::from(first + (c - first + by) % count);
    match u8::try_from(c) {
        // Never a leading zero, and a UUID keeps its version digit.
        Ok(c @ b'1'..=b'3') => turn(b'1', 3, c),
        Ok(c @ b'5'..=b'9') => turn(b'5', 5, c),
        Ok(c @ b'a'..=b'f') => turn(b'a', 6, c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::unknown_id;

    #[test]
    fn an_unknown_id_has_the_shape_of_the_known_ones() {
        for known in ["1", "42", "2c1f2d9e-8a44-4b2f-9c31-0d2f6f3c9a11", "customer-7", "55/81"] {
            let unknown = unknown_id([known]);
            assert_ne!(unknown, known);
            assert_eq!(unknown.len(), known.len(), "{known} {unknown}");
            assert_eq!(unknown.split('/').count(), known.split('/').count());
        }
        let many: Vec<String> = (1..=9).map(|n: u32| n.to_string()).collect();
        assert!(!many.contains(&unknown_id(many.iter().map(String::as_str))));
        assert_eq!(unknown_id([]), "987654321");
    }
}
