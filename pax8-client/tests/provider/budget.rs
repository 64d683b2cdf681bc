//! The calls that Pax8 allows a client id, shared by everything in the process that uses it. On paused time.

mod shop;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::join_all;
use http::{Request, Response, header};
use pax8_client::api::ProductFilter;
use pax8_client::{PageOf, Pax8Client, Pax8Config, Pax8Provider};
use provider_core::{Completeness, ProductQuery, Provider, ProviderExt};
use provider_http::{Body, Transport, TransportError};
use shop::Shop;
use tokio::time::Instant;

/// How long an answer is on its way.
const LATENCY: Duration = Duration::from_millis(40);
const CALLS: usize = 1000;
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone)]
struct Line(Arc<Shop>);

#[async_trait]
impl Transport for Line {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let reply = self.0.answer(request.uri().path(), request.uri().query().unwrap_or_default());
        tokio::time::sleep(LATENCY).await;
        let mut response = Response::builder().status(reply.status);
        if let Some(seconds) = reply.retry_after {
            response = response.header(header::RETRY_AFTER, seconds);
        }
        Ok(response.body(Body::from_bytes(reply.body)).unwrap())
    }
}

/// A client of its own, as another part of the application would make it. Accounts are kept apart by host.
fn client(shop: &Arc<Shop>, host: &str) -> (Pax8Client, Pax8Config) {
    let config =
        Pax8Config::new("id", "secret".to_owned()).with_base_url(format!("https://{host}.example.com"));
    let line = Arc::new(Line(Arc::clone(shop)));
    (Pax8Client::builder(config.clone()).transport(line).build().unwrap(), config)
}

/// Reads the catalog with all prices and answers how many products came.
async fn import(client: Pax8Client, config: Pax8Config) -> usize {
    let provider: Arc<dyn Provider> = Arc::new(Pax8Provider::new(client, &config));
    let listing = provider.products(ProductQuery::default().with_offers(true));
    let report = listing.report();
    let products = listing.collect_all().await.unwrap();
    assert!(products.iter().all(|product| product.offers.len() == 1));
    assert_eq!(report.completeness(), Completeness::Proven);
    products.len()
}

#[tokio::test(start_paused = true)]
async fn a_catalog_with_prices_keeps_to_the_budget_and_uses_it() {
    let shop = Arc::new(Shop::new(2_600, CALLS, MINUTE));
    let (client, config) = client(&shop, "import");
    let begun = Instant::now();
    assert_eq!(import(client, config).await, 2_600);
    let calls = shop.arrivals().len();
    assert_eq!(calls, 2_600 + 1_300 + 52, "prices, commitments where one is needed, pages");
    assert_eq!(shop.refused().len(), 0);
    let ratio = begun.elapsed().as_secs_f64() / shop.budget(calls).as_secs_f64();
    assert!(ratio <= 1.1, "{ratio:.3}");
}

#[tokio::test(start_paused = true)]
async fn large_pages_read_far_ahead_fit_into_their_deadlines() {
    let shop = Arc::new(Shop::new(2_600, CALLS, MINUTE));
    let (client, config) = client(&shop, "ahead");
    let provider: Arc<dyn Provider> = Arc::new(Pax8Provider::new(client, &config));
    let listing = provider.products(ProductQuery::default().with_offers(true)).page_size(200).prefetch(16);
    assert_eq!(listing.collect_all().await.unwrap().len(), 2_600);
    assert_eq!(shop.refused().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn clients_built_apart_share_the_budget_of_their_client_id() {
    let shop = Arc::new(Shop::new(600, CALLS, MINUTE));
    let imports = (0..3).map(|_| {
        let (client, config) = client(&shop, "shared");
        tokio::spawn(import(client, config))
    });
    for import in join_all(imports).await {
        assert_eq!(import.unwrap(), 600);
    }
    let arrivals = shop.arrivals();
    assert_eq!(arrivals.len(), 3 * (600 + 300 + 12));
    assert_eq!(shop.refused().len(), 0);
    let busiest = arrivals
        .iter()
        .map(|from| arrivals.iter().filter(|at| **at >= *from && **at < *from + MINUTE).count());
    assert!(busiest.max().unwrap() > CALLS * 9 / 10, "and use it");
}

#[tokio::test(start_paused = true)]
async fn another_client_id_has_a_budget_of_its_own() {
    let (alone, _) = client(&Arc::new(Shop::new(1, CALLS, MINUTE)), "alone");
    let begun = Instant::now();
    read(&alone, 900).await;
    let alone = begun.elapsed();
    assert!(alone < MINUTE / 10, "within the quota at the speed of the network: {alone:?}");
    let shop = Arc::new(Shop::new(1, CALLS * 2, MINUTE));
    let (one, _) = client(&shop, "apart");
    let config = Pax8Config::new("other", "secret".to_owned()).with_base_url("https://apart.example.com");
    let line = Arc::new(Line(Arc::clone(&shop)));
    let other = Pax8Client::builder(config).transport(line).build().unwrap();
    let begun = Instant::now();
    futures_util::join!(read(&one, 900), read(&other, 900));
    let both = begun.elapsed();
    assert!(both < alone.mul_f64(1.2), "{alone:?} {both:?}: one budget would take them into a second minute");
}

/// So many calls, fifty at a time.
async fn read(client: &Pax8Client, calls: usize) {
    let readers = (0..50).map(|_| async {
        for _ in 0..calls / 50 {
            client.products().list(ProductFilter::default().page(PageOf::first(1))).await.unwrap();
        }
    });
    join_all(readers).await;
}

#[tokio::test(start_paused = true)]
async fn a_429_pauses_everybody_on_the_client_id() {
    const PAUSE: u64 = 7;
    let shop = Arc::new(Shop::new(1, CALLS, MINUTE));
    let (one, _) = client(&shop, "pause");
    let (other, _) = client(&shop, "pause");
    shop.refuse_after(100, PAUSE);
    futures_util::join!(read(&one, 200), read(&other, 200));
    let refused = shop.refused();
    assert_eq!(refused.len(), 1, "the pause spares the others their own");
    // Whoever was on the way when the refusal came back could not know.
    let told = refused[0] + LATENCY;
    let over = told + Duration::from_secs(PAUSE);
    let during = shop.arrivals().into_iter().filter(|at| *at > told && *at < over).count();
    assert_eq!(during, 0);
    let arrivals = shop.arrivals();
    assert_eq!(arrivals.len(), 401, "everything was read, the refused call again");
    assert!(arrivals.iter().any(|at| *at >= over));
}

#[tokio::test(start_paused = true)]
async fn one_token_serves_a_client_and_its_clones() {
    let shop = Arc::new(Shop::new(1, CALLS, MINUTE));
    let (one, _) = client(&shop, "tokens");
    let clone = one.clone();
    futures_util::join!(read(&one, 50), read(&clone, 50));
    assert_eq!(shop.tokens(), 1);
    // Built apart, clients may differ in transport, proxy, clock and observer: each asks for its own.
    let (other, _) = client(&shop, "tokens");
    read(&other, 50).await;
    assert_eq!(shop.tokens(), 2);
}
