//! Machines whose clocks differ share one journal: settling rests on the journal's clock alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is a failed test")]
#![allow(dead_code, reason = "the module of crashes is shared")]

mod crash;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use crash::TestClock;
use provider_core::clock::{BoxFuture, Clock};
use provider_core::journal::{Begin, JournalBook, MemoryJournal};
use provider_core::layer::Journaled;
use provider_core::receipt::Judgement;
use provider_core::{
    Attempt, Capabilities, Command, Delivery, Error, ErrorKind, IdempotencyKey, NewOrder, NewOrderLine,
    Outcome, PlaceOrder, Provider, ProviderInfo, Receipt, Reconciliation, Result, WriteOptions, async_trait,
};

const SETTLING: Duration = Duration::from_secs(300);
const SECOND: Duration = Duration::from_secs(1);

/// The true time as a machine has it whose clock is wrong.
#[derive(Debug)]
struct Wrong(Arc<TestClock>, TimeDelta);

impl Clock for Wrong {
    fn now(&self) -> DateTime<Utc> {
        self.0.now() + self.1
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        self.0.sleep(duration)
    }
}

/// What the distributor knows: orders that arrived, and orders that are on their way to it.
#[derive(Debug, Default)]
struct World {
    arrived: Vec<IdempotencyKey>,
    on_their_way: Vec<IdempotencyKey>,
}

impl World {
    fn arrive(&mut self) {
        let late = std::mem::take(&mut self.on_their_way);
        self.arrived.extend(late);
    }
}

/// One machine's way to the distributor: its answers are lost, and so may be its orders for a while.
#[derive(Debug)]
struct Machine {
    info: ProviderInfo,
    capabilities: Capabilities,
    clock: Arc<dyn Clock>,
    world: Arc<Mutex<World>>,
    works: bool,
    hangs: bool,
}

#[async_trait]
impl Provider for Machine {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn announces_sending(&self) -> bool {
        true
    }

    async fn execute(&self, _: &Command, options: &WriteOptions) -> Result<Receipt> {
        options.sending.pass().await?;
        if self.works {
            self.world.lock().unwrap().arrived.push(options.key.clone());
            return Ok(Receipt::new(Outcome::Applied));
        }
        self.world.lock().unwrap().on_their_way.push(options.key.clone());
        if self.hangs {
            return std::future::pending().await;
        }
        Err(Error::new(ErrorKind::Transport, "connection reset"))
    }

    async fn reconcile(&self, attempt: &Attempt) -> Result<Reconciliation> {
        if self.world.lock().unwrap().arrived.contains(&attempt.key) {
            let receipt = Receipt::new(Outcome::Applied).judged_by(Judgement::Reference);
            return Ok(Reconciliation::Applied(receipt));
        }
        Ok(match attempt.settles_in(SETTLING, self.clock.now()) {
            Some(rest) => Reconciliation::undetermined_until("it may still arrive", rest),
            None => Reconciliation::NotApplied,
        })
    }
}

struct Setup {
    time: Arc<TestClock>,
    journal: MemoryJournal,
    world: Arc<Mutex<World>>,
}

impl Setup {
    fn new() -> Self {
        let time = Arc::new(TestClock::default());
        let journal = MemoryJournal::new(Arc::clone(&time) as _);
        Self { time, journal, world: Arc::default() }
    }

    /// A machine whose clock is wrong by so many minutes.
    fn machine(&self, minutes: i64, works: bool, hangs: bool) -> Journaled<Machine> {
        let clock: Arc<dyn Clock> = Arc::new(Wrong(Arc::clone(&self.time), TimeDelta::minutes(minutes)));
        let machine = Machine {
            info: ProviderInfo::new("acme", "main").with_account("1"),
            capabilities: Capabilities::default(),
            clock: Arc::clone(&clock),
            world: Arc::clone(&self.world),
            works,
            hangs,
        };
        Journaled::new(machine, Arc::new(self.journal.clone())).with_clock(clock)
    }

    fn arrived(&self) -> usize {
        self.world.lock().unwrap().arrived.len()
    }
}

fn order() -> Command {
    PlaceOrder::new(NewOrder::new("c").line(NewOrderLine::new("p", 3))).into()
}

fn options() -> WriteOptions {
    WriteOptions::new(IdempotencyKey::derive("test", ["a"])).deadline(Duration::from_secs(20))
}

const CLOCKS: [(i64, i64); 7] = [(0, 6), (6, 0), (0, -6), (-6, 0), (6, -6), (-6, 6), (0, 24 * 60)];

