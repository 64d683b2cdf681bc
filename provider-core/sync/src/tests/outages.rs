//! The application's tables and the store on one server, and what can happen to that: it is told as what it is, nothing is
//! lost or doubled, and the next run that can work heals it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use provider_core::EntityKind;
use provider_testkit::postgres::Server;

use super::bases::postgres::{address_of, schema_on};
use super::distributor::Distributor;
use super::world::Hand;
use crate::engine::{RunControl, SyncEngine, SyncError};
use crate::plan::{KindPlan, PlanProblem, SyncPlan};
use crate::report::{KindReport, SyncOutcome};
use crate::store::{SqlStore, SyncStore};
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, TableTarget, Target,
    TargetError, TargetErrorKind, TargetField,
};

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

const TABLES: &str = "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, distributor_id text UNIQUE, name text)";

const MANY: usize = 700;

/// The tables of a process to which something happens: before and after its batches.
#[derive(Debug)]
struct Meets {
    inner: TableTarget,
    calls: AtomicUsize,
    what: What,
}

#[async_trait::async_trait]
impl Target for Meets {
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
        (self.what.0)(self.calls.fetch_add(1, Ordering::SeqCst));
        let applied = self.inner.apply(batch).await;
        (self.what.0)(self.calls.fetch_add(1, Ordering::SeqCst));
        applied
    }

    async fn find(
        &self,
        kind: EntityKind,
        of: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.inner.find(kind, of, limit).await
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

/// What happens before and after batches, by its number.
struct What(Box<dyn Fn(usize) + Send + Sync>);

impl std::fmt::Debug for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("What")
    }
}

struct Scene {
    server: Arc<Mutex<Server>>,
    schema: String,
    shop: Distributor,
    clock: Hand,
    store: Arc<dyn SyncStore>,
    url: String,
}

impl Scene {
    async fn new(settings: &[(&str, &str)]) -> Option<Self> {
        let server = Server::start(settings).unwrap()?;
        let schema = schema_on(&server, TABLES);
        let (mut shop, clock) = (Distributor::new(), Hand::default());
        shop.page = 100;
        let url = address_of(&server, &schema);
        let store = Arc::new(SqlStore::with_clock(&url, Arc::new(clock.clone())).await.unwrap());
        Some(Self { server: Arc::new(Mutex::new(server)), schema, shop, clock, store, url })
    }

    fn sql(&self, sql: &str) -> String {
        let sql = format!("SET search_path TO {}; {sql}", self.schema);
        self.server.lock().unwrap().sql(&sql).unwrap()
    }

    fn count(&self, what: &str) -> usize {
        self.sql(&format!("SELECT count({what}) FROM accounts")).parse().unwrap()
    }

    async fn target(&self, url: &str) -> TableTarget {
        TableTarget::open(url, &SyncPlan::from_toml(PLAN).unwrap()).await.unwrap()
    }

    fn engine(&self, target: Arc<dyn Target>) -> SyncEngine {
        let plan = SyncPlan::from_toml(PLAN).unwrap().check(&self.shop, &*target);
        let plan = plan.unwrap_or_else(|problems| panic!("{problems}"));
        SyncEngine::new(Arc::new(self.shop.clone()), target, Arc::clone(&self.store), plan)
            .with_clock(Arc::new(self.clock.clone()))
    }

    /// A run to which something happens.
    async fn met(&self, url: &str, what: impl Fn(usize) + Send + Sync + 'static) -> SyncEngine {
        let inner = self.target(url).await;
        self.engine(Arc::new(Meets { inner, calls: AtomicUsize::new(0), what: What(Box::new(what)) }))
    }

