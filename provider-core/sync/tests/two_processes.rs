//! Two processes on one store in PostgreSQL and one application: a holder that is stopped half way is succeeded, and
//! refused everywhere when it comes back.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a failed unwrap is a failed test")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use provider_core::chrono::{DateTime, Utc};
use provider_core::clock::{BoxFuture, Clock, SystemClock};
use provider_core::{Customer, EntityKind, MemoryProvider};
use provider_sync::{
    Applied, ApplyBatch, Criterion, KindPlan, LocalCursor, LocalKey, LocalPage, LocalRecord, PlanProblem,
    RunControl, SqlStore, SyncEngine, SyncOutcome, SyncPlan, SyncReport, TableTarget, Target, TargetError,
    TargetField,
};
use provider_testkit::postgres::Server;

const STORE: &str = "PROVIDER_SYNC_STORE";
const TABLES: &str = "PROVIDER_SYNC_TABLES";
const MANY: usize = 5_000;

const PLAN: &str = r#"
version = 1
connection = "shop"
enabled = true
[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update", "remove"]
table = "accounts"
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
removal = { how = "delete" }
fields = [{ remote = "name", local = "name" }]
"#;

/// The application's tables, written by a process that stops before one of its batches.
#[derive(Debug)]
struct Stalls {
    inner: TableTarget,
    left: AtomicU64,
}

#[async_trait]
impl Target for Stalls {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    fn problems(&self, kind: &KindPlan) -> Vec<PlanProblem> {
        self.inner.problems(kind)
    }

    fn marks_by_column(&self) -> bool {
        self.inner.marks_by_column()
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            say("ready");
            // A signal takes effect some time after it was sent: nothing is begun until the one who sends it says so.
            std::io::stdin().read_line(&mut String::new()).unwrap();
        }
        self.inner.apply(batch).await
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.get(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.inner.read(kind, after, limit).await
    }
}

/// The machine's time, by which no wait ends: a worker is stopped for as long as the other needs, and what it finds when it
/// comes back is not that its application was too slow.
#[derive(Debug)]
struct Unhurried;

impl Clock for Unhurried {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<()> {
        Box::pin(std::future::pending())
    }
}

fn say(word: &str) {
    println!("> {word}");
    std::io::stdout().flush().unwrap();
}

async fn run(store: &str, tables: &str, batches: u64) -> SyncReport {
    let customers = (0..MANY).map(|n| Customer::new(format!("c{n}"), format!("Customer {n}")));
    let provider = MemoryProvider::new("shop").with_customers(customers);
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let target =
        Stalls { inner: TableTarget::open(tables, &plan).await.unwrap(), left: AtomicU64::new(batches) };
    let plan = plan.check(&provider, &target).unwrap_or_else(|problems| panic!("{problems}"));
    let store = SqlStore::open(store).await.unwrap();
    let engine = SyncEngine::new(Arc::new(provider), Arc::new(target), Arc::new(store), plan);
    let engine = engine.with_clock(Arc::new(Unhurried));
    engine.run(&RunControl::default().wait(Duration::ZERO)).await.unwrap()
}

struct Worker {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Worker {
    fn start(store: &str, tables: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["as_a_child", "--exact", "--nocapture"])
            .env(STORE, store)
            .env(TABLES, tables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, answers }
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        while self.answers.read_line(&mut line).unwrap() > 0 {
            if let Some((_, answer)) = line.split_once("> ") {
                return answer.trim().to_owned();
            }
            line.clear();
        }
        panic!("the child ended without an answer");
    }

    fn end(&mut self) {
        assert!(self.child.wait().unwrap().success());
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Stops it where it is ready to write.
    fn stop(&mut self) {
        assert_eq!(self.answer(), "ready");
        self.signal("-STOP");
    }

    fn wake(&mut self) {
        self.signal("-CONT");
        self.child.stdin.take().unwrap().write_all(b"go on\n").unwrap();
    }
}

/// Also where the test fails while the child is stopped.
impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

#[test]
fn as_a_child() {
    let (Ok(store), Ok(tables)) = (std::env::var(STORE), std::env::var(TABLES)) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let report = runtime.block_on(run(&store, &tables, 1));
    say(&format!("{:?} {}", report.outcome, report.error.unwrap_or_default()));
}

#[tokio::test]
async fn a_holder_that_was_stopped_is_succeeded_and_refused() {
    let Some(server) = Server::start(&[]).unwrap() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.db");
    let app = rusqlite::Connection::open(&file).unwrap();
    app.execute_batch(
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT)",
    )
    .unwrap();
    let count = || -> usize {
        let rows: i64 = app.query_row("SELECT count(*) FROM accounts", [], |row| row.get(0)).unwrap();
        rows.try_into().unwrap()
    };
    let (store, tables) = (server.address("postgres"), format!("sqlite:{}", file.display()));
    let mut worker = Worker::start(&store, &tables);
    worker.stop();
    let there = count();
    assert!(there > 0 && there < MANY, "{there} rows");
    // While the lease lasts, nobody else works.
    assert_eq!(run(&store, &tables, u64::MAX).await.outcome, SyncOutcome::Refused);
    // It ends by the database's clock; for a test that does not wait, the database is told that it has.
    server.sql("UPDATE sync_lease SET ends_at = 0").unwrap();
    let report = run(&store, &tables, u64::MAX).await;
    assert_eq!((report.outcome, report.error), (SyncOutcome::Completed, None));
    assert_eq!(count(), MANY);
    worker.wake();
    let answer = worker.answer();
    assert!(answer.starts_with("Failed") && answer.contains("another worker"), "{answer}");
    worker.end();
    assert_eq!(count(), MANY);
    let quiet = run(&store, &tables, u64::MAX).await;
    assert_eq!(
        quiet.kind(EntityKind::Customer).map(|kind| (kind.created, kind.unchanged)),
        Some((0, MANY as u64))
    );
}
