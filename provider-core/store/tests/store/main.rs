//! The store from without: the suites of both seams, files, processes, copies and tokens.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

mod conformance;
mod copies;
mod files;
mod processes;
mod support;
mod tokens;
mod worker;
