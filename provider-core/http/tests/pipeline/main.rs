//! The pipeline from outside: what goes over the wire, what comes back, how long it takes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod answers;
mod assembly;
mod bad_input;
mod breaker;
mod deadlines;
mod downloads;
mod gate;
mod laborious;
mod limits;
mod observed;
mod paging;
mod patience;
mod redirects;
mod requests;
mod retries;
mod scripted;
mod table;
mod tokens;
