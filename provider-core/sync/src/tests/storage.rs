//! A disk that is full, a file that turned read-only, a database that somebody else holds: in the application or in
//! the store, through a whole run. It is told, nothing is lost or doubled, and the next run that can work heals it.

use std::sync::Arc;

use provider_core::EntityKind;
use rusqlite::Connection;
use tempfile::TempDir;

use super::distributor::Distributor;
use super::world::Hand;
use crate::engine::{RunControl, SyncEngine, SyncError};
use crate::plan::SyncPlan;
use crate::report::{KindReport, SyncOutcome};
use crate::store::{SqliteStore, StoreErrorKind, SyncStore as _};
use crate::target::TableTarget;

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

const TABLES: &str =
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT NOT NULL);";

/// So many that they cannot fit into what a file of before has left.
const MANY: usize = 1_200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Application,
    Store,
}

struct Scene {
    folder: TempDir,
    shop: Distributor,
    target: TableTarget,
    store: SqliteStore,
    engine: SyncEngine,
}

impl Scene {
    async fn new() -> Self {
        let (folder, shop, clock) = (tempfile::tempdir().unwrap(), Distributor::new(), Hand::default());
        let at = |file: &str| format!("sqlite:{}", folder.path().join(file).display());
        Connection::open(folder.path().join("app.db")).unwrap().execute_batch(TABLES).unwrap();
        let plan = SyncPlan::from_toml(PLAN).unwrap();
        let target = TableTarget::open(&at("app.db"), &plan).await.unwrap();
        let store = SqliteStore::with_clock(&at("sync.db"), Arc::new(clock.clone())).await.unwrap();
        let checked = plan.check(&shop, &target).unwrap();
        let (to, kept) = (Arc::new(target.clone()), Arc::new(store.clone()));
        let engine =
            SyncEngine::new(Arc::new(shop.clone()), to, kept, checked).with_clock(Arc::new(clock.clone()));
        Self { folder, shop, target, store, engine }
    }

    async fn pragma(&self, side: Side, sql: &'static str) {
        match side {
            Side::Application => self.target.pragma(sql).await.unwrap(),
            Side::Store => self.store.pragma(sql).await.unwrap(),
        }
    }

    fn sql(&self, side: Side) -> Connection {
        let file = if side == Side::Application { "app.db" } else { "sync.db" };
        Connection::open(self.folder.path().join(file)).unwrap()
    }

    fn count(&self, query: &str) -> usize {
        let rows: i64 = self.sql(Side::Application).query_row(query, [], |row| row.get(0)).unwrap();
        usize::try_from(rows).unwrap()
    }

    /// What a run that cannot go on says.
    async fn stopped(&self) -> String {
        match self.engine.run(&RunControl::default()).await {
            Ok(report) => {
                assert_eq!(report.outcome, SyncOutcome::Failed, "{report:?}");
                report.error.unwrap()
            }
            Err(error @ SyncError::Store(_)) => error.to_string(),
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn healed(&self) {
        let report = self.engine.run(&RunControl::default()).await.unwrap();
        assert_eq!((report.outcome, report.error.clone()), (SyncOutcome::Completed, None));
        assert_eq!(self.count("SELECT count(*) FROM accounts"), MANY);
        assert_eq!(self.count("SELECT count(DISTINCT distributor_id) FROM accounts"), MANY);
        assert_eq!(report.kind(EntityKind::Customer).map(|kind| (kind.removed, kind.queued)), Some((0, 0)));
        let quiet = self.engine.run(&RunControl::default()).await.unwrap();
        assert!(quiet.kinds.iter().all(KindReport::is_quiet), "{quiet:?}");
    }
}

async fn breaks(side: Side, broken: &'static str, mended: &'static str, says: &str) {
    let scene = Scene::new().await;
    scene.shop.customers(3);
    scene.engine.run(&RunControl::default()).await.unwrap();
    scene.shop.customers(MANY);
    scene.pragma(side, broken).await;
    let said = scene.stopped().await;
    let file = if side == Side::Application { "app.db" } else { "sync.db" };
    assert!(said.contains(says) && said.contains(file), "{side:?}: {said}");
    let there = scene.count("SELECT count(*) FROM accounts");
    assert!((3..MANY).contains(&there), "{side:?}: {there} rows");
    // It stays broken, and stays as it is.
    let again = scene.stopped().await;
    assert!(again.contains(says), "{side:?}: {again}");
    scene.pragma(side, mended).await;
    scene.healed().await;
}

#[tokio::test]
async fn a_file_that_turned_read_only_is_told_and_heals() {
    for side in [Side::Application, Side::Store] {
        breaks(side, "PRAGMA query_only = ON", "PRAGMA query_only = OFF", "cannot be written").await;
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_heals() {
    for side in [Side::Application, Side::Store] {
        breaks(side, "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "no room").await;
    }
}

#[tokio::test]
async fn a_database_that_somebody_holds_is_told_and_heals() {
    for side in [Side::Application, Side::Store] {
        let scene = Scene::new().await;
        scene.shop.customers(3);
        scene.engine.run(&RunControl::default()).await.unwrap();
        scene.shop.customers(MANY);
        // Nobody waits for what a test does not give back.
        scene.pragma(side, "PRAGMA busy_timeout = 0").await;
        let other = scene.sql(side);
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let said = scene.stopped().await;
        assert!(said.contains("was in use by"), "{side:?}: {said}");
        assert_eq!(scene.count("SELECT count(*) FROM accounts"), 3, "{side:?}");
        other.execute_batch("ROLLBACK").unwrap();
        scene.healed().await;
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_told_before_anything_is() {
    let scene = Scene::new().await;
    scene.shop.customers(3);
    scene.pragma(Side::Store, "PRAGMA query_only = ON").await;
    let error = scene.engine.activate().await.unwrap_err();
    let said = error.to_string();
    for part in ["the store: ", "sync.db", "cannot be written"] {
        assert!(said.contains(part), "{said}");
    }
    let SyncError::Store(error) = error else { panic!("{error:?}") };
    assert_eq!(error.kind, StoreErrorKind::ReadOnly, "{error}");
    assert_eq!(scene.shop.records().lists, 0, "nothing was asked for");
    scene.pragma(Side::Store, "PRAGMA query_only = OFF").await;
    assert!(scene.store.status().await.unwrap().is_empty(), "nothing was begun");
    scene.engine.activate().await.unwrap();
    assert_eq!(scene.store.status().await.unwrap().len(), 1);
    assert_eq!(scene.count("SELECT count(*) FROM accounts"), 0);
}
