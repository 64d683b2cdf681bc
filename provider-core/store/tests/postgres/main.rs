//! The store on a real PostgreSQL: the suites of both seams, and everything that only a server can do to it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

/// A store in a schema of its own; without a server there is nothing to try.
macro_rules! ground {
    ($place:ident) => {
        let Some($place) = crate::support::Place::on_the_server() else { return };
    };
}

#[path = "../both/attempts.rs"]
mod attempts;
mod conformance;
mod faults;
#[path = "../both/processes.rs"]
mod processes;
mod sabotage;
mod server;
mod support;
#[path = "../both/thousands.rs"]
mod thousands;
#[cfg(feature = "postgres-tls")]
mod tls;
#[path = "../both/tokens.rs"]
mod tokens;
mod wire;
#[path = "../both/worker.rs"]
mod worker;
