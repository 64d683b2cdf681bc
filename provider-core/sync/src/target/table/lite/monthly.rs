//! Rows of a month, from a file.

use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, params_from_iter};
use serde_json::Value;

use super::super::monthly::{Asked, Cells};
use super::value::{from_sql, lent};
use super::worker::JobError;
use crate::target::LocalCursor;

/// What a column holds, as text.
fn text(value: ValueRef<'_>) -> Option<String> {
    match from_sql(value) {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// See [`Monthly::read`](super::super::monthly::Monthly::read).
pub(in super::super) fn month(
    connection: &Connection,
    asked: &Asked,
    month: &str,
    after: Option<&LocalCursor>,
    limit: usize,
) -> Result<(Vec<Cells>, u64), JobError> {
    let unplaced = if after.is_none() { unplaced(connection, asked)? } else { 0 };
    let mut values = vec![ToSqlOutput::Borrowed(ValueRef::Text(month.as_bytes()))];
    values.extend(asked.scope.iter().map(|fixed| lent(fixed.value.lend())));
    if let Some(after) = after {
        let number = after.0.parse().ok().filter(|_| asked.key.integer).map(Sql::Integer);
        values.push(ToSqlOutput::Owned(number.unwrap_or_else(|| Sql::Text(after.0.clone()))));
    }
    let mut statement = connection.prepare_cached(&asked.rows(after.is_some(), limit))?;
    let columns = statement.column_count();
    let mut found = statement.query(params_from_iter(values))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cells = (0..columns).map(|at| row.get_ref(at).map(text));
        rows.push(cells.collect::<rusqlite::Result<Cells>>()?);
    }
    Ok((rows, unplaced))
}

fn unplaced(connection: &Connection, asked: &Asked) -> Result<u64, JobError> {
    let values = asked.scope.iter().map(|fixed| lent(fixed.value.lend()));
    let count: String =
        connection.query_row(&asked.unplaced(), params_from_iter(values), |row| row.get(0))?;
    Ok(count.parse().unwrap_or_default())
}
