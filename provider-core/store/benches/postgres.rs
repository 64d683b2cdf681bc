//! An order's three steps in the journal on PostgreSQL, beside one plain insert that is as durable, in the same run: one
//! after another, and sixteen at once.
//!
//! `cargo bench -p provider-store --features postgres --bench postgres`. The disk and the way to the server decide the
//! numbers; their ratio is ours. Three commits are the floor.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a failed unwrap is a failed bench, and small counts are exact"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use provider_core::attempt::Baseline;
use provider_core::clock::{Clock, SystemClock};
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Journal, JournalBook};
use provider_core::{Attempt, ChangeQuantity, IdempotencyKey, Outcome, Receipt};
use provider_store::Store;
use provider_testkit::postgres::Server;
use tokio_postgres::{Client, NoTls};

const ROUNDS: usize = 7;
const ORDERS: usize = 200;
const CROWD: usize = 16;
const MINUTE: Duration = Duration::from_secs(60);

fn attempt(n: usize) -> Attempt {
    let key = IdempotencyKey::derive("bench", [n.to_string()]);
    let change = ChangeQuantity::new(format!("S-{n}"), 7);
    Attempt::new("pax8", change.into(), key, SystemClock.now()).with_account(AccountKey::new(
        "pax8",
        "https://api.pax8.com",
        "client 1",
    ))
}

/// As many notes as a customer with some subscriptions makes.
fn notes() -> Option<Baseline> {
    let before: Vec<_> = (0..20).map(|n| format!("5f3c2a10-0000-4000-8000-{n:012}")).collect();
    Some(Baseline::new(SystemClock.now(), serde_json::json!({ "subscriptions": before })))
}

async fn order(journal: Arc<dyn Journal>, attempt: Attempt) {
    let Begin::Fresh(fence) = journal.begin(&attempt, MINUTE).await.unwrap() else { panic!("not fresh") };
    let attempt = attempt.with_baseline(notes());
    journal.arm(&attempt, fence, MINUTE).await.unwrap();
    journal.finish(&attempt, fence, &Receipt::new(Outcome::Applied).with_customer("C-1")).await.unwrap();
}

async fn connect(address: &str) -> Arc<Client> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    Arc::new(client)
}

/// One row of the same size, one index, one commit.
async fn insert(client: Arc<Client>, attempt: Attempt) {
    let (key, entry) =
        (attempt.key.to_string(), serde_json::to_string(&attempt.with_baseline(notes())).unwrap());
    client.execute("INSERT INTO plain VALUES ($1, $2)", &[&key, &entry]).await.unwrap();
}

/// Does them in the order of their number, so many at a time, and answers how long one took.
async fn timed<F: Future<Output = ()> + Send + 'static>(
    at_once: usize,
    attempts: Vec<Attempt>,
    work: impl Fn(Attempt) -> F,
) -> f64 {
    let (count, began) = (attempts.len(), Instant::now());
    let mut tasks = tokio::task::JoinSet::new();
    for attempt in attempts {
        if tasks.len() == at_once {
            tasks.join_next().await.unwrap().unwrap();
        }
        tasks.spawn(work(attempt));
    }
    while tasks.join_next().await.is_some() {}
    began.elapsed().as_secs_f64() / count as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Fills the journal with what was done before.
async fn fill(store: &Store, entries: usize) {
    let mut book = JournalBook::default();
    for n in 0..entries {
        let attempt = attempt(1_000_000_000 + n);
        book.begin(&attempt, SystemClock.now(), MINUTE).unwrap();
        book.finish(&attempt.with_baseline(notes()), &Receipt::new(Outcome::Applied), SystemClock.now());
    }
    store.import(book).await.unwrap();
}

async fn compare(server: &Server, entries: usize, at_once: usize) {
    let schema = format!("bench_{entries}_{at_once}");
    server
        .sql(&format!(
            "CREATE SCHEMA {schema}; CREATE TABLE {schema}.plain (key TEXT PRIMARY KEY, entry TEXT NOT NULL)"
        ))
        .unwrap();
    let address = format!("{}?options=-c%20search_path%3D{schema}", server.address("postgres"));
    let store = Store::open(&*address).await.unwrap();
    fill(&store, entries).await;
    let mut clients = Vec::new();
    for _ in 0..at_once {
        clients.push(connect(&address).await);
    }
    let journal = store.journal();
    let (mut orders, mut inserts) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let attempts: Vec<_> = (0..ORDERS).map(|n| attempt(round * ORDERS + n)).collect();
        orders.push(timed(at_once, attempts.clone(), |attempt| order(Arc::clone(&journal), attempt)).await);
        let next = AtomicUsize::new(0);
        let client =
            || clients.get(next.fetch_add(1, Ordering::Relaxed) % clients.len()).map(Arc::clone).unwrap();
        inserts.push(timed(at_once, attempts, |attempt| insert(client(), attempt)).await);
    }
    let (order, insert) = (median(orders), median(inserts));
    println!(
        "{entries:>7} entries before, {at_once:>2} at once: {:>6.0} orders/s (begin, arm, finish), {:>6.0} plain inserts/s, \
         ratio {:.2}; {:.2} for each step",
        1.0 / order,
        1.0 / insert,
        order / insert,
        order / insert / 3.0,
    );
}

fn main() {
    let Some(server) =
        Server::start(&[("fsync", "on"), ("full_page_writes", "on"), ("max_connections", "100")]).unwrap()
    else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for entries in [0, 1000, 10_000] {
        runtime.block_on(compare(&server, entries, 1));
    }
    runtime.block_on(compare(&server, 1001, CROWD));
}
