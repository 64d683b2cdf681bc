//! Journals on a full or read-only disk: nothing is sent that cannot be remembered, and nothing stays held.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is a failed test")]
#![allow(dead_code, reason = "the module of crashes is shared")]

mod crash;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crash::TestClock;
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Fence, Journal, MemoryJournal};
use provider_core::layer::Journaled;
use provider_core::memory::{Evidence, Fault};
use provider_core::{
    Attempt, Capabilities, Command, CommandKind, Customer, Delivery, Error, ErrorKind, IdempotencyKey,
    MemoryProvider, NewOrder, NewOrderLine, Operation, PlaceOrder, Product, Provider, ProviderInfo, Receipt,
    Result, WriteOptions, async_trait,
};

const PLACE: Operation = Operation::Execute(CommandKind::PlaceOrder);

/// What fails, once for each time it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Begin,
    Arm,
    /// It is stored, and the answer is an error all the same.
    ArmedThenFails,
    Finish,
    Release,
    LeaveOpen,
}

#[derive(Debug)]
struct Failing {
    inner: MemoryJournal,
    steps: Mutex<Vec<Step>>,
}

impl Failing {
    fn check(&self, step: Step) -> Result<()> {
        let mut steps = self.steps.lock().unwrap();
        match steps.iter().position(|failing| *failing == step) {
            Some(at) => {
                steps.remove(at);
                Err(Error::new(ErrorKind::Internal, "the disk is full"))
            }
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Journal for Failing {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        self.check(Step::Begin)?;
        self.inner.begin(attempt, ttl).await
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        self.check(Step::Arm)?;
        self.inner.arm(attempt, fence, ttl).await?;
        self.check(Step::ArmedThenFails)
    }

    async fn finish(&self, attempt: &Attempt, fence: Fence, receipt: &Receipt) -> Result<()> {
        self.check(Step::Finish)?;
        self.inner.finish(attempt, fence, receipt).await
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.check(Step::Release)?;
        self.inner.release(attempt, fence).await
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.check(Step::LeaveOpen)?;
        self.inner.leave_open(attempt, fence).await
    }

    async fn open_attempts(&self, account: Option<&AccountKey>) -> Result<Vec<Attempt>> {
        self.inner.open_attempts(account).await
    }
}

/// The same provider, which does not say when it sends.
#[derive(Debug)]
struct Silent(MemoryProvider);

#[async_trait]
impl Provider for Silent {
    fn info(&self) -> &ProviderInfo {
        self.0.info()
    }

    fn capabilities(&self) -> &Capabilities {
        self.0.capabilities()
    }

    fn inner(&self) -> Option<&dyn Provider> {
        Some(&self.0)
    }
}

struct Setup {
    clock: Arc<TestClock>,
    distributor: MemoryProvider,
    journal: Arc<Failing>,
    provider: Arc<dyn Provider>,
}

fn setup(evidence: Evidence, announces: bool, steps: &[Step]) -> Setup {
    let clock = Arc::new(TestClock::default());
    let distributor = MemoryProvider::new("main")
        .with_evidence(evidence)
        .with_clock(Arc::clone(&clock) as _)
        .with_customers([Customer::new("c", "Bakery")])
        .with_products([Product::new("p", "Suite")]);
    let inner = MemoryJournal::new(Arc::clone(&clock) as _);
    let journal = Arc::new(Failing { inner, steps: Mutex::new(steps.to_vec()) });
    let kept = Arc::clone(&journal) as Arc<dyn Journal>;
    let provider: Arc<dyn Provider> = if announces {
        Arc::new(Journaled::new(distributor.clone(), kept).with_clock(Arc::clone(&clock) as _))
    } else {
        Arc::new(Journaled::new(Silent(distributor.clone()), kept).with_clock(Arc::clone(&clock) as _))
    };
    Setup { clock, distributor, journal, provider }
}

fn order() -> Command {
    PlaceOrder::new(NewOrder::new("c").line(NewOrderLine::new("p", 3))).into()
}

fn options(name: &str) -> WriteOptions {
    WriteOptions::new(IdempotencyKey::derive("test", [name]))
}

fn lost() -> Error {
    Error::new(ErrorKind::Transport, "connection reset")
}

#[tokio::test]
async fn nothing_is_sent_that_cannot_be_stored_and_nothing_stays_held() {
    for announces in [true, false] {
        for step in [Step::Begin, Step::Arm, Step::ArmedThenFails] {
            let what = format!("{step:?}, announces: {announces}");
            let Setup { distributor, journal, provider, .. } = setup(Evidence::Baseline, announces, &[step]);
            let error = provider.execute(&order(), &options("a")).await.unwrap_err();
            assert_eq!((error.kind(), error.delivery()), (ErrorKind::Internal, Delivery::NotSent), "{what}");
            assert_eq!((distributor.calls(PLACE), distributor.counts().2), (0, 0), "{what}");
            assert!(journal.open_attempts(None).await.unwrap().is_empty(), "{what}");
            // Neither another key nor the same one has to wait.
            provider.execute(&order(), &options("b")).await.unwrap();
            assert!(!provider.execute(&order(), &options("a")).await.unwrap().replayed, "{what}");
            assert_eq!(distributor.counts().2, 2, "{what}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_given_back_either_runs_out() {
    for announces in [true, false] {
        let steps = [Step::Arm, Step::Release];
        let Setup { clock, distributor, provider, .. } = setup(Evidence::Baseline, announces, &steps);
        let error = provider.execute(&order(), &options("a")).await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::NotSent);
        let busy = provider.execute(&order(), &options("a")).await.unwrap_err();
        clock.advance(busy.retry_after().unwrap());
        assert!(!provider.execute(&order(), &options("a")).await.unwrap().replayed);
        assert_eq!(distributor.counts().2, 1);
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_stored_is_answered_and_found_again() {
    for announces in [true, false] {
        let Setup { clock, distributor, journal, provider } =
            setup(Evidence::Reference, announces, &[Step::Finish]);
        assert!(!provider.execute(&order(), &options("a")).await.unwrap().replayed);
        assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1);
        let busy = provider.execute(&order(), &options("a")).await.unwrap_err();
        clock.advance(busy.retry_after().unwrap());
        assert!(provider.execute(&order(), &options("a")).await.unwrap().replayed);
        assert_eq!(distributor.counts().2, 1);
    }
}

#[tokio::test]
async fn an_unknown_outcome_that_cannot_be_noted_stays_unknown_until_the_lease_ends() {
    for happened in [true, false] {
        let Setup { clock, distributor, journal, provider } =
            setup(Evidence::Reference, true, &[Step::LeaveOpen]);
        distributor.inject(PLACE, if happened { Fault::After(lost()) } else { Fault::Before(lost()) });
        let error = provider.execute(&order(), &options("a")).await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1);
        let busy = provider.execute(&order(), &options("a")).await.unwrap_err();
        clock.advance(busy.retry_after().unwrap());
        assert_eq!(provider.execute(&order(), &options("a")).await.unwrap().replayed, happened);
        assert_eq!(distributor.counts().2, 1);
    }
}

#[tokio::test]
async fn a_refusal_that_cannot_be_noted_frees_the_key_when_the_lease_ends() {
    let Setup { clock, distributor, provider, .. } = setup(Evidence::Reference, true, &[Step::Release]);
    let refusal = Error::new(ErrorKind::InvalidInput, "no credit").with_delivery(Delivery::Rejected);
    distributor.inject(PLACE, Fault::Before(refusal));
    let error = provider.execute(&order(), &options("a")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::Rejected));
    let busy = provider.execute(&order(), &options("a")).await.unwrap_err();
    clock.advance(busy.retry_after().unwrap());
    assert!(!provider.execute(&order(), &options("a")).await.unwrap().replayed);
    assert_eq!(distributor.counts().2, 1);
}
