//! The client, endpoint by endpoint, against answers written out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap, index or expectation is a failed test"
)]

mod addresses;
mod coverage;
mod docs;
mod recorder;
mod samples;
mod words;
