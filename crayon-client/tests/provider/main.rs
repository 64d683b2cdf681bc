//! The provider against a simulated Cloud-iQ: reading, writing, faults, and what must not be seen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod add_ons;
mod bad_input;
mod between_lines;
mod blanks;
mod commands;
mod conformance;
mod connection;
mod facts;
mod files;
mod links;
mod looking_alike;
mod lost;
mod odd_answers;
mod orders;
mod organizations;
mod plans;
mod reading;
mod unknown;
mod unseen;
mod verify;
mod walk;
mod writes;
