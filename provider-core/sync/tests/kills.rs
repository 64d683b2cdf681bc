//! Real processes that are killed with `kill -9` again and again while they pull into tables, two at a time on one store:
//! in the end the tables are what the distributor has, and no row is there twice. On PostgreSQL, and on files.
//!
//! 6 rounds each, or as many as `SYNC_KILLS` says.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a failed unwrap is a failed test")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use async_trait::async_trait;
use provider_core::{Customer, EntityKind, MemoryProvider, Subscription};
use provider_sync::{
    Applied, ApplyBatch, Criterion, KindPlan, LocalCursor, LocalKey, LocalPage, LocalRecord, PlanProblem,
    RunControl, SqlStore, SyncEngine, SyncOutcome, SyncPlan, SyncReport, TableTarget, Target, TargetError,
    TargetField,
};
use provider_testkit::postgres::Server;

const STORE: &str = "PROVIDER_SYNC_KILL_STORE";
const TABLES: &str = "PROVIDER_SYNC_KILL_TABLES";
const ROUND: &str = "PROVIDER_SYNC_KILL_ROUND";
const MANY: u64 = 2_000;
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
[[kinds]]
kind = "subscription"
enabled = true
updates = ["create", "update", "remove"]
table = "seats"
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
removal = { how = "mark", column = "gone", value = "yes" }
fields = [
  { remote = "customer", local = "account", transform = ["link"] },
  { remote = "quantity", local = "quantity" },
]
"#;
const SERVER: &str = "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, distributor_id text UNIQUE, name text);
    CREATE TABLE seats (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, distributor_id text UNIQUE, account bigint NOT NULL REFERENCES accounts (id), quantity numeric(12,2), gone text)";
const FILE: &str = "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT);
    CREATE TABLE seats (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, account INTEGER NOT NULL REFERENCES accounts (id), quantity TEXT, gone TEXT)";

/// What the distributor has in a round: more each time, and a part of what there was is another.
fn name(customer: u64, round: u64) -> String {
    format!("Customer {customer} of {}", round - (customer + round) % (round + 1).min(4))
}

fn customers(round: u64) -> u64 {
    MANY + 150 * round
}

fn distributor(round: u64) -> MemoryProvider {
    let customers = (0..customers(round)).map(|n| Customer::new(format!("c{n}"), name(n, round)));
    let seats = (0..customers_with_seats(round)).map(|n| {
        let seats = i64::try_from(1 + (n + round) % 7).unwrap();
        Subscription::new(format!("s{n}"), format!("c{n}"), seats)
    });
    MemoryProvider::new("shop").with_customers(customers).with_subscriptions(seats)
}

fn customers_with_seats(round: u64) -> u64 {
    customers(round) / 2
}

/// The tables of a process that says when it is at work.
#[derive(Debug)]
struct Tells(TableTarget);

#[async_trait]
impl Target for Tells {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.0.fields(kind)
    }

    fn problems(&self, kind: &KindPlan) -> Vec<PlanProblem> {
        self.0.problems(kind)
    }

    fn marks_by_column(&self) -> bool {
        self.0.marks_by_column()
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        say(&format!("writes {}", batch.fence));
        let applied = self.0.apply(batch).await;
        say("wrote");
        applied
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.0.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.0.get(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.0.read(kind, after, limit).await
    }
}

fn say(word: &str) {
    println!("> {word}");
    std::io::stdout().flush().unwrap();
}

async fn run(store: &str, tables: &str, round: u64) -> SyncReport {
    let provider = distributor(round);
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let target = Tells(TableTarget::open(tables, &plan).await.unwrap());
    let plan = plan.check(&provider, &target).unwrap_or_else(|problems| panic!("{problems}"));
    let store = SqlStore::open(store).await.unwrap();
    let engine = SyncEngine::new(Arc::new(provider), Arc::new(target), Arc::new(store), plan);
    engine.run(&RunControl::default().wait(Duration::from_secs(300))).await.unwrap()
}

