//! Every entity of every distributor, exported and joined as a billing system would: no id leads nowhere, lines add up
//! to their documents, and every record says what the typed client says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod beside;
mod compare;
mod members;
mod typed;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use provider_core::model::{Entity, InvoiceKind};
use provider_core::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, Listing, OrderQuery, Period, ProductQuery, Provider,
    ProviderExt as _, SubscriptionQuery, UsageQuery,
};
use provider_examples::{Connections, Kind};
use provider_testkit::conformance::{self, Expectations, Rule};
use rust_decimal::Decimal;
use serde_json::Value;

/// One export: the records as they are written out, line by line.
async fn export<T: Entity>(mut listing: Listing<T>) -> Vec<Value> {
    let mut records = Vec::new();
    while let Some(record) = listing.next().await {
        records.push(serde_json::to_value(record.unwrap()).unwrap());
    }
    records
}

struct Exported {
    customers: Vec<Value>,
    products: Vec<Value>,
    subscriptions: Vec<Value>,
    orders: Vec<Value>,
    invoices: Vec<Value>,
    lines: Vec<Value>,
    usage: Vec<Value>,
}

impl Exported {
    async fn of(provider: &Arc<dyn Provider>) -> Self {
        let (mut invoices, mut lines) = (Vec::new(), Vec::new());
        for kind in [InvoiceKind::Invoice, InvoiceKind::Statement, InvoiceKind::Draft] {
            invoices.extend(export(provider.invoices(InvoiceQuery::default().kind(kind.clone()))).await);
            lines.extend(export(provider.invoice_lines(InvoiceLineQuery::default().kind(kind))).await);
        }
        Self {
            customers: export(provider.customers(CustomerQuery::default())).await,
            products: export(provider.products(ProductQuery::default().with_offers(true))).await,
            subscriptions: export(provider.subscriptions(SubscriptionQuery::default())).await,
            orders: export(provider.orders(OrderQuery::default())).await,
            invoices,
            lines,
            usage: export(provider.usage(UsageQuery::default())).await,
        }
    }
}

/// What a subscription used on the last day of the month before, line by line: Pax8 tells days apart for one that is named.
async fn a_day_of(provider: &Arc<dyn Provider>, summary: &Value) -> Vec<Value> {
    let month: Period = serde_json::from_value(summary["period"].clone()).unwrap();
    let day = month.start.date_naive().pred_opt().unwrap();
    let query = UsageQuery::default().subscription(summary["subscription"].as_str().unwrap());
    let used = export(provider.usage(query.period(Period::inclusive_days(day, day).unwrap()))).await;
    assert!(!used.is_empty(), "nothing was used on {day}");
    used
}

fn ids(records: &[Value]) -> BTreeSet<&str> {
    records.iter().filter_map(|record| record["id"].as_str()).collect()
}

/// The ids of a member that no record has.
fn dangling<'a>(records: &'a [Value], pointer: &str, known: &BTreeSet<&str>) -> Vec<&'a str> {
    let named = records.iter().filter_map(|record| record.pointer(pointer)?.as_str());
    named.filter(|id| !known.contains(id)).take(3).collect()
}

fn amount(price: &Value) -> Option<Decimal> {
    price["amount"].as_str()?.parse().ok()
}

