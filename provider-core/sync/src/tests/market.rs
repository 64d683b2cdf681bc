//! A small world in which both sides are written: a distributor that takes commands, a journal, and a process that may die
//! between any two calls.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use provider_core::attempt::Baseline;
use provider_core::clock::Clock;
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Fence, Journal, MemoryJournal, Settlement};
use provider_core::layer::Journaled;
use provider_core::model::Address;
use provider_core::receipt::{Credentials, Judgement, LineOutcome, LineReceipt};
use provider_core::{
    Attempt, Capabilities, Command, CommandKind, Customer, CustomerId, CustomerQuery, Delivery, EntityKind,
    Error, ErrorKind, IdempotencyKey, Operation, Order, OrderId, Outcome, Page, PageRequest, Patch, Provider,
    ProviderInfo, ReadOptions, Receipt, Reconciliation, Result, Subscription, SubscriptionId,
    SubscriptionQuery, SubscriptionStatus, WriteOptions,
};
use serde_json::Value;

use super::bases::{Base, Ground};
use super::crash::{Dying, Fuse};
use super::distributor::Distributor;
use super::world::Hand;
use crate::engine::{RunControl, SyncEngine};
use crate::plan::SyncPlan;
use crate::report::{KindReport, SyncReport};
use crate::store::{MemoryStore, Pending, QueueQuery, SyncStore};
use crate::target::{LocalKey, LocalRecord, LocalType, MemoryTarget, Target, TargetField};

/// What goes wrong with a command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// It is lost before it takes effect.
    LostBefore,
    /// It takes effect, and the answer is lost.
    LostAfter,
    /// It is refused, for this member.
    Refused(&'static str),
    /// It is not taken at the moment.
    Throttled,
}

#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// What was carried out, by its key.
    pub(crate) carried: BTreeMap<IdempotencyKey, Receipt>,
    /// How many commands took effect.
    pub(crate) writes: u64,
    pub(crate) faults: VecDeque<Fault>,
    /// It keeps no reference: nothing says what came of a lost command.
    pub(crate) forgetful: bool,
    /// It writes telephone numbers in a way of its own.
    pub(crate) normalises: bool,
    /// It makes a tenant for each customer.
    pub(crate) tenants: bool,
    /// A colleague makes the same customer at the same moment.
    pub(crate) colleague: bool,
    next: u64,
}

/// The distributor, with a desk that takes commands.
#[derive(Debug, Clone)]
pub(crate) struct Market {
    pub(crate) shop: Distributor,
    desk: Arc<Mutex<Desk>>,
    capabilities: Capabilities,
    fuse: Fuse,
}

fn violation(field: &str) -> Error {
    Error::invalid_input(field, "is not taken").with_delivery(Delivery::Rejected)
}

fn missing(id: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no `{id}`")).with_delivery(Delivery::Rejected)
}

impl Market {
    pub(crate) fn new() -> Self {
        let shop = Distributor::new();
        let mut builder = shop.capabilities().to_builder();
        for kind in CommandKind::ALL {
            builder = builder
                .native(Operation::Execute(kind))
                .native(Operation::Reconcile(kind))
                .writable(kind, ["*"]);
        }
        let capabilities = builder.build();
        Self { shop, desk: Arc::default(), capabilities, fuse: Fuse::default() }
    }

    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dying(&self, fuse: &Fuse) -> Self {
        Self { shop: self.shop.dying(fuse), fuse: fuse.clone(), ..self.clone() }
    }

    fn phone(&self, phone: Option<String>) -> Option<String> {
        if self.desk().normalises {
            phone.map(|phone| format!("+{}", phone.trim_start_matches('+')))
        } else {
            phone
        }
    }

    fn carry_out(&self, command: &Command) -> Result<Receipt> {
        let done = Receipt::new(Outcome::Applied);
        let line = |id: &SubscriptionId| {
            let mut line = LineReceipt::new(0, LineOutcome::Applied);
            line.subscription = Some(id.clone());
            line
        };
        match command {
            Command::CreateCustomer(new) => {
                let (number, tenants, colleague) = {
                    let mut desk = self.desk();
                    desk.next += 1;
                    (desk.next, desk.tenants, desk.colleague)
                };
                if colleague {
                    self.shop.customer(&format!("z{number:02}"), &new.name);
                }
                let id = format!("m{number:02}");
                let mut made = Customer::new(&*id, &*new.name);
                made.external_id.clone_from(&new.external_id);
                made.phone = self.phone(new.phone.clone());
                made.address.clone_from(&new.address);
                made.website.clone_from(&new.website);
                self.shop.records().customers.insert(id.clone(), made);
                let mut receipt = done.with_customer(&*id);
                if tenants {
                    let password = provider_core::secrecy::SecretString::from("planted-secret-7");
                    receipt.credentials = Some(Credentials::new("admin@example.com", password));
                }
                Ok(receipt)
            }
            Command::UpdateCustomer(update) => {
                let phone = match update.phone.clone() {
                    Patch::Set(phone) => self.phone(Some(phone)).map_or(Patch::Clear, Patch::Set),
                    other => other,
                };
                let mut records = self.shop.records();
                let known = records.customers.get_mut(update.customer.as_str());
                let known = known.ok_or_else(|| missing(&update.customer))?;
                if let Patch::Set(name) = &update.name {
                    known.name.clone_from(name);
                }
                phone.apply_to(&mut known.phone);
                update.website.clone().apply_to(&mut known.website);
                update.address.clone().apply_to(&mut known.address);
                Ok(done.with_customer(&update.customer))
            }
            Command::ChangeQuantity(change) => {
                let mut records = self.shop.records();
                let known = records.subscriptions.get_mut(change.subscription.as_str());
                let known = known.ok_or_else(|| missing(&change.subscription))?;
                if change.expected.is_some() && change.expected != known.quantity {
                    let error = Error::new(ErrorKind::PreconditionFailed, "it has another quantity by now");
                    return Err(error.with_delivery(Delivery::Rejected));
                }
                known.quantity = Some(change.quantity);
                Ok(done.with_line(line(&change.subscription)))
            }
            Command::Suspend(suspend) => self.status(&suspend.subscription, SubscriptionStatus::Suspended),
            Command::Resume(resume) => self.status(&resume.subscription, SubscriptionStatus::Active),
            Command::CancelSubscription(cancel) => {
                self.status(&cancel.subscription, SubscriptionStatus::Cancelled)
            }
            Command::PlaceOrder(_) => {
                let mut desk = self.desk();
                desk.next += 1;
                let mut line = LineReceipt::new(0, LineOutcome::Applied);
                line.order = Some(OrderId::new(format!("o{}", desk.next)));
                Ok(done.with_line(line))
            }
            _ => Err(violation("command")),
        }
    }

