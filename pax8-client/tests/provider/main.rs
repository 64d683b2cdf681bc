//! The provider against the simulator, which reads the same reference with other eyes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

mod bad_input;
mod conformance;
mod lost;
mod reads;
mod unknown;
mod verify;
mod walk;
mod world;
mod writes;
