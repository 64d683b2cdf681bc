//! The journal: overlapping calls, crashes between every two steps, lost answers. Never two orders.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is a failed test")]
#![allow(clippy::clone_on_ref_ptr, reason = "handles are cloned on every line here")]

mod crash;

use std::sync::Arc;
use std::time::Duration;

use crash::{CrashingJournal, TestClock};
use provider_core::clock::Clock as _;
use provider_core::journal::{Begin, Journal, MemoryJournal};
use provider_core::layer::Journaled;
use provider_core::memory::{Evidence, Fault};
use provider_core::{
    Advice, Attempt, ChangeQuantity, Command, CommandKind, CreateCustomer, Customer, Delivery, Error,
    ErrorKind, IdempotencyKey, MemoryProvider, NewOrder, NewOrderLine, Operation, Outcome, PlaceOrder,
    Product, Provider, ProviderExt, Receipt, Result, Subscription, SubscriptionStatus, WriteOptions,
};

const PLACE: Operation = Operation::Execute(CommandKind::PlaceOrder);

fn distributor(evidence: Evidence, clock: &Arc<TestClock>) -> MemoryProvider {
    let mut subscription = Subscription::new("s", "c", 5);
    subscription.status = SubscriptionStatus::Active;
    MemoryProvider::new("test")
        .with_evidence(evidence)
        .with_clock(clock.clone())
        .with_customers([Customer::new("c", "Bakery"), Customer::new("d", "Dental")])
        .with_products([Product::new("p", "Suite")])
        .with_subscriptions([subscription])
}

fn order_for(customer: &str, quantity: i64) -> Command {
    let line = NewOrderLine::new("p", quantity);
    PlaceOrder::new(NewOrder::new(customer).line(line)).into()
}

fn options(key: &str) -> WriteOptions {
    WriteOptions::new(IdempotencyKey::derive("test", [key]))
}

fn lost() -> Error {
    Error::new(ErrorKind::Transport, "connection reset")
}

fn orders(distributor: &MemoryProvider) -> usize {
    distributor.counts().2
}

struct Setup {
    distributor: MemoryProvider,
    journal: MemoryJournal,
    provider: Arc<dyn Provider>,
}

fn setup(evidence: Evidence) -> Setup {
    let clock = Arc::new(TestClock::default());
    let distributor = distributor(evidence, &clock);
    let journal = MemoryJournal::new(clock.clone());
    let layer = Journaled::new(distributor.clone(), Arc::new(journal.clone())).with_clock(clock.clone());
    Setup { distributor, journal, provider: Arc::new(layer) }
}

/// Whoever meets a key that is under way is told by a person's clock what the advice tells a program.
fn says_when_to_come_back(error: &Error) {
    let Advice::After(rest) = error.advice() else { panic!("{error:?}") };
    let seconds = rest.as_secs() + u64::from(rest.subsec_nanos() > 0);
    let told = error.to_string();
    assert!(told.contains("another call with the same key is under way"), "{told}");
    assert!(told.contains(&format!("come back with the same key in {seconds} s at the latest")), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_overlapping_calls_with_one_key_place_one_order() {
    let Setup { distributor, provider, .. } = setup(Evidence::Reference);
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let provider = provider.clone();
            tokio::spawn(async move { provider.execute(&order_for("c", 3), &options("a")).await })
        })
        .collect();
    let mut done = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(receipt) => {
                assert_eq!(receipt.outcome, Outcome::Applied);
                done += 1;
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Conflict);
                assert_eq!(error.delivery(), Delivery::Unknown);
                assert!(matches!(error.advice(), Advice::After(rest) if !rest.is_zero()), "{error:?}");
                says_when_to_come_back(&error);
            }
        }
    }
    assert!(done >= 1);
    assert_eq!(orders(&distributor), 1);
    assert_eq!(distributor.calls(PLACE), 1);
    let again = provider.execute(&order_for("c", 3), &options("a")).await.unwrap();
    assert!(again.replayed);
    assert!(again.order().is_some());
}