    fn status(&self, id: &SubscriptionId, status: SubscriptionStatus) -> Result<Receipt> {
        let mut records = self.shop.records();
        let known = records.subscriptions.get_mut(id.as_str()).ok_or_else(|| missing(id))?;
        known.status = status;
        let mut line = LineReceipt::new(0, LineOutcome::Applied);
        line.subscription = Some(id.clone());
        Ok(Receipt::new(Outcome::Applied).with_line(line))
    }
}

#[async_trait]
impl Provider for Market {
    fn info(&self) -> &ProviderInfo {
        self.shop.info()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        self.shop.list_customers(query, page).await
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        self.shop.get_customer(id, options).await
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        self.shop.list_subscriptions(query, page).await
    }

    async fn get_subscription(&self, id: &SubscriptionId, options: &ReadOptions) -> Result<Subscription> {
        self.shop.get_subscription(id, options).await
    }

    async fn get_order(&self, id: &OrderId, _: &ReadOptions) -> Result<Order> {
        if id.as_str().starts_with('o') {
            return Ok(Order::new(id, "c00"));
        }
        Err(Error::new(ErrorKind::NotFound, "there is none").for_read())
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        options.sending.pass().await?;
        self.fuse.provider()?;
        let lost = Error::new(ErrorKind::Transport, "the answer was lost").with_delivery(Delivery::Unknown);
        let fault = self.desk().faults.pop_front();
        match fault {
            Some(Fault::LostBefore) => return Err(lost),
            Some(Fault::Refused(field)) => return Err(violation(field)),
            Some(Fault::Throttled) => {
                let error = Error::new(ErrorKind::RateLimited, "later");
                return Err(error.with_delivery(Delivery::Rejected));
            }
            _ => {}
        }
        let receipt = self.carry_out(command)?;
        {
            let mut desk = self.desk();
            desk.writes += 1;
            let doubled = desk.carried.insert(options.key.clone(), receipt.clone());
            assert!(doubled.is_none(), "{} was carried out twice", options.key);
        }
        // Nobody hears of it any more.
        self.fuse.provider().map_err(|error| error.with_delivery(Delivery::Unknown))?;
        if fault == Some(Fault::LostAfter) { Err(lost) } else { Ok(receipt) }
    }

    async fn baseline(&self, _: &Command) -> Result<Option<Baseline>> {
        self.fuse.provider()?;
        Ok(None)
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        self.fuse.provider()?;
        let desk = self.desk();
        if desk.forgetful {
            return Ok(Reconciliation::undetermined("this distributor keeps no reference"));
        }
        Ok(match desk.carried.get(&attempt.key) {
            Some(receipt) => Reconciliation::Applied(receipt.clone().judged_by(Judgement::Reference)),
            None => Reconciliation::NotApplied,
        })
    }
}

macro_rules! journal_calls {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+) => {
        #[async_trait]
        impl Journal for Dying<MemoryJournal> {
            $(
                async fn $name(&self, $($argument: $type),*) -> Result<$answer> {
                    self.fuse.provider()?;
                    let answer = self.inner.$name($($argument),*).await?;
                    self.fuse.provider()?;
                    Ok(answer)
                }
            )+
        }
    };
}

journal_calls! {
    begin(attempt: &Attempt, ttl: Duration) -> Begin;
    arm(attempt: &Attempt, fence: Fence, ttl: Duration) -> ();
    finish(attempt: &Attempt, fence: Fence, receipt: &Receipt) -> ();
    release(attempt: &Attempt, fence: Fence) -> ();
    leave_open(attempt: &Attempt, fence: Fence) -> ();
    open_attempts(account: Option<&AccountKey>) -> Vec<Attempt>;
    settle(key: &IdempotencyKey, settlement: Settlement, who: &str) -> ();
    forget(before: DateTime<Utc>) -> u64;
    move_account(from: &AccountKey, to: &AccountKey) -> u64;
}

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
}

fn application() -> MemoryTarget {
    let fields = |names: &[&str]| names.iter().map(|name| TargetField::new(*name, LocalType::Text)).collect();
    MemoryTarget::new([
        (EntityKind::Customer, fields(&["name", "phone", "site", "city"])),
        (EntityKind::Subscription, fields(&["account", "quantity", "status"])),
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
        let target = Arc::new(self.target.clone());
        self.over(self.market.clone(), self.journal.clone(), target, Arc::clone(&self.store))
    }

    pub(crate) fn dying(&self, fuse: &Fuse) -> SyncEngine {
        let target = Dying { inner: self.target.clone(), fuse: fuse.clone() };
        let store = Dying { inner: Arc::clone(&self.store), fuse: fuse.clone() };
        let journal = Dying { inner: self.journal.clone(), fuse: fuse.clone() };
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
