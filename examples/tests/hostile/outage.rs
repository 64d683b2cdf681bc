//! An outage in the middle of a listing, at all three distributors: one of a minute on time that takes none, and a
//! real one of seconds over real connections. `OUTAGE_SECONDS` says for how long the real one lasts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{Request, Response, StatusCode};
use provider_core::{Customer, CustomerQuery, Listing, Provider, ProviderExt as _};
use provider_http::{Body, HttpOptions, ReqwestTransport, Transport, TransportError, TransportErrorKind};
use provider_simulator::{FaultAction, FaultRule, Faults, Simulator};
use tokio::time::Instant;

use crate::block_on;
use crate::wire::{Vendor, answer, simulated, token};

/// Enough customers for many pages of two.
const CUSTOMERS: usize = 40;
const LONG: Duration = Duration::from_secs(60);

fn listing(provider: &Arc<dyn Provider>, deadline: Duration, prefetch: usize) -> Listing<Customer> {
    provider.customers(CustomerQuery::default().deadline(deadline)).page_size(2).prefetch(prefetch)
}

fn asked(request: &Request<Bytes>) -> String {
    format!("{} {}", request.method(), request.uri().path_and_query().map_or("", |place| place.as_str()))
}

/// Passes requests on, and remembers what was answered to each.
#[derive(Debug)]
struct Tape {
    inner: ReqwestTransport,
    answers: Mutex<BTreeMap<String, Bytes>>,
}

impl Tape {
    fn new() -> Arc<Self> {
        let inner = ReqwestTransport::new(&HttpOptions::default()).unwrap();
        Arc::new(Self { inner, answers: Mutex::default() })
    }
}

#[async_trait::async_trait]
impl Transport for Tape {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let asked = asked(&request);
        let (head, body) = self.inner.send(request).await?.into_parts();
        let bytes = body.collect().await?;
        self.answers.lock().unwrap().insert(asked, bytes.clone());
        Ok(Response::from_parts(head, Body::from_bytes(bytes)))
    }
}

/// Answers what is on a tape, but for the minute that begins with the request of this number.
#[derive(Debug)]
struct Outage {
    answers: BTreeMap<String, Bytes>,
    first: usize,
    asked: AtomicUsize,
    begun: OnceLock<Instant>,
}

#[async_trait::async_trait]
impl Transport for Outage {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        if let Some(granted) = token(&request, "access-token") {
            return Ok(granted);
        }
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        if number >= self.first && self.begun.get_or_init(Instant::now).elapsed() < LONG {
            return down(number);
        }
        let found = self.answers.get(&asked(&request));
        Ok(answer(200, found.unwrap_or_else(|| panic!("{} is not on the tape", asked(&request))).clone()))
    }
}

/// Every way in which a service is down, one after the other.
fn down(number: usize) -> Result<Response<Body>, TransportError> {
    let fails = |kind| Err(TransportError::new(kind, "an outage"));
    match number % 9 {
        0 => fails(TransportErrorKind::Interrupted),
        1 => Ok(answer(503, "{}")),
        2 => fails(TransportErrorKind::Request),
        3 => Ok(answer(200, "<html>maintenance</html>")),
        4 => Ok(answer(200, r#"{"items":[{"id""#)),
        5 => fails(TransportErrorKind::Connect),
        6 => Ok(answer(200, "")),
        7 => Ok(answer(403, "<html>blocked</html>")),
        _ => fails(TransportErrorKind::Decode),
    }
}

#[test]
fn a_listing_of_each_distributor_survives_a_minute_without_it() {
    for prefetch in [1, 8] {
        // One for each round: what an account has lived through, its breaker remembers.
        let outer =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let simulator = outer.block_on(Simulator::builder().customers(CUSTOMERS).start()).unwrap();
        for vendor in Vendor::ALL {
            let tape = Tape::new();
            let provider = simulated(&simulator, vendor, Some(Arc::clone(&tape) as Arc<dyn Transport>));
            let whole = outer.block_on(listing(&provider, LONG, prefetch).collect_all()).unwrap();
            assert!(whole.len() >= CUSTOMERS, "{vendor:?}");
            let answers = std::mem::take(&mut *tape.answers.lock().unwrap());
            let pages = answers.len();
            assert!(pages > 15, "{vendor:?}: {pages}");
            let first = pages / 2;
            let wire =
                Arc::new(Outage { answers, first, asked: AtomicUsize::new(0), begun: OnceLock::new() });
            block_on(async {
                let provider = simulated(&simulator, vendor, Some(Arc::clone(&wire) as Arc<dyn Transport>));
                let begun = Instant::now();
                let listing = listing(&provider, Duration::from_secs(120), prefetch);
                let report = listing.report();
                let all = listing.collect_all().await.unwrap();
                assert_eq!(all, whole, "{vendor:?}, {prefetch} at a time");
                assert_eq!(report.bad(), 0);
                assert!(wire.begun.get().is_some() && begun.elapsed() >= LONG, "{:?}", begun.elapsed());
                assert!(wire.asked.load(Ordering::SeqCst) < pages + 100, "it asked all the time");
            });
        }
    }
}

fn broken(number: u32) -> FaultAction {
    match number % 5 {
        0 => FaultAction::DisconnectBefore,
        1 => FaultAction::TornBody,
        2 => FaultAction::status(StatusCode::BAD_GATEWAY, "{}"),
        3 => FaultAction::Html,
        _ => FaultAction::EmptyBody,
    }
}

/// Every read fails, each moment in another way.
async fn outage(faults: &Faults, length: Duration) {
    let end = Instant::now() + length;
    for number in 0.. {
        if Instant::now() >= end {
            break;
        }
        faults.clear();
        faults.add(FaultRule::new("GET", "*", broken(number)));
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    faults.clear();
}

/// Nothing here is measured against a clock: it only has to come to its end, with every record.
#[test]
fn a_listing_of_each_distributor_survives_a_real_outage() {
    let seconds = std::env::var("OUTAGE_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(3);
    let length = Duration::from_secs(seconds);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let simulator = Simulator::builder().customers(CUSTOMERS).start().await.unwrap();
        let faults = [
            simulator.crayon().faults().clone(),
            simulator.pax8().faults().clone(),
            simulator.streamone().faults().clone(),
        ];
        let listings = Vendor::ALL.into_iter().zip(&faults).map(|(vendor, faults)| {
            let provider = simulated(&simulator, vendor, None);
            async move {
                // Longer than the breaker's longest rest.
                let mut listing = listing(&provider, Duration::from_secs(600) + 2 * length, 2);
                let report = listing.report();
                let mut records = usize::from(listing.next().await.unwrap().is_ok());
                let rest = async {
                    while let Some(customer) = listing.next().await {
                        customer.unwrap();
                        records += 1;
                    }
                };
                futures_util::join!(outage(faults, length), rest);
                assert!(records >= CUSTOMERS, "{vendor:?}: {records}");
                assert_eq!((report.bad(), report.records()), (0, records as u64), "{vendor:?}");
            }
        });
        join_all(listings).await;
    });
}
