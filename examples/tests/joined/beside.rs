//! The same simulator read twice: by the typed clients and through the common models.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use crayon_client::{CrayonClient, CrayonConfig};
use pax8_client::{Pax8Client, Pax8Config};
use provider_core::clock::{BoxFuture, Clock};
use provider_core::model::InvoiceKind;
use provider_core::token::MemoryTokenStore;
use provider_core::{Period, Provider, ReadOptions, Services, SubscriptionId};
use provider_examples::Kind;
use provider_simulator::{SimClock, Simulator};
use serde_json::{Value, json};
use streamone_client::{StreamOneClient, StreamOneConfig};

use crate::Exported;
use crate::compare::{Comparison, Member};
use crate::members;
use crate::typed::{self, Kinds};

/// The simulated time as the clients' clock.
#[derive(Debug)]
struct SimTime(SimClock);

impl Clock for SimTime {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// How many records the simulator has of each kind, on the day that the test is about.
const RECORDS: [(Kind, &[(&str, usize)]); 3] = [
    (
        Kind::Crayon,
        &[
            ("customers", 25),
            ("products", 42),
            ("subscriptions", 92),
            ("whole subscriptions", 87),
            ("orders", 10),
            ("invoices", 18),
            ("statements", 18),
            ("invoice lines", 291),
            ("statement lines", 423),
            ("usage", 15),
        ],
    ),
    (
        Kind::Pax8,
        &[
            ("customers", 25),
            ("products", 7),
            ("prices", 13),
            ("subscriptions", 37),
            ("orders", 22),
            ("invoices", 8),
            ("invoice lines", 136),
            ("draft lines", 31),
            ("usage", 10),
        ],
    ),
    (
        Kind::StreamOne,
        &[
            ("customers", 25),
            ("products", 34),
            ("subscriptions", 68),
            ("orders", 22),
            ("invoices", 43),
            ("invoice lines", 52),
            ("usage", 37),
        ],
    ),
];

/// What differs because the common models know better: kind, records, the words of the difference, how often, and why.
type Known = (Kind, &'static str, &'static str, usize, &'static str);

const KNOWN: &[Known] = &[
    (
        Kind::Crayon,
        "whole subscriptions",
        r#"`billing_cycle` is 3 and "trial""#,
        3,
        "what is in use and a trial is paid by no cycle",
    ),
    (
        Kind::Crayon,
        "statement lines",
        r#"`period/start` is nothing and "2026-"#,
        STATEMENT_LINES,
        "a line without days of its own is for those of its statement",
    ),
    (
        Kind::Crayon,
        "statement lines",
        r#"`period/end` is nothing and "2026-"#,
        STATEMENT_LINES,
        "a line without days of its own is for those of its statement",
    ),
    (
        Kind::Crayon,
        "usage",
        r#"`cost/currency` is "EUR" and nothing"#,
        1,
        "without an amount there is no price",
    ),
    (
        Kind::StreamOne,
        "subscriptions",
        r#"`status` is "ACTIVE" and "trial""#,
        2,
        "what is in use and a trial is a trial, at all three",
    ),
];

/// So many lines name no days.
const STATEMENT_LINES: usize = 252;

/// What the normalised export holds, under the names of the kinds of the typed records.
async fn normalised(kind: Kind, provider: &Arc<dyn Provider>) -> Kinds {
    let all = Exported::of(provider).await;
    let documents = |wanted: InvoiceKind| -> Vec<Value> {
        let word = serde_json::to_value(wanted).unwrap();
        all.invoices.iter().filter(|document| document["kind"] == word).cloned().collect()
    };
    let lines = |documents: &[Value]| -> Vec<Value> {
        let own = |line: &&Value| documents.iter().any(|document| document["id"] == line["invoice"]);
        all.lines.iter().filter(own).cloned().collect()
    };
    let invoices = documents(InvoiceKind::Invoice);
    let (statements, drafts) = (documents(InvoiceKind::Statement), documents(InvoiceKind::Draft));
    let mut kinds = vec![("invoice lines", lines(&invoices))];
    match kind {
        Kind::Crayon => {
            let mut whole = Vec::new();
            for record in all.subscriptions.iter().filter(|record| record["parent"].is_null()) {
                let id: SubscriptionId = record["id"].as_str().unwrap().into();
                let read = provider.get_subscription(&id, &ReadOptions::default()).await.unwrap();
                whole.push(serde_json::to_value(read).unwrap());
            }
            kinds.push(("whole subscriptions", whole));
            kinds.push(("statement lines", lines(&statements)));
            kinds.push(("statements", statements));
        }
        Kind::Pax8 => {
            kinds.push(("draft lines", lines(&drafts)));
            let prices = all.products.iter().flat_map(|product| {
                let offers = product["offers"].as_array().cloned().unwrap_or_default();
                offers.into_iter().map(|offer| {
                    json!({
                        "product": product["id"], "billing_cycle": offer["billing_cycle"], "cost": offer["cost"],
                        "suggested_retail": offer["suggested_retail"], "min_quantity": offer["min_quantity"],
                    })
                })
            });
            let mut prices: Vec<Value> = prices.collect();
            // A price can be had with any of its commitments, each of which is an offer.
            prices.dedup();
            kinds.push(("prices", prices));
        }
        Kind::StreamOne => {}
    }
    kinds.extend([
        ("customers", all.customers),
        ("products", all.products),
        ("subscriptions", all.subscriptions),
        ("orders", all.orders),
        ("invoices", invoices),
        ("usage", all.usage),
    ]);
    kinds
}

/// Both readings of one distributor.
async fn read(kind: Kind, simulator: &Simulator) -> (Kinds, Kinds) {
    let clock: Arc<dyn Clock> = Arc::new(SimTime(simulator.clock().clone()));
    let services = Services::default()
        .with_clock(clock)
        .with_token_store(Arc::new(MemoryTokenStore::default()))
        .without_journal();
    let variables: BTreeMap<String, String> = simulator.env().into_iter().collect();
    let variable = |name: &str| variables.get(name).cloned();
    let month = Period::month_of(simulator.clock().now().date_naive());
    match kind {
        Kind::Crayon => {
            let config = CrayonConfig::from_vars(variable).unwrap().unwrap();
            let client = CrayonClient::builder(config.clone()).services(&services).build().unwrap();
            let provider = config.connect(&services).unwrap();
            (typed::crayon::records(&client, month).await, normalised(kind, &provider).await)
        }
        Kind::Pax8 => {
            let config = Pax8Config::from_vars(variable).unwrap().unwrap();
            let client = Pax8Client::builder(config.clone()).services(&services).build().unwrap();
            let provider = config.connect(&services).unwrap();
            (typed::pax8::records(&client).await, normalised(kind, &provider).await)
        }
        Kind::StreamOne => {
            let config = StreamOneConfig::from_vars(variable).unwrap().unwrap();
            let client = StreamOneClient::builder(config.clone()).services(&services).build().unwrap();
            let provider = config.connect(&services).unwrap();
            (typed::streamone::records(&client, month).await, normalised(kind, &provider).await)
        }
    }
}

const fn tables(kind: Kind) -> &'static [(&'static str, &'static [Member])] {
    match kind {
        Kind::Crayon => members::crayon::KINDS,
        Kind::Pax8 => members::pax8::KINDS,
        Kind::StreamOne => members::streamone::KINDS,
    }
}

fn of<'a>(kinds: &'a [(&'static str, Vec<Value>)], name: &str) -> &'a [Value] {
    kinds.iter().find(|(known, _)| *known == name).map(|(_, records)| records.as_slice()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_record_says_what_the_typed_client_says() {
    let simulator = Simulator::builder().fixed_time("2026-09-15T10:00:00Z".parse().unwrap());
    let simulator = simulator.start().await.unwrap();
    let mut wrong = Vec::new();
    for (kind, expected) in RECORDS {
        let (typed, normalised) = read(kind, &simulator).await;
        let tables = tables(kind);
        for names in [&typed, &normalised] {
            for (name, _) in names {
                assert!(
                    tables.iter().any(|(known, _)| known == name),
                    "{kind}: no members of {name} are compared"
                );
            }
        }
        for (name, members) in tables {
            let found = Comparison::of(of(&typed, name), of(&normalised, name), members);
            let told: usize = found.told.values().sum();
            println!("{kind}: {} {name}, {told} members of them: {:?}", found.records, found.told);
            let mut left = found.differences;
            for (of, records, words, times, why) in KNOWN {
                if *of == kind && records == name {
                    let before = left.len();
                    left.retain(|one| !one.contains(words));
                    if before - left.len() != *times {
                        wrong.push(format!(
                            "{kind} {name}: {} and not {times} times {words} ({why})",
                            before - left.len()
                        ));
                    }
                }
            }
            wrong.extend(left.iter().take(5).map(|one| format!("{kind} {name}: {one}")));
            let number = expected.iter().find(|(known, _)| known == name).map_or(0, |(_, number)| *number);
            if found.records != number {
                wrong.push(format!("{kind}: {} {name} and not {number}", found.records));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A comparison is only as good as what it finds: each kind of difference, in the one member that has it.
#[test]
fn a_difference_is_found_whatever_it_is() {
    let typed = json!({
        "id": "1", "companyId": "2", "status": "Unpaid", "invoiceDate": "2026-03-01T00:00:00+01:00", "total": 10.50,
        "currencyCode": "USD", "balance": 0,
    });
    let right = json!({
        "id": "1", "customer": "2", "status": "open", "issued_on": "2026-03-01",
        "total": { "amount": "10.5", "currency": "USD" }, "balance": { "amount": "0" },
    });
    let members = members::pax8::KINDS.iter().find(|(name, _)| *name == "invoices").unwrap().1;
    let compare = |normalised: &[Value]| Comparison::of(std::slice::from_ref(&typed), normalised, members);
    assert_eq!(compare(std::slice::from_ref(&right)).differences, [] as [&str; 0]);
    for (pointer, other) in [
        ("/customer", json!("3")),
        ("/customer", Value::Null),
        ("/status", json!("paid")),
        ("/issued_on", json!("2026-02-28")),
        ("/total/amount", json!("10.51")),
        ("/total/currency", json!("EUR")),
        ("/balance", Value::Null),
    ] {
        let mut changed = right.clone();
        *changed.pointer_mut(pointer).unwrap() = other;
        let differences = compare(&[changed]).differences;
        let field = pointer.trim_start_matches('/');
        assert!(differences.len() == 1 && differences[0].contains(field), "{pointer}: {differences:?}");
    }
    assert_eq!(compare(&[]).differences.len(), 2, "a record that is missing");
    assert!(!compare(&[right.clone(), right]).differences.is_empty(), "a record that is there twice");
}
