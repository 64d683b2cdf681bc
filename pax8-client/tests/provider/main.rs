//! The provider against the simulator, which reads the same reference with other eyes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a failed unwrap is a failed test"
)]

mod bad_input;
mod budget;
mod conformance;
mod facts;
mod host;
mod looking_alike;
mod lost;
mod odd_answers;
mod plans;
mod reads;
mod unknown;
mod verify;
mod walk;
mod world;
mod writes;
