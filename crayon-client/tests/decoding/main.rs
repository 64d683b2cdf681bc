//! Answers as the reference shows them, and what may become of them: other casing, missing members, `null`, drift between
//! numbers and text, members and numbers that nobody knows yet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod change;
mod forms;
mod listings;
mod records;
#[path = "../shapes/mod.rs"]
mod shapes;
mod values;
