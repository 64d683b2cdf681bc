//! The sample of the README as it stands there, against all three distributors.
#![allow(clippy::unwrap_used, missing_docs, dead_code, reason = "a failed unwrap is a failed test")]

use provider_core::BillingCycle;
use provider_core::model::CustomerStatus;
use provider_examples::Connections;
use provider_simulator::Simulator;

// README: begin
use std::sync::Arc;

use provider_core::{
    Completeness, CustomerQuery, IdempotencyKey, NewOrder, NewOrderLine, PlaceOrder, Provider, ProviderExt,
    Receipt, Result, WriteOptions,
};
use provider_store::Store;

async fn customers(provider: &Arc<dyn Provider>) -> Result<()> {
    let verification = provider.verify().await;
    if let Some(failed) = verification.first_failure() {
        println!("{}: {}", failed.name, failed.detail);
    }

    let mut customers = provider.customers(CustomerQuery::default());
    let report = customers.report();
    while let Some(customer) = customers.next().await {
        println!("{}", customer?.name);
    }
    match report.completeness() {
        // As many as the distributor declared; fewer would have ended the listing with an error.
        Completeness::Proven => println!("complete"),
        // Read to the end, but not proven: StreamOne ION declares no total for customers.
        Completeness::Unproven(why) => println!("read to the end, unproven: {why}"),
        _ => {}
    }
    Ok(())
}

/// Call it again whenever you do not know what came of it: one quote is one order.
async fn buy(provider: &Arc<dyn Provider>, quote: &str, order: NewOrder) -> Result<Receipt> {
    let key = IdempotencyKey::derive("quotes", [quote]);
    provider.place_order(PlaceOrder::new(order), &WriteOptions::new(key)).await
}

async fn pax8() -> Result<()> {
    // PAX8_CLIENT_ID and PAX8_CLIENT_SECRET; `None` when no variable of Pax8 is set.
    let Some(config) = pax8_client::Pax8Config::from_env()? else { return Ok(()) };
    // Remembers what was sent, across crashes. Without a journal a connection refuses to write.
    let store = Store::open("sqlite:orders.db").await?;
    let provider = config.connect(&store.services())?;
    customers(&provider).await?;
    let order = NewOrder::new("customer-id").line(NewOrderLine::new("product-id", 3));
    let receipt = buy(&provider, "1841", order).await?;
    println!("{receipt}");
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    pax8().await
}
// README: end

#[test]
fn the_readme_shows_this_code() {
    let own = include_str!("readme.rs");
    let (_, rest) = own.split_once("// README: begin\n").unwrap();
    let (sample, _) = rest.split_once("// README: end\n").unwrap();
    assert!(include_str!("../../README.md").contains(&format!("```rust\n{sample}```")));
}

#[tokio::test]
async fn the_sample_is_right_for_every_distributor() {
    let connections = Connections::open(None).await.unwrap();
    assert_eq!(connections.iter().count(), 3);
    for (kind, provider) in connections.iter() {
        customers(provider).await.unwrap();
        let mut listing = provider.customers(CustomerQuery::default());
        let report = listing.report();
        while listing.next().await.is_some() {}
        assert_eq!(report.completeness().is_proven(), kind.as_str() != "streamone", "{kind}");
    }
}

#[tokio::test]
async fn the_sample_buys_once() {
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    let variables = pax8.env();
    let variable = |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, v)| v.clone());
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("orders.db").display());
    let (mut order, mut replayed) = (None, Vec::new());
    for _ in 0..2 {
        // As a program that was started twice.
        let config = pax8_client::Pax8Config::from_vars(variable).unwrap().unwrap();
        let store = Store::open(address.clone()).await.unwrap();
        let provider = config.connect(&store.services()).unwrap();
        let query = CustomerQuery::default().status(CustomerStatus::Active);
        let customer = provider.customers(query).limit(1).collect_all().await.unwrap().remove(0);
        let product = pax8.product_ids().into_iter().nth(1).unwrap();
        let mut line = NewOrderLine::new(product, 3);
        line.billing_cycle = Some(BillingCycle::Monthly);
        let receipt = buy(&provider, "1841", NewOrder::new(customer.id).line(line)).await.unwrap();
        replayed.push(receipt.replayed);
        assert!(receipt.order().is_some());
        assert!(order.is_none_or(|order| Some(&order) == receipt.order()));
        order = receipt.order().cloned();
    }
    assert_eq!(replayed, [false, true]);
    let sent = pax8.requests().into_iter().filter(|one| one.method == "POST" && one.path == "/v1/orders");
    assert_eq!(sent.count(), 1);
}
