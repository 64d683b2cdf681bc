//! What goes to the distributor: once, under a journal, and with a person's word where nobody knows.

use std::sync::Arc;

use provider_core::journal::MemoryJournal;
use provider_core::memory::{Evidence, Fault};
use provider_core::{
    CommandKind, Customer, CustomerId, Error, ErrorKind, IdempotencyKey, MemoryProvider, NewOrder,
    NewOrderLine, Operation, OrderQuery, PlaceOrder, Product, Provider, ProviderExt as _, ReadOptions,
};
use provider_sync::{
    Decision, Intent, IntentState, LocalKey, MemoryStore, Pending, PendingType, QueueQuery, RunControl,
    SyncEngine, SyncError, SyncOutcome, SyncPlan, SyncReport, SyncStore as _,
};

use crate::application::Application;
use crate::scene::CUSTOMER;

const BOTH: &str = r#"
version = 1
connection = "wholesale"
enabled = true

[[kinds]]
kind = "customer"
enabled = true
direction = "both"
updates = ["create", "update"]
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
fields = [
  { remote = "name", local = "name", owner = "ask" },
  { remote = "phone", local = "phone", owner = "local" },
]
"#;

const CREATE: Operation = Operation::Execute(CommandKind::CreateCustomer);
const UPDATE: Operation = Operation::Execute(CommandKind::UpdateCustomer);
const ORDER: Operation = Operation::Execute(CommandKind::PlaceOrder);

struct Desk {
    market: MemoryProvider,
    journal: MemoryJournal,
    app: Application,
    store: Arc<MemoryStore>,
}

impl Desk {
    fn new(evidence: Evidence) -> Self {
        Self {
            market: MemoryProvider::new("wholesale").with_account("acme").with_evidence(evidence),
            journal: MemoryJournal::default(),
            app: Application::default(),
            store: Arc::default(),
        }
    }

    fn over(&self, provider: Arc<dyn Provider>, plan: &str) -> SyncEngine {
        let plan = SyncPlan::from_toml(plan).unwrap_or_else(|problems| panic!("{problems}"));
        let plan = plan.check(&*provider, &self.app).unwrap_or_else(|problems| panic!("{problems}"));
        let store = Arc::<MemoryStore>::clone(&self.store);
        SyncEngine::new(provider, Arc::new(self.app.clone()), store, plan)
    }

    fn engine(&self) -> SyncEngine {
        self.over(Arc::new(self.market.clone()).journaled(self.journal.clone()), BOTH)
    }

    async fn run(&self) -> SyncReport {
        let report = self.engine().run(&RunControl::default()).await.unwrap();
        assert_eq!((report.outcome, report.error.as_deref()), (SyncOutcome::Completed, None), "{report:?}");
        report
    }

    async fn queue(&self) -> Vec<Pending> {
        self.engine().queue(QueueQuery::default()).await.unwrap()
    }

    async fn decide(&self, why: PendingType, decision: Decision) {
        let queue = self.queue().await;
        let pending = queue.iter().find(|pending| pending.why == why).unwrap_or_else(|| panic!("{queue:?}"));
        self.engine().resolve(pending.id.clone(), decision, "anna@example.com").await.unwrap();
    }

    /// What this record of the application is tied to.
    fn tied(&self, key: &str) -> Option<String> {
        let records = self.app.records(CUSTOMER);
        records.into_iter().find(|record| record.key == LocalKey::new(key)).and_then(|record| record.remote)
    }

    async fn theirs(&self, id: &str) -> Customer {
        self.market.get_customer(&CustomerId::new(id), &ReadOptions::default()).await.unwrap()
    }

    fn customers(&self) -> usize {
        self.market.counts().0
    }
}

fn lost() -> Error {
    Error::new(ErrorKind::Timeout, "the answer was lost")
}

