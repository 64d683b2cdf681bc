//! Tools to test an integration with a cloud distributor, without an account at one.
//!
//! [`Simulator`] serves Crayon Cloud-iQ, Pax8 and TD SYNNEX StreamOne ION on loopback: with state, seeded data, faults on
//! demand and a record of every request. Point any client at it by base URL.
//!
//! [`conformance`] examines any `Provider`, whoever wrote it, and says which of its promises it keeps.

pub mod conformance;
pub mod fault;
pub mod simulator;

pub use simulator::Simulator;
