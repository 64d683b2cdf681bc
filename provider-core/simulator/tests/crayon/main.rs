//! The Crayon Cloud-iQ side of the simulator, call by call: statuses, bodies, rules and refusals.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod accounts;
mod billing;
mod catalog;
mod changes;
mod departures;
mod desk;
mod login;
mod orders;
mod schema;
mod subscriptions;
mod tenants;
mod typed;
mod usage;
#[path = "../wire/mod.rs"]
mod wire;
