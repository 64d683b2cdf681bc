//! Every request that the client can build, and every answer that it can read: exact bytes, the coverage table, and the
//! vendor's own files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod answers;
mod bytes;
mod calls;
mod coverage;
mod reading;
mod recorder;
mod shapes;
mod specs;
mod vendor;
