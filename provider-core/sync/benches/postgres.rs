//! What the same sync costs this process with its tables and its store on SQLite and on PostgreSQL, in one run: a first pull,
//! and runs that find nothing to do. And how many statements a page takes on the server.
//!
//! `cargo bench -p provider-sync --features postgres --bench postgres`. The server is one of its own in a temporary folder and
//! a process of its own, so that its work is not counted, where SQLite's is: what is compared is what the process of an
//! application has to spend. Records come from memory, so that nothing else hides the difference.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a program that measures, and a failed unwrap is a failed bench"
)]

use std::process::ExitCode;
use std::sync::Arc;

use provider_core::model::SubscriptionStatus;
use provider_core::{EntityKind, MemoryProvider, Price, ProductId, Subscription};
use provider_sync::{KindReport, RunControl, SqlStore, SyncEngine, SyncOutcome, SyncPlan, TableTarget};
use provider_testkit::postgres::Server;

const RECORDS: usize = 10_000;
const PAGE: u32 = 200;
const ROUNDS: usize = 5;
/// How many runs without changes are measured together: one of them takes a few ticks of the clock of CPU time.
const AGAIN: usize = 10;
/// What PostgreSQL may cost, as a multiple of SQLite.
const LIMIT: f64 = 1.5;
/// How many statements a page of new records, and one without changes, may take.
const STATEMENTS: [f64; 2] = [25.0, 16.0];

const PLAN: &str = r#"
version = 1
connection = "shop"
enabled = true
[[kinds]]
kind = "subscription"
enabled = true
updates = ["create", "update", "remove"]
table = "seats"
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
removal = { how = "delete" }
fields = [
  { remote = "customer", local = "customer" },
  { remote = "product.id", local = "product" },
  { remote = "quantity", local = "quantity" },
  { remote = "status", local = "status" },
  { remote = "cost.amount", local = "cost" },
  { remote = "starts_at", local = "since" },
]
"#;

fn subscription(n: usize) -> Subscription {
    let customer = format!("6f1d3c52-0a57-4c1e-9d0b-{:012}", n / 10);
    let mut seats =
        Subscription::new(format!("0c6b7a52-1d57-4c1e-8d0b-{n:012}"), customer, 1 + n as i64 % 50);
    seats.product.id = Some(ProductId::new(format!("a1b2c3d4-0a57-4c1e-9d0b-{:012}", n % 700)));
    seats.status = SubscriptionStatus::Active;
    seats.cost = Some(Price::new("12.50".parse().unwrap(), "USD".parse().ok()));
    seats.starts_at = format!("2026-01-{:02}T10:00:00Z", n % 28 + 1).parse().ok();
    seats
}

/// The CPU time of this process, all threads together, in seconds.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let ticks: Vec<f64> =
        rest.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse().unwrap()).collect();
    ticks.iter().sum::<f64>() / 100.0
}

/// An engine over new tables and a new store.
async fn engine(tables: &str, store: &str) -> SyncEngine {
    let provider =
        MemoryProvider::new("shop").with_page_size(PAGE).with_subscriptions((0..RECORDS).map(subscription));
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    assert!(TableTarget::create(tables, &plan).await.unwrap(), "the tables are new");
    if let Some(file) = tables.strip_prefix("sqlite:") {
        // As an application has it.
        rusqlite::Connection::open(file).unwrap().execute_batch("PRAGMA journal_mode = WAL").unwrap();
    }
    let target = TableTarget::open(tables, &plan).await.unwrap();
    let checked = plan.check(&provider, &target).unwrap_or_else(|problems| panic!("{problems}"));
    let store = SqlStore::open(store).await.unwrap();
    SyncEngine::new(Arc::new(provider), Arc::new(target), Arc::new(store), checked)
}

async fn run(engine: &SyncEngine) -> KindReport {
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!((report.outcome, &report.error), (SyncOutcome::Completed, &None));
    report.kind(EntityKind::Subscription).unwrap().clone()
}

