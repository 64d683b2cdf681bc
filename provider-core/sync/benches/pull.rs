//! What keeping 100,000 subscriptions in step costs beside listing them and inserting them, in CPU time of one run.
//!
//! `cargo bench -p provider-sync`. Over HTTP a listing costs more than here, where pages are read from JSON alone
//! (docs/performance.md has that number), so the ratios against it are smaller; the limits are on what is ours.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a program that measures, and a failed unwrap is a failed bench"
)]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provider_core::{
    Capabilities, Cursor, EntityKind, Operation, Page, PageRequest, Provider, ProviderExt, ProviderInfo,
    Result, Subscription, SubscriptionQuery, async_trait,
};
use provider_sync::{RunControl, SqliteStore, SyncEngine, SyncPlan, TableTarget};
use serde_json::Value;

const PAGE: usize = 200;
/// Of so many, one has changed.
const CHANGED: usize = 100;

const PLAN: &str = r#"
version = 1
connection = "bench"
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

/// Pages of JSON, as they come from a wire.
#[derive(Debug)]
struct Shop {
    info: ProviderInfo,
    capabilities: Capabilities,
    records: usize,
    round: AtomicUsize,
}

impl Shop {
    fn page(&self, from: usize) -> String {
        let round = self.round.load(Ordering::Relaxed);
        let mut text = String::from("[");
        for n in from..self.records.min(from + PAGE) {
            let quantity = if n % CHANGED == 0 { round + 1 } else { 1 };
            let separator = if n > from { "," } else { "" };
            text.push_str(&format!(
                r#"{separator}{{"id":"sub-{n:08}","customer":"cust-{:06}","product":{{"id":"prod-{:04}","name":"Productivity Suite"}},"status":"active","quantity":"{quantity}","billing_cycle":"monthly","commitment_term":"P1Y","cost":{{"amount":"12.50","currency":"USD","per":"unit","period":"P1M"}},"starts_at":"2026-01-01T00:00:00Z","renews_at":"2027-01-01T00:00:00Z","auto_renew":true,"detail":"summary"}}"#,
                n / 10,
                n % 700
            ));
        }
        text.push(']');
        text
    }
}

#[async_trait]
impl Provider for Shop {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        request: &PageRequest,
    ) -> Result<Page<Subscription>> {
        let from = usize::try_from(request.position(&self.info, query)?.unwrap_or(0)).unwrap();
        let items: Vec<Subscription> = serde_json::from_str(&self.page(from)).unwrap();
        let next = from + items.len();
        let mut page = Page::new(items);
        page.total = Some(self.records as u64);
        page.next = (next < self.records).then(|| Cursor::tagged(&self.info, query, next.to_string()));
        Ok(page)
    }
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

async fn list(shop: &Arc<Shop>) -> f64 {
    let begun = cpu();
    let mut listing = shop.subscriptions(SubscriptionQuery::default());
    while let Some(record) = listing.next().await {
        record.unwrap();
    }
    cpu() - begun
}

fn insert(path: &std::path::Path, records: usize) -> f64 {
    let begun = cpu();
    let mut plain = rusqlite::Connection::open(path).unwrap();
    plain.execute_batch(&format!("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {TABLE}")).unwrap();
    for page in 0..records.div_ceil(PAGE) {
        let transaction = plain.transaction().unwrap();
        for n in page * PAGE..records.min((page + 1) * PAGE) {
            let sql = "INSERT INTO seats (remote, customer, product, quantity, status, cost) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let mut statement = transaction.prepare_cached(sql).unwrap();
            let row = (
                format!("sub-{n:08}"),
                format!("cust-{:06}", n / 10),
                format!("prod-{:04}", n % 700),
                "1",
                "active",
                "12.50",
            );
            statement.execute(row).unwrap();
        }
        transaction.commit().unwrap();
    }
    cpu() - begun
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let argument = std::env::args().nth(1).and_then(|records| records.parse().ok());
    let records: usize = argument.unwrap_or(100_000);
    let capabilities = Capabilities::builder()
        .native(Operation::List(EntityKind::Subscription))
        .fields(EntityKind::Subscription, ["*"]);
    let shop = Arc::new(Shop {
        info: ProviderInfo::new("bench", "bench").with_account("one"),
        capabilities: capabilities.native(Operation::Get(EntityKind::Subscription)).build(),
        records,
        round: AtomicUsize::new(0),
    });
    let folder = tempfile::tempdir().unwrap();
    let per = |seconds: f64| seconds * 1e6 / records as f64;
    let listing = list(&shop).await;
    let plain = insert(&folder.path().join("plain.db"), records);
    let app = folder.path().join("app.db");
    rusqlite::Connection::open(&app)
        .unwrap()
        .execute_batch(&format!("PRAGMA journal_mode = WAL; {TABLE}"))
        .unwrap();
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let target = TableTarget::open(&format!("sqlite:{}", app.display()), &plan).await.unwrap();
    let store =
        SqliteStore::open(&format!("sqlite:{}", folder.path().join("sync.db").display())).await.unwrap();
    let checked = plan.check(&*shop, &target).unwrap();
    let engine = SyncEngine::new(Arc::<Shop>::clone(&shop), Arc::new(target), Arc::new(store), checked);
    let mut times = Vec::new();
    let mut changed = 0;
    for round in 0..3 {
        if round == 2 {
            shop.round.fetch_add(1, Ordering::Relaxed);
        }
        let begun = cpu();
        let report = engine.run(&RunControl::default()).await.unwrap();
        times.push(cpu() - begun);
        let report = serde_json::to_value(report).unwrap();
        assert_eq!(report.pointer("/outcome"), Some(&Value::from("completed")), "{report}");
        changed = report.pointer("/kinds/0/updated").and_then(Value::as_u64).unwrap();
    }
    let [first, second, third] = times.as_slice() else { unreachable!() };
    println!("{records} subscriptions, CPU in us a record");
    println!("  listing, JSON alone  {:6.2}", per(listing));
    println!("  plain insert         {:6.2}", per(plain));
    println!("  first run            {:6.2}   {:.2} of both", per(*first), first / (listing + plain));
    println!("  unchanged run        {:6.2}   {:.2} of the listing", per(*second), second / listing);
    println!("  1 % changed          {:6.2}   {changed} rows", per(*third));
    println!("  peak memory          {:6.1} MiB", peak());
    // What is ours, by the machine that the numbers of docs/performance.md are of.
    let (own_first, own_second) = (first - listing - plain, second - listing);
    let limits = [
        ("first run", own_first / (listing + plain), 2.0),
        ("unchanged run", own_second / (listing + plain), 0.8),
        ("rows written", changed as f64 / (records as f64 / CHANGED as f64), 1.1),
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
