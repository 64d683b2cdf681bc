//! The application's own tables.

use std::sync::Arc;

use provider_core::EntityKind;
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use super::distributor::Distributor;
use super::world::Hand;
use crate::engine::{RunControl, SyncEngine};
use crate::plan::SyncPlan;
use crate::report::Outcome;
use crate::store::{MemoryStore, SqliteStore, SyncStore};
use crate::target::conformance::{Fixture, Side, SideChange};
use crate::target::{LocalKey, TableTarget, Target, TargetErrorKind};

const PLAN: &str = r#"
version = 1
connection = "shop"
enabled = true
[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update", "remove"]
table = "accounts"
scope = { distributor = "shop" }
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
removal = { how = "delete" }
fields = [{ remote = "name", local = "name" }]
[[kinds]]
kind = "subscription"
enabled = true
updates = ["create", "update", "remove"]
table = "seats"
scope = { distributor = "shop" }
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
removal = { how = "mark", column = "gone", value = "yes" }
fields = [
  { remote = "customer", local = "account", transform = ["link"] },
  { remote = "quantity", local = "quantity" },
  { remote = "trial", local = "trial" },
]
"#;

const TABLES: &str = r#"
CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor TEXT, distributor_id TEXT, name TEXT NOT NULL CHECK (name <> 'refused'));
CREATE UNIQUE INDEX accounts_distributor ON accounts (distributor, distributor_id);
CREATE TABLE seats (id INTEGER PRIMARY KEY, distributor TEXT, distributor_id TEXT, account INTEGER REFERENCES accounts (id) ON DELETE CASCADE, quantity TEXT, trial INTEGER, gone TEXT, UNIQUE (distributor, distributor_id));
"#;

struct Place {
    folder: TempDir,
}

impl Place {
    fn new(tables: &str) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.sql().execute_batch(tables).unwrap();
        place
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("app.db")
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.path().display())
    }

    fn sql(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    fn text(&self, query: &str) -> String {
        self.sql().query_row(query, [], |row| row.get::<_, rusqlite::types::Value>(0)).map_or_else(
            |error| error.to_string(),
            |value| match value {
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Integer(number) => number.to_string(),
                other => format!("{other:?}"),
            },
        )
    }

    async fn target(&self, plan: &str) -> TableTarget {
        TableTarget::open(&self.url(), &SyncPlan::from_toml(plan).unwrap()).await.unwrap()
    }

    async fn engine(&self, shop: &Distributor, store: Arc<dyn SyncStore>, clock: &Hand) -> SyncEngine {
        let target = self.target(PLAN).await;
        let plan = SyncPlan::from_toml(PLAN).unwrap().check(shop, &target);
        let plan = plan.unwrap_or_else(|problems| panic!("{problems}"));
        SyncEngine::new(Arc::new(shop.clone()), Arc::new(target), store, plan)
            .with_clock(Arc::new(clock.clone()))
    }
}

async fn fixture() -> Fixture {
    let place = Arc::new(Place::new(TABLES));
    let target = place.target(PLAN).await;
    let side = Side::new(move |key: &LocalKey, change| {
        let sql = place.sql();
        let done = match change {
            SideChange::Edit(text) => {
                sql.execute("UPDATE accounts SET name = ?2 WHERE id = ?1", (&key.0, text))
            }
            SideChange::Remove => sql.execute("DELETE FROM accounts WHERE id = ?1", [&key.0]),
            SideChange::Make(text) => sql.execute(
                "INSERT INTO accounts (id, distributor, name) VALUES (?1, 'shop', ?2)",
                (&key.0, text),
            ),
        };
        assert_eq!(done.unwrap(), 1);
    });
    Fixture::new(target, "name", side).refusing(json!("refused"))
}

crate::target_conformance!(rows, fixture);

#[tokio::test]
async fn tables_are_kept_in_step_and_nothing_else_is_touched() {
    let (place, shop, clock) = (Place::new(TABLES), Distributor::new(), Hand::default());
    place
        .sql()
        .execute_batch(
            "INSERT INTO accounts (distributor, distributor_id, name) VALUES ('other', 'c00', 'Not ours')",
        )
        .unwrap();
    shop.customers(3);
    shop.subscription("s1", "c01", 5);
    let store = format!("sqlite:{}", place.folder.path().join("sync.db").display());
    let store = SqliteStore::with_clock(&store, Arc::new(clock.clone())).await.unwrap();
    let engine = place.engine(&shop, Arc::new(store), &clock).await;
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!((report.outcome, report.error.clone()), (Outcome::Completed, None));
    assert_eq!(place.text("SELECT count(*) FROM accounts WHERE distributor = 'shop'"), "3");
    assert_eq!(place.text("SELECT a.name FROM seats s JOIN accounts a ON a.id = s.account"), "Customer 1");
    assert_eq!(place.text("SELECT quantity FROM seats"), "5");
    shop.records().subscriptions.clear();
    shop.subscription("s2", "c01", 7);
    shop.records().customers.remove("c02");
    shop.customer("c00", "Renamed");
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!(report.kind(EntityKind::Customer).map(|kind| (kind.removed, kind.updated)), Some((1, 1)));
    assert_eq!(place.text("SELECT gone FROM seats WHERE distributor_id = 's1'"), "yes");
    assert_eq!(place.text("SELECT name FROM accounts WHERE distributor = 'other'"), "Not ours");
    assert_eq!(place.text("SELECT count(*) FROM accounts"), "3");
    let tables: i64 = place
        .sql()
        .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 3, "one small table was added");
    let quiet = engine.run(&RunControl::default()).await.unwrap();
    assert!(quiet.kinds.iter().all(crate::report::KindReport::is_quiet), "{quiet:?}");
}

