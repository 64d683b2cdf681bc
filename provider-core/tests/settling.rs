//! A person's word is held against what the distributor shows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is a failed test")]
#![allow(dead_code, reason = "the module of crashes is shared")]

mod crash;

use std::sync::Arc;
use std::time::Duration;

use crash::TestClock;
use provider_core::journal::{Begin, Journal as _, MemoryJournal, Settlement, settle};
use provider_core::layer::Journaled;
use provider_core::memory::{Evidence, Fault};
use provider_core::receipt::{Judgement, LineOutcome, LineReceipt};
use provider_core::{
    Command, CommandKind, Customer, Delivery, Error, ErrorKind, IdempotencyKey, MemoryProvider, NewOrder,
    NewOrderLine, Operation, Outcome, PlaceOrder, Product, Provider, ProviderExt as _, Receipt, WriteOptions,
};

const PLACE: Operation = Operation::Execute(CommandKind::PlaceOrder);
const JUDGE: Operation = Operation::Reconcile(CommandKind::PlaceOrder);

struct Setup {
    distributor: MemoryProvider,
    journal: MemoryJournal,
    provider: Arc<dyn Provider>,
}

impl Setup {
    fn new(evidence: Evidence) -> Self {
        let clock = Arc::new(TestClock::default());
        let distributor = MemoryProvider::new("main")
            .with_evidence(evidence)
            .with_clock(Arc::clone(&clock) as _)
            .with_customers([Customer::new("c", "Bakery")])
            .with_products([Product::new("p", "Suite")]);
        let journal = MemoryJournal::new(Arc::clone(&clock) as _);
        let layer = Journaled::new(distributor.clone(), Arc::new(journal.clone())).with_clock(clock);
        Self { distributor, journal, provider: Arc::new(layer) }
    }

    /// Places an order whose answer is lost before or after it took effect.
    async fn lost(evidence: Evidence, happened: bool) -> Self {
        let setup = Self::new(evidence);
        let lost = Error::new(ErrorKind::Transport, "connection reset");
        setup.distributor.inject(PLACE, if happened { Fault::After(lost) } else { Fault::Before(lost) });
        setup.provider.execute(&order(), &options()).await.unwrap_err();
        setup
    }

    async fn says(&self, word: Settlement) -> Result<(), Error> {
        self.provider.settle(&key(), word, " Anna ").await
    }

    async fn is_open(&self) -> bool {
        !self.journal.open_attempts(None).await.unwrap().is_empty()
    }
}

fn order() -> Command {
    PlaceOrder::new(NewOrder::new("c").line(NewOrderLine::new("p", 3))).into()
}

fn key() -> IdempotencyKey {
    IdempotencyKey::derive("test", ["a"])
}

fn options() -> WriteOptions {
    WriteOptions::new(key())
}

fn it_was(order: &str) -> Settlement {
    let mut line = LineReceipt::new(0, LineOutcome::Applied);
    line.order = Some(order.into());
    Settlement::applied(Receipt::new(Outcome::Applied).with_line(line))
}

fn it_happened() -> Settlement {
    Settlement::applied(Receipt::new(Outcome::Applied))
}

#[tokio::test]
async fn who_says_that_it_never_happened_is_shown_the_order() {
    let setup = Setup::lost(Evidence::Reference, true).await;
    let refused = setup.says(Settlement::NotApplied).await.unwrap_err();
    assert_eq!((refused.kind(), refused.delivery()), (ErrorKind::PreconditionFailed, Delivery::NotSent));
    assert!(setup.is_open().await);
    // The lease was given back: a call finds what the person was shown.
    let receipt = setup.provider.execute(&order(), &options()).await.unwrap();
    let found = receipt.order().unwrap().to_string();
    assert!(refused.message().contains("Anna") && refused.message().contains(&found), "{refused}");
    assert!(receipt.replayed);
    assert_eq!(setup.distributor.counts().2, 1);
}

#[tokio::test]
async fn who_says_that_it_happened_is_told_that_it_did_not() {
    let setup = Setup::lost(Evidence::Reference, false).await;
    let refused = setup.says(it_was("77")).await.unwrap_err();
    assert_eq!((refused.kind(), refused.delivery()), (ErrorKind::PreconditionFailed, Delivery::NotSent));
    assert!(refused.message().contains("Anna") && refused.message().contains("order 77"), "{refused}");
    assert!(setup.is_open().await);
    assert!(!setup.provider.execute(&order(), &options()).await.unwrap().replayed);
    assert_eq!(setup.distributor.counts().2, 1);
}

