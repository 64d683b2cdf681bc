//! PostgreSQL: one database for many machines, and one thread that owns the connections to it.

mod address;
mod fault;
mod guest;
mod server;
#[cfg(feature = "postgres-tls")]
mod tls;
mod transaction;
mod value;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use provider_core::clock::Clock;

use crate::place::Making;
use crate::schema::Schema;

pub(crate) use address::Address;
pub use fault::SqlRefusal;
pub use guest::{Given, Guest, PgStep, Texts};
pub use transaction::PgTx;
pub(crate) use worker::Worker;

/// What it takes to use a server.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) address: Address,
    /// How long to wait for what another process holds.
    pub(crate) patience: Duration,
    /// In place of the database's own, for tests.
    pub(crate) clock: Option<Arc<dyn Clock>>,
    /// The tables in it that are ours; a guest has none.
    pub(crate) schema: Option<&'static Schema>,
    pub(crate) making: Making,
}

/// Where a test stops the process: before each message to the server.
#[cfg(not(all(test, feature = "sqlite")))]
#[inline]
fn between_statements() {}

#[cfg(all(test, feature = "sqlite"))]
use crate::tests::kill::between_statements;