#[tokio::test]
async fn what_the_database_lacks_is_told_with_the_sql_that_adds_it() {
    let wrong = |tables: &'static str| async move {
        let place = Place::new(tables);
        let target = place.target(PLAN).await;
        SyncPlan::from_toml(PLAN).unwrap().check(&Distributor::new(), &target).unwrap_err().to_string()
    };
    let none = wrong("").await;
    assert!(none.contains("CREATE TABLE \"accounts\""), "{none}");
    // The SQL is right.
    let place = Place::new("");
    place.sql().execute_batch(&TableTarget::sql_of(&SyncPlan::from_toml(PLAN).unwrap()).join("\n")).unwrap();
    let target = place.target(PLAN).await;
    SyncPlan::from_toml(PLAN).unwrap().check(&Distributor::new(), &target).unwrap();
    let column = wrong(
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor TEXT, distributor_id TEXT UNIQUE);
         CREATE TABLE seats (id INTEGER PRIMARY KEY, distributor TEXT, distributor_id TEXT, quantity REAL, trial TEXT, account INTEGER, gone TEXT)",
    )
    .await;
    for says in [
        "ALTER TABLE \"accounts\" ADD COLUMN \"name\" TEXT;",
        "CREATE UNIQUE INDEX \"seats_distributor_distributor_id\" ON \"seats\" (\"distributor\", \"distributor_id\");",
        "is a column of floats",
        "does not hold true and false",
    ] {
        assert!(column.contains(says), "{says}: {column}");
    }
    let required = wrong(
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor TEXT, distributor_id TEXT UNIQUE, name TEXT, country TEXT NOT NULL);
         CREATE TABLE seats (a TEXT, b TEXT, distributor TEXT, distributor_id TEXT UNIQUE, account INTEGER, quantity TEXT, trial INTEGER, gone TEXT, PRIMARY KEY (a, b))",
    )
    .await;
    assert!(required.contains("`country` is required"), "{required}");
    assert!(required.contains("several columns"), "{required}");
}

#[tokio::test]
async fn what_is_no_database_is_told() {
    let place = Place::new(TABLES);
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let kind = |url: String| {
        let plan = plan.clone();
        async move { TableTarget::open(&url, &plan).await.unwrap_err().kind }
    };
    assert_eq!(kind("postgres://app@db/x".into()).await, TargetErrorKind::Misfit);
    assert_eq!(kind("sqlite:".into()).await, TargetErrorKind::Misfit);
    assert_eq!(kind(format!("{}-not", place.url())).await, TargetErrorKind::Unreachable);
    std::fs::write(place.path(), vec![7_u8; 4096]).unwrap();
    assert_eq!(kind(place.url()).await, TargetErrorKind::Corrupt);
}

#[tokio::test]
async fn a_row_that_the_application_refuses_waits_and_harms_no_other() {
    let (place, shop, clock) = (Place::new(TABLES), Distributor::new(), Hand::default());
    shop.customers(3);
    shop.customer("c01", "refused");
    let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let engine = place.engine(&shop, Arc::<MemoryStore>::clone(&store), &clock).await;
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!(report.kind(EntityKind::Customer).map(|kind| (kind.created, kind.quarantined)), Some((2, 1)));
    let waiting = store.queue(&Default::default()).await.unwrap();
    assert!(waiting[0].body["reason"].as_str().unwrap().contains("CHECK constraint"), "{waiting:?}");
    shop.customer("c01", "taken");
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!(report.kind(EntityKind::Customer).map(|kind| (kind.created, kind.quarantined)), Some((1, 0)));
}

#[tokio::test]
async fn a_preview_writes_nothing() {
    let (place, shop, clock) = (Place::new(TABLES), Distributor::new(), Hand::default());
    shop.customers(3);
    let store = place.folder.path().join("sync.db");
    let address = format!("sqlite:{}", store.display());
    let kept = SqliteStore::with_clock(&address, Arc::new(clock.clone())).await.unwrap();
    let engine = place.engine(&shop, Arc::new(kept), &clock).await;
    engine.run(&RunControl::default()).await.unwrap();
    shop.customer("c00", "Renamed");
    shop.customer("c09", "New");
    let files = || [std::fs::read(place.path()).unwrap(), std::fs::read(&store).unwrap()];
    let before = files();
    let preview = engine.preview().await.unwrap();
    assert_eq!(preview.kind(EntityKind::Customer).map(|kind| (kind.created, kind.updated)), Some((1, 1)));
    assert!(files() == before, "a file has changed");
}

#[tokio::test]
async fn a_store_of_before_is_no_dead_end_for_the_tables() {
    let (place, shop, clock) = (Place::new(TABLES), Distributor::new(), Hand::default());
    shop.customers(3);
    let mut fences = Vec::new();
    for round in 0..3 {
        // Every time with a store that knows nothing.
        clock.pass(chrono::Duration::minutes(1));
        let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        let engine = place.engine(&shop, store, &clock).await;
        let report = engine.run(&RunControl::default()).await.unwrap();
        let made = report.kind(EntityKind::Customer).map(|kind| kind.created);
        assert_eq!(made, Some(if round == 0 { 3 } else { 0 }));
        fences.push(place.text("SELECT fence FROM provider_sync_fence").parse::<u64>().unwrap());
        let report = engine.run(&RunControl::default()).await.unwrap();
        assert_eq!(report.outcome, Outcome::Completed, "{report:?}");
        assert_eq!(place.text("SELECT count(*) FROM accounts"), "3");
    }
    assert!(fences.is_sorted_by(|one, other| one < other), "no store is behind the application: {fences:?}");
    assert!(place.target(PLAN).await.fields(EntityKind::Customer).iter().any(|field| field.name == "name"));
}
