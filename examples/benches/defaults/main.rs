//! How long the three listings of customers take with nothing set, against the round trips that they need.
//!
//! `cargo bench -p provider-examples --bench defaults` lists 10,000 customers of each simulated distributor, every
//! answer after 40 ms, on new connections. The ideal is a token, the discovery of what there is, the first page, and
//! the others eight at a time where their numbers are known, one after the other where only the next is. A first
//! listing, which is not measured, lets the server collect what the simulator answers. See docs/performance.md.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program that measures"
)]

mod front;
#[path = "../shared/wire.rs"]
mod wire;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crayon_client::CrayonConfig;
use front::Front;
use pax8_client::Pax8Config;
use provider_core::page::UnprovenReason;
use provider_core::token::MemoryTokenStore;
use provider_core::{Completeness, CustomerQuery, Provider, ProviderExt as _, Services};
use provider_http::TokioClock;
use streamone_client::StreamOneConfig;

const CUSTOMERS: usize = 10_000;
const ANSWER: Duration = Duration::from_millis(40);
const ROUNDS: usize = 5;
const LIMIT: f64 = 1.3;

/// How the pages of a distributor are found.
enum Found {
    /// Their numbers are known once the first has come.
    Numbered,
    /// Each names the next.
    Chained,
}

struct Case {
    name: &'static str,
    size: u32,
    /// Calls before the first page: a token, and what there is to list.
    before: u32,
    found: Found,
}

const CASES: [Case; 3] = [
    Case { name: "Crayon", size: 1_000, before: 2, found: Found::Numbered },
    Case { name: "Pax8", size: 200, before: 1, found: Found::Numbered },
    Case { name: "StreamOne", size: 1_000, before: 1, found: Found::Chained },
];

impl Case {
    fn pages(&self, records: usize) -> u32 {
        u32::try_from(records).unwrap().div_ceil(self.size)
    }

    fn ideal(&self, records: usize) -> Duration {
        let pages = self.pages(records);
        let trips = match self.found {
            Found::Numbered => 1 + (pages - 1).div_ceil(8),
            Found::Chained => pages,
        };
        ANSWER * (self.before + trips)
    }
}

/// A new connection. Nothing is set but the addresses and the credentials.
fn connect(name: &str, variables: &[(String, String)], services: &Services) -> Arc<dyn Provider> {
    let get = |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    match name {
        "Crayon" => CrayonConfig::from_vars(get).unwrap().unwrap().connect(services),
        "Pax8" => Pax8Config::from_vars(get).unwrap().unwrap().connect(services),
        _ => StreamOneConfig::from_vars(get).unwrap().unwrap().connect(services),
    }
    .unwrap()
}

/// Lists everything once, and answers how long it took and how many came.
async fn list(name: &str, variables: &[(String, String)]) -> (Duration, usize) {
    // Nothing is kept from the connection before: its token neither.
    let services = Services::default()
        .with_clock(Arc::new(TokioClock::default()))
        .with_token_store(Arc::new(MemoryTokenStore::default()))
        .without_journal();
    let provider = connect(name, variables, &services);
    let begun = Instant::now();
    let mut customers = provider.customers(CustomerQuery::default());
    let mut count = 0;
    while let Some(customer) = customers.next().await {
        customer.unwrap();
        count += 1;
    }
    let took = begun.elapsed();
    // ION declares no total, so that all of its pages prove nothing more than themselves.
    let proof = customers.report().completeness();
    let whole = proof.is_proven() || proof == Completeness::Unproven(UnprovenReason::NoTotal);
    assert!(whole, "{name}: {proof:?}");
    provider.close().await.unwrap();
    (took, count)
}

async fn measure() -> bool {
    let mut front = Front::start();
    let variables = front.variables.clone();
    println!("| | Pages | Requests | Took | Ideal | Ratio | Limit |\n|---|---|---|---|---|---|---|");
    let mut held = true;
    for case in &CASES {
        list(case.name, &variables).await;
        let mut took = Vec::new();
        let mut records = 0;
        let mut requests = 0;
        for _ in 0..ROUNDS {
            front.requests();
            let (time, count) = list(case.name, &variables).await;
            let (asked, forwarded) = front.requests();
            assert_eq!(forwarded, 0, "{}: of {asked} answers so many had to be rendered", case.name);
            took.push(time);
            (records, requests) = (count, asked);
        }
        took.sort_unstable();
        let (median, ideal) = (took[ROUNDS / 2], case.ideal(records));
        let ratio = median.as_secs_f64() / ideal.as_secs_f64();
        held &= ratio <= LIMIT;
        println!(
            "| {} | {} | {requests} | {} ms | {} ms | {ratio:.2} | {LIMIT} |{}",
            case.name,
            case.pages(records),
            median.as_millis(),
            ideal.as_millis(),
            if ratio <= LIMIT { "" } else { " MISSED" }
        );
    }
    held
}

fn main() -> ExitCode {
    if std::env::var_os(front::ROLE).is_some() {
        front::serve();
        return ExitCode::SUCCESS;
    }
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-examples --bench defaults`");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if runtime.block_on(measure()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