#[tokio::test]
async fn another_machine_waits_for_the_settling_time_whatever_its_clock_says() {
    for (first, second) in CLOCKS {
        for arrives in [true, false] {
            let what = format!("{first} and {second} minutes, arrives late: {arrives}");
            let setup = Setup::new();
            let (one, two) = (setup.machine(first, false, false), setup.machine(second, true, false));
            let lost = one.execute(&order(), &options()).await.unwrap_err();
            assert_eq!(lost.delivery(), Delivery::Unknown, "{what}");
            for waited in [0, 1, 298] {
                if waited > 0 {
                    setup.time.advance(Duration::from_secs(waited));
                }
                let early = two.execute(&order(), &options()).await.unwrap_err();
                assert_eq!(
                    (early.kind(), early.delivery()),
                    (ErrorKind::Conflict, Delivery::Unknown),
                    "{what}"
                );
            }
            if arrives {
                setup.world.lock().unwrap().arrive();
            }
            setup.time.advance(SECOND);
            let receipt = two.execute(&order(), &options()).await.unwrap();
            assert_eq!(receipt.replayed, arrives, "{what}");
            assert!(one.execute(&order(), &options()).await.unwrap().replayed, "{what}");
            assert_eq!(setup.arrived(), 1, "{what}");
        }
    }
}

#[tokio::test]
async fn a_machine_that_died_while_sending_is_waited_for_from_the_end_of_its_lease() {
    for (first, second) in CLOCKS {
        let what = format!("{first} and {second} minutes");
        let setup = Setup::new();
        let (one, two) = (setup.machine(first, false, true), setup.machine(second, true, false));
        {
            let (command, options) = (order(), options());
            let call = one.execute(&command, &options);
            tokio::select! {
                biased;
                result = call => panic!("it ended: {result:?}"),
                () = async { for _ in 0..20 { tokio::task::yield_now().await; } } => {}
            }
        }
        let busy = two.execute(&order(), &options()).await.unwrap_err();
        // What was left of the deadline when it was sent, and half a minute.
        let rest = busy.retry_after().unwrap();
        assert!(rest <= Duration::from_secs(50) && rest > Duration::from_secs(30), "{what}: {busy}");
        setup.time.advance(rest);
        let early = two.execute(&order(), &options()).await.unwrap_err();
        assert_eq!(early.retry_after(), Some(SETTLING), "{what}: {early}");
        setup.time.advance(SETTLING - SECOND);
        let early = two.execute(&order(), &options()).await.unwrap_err();
        assert_eq!(early.retry_after(), Some(SECOND), "{what}: {early}");
        setup.world.lock().unwrap().arrive();
        setup.time.advance(SECOND);
        assert!(two.execute(&order(), &options()).await.unwrap().replayed, "{what}");
        assert_eq!(setup.arrived(), 1, "{what}");
    }
}

#[tokio::test]
async fn two_machines_at_once_are_kept_apart_whatever_their_clocks_say() {
    for (first, second) in CLOCKS {
        let setup = Setup::new();
        let (one, two) = (setup.machine(first, true, false), setup.machine(second, true, false));
        let (command, options) = (order(), options());
        let (a, b) = tokio::join!(one.execute(&command, &options), two.execute(&command, &options));
        assert!(a.is_ok() || b.is_ok(), "{a:?} {b:?}");
        assert_eq!(setup.arrived(), 1, "{first} and {second} minutes");
    }
}

#[test]
fn a_fence_is_never_given_again() {
    let mut book = JournalBook::default();
    let (begun, ttl) = (TestClock::default().now(), Duration::from_secs(150));
    let attempt = Attempt::new("main", order(), options().key, begun);
    let fresh = |book: &mut JournalBook, seconds: u64| {
        let begin = book.begin(&attempt, begun + Duration::from_secs(seconds), ttl).unwrap();
        let Begin::Fresh(fence) = begin else { panic!("not fresh: {begin:?}") };
        fence
    };
    // The first takes longer to look than its lease lasts; the second gives up before anything was sent.
    let slow = fresh(&mut book, 0);
    let second = fresh(&mut book, 160);
    book.release(&attempt, second);
    let third = fresh(&mut book, 180);
    assert!(slow < second && second < third, "{slow:?} {second:?} {third:?}");
    let now = begun + Duration::from_secs(200);
    let error = book.arm(&attempt, slow, now, ttl).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Conflict, Delivery::NotSent));
    book.arm(&attempt, third, now, ttl).unwrap();
}
