//! The sample of the README as it stands there, against all three distributors.
#![allow(clippy::unwrap_used, missing_docs, dead_code, reason = "a failed unwrap is a failed test")]

use provider_examples::Connections;

// README: begin
use std::sync::Arc;

use provider_core::{Completeness, CustomerQuery, Provider, ProviderExt, Result, Services};

async fn customers(provider: Arc<dyn Provider>) -> Result<()> {
    let verification = provider.verify().await;
    if let Some(failed) = verification.first_failure() {
        println!("{}: {}", failed.name, failed.detail);
    }

    let mut customers = provider.customers(CustomerQuery::default()).prefetch(8);
    let report = customers.report();
    while let Some(customer) = customers.next().await {
        println!("{}", customer?.name);
    }
    match report.completeness() {
        // As many as the distributor declared; fewer would have ended the listing with an error.
        Completeness::Proven => println!("complete"),
        // Read to the end, but not proven: StreamOne ION declares no total for customers.
        Completeness::Unproven(why) => println!("read to the end, unproven: {why:?}"),
        _ => {}
    }
    Ok(())
}

async fn pax8() -> Result<()> {
    // PAX8_CLIENT_ID and PAX8_CLIENT_SECRET; `None` when no variable of Pax8 is set.
    let Some(config) = pax8_client::Pax8Config::from_env()? else { return Ok(()) };
    customers(config.connect(&Services::default())?).await
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
        customers(Arc::clone(provider)).await.unwrap();
        let mut listing = provider.customers(CustomerQuery::default());
        let report = listing.report();
        while listing.next().await.is_some() {}
        assert_eq!(report.completeness().is_proven(), kind.as_str() != "streamone", "{kind}");
    }
}
