//! A provider of your own, run through the conformance suite.
//!
//! ```sh
//! cargo run --example custom_provider
//! ```
fn main() {}
