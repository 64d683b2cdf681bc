//! One transaction, whatever database it is in: the seam on which all logic of the store is written once.

mod value;

use std::future::Future;

use chrono::{DateTime, Utc};
use provider_core::Result;

pub(crate) use value::{Row, Value};

/// A transaction under way.
///
/// Statements are written with `$1`, `$2` and in the part of SQL that SQLite and PostgreSQL share. On
/// SQLite every answer is there at once, so that a step needs no runtime.
pub(crate) trait Tx: Send {
    /// The time by the clock that every user of this database shares, read within the transaction.
    fn now(&mut self) -> impl Future<Output = Result<DateTime<Utc>>> + Send;

    /// What a query answers.
    fn rows(&mut self, sql: &'static str, values: &[Value]) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// Changes rows and answers how many.
    fn exec(&mut self, sql: &'static str, values: &[Value]) -> impl Future<Output = Result<u64>> + Send;

    /// Several statements without values: the body of a migration.
    fn batch(&mut self, sql: &'static str) -> impl Future<Output = Result<()>> + Send;

    /// Nobody else is between here and the end of a transaction under the same name. SQLite has one writer at
    /// a time, whatever it writes.
    fn exclusive(&mut self, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Whether there is a table of this name.
    fn has_table(&mut self, name: &'static str) -> impl Future<Output = Result<bool>> + Send;

    /// How the schema grew in the words of this database; the first migration makes schema 1.
    fn migrations(&self) -> &'static [&'static str];
}

/// Whether a step changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It sees one moment and keeps nobody waiting.
    Read,
    /// It is alone from its first look to its last write.
    Write,
}

/// Something to do in one transaction: it happens whole or not at all.
pub(crate) trait Step: Send + 'static {
    /// What it answers. Where nobody waits for the answer any more, it is dropped.
    type Answer: Send + 'static;

    /// Whether it changes anything.
    const ACCESS: Access;

    /// Whether it is still to be done when its caller has gone before it was begun.
    const OUTLIVES_ITS_CALLER: bool;

    /// Does it. An error undoes everything.
    fn run<T: Tx>(self, tx: &mut T) -> impl Future<Output = Result<Self::Answer>> + Send;
}
