//! What an attempt is, whose it is, when it counts as sent, and how a person settles it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a panic is a failed test")]
#![allow(dead_code, reason = "the module of crashes is shared")]

mod crash;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crash::TestClock;
use provider_core::clock::Clock as _;
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Journal, JournalBook, MemoryJournal, Settlement};
use provider_core::layer::{JournalRequired, Journaled, layered};
use provider_core::memory::{Evidence, Fault};
use provider_core::receipt::{Judgement, LineOutcome, LineReceipt};
use provider_core::{
    Advice, Attempt, Capabilities, Command, CommandKind, CreateCustomer, Customer, Delivery, Error,
    ErrorKind, IdempotencyKey, MemoryProvider, NewOrder, NewOrderLine, Operation, Outcome, PlaceOrder,
    Product, Provider, ProviderExt, ProviderInfo, Receipt, Reconciliation, Result, Services, UpdateCustomer,
    WriteOptions, async_trait,
};

const PLACE: Operation = Operation::Execute(CommandKind::PlaceOrder);

fn distributor(evidence: Evidence, clock: &Arc<TestClock>) -> MemoryProvider {
    MemoryProvider::new("test")
        .with_evidence(evidence)
        .with_clock(Arc::clone(clock) as _)
        .with_customers([Customer::new("c", "Bakery"), Customer::new("d", "Dental")])
        .with_products([Product::new("p", "Suite")])
}

fn order(quantity: i64) -> Command {
    PlaceOrder::new(NewOrder::new("c").line(NewOrderLine::new("p", quantity))).into()
}

fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey::derive("test", [name])
}

fn options(name: &str) -> WriteOptions {
    WriteOptions::new(key(name))
}

fn lost() -> Error {
    Error::new(ErrorKind::Transport, "connection reset")
}

/// A provider of this account that sends one request for each line and dies in front of one of them.
#[derive(Debug)]
struct Lines {
    info: ProviderInfo,
    capabilities: Capabilities,
    announces: bool,
    dies_before: Option<u32>,
    /// The answer to this line is lost.
    loses: Option<u32>,
    /// What the distributor shows.
    finds: Option<Receipt>,
    sent: Arc<AtomicU32>,
}

impl Lines {
    fn new(info: ProviderInfo) -> Self {
        let sent = Arc::new(AtomicU32::new(0));
        let capabilities = Capabilities::default();
        Self { info, capabilities, announces: true, dies_before: None, loses: None, finds: None, sent }
    }

    fn of(connection: &str, origin: &str, account: &str) -> Self {
        Self::new(ProviderInfo::new("acme", connection).with_endpoint(origin).with_account(account))
    }

