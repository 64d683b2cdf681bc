//! What somebody outside of this repository builds from the documentation alone: a provider over HTTP, registered beside
//! the three, that lists, writes through a durable journal, fails, is observed and examined. Public items only.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod acme;
mod commitment;
mod errors;
mod examined;
mod listing;
mod models;
mod observing;
mod settings;
mod shop;
mod webhooks;
mod writing;
