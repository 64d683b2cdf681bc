//! CPU time of this process for 10,000 customers, both ways in turn.

use std::sync::Arc;
use std::time::Duration;

use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::Provider;
use provider_http::RateLimit;
use tokio::runtime::Runtime;

use crate::by_hand::ByHand;
use crate::sdk::{self, Sdk};
use crate::server::{RECORDS, Server};
use crate::{Digest, verdict};

const LIMIT: f64 = 1.15;
const ROUNDS: usize = 101;

/// What the threads of this process have run, in nanoseconds.
///
/// The kernel adds up a thread's time when the thread stops running, so this one stops for a moment
/// first. Threads that ended are not counted: everything is measured on threads that stay.
fn cpu_time() -> u64 {
    std::thread::sleep(Duration::from_millis(2));
    let task = |entry: std::io::Result<std::fs::DirEntry>| -> Option<u64> {
        let text = std::fs::read_to_string(entry.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    std::fs::read_dir("/proc/self/task").map_or(0, |tasks| tasks.filter_map(task).sum())
}

/// Measurements, smallest first.
struct Sample(Vec<f64>);

impl Sample {
    fn new(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        Self(rounds)
    }

    fn min(&self) -> f64 {
        self.0[0]
    }

    fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }
}

/// Milliseconds of CPU for one listing.
fn measured(run: impl Fn() -> Digest, expected: Digest) -> f64 {
    let before = cpu_time();
    assert_eq!(run(), expected, "both sides read the same");
    (cpu_time() - before) as f64 / 1e6
}

/// Prints both, and answers whether the limit held.
pub(crate) fn compare(server: &Server) -> bool {
    if cpu_time() == 0 {
        println!("CPU time of threads is not to be had here (/proc/self/task/*/schedstat): not compared");
        return true;
    }
    let single = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let multi = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut held = true;
    for (threads, runtime) in [("one thread", &single), ("two worker threads", &multi)] {
        let sdk = Sdk::new(server.base(), "/v1/companies", "page");
        let ratio = compare_with(&format!("Listing, {threads}"), server, runtime, &sdk);
        println!("  limit {LIMIT}: {}", verdict(ratio, LIMIT));
        held &= ratio <= LIMIT;
        // Its records are read more leniently than anyone does by hand: shown, without a limit.
        compare_with(&format!("Listing over Pax8Provider, {threads}"), server, runtime, &pax8(server));
    }
    held
}

/// The client of Pax8 as it is, without the thousand calls a minute that it keeps to.
fn pax8(server: &Server) -> Arc<Pax8Provider> {
    let config = Pax8Config::new("client", "secret".to_owned()).with_base_url(server.base());
    let client = Pax8Client::builder(config.clone()).rate(RateLimit::unlimited()).build().unwrap();
    Arc::new(Pax8Provider::new(client, &config))
}

/// Prints what both took, and answers the median of the ratios.
fn compare_with(what: &str, server: &Server, runtime: &Runtime, sdk: &Arc<impl Provider>) -> f64 {
    let by_hand = ByHand::new(server.base());
    let hand_once = || runtime.block_on(by_hand.list());
    let sdk_once = || runtime.block_on(sdk::list(sdk));
    let expected = hand_once();
    assert_eq!(expected.records, RECORDS, "the server serves them all");
    assert_eq!(sdk_once(), expected, "both sides read the same");

    let (mut hand, mut ours) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Whoever goes second finds warmer caches, so they take turns.
        if round % 2 == 0 {
            hand.push(measured(hand_once, expected));
            ours.push(measured(sdk_once, expected));
        } else {
            ours.push(measured(sdk_once, expected));
            hand.push(measured(hand_once, expected));
        }
    }
    // What else runs on the machine slows both sides of a round down alike: their ratio says more than the
    // ratio of what each took over all rounds.
    let ratios = Sample::new(ours.iter().zip(&hand).map(|(ours, hand)| ours / hand).collect());
    let (hand, ours) = (Sample::new(hand), Sample::new(ours));
    println!(
        "{RECORDS} customers, {what}: min {:.1} ms, median {:.1} ms; by hand min {:.1} ms, median {:.1} ms; \
         ratio of minima {:.3}, median ratio {:.3}",
        ours.min(),
        ours.median(),
        hand.min(),
        hand.median(),
        ours.min() / hand.min(),
        ratios.median(),
    );
    ratios.median()
}
