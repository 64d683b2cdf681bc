//! The conformance suite, and the proof that each of its rules can be broken.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod flaw;
mod journal;
mod memory;
mod report;
mod sabotage;
mod sabotaged;
mod seed;
