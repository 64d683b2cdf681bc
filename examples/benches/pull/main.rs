//! What keeping 100,000 subscriptions of Pax8 in step costs beside listing them and inserting them, in CPU time of
//! one run.
//!
//! `cargo bench -p provider-examples --bench pull`. The pages come from a child process over loopback without TLS,
//! which both sides would pay alike. See docs/performance.md.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a program that measures, and a failed unwrap is a failed bench"
)]

mod server;
#[path = "../shared/wire.rs"]
mod wire;

use std::process::ExitCode;
use std::sync::Arc;

use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::clock::SystemClock;
use provider_core::journal::MemoryJournal;
use provider_core::{ProviderExt, SubscriptionQuery};
use provider_http::RateLimit;
use provider_sync::{RunControl, SqliteStore, SyncEngine, SyncEvent, SyncObserver, SyncPlan, TableTarget};
use serde_json::Value;
use server::{CHANGED, PAGE, Server};
use tokio::sync::Notify;

/// Names how many records a process of its own pulls, to tell its peak.
const PEAK: &str = "PULL_PEAK";
/// What the first run may cost, as a multiple of listing and plain insert.
const FIRST: f64 = 2.3;
/// The same of a first run that goes both ways, and keeps what both sides agree on.
const FIRST_BOTH: f64 = 2.8;
/// What a run without changes may cost, as a multiple of listing.
const UNCHANGED: f64 = 1.6;
/// What a record may take: what a listing keeps of its id, and its place in the bitmap.
const BYTES: f64 = 66.0;
/// How often everything is measured.
const ROUNDS: usize = 9;
/// How many rows a run writes in one transaction where they are there.
const AT_ONCE: usize = 1_600;
/// Pages that a listing reads ahead unless told otherwise.
const READ_AHEAD: usize = 16;

const PLAN: &str = r#"
version = 1
connection = "pax8"
enabled = true
[[kinds]]
kind = "subscription"
enabled = true
updates = ["create", "update", "remove"]
table = "seats"
key = { remote = "id", local = "remote" }
unmatched = "create"
removal = { how = "delete" }
fields = [
  { remote = "customer", local = "customer" },
  { remote = "product.id", local = "product" },
  { remote = "quantity", local = "quantity" },
  { remote = "status", local = "status" },
  { remote = "cost.amount", local = "cost" },
]
"#;

const TABLE: &str = "CREATE TABLE seats (id INTEGER PRIMARY KEY, remote TEXT UNIQUE, customer TEXT, product TEXT, \
    quantity TEXT, status TEXT, cost TEXT)";

/// A connection to the server, without the quota of the live service.
fn pax8(server: &Server) -> Arc<Pax8Provider> {
    let config = Pax8Config::new("client", "secret".to_owned()).with_base_url(server.base());
    let client = Pax8Client::builder(config.clone()).rate(RateLimit::unlimited()).build().unwrap();
    Arc::new(Pax8Provider::new(client, &config))
}

/// The CPU time of this process, all threads together, in seconds.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let ticks: Vec<f64> =
        rest.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse().unwrap()).collect();
    ticks.iter().sum::<f64>() / 100.0
}

/// The most memory that this process has had, in MiB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

async fn list(provider: &Arc<Pax8Provider>) -> f64 {
    let begun = cpu();
    let mut listing = provider.subscriptions(SubscriptionQuery::default());
    while let Some(record) = listing.next().await {
        record.unwrap();
    }
    assert!(listing.report().completeness().is_proven());
    cpu() - begun
}

/// The rows that a first run makes, with the same values and as durable, so many in one transaction.
fn insert(path: &std::path::Path, records: usize, at_once: usize) -> f64 {
    let begun = cpu();
    let mut plain = rusqlite::Connection::open(path).unwrap();
    plain.execute_batch(&format!("PRAGMA journal_mode = WAL; {TABLE}")).unwrap();
    for begin in (0..records).step_by(at_once) {
        let transaction = plain.transaction().unwrap();
        for n in begin..records.min(begin + at_once) {
            let sql = "INSERT INTO seats (remote, customer, product, quantity, status, cost) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let mut statement = transaction.prepare_cached(sql).unwrap();
            let [remote, customer, product] = server::ids(n);
            statement.execute((remote, customer, product, "1", "active", "12.50")).unwrap();
        }
        transaction.commit().unwrap();
    }
    cpu() - begun
}