#[tokio::test]
async fn a_key_that_is_under_way_says_who_has_it_and_when_to_come_back() {
    let clock = Arc::new(TestClock::default());
    let journal = MemoryJournal::new(clock.clone());
    let inner = distributor(Evidence::Reference, &clock);
    let provider: Arc<dyn Provider> =
        Arc::new(Journaled::new(inner.clone(), Arc::new(journal.clone())).with_clock(clock.clone()));
    let info = provider.info();
    let mut attempt = Attempt::new(&*info.connection, order_for("c", 3), options("a").key, clock.now())
        .with_account(info.account_key());
    attempt.holder = Some("till 4".to_owned());
    let Begin::Fresh(_) = journal.begin(&attempt, Duration::from_millis(41_500)).await.unwrap() else {
        panic!("the key is held already")
    };
    let error = provider.execute(&order_for("c", 3), &options("a")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Conflict, Delivery::Unknown));
    assert_eq!(error.advice(), Advice::After(Duration::from_millis(41_500)));
    says_when_to_come_back(&error);
    let told = error.to_string();
    assert!(told.contains("till 4") && told.contains("in 42 s at the latest"), "{told}");
    assert_eq!(orders(&inner), 0);
}

#[tokio::test]
async fn a_key_means_one_command() {
    let Setup { distributor, provider, .. } = setup(Evidence::Reference);
    provider.execute(&order_for("c", 3), &options("a")).await.unwrap();
    let error = provider.execute(&order_for("c", 4), &options("a")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent));
    assert_eq!(orders(&distributor), 1);
}

#[tokio::test]
async fn a_lost_answer_is_reconciled_and_never_sent_again() {
    let Setup { distributor, provider, .. } = setup(Evidence::Reference);
    distributor.inject(PLACE, Fault::After(lost()));
    let error = provider.execute(&order_for("c", 3), &options("a")).await.unwrap_err();
    assert_eq!((error.delivery(), error.advice()), (Delivery::Unknown, Advice::AfterReconcile));
    let receipt = provider.execute(&order_for("c", 3), &options("a")).await.unwrap();
    assert!(receipt.replayed);
    assert_eq!(orders(&distributor), 1);
    assert_eq!(distributor.calls(PLACE), 1);
}

#[tokio::test]
async fn what_was_proven_not_to_have_happened_is_sent_once_more() {
    for evidence in [Evidence::Reference, Evidence::Baseline] {
        let Setup { distributor, provider, .. } = setup(evidence);
        distributor.inject(PLACE, Fault::Before(lost()));
        provider.execute(&order_for("c", 3), &options("a")).await.unwrap_err();
        let receipt = provider.execute(&order_for("c", 3), &options("a")).await.unwrap();
        assert!(!receipt.replayed);
        assert_eq!(orders(&distributor), 1);
        assert_eq!(distributor.calls(PLACE), 2);
    }
}

#[tokio::test]
async fn without_evidence_an_unknown_outcome_stays_unknown() {
    let Setup { distributor, provider, journal, .. } = setup(Evidence::None);
    distributor.inject(PLACE, Fault::After(lost()));
    for _ in 0..3 {
        let error = provider.execute(&order_for("c", 3), &options("a")).await.unwrap_err();
        assert_eq!(error.advice(), Advice::AfterReconcile);
    }
    assert_eq!(distributor.calls(PLACE), 1);
    assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_frees_the_key_and_leaves_nothing() {
    let Setup { distributor, provider, journal, .. } = setup(Evidence::Baseline);
    let error = provider.execute(&order_for("c", 0), &options("a")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::Rejected));
    assert_eq!(error.violations().first().map(|v| v.field.as_str()), Some("lines[0].quantity"));
    assert!(journal.open_attempts(None).await.unwrap().is_empty());
    provider.execute(&order_for("c", 1), &options("a")).await.unwrap();
    assert_eq!(orders(&distributor), 1);
}

#[tokio::test]
async fn where_a_baseline_decides_one_attempt_per_customer_is_open() {
    let Setup { distributor, provider, .. } = setup(Evidence::Baseline);
    distributor.inject(PLACE, Fault::After(lost()));
    provider.execute(&order_for("c", 3), &options("a")).await.unwrap_err();
    let blocked = provider.execute(&order_for("c", 3), &options("b")).await.unwrap_err();
    assert_eq!((blocked.kind(), blocked.delivery()), (ErrorKind::Conflict, Delivery::NotSent));
    assert!(blocked.message().contains("customer c"), "{blocked}");
    provider.execute(&order_for("d", 3), &options("other customer")).await.unwrap();
    let settled = provider.execute(&order_for("c", 3), &options("a")).await.unwrap();
    assert!(settled.replayed);
    provider.execute(&order_for("c", 3), &options("b")).await.unwrap();
    assert_eq!(distributor.subscriptions_of(&"c".into()).len(), 3, "the first one, a and b");
}