/// What the lines of each document add up to; `None` where one has no amount.
fn sums(lines: &[Value]) -> BTreeMap<&str, Option<Decimal>> {
    let mut sums = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(line["invoice"].as_str().unwrap()).or_insert(Some(Decimal::ZERO));
        *sum = sum.zip(amount(&line["cost"])).map(|(sum, cost)| sum + cost);
    }
    sums
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exports_of_every_distributor_form_one_whole() {
    let connections = Connections::open(None).await.unwrap();
    for (kind, provider) in connections.iter() {
        let mut all = Exported::of(provider).await;
        if kind == Kind::Pax8 {
            all.usage.extend(a_day_of(provider, &all.usage[0]).await);
        }
        let (customers, products) = (ids(&all.customers), ids(&all.products));
        let (subscriptions, invoices) = (ids(&all.subscriptions), ids(&all.invoices));
        let order_lines: Vec<Value> =
            all.orders.iter().filter_map(|order| order["lines"].as_array()).flatten().cloned().collect();
        for (what, records, pointer, known) in [
            ("subscription", &all.subscriptions, "/customer", &customers),
            ("subscription", &all.subscriptions, "/product/id", &products),
            ("subscription", &all.subscriptions, "/parent", &subscriptions),
            ("order", &all.orders, "/customer", &customers),
            ("order line", &order_lines, "/product", &products),
            ("order line", &order_lines, "/subscription", &subscriptions),
            ("invoice", &all.invoices, "/customer", &customers),
            ("line", &all.lines, "/invoice", &invoices),
            ("line", &all.lines, "/customer", &customers),
            ("line", &all.lines, "/subscription", &subscriptions),
            ("line", &all.lines, "/product", &products),
            ("usage", &all.usage, "/customer", &customers),
            ("usage", &all.usage, "/subscription", &subscriptions),
            ("usage", &all.usage, "/product", &products),
        ] {
            let lost = dangling(records, pointer, known);
            assert!(lost.is_empty(), "{kind}: {what}{pointer} leads nowhere: {lost:?}");
        }
        let mut compared = 0;
        let sums = sums(&all.lines);
        for invoice in &all.invoices {
            let Some(Some(sum)) = sums.get(invoice["id"].as_str().unwrap()) else { continue };
            let Some(total) = amount(&invoice["total"]) else { continue };
            assert_eq!(*sum, total, "{kind}: the lines of {}", invoice["id"]);
            compared += 1;
        }
        // The lines of ION's invoices have no amounts.
        assert_eq!(compared > 1, kind != Kind::StreamOne, "{kind}: {compared} documents");
        assert!(all.usage.iter().all(|record| record["period"].is_object()), "{kind}");
        let joined = all.usage.iter().filter(|record| record["subscription"].is_string()).count();
        let (consumed, licences) = ["consumption", "licence"]
            .map(|word| all.usage.iter().filter(|record| record["kind"] == word).count())
            .into();
        match kind {
            // Azure subscriptions are in no list of Cloud-iQ's; their own ids are kept.
            Kind::Crayon => {
                assert_eq!((joined, licences), (0, 0));
                assert!(all.usage.iter().all(|record| record["vendor_subscription_id"].is_string()));
                let attributed = all.lines.iter().filter(|line| line["customer"].is_string()).count();
                assert!(attributed > 0, "no line of a statement has its customer");
                let prorates = all.lines.iter().filter(|line| line["kind"] == "prorate").count();
                assert!(prorates > 0, "no seats were given back");
            }
            Kind::Pax8 => assert_eq!((joined, licences), (all.usage.len(), 0)),
            Kind::StreamOne => {
                assert!(joined > 0 && licences > 0 && consumed > 0, "{joined} {licences} {consumed}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_laws_hold_for_every_distributor() {
    let connections = Connections::open(None).await.unwrap();
    for (kind, provider) in connections.iter() {
        for lines in [InvoiceKind::Invoice, InvoiceKind::Statement] {
            if lines == InvoiceKind::Statement && kind != Kind::Crayon {
                continue;
            }
            let query = InvoiceLineQuery::default().kind(lines);
            let expectations = Expectations::default()
                .invoice_lines(query)
                .products(ProductQuery::default().with_offers(true));
            let report = conformance::laws(Arc::clone(provider), expectations).await;
            report.assert();
            let mut needed =
                vec![Rule::References, Rule::PricesAreTimed, Rule::PeriodsTouch, Rule::TrialsAreTrials];
            needed.extend((kind != Kind::StreamOne).then_some(Rule::LinesAddUp));
            for rule in needed {
                let held = report.passed().any(|case| case.rule == rule);
                assert!(held, "{kind}: {rule} was not examined\n{report}");
            }
        }
    }
}
