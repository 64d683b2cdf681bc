//! Conformance suites for providers, journals and token stores, and a server that fails on purpose: tests
//! without an account at a distributor.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use std::sync::Arc;
//!
//! use provider_core::{Customer, MemoryProvider};
//! use provider_testkit::conformance::{self, Expectations};
//!
//! let provider = MemoryProvider::new("docs").with_customers([Customer::new("1", "Example Bakery")]);
//! conformance::suite(Arc::new(provider), Expectations::default()).await.assert();
//! # }
//! ```
//!
//! - [`conformance`] examines any `Provider` and says which of its promises it keeps.
//! - [`journal`] and [`token`] examine a `Journal` and a `TokenStore`: [`journal_conformance!`], [`token_store_conformance!`].
//! - [`reading`] changes the wire form of a record member by member, and holds its reader to what must hold.
//! - [`history`] says whether a fixture shows enough to test with: two months, money given back, seats that changed.
//! - [`fault`] is a server that fails on purpose, in one way at a time, and counts what it carried out: what a client
//!   believes after a lost answer can be compared with what happened.
//!
//! The distributors themselves, with their state and their rules, are simulated by the package `provider-simulator`.

pub mod conformance;
pub mod fault;
pub mod history;
pub mod journal;
pub mod postgres;
pub mod reading;
pub mod seam;
pub mod token;

/// The samples of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