/// Seconds of CPU: of the first run, and of one that finds nothing to do.
async fn spent(engine: &SyncEngine) -> [f64; 2] {
    let begun = cpu();
    let first = run(engine).await;
    let pulled = cpu();
    for _ in 0..AGAIN {
        let quiet = run(engine).await;
        assert_eq!((quiet.unchanged, quiet.created, quiet.updated), (RECORDS as u64, 0, 0));
    }
    assert_eq!(first.created, RECORDS as u64);
    [pulled - begun, (cpu() - pulled) / AGAIN as f64]
}

async fn on_sqlite() -> [f64; 2] {
    let folder = tempfile::tempdir().unwrap();
    let at = |file: &str| format!("sqlite:{}", folder.path().join(file).display());
    spent(&engine(&at("app.db"), &at("sync.db")).await).await
}

/// A schema of one's own for both.
async fn on_the_server(server: &Server, schema: &str) -> SyncEngine {
    server.sql(&format!("CREATE SCHEMA {schema}")).unwrap();
    let address = format!("{}?options=-c%20search_path%3D{schema}", server.address("postgres"));
    engine(&address, &address).await
}

/// How many statements were sent so far.
fn statements(server: &Server) -> usize {
    let log = std::fs::read_to_string(server.folder().join("log")).unwrap();
    let sent = |line: &&str| line.contains("LOG:  execute ") || line.contains("LOG:  statement: ");
    log.lines().filter(|line| line.starts_with("provider-")).filter(sent).count()
}

/// Statements for each page, of a first run and of one that finds nothing to do.
async fn statements_a_page(server: &Server) -> [f64; 2] {
    server.sql("ALTER SYSTEM SET log_statement = 'all'").unwrap();
    server.sql("SELECT pg_reload_conf()").unwrap();
    while server.sql("SHOW log_statement").unwrap() != "all" {}
    let engine = on_the_server(server, "counted").await;
    let mut before = statements(server);
    let mut counts = [0.0; 2];
    for count in &mut counts {
        let pages = run(&engine).await.pages;
        let now = statements(server);
        *count = (now - before) as f64 / pages as f64;
        before = now;
    }
    counts
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

async fn measure(server: &Server) -> ExitCode {
    let (mut file, mut there) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let mut ratios = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let engine = on_the_server(server, &format!("round_{round}")).await;
        // They take turns at going first.
        let (own, served) = if round % 2 == 0 {
            let own = on_sqlite().await;
            (own, spent(&engine).await)
        } else {
            let served = spent(&engine).await;
            (on_sqlite().await, served)
        };
        for what in 0..2 {
            file[what].push(own[what]);
            there[what].push(served[what]);
            ratios[what].push(served[what] / own[what]);
        }
    }
    let counted = statements_a_page(server).await;
    let per = |seconds: Vec<f64>| median(seconds) * 1e6 / RECORDS as f64;
    println!("{RECORDS} subscriptions in pages of {PAGE}, CPU of this process in us a record");
    println!("                    SQLite  PostgreSQL   ratio   statements a page");
    let mut fine = ExitCode::SUCCESS;
    let rows = ["first run", "unchanged run"].into_iter().zip(file).zip(there).zip(ratios);
    for ((((name, file), there), ratio), (counted, most)) in rows.zip(counted.into_iter().zip(STATEMENTS)) {
        let ratio = median(ratio);
        println!("  {name:<14} {:9.2} {:11.2} {ratio:7.2} {counted:19.1}", per(file), per(there));
        if ratio > LIMIT {
            println!("{name}: {ratio:.2} is over {LIMIT}");
            fine = ExitCode::FAILURE;
        }
        if counted > most {
            println!("{name}: {counted:.1} statements a page are over {most}");
            fine = ExitCode::FAILURE;
        }
    }
    fine
}

fn main() -> ExitCode {
    // `cargo test --benches` builds and starts benches as well, without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run it with `cargo bench -p provider-sync --features postgres --bench postgres`");
        return ExitCode::SUCCESS;
    }
    let Some(server) = Server::start(&[("log_line_prefix", "%a "), ("autovacuum", "on")]).unwrap() else {
        return ExitCode::FAILURE;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(measure(&server))
}
