//! What listings fill, what only `get` fills and what commands write, as each provider declares it, seen at the
//! simulator: what is declared is seen, and nothing else is.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use provider_core::model::{Entity, InvoiceKind};
use provider_core::{
    CustomerQuery, EntityKind, IdempotencyKey, InvoiceLineQuery, InvoiceQuery, Listing, NewOrder,
    NewOrderLine, Order, OrderQuery, Period, PlaceOrder, ProductQuery, Provider, ProviderExt as _,
    ReadOptions, SubscriptionQuery, SubscriptionStatus, UsageQuery, WriteOptions,
};
use provider_examples::{Connections, Kind};
use serde_json::Value;

/// Records of a kind that are read by themselves.
const GOTTEN: usize = 40;

/// What the distributors tell and the simulator's records do not hold: declared by the facts alone.
const NOT_SIMULATED: [(&str, EntityKind, &[&str]); 1] = [
    // Which of its two ids `parentSubscriptionId` holds is not documented, and no sample has one: the simulator
    // answers with the internal id, which is `parent`.
    ("streamone", EntityKind::Subscription, &["vendor_parent_id"]),
];

/// The fields that records fill, with the members of those that have some.
#[derive(Default)]
struct Filled {
    records: Vec<Value>,
    names: BTreeSet<String>,
}

impl Filled {
    fn add(&mut self, record: &impl Entity) {
        let record = serde_json::to_value(record).unwrap();
        for (name, value) in record.as_object().unwrap() {
            if is_said(value) && !["detail", "raw"].contains(&&**name) {
                self.names.insert(name.clone());
                self.members(name, value);
            }
        }
        self.records.push(record);
    }

    fn members(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                let said = members.iter().filter(|(_, value)| is_said(value));
                self.names.extend(said.map(|(member, _)| format!("{name}.{member}")));
            }
            Value::Array(items) => items.iter().for_each(|item| self.members(name, item)),
            _ => {}
        }
    }

    async fn listed<T: Entity>(&mut self, mut listing: Listing<T>) {
        while let Some(record) = listing.next().await {
            self.add(&record.unwrap());
        }
    }

    /// Some of all, from every part of the listing.
    fn some(&self) -> Vec<String> {
        let step = self.records.len().div_ceil(GOTTEN).max(1);
        let ids = self.records.iter().step_by(step);
        ids.filter_map(|record| record["id"].as_str()).map(str::to_owned).collect()
    }

    fn fields(&self) -> BTreeSet<&str> {
        self.names.iter().map(String::as_str).filter(|name| !name.contains('.')).collect()
    }
}

fn is_said(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(is_said),
        Value::String(text) => text != "unknown",
        _ => true,
    }
}

async fn listed(of: Kind, provider: &Arc<dyn Provider>, kind: EntityKind) -> Filled {
    let mut seen = Filled::default();
    narrowed(&mut seen, of, provider, kind).await;
    match kind {
        EntityKind::Customer => seen.listed(provider.customers(CustomerQuery::default())).await,
        EntityKind::Product => seen.listed(provider.products(ProductQuery::default())).await,
        EntityKind::Subscription => seen.listed(provider.subscriptions(SubscriptionQuery::default())).await,
        EntityKind::Order => seen.listed(provider.orders(OrderQuery::default())).await,
        EntityKind::Usage => seen.listed(provider.usage(UsageQuery::default())).await,
        _ => {
            for one in [InvoiceKind::Invoice, InvoiceKind::Statement, InvoiceKind::Draft] {
                match kind {
                    EntityKind::Invoice => {
                        seen.listed(provider.invoices(InvoiceQuery::default().kind(one))).await;
                    }
                    _ => seen.listed(provider.invoice_lines(InvoiceLineQuery::default().kind(one))).await,
                }
            }
        }
    }
    seen
}

/// What is told only where something is named: at ION whose invoices, at Pax8 the days of a subscription's usage.
async fn narrowed(seen: &mut Filled, of: Kind, provider: &Arc<dyn Provider>, kind: EntityKind) {
    match (of, kind) {
        (Kind::StreamOne, EntityKind::Invoice | EntityKind::InvoiceLine) => {
            let customers =
                provider.customers(CustomerQuery::default()).limit(3).collect_all().await.unwrap();
            for customer in customers {
                if kind == EntityKind::Invoice {
                    seen.listed(provider.invoices(InvoiceQuery::default().customer(&customer.id))).await;
                } else {
                    let query = InvoiceLineQuery::default().customer(&customer.id);
                    seen.listed(provider.invoice_lines(query)).await;
                }
            }
        }
        (Kind::Pax8, EntityKind::Usage) => {
            let summary = provider.usage(UsageQuery::default()).next().await.unwrap().unwrap();
            let (subscription, month) = (summary.subscription.unwrap(), summary.period.unwrap());
            let day = month.start.date_naive().pred_opt().unwrap();
            let query = UsageQuery::default().subscription(subscription);
            seen.listed(provider.usage(query.period(Period::inclusive_days(day, day).unwrap()))).await;
        }
        _ => {}
    }
}