    fn sent(&self) -> u32 {
        self.sent.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Provider for Lines {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn announces_sending(&self) -> bool {
        self.announces
    }

    async fn execute(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let Command::PlaceOrder(place) = command else { return Err(lost()) };
        let mut lines = Vec::new();
        for step in 0..u32::try_from(place.order.lines.len()).unwrap() {
            if lines.last().is_some_and(|line: &LineReceipt| line.outcome != LineOutcome::Applied) {
                lines.push(LineReceipt::new(step as usize, LineOutcome::NotAttempted));
                continue;
            }
            if self.dies_before == Some(step) {
                return std::future::pending().await;
            }
            let sending = options.sending.at(step);
            sending.pass().await?;
            self.sent.fetch_add(1, Ordering::SeqCst);
            if self.loses == Some(step) {
                lines.push(LineReceipt::new(step as usize, LineOutcome::Unknown));
                continue;
            }
            let line = LineReceipt::new(step as usize, LineOutcome::Applied);
            sending.answered(&line).await;
            lines.push(line);
        }
        Receipt::from_lines(lines).ok_or_else(lost)
    }

    async fn reconcile(&self, _: &Attempt) -> Result<Reconciliation> {
        Ok(match &self.finds {
            Some(receipt) => Reconciliation::Applied(receipt.clone()),
            None => Reconciliation::undetermined("nobody can say"),
        })
    }
}

fn lines(count: usize) -> Command {
    let lines: Vec<_> = (0..count).map(|_| NewOrderLine::new("p", 1)).collect();
    PlaceOrder::new(NewOrder::new("c").lines(lines)).into()
}

/// Starts a call and drops it where it stands still, as a kill does.
async fn killed(provider: &impl Provider, command: &Command, options: &WriteOptions) {
    let call = provider.execute(command, options);
    tokio::select! {
        biased;
        result = call => panic!("it ended: {result:?}"),
        () = async { for _ in 0..20 { tokio::task::yield_now().await; } } => {}
    }
}

#[tokio::test]
async fn a_crash_before_the_first_request_leaves_nothing_in_doubt() {
    for announces in [true, false] {
        let clock = Arc::new(TestClock::default());
        let journal = MemoryJournal::new(Arc::clone(&clock) as _);
        let mut lines_provider = Lines::of("main", "https://api.example.com", "1");
        lines_provider.announces = announces;
        lines_provider.dies_before = Some(0);
        let provider =
            Journaled::new(lines_provider, Arc::new(journal.clone())).with_clock(Arc::clone(&clock) as _);
        killed(&provider, &lines(1), &options("a")).await;
        let open = journal.open_attempts(None).await.unwrap();
        assert_eq!(
            open.is_empty(),
            announces,
            "only a provider that tells when it sends can be trusted so far"
        );
        assert!(open.iter().all(|open| open.steps.is_empty()), "nobody said which line was sent: {open:?}");
        clock.advance(Duration::from_secs(600));
        let again = Journaled::new(Lines::of("main", "https://api.example.com", "1"), Arc::new(journal))
            .with_clock(Arc::clone(&clock) as _);
        let result = again.execute(&lines(1), &options("a")).await;
        assert_eq!(result.is_ok(), announces, "{result:?}");
    }
}

#[tokio::test]
async fn what_was_let_through_and_what_was_answered_is_remembered_line_by_line() {
    let clock = Arc::new(TestClock::default());
    let journal = MemoryJournal::new(Arc::clone(&clock) as _);
    let mut provider = Lines::of("main", "https://api.example.com", "1");
    provider.dies_before = Some(2);
    let provider = Journaled::new(provider, Arc::new(journal.clone())).with_clock(Arc::clone(&clock) as _);
    killed(&provider, &lines(3), &options("a")).await;
    let open = journal.open_attempts(None).await.unwrap().remove(0);
    assert_eq!(open.steps.iter().map(|step| step.step).collect::<Vec<_>>(), [0, 1]);
    assert!(
        open.steps.iter().all(|step| step.line.as_ref().is_some_and(|l| l.outcome == LineOutcome::Applied))
    );
    assert!(open.step(2).is_none(), "the third was never let through");
    let stored = serde_json::to_string(&open).unwrap();
    assert_eq!(serde_json::from_str::<Attempt>(&stored).unwrap(), open);
}

#[tokio::test]
async fn a_line_that_nobody_can_say_anything_of_stays_open_and_hides_no_other() {
    let clock = Arc::new(TestClock::default());
    let journal = MemoryJournal::new(Arc::clone(&clock) as _);
    let on = |provider: Lines| {
        let sent = Arc::clone(&provider.sent);
        (Journaled::new(provider, Arc::new(journal.clone())).with_clock(Arc::clone(&clock) as _), sent)
    };
    let outcomes = |receipt: &Receipt| receipt.lines.iter().map(|line| line.outcome).collect::<Vec<_>>();
    let known = [LineOutcome::Applied, LineOutcome::Unknown, LineOutcome::NotAttempted];

    let mut loses = Lines::of("main", "https://api.example.com", "1");
    loses.loses = Some(1);
    let (first, sent) = on(loses);
    let receipt = first.execute(&lines(3), &options("a")).await.unwrap();
    assert_eq!((receipt.outcome, receipt.replayed), (Outcome::Partial, false));
    assert_eq!((outcomes(&receipt), sent.load(Ordering::SeqCst)), (known.to_vec(), 2));
    assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1, "a person can see it");

    // While nobody can say, the lines that are known are answered.
    let (again, sent) = on(Lines::of("main", "https://api.example.com", "1"));
    let receipt = again.execute(&lines(3), &options("a")).await.unwrap();
    assert_eq!((outcomes(&receipt), receipt.replayed), (known.to_vec(), true));
    assert_eq!((journal.open_attempts(None).await.unwrap().len(), sent.load(Ordering::SeqCst)), (1, 0));

    // Found in part, it stays open; found out, it is done.
    for (second, open) in [(LineOutcome::Unknown, 1), (LineOutcome::Rejected, 0)] {
        let mut finds = Lines::of("main", "https://api.example.com", "1");
        let found = [LineOutcome::Applied, second, LineOutcome::NotAttempted];
        let line = |at: usize| LineReceipt::new(at, found[at]);
        finds.finds = Receipt::from_lines((0..3).map(line).collect());
        let (later, sent) = on(finds);
        let receipt = later.execute(&lines(3), &options("a")).await.unwrap();
        assert_eq!((outcomes(&receipt), receipt.replayed), (found.to_vec(), true));
        assert_eq!(
            (journal.open_attempts(None).await.unwrap().len(), sent.load(Ordering::SeqCst)),
            (open, 0)
        );
    }
}

#[tokio::test]
async fn nothing_passes_after_the_deadline_or_the_end_of_the_call() {
    let clock = Arc::new(TestClock::default());
    let journal = MemoryJournal::new(Arc::clone(&clock) as _);
    let taken = Arc::new(std::sync::Mutex::new(None));
    #[derive(Debug)]
    struct Keeps(ProviderInfo, Capabilities, Arc<std::sync::Mutex<Option<provider_core::attempt::Sending>>>);
    #[async_trait]
    impl Provider for Keeps {
        fn info(&self) -> &ProviderInfo {
            &self.0
        }
        fn capabilities(&self) -> &Capabilities {
            &self.1
        }
        fn announces_sending(&self) -> bool {
            true
        }
        async fn execute(&self, _: &Command, options: &WriteOptions) -> Result<Receipt> {
            options.sending.pass().await?;
            *self.2.lock().unwrap() = Some(options.sending.clone());
            Ok(Receipt::new(Outcome::Applied))
        }
    }
    let keeps = Keeps(ProviderInfo::new("acme", "main"), Capabilities::default(), Arc::clone(&taken));
    let provider = Journaled::new(keeps, Arc::new(journal)).with_clock(Arc::clone(&clock) as _);
    provider.execute(&lines(1), &options("a")).await.unwrap();
    let late = taken.lock().unwrap().clone().unwrap();
    let refused = late.pass().await.unwrap_err();
    assert_eq!((refused.kind(), refused.delivery()), (ErrorKind::Timeout, Delivery::NotSent));
}

#[tokio::test]
async fn a_key_belongs_to_the_account_not_to_the_connections_name() {
    let journal = Arc::new(MemoryJournal::default());
    let on = |connection: &str, origin: &str, account: &str| {
        let lines = Lines::of(connection, origin, account);
        let sent = Arc::clone(&lines.sent);
        (Journaled::new(lines, Arc::clone(&journal) as _), sent)
    };
    let (test_server, _) = on("main", "http://127.0.0.1:8080", "1");
    test_server.execute(&lines(1), &options("a")).await.unwrap();
    let (production, sent) = on("main", "https://api.example.com", "1");
    let receipt = production.execute(&lines(1), &options("a")).await.unwrap();
    assert!(!receipt.replayed && sent.load(Ordering::SeqCst) == 1, "tried on a test server, then in earnest");
    let (renamed, sent) = on("a better name", "https://api.example.com", "1");
    assert!(renamed.execute(&lines(1), &options("a")).await.unwrap().replayed);
    assert_eq!(sent.load(Ordering::SeqCst), 0, "renaming a connection orders nothing");

    let (replaced, sent) = on("main", "https://api.example.com", "2");
    let refused = replaced.execute(&lines(1), &options("a")).await.unwrap_err();
    assert_eq!((refused.kind(), refused.delivery()), (ErrorKind::Refused, Delivery::NotSent));
    assert!(refused.message().contains("account 1") && refused.message().contains("account 2"), "{refused}");
    let account = |name: &str| AccountKey::new("acme", "https://api.example.com", name);
    assert_eq!(journal.move_account(&account("1"), &account("2")).await.unwrap(), 1);
    assert!(replaced.execute(&lines(1), &options("a")).await.unwrap().replayed);
    assert_eq!(sent.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn entries_of_before_are_found_by_the_connections_name() {
    let stored = r#"[{"attempt":{"connection":"main","command":{"place_order":{"order":{"customer":"c","lines":[{"product":"p","quantity":"1"}]}}},"key":"KEY","started_at":"2026-03-01T09:15:00Z"},"stage":{"done":{"outcome":"applied"}},"fence":1,"lease_ends":"2026-03-01T09:17:30Z"}]"#;
    let mut book: JournalBook = serde_json::from_str(&stored.replace("KEY", key("a").as_str())).unwrap();
    let account = AccountKey::new("acme", "https://api.example.com", "1");
    let attempt =
        Attempt::new("main", lines(1), key("a"), TestClock::default().now()).with_account(account.clone());
    let begun = book.begin(&attempt, TestClock::default().now(), Duration::from_secs(60)).unwrap();
    assert!(matches!(begun, Begin::Done(_)), "{begun:?}");
    assert_eq!(book.entry(&attempt).unwrap().attempt.account, Some(account));
}

#[tokio::test]
async fn two_customers_of_one_name_are_made_one_after_the_other() {
    let clock = Arc::new(TestClock::default());
    let distributor = distributor(Evidence::Baseline, &clock);
    let journal = Arc::new(MemoryJournal::new(Arc::clone(&clock) as _));
    let provider = Journaled::new(distributor.clone(), journal).with_clock(Arc::clone(&clock) as _);
    let create = Operation::Execute(CommandKind::CreateCustomer);
    distributor.inject(create, Fault::Before(lost()));
    let named = |name: &str| Command::from(CreateCustomer::new(name));
    provider.execute(&named("New Bakery"), &options("first")).await.unwrap_err();
    let blocked = provider.execute(&named("  new  BAKERY"), &options("second")).await.unwrap_err();
    assert_eq!((blocked.kind(), blocked.delivery()), (ErrorKind::Conflict, Delivery::NotSent));
    provider.execute(&named("Old Bakery"), &options("third")).await.unwrap();
}

#[tokio::test]
async fn a_changed_name_waits_for_no_order() {
    let clock = Arc::new(TestClock::default());
    let distributor = distributor(Evidence::Baseline, &clock);
    let journal = Arc::new(MemoryJournal::new(Arc::clone(&clock) as _));
    let provider = Journaled::new(distributor.clone(), journal).with_clock(Arc::clone(&clock) as _);
    distributor.inject(PLACE, Fault::After(lost()));
    provider.execute(&order(3), &options("order")).await.unwrap_err();
    let mut update = UpdateCustomer::new("c");
    update.name = provider_core::Patch::Set("Bakery Ltd".to_owned());
    provider.execute(&update.into(), &options("name")).await.unwrap();
    let blocked = provider.execute(&order(4), &options("another order")).await.unwrap_err();
    assert!(blocked.message().contains("purchases of customer c"), "{blocked}");
}

#[tokio::test]
async fn a_journal_within_a_journal_is_passed_through() {
    let clock = Arc::new(TestClock::default());
    let distributor = distributor(Evidence::Reference, &clock);
    let inner = MemoryJournal::new(Arc::clone(&clock) as _);
    let once: Arc<dyn Provider> = Arc::new(distributor.clone()).journaled(inner.clone());
    let twice = once.journaled(MemoryJournal::default()).read_only();
    assert!(twice.journal().is_some(), "the journal is reachable through layers");
    let twice = once.journaled(MemoryJournal::default());
    distributor.inject(PLACE, Fault::After(lost()));
    twice.execute(&order(3), &options("a")).await.unwrap_err();
    assert_eq!(inner.open_attempts(None).await.unwrap().len(), 1);
    assert!(twice.execute(&order(3), &options("a")).await.unwrap().replayed);
    assert_eq!(distributor.calls(PLACE), 1);
}

#[tokio::test]
async fn without_a_journal_a_connection_refuses_to_write_and_says_what_to_add() {
    let clock = Arc::new(TestClock::default());
    let distributor = distributor(Evidence::Reference, &clock);
    let bare: Arc<dyn Provider> = Arc::new(distributor.clone());
    let plain =
        layered(Arc::clone(&bare), provider_core::info::Environment::Production, &Services::default());
    let refused = plain.execute(&order(1), &options("a")).await.unwrap_err();
    assert_eq!((refused.kind(), refused.delivery()), (ErrorKind::Refused, Delivery::NotSent));
    assert!(refused.message().contains("Services::with_journal"), "{refused}");
    assert!(plain.plan(&order(1), &options("a")).await.is_ok(), "plans need none");
    assert!(plain.announces_sending());
    let journal = MemoryJournal::default();
    plain.journaled(journal.clone()).execute(&order(1), &options("a")).await.unwrap();
    let explicit =
        layered(bare, provider_core::info::Environment::Production, &Services::default().without_journal());
    explicit.execute(&order(1), &options("b")).await.unwrap();
    assert_eq!(distributor.counts().2, 2);
    assert!(!format!("{:?}", JournalRequired::new(distributor)).is_empty());
}

#[tokio::test]
async fn a_person_settles_what_nobody_can_know() {
    let clock = Arc::new(TestClock::default());
    for happened in [true, false] {
        let distributor = distributor(Evidence::None, &clock);
        let journal = MemoryJournal::new(Arc::clone(&clock) as _);
        let provider = Journaled::new(distributor.clone(), Arc::new(journal.clone()))
            .with_clock(Arc::clone(&clock) as _);
        let fault = if happened { Fault::After(lost()) } else { Fault::Before(lost()) };
        distributor.inject(PLACE, fault);
        provider.execute(&order(3), &options("a")).await.unwrap_err();
        let unknown = provider.execute(&order(3), &options("a")).await.unwrap_err();
        assert_eq!(unknown.advice(), Advice::AfterReconcile);
        assert_eq!(journal.open_attempts(Some(&distributor.info().account_key())).await.unwrap().len(), 1);
        assert!(journal.open_attempts(Some(&AccountKey::new("x", "", "y"))).await.unwrap().is_empty());

        let settlement = if happened {
            Settlement::applied(Receipt::new(Outcome::Applied).with_customer("c"))
        } else {
            Settlement::NotApplied
        };
        let nobody = journal.settle(&key("a"), settlement.clone(), " ").await.unwrap_err();
        assert_eq!(nobody.kind(), ErrorKind::InvalidInput);
        let other = journal.settle(&key("b"), settlement.clone(), "Anna").await.unwrap_err();
        assert_eq!(other.kind(), ErrorKind::NotFound);
        journal.settle(&key("a"), settlement.clone(), "Anna").await.unwrap();
        assert_eq!(
            journal.settle(&key("a"), settlement, "Anna").await.unwrap_err().kind(),
            ErrorKind::NotFound
        );

        let receipt = provider.execute(&order(3), &options("a")).await.unwrap();
        assert_eq!(receipt.replayed, happened);
        assert_eq!(receipt.judged_by, if happened { Judgement::Person } else { Judgement::Answer });
        assert_eq!(distributor.counts().2, 1, "one order either way");
    }
}

#[tokio::test]
async fn a_key_that_is_held_says_by_whom_and_how_long_and_cannot_be_settled_meanwhile() {
    let clock = Arc::new(TestClock::default());
    let journal = MemoryJournal::new(Arc::clone(&clock) as _);
    let mut dies = Lines::of("main", "https://api.example.com", "1");
    dies.dies_before = Some(1);
    let first = Journaled::new(dies, Arc::new(journal.clone()))
        .with_clock(Arc::clone(&clock) as _)
        .with_holder("process 7 on host-a");
    killed(&first, &lines(2), &options("a")).await;
    let second = Journaled::new(Lines::of("main", "https://api.example.com", "1"), Arc::new(journal.clone()))
        .with_clock(Arc::clone(&clock) as _);
    let busy = second.execute(&lines(2), &options("a")).await.unwrap_err();
    assert!(busy.message().contains("process 7 on host-a") && busy.message().contains("150 s"), "{busy}");
    let early = journal.settle(&key("a"), Settlement::NotApplied, "Anna").await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Conflict, "{early}");
}

#[tokio::test]
async fn a_record_that_is_held_by_another_key_says_by_whom_and_how_long() {
    let clock = Arc::new(TestClock::default());
    let journal = MemoryJournal::new(Arc::clone(&clock) as _);
    let mut dies = Lines::of("main", "https://api.example.com", "1");
    dies.dies_before = Some(0);
    let first = Journaled::new(dies, Arc::new(journal.clone()))
        .with_clock(Arc::clone(&clock) as _)
        .with_holder("process 7 on host-a");
    killed(&first, &lines(2), &options("a")).await;
    let second = Journaled::new(Lines::of("main", "https://api.example.com", "1"), Arc::new(journal.clone()))
        .with_clock(Arc::clone(&clock) as _);
    let held = second.execute(&lines(1), &options("b")).await.unwrap_err();
    assert_eq!((held.kind(), held.delivery()), (ErrorKind::Conflict, Delivery::NotSent));
    for said in ["process 7 on host-a", "150 s", key("a").as_str(), "purchases of customer c"] {
        assert!(held.message().contains(said), "{said}: {held}");
    }
    clock.advance(held.retry_after().unwrap());
    second.execute(&lines(1), &options("b")).await.unwrap();
}

#[tokio::test]
async fn settling_counts_from_the_last_moment_of_sending_by_the_journals_clock() {
    let mut book = JournalBook::default();
    let now = TestClock::default().now();
    // The machine that sends is six minutes ahead of the journal.
    let skewed = now + Duration::from_secs(360);
    let attempt = Attempt::new("main", order(1), key("a"), skewed);
    let ttl = Duration::from_secs(150);
    let Begin::Fresh(fence) = book.begin(&attempt, now, ttl).unwrap() else { panic!("not fresh") };
    book.arm(&attempt, fence, now + Duration::from_secs(100), ttl).unwrap();
    let later = now + Duration::from_secs(260);
    let Begin::Open(open, fence) = book.begin(&attempt, later, ttl).unwrap() else { panic!("not open") };
    assert_eq!(open.sent_until, Some(now + Duration::from_secs(250)));
    assert_eq!(open.unsent_for, Some(Duration::from_secs(10)));
    let settling = Duration::from_secs(300);
    assert_eq!(open.settles_in(settling, later + Duration::from_secs(9_000)), Some(Duration::from_secs(290)));
    // Who gives the lease back sends nothing more: it counts from there.
    book.leave_open(&open, fence, later);
    let Begin::Open(open, fence) = book.begin(&attempt, later + settling, ttl).unwrap() else {
        panic!("not open")
    };
    assert_eq!(open.settles_in(settling, later), None);
    // A lease that is running may be sending at this moment.
    book.arm(&open, fence, later + settling, ttl).unwrap();
    let armed = book.entries().next().unwrap().attempt.clone();
    assert_eq!(armed.settles_in(settling, later), Some(settling));
}

#[tokio::test]
async fn what_ended_is_forgotten_and_what_is_open_never_is() {
    let clock = Arc::new(TestClock::default());
    let distributor = distributor(Evidence::None, &clock);
    let journal = MemoryJournal::new(Arc::clone(&clock) as _);
    let provider =
        Journaled::new(distributor.clone(), Arc::new(journal.clone())).with_clock(Arc::clone(&clock) as _);
    provider.execute(&order(1), &options("done")).await.unwrap();
    distributor.inject(PLACE, Fault::After(lost()));
    provider.execute(&order(2), &options("open")).await.unwrap_err();
    clock.advance(Duration::from_secs(3600));
    provider.execute(&order(3), &options("newer")).await.unwrap();
    assert_eq!(journal.forget(clock.now() - Duration::from_secs(60)).await.unwrap(), 1);
    assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1);
    assert!(provider.execute(&order(3), &options("newer")).await.unwrap().replayed);
    assert!(!provider.execute(&order(1), &options("done")).await.unwrap().replayed, "forgotten means new");
}
