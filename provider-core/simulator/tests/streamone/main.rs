//! The StreamOne side of the simulator, call by call over a raw connection.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a panic in a test is its failure"
)]

mod carts;
mod catalog;
mod client;
mod customers;
mod invoices;
mod order_checks;
mod order_life;
mod orders;
mod presentation;
mod reports;
mod subscriptions;
mod templates;
mod tokens;
mod v1_records;
