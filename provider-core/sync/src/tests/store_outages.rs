//! A server that falls, turns read-only or takes no more connections, within a run: it is told, nothing is lost, and the
//! next run heals it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use provider_core::EntityKind;
use provider_testkit::postgres::Server;

use super::bases::postgres::address_on;
use super::stores::scope;
use super::world::World;
use crate::engine::{RunControl, SyncEngine, SyncError};
use crate::report::{KindReport, SyncOutcome};
use crate::store::{SqlStore, StoreErrorKind};
use crate::target::{
    Applied, ApplyBatch, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, MemoryTarget, Target,
    TargetError, TargetField,
};

/// The application goes on while something happens to the server of the store: in the middle of a page.
struct Meanwhile<F> {
    inner: MemoryTarget,
    happens: F,
    left: AtomicUsize,
}

impl<F> std::fmt::Debug for Meanwhile<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inner.fmt(f)
    }
}

#[async_trait::async_trait]
impl<F: Fn() + Send + Sync + 'static> Target for Meanwhile<F> {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.inner.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let applied = self.inner.apply(batch).await;
        // Now and then before anybody is told.
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_err() {
            (self.happens)();
        }
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

struct Scene {
    server: Arc<Mutex<Server>>,
    world: World,
    shown: usize,
}

impl Scene {
    /// A world on a server of its own, whose store is reached as this user.
    async fn new(user: &str) -> Option<Self> {
        let server = Server::start(&[]).unwrap()?;
        let address = address_on(&server);
        if user != "postgres" {
            let schema = address.rsplit_once("%3D").unwrap().1;
            server.sql(&format!("CREATE ROLE {user} LOGIN")).unwrap();
            server.sql(&format!("GRANT ALL ON SCHEMA {schema} TO {user}")).unwrap();
        }
        let address = address.replace("//postgres@", &format!("//{user}@"));
        let mut world = World::new();
        let (clock, patience) = (Arc::new(world.clock.clone()), Duration::from_millis(200));
        world.store = Arc::new(SqlStore::impatient(&address, clock, patience).await.unwrap());
        world.shop.customers(8);
        world.run().await;
        Some(Self { server: Arc::new(Mutex::new(server)), world, shown: 8 })
    }

    /// More to do, and an engine to which something happens after a few batches.
    fn engine(
        &mut self,
        batches: usize,
        happens: impl Fn(&mut Server) + Send + Sync + 'static,
    ) -> SyncEngine {
        self.shown += 3;
        self.world.shop.customers(self.shown);
        self.world.shop.customer("c01", &format!("Changed {}", self.shown));
        self.world.clock.pass(chrono::Duration::hours(1));
        let server = Arc::clone(&self.server);
        let target = Meanwhile {
            inner: self.world.target.clone(),
            happens: move || happens(&mut server.lock().unwrap()),
            left: AtomicUsize::new(batches),
        };
        self.world.over(self.world.shop.clone(), Arc::new(target), Arc::clone(&self.world.store))
    }

    /// The run stops and says so; the next one, while it lasts, is told by its kind; and the application has lost
    /// nothing.
    async fn stops(&self, engine: SyncEngine, kind: StoreErrorKind, says: &str) {
        let had = self.world.ids(EntityKind::Customer);
        let said = match engine.run(&RunControl::default()).await {
            Ok(report) => {
                assert_eq!(report.outcome, SyncOutcome::Failed, "{report:?}");
                report.error.unwrap_or_default()
            }
            Err(error) => error.to_string(),
        };
        assert!(said.contains(says), "{said}");
        let SyncError::Store(error) = self.world.engine().run(&RunControl::default()).await.unwrap_err()
        else {
            panic!("it is the store that fails");
        };
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert!(self.world.ids(EntityKind::Customer).is_superset(&had));
    }

    async fn heals(&self, when: &str) {
        self.world.run().await;
        self.world.assert_in_step(when);
        let quiet = self.world.run().await;
        assert!(quiet.kinds.iter().all(KindReport::is_quiet), "{when}: {quiet:?}");
    }

    fn sql(&self, sql: &str) {
        self.server.lock().unwrap().sql(sql).unwrap();
    }
}

#[tokio::test]
async fn a_server_that_falls_within_a_run_is_told_and_the_next_run_heals() {
    let Some(mut scene) = Scene::new("postgres").await else { return };
    for fall in 0..4 {
        let engine = scene.engine(fall % 2, |server| drop(server.fall()));
        scene.stops(engine, StoreErrorKind::Unreachable, "cannot be reached").await;
        scene.server.lock().unwrap().rise().unwrap();
        scene.heals("after a fall").await;
    }
}

#[tokio::test]
async fn a_server_that_turns_read_only_within_a_run_is_told_and_the_next_run_heals() {
    let Some(mut scene) = Scene::new("postgres").await else { return };
    for batches in [0, 1] {
        let engine = scene.engine(batches, |server| {
            server.sql("ALTER SYSTEM SET default_transaction_read_only = on").unwrap();
            server.sql("SELECT pg_reload_conf()").unwrap();
            // A session that is open takes it up by itself; a new one has it from the beginning.
            while server.sql("SHOW default_transaction_read_only").unwrap() != "on" {}
            server.sql(TERMINATE).unwrap();
        });
        scene.stops(engine, StoreErrorKind::ReadOnly, "cannot be written").await;
        // What is there can be looked at all the while.
        assert!(scene.world.store.status().await.unwrap()[0].linked >= 8);
        let refused = scene.world.store.hint(&scope(), "c01").await.unwrap_err();
        assert_eq!(refused.kind, StoreErrorKind::ReadOnly);
        scene.sql("ALTER SYSTEM RESET default_transaction_read_only");
        scene.sql("SELECT pg_reload_conf()");
        while scene.world.store.hint(&scope(), "c01").await.is_err() {}
        scene.heals("after it was read-only").await;
    }
}

/// Ends the sessions of the store.
const TERMINATE: &str =
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'provider-store'";

#[tokio::test]
async fn a_server_without_a_free_connection_within_a_run_is_told_and_the_next_run_heals() {
    let Some(mut scene) = Scene::new("worker").await else { return };
    for batches in [0, 1] {
        let engine = scene.engine(batches, |server| {
            server.sql("ALTER ROLE worker CONNECTION LIMIT 0").unwrap();
            server.sql(TERMINATE).unwrap();
        });
        scene.stops(engine, StoreErrorKind::Full, "takes no more connections").await;
        scene.sql("ALTER ROLE worker CONNECTION LIMIT -1");
        scene.heals("after there was no connection").await;
    }
}