/// An order of new commerce, which is in no list of Crayon's.
async fn new_commerce() -> Order {
    let connections = Connections::open_to_write(Kind::Crayon).await.unwrap();
    let provider = connections.one().unwrap();
    connections.simulator().unwrap().crayon().set_order_delay(Duration::ZERO);
    let held = provider.subscriptions(SubscriptionQuery::default().status(SubscriptionStatus::Active));
    let held = held.collect_all().await.unwrap();
    let held = held.into_iter().find(|one| one.auto_renew.is_some() && one.offer.is_some()).unwrap();
    let mut line = NewOrderLine::new(held.product.sku.unwrap(), 1);
    line.offer = held.offer;
    let options = WriteOptions::new(IdempotencyKey::derive("fields", ["1"]));
    let placed = PlaceOrder::new(NewOrder::new(&held.customer).line(line));
    let receipt = provider.place_order(placed, &options).await.unwrap();
    let id = receipt.lines[0].order.clone().unwrap();
    provider.get_order(&id, &ReadOptions::default()).await.unwrap()
}

/// What `get` fills of the records of a kind; `None` where there is none.
async fn gotten(provider: &Arc<dyn Provider>, kind: EntityKind, ids: Vec<String>) -> Option<Filled> {
    let mut seen = Filled::default();
    let options = ReadOptions::default();
    for id in ids {
        match kind {
            EntityKind::Customer => {
                seen.add(&provider.get_customer(&id.as_str().into(), &options).await.unwrap());
            }
            EntityKind::Product => {
                seen.add(&provider.get_product(&id.as_str().into(), &options).await.unwrap());
            }
            EntityKind::Subscription => {
                seen.add(&provider.get_subscription(&id.as_str().into(), &options).await.unwrap());
            }
            EntityKind::Order => seen.add(&provider.get_order(&id.as_str().into(), &options).await.unwrap()),
            _ => return None,
        }
    }
    Some(seen)
}

fn differences(what: &str, declared: &BTreeSet<&str>, seen: &BTreeSet<&str>) -> Vec<String> {
    let over = declared.difference(seen).map(|name| format!("{what}: `{name}` is declared and never filled"));
    let under = seen.difference(declared).map(|name| format!("{what}: `{name}` is filled and not declared"));
    over.chain(under).collect()
}

async fn of_distributor(kind: Kind, provider: &Arc<dyn Provider>) -> Vec<String> {
    let capabilities = provider.capabilities();
    let aside = |name: &&str| !["detail", "raw"].contains(name);
    let mut wrong = Vec::new();
    for entity in EntityKind::ALL {
        let what = format!("{kind}: {}", entity.plural());
        let list = listed(kind, provider, entity).await;
        let apart = NOT_SIMULATED.iter().filter(|(name, of, _)| kind.to_string() == *name && *of == entity);
        let apart: BTreeSet<&str> = apart.flat_map(|(_, _, fields)| fields.iter().copied()).collect();
        let seen = list.fields();
        let stale = apart.intersection(&seen).map(|name| format!("{what}: `{name}` is simulated by now"));
        wrong.extend(stale);
        let declared: BTreeSet<&str> =
            capabilities.listed_fields(entity).filter(aside).filter(|name| !apart.contains(name)).collect();
        wrong.extend(differences(&format!("{what}, listed"), &declared, &seen));
        let detail: BTreeSet<&str> = capabilities.detail_fields(entity).collect();
        let mut full = gotten(provider, entity, list.some()).await.unwrap_or_default();
        if (kind, entity) == (Kind::Crayon, EntityKind::Order) {
            full.add(&new_commerce().await);
        }
        // What is more is a field, or a member of one that is listed.
        let more: BTreeSet<&str> = full
            .names
            .iter()
            .filter(|name| !list.names.contains(*name))
            .map(String::as_str)
            .filter(|name| name.split_once('.').is_none_or(|(field, _)| list.names.contains(field)))
            .collect();
        wrong.extend(differences(&format!("{what}, by get"), &detail, &more));
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_are_filled_where_they_are_declared_and_nowhere_else() {
    let connections = Connections::open(None).await.unwrap();
    let mut wrong = BTreeMap::new();
    for (kind, provider) in connections.iter() {
        wrong.insert(kind.to_string(), of_distributor(kind, provider).await);
    }
    assert!(wrong.values().all(Vec::is_empty), "{wrong:#?}");
}
