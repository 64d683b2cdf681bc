//! SQLite: one file on this machine, and one thread that owns the connection to it.

mod connection;
mod copy;
mod numbers;
mod place;
mod reported;
mod transaction;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use provider_core::clock::Clock;

use crate::place::Making;
use crate::schema::Schema;
use crate::seam::Durability;

pub(crate) use worker::Worker;

/// What it takes to open a file.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) path: PathBuf,
    /// How long to wait while another process writes.
    pub(crate) patience: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) schema: &'static Schema,
    pub(crate) making: Making,
    pub(crate) durability: Durability,
}

/// Where a test stops the process: before each statement and each change of a file.
#[cfg(not(test))]
#[inline]
fn between_statements() {}

#[cfg(test)]
use crate::tests::kill::between_statements;