#[tokio::test]
async fn who_names_another_order_is_shown_the_right_one() {
    let setup = Setup::lost(Evidence::Reference, true).await;
    let refused = setup.says(it_was("77")).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PreconditionFailed);
    assert!(setup.is_open().await);
    let found = setup.provider.execute(&order(), &options()).await.unwrap();
    let found = found.order().unwrap().to_string();
    assert!(refused.message().contains("77") && refused.message().contains(&found), "{refused}");
}

#[tokio::test]
async fn where_both_agree_what_the_distributor_shows_is_stored() {
    let setup = Setup::lost(Evidence::Reference, true).await;
    setup.says(it_happened()).await.unwrap();
    assert!(!setup.is_open().await);
    let receipt = setup.provider.execute(&order(), &options()).await.unwrap();
    assert!(receipt.replayed && receipt.order().is_some(), "{receipt:?}");
    assert_eq!(receipt.judged_by, Judgement::Person);

    let setup = Setup::lost(Evidence::Reference, false).await;
    setup.says(Settlement::NotApplied).await.unwrap();
    assert!(!setup.provider.execute(&order(), &options()).await.unwrap().replayed);
    assert_eq!(setup.distributor.counts().2, 1);
}

#[tokio::test]
async fn where_nobody_can_say_or_only_compares_the_persons_word_counts() {
    for happened in [true, false] {
        let setup = Setup::lost(Evidence::None, happened).await;
        setup.says(if happened { it_was("77") } else { Settlement::NotApplied }).await.unwrap();
        let receipt = setup.provider.execute(&order(), &options()).await.unwrap();
        assert_eq!(receipt.replayed, happened);
        assert_eq!(setup.distributor.counts().2, 1);
    }
    // What the comparison found was somebody else's order, and the person knows that.
    let setup = Setup::lost(Evidence::Baseline, true).await;
    setup.says(Settlement::NotApplied).await.unwrap();
    assert!(!setup.is_open().await);
}

#[tokio::test]
async fn while_the_distributor_cannot_be_asked_nothing_is_settled() {
    let setup = Setup::lost(Evidence::Reference, true).await;
    let down = Error::new(ErrorKind::Unavailable, "down for maintenance");
    setup.distributor.inject(JUDGE, Fault::Before(down));
    let error = setup.says(it_happened()).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unavailable, Delivery::NotSent));
    assert!(error.message().contains("nothing was settled"), "{error}");
    assert!(setup.is_open().await);
    setup.says(it_happened()).await.unwrap();
}

#[tokio::test]
async fn what_is_under_way_or_not_open_or_anothers_is_not_settled() {
    let setup = Setup::new(Evidence::Reference);
    let error = setup.says(it_happened()).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::NotFound, Delivery::NotSent));

    let mut attempt = setup.provider.attempt(&order(), &options()).await.unwrap();
    attempt.holder = Some("process 7 on host-a".to_owned());
    let ttl = Duration::from_secs(90);
    let Begin::Fresh(fence) = setup.journal.begin(&attempt, ttl).await.unwrap() else { panic!("not fresh") };
    setup.journal.arm(&attempt, fence, ttl).await.unwrap();
    let error = setup.says(it_happened()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Conflict, Some(ttl)));
    assert!(error.message().contains("process 7 on host-a") && error.message().contains("90 s"), "{error}");

    setup.journal.leave_open(&attempt, fence).await.unwrap();
    let nobody = setup.provider.settle(&key(), Settlement::NotApplied, " ").await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::InvalidInput);
    let other = MemoryProvider::new("another").with_account("another");
    let error = settle(&other, &setup.journal, &key(), Settlement::NotApplied, "Anna").await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent));
    let bare = Arc::new(setup.distributor.clone());
    let error = bare.settle(&key(), Settlement::NotApplied, "Anna").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(setup.is_open().await);
    setup.says(Settlement::NotApplied).await.unwrap();
    setup.says(Settlement::NotApplied).await.unwrap_err();
}
