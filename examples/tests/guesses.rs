//! What a user writes first, guessing. Each function compiles as it stands (as a test of the examples package, with
//! tokio, futures-util, rust_decimal and serde beside the SDK), and those that can run do so against the simulator.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    dead_code,
    unused_imports,
    reason = "written as users write"
)]

use std::sync::Arc;
use std::time::Duration;

use provider_core::{
    Capabilities, Customer, CustomerQuery, EntityKind, IdempotencyKey, NewOrder, NewOrderLine, Operation,
    Page, PageRequest, PlaceOrder, Provider, ProviderExt, ProviderInfo, Query, Registry, Services,
    SubscriptionQuery, SubscriptionStatus, WriteOptions, async_trait,
};

type Anything<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The same lines for all three, with what a host wants to set.
async fn connect_each() -> Anything {
    use provider_http::HttpOptions;
    let http = HttpOptions::default().operation_timeout(Duration::from_secs(20));
    let services = Services::default();
    let crayon = crayon_client::CrayonConfig::new("id", "secret", "user", "password")
        .with_currency("EUR".parse()?)
        .with_country("NO".parse()?)
        .with_http(http.clone())
        .connect(&services)?;
    let pax8 = pax8_client::Pax8Config::new("id", "secret")
        .with_base_url("http://127.0.0.1:1")
        .with_http(http.clone())
        .connect(&services)?;
    let ion =
        streamone_client::StreamOneConfig::new("20001", "refresh").with_http(http).connect(&services)?;
    for provider in [crayon, pax8, ion] {
        println!("{}", provider.info().kind);
    }
    Ok(())
}

/// What does each active subscription of one customer cost?
async fn costs(provider: Arc<dyn Provider>) -> Anything {
    let query = SubscriptionQuery::default().customer("c-1").status(SubscriptionStatus::Active);
    let mut subscriptions = provider.subscriptions(query);
    while let Some(subscription) = subscriptions.next().await {
        let subscription = subscription?;
        if let (Some(cost), Some(quantity)) = (&subscription.cost, subscription.quantity) {
            println!("{}: {quantity} x {cost} until {:?}", subscription.id, subscription.commitment_ends_at);
        }
    }
    let customer: Customer = provider.customer("c-1").await?;
    println!("{} ({})", customer.name, EntityKind::Customer);
    match provider.customer("nope").await {
        Err(error) if error.is_not_found() => println!("none: {}", error.advice()),
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    let all: Vec<Customer> = provider.customers(CustomerQuery::default()).collect_all().await?;
    println!("{}", all.len());
    Ok(())
}

/// An order exactly once, and its end.
async fn order(provider: Arc<dyn Provider>) -> Anything {
    let provider = provider.journaled(provider_core::journal::MemoryJournal::default());
    let order = NewOrder::new("customer-1").line(NewOrderLine::new("product-1", 5));
    let options =
        WriteOptions::new(IdempotencyKey::new("ticket-4711-licences")?).deadline(Duration::from_secs(60));
    let plan = provider.plan_command(PlaceOrder::new(order.clone()), &options).await?;
    println!("{plan}");
    let receipt = provider.place_order(PlaceOrder::new(order), options).await?;
    println!("{receipt}");
    for id in receipt.orders() {
        let order = provider.wait_for_order(id, Duration::from_secs(600)).await?;
        println!("{}", order.status);
    }
    Ok(())
}

/// A host: kinds, a form, an answer in JSON.
async fn host() -> Anything {
    let registry = Registry::new()
        .with(crayon_client::CrayonFactory::new())?
        .with(pax8_client::Pax8Factory::new())?
        .with(streamone_client::StreamOneFactory::new())?;
    let settings = provider_core::settings::ConnectionSettings::new("pax8", "Main")
        .with_stored_authorization("pax8-main");
    let saved = serde_json::to_string(&settings)?;
    assert_eq!(serde_json::from_str::<provider_core::settings::ConnectionSettings>(&saved)?, settings);
    if let Err(error) = registry.build(&settings, &Services::default()) {
        println!("{}", serde_json::to_string(&error)?);
    }
    Ok(())
}

/// A provider of one's own over HTTP, with a fixed token.
#[derive(Debug)]
struct Acme {
    info: ProviderInfo,
    capabilities: Capabilities,
    http: provider_http::HttpClient,
}

#[derive(serde::Deserialize)]
struct Rows {
    items: Vec<Row>,
    total: u64,
}

#[derive(serde::Deserialize)]
struct Row {
    id: String,
    name: String,
}

impl Acme {
    fn new(base: &str, token: &str) -> Anything<Self> {
        let info = ProviderInfo::new("acme", "main");
        let http = provider_http::HttpClient::builder(&info, base.parse()?).bearer(token).build()?;
        let capabilities = Capabilities::builder().native(Operation::List(EntityKind::Customer)).build();
        Ok(Self { info, capabilities, http })
    }
}

#[async_trait]
impl Provider for Acme {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_customers(
        &self,
        query: &CustomerQuery,
        page: &PageRequest,
    ) -> provider_core::Result<Page<Customer>> {
        query.only(&[])?;
        let offset: u64 = page.position(&self.info, query)?.unwrap_or(0);
        let spec = provider_http::RequestSpec::get("/customers").query("offset", offset);
        let rows: Rows =
            self.http.send(spec, &provider_http::CallOptions::from(&query.options)).await?.json()?;
        let next = offset + rows.items.len() as u64;
        let records = rows.items.into_iter().map(|row| Customer::new(row.id, row.name)).collect();
        Ok(Page::new(records).with_total(rows.total).with_next_position(
            &self.info,
            query,
            (next < rows.total).then_some(next),
        ))
    }
}

/// Filters of the typed clients: setters, the same way everywhere.
async fn typed() -> Anything {
    let pax8 = pax8_client::Pax8Client::builder(pax8_client::Pax8Config::new("a", "b")).build()?;
    let _ = pax8.companies().list(pax8_client::api::CompanyFilter::default().city("Oslo")).await?;
    let crayon =
        crayon_client::CrayonClient::builder(crayon_client::CrayonConfig::new("a", "b", "c", "d")).build()?;
    let _ = crayon
        .customer_tenants()
        .list(crayon_client::api::CustomerTenantFilter::default().organization_id(1))
        .await?;
    let ion = streamone_client::StreamOneClient::builder(streamone_client::StreamOneConfig::new("a", "b"))
        .build()?;
    let _ = ion.customers().list(streamone_client::api::CustomerFilter::default().status("ACTIVE")).await?;
    Ok(())
}

#[path = "guesses/run.rs"]
mod run;

// The same file to the letter, which no formatter and no lint has touched.
#[allow(clippy::all, clippy::pedantic, reason = "written as users write")]
#[path = "guesses/as_written.rs"]
#[rustfmt::skip]
mod as_written;
