//! Connections of the real clients that are broken on purpose: each stops itself or does not, tells its people once
//! which setting to change, and goes on when it is mended. And secrets that are planted in what goes wrong: none of
//! them is in a letter, a report, a status or a log.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a panic is a failed test"
)]

mod planted;
mod scene;
#[path = "../sync/sink.rs"]
mod sink;
mod ways;
