//! One transaction, whatever database it is in: the logic of the store is written once, on this trait.

mod keys;
mod value;

use std::future::Future;

use chrono::{DateTime, Utc};
use provider_core::Result;

pub use keys::MarkedKeys;
pub use value::{Row, Value};

use crate::schema::Schema;

/// A transaction under way.
///
/// Statements are written with `$1`, `$2` and in the part of SQL that SQLite and PostgreSQL share. On
/// SQLite every answer is there at once, so that a step needs no runtime.
pub trait Tx: Send {
    /// The time by the clock that every user of this database shares, read within the transaction.
    fn now(&mut self) -> impl Future<Output = Result<DateTime<Utc>>> + Send;

    /// What a query answers.
    fn rows(&mut self, sql: &'static str, values: &[Value]) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// Changes rows and answers how many.
    fn exec(&mut self, sql: &'static str, values: &[Value]) -> impl Future<Output = Result<u64>> + Send;

    /// Carries out one statement for each set of values, and answers how many rows were changed.
    fn each(&mut self, sql: &'static str, sets: &[Vec<Value>]) -> impl Future<Output = Result<u64>> + Send;

    /// What a query answers for each set of values, one after another.
    fn find(
        &mut self,
        sql: &'static str,
        sets: &[Vec<Value>],
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// What a query answers for each key, where that is three whole numbers a row: its place among the keys, the number of
    /// the row, and 1 where it is as it was. `$1` is the scope, `$2` the text, `$3` its place and `$4` its mark. `ahead`
    /// reads rows in the order of their numbers, which most of the keys have too.
    fn numbers(
        &mut self,
        sql: &'static str,
        ahead: Ahead,
        scope: i64,
        keys: &MarkedKeys,
    ) -> impl Future<Output = Result<Vec<[Option<i64>; 3]>>> + Send;

    /// Several statements without values: the body of a migration.
    fn batch(&mut self, sql: &'static str) -> impl Future<Output = Result<()>> + Send;

    /// Nobody else is between here and the end of a transaction under the same name. SQLite has one writer at
    /// a time, whatever it writes. On PostgreSQL only what is read after it is what the one before has stored: a step
    /// that writes what it has read takes it first.
    fn exclusive(&mut self, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Whether there is a table of this name.
    fn has_table(&mut self, name: &'static str) -> impl Future<Output = Result<bool>> + Send;

    /// The tables that the steps work on.
    fn schema(&self) -> &'static Schema;

    /// How they grew, in the words of this database.
    fn migrations(&self) -> &'static [&'static str];
}

/// The rows that follow one, for keys that come in the order of the rows: to go on to the next row costs a part of what it
/// costs to look for it.
#[derive(Debug, Clone, Copy)]
pub struct Ahead {
    pub(crate) sql: &'static str,
    pub(crate) end: i64,
}

impl Ahead {
    /// By a query that answers number, text, mark and whether a row with this mark is as it was, of the rows between the
    /// numbers `$1` and `$2`, in their order. No row of the scope reaches the number `end`.
    #[must_use]
    pub const fn new(sql: &'static str, end: i64) -> Self {
        Self { sql, end }
    }
}

/// Whether a step changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It sees one moment and keeps nobody waiting.
    Read,
    /// It is alone from its first look to its last write.
    Write,
}

/// Something to do in one transaction: it happens whole or not at all.
///
/// It can be cloned, so that it can be done again where the connection was lost before anything was stored.
pub trait Step: Clone + Send + 'static {
    /// What it answers. Where nobody waits for the answer any more, it is dropped.
    type Answer: Send + 'static;

    /// Whether it changes anything.
    const ACCESS: Access;

    /// Whether it is still to be done when its caller has gone before it was begun.
    const OUTLIVES_ITS_CALLER: bool;

    /// Does it. An error undoes everything.
    fn run<T: Tx>(self, tx: &mut T) -> impl Future<Output = Result<Self::Answer>> + Send;
}
