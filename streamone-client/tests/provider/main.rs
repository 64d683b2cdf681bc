//! The provider against the simulator, and against answers written out.

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
mod customers;
mod early;
mod facts;
mod faults;
mod journals;
mod links;
mod listings;
mod lookups;
mod odd_answers;
mod plans;
mod processes;
mod records;
mod refusals;
mod stage;
mod tokens;
mod verify;
mod walk;

#[path = "../endpoints/recorder.rs"]
#[allow(dead_code, reason = "made for the endpoints")]
mod recorder;
