//! Tests that reach behind the sealed store.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a panic is a failed test"
)]

mod bases;
mod breaker;
mod crash;
mod decisions;
mod distributor;
mod letters;
mod plans;
mod pulls;
mod queue;
mod removal;
mod sabotage;
mod schemas;
#[cfg(feature = "postgres")]
mod servers;
mod simulation;
#[cfg(feature = "email")]
mod smtp;
mod standing;
#[cfg(feature = "sqlite")]
mod storage;
mod stores;
#[cfg(feature = "sqlite")]
mod tables;
mod world;
