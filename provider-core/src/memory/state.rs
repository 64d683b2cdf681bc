//! The records, and what changes between two states of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::command::Command;
use crate::id::{CustomerId, OfferId, ProductId};
use crate::idempotency::IdempotencyKey;
use crate::model::{
    Customer, Entity, Invoice, InvoiceKind, InvoiceLine, Offer, Order, Product, Subscription, UsageRecord,
};
use crate::price::{Price, PricePer};
use crate::receipt::{Change, Receipt};
use crate::reducible::{Reducible, ReducibleUntil};

#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) customers: Vec<Customer>,
    pub(super) products: Vec<Product>,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) orders: Vec<Order>,
    pub(super) invoices: Vec<Invoice>,
    pub(super) invoice_lines: Vec<InvoiceLine>,
    pub(super) usage: Vec<UsageRecord>,
    pub(super) consents: BTreeSet<CustomerId>,
    /// What was carried out under which key: the proof that reconciliation rests on.
    pub(super) carried_out: BTreeMap<IdempotencyKey, Receipt>,
    next_id: u64,
}

impl State {
    /// A new id that no record has.
    pub(super) fn new_id(&mut self, prefix: &str) -> String {
        loop {
            self.next_id += 1;
            let id = format!("{prefix}-{}", self.next_id);
            let taken = self.customers.iter().any(|c| c.id.as_str() == id)
                || self.subscriptions.iter().any(|s| s.id.as_str() == id)
                || self.orders.iter().any(|o| o.id.as_str() == id);
            if !taken {
                return id;
            }
        }
    }

    pub(super) fn offer(&self, product: &ProductId, offer: Option<&OfferId>) -> Option<&Offer> {
        let offers = &self.products.iter().find(|p| p.id == *product)?.offers;
        match (offer, offers.as_slice()) {
            (Some(id), _) => offers.iter().find(|o| o.id == *id),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    pub(super) fn kind_of(&self, line: &InvoiceLine) -> Option<InvoiceKind> {
        self.invoices.iter().find(|i| i.id == line.invoice).map(|i| i.kind.clone())
    }

    /// What a command costs the partner, where every line has a price in one currency.
    pub(super) fn cost_of(&self, command: &Command) -> Option<Price> {
        let Command::PlaceOrder(place) = command else { return None };
        let mut total: Option<Price> = None;
        for line in &place.order.lines {
            let cost = self.offer(&line.product, line.offer.as_ref())?.cost.as_ref()?;
            let factor = if cost.per == PricePer::Unit { line.quantity } else { Decimal::ONE };
            let amount = cost.amount.checked_mul(factor)?;
            total = Some(match total {
                None => Price { amount, per: PricePer::Flat, ..cost.clone() },
                Some(sum) if sum.currency == cost.currency && sum.period == cost.period => {
                    Price { amount: sum.amount.checked_add(amount)?, ..sum }
                }
                Some(_) => return None,
            });
        }
        total
    }

    /// Until when what a command buys or resizes can be given back.
    pub(super) fn reducible_of(&self, command: &Command, now: DateTime<Utc>) -> Vec<Reducible> {
        match command {
            Command::PlaceOrder(place) => {
                let lines = 0..place.order.lines.len();
                lines.map(|line| Reducible::line(line, ReducibleUntil::Unknown)).collect()
            }
            Command::ChangeQuantity(change) => {
                let changed = self.subscriptions.iter().filter(|s| s.id == change.subscription);
                changed.map(|subscription| Reducible::subscription(subscription, now)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The differences, field by field.
    pub(super) fn changes_to(&self, after: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        compare("customer", &self.customers, &after.customers, &mut changes);
        compare("subscription", &self.subscriptions, &after.subscriptions, &mut changes);
        compare("order", &self.orders, &after.orders, &mut changes);
        for customer in after.consents.difference(&self.consents) {
            changes.push(Change::new(format!("customer {customer}: consent"), None, Some("given".into())));
        }
        changes
    }
}

fn compare<T: Entity + Serialize>(noun: &str, before: &[T], after: &[T], changes: &mut Vec<Change>) {
    for record in after {
        let id = record.identity().unwrap_or_default();
        match before.iter().find(|old| old.identity() == record.identity()) {
            None => changes.push(Change::new(noun, None, Some("new".into()))),
            Some(old) => {
                let (old, new) = (fields(old), fields(record));
                let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
                for name in names {
                    if name.as_str() != "updated_at" && old.get(name) != new.get(name) {
                        let what = format!("{noun} {id}: {name}");
                        let text = |v: Option<&serde_json::Value>| v.map(plain);
                        changes.push(Change::new(what, text(old.get(name)), text(new.get(name))));
                    }
                }
            }
        }
    }
}

fn fields<T: Serialize>(record: &T) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::to_value(record) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
