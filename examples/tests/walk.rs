//! The walk of an operator through the examples, against one server that keeps its state: verify, export
//! everything, plan, order, order again with the same key, change seats.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic is a failed test")]

mod run;

use std::time::Duration;

use provider_testkit::Simulator;
use run::{Shell, lines};
use serde_json::Value;

const ENTITIES: [&str; 7] =
    ["customers", "products", "subscriptions", "orders", "invoices", "invoice_lines", "usage"];

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// Verifies, exports everything, and answers the customers and the products with their offers.
async fn look_around(shell: &Shell, kind: &str) -> (Vec<Value>, Vec<Value>) {
    assert_eq!(shell.run("verify", &["--provider", kind]).await.status.code(), Some(0));
    let (mut customers, mut products) = (Vec::new(), Vec::new());
    for entity in ENTITIES {
        let output = shell.run("export", &["--provider", kind, "--entity", entity, "--offers"]).await;
        assert_eq!(output.status.code(), Some(0), "{kind} {entity}: {}", run::err(&output));
        let records = lines(&output);
        match entity {
            "customers" => customers = records,
            "products" => products = records,
            // The simulated Cloud-iQ starts without orders of its own.
            "orders" if kind == "crayon" => {}
            _ => assert!(!records.is_empty(), "{kind} {entity}"),
        }
    }
    (customers, products)
}

/// Orders under one key until a customer may buy, and answers the customer and the line's subscription.
async fn buy(shell: &Shell, kind: &str, customers: &[Value], what: &[&str]) -> (String, String) {
    let mut refused = String::new();
    for (at, customer) in customers.iter().filter(|c| text(c, "status") == "active").enumerate() {
        let key = format!("walk-{kind}-order-{at:04}");
        let mut args =
            vec!["--provider", kind, "--customer", text(customer, "id"), "--quantity", "3", "--key", &key];
        args.extend(what);
        let planned = shell.run("order", &[&args[..], &["--plan"]].concat()).await;
        if planned.status.code() != Some(0) {
            refused = run::err(&planned);
            continue;
        }
        let placed = shell.run("order", &[&args[..], &["--json"]].concat()).await;
        if placed.status.code() != Some(0) {
            refused = run::err(&placed);
            continue;
        }
        let report: Value = serde_json::from_str(&run::out(&placed)).unwrap();
        let again = shell.run("order", &[&args[..], &["--json"]].concat()).await;
        assert_eq!(again.status.code(), Some(0), "{}", run::err(&again));
        let again: Value = serde_json::from_str(&run::out(&again)).unwrap();
        assert_eq!(again["receipt"]["replayed"], true, "{kind}: the same key bought twice");
        assert_eq!(again["receipt"]["lines"], report["receipt"]["lines"]);
        let line = &report["receipt"]["lines"][0];
        let subscription = match line["subscription"].as_str() {
            Some(id) => id.to_owned(),
            None => text(&report["order"]["lines"][0], "subscription").to_owned(),
        };
        return (text(customer, "id").to_owned(), subscription);
    }
    panic!("{kind}: no customer could buy {what:?}; the last refusal: {refused}");
}

async fn more_seats(shell: &Shell, kind: &str, subscription: &str) {
    assert!(!subscription.is_empty(), "{kind}: the order names no subscription");
    let key = format!("walk-{kind}-seats-0001");
    let args =
        ["--provider", kind, "--subscription", subscription, "--quantity", "5", "--key", &key, "--json"];
    let changed = shell.run("seats", &args).await;
    assert_eq!(changed.status.code(), Some(0), "{kind}: {}", run::err(&changed));
    let again = shell.run("seats", &args).await;
    let again: Value = serde_json::from_str(&run::out(&again)).unwrap();
    assert_eq!(again["receipt"]["replayed"], true);
    let output = shell.run("export", &["--provider", kind, "--entity", "subscriptions"]).await;
    let own = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
    let listed = lines(&output);
    let found = listed.iter().find(|s| own(text(s, "id")) == own(subscription));
    assert_eq!(found.map(|s| text(s, "quantity")), Some("5"), "{kind} {subscription}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pax8() {
    let simulator = Simulator::start().await.unwrap();
    simulator.pax8().set_settling_time(Duration::ZERO);
    simulator.pax8().set_early_subscription_ids(true);
    let shell = Shell::new(simulator.pax8().env());
    let (customers, products) = look_around(&shell, "pax8").await;
    let product = products.iter().find(|p| text(p, "name") == "ExampleSoft Base").unwrap();
    let (_, subscription) =
        buy(&shell, "pax8", &customers, &["--product", text(product, "id"), "--billing-cycle", "monthly"])
            .await;
    more_seats(&shell, "pax8", &subscription).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crayon() {
    let simulator = Simulator::start().await.unwrap();
    simulator.crayon().set_order_delay(Duration::ZERO);
    let shell = Shell::new(simulator.crayon().env());
    let (customers, products) = look_around(&shell, "crayon").await;
    let (product, offer) = products
        .iter()
        .filter(|p| text(p, "kind") == "seat")
        .find_map(|p| {
            let offers = p["offers"].as_array()?;
            let offer = offers.iter().map(|o| text(o, "id")).find(|id| id.ends_with("/P1Y/monthly"))?;
            Some((text(p, "id"), offer))
        })
        .unwrap();
    let (_, subscription) =
        buy(&shell, "crayon", &customers, &["--product", product, "--offer", offer]).await;
    more_seats(&shell, "crayon", &subscription).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streamone() {
    let simulator = Simulator::start().await.unwrap();
    simulator.streamone().set_order_delays(Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let shell = Shell::new(simulator.streamone().env());
    let (customers, products) = look_around(&shell, "streamone").await;
    let product = products.iter().find(|p| text(p, "id") == "ExampleSuiteNCE-demo").unwrap();
    let offer = text(&product["offers"][0], "id");
    let attributes =
        ["--attribute", "domainName=walk.onmicrosoft.com", "--attribute", "renewalSetting=auto-on"];
    let what = [&["--product", text(product, "id"), "--offer", offer][..], &attributes[..]].concat();
    let (_, subscription) = buy(&shell, "streamone", &customers, &what).await;
    more_seats(&shell, "streamone", &subscription).await;
}