#[tokio::test]
async fn what_only_the_application_has_is_made_once_and_tied() {
    let desk = Desk::new(Evidence::Reference);
    desk.app.write(CUSTOMER, "A1", &[("name", "Bakery"), ("phone", "030")]);
    let report = desk.run().await;
    assert_eq!((report.kinds[0].pushed, report.kinds[0].created), (1, 0), "{report:?}");
    assert_eq!((report.intents.applied, report.intents.rejected, report.intents.unknown), (1, 0, 0));
    let id = desk.tied("A1").unwrap();
    let theirs = desk.theirs(&id).await;
    assert_eq!((theirs.name.as_str(), theirs.phone.as_deref()), ("Bakery", Some("030")));
    assert_eq!(theirs.external_id.as_deref(), Some("A1"), "the application's own key");
    for _ in 0..2 {
        assert_eq!(desk.run().await.intents.applied, 0);
    }
    assert_eq!((desk.customers(), desk.market.calls(CREATE), desk.market.calls(UPDATE)), (1, 1, 0));
    assert_eq!(desk.app.records(CUSTOMER).len(), 1);
    // What the application owns goes there, and when edits stop, writes stop.
    desk.app.write(CUSTOMER, "A1", &[("phone", "040")]);
    assert_eq!(desk.run().await.kinds[0].pushed, 1);
    assert_eq!(desk.theirs(&id).await.phone.as_deref(), Some("040"));
    for _ in 0..2 {
        assert_eq!(desk.run().await.kinds[0].pushed, 0);
    }
    assert_eq!(desk.market.calls(UPDATE), 1);
    assert!(desk.queue().await.is_empty());
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found_where_the_distributor_keeps_a_reference() {
    for fault in [Fault::Before(lost()), Fault::After(lost())] {
        let desk = Desk::new(Evidence::Reference);
        desk.market.inject(CREATE, fault);
        desk.app.write(CUSTOMER, "A1", &[("name", "Bakery")]);
        desk.run().await;
        desk.run().await;
        assert_eq!(desk.customers(), 1);
        assert!(desk.tied("A1").is_some());
        assert!(desk.queue().await.is_empty());
    }
}

#[tokio::test]
async fn two_records_of_one_folded_name_wait_for_a_person() {
    let desk = Desk::new(Evidence::Reference);
    desk.app.write(CUSTOMER, "A1", &[("name", "Bakery")]);
    desk.app.write(CUSTOMER, "A2", &[("name", " bakery ")]);
    assert_eq!(desk.run().await.kinds[0].queued, 2);
    let queue = desk.queue().await;
    assert!(queue.iter().all(|pending| pending.why == PendingType::Twin), "{queue:?}");
    assert_eq!((queue.len(), desk.customers(), desk.market.calls(CREATE)), (2, 0, 0));
}

#[tokio::test]
async fn what_nobody_knows_waits_and_is_tied_when_a_person_says_that_it_happened() {
    let desk = Desk::new(Evidence::None);
    desk.market.inject(CREATE, Fault::After(lost()));
    desk.app.write(CUSTOMER, "A1", &[("name", "Bakery")]);
    let report = desk.run().await;
    assert_eq!((report.intents.applied, report.intents.unknown), (0, 1), "{report:?}");
    let report = desk.run().await;
    assert_eq!((report.kinds[0].unknown, report.kinds[0].created), (1, 0), "{report:?}");
    assert_eq!((desk.customers(), desk.market.calls(CREATE)), (1, 1), "it is sent once");
    assert_eq!(desk.tied("A1"), None);
    let status = desk.store.status().await.unwrap().remove(0);
    assert_eq!(status.unknown, 1);
    assert!(status.unknown_since.is_some());
    desk.decide(PendingType::Unknown, Decision::Happened("customer-1".to_owned())).await;
    desk.run().await;
    assert_eq!(desk.tied("A1").as_deref(), Some("customer-1"));
    assert!(desk.queue().await.is_empty());
    assert_eq!((desk.customers(), desk.market.calls(CREATE)), (1, 1));
    assert_eq!(desk.app.records(CUSTOMER).len(), 1);
}

#[tokio::test]
async fn what_a_person_says_never_happened_is_made_anew() {
    let desk = Desk::new(Evidence::None);
    desk.market.inject(CREATE, Fault::Before(lost()));
    desk.app.write(CUSTOMER, "A1", &[("name", "Bakery")]);
    assert_eq!(desk.run().await.intents.unknown, 1);
    assert_eq!((desk.customers(), desk.market.calls(CREATE)), (0, 1));
    desk.decide(PendingType::Unknown, Decision::NeverHappened).await;
    desk.run().await;
    desk.run().await;
    assert_eq!((desk.customers(), desk.market.calls(CREATE)), (1, 2));
    assert!(desk.tied("A1").is_some());
    assert!(desk.queue().await.is_empty());
}

#[tokio::test]
async fn pushing_without_a_journal_is_a_mistake_of_the_plan() {
    let desk = Desk::new(Evidence::Reference);
    let plan = SyncPlan::from_toml(BOTH).unwrap();
    let problems = plan.check(&desk.market, &desk.app).unwrap_err();
    let problem = problems.iter().find(|problem| problem.path == "kinds[0].direction").unwrap();
    assert!(problem.message.contains("journal"), "{problems}");
}

fn three() -> PlaceOrder {
    PlaceOrder::new(NewOrder::new("c1").line(NewOrderLine::new("p1", 3)))
}

fn shop(evidence: Evidence) -> Desk {
    let mut desk = Desk::new(evidence);
    let customers = [Customer::new("c1", "Bakery")];
    desk.market = desk.market.with_customers(customers).with_products([Product::new("p1", "Licences")]);
    desk
}

#[tokio::test]
async fn an_order_is_placed_once_under_the_key_of_its_caller() {
    let desk = shop(Evidence::Reference);
    let key = IdempotencyKey::new("order-of-quote-1841").unwrap();
    let first: Intent = desk.engine().order(three(), key.clone()).await.unwrap();
    assert_eq!((first.state, &first.key), (IntentState::Applied, &key));
    assert!(first.remote.is_some() && first.receipt.is_some());
    let again = desk.engine().order(three(), key.clone()).await.unwrap();
    assert_eq!((again.id, again.remote), (first.id, first.remote));
    assert_eq!((desk.market.counts().2, desk.market.calls(ORDER)), (1, 1));
    let other = PlaceOrder::new(NewOrder::new("c1").line(NewOrderLine::new("p1", 4)));
    match desk.engine().order(other, key).await.unwrap_err() {
        SyncError::Refused(message) => assert!(message.contains("used for another order"), "{message}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(desk.market.counts().2, 1);
}

#[tokio::test]
async fn an_order_that_is_not_valid_is_rejected_and_says_why() {
    let desk = shop(Evidence::Reference);
    let order = PlaceOrder::new(NewOrder::new("c1").line(NewOrderLine::new("nothing", 1)));
    let intent =
        desk.engine().order(order, IdempotencyKey::new("order-of-quote-1842").unwrap()).await.unwrap();
    assert_eq!((intent.state, intent.remote.as_deref()), (IntentState::Rejected, None));
    let reason = intent.reason.unwrap();
    assert!(reason.contains("lines[0].product"), "{reason}");
    assert_eq!(desk.market.counts().2, 0);
}

#[tokio::test]
async fn nothing_is_ordered_without_a_journal() {
    let desk = shop(Evidence::Reference);
    let pulls = BOTH.replace("direction = \"both\"\n", "");
    let engine = desk.over(Arc::new(desk.market.clone()), &pulls);
    let key = IdempotencyKey::new("order-of-quote-1843").unwrap();
    match engine.order(three(), key).await.unwrap_err() {
        SyncError::Refused(message) => assert!(message.contains("needs a journal"), "{message}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(desk.market.calls(ORDER), 0);
}

#[tokio::test]
async fn an_order_of_which_nobody_knows_is_settled_by_a_persons_word() {
    let desk = shop(Evidence::None);
    desk.market.inject(ORDER, Fault::After(lost()));
    let key = IdempotencyKey::new("order-of-quote-1844").unwrap();
    let intent = desk.engine().order(three(), key.clone()).await.unwrap();
    assert_eq!(intent.state, IntentState::Unknown);
    assert_eq!(desk.run().await.intents.unknown, 1);
    let orders = Arc::new(desk.market.clone()).orders(OrderQuery::default()).collect_all().await.unwrap();
    assert_eq!((orders.len(), desk.market.calls(ORDER)), (1, 1));
    let id = orders[0].id.to_string();
    desk.decide(PendingType::Unknown, Decision::Happened(id.clone())).await;
    let report = desk.run().await;
    assert_eq!((report.intents.applied, report.intents.unknown), (1, 0), "{report:?}");
    let settled = desk.engine().order(three(), key).await.unwrap();
    assert_eq!((settled.state, settled.remote), (IntentState::Applied, Some(id)));
    assert_eq!(desk.market.counts().2, 1);
    assert!(desk.queue().await.is_empty());
}
