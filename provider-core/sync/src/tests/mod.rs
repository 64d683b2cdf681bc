//! Tests that reach behind the sealed store.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a panic is a failed test"
)]

mod activation;
mod answers;
mod bases;
mod breaker;
mod cancelled;
#[cfg(feature = "postgres")]
mod columns;
mod contacts;
mod crash;
mod decisions;
mod distributor;
mod events;
mod failures;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) mod homes;
mod letters;
mod market;
mod misfits;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod moved;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod nuls;
#[cfg(feature = "sqlite")]
mod numbers;
mod oracles;
#[cfg(feature = "postgres")]
mod outages;
mod paused;
mod plans;
mod previews;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod printed;
mod pulls;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod push_columns;
mod push_later;
mod push_limits;
mod push_meanwhile;
mod push_orders;
mod push_promises;
mod push_sabotage;
mod push_simulation;
mod push_steps;
mod pushes;
mod queue;
#[cfg(feature = "postgres")]
mod refusals;
mod removal;
mod sabotage;
#[cfg(feature = "postgres")]
mod sabotaged_server;
mod schemas;
#[cfg(feature = "postgres")]
mod servers;
#[cfg(feature = "postgres")]
mod shelf;
mod simulation;
mod slow;
#[cfg(feature = "email")]
mod smtp;
mod standing;
#[cfg(feature = "sqlite")]
mod storage;
#[cfg(feature = "postgres")]
mod store_outages;
mod stores;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod tables;
mod town;
mod world;