#[test]
fn as_a_child() {
    let (Ok(store), Ok(tables), Ok(round)) =
        (std::env::var(STORE), std::env::var(TABLES), std::env::var(ROUND))
    else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let report = runtime.block_on(run(&store, &tables, round.parse().unwrap()));
    say(&format!("ended {:?} {}", report.outcome, report.error.unwrap_or_default()));
}

/// A word of one of the two, or that it is no more.
type Word = (usize, Option<String>);

struct Worker(Child);

impl Worker {
    /// What it says goes with its number to whoever listens.
    fn start(place: &Place, round: u64, number: usize, said: std::sync::mpsc::Sender<Word>) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["as_a_child", "--exact", "--nocapture"])
            .env(STORE, &place.store)
            .env(TABLES, &place.tables)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, word)) = line.split_once("> ") {
                    let _ = said.send((number, Some(word.trim().to_owned())));
                }
            }
            let _ = said.send((number, None));
        });
        Self(child)
    }

    fn signal(&self, signal: &str) {
        let _ = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
    }

    fn kill(&mut self) {
        // SIGKILL.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Chance that can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

struct Place {
    store: String,
    tables: String,
    ask: Box<dyn Fn(&str) -> String>,
    /// Leases end by the database's clock; for a test that does not wait, the database is told that they have. In a file
    /// the end of a process is seen by itself, and one that is stopped is waited for.
    expire: Option<Box<dyn Fn()>>,
}

impl Place {
    fn number(&self, sql: &str) -> u64 {
        (self.ask)(sql).parse().unwrap_or(0)
    }

    fn fence(&self) -> u64 {
        self.number("SELECT max(fence) FROM provider_sync_fence")
    }
}

fn rounds() -> u64 {
    std::env::var("SYNC_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(6)
}

/// What became of workers.
#[derive(Debug, Default)]
struct Tally {
    killed: u64,
    stopped: u64,
    /// Those that were stopped and came back after their successor.
    refused: u64,
}

/// Two workers on one round; whichever is at work is killed at some moment, or stopped, the other goes on, and is killed
/// too; who was stopped comes back then.
fn killed(place: &Place, round: u64, dice: &mut Dice, tally: &mut Tally) {
    let (said, words): (_, Receiver<Word>) = channel();
    let mut workers = [0, 1].map(|number| Some(Worker::start(place, round, number, said.clone())));
    drop(said);
    let (mut left, mut stopped) = (dice.roll(14), None);
    while let Ok((number, word)) = words.recv() {
        let at_work = workers.get(number).is_some_and(Option::is_some);
        match word {
            None => {
                workers.get_mut(number).map(Option::take);
                if let Some(worker) = stopped.and_then(|late: usize| workers.get(late)?.as_ref()) {
                    worker.signal("-CONT");
                }
            }
            Some(word) if word.starts_with("ended ") && at_work => {
                let late = stopped == Some(number) && word.contains("another worker");
                // Who is stopped in the middle of a page keeps the others from writing for as long as the server lets it.
                let held_up = stopped.is_some() && word.contains("was in use by another process");
                // Its time goes on while it is stopped, and the other may take longer than an application may.
                let overslept = stopped == Some(number) && word.contains("the deadline of its batch");
                assert!(late || held_up || overslept || word.starts_with("ended Completed"), "{word}");
                tally.refused += u64::from(late);
            }
            // What it had said before it was killed.
            Some(_) if !at_work || stopped == Some(number) => {}
            Some(_) if left > 0 => left -= 1,
            Some(_) => {
                left = dice.roll(14);
                // Whoever is stopped is woken by the end of the other.
                let both = workers.iter().all(Option::is_some);
                let stop = place.expire.is_some() && stopped.is_none() && both && dice.roll(2) == 0;
                if let Some(worker) =
                    workers.get_mut(number).filter(|_| stop).and_then(|worker| worker.as_ref())
                {
                    worker.signal("-STOP");
                    stopped = Some(number);
                    tally.stopped += 1;
                } else if let Some(mut worker) = workers.get_mut(number).and_then(Option::take) {
                    worker.kill();
                    tally.killed += 1;
                }
                if let Some(expire) = &place.expire {
                    expire();
                }
            }
        }
    }
}

fn heals(place: &Place) {
    let (mut dice, mut tally, mut fence, mut round) = (Dice(20), Tally::default(), 0, 0);
    // Whether one that is stopped has a successor before it comes back is chance: it is tried until one has.
    let untried = |tally: &Tally| place.expire.is_some() && tally.refused == 0;
    while round < rounds() || (untried(&tally) && round < rounds() + 30) {
        round += 1;
        killed(place, round, &mut dice, &mut tally);
        assert!(place.fence() >= fence, "a fence went back");
        fence = place.fence();
        // No moment shows a row twice.
        for table in ["accounts", "seats"] {
            let twice = format!("SELECT count(*) - count(DISTINCT distributor_id) FROM {table}");
            assert_eq!(place.number(&twice), 0, "{table} in round {round}");
        }
    }
    println!("{round} rounds: {tally:?}");
    assert!(tally.killed >= rounds() / 2, "{tally:?}");
    assert!(place.expire.is_none() || (tally.stopped > 0 && tally.refused > 0), "{tally:?}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // The first of them goes on with what a killed one has begun, perhaps in a round before; the next looks at everything.
    for _ in 0..2 {
        let report = runtime.block_on(run(&place.store, &place.tables, round));
        assert_eq!((report.outcome, report.error), (SyncOutcome::Completed, None));
    }
    assert!(place.fence() >= fence);
    let wanted: Vec<String> = (0..customers(round)).map(|n| format!("c{n}={}", name(n, round))).collect();
    let rows = |sql: &str| -> Vec<String> {
        let mut rows: Vec<_> = (place.ask)(sql).split('|').map(ToOwned::to_owned).collect();
        rows.sort_unstable();
        rows
    };
    let sorted = |mut rows: Vec<String>| {
        rows.sort_unstable();
        rows
    };
    assert_eq!(rows("SELECT string_agg(distributor_id || '=' || name, '|') FROM accounts"), sorted(wanted));
    let seats = (0..customers_with_seats(round)).map(|n| format!("s{n} of c{n}: {}", 1 + (n + round) % 7));
    let found = "SELECT string_agg(s.distributor_id || ' of ' || a.distributor_id || ': ' || CAST(s.quantity AS INTEGER), '|') \
        FROM seats s JOIN accounts a ON a.id = s.account WHERE s.gone IS NULL";
    assert_eq!(rows(found), sorted(seats.collect()));
    let quiet = runtime.block_on(run(&place.store, &place.tables, round));
    for kind in &quiet.kinds {
        assert_eq!((kind.created, kind.updated, kind.removed, kind.queued), (0, 0, 0, 0), "{kind:?}");
    }
}

#[test]
fn tables_on_a_server_survive_every_kill() {
    let Some(server) = Server::start(&[]).unwrap() else { return };
    server.sql(SERVER).unwrap();
    let server = Arc::new(server);
    let (address, expiring) = (server.address("postgres"), Arc::clone(&server));
    heals(&Place {
        store: address.clone(),
        tables: address,
        ask: Box::new(move |sql| server.sql(sql).unwrap_or_default()),
        expire: Some(Box::new(move || drop(expiring.sql("UPDATE sync_lease SET ends_at = 0")))),
    });
}

#[test]
fn tables_in_a_file_survive_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let at = |file: &str| format!("sqlite:{}", folder.path().join(file).display());
    let file = folder.path().join("app.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch(FILE).unwrap();
    heals(&Place {
        store: at("sync.db"),
        tables: at("app.db"),
        ask: Box::new(move |sql| {
            let app = rusqlite::Connection::open(&file).unwrap();
            app.busy_timeout(Duration::from_secs(60)).unwrap();
            let value = app.query_row(sql, [], |row| row.get::<_, rusqlite::types::Value>(0));
            match value {
                Ok(rusqlite::types::Value::Text(text)) => text,
                Ok(rusqlite::types::Value::Integer(number)) => number.to_string(),
                _ => String::new(),
            }
        }),
        expire: None,
    });
}
