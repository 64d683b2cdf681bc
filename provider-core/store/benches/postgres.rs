//! An order's three steps in the journal on PostgreSQL, beside one plain insert that is as durable, in the same run: one
//! after another, and sixteen at once.
//!
//! `cargo bench -p provider-store --features postgres --bench postgres`. The server is one of its own in a temporary folder, as
//! durable as a server is by itself. The disk and the way to the server decide the numbers; their ratio is ours. Three commits
//! are the floor, and the steps of a journal come one after another, however many there are at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a program that measures: a failed unwrap is a failed bench, and small counts are exact"
)]

use std::process::ExitCode;
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
use tokio_postgres::{Client, NoTls, Statement};

const ROUNDS: usize = 7;
const ORDERS: usize = 200;
const CROWD: usize = 16;
const MINUTE: Duration = Duration::from_secs(60);
/// What a step may cost, as a multiple of a plain insert: it is as durable, and looks and locks before it writes.
const STEP: f64 = 4.0;
/// How many of the orders that are done one after another are still done a second by a crowd.
const IN_A_CROWD: f64 = 0.6;
/// As a server is set by itself; those of tests are set to be quick.
const DURABLE: [(&str, &str); 5] = [
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("autovacuum", "on"),
    ("max_connections", "100"),
];

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

/// A connection with a statement that is prepared once.
struct Plain {
    client: Client,
    insert: Statement,
}

impl Plain {
    async fn connect(address: &str) -> Arc<Self> {
        let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
        tokio::spawn(async move { drop(connection.await) });
        let insert = client.prepare("INSERT INTO plain VALUES ($1, $2)").await.unwrap();
        Arc::new(Self { client, insert })
    }

    /// One row of the same size, one index, one commit.
    async fn insert(self: Arc<Self>, attempt: Attempt) {
        let key = attempt.key.to_string();
        let entry = serde_json::to_string(&attempt.with_baseline(notes())).unwrap();
        self.client.execute(&self.insert, &[&key, &entry]).await.unwrap();
    }
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
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
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

/// Seconds that one takes.
struct Took {
    order: f64,
    insert: f64,
}

impl Took {
    fn ratio(&self) -> f64 {
        self.order / self.insert
    }
}

async fn compare(server: &Server, entries: usize, at_once: usize) -> Took {
    let schema = format!("bench_{entries}_{at_once}");
    server
        .sql(&format!(
            "CREATE SCHEMA {schema}; CREATE TABLE {schema}.plain (key TEXT PRIMARY KEY, entry TEXT NOT NULL)"
        ))
        .unwrap();
    let address = format!("{}?options=-c%20search_path%3D{schema}", server.address("postgres"));
    let store = Store::open(&*address).await.unwrap();
    fill(&store, entries).await;
    let mut plain = Vec::new();
    for _ in 0..at_once {
        plain.push(Plain::connect(&address).await);
    }
    let journal = store.journal();
    let (mut orders, mut inserts) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let attempts: Vec<_> = (0..ORDERS).map(|n| attempt(round * ORDERS + n)).collect();
        orders.push(timed(at_once, attempts.clone(), |attempt| order(Arc::clone(&journal), attempt)).await);
        let next = AtomicUsize::new(0);
        let one = || plain.get(next.fetch_add(1, Ordering::Relaxed) % plain.len()).map(Arc::clone).unwrap();
        inserts.push(timed(at_once, attempts, |attempt| one().insert(attempt)).await);
    }
    let took = Took { order: median(orders), insert: median(inserts) };
    println!(
        "{entries:>7} entries before, {at_once:>2} at once: {:>6.0} orders/s (begin, arm, finish), {:>6.0} plain inserts/s, \
         ratio {:.2}; {:.2} for each step",
        1.0 / took.order,
        1.0 / took.insert,
        took.ratio(),
        took.ratio() / 3.0,
    );
    took
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-store --features postgres --bench postgres`");
        return ExitCode::SUCCESS;
    }
    let Some(server) = Server::start(&DURABLE).unwrap() else { return ExitCode::FAILURE };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let alone = [0, 1000, 10_000].map(|entries| runtime.block_on(compare(&server, entries, 1)));
    let crowd = runtime.block_on(compare(&server, 1001, CROWD));
    let slowest = alone.iter().map(|took| took.ratio() / 3.0).fold(0.0, f64::max);
    let quickest = alone.iter().map(|took| took.order).fold(f64::INFINITY, f64::min);
    let kept = quickest / crowd.order;
    let mut fine = ExitCode::SUCCESS;
    if slowest > STEP {
        println!("a step costs {slowest:.2} plain inserts: over {STEP}");
        fine = ExitCode::FAILURE;
    }
    if kept < IN_A_CROWD {
        println!("{CROWD} at once do {kept:.2} of what one does: under {IN_A_CROWD}");
        fine = ExitCode::FAILURE;
    }
    fine
}
