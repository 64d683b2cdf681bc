//! Programs of somebody who knows the crate by its documentation alone: an application, a distributor, a clock and a
//! postman of their own, and nothing that is not public.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a panic is a failed test"
)]

mod application;
mod conformance;
mod distributor;
mod letters;
mod people;
mod plans;
mod push;
mod quarantine;
mod removal;
mod report;
mod runs;
mod scene;
mod signatures;
mod testkit;