/// One connection with its tables, its store and its distributor.
struct Connection {
    server: Server,
    provider: Arc<Pax8Provider>,
    engine: SyncEngine,
    _folder: tempfile::TempDir,
}

impl Connection {
    async fn new(records: usize) -> Self {
        Self::by(records, PLAN).await
    }

    async fn both_ways(records: usize) -> Self {
        let plan = PLAN
            .replace("enabled = true\n[[kinds]]", "enabled = true\ncap = { units = 100 }\n[[kinds]]")
            .replace("updates =", "direction = \"both\"\nupdates =")
            .replace("local = \"quantity\" }", "local = \"quantity\", owner = \"ask\" }");
        Self::by(records, &plan).await
    }

    async fn by(records: usize, plan: &str) -> Self {
        let server = Server::start(records);
        let provider = pax8(&server);
        let journal = Arc::new(MemoryJournal::new(Arc::new(SystemClock)));
        let journaled = Arc::clone(&provider).journaled(journal);
        let folder = tempfile::tempdir().unwrap();
        let app = folder.path().join("app.db");
        rusqlite::Connection::open(&app)
            .unwrap()
            .execute_batch(&format!("PRAGMA journal_mode = WAL; {TABLE}"))
            .unwrap();
        let plan = SyncPlan::from_toml(plan).unwrap();
        let target = TableTarget::open(&format!("sqlite:{}", app.display()), &plan).await.unwrap();
        let store =
            SqliteStore::open(&format!("sqlite:{}", folder.path().join("sync.db").display())).await.unwrap();
        let checked = plan.check(&*journaled, &target).unwrap();
        let engine = SyncEngine::new(journaled, Arc::new(target), Arc::new(store), checked);
        Self { server, provider, engine, _folder: folder }
    }

    /// The CPU seconds of a run, and how many rows it updated.
    async fn timed(&self) -> (f64, u64) {
        let begun = cpu();
        let updated = self.run().await;
        (cpu() - begun, updated)
    }

    /// Runs to the end; how many rows were updated.
    async fn run(&self) -> u64 {
        let report = serde_json::to_value(self.engine.run(&RunControl::default()).await.unwrap()).unwrap();
        assert_eq!(report.pointer("/outcome"), Some(&Value::from("completed")), "{report}");
        report.pointer("/kinds/0/updated").and_then(Value::as_u64).unwrap()
    }
}

/// CPU seconds of everything that is compared, one after another, so that a machine that gets slower meets them all.
struct Round {
    listing: f64,
    /// With a page in each transaction.
    plain: f64,
    /// With as many rows as a run writes at once: shown, and compared with nothing.
    large: f64,
    first: f64,
    second: f64,
    /// With 1 % changed, and how many rows that was.
    third: f64,
    changed: u64,
    both: f64,
}