#[tokio::test]
async fn where_a_reference_decides_attempts_do_not_block_each_other() {
    let Setup { distributor, provider, .. } = setup(Evidence::Reference);
    distributor.inject(PLACE, Fault::After(lost()));
    provider.execute(&order_for("c", 3), &options("a")).await.unwrap_err();
    provider.execute(&order_for("c", 3), &options("b")).await.unwrap();
    assert_eq!(orders(&distributor), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_keys_for_one_customer_at_once_are_told_apart() {
    for round in 0..20 {
        let Setup { distributor, provider, .. } = setup(Evidence::Baseline);
        distributor.inject(PLACE, Fault::After(lost()));
        let run = |key: String| {
            let provider = provider.clone();
            tokio::spawn(async move {
                loop {
                    // The other may have been put aside by the machine in the middle of it, for as long as it likes.
                    if let Ok(receipt) = provider.execute(&order_for("c", 2), &options(&key)).await {
                        return receipt;
                    }
                    tokio::task::yield_now().await;
                }
            })
        };
        let (a, b) = (run(format!("a{round}")), run(format!("b{round}")));
        let both = async { (a.await.unwrap(), b.await.unwrap()) };
        let settled = tokio::time::timeout(Duration::from_secs(60), both).await;
        let (a, b): (Receipt, Receipt) = settled.unwrap_or_else(|_| panic!("never settled"));
        let subscription = |r: &Receipt| r.lines.first().unwrap().subscription.clone().unwrap();
        assert_ne!(subscription(&a), subscription(&b), "one subscription was taken for both orders");
        assert_eq!(orders(&distributor), 2);
    }
}

/// Kills the caller after every step of the protocol, in turn, and lets it come back with its key.
async fn crash_after(step: usize, evidence: Evidence, lose: Option<Fault>) -> (usize, Result<Receipt>, bool) {
    let clock = Arc::new(TestClock::default());
    let distributor = distributor(evidence, &clock);
    let journal = Arc::new(CrashingJournal::new(MemoryJournal::new(clock.clone()), step));
    let provider: Arc<dyn Provider> = Arc::new(
        Journaled::new(distributor.clone(), journal.clone() as Arc<dyn Journal>).with_clock(clock.clone()),
    );
    if let Some(fault) = lose {
        distributor.inject(PLACE, fault);
    }
    let (command, options) = (order_for("c", 3), options("a"));
    let mut last = Err(lost());
    for _ in 0..6 {
        // A crashed caller never comes back from its call: the future is dropped where it stands. The
        // next caller comes when every lease has run out.
        let crashed_before = journal.has_crashed();
        last = tokio::select! {
            biased;
            result = provider.execute(&command, &options) => result,
            () = journal.crashed(), if !crashed_before => Err(lost()),
        };
        if last.is_ok() {
            break;
        }
        clock.advance(Duration::from_secs(600));
    }
    let crashed = journal.has_crashed();
    (orders(&distributor), last, crashed)
}

#[tokio::test]
async fn a_crash_between_any_two_steps_gives_exactly_one_order() {
    let mut crashes = 0;
    for evidence in [Evidence::Reference, Evidence::Baseline] {
        for fault in [None, Some(Fault::Before(lost())), Some(Fault::After(lost()))] {
            for step in 0..10 {
                let (orders, last, crashed) = crash_after(step, evidence, fault.clone()).await;
                assert_eq!(orders, 1, "{evidence:?} {fault:?} step {step}");
                assert!(last.is_ok(), "{evidence:?} {fault:?} step {step}: {last:?}");
                crashes += usize::from(crashed);
            }
        }
    }
    assert!(crashes >= 24, "only {crashes} crashes took place");
}

#[tokio::test]
async fn a_crash_without_evidence_gives_at_most_one_order() {
    for fault in [None, Some(Fault::Before(lost())), Some(Fault::After(lost()))] {
        for step in 0..10 {
            let (orders, last, _) = crash_after(step, Evidence::None, fault.clone()).await;
            assert!(orders <= 1, "{fault:?} step {step}");
            if let Err(error) = last {
                assert_eq!(error.advice(), Advice::AfterReconcile, "{fault:?} step {step}");
            }
        }
    }
}

#[tokio::test]
async fn a_receipt_that_cannot_be_stored_is_still_answered() {
    let clock = Arc::new(TestClock::default());
    let distributor = distributor(Evidence::Reference, &clock);
    let journal =
        Arc::new(CrashingJournal::new(MemoryJournal::new(clock.clone()), usize::MAX).failing_to_finish());
    let provider = Arc::new(
        Journaled::new(distributor.clone(), journal.clone() as Arc<dyn Journal>).with_clock(clock.clone()),
    );
    let receipt = provider.execute(&order_for("c", 3), &options("a")).await.unwrap();
    assert!(!receipt.replayed);
    assert_eq!(journal.inner().open_attempts(None).await.unwrap().len(), 1);
    clock.advance(Duration::from_secs(600));
    let again = provider.execute(&order_for("c", 3), &options("a")).await.unwrap();
    assert!(again.replayed);
    assert_eq!(orders(&distributor), 1);
}

#[tokio::test]
async fn a_command_that_does_not_end_is_cut_off_and_unknown() {
    let clock = Arc::new(TestClock::default());
    let endless = crash::Endless::new("test");
    let journal = MemoryJournal::new(clock.clone());
    let provider = Journaled::new(endless, Arc::new(journal.clone())).with_clock(clock.clone());
    let call = async {
        let options = options("a").deadline(Duration::from_secs(5));
        provider.execute(&order_for("c", 1), &options).await
    };
    let advance = async {
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(6));
        std::future::pending::<()>().await;
    };
    let error = tokio::select! {
        result = call => result.unwrap_err(),
        () = advance => unreachable!(),
    };
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::Unknown));
    assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_attempt_of_one_connection_means_nothing_on_another() {
    let clock = Arc::new(TestClock::default());
    let journal: Arc<dyn Journal> = Arc::new(MemoryJournal::new(clock.clone()));
    let first = distributor(Evidence::Reference, &clock);
    let second = MemoryProvider::new("second")
        .with_customers([Customer::new("c", "Bakery")])
        .with_products([Product::new("p", "Suite")]);
    let (a, b) = (Arc::new(first.clone()), Arc::new(second.clone()));
    a.journaled(journal.clone()).execute(&order_for("c", 1), &options("same")).await.unwrap();
    let receipt = b.journaled(journal).execute(&order_for("c", 1), &options("same")).await.unwrap();
    assert!(!receipt.replayed);
    assert_eq!((orders(&first), orders(&second)), (1, 1));

    let attempt = a.attempt(&order_for("c", 1), &options("same")).await.unwrap();
    let refused = b.reconcile(&attempt).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn changes_and_creations_are_judged_by_their_baseline() {
    let Setup { distributor, provider, .. } = setup(Evidence::Baseline);
    let change = Operation::Execute(CommandKind::ChangeQuantity);
    distributor.inject(change, Fault::After(lost()));
    let command: Command = ChangeQuantity::new("s", 9).into();
    provider.execute(&command, &options("q")).await.unwrap_err();
    assert!(provider.execute(&command, &options("q")).await.unwrap().replayed);
    assert_eq!(distributor.calls(change), 1);

    let create = Operation::Execute(CommandKind::CreateCustomer);
    distributor.inject(create, Fault::After(lost()));
    let command: Command = CreateCustomer::new("New Bakery").into();
    provider.execute(&command, &options("n")).await.unwrap_err();
    let receipt = provider.execute(&command, &options("n")).await.unwrap();
    assert!(receipt.replayed && receipt.customer.is_some());
    assert_eq!(distributor.counts().0, 3);
}

#[tokio::test]
async fn reads_pass_through_the_layers() {
    let Setup { provider, .. } = setup(Evidence::Reference);
    let read_only = provider.read_only();
    let customers = read_only.customers(Default::default()).collect_all().await.unwrap();
    assert_eq!(customers.len(), 2);
    let error = read_only.execute(&order_for("c", 1), &options("a")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent));
    assert!(read_only.plan(&order_for("c", 1), &options("a")).await.is_ok());
    assert!(!read_only.capabilities().support(PLACE).is_supported());
    assert!(provider.capabilities().support(PLACE).is_supported());
}

#[tokio::test]
async fn an_answer_whose_entry_was_lost_is_kept_all_the_same() {
    let clock = Arc::new(TestClock::default());
    let key = IdempotencyKey::derive("test", ["failed over"]);
    let attempt = Attempt::new("test", order_for("c", 1), key, clock.now());
    let before = MemoryJournal::new(clock.clone());
    let Begin::Fresh(fence) = before.begin(&attempt, Duration::from_secs(60)).await.unwrap() else {
        panic!()
    };
    before.arm(&attempt, fence, Duration::from_secs(60)).await.unwrap();
    // The copy of before knows nothing of it when the answer comes.
    let copy = MemoryJournal::new(clock);
    let receipt = Receipt::new(Outcome::Applied).with_customer("c");
    copy.finish(&attempt, fence, &receipt).await.unwrap();
    let Begin::Done(stored) = copy.begin(&attempt, Duration::from_secs(60)).await.unwrap() else { panic!() };
    assert_eq!(stored.customer, receipt.customer);
}
