//! Every request that the client can build: its exact bytes, the coverage table, and the vendor's own schemas.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod bytes;
mod calls;
mod coverage;
mod recorder;
mod specs;
