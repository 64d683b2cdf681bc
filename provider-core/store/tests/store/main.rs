//! The store from without: the suites of both seams, files, processes, copies and tokens.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

/// A store in a folder of its own.
macro_rules! ground {
    ($place:ident) => {
        let $place = crate::support::Folder::new();
    };
}

#[path = "../both/attempts.rs"]
mod attempts;
mod conformance;
mod copies;
mod files;
#[path = "../both/processes.rs"]
mod processes;
mod support;
#[path = "../both/thousands.rs"]
mod thousands;
#[path = "../both/tokens.rs"]
mod tokens;
#[path = "../both/worker.rs"]
mod worker;
