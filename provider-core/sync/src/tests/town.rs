//! A small town: a market, an application, a store, a journal, a clock, and what holds between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use provider_core::clock::Clock;
use provider_core::journal::{Journal, MemoryJournal};
use provider_core::layer::Journaled;
use provider_core::model::Address;
use provider_core::{Customer, EntityKind};
use serde_json::Value;

use super::bases::{Base, Ground};
use super::crash::{Dying, Fuse};
use super::market::Market;
use super::world::Hand;
use crate::engine::{RunControl, SyncEngine};
use crate::plan::SyncPlan;
use crate::report::{KindReport, SyncReport};
use crate::store::{MemoryStore, Pending, QueueQuery, SyncStore};
use crate::target::{LocalKey, LocalRecord, LocalType, MemoryTarget, Target, TargetField};

pub(crate) const BOTH: &str = r#"
    version = 1
    connection = "shop"
    enabled = true
    cap = { units = 1000 }

    [[kinds]]
    kind = "customer"
    enabled = true
    direction = "both"
    updates = ["create", "update", "remove"]
    key = { remote = "id", local = "remote" }
    unmatched = "create"
    removal = { how = "delete" }
    fields = [
      { remote = "name", local = "name", owner = "ask" },
      { remote = "phone", local = "phone", owner = "local" },
      { remote = "website", local = "site" },
      { remote = "address.city", local = "city", owner = "ask" },
    ]

    [[kinds]]
    kind = "subscription"
    enabled = true
    direction = "both"
    updates = ["create", "update", "remove"]
    key = { remote = "id", local = "remote" }
    unmatched = "create"
    removal = { how = "delete" }
    fields = [
      { remote = "customer", local = "account", transform = ["link"] },
      { remote = "quantity", local = "quantity", owner = "ask" },
      { remote = "status", local = "status", owner = "ask" },
    ]
"#;

pub(crate) struct Town {
    pub(crate) market: Market,
    pub(crate) journal: MemoryJournal,
    pub(crate) target: MemoryTarget,
    pub(crate) store: Arc<dyn SyncStore>,
    pub(crate) ground: Option<Arc<Ground>>,
    pub(crate) clock: Hand,
    pub(crate) plan: String,
    /// How many records of pages that came already are dealt with as one.
    pub(crate) together: usize,
}

fn application() -> MemoryTarget {
    let fields = |names: &[&str]| -> Vec<TargetField> {
        names.iter().map(|name| TargetField::new(*name, LocalType::Text)).collect()
    };
    let mut seats = fields(&["account", "quantity", "status"]);
    seats.push(TargetField::new("renews", LocalType::Boolean));
    MemoryTarget::new([
        (EntityKind::Customer, fields(&["name", "phone", "site", "city"])),
        (EntityKind::Subscription, seats),
    ])
}

impl Town {
    pub(crate) fn new() -> Self {
        Self::with_plan(BOTH)
    }

    pub(crate) fn with_plan(plan: &str) -> Self {
        let clock = Hand::default();
        let by: Arc<dyn Clock> = Arc::new(clock.clone());
        Self {
            market: Market::new(),
            journal: MemoryJournal::new(Arc::clone(&by)),
            target: application(),
            store: Arc::new(MemoryStore::new(by)),
            ground: None,
            clock,
            plan: plan.to_owned(),
            together: 0,
        }
    }

    pub(crate) async fn on(base: Base) -> Self {
        let mut town = Self::new();
        (town.store, town.ground) = base.store(&town.clock).await;
        town
    }

    pub(crate) fn over(
        &self,
        market: Market,
        journal: impl Journal,
        target: Arc<dyn Target>,
        store: Arc<dyn SyncStore>,
    ) -> SyncEngine {
        let by: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let provider = Journaled::new(market, Arc::new(journal)).with_clock(Arc::clone(&by));
        let plan = SyncPlan::from_toml(&self.plan).unwrap_or_else(|problems| panic!("{problems}"));
        let plan = plan.check(&provider, &*target).unwrap_or_else(|problems| panic!("{problems}"));
        SyncEngine::new(Arc::new(provider), target, store, plan).with_clock(by)
    }

