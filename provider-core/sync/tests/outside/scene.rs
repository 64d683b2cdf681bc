//! One connection: the distributor, the application, a store and a clock that goes when it is told to.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use provider_core::chrono::{DateTime, TimeDelta, Utc};
use provider_core::clock::{BoxFuture, Clock};
use provider_sync::{
    ConnectionStatus, Decision, EntityKind, KindReport, MemoryStore, Pending, PendingId, PendingType,
    QueueQuery, RunControl, SqlStore, SyncEngine, SyncOutcome, SyncPlan, SyncReport, SyncStore,
};
use tempfile::TempDir;

use crate::application::Application;
use crate::distributor::Wholesaler;

pub(crate) const CUSTOMER: EntityKind = EntityKind::Customer;
pub(crate) const SEATS: EntityKind = EntityKind::Subscription;

pub(crate) const PLAN: &str = r#"
version = 1
connection = "wholesale"
enabled = true

[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update", "remove"]
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
removal = { how = "delete" }
fields = [
  { remote = "name", local = "name" },
  { remote = "registration_number", local = "number" },
  { remote = "phone", local = "phone", owner = "ask" },
  { remote = "website", local = "site", owner = "local" },
]

[[kinds]]
kind = "subscription"
enabled = true
updates = ["create", "update", "remove"]
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
removal = { how = "delete" }
fields = [
  { remote = "customer", local = "account", transform = ["link"] },
  { remote = "quantity", local = "quantity" },
  { remote = "status", local = "status" },
]
"#;

/// Its sleeps are real, and nothing here waits for one.
#[derive(Debug, Clone)]
pub(crate) struct Watch(Arc<Mutex<DateTime<Utc>>>);

impl Default for Watch {
    fn default() -> Self {
        Self(Arc::new(Mutex::new("2026-11-20T08:00:00Z".parse().unwrap())))
    }
}

impl Watch {
    pub(crate) fn pass(&self, time: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += time;
    }
}

impl Clock for Watch {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(crate) struct Scene {
    pub(crate) shop: Wholesaler,
    pub(crate) app: Application,
    pub(crate) store: Arc<dyn SyncStore>,
    pub(crate) watch: Watch,
    pub(crate) plan: String,
    /// Where the store's file is, until the scene is over.
    _folder: Option<TempDir>,
}

impl Scene {
    /// With a store in memory.
    pub(crate) fn in_memory() -> Self {
        let watch = Watch::default();
        let store = Arc::new(MemoryStore::new(Arc::new(watch.clone())));
        Self::with(store, watch, None)
    }

    /// With a store in a file.
    pub(crate) async fn in_a_file() -> Self {
        let (watch, folder) = (Watch::default(), tempfile::tempdir().unwrap());
        let address = format!("sqlite:{}", folder.path().join("sync.db").display());
        let store = SqlStore::with_clock(&address, Arc::new(watch.clone())).await.unwrap();
        Self::with(Arc::new(store), watch, Some(folder))
    }

    /// On each of the stores that need no server.
    pub(crate) async fn everywhere() -> [Self; 2] {
        [Self::in_memory(), Self::in_a_file().await]
    }

    fn with(store: Arc<dyn SyncStore>, watch: Watch, folder: Option<TempDir>) -> Self {
        let (shop, app) = (Wholesaler::default(), Application::default());
        Self { shop, app, store, watch, plan: PLAN.to_owned(), _folder: folder }
    }

    pub(crate) fn engine(&self) -> SyncEngine {
        let plan = SyncPlan::from_toml(&self.plan).unwrap_or_else(|problems| panic!("{problems}"));
        let plan = plan.check(&self.shop, &self.app).unwrap_or_else(|problems| panic!("{problems}"));
        let (shop, app) = (Arc::new(self.shop.clone()), Arc::new(self.app.clone()));
        SyncEngine::new(shop, app, Arc::clone(&self.store), plan).with_clock(Arc::new(self.watch.clone()))
    }

    pub(crate) async fn run(&self) -> SyncReport {
        self.run_with(&RunControl::default()).await
    }

    pub(crate) async fn run_with(&self, control: &RunControl) -> SyncReport {
        self.engine().run(control).await.unwrap()
    }

    /// What a run that has to come to its end did with one kind.
    pub(crate) async fn run_of(&self, kind: EntityKind) -> KindReport {
        let report = self.run().await;
        assert_eq!((report.outcome, report.error.as_deref()), (SyncOutcome::Completed, None), "{report:?}");
        report.kind(kind).cloned().unwrap()
    }

    pub(crate) async fn assert_quiet(&self, when: &str) {
        let report = self.run().await;
        assert_eq!(report.outcome, SyncOutcome::Completed, "{when}: {report:?}");
        assert!(report.kinds.iter().all(KindReport::is_quiet), "{when}: {report:?}");
    }

    pub(crate) fn hours(&self, hours: i64) {
        self.watch.pass(TimeDelta::hours(hours));
    }

    pub(crate) async fn queue(&self) -> Vec<Pending> {
        self.engine().queue(QueueQuery::default()).await.unwrap()
    }

    /// The only thing of this type that waits.
    pub(crate) async fn waiting(&self, why: PendingType) -> PendingId {
        let queue = self.queue().await;
        let own: Vec<_> = queue.iter().filter(|pending| pending.why == why).collect();
        assert_eq!(own.len(), 1, "{queue:?}");
        own[0].id.clone()
    }

    /// A person's word about it.
    pub(crate) async fn decide(&self, why: PendingType, decision: Decision) {
        let id = self.waiting(why).await;
        self.engine().resolve(id, decision, "anna@example.com").await.unwrap();
    }

    pub(crate) async fn status(&self) -> ConnectionStatus {
        self.store.status().await.unwrap().remove(0)
    }
}