impl Round {
    async fn new(records: usize) -> Self {
        let mut connection = Connection::new(records).await;
        let folder = tempfile::tempdir().unwrap();
        let listing = list(&connection.provider).await;
        let plain = insert(&folder.path().join("plain.db"), records, PAGE);
        let large = insert(&folder.path().join("large.db"), records, AT_ONCE);
        let (first, _) = connection.timed().await;
        let (second, _) = connection.timed().await;
        connection.server.next_round();
        let (third, changed) = connection.timed().await;
        let (both, _) = Connection::both_ways(records).await.timed().await;
        Self { listing, plain, large, first, second, third, changed, both }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Tells when a run has dealt with so many pages.
#[derive(Debug)]
struct After {
    pages: u64,
    told: Notify,
}

impl SyncObserver for After {
    fn event(&self, event: &SyncEvent) {
        if matches!(event, SyncEvent::Page(kind) if kind.pages >= self.pages) {
            self.told.notify_one();
        }
    }
}

/// How many pages are asked for again when a run is dropped after 60 % of them and taken up by the next one.
async fn pages_again(records: usize) -> usize {
    let mut connection = Connection::new(records).await;
    let pages = records.div_ceil(PAGE);
    let after = Arc::new(After { pages: (pages * 6 / 10) as u64, told: Notify::new() });
    let control = RunControl::default().observer(Arc::<After>::clone(&after));
    tokio::select! {
        biased;
        () = after.told.notified() => {}
        report = connection.engine.run(&control) => panic!("it was not to end: {report:?}"),
    }
    connection.run().await;
    connection.server.asked() - pages
}

/// The peak of the memory of a process that pulls so many records, and pulls them again.
fn peak_of(records: usize) -> f64 {
    let own = std::env::current_exe().unwrap();
    let output = std::process::Command::new(own).env(PEAK, records.to_string()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn main() -> ExitCode {
    if let Ok(records) = std::env::var(server::ROLE) {
        server::serve(records.parse().unwrap());
        return ExitCode::SUCCESS;
    }
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if std::env::var_os(PEAK).is_none() && !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-examples --bench pull`");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure())
}

async fn measure() -> ExitCode {
    if let Ok(records) = std::env::var(PEAK) {
        let connection = Connection::new(records.parse().unwrap()).await;
        connection.run().await;
        connection.run().await;
        println!("{}", peak());
        return ExitCode::SUCCESS;
    }
    let records = 100_000;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(Round::new(records).await);
    }
    let per = |of: fn(&Round) -> f64| median(rounds.iter().map(of)) * 1e6 / records as f64;
    let (listing, plain) = (per(|round| round.listing), per(|round| round.plain));
    let large = per(|round| round.large);
    let (first, both) = (per(|round| round.first), per(|round| round.both));
    let (second, third) = (per(|round| round.second), per(|round| round.third));
    let changed = rounds.iter().map(|round| round.changed).max().unwrap();
    let first_ratio = median(rounds.iter().map(|round| round.first / (round.listing + round.plain)));
    let both_ratio = median(rounds.iter().map(|round| round.both / (round.listing + round.plain)));
    let second_ratio = median(rounds.iter().map(|round| round.second / round.listing));
    let again = pages_again(records.min(20_000)).await;
    let (few, many) = (peak_of(10_000), peak_of(1_000_000));
    let bytes = (many - few) * 1024.0 * 1024.0 / 990_000.0;
    println!("{records} subscriptions, CPU in us a record, medians of {ROUNDS} rounds");
    println!("  listing              {listing:6.2}");
    println!("  plain insert         {plain:6.2}   {large:.2} with {AT_ONCE} rows in a transaction");
    println!("  first run            {first:6.2}   {first_ratio:.2} of both");
    println!("  both ways            {both:6.2}   {both_ratio:.2} of both");
    println!("  unchanged run        {second:6.2}   {second_ratio:.2} of the listing");
    println!("  1 % changed          {third:6.2}   {changed} rows");
    println!("  peak of 10^4, 10^6   {few:6.1} MiB, {many:.1} MiB: {bytes:.0} bytes a record");
    println!("  pages again at 60 %  {again:6}");
    let limits = [
        ("first run", first_ratio, FIRST),
        ("first run both ways", both_ratio, FIRST_BOTH),
        ("unchanged run", second_ratio, UNCHANGED),
        ("rows written of those that changed", changed as f64 / (records as f64 / CHANGED as f64), 1.1),
        ("bytes a record", bytes, BYTES),
        ("pages again", again as f64, (READ_AHEAD + 1) as f64),
    ];
    let mut fine = ExitCode::SUCCESS;
    for (name, ratio, limit) in limits {
        if ratio > limit {
            println!("{name}: {ratio:.2} is over {limit}");
            fine = ExitCode::FAILURE;
        }
    }
    fine
}
