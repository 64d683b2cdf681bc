//! Hours in minutes: connections under faults that change all the time, given up at random, on several runtimes. What
//! they hold goes back to what it was. `SOAK_SECONDS` says for how long; without it a second shows that it works.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use provider_core::query::Priority;
use provider_core::{CustomerQuery, PageRequest, Provider, ProviderExt as _, SubscriptionQuery};
use provider_simulator::{FaultAction, FaultRule, Handle, Simulator};

use crate::wire::{Vendor, simulated};

/// Numbers that repeat, without a clock and without a generator to depend on.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn fault(dice: &mut Dice) -> FaultAction {
    match dice.roll(6) {
        0 => FaultAction::Html,
        1 => FaultAction::DisconnectBefore,
        2 => FaultAction::TornBody,
        3 => FaultAction::status(http::StatusCode::SERVICE_UNAVAILABLE, "{}"),
        4 => FaultAction::status(http::StatusCode::UNAUTHORIZED, "{}"),
        _ => FaultAction::Delay(Duration::from_millis(dice.roll(30))),
    }
}

fn renew<D>(handle: &Handle<D>, dice: &mut Dice) {
    handle.faults().clear();
    if dice.roll(3) > 0 {
        handle.faults().add(FaultRule::new("GET", "*", fault(dice)));
    }
}

/// Reads until the time is over, and drops what it reads at random.
async fn work(provider: Arc<dyn Provider>, until: Instant, seed: u64, done: &AtomicU64) {
    let mut dice = Dice(seed);
    while Instant::now() < until {
        let limit = Duration::from_millis(20 + dice.roll(400));
        let query = CustomerQuery::default().priority(Priority::Bulk).deadline(Duration::from_secs(3));
        let listing =
            provider.customers(query).page_size(2).prefetch(usize::try_from(1 + dice.roll(8)).unwrap());
        // Whatever it comes to: what is given up here must leave nothing behind.
        if tokio::time::timeout(limit, listing.collect_all()).await.is_ok_and(|read| read.is_ok()) {
            done.fetch_add(1, Ordering::SeqCst);
        }
        let query = SubscriptionQuery::default().deadline(Duration::from_millis(500));
        let _ =
            tokio::time::timeout(limit, provider.list_subscriptions(&query, &PageRequest::default())).await;
    }
}

/// What this process holds: open files, and memory in pages.
fn held() -> Option<(usize, u64)> {
    let files = std::fs::read_dir("/proc/self/fd").ok()?.count();
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some((files, pages))
}

/// Tasks and connections that were told to end do so a little later, on a loaded machine a little later still.
const UNTIL_ALL_IS_GIVEN_BACK: Duration = Duration::from_secs(60);

/// Every task of this runtime comes to its end once its connections are gone.
async fn no_task_is_left() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let end = Instant::now() + UNTIL_ALL_IS_GIVEN_BACK;
    while tasks() > 0 {
        assert!(Instant::now() < end, "{} tasks are left", tasks());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The tests beside this one open files and take memory too, so it counts in a process of its own.
#[test]
fn what_is_held_under_faults_is_given_back() {
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "soak::a_process_under_faults", "--nocapture", "--ignored"])
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn a_process_under_faults() {
    let seconds = std::env::var("SOAK_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(1);
    let outer = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let simulator = outer.block_on(Simulator::builder().customers(12).start()).unwrap();
    let before = held();
    let done = AtomicU64::new(0);
    for round in 0..3_u64 {
        let until = Instant::now() + Duration::from_secs(seconds) / 3;
        std::thread::scope(|scope| {
            // Each runtime has connections of its own, and ends with what is under way in it.
            for number in 0..2_u64 {
                let (simulator, done) = (&simulator, &done);
                scope.spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        let work = Vendor::ALL.map(|vendor| {
                            let seed = round * 100 + number * 10 + vendor as u64;
                            work(simulated(simulator, vendor, None), until, seed, done)
                        });
                        futures_util::future::join_all(work).await;
                        no_task_is_left().await;
                    });
                });
            }
            let mut dice = Dice(round);
            while Instant::now() < until {
                renew(&simulator.crayon(), &mut dice);
                renew(&simulator.pax8(), &mut dice);
                renew(&simulator.streamone(), &mut dice);
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        simulator.crayon().faults().clear();
        simulator.pax8().faults().clear();
        simulator.streamone().faults().clear();
    }
    // Afterwards everything works as if nothing had been. The breaker of an account outlives its connections: whoever
    // waits as a person would be told to come back, a background read waits until it closes, five minutes at most.
    outer.block_on(async {
        for vendor in Vendor::ALL {
            let provider = simulated(&simulator, vendor, None);
            let patient = Duration::from_secs(400);
            let query = SubscriptionQuery::default().priority(Priority::Bulk).deadline(patient);
            provider.list_subscriptions(&query, &PageRequest::default()).await.unwrap();
            let query = CustomerQuery::default().priority(Priority::Bulk).deadline(patient);
            let customers = provider.customers(query).collect_all().await.unwrap();
            assert!(customers.len() >= 12, "{vendor:?}");
        }
    });
    drop(outer);
    let Some((files, pages)) = before else { return };
    let end = Instant::now() + UNTIL_ALL_IS_GIVEN_BACK;
    while let Some((files_now, pages_now)) = held() {
        let given_back = files_now <= files + 8 && pages_now < pages + 64 * 256;
        if given_back {
            break;
        }
        assert!(
            Instant::now() < end,
            "open files: {files}, then {files_now}; pages: {pages}, then {pages_now}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("{} listings came to their end", done.load(Ordering::SeqCst));
}