    pub(crate) fn engine(&self) -> SyncEngine {
        let application: Arc<dyn Target> = Arc::new(self.target.clone());
        let target: Arc<dyn Target> = match self.together {
            0 => application,
            _ => Arc::new(Dying::of(application, &Fuse::default()).together(self.together)),
        };
        self.over(self.market.clone(), self.journal.clone(), target, Arc::clone(&self.store))
    }

    pub(crate) fn dying(&self, fuse: &Fuse) -> SyncEngine {
        let application: Arc<dyn Target> = Arc::new(self.target.clone());
        let target = Dying::of(application, fuse).together(self.together);
        let store = Dying::of(Arc::clone(&self.store), fuse);
        let journal = Dying::of(self.journal.clone(), fuse);
        self.over(self.market.dying(fuse), journal, Arc::new(target), Arc::new(store))
    }

    pub(crate) async fn run(&self) -> SyncReport {
        self.clock.pass(chrono::Duration::hours(1));
        let report = self.engine().run(&RunControl::default()).await.unwrap();
        assert_eq!(report.error, None);
        report
    }

    /// What somebody writes into the application.
    pub(crate) fn write(&self, kind: EntityKind, key: &str, fields: &[(&str, &str)]) {
        let known = self.target.records(kind).into_iter().find(|row| row.key.as_str() == key);
        let mut row = known.unwrap_or_else(|| LocalRecord {
            key: LocalKey::new(key),
            remote: None,
            values: BTreeMap::new(),
            fingerprint: crate::Fingerprint::of_text(""),
        });
        let values = fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
        row.values.extend(values);
        self.target.put(kind, row);
    }

    pub(crate) fn row(&self, kind: EntityKind, key: &str) -> LocalRecord {
        let found = self.target.records(kind).into_iter().find(|row| row.key.as_str() == key);
        found.unwrap_or_else(|| panic!("there is no {kind} `{key}`"))
    }

    /// The key of the row that belongs to a record of the distributor.
    pub(crate) fn key(&self, kind: EntityKind, remote: &str) -> String {
        let rows = self.target.records(kind);
        let found = rows.into_iter().find(|row| row.remote.as_deref() == Some(remote));
        found.unwrap_or_else(|| panic!("nothing belongs to `{remote}`")).key.0
    }

    pub(crate) fn theirs(&self, id: &str) -> Customer {
        self.market.shop.records().customers.get(id).cloned().unwrap_or_else(|| panic!("there is no `{id}`"))
    }

    pub(crate) fn change(&self, id: &str, change: impl FnOnce(&mut Customer)) {
        change(self.market.shop.records().customers.get_mut(id).unwrap());
    }

    pub(crate) fn writes(&self) -> u64 {
        self.market.desk().writes
    }

    pub(crate) async fn waiting(&self) -> Vec<Pending> {
        self.store.queue(&QueueQuery::default()).await.unwrap()
    }

    /// Nobody's key is at the distributor twice.
    pub(crate) fn assert_none_doubled(&self, when: &str) {
        let mut keys = BTreeSet::new();
        for customer in self.market.shop.records().customers.values() {
            if let Some(key) = &customer.external_id {
                assert!(keys.insert(key.clone()), "{when}: record `{key}` was made twice");
            }
        }
        let mut links = BTreeSet::new();
        for row in self.target.records(EntityKind::Customer) {
            if let Some(remote) = row.remote {
                assert!(links.insert(remote.clone()), "{when}: `{remote}` is in two rows");
            }
        }
    }

    /// Two runs in which nobody edits anything write nothing anywhere.
    pub(crate) async fn assert_quiet(&self, when: &str) {
        let writes = self.writes();
        for _ in 0..2 {
            let report = self.run().await;
            assert!(report.kinds.iter().all(KindReport::is_quiet), "{when}: {report:?}");
            assert_eq!(report.intents.applied, 0, "{when}: {report:?}");
        }
        assert_eq!(self.writes(), writes, "{when}");
    }
}

pub(crate) fn city(name: &str) -> Address {
    let mut address = Address::default();
    address.city = Some(name.to_owned());
    address
}
