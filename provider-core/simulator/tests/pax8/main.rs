//! The Pax8 side of the simulator, rule by rule, as seen on the wire.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod access;
mod account;
mod companies;
mod contacts;
mod invoices;
mod orders;
mod products;
mod receiver;
mod schema;
mod subscriptions;
mod usage;
mod vendor_schemas;
mod webhooks;
#[path = "../wire/mod.rs"]
mod wire;