    /// What a run that cannot go on says.
    async fn stopped(&self, engine: &SyncEngine) -> String {
        self.clock.pass(chrono::Duration::hours(1));
        match engine.run(&RunControl::default()).await {
            Ok(report) => {
                assert_eq!(report.outcome, SyncOutcome::Failed, "{report:?}");
                report.error.unwrap()
            }
            Err(error @ SyncError::Store(_)) => error.to_string(),
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn healed(&self) {
        let engine = self.engine(Arc::new(self.target(&self.url).await));
        self.clock.pass(chrono::Duration::hours(1));
        let report = engine.run(&RunControl::default()).await.unwrap();
        assert_eq!((report.outcome, report.error.clone()), (SyncOutcome::Completed, None));
        self.in_step();
        let quiet = engine.run(&RunControl::default()).await.unwrap();
        assert!(quiet.kinds.iter().all(KindReport::is_quiet), "{quiet:?}");
    }

    fn in_step(&self) {
        let customers = self.shop.records().customers.clone();
        let theirs: Vec<_> =
            customers.iter().map(|(id, customer)| format!("{id}={}", customer.name)).collect();
        let rows = self.sql("SELECT string_agg(distributor_id || '=' || name, '|' ORDER BY distributor_id COLLATE \"C\") FROM accounts");
        assert_eq!(rows.split('|').collect::<Vec<_>>(), theirs);
        assert_eq!(self.count("*"), self.count("DISTINCT distributor_id"));
    }
}

/// A trigger of the application that ends its own session in the middle of a page, so many times.
fn ends_sessions(scene: &Scene, times: usize) {
    scene.sql(&format!(
        "DROP SEQUENCE IF EXISTS met CASCADE; CREATE SEQUENCE met; \
         CREATE OR REPLACE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN \
         IF NEW.distributor_id LIKE '%50' AND nextval('met') <= {times} THEN \
         PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$; \
         CREATE OR REPLACE TRIGGER ends BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION ends()"
    ));
}

#[tokio::test]
async fn a_session_that_is_ended_in_the_middle_of_a_page_is_not_noticed_and_one_after_another_is_told() {
    let Some(scene) = Scene::new(&[]).await else { return };
    scene.shop.customers(MANY);
    ends_sessions(&scene, 2);
    let engine = scene.engine(Arc::new(scene.target(&scene.url).await));
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!((report.outcome, report.error.clone()), (SyncOutcome::Completed, None));
    assert_eq!(scene.sql("SELECT last_value > 2 FROM met"), "t", "sessions were ended");
    scene.in_step();
    scene.sql("DELETE FROM accounts");
    ends_sessions(&scene, 1000);
    let fresh =
        Scene { store: Arc::new(crate::store::MemoryStore::new(Arc::new(scene.clock.clone()))), ..scene };
    let engine = fresh.engine(Arc::new(fresh.target(&fresh.url).await));
    let said = fresh.stopped(&engine).await;
    assert!(said.contains("cannot be reached"), "{said}");
    assert_eq!(fresh.count("*") % 100, 0, "a page is there whole or not at all");
    fresh.sql("DROP TRIGGER ends ON accounts");
    fresh.healed().await;
}

#[tokio::test]
async fn a_server_that_falls_before_or_after_a_page_is_told_and_the_next_run_heals() {
    let Some(scene) = Scene::new(&[]).await else { return };
    scene.shop.customers(250);
    scene.healed().await;
    for fall in 0..6 {
        scene.shop.customers(300 + 110 * fall);
        scene.shop.customer("c01", &format!("Changed {fall}"));
        let server = Arc::clone(&scene.server);
        let engine = scene.met(&scene.url, move |at| {
            if at == fall {
                server.lock().unwrap().fall().unwrap();
            }
        });
        let engine = engine.await;
        let said = scene.stopped(&engine).await;
        assert!(said.contains("cannot be reached") || said.contains("is not known"), "{said}");
        scene.server.lock().unwrap().rise().unwrap();
        scene.healed().await;
    }
}

#[tokio::test]
async fn tables_that_may_only_be_read_are_told_and_heal() {
    let Some(scene) = Scene::new(&[]).await else { return };
    scene.shop.customers(250);
    scene.healed().await;
    scene.shop.customers(MANY);
    // All of the session, or the right of a user that is taken away within the run.
    let read_only = format!("{}%20-c%20default_transaction_read_only%3Don", scene.url);
    let engine = scene.engine(Arc::new(scene.target(&read_only).await));
    let said = scene.stopped(&engine).await;
    assert!(said.contains("cannot be written") && said.contains("read-only"), "{said}");
    scene.sql(&format!(
        "CREATE ROLE app LOGIN; GRANT ALL ON SCHEMA {0} TO app; GRANT ALL ON ALL TABLES IN SCHEMA {0} TO app",
        scene.schema
    ));
    let (server, schema) = (Arc::clone(&scene.server), scene.schema.clone());
    let url = scene.url.replace("postgres@", "app@");
    let engine = scene.met(&url, move |at| {
        if at == 2 {
            server.lock().unwrap().sql(&format!("REVOKE INSERT ON {schema}.accounts FROM app")).unwrap();
        }
    });
    let engine = engine.await;
    let said = scene.stopped(&engine).await;
    assert!(said.contains("permission denied"), "{said}");
    assert!(scene.count("*") > 250, "what was written before stays");
    scene.healed().await;
}

#[tokio::test]
async fn a_server_without_a_free_connection_is_told_and_heals() {
    let Some(scene) = Scene::new(&[]).await else { return };
    scene.shop.customers(250);
    scene.sql(&format!(
        "CREATE ROLE app LOGIN; GRANT ALL ON SCHEMA {0} TO app; GRANT ALL ON ALL TABLES IN SCHEMA {0} TO app",
        scene.schema
    ));
    let url = scene.url.replace("postgres@", "app@");
    let server = Arc::clone(&scene.server);
    let engine = scene.met(&url, move |at| {
        if at == 2 {
            let crowd = "ALTER ROLE app CONNECTION LIMIT 0; \
                 SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'app'";
            server.lock().unwrap().sql(crowd).unwrap();
        }
    });
    let engine = engine.await;
    let said = scene.stopped(&engine).await;
    assert!(said.contains("takes no more connections"), "{said}");
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let full = TableTarget::open(&url, &plan).await.unwrap_err();
    assert_eq!(full.kind, TargetErrorKind::Full);
    scene.sql("ALTER ROLE app CONNECTION LIMIT -1");
    scene.healed().await;
    // Who is not let in, and what is not there.
    let port = scene.server.lock().unwrap().address_over_tcp("postgres");
    let denied = TableTarget::open(&port.replace("postgres-password", "s3cret"), &plan).await.unwrap_err();
    assert_eq!(denied.kind, TargetErrorKind::Denied);
    assert!(!format!("{denied} {denied:?}").contains("s3cret"), "{denied:?}");
    let absent = TableTarget::open(&scene.url.replace("/postgres?", "/nowhere?"), &plan).await.unwrap_err();
    assert!(
        absent.kind == TargetErrorKind::Unreachable && absent.to_string().contains("createdb"),
        "{absent:?}"
    );
}

#[tokio::test]
async fn a_table_that_was_taken_away_is_told_and_heals() {
    let Some(scene) = Scene::new(&[]).await else { return };
    scene.shop.customers(250);
    let (server, schema) = (Arc::clone(&scene.server), scene.schema.clone());
    let engine = scene.met(&scene.url, move |at| {
        if at == 2 {
            let rename = format!("ALTER TABLE {schema}.accounts RENAME TO away");
            server.lock().unwrap().sql(&rename).unwrap();
        }
    });
    let engine = engine.await;
    let said = scene.stopped(&engine).await;
    assert!(said.contains("is not as the plan says") && said.contains("accounts"), "{said}");
    scene.sql("ALTER TABLE away RENAME TO accounts");
    scene.healed().await;
}

/// The server is failed over to a copy of before, with the store and the application, while a run is at work: its lease is
/// not known there.
#[tokio::test]
async fn an_older_copy_is_noticed_by_the_fence_and_the_next_run_heals() {
    let Some(scene) = Scene::new(&[]).await else { return };
    scene.shop.customers(250);
    scene.healed().await;
    let tables =
        scene.sql("SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = current_schema()");
    let tables: Vec<&str> = tables.split(' ').collect();
    let every = |sql: &dyn Fn(&str) -> String| -> String { tables.iter().map(|table| sql(table)).collect() };
    scene.sql(&every(&|table| format!("CREATE TABLE copy_{table} AS SELECT * FROM {table};")));
    for moment in 0..4 {
        scene.shop.customers(MANY + 250 * moment);
        scene.shop.customer("c01", &format!("Changed {moment}"));
        let restore = every(&|table| {
            format!(
                "DELETE FROM {table}; INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM copy_{table};"
            )
        });
        let restore = format!("SET search_path TO {}; BEGIN; {restore} COMMIT", scene.schema);
        let server = Arc::clone(&scene.server);
        let engine = scene.met(&scene.url, move |at| {
            if at == moment {
                server.lock().unwrap().sql(&restore).unwrap();
            }
        });
        let engine = engine.await;
        let said = scene.stopped(&engine).await;
        assert!(said.contains("another worker has taken over"), "{moment}: {said}");
        scene.healed().await;
    }
}
