//! A transaction of SQLite.

use std::future::{Future, ready};

use chrono::{DateTime, Utc};
use provider_core::Result;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ToSql, params_from_iter};

use super::numbers::numbers;
use super::{Options, between_statements};
use crate::error::damaged;
use crate::schema::Schema;
use crate::tx::{Ahead, MarkedKeys, Row, Tx, Value};

#[derive(Debug)]
pub(super) struct LiteTx<'a> {
    /// Alone on it, so that a step can be sent between threads whatever SQLite does.
    sqlite: &'a mut rusqlite::Connection,
    options: &'a Options,
}

impl<'a> LiteTx<'a> {
    pub(super) fn new(sqlite: &'a mut rusqlite::Connection, options: &'a Options) -> Self {
        Self { sqlite, options }
    }

    fn query(&self, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Result<Row>>> {
        between_statements();
        let mut statement = self.sqlite.prepare_cached(&numbered(sql))?;
        let columns = statement.column_count();
        let mut found = statement.query(params_from_iter(values))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            rows.push(read(row, columns)?);
        }
        Ok(rows)
    }

    fn change(&self, sql: &str, values: &[Value]) -> rusqlite::Result<u64> {
        between_statements();
        let changed = self.sqlite.prepare_cached(&numbered(sql))?.execute(params_from_iter(values))?;
        Ok(changed as u64)
    }

    fn change_each(&self, sql: &str, sets: &[Vec<Value>]) -> rusqlite::Result<u64> {
        let mut statement = self.sqlite.prepare_cached(&numbered(sql))?;
        let mut changed = 0;
        for values in sets {
            between_statements();
            changed += statement.execute(params_from_iter(values))? as u64;
        }
        Ok(changed)
    }

    fn query_each(&self, sql: &str, sets: &[Vec<Value>]) -> rusqlite::Result<Vec<Result<Row>>> {
        let mut statement = self.sqlite.prepare_cached(&numbered(sql))?;
        let columns = statement.column_count();
        let mut rows = Vec::with_capacity(sets.len());
        for values in sets {
            between_statements();
            let mut found = statement.query(params_from_iter(values))?;
            while let Some(row) = found.next()? {
                rows.push(read(row, columns)?);
            }
        }
        Ok(rows)
    }

    fn answer<T>(&self, answer: rusqlite::Result<T>) -> Result<T> {
        answer.map_err(|error| self.options.about().sqlite(error))
    }
}

fn read(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Result<Row>> {
    let mut values = Vec::with_capacity(columns);
    for column in 0..columns {
        match value(row.get_ref(column)?) {
            Ok(value) => values.push(value),
            Err(damaged) => return Ok(Err(damaged)),
        }
    }
    Ok(Ok(Row::new(values)))
}

/// `$1` of PostgreSQL is `?1` here; no statement holds the sign otherwise.
pub(super) fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Word(word) => ValueRef::Text(word.as_bytes()),
            Self::Mark(mark) => ValueRef::Blob(mark),
        }))
    }
}

fn value(found: ValueRef<'_>) -> Result<Value> {
    Ok(match found {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => return Err(damaged("a text of the store is no UTF-8")),
        },
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(damaged("a row of the store holds a fraction")),
    })
}

impl Tx for LiteTx<'_> {
    /// This machine's clock is the one that all users of the file share.
    fn now(&mut self) -> impl Future<Output = Result<DateTime<Utc>>> + Send {
        ready(Ok(self.options.clock.now()))
    }

    fn rows(&mut self, sql: &'static str, values: &[Value]) -> impl Future<Output = Result<Vec<Row>>> + Send {
        let rows = self.query(sql, values);
        ready(self.answer(rows).and_then(|rows| rows.into_iter().collect()))
    }

    fn exec(&mut self, sql: &'static str, values: &[Value]) -> impl Future<Output = Result<u64>> + Send {
        let changed = self.change(sql, values);
        ready(self.answer(changed))
    }

    fn each(&mut self, sql: &'static str, sets: &[Vec<Value>]) -> impl Future<Output = Result<u64>> + Send {
        let changed = self.change_each(sql, sets);
        ready(self.answer(changed))
    }

    fn find(
        &mut self,
        sql: &'static str,
        sets: &[Vec<Value>],
    ) -> impl Future<Output = Result<Vec<Row>>> + Send {
        let rows = self.query_each(sql, sets);
        ready(self.answer(rows).and_then(|rows| rows.into_iter().collect()))
    }

    fn numbers(
        &mut self,
        sql: &'static str,
        ahead: Ahead,
        scope: i64,
        keys: &MarkedKeys,
    ) -> impl Future<Output = Result<Vec<[Option<i64>; 3]>>> + Send {
        let found = numbers(self.sqlite, sql, ahead, scope, keys);
        ready(self.answer(found))
    }

    fn batch(&mut self, sql: &'static str) -> impl Future<Output = Result<()>> + Send {
        between_statements();
        let done = self.sqlite.execute_batch(sql);
        ready(self.answer(done))
    }

    /// `BEGIN IMMEDIATE` has let nobody else in, under any name.
    fn exclusive(&mut self, _name: &str) -> impl Future<Output = Result<()>> + Send {
        ready(Ok(()))
    }

    fn has_table(&mut self, name: &'static str) -> impl Future<Output = Result<bool>> + Send {
        let found =
            self.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1", &[name.into()]);
        ready(self.answer(found).map(|rows| !rows.is_empty()))
    }

    fn schema(&self) -> &'static Schema {
        self.options.schema
    }

    fn migrations(&self) -> &'static [&'static str] {
        self.options.schema.sqlite
    }
}
