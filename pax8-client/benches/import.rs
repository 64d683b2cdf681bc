//! The import of a whole catalog with prices: whether it keeps to the rate limit, and how much of it it
//! uses; in real time, over loopback, with the minute scaled down to three seconds. See docs/performance.md.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    dead_code,
    reason = "a program that measures"
)]

#[path = "../tests/provider/budget/shop.rs"]
mod shop;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::{ProductQuery, Provider, ProviderExt};
use provider_http::RateLimit;
use shop::Shop;

const PRODUCTS: usize = 2_600;
const CALLS: u16 = 1_000;
const WINDOW: Duration = Duration::from_secs(3);
/// How long an answer takes.
const LATENCY: Duration = Duration::from_millis(30);
const LIMIT: f64 = 1.1;

async fn serve(State(shop): State<Arc<Shop>>, uri: Uri) -> Response {
    let reply = shop.answer(uri.path(), uri.query().unwrap_or_default());
    tokio::time::sleep(LATENCY).await;
    let status = StatusCode::from_u16(reply.status).unwrap();
    match reply.retry_after {
        Some(seconds) => (status, [(header::RETRY_AFTER, seconds.to_string())]).into_response(),
        None => (status, [(header::CONTENT_TYPE, "application/json")], reply.body).into_response(),
    }
}

async fn measure() -> bool {
    let shop = Arc::new(Shop::new(PRODUCTS, CALLS.into(), WINDOW));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(serve).with_state(Arc::clone(&shop));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });

    let config = Pax8Config::new("id", "secret".to_owned()).with_base_url(origin);
    let limit = RateLimit::new(CALLS.into(), WINDOW);
    let client = Pax8Client::builder(config.clone()).rate(limit).build().unwrap();
    let provider: Arc<dyn Provider> = Arc::new(Pax8Provider::new(client, &config));
    let begun = Instant::now();
    let products = provider.products(ProductQuery::default().with_offers(true)).collect_all().await.unwrap();
    let took = begun.elapsed().as_secs_f64();
    assert!(products.len() == PRODUCTS && products.iter().all(|product| !product.offers.is_empty()));

    let calls = shop.arrivals().len();
    let budget = shop.budget(calls).as_secs_f64();
    let (ratio, refused) = (took / budget, shop.refused().len());
    println!("{PRODUCTS} products with prices, {calls} calls: {took:.2} s, the budget allows {budget:.2} s");
    let verdict = |held: bool| if held { "held" } else { "MISSED" };
    println!("ratio {ratio:.3}, at most {LIMIT}: {}", verdict(ratio <= LIMIT));
    println!("429s {refused}, none: {}", verdict(refused == 0));
    ratio <= LIMIT && refused == 0
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p pax8-client --bench import`");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if runtime.block_on(measure()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
