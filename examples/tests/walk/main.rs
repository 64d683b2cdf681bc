//! The walk of an operator through the examples, one for each distributor, against a server that keeps its
//! state: verify, export everything, create a customer, buy, change, end. Whatever is written is planned
//! first and said twice with the same key: the second time changes nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic is a failed test")]

mod crayon;
mod operator;
mod pax8;
#[path = "../run/mod.rs"]
mod run;
mod running;
mod streamone;
