//! A small world: a distributor, an application, a store, a clock, and what holds between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::EntityKind;
use provider_core::clock::{BoxFuture, Clock};

use super::bases::{Base, Ground};
use super::crash::{Dying, Fuse};
use super::distributor::Distributor;
use crate::engine::{RunControl, SyncEngine};
use crate::plan::{CheckedPlan, SyncPlan};
use crate::report::SyncReport;
use crate::store::{MemoryStore, SyncStore};
use crate::target::{LocalType, MemoryTarget, Target, TargetField};

/// Time passes when somebody says so, or sleeps.
#[derive(Debug, Clone)]
pub(crate) struct Hand(Arc<Mutex<DateTime<Utc>>>);

impl Default for Hand {
    fn default() -> Self {
        Self(Arc::new(Mutex::new("2026-11-20T08:00:00Z".parse().unwrap())))
    }
}

impl Hand {
    pub(crate) fn pass(&self, time: chrono::Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    /// Whoever waits for another lets the other go on for as long as it takes, and time does not.
    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        let clock = self.clone();
        Box::pin(async move {
            if duration >= Duration::from_secs(30) {
                // A heartbeat: nothing here takes that long.
                std::future::pending::<()>().await;
            }
            clock.pass(chrono::Duration::from_std(duration).unwrap());
        })
    }
}

pub(crate) const PLAN: &str = r#"
    version = 1
    connection = "shop"
    enabled = true

    [[kinds]]
    kind = "customer"
    enabled = true
    updates = ["create", "update", "remove"]
    key = { remote = "id", local = "remote" }
    unmatched = "create"
    removal = { how = "delete" }
    fields = [
      { remote = "name", local = "name" },
      { remote = "external_id", local = "number" },
      { remote = "phone", local = "phone", owner = "ask" },
    ]

    [[kinds]]
    kind = "subscription"
    enabled = true
    updates = ["create", "update", "remove"]
    key = { remote = "id", local = "remote" }
    unmatched = "create"
    removal = { how = "delete" }
    fields = [
      { remote = "customer", local = "account", transform = ["link"] },
      { remote = "quantity", local = "quantity" },
      { remote = "status", local = "status" },
    ]
"#;

pub(crate) struct World {
    pub(crate) shop: Distributor,
    pub(crate) target: MemoryTarget,
    pub(crate) store: Arc<dyn SyncStore>,
    /// What the store lies in.
    pub(crate) ground: Option<Arc<Ground>>,
    pub(crate) clock: Hand,
    pub(crate) plan: String,
}

