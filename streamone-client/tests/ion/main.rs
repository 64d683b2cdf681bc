//! The client and the provider against the simulator, and against answers written out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap, index or expectation is a failed test"
)]

mod billing;
mod config;
mod conformance;
mod coverage;
mod customers;
mod docs;
mod drift;
mod faults;
mod listings;
mod odd_answers;
mod processes;
mod recorder;
mod samples;
mod secrets;
mod stage;
mod tokens;
mod verify;
mod walk;
mod wire;
