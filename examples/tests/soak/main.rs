//! Orders that nobody watches: two processes, whose clocks are six minutes apart, order through one store while they
//! are killed and answers are lost, torn, late or odd. Then every key is brought to an end, and counted at
//! the distributor.
//!
//! `PROVIDER_SOAK_ORDERS` says how many orders and changes each distributor gets, `PROVIDER_SOAK_SEED` which
//! dice are thrown.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic is a failed test")]

mod connection;
mod dice;
mod faults;
mod intent;
mod process;
mod relay;
mod rounds;
mod tally;
mod truth;
mod worker;

use connection::Distributor;
use rounds::Soak;

/// Enough to meet every kind of fault now and then, and short enough for every run of the tests.
const ORDERS: usize = 12;
/// So many keys are brought to their end together.
const BATCH: usize = 100;

fn setting(name: &str, default: usize) -> usize {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} has to be a whole number")),
        Err(_) => default,
    }
}

async fn soak(distributor: Distributor) {
    let orders = setting("PROVIDER_SOAK_ORDERS", ORDERS);
    let seed = u64::try_from(setting("PROVIDER_SOAK_SEED", 1)).unwrap();
    let mut soak = Soak::start(distributor, orders, seed).await;
    for begin in (0..orders).step_by(BATCH) {
        soak.batch(begin..orders.min(begin + BATCH)).await;
    }
    soak.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crayon() {
    soak(Distributor::Crayon).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pax8() {
    soak(Distributor::Pax8).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streamone() {
    soak(Distributor::StreamOne).await;
}