pub(crate) fn application() -> MemoryTarget {
    let fields = |names: &[&str]| names.iter().map(|name| TargetField::new(*name, LocalType::Text)).collect();
    MemoryTarget::new([
        (EntityKind::Customer, fields(&["name", "number", "phone", "domain"])),
        (EntityKind::Subscription, fields(&["account", "quantity", "status"])),
        (EntityKind::Product, fields(&["name", "offer", "cost"])),
        (EntityKind::Invoice, fields(&["number"])),
        (EntityKind::InvoiceLine, fields(&["invoice", "description"])),
        (EntityKind::Usage, fields(&["quantity", "unit"])),
    ])
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_plan(PLAN)
    }

    pub(crate) fn with_plan(plan: &str) -> Self {
        let clock = Hand::default();
        Self {
            shop: Distributor::new(),
            target: application(),
            store: Arc::new(MemoryStore::new(Arc::new(clock.clone()))),
            ground: None,
            clock,
            plan: plan.to_owned(),
        }
    }

    /// The same with a store in this database.
    pub(crate) async fn on(base: Base) -> Self {
        let mut world = Self::new();
        (world.store, world.ground) = base.store(&world.clock).await;
        world
    }

    pub(crate) fn checked(&self, shop: &Distributor) -> CheckedPlan {
        let plan = SyncPlan::from_toml(&self.plan).unwrap_or_else(|problems| panic!("{problems}"));
        plan.check(shop, &self.target).unwrap_or_else(|problems| panic!("{problems}"))
    }

    pub(crate) fn engine(&self) -> SyncEngine {
        self.over(self.shop.clone(), Arc::new(self.target.clone()), Arc::clone(&self.store))
    }

    pub(crate) fn over(
        &self,
        shop: Distributor,
        target: Arc<dyn Target>,
        store: Arc<dyn SyncStore>,
    ) -> SyncEngine {
        let plan = self.checked(&shop);
        SyncEngine::new(Arc::new(shop), target, store, plan).with_clock(Arc::new(self.clock.clone()))
    }

    /// An engine in a process that dies.
    pub(crate) fn dying(&self, fuse: &Fuse) -> SyncEngine {
        let target = Dying { inner: self.target.clone(), fuse: fuse.clone() };
        let store = Dying { inner: Arc::clone(&self.store), fuse: fuse.clone() };
        self.over(self.shop.dying(fuse), Arc::new(target), Arc::new(store))
    }

    pub(crate) async fn run(&self) -> SyncReport {
        self.run_with(&RunControl::default()).await
    }

    /// A run an hour later: whatever a process that died has held has ended.
    pub(crate) async fn run_with(&self, control: &RunControl) -> SyncReport {
        self.clock.pass(chrono::Duration::hours(1));
        self.engine().run(control).await.unwrap()
    }

    /// What the application has: by the distributor's id, the values.
    pub(crate) fn rows(&self, kind: EntityKind) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut rows = BTreeMap::new();
        for record in self.target.records(kind) {
            let Some(remote) = record.remote else { continue };
            let values = record.values.into_iter().filter(|(_, value)| !value.is_null());
            let values = values.map(|(name, value)| (name, crate::plan::plain(&value))).collect();
            let doubled = rows.insert(remote.clone(), values);
            assert!(doubled.is_none(), "{kind} {remote} is there twice");
        }
        rows
    }

    pub(crate) fn ids(&self, kind: EntityKind) -> BTreeSet<String> {
        self.rows(kind).into_keys().collect()
    }

    /// Whether the customer of these seats is there.
    pub(crate) fn knows_parent(&self, subscription: &str) -> bool {
        let records = self.shop.records();
        let seats = records.subscriptions.get(subscription);
        seats.is_some_and(|seats| records.customers.contains_key(seats.customer.as_str()))
    }

    /// The application equals what the distributor has, mapped.
    pub(crate) fn assert_in_step(&self, when: &str) {
        let customers: BTreeMap<String, String> = {
            let rows = self.rows(EntityKind::Customer);
            rows.into_iter()
                .map(|(id, values)| (id, values.get("name").cloned().unwrap_or_default()))
                .collect()
        };
        let records = self.shop.records();
        let theirs: BTreeMap<String, String> =
            records.customers.iter().map(|(id, customer)| (id.clone(), customer.name.clone())).collect();
        assert_eq!(customers, theirs, "{when}: customers");
        let keys: BTreeMap<String, String> = self
            .target
            .records(EntityKind::Customer)
            .into_iter()
            .filter_map(|record| Some((record.remote?, record.key.0)))
            .collect();
        let wanted: BTreeMap<String, (String, Option<String>)> = records
            .subscriptions
            .values()
            .filter(|seats| records.customers.contains_key(seats.customer.as_str()))
            .map(|seats| {
                let quantity = seats.quantity.map(|quantity| quantity.to_string()).unwrap_or_default();
                (seats.id.to_string(), (quantity, keys.get(seats.customer.as_str()).cloned()))
            })
            .collect();
        drop(records);
        let rows = self.rows(EntityKind::Subscription);
        let found: BTreeMap<String, (String, Option<String>)> = rows
            .into_iter()
            .map(|(id, values)| {
                (id, (values.get("quantity").cloned().unwrap_or_default(), values.get("account").cloned()))
            })
            .collect();
        assert_eq!(found, wanted, "{when}: subscriptions");
    }
}
