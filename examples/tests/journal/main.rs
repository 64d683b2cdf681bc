//! What the examples keep, where they keep it, and what a person makes of what is open.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic is a failed test")]

mod person;
mod places;
#[path = "../run/mod.rs"]
mod run;
mod shop;
mod tokens;
