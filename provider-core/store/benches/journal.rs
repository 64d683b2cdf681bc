//! An order's three steps in the journal, beside one plain insert that is as durable, in the same run.
//!
//! `cargo bench -p provider-store`. The disk decides the numbers; their ratio is ours. Three commits are the floor.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a failed unwrap is a failed bench, and small counts are exact"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use provider_core::attempt::Baseline;
use provider_core::clock::{Clock, SystemClock};
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Journal, JournalBook};
use provider_core::{Attempt, ChangeQuantity, IdempotencyKey, Outcome, Receipt};
use provider_store::Store;

const ROUNDS: usize = 7;
const ORDERS: usize = 200;
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

async fn order(journal: &dyn Journal, attempt: Attempt) {
    let Begin::Fresh(fence) = journal.begin(&attempt, MINUTE).await.unwrap() else { panic!("not fresh") };
    let attempt = attempt.with_baseline(notes());
    journal.arm(&attempt, fence, MINUTE).await.unwrap();
    journal.finish(&attempt, fence, &Receipt::new(Outcome::Applied).with_customer("C-1")).await.unwrap();
}

/// One row of the same size, one index, one commit.
struct Plain(rusqlite::Connection);

impl Plain {
    fn open(path: &Path) -> Self {
        let connection = rusqlite::Connection::open(path).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 CREATE TABLE plain (key TEXT PRIMARY KEY, entry TEXT NOT NULL) STRICT",
            )
            .unwrap();
        Self(connection)
    }

    fn insert(&self, attempt: Attempt) {
        let key = attempt.key.to_string();
        let entry = serde_json::to_string(&attempt.with_baseline(notes())).unwrap();
        let mut insert = self.0.prepare_cached("INSERT INTO plain VALUES (?1, ?2)").unwrap();
        insert.execute([key, entry]).unwrap();
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64() / ORDERS as f64
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

async fn compare(folder: &Path, entries: usize) {
    let store = Store::open(format!("sqlite:{}/{entries}.db", folder.display())).await.unwrap();
    fill(&store, entries).await;
    let journal = store.journal();
    let plain = Plain::open(&folder.join(format!("plain-{entries}.db")));
    let (mut orders, mut inserts) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let attempts: Vec<_> = (0..ORDERS).map(|n| attempt(round * ORDERS + n)).collect();
        let began = Instant::now();
        for attempt in attempts.clone() {
            order(&*journal, attempt).await;
        }
        orders.push(began.elapsed());
        let began = Instant::now();
        for attempt in attempts {
            plain.insert(attempt);
        }
        inserts.push(began.elapsed());
    }
    let (order, insert) = (median(orders), median(inserts));
    println!(
        "{entries:>7} entries before: {:>6.0} orders/s (begin, arm, finish), {:>6.0} plain inserts/s, ratio {:.2}; \
         {:.2} for each step",
        1.0 / order,
        1.0 / insert,
        order / insert,
        order / insert / 3.0,
    );
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // On the disk that holds the build, not in a temporary folder that may be memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for entries in [0, 1000, 10_000] {
        runtime.block_on(compare(folder.path(), entries));
    }
}
