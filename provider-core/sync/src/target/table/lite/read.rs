//! Rows of a file, read.

use provider_core::command::folded_name;
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::Value;

use super::super::After;
use super::super::dialect::Dialect;
use super::super::found::Found;
use super::super::layout::{LINK, Layout};
use super::super::rows::By;
use super::super::value::quoted;
use super::value::{from_sql, lent, to_sql};
use super::worker::JobError;
use crate::fingerprint::{Fingerprint, Written};
use crate::target::{Criterion, LocalKey, LocalPage, LocalRecord};

fn found(layout: &Layout, row: &Row<'_>) -> rusqlite::Result<Found> {
    let cells = 2 + usize::from(layout.mark.is_some()) + layout.columns.len();
    let cells = (0..cells).map(|at| row.get_ref(at).map(from_sql)).collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Found::of(layout, cells, Some(print(layout, row)?)))
}

/// The fingerprint of a row, made without a copy of what is in it.
fn print(layout: &Layout, row: &Row<'_>) -> rusqlite::Result<Fingerprint> {
    let mut written = Written::default();
    for (column, at) in &layout.watched {
        match row.get_ref(*at)? {
            ValueRef::Text(text) => written.value(column, &*String::from_utf8_lossy(text)),
            // A link is a text, whatever its column makes of it.
            ValueRef::Integer(whole) if *at == LINK => written.value(column, &whole.to_string()),
            ValueRef::Integer(whole) => written.value(column, &whole),
            other if *at == LINK && other != ValueRef::Null => {
                written.value(column, &from_sql(other).to_string());
            }
            other => written.value(column, &from_sql(other)),
        }
    }
    Ok(written.fingerprint())
}

/// A row that was written: its key and its fingerprint.
pub(super) fn written(layout: &Layout, row: &Row<'_>) -> rusqlite::Result<(LocalKey, Fingerprint)> {
    let key = match from_sql(row.get_ref(0)?) {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok((LocalKey(key), print(layout, row)?))
}

fn rows<'v>(
    connection: &Connection,
    layout: &Layout,
    sql: &str,
    values: impl IntoIterator<Item = ToSqlOutput<'v>>,
) -> rusqlite::Result<Vec<Found>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(found(layout, row)?);
    }
    Ok(all)
}

/// A key as its column holds it. `None` for one that no row can have.
pub(super) fn key<'k>(layout: &Layout, key: &'k str) -> Option<ToSqlOutput<'k>> {
    if layout.key.integer {
        key.parse().ok().map(|number| ToSqlOutput::Borrowed(ValueRef::Integer(number)))
    } else {
        Some(ToSqlOutput::Borrowed(ValueRef::Text(key.as_bytes())))
    }
}

/// The row with this key, or the one that is tied to this record of the distributor.
pub(super) fn one(
    connection: &Connection,
    layout: &Layout,
    by: By,
    wanted: &str,
) -> rusqlite::Result<Option<Found>> {
    let (sql, value) = match by {
        By::Key => (&layout.by_key, key(layout, wanted)),
        By::Link => (&layout.by_link, Some(ToSqlOutput::Borrowed(ValueRef::Text(wanted.as_bytes())))),
    };
    let Some(value) = value else { return Ok(None) };
    let values = std::iter::once(value).chain(layout.scope.iter().map(|fixed| lent(fixed.value.lend())));
    Ok(rows(connection, layout, sql, values)?.into_iter().next())
}

/// The rows with these keys.
pub(in super::super) fn get(
    connection: &Connection,
    layout: &Layout,
    keys: &[LocalKey],
) -> Result<Vec<LocalRecord>, JobError> {
    let found = keys.iter().filter_map(|key| one(connection, layout, By::Key, key.as_str()).transpose());
    Ok(found.map(|found| found.map(|found| found.record)).collect::<rusqlite::Result<_>>()?)
}

/// Those of the rows with these keys that are marked as removed.
pub(in super::super) fn marked(
    connection: &Connection,
    layout: &Layout,
    keys: &[LocalKey],
) -> Result<Vec<LocalKey>, JobError> {
    let mut marked = Vec::new();
    for key in keys {
        let found = one(connection, layout, By::Key, key.as_str())?;
        marked.extend(found.filter(|found| found.marked).map(|found| found.record.key));
    }
    Ok(marked)
}

/// Rows that one of the values of each criterion fits.
pub(in super::super) fn find(
    connection: &Connection,
    layout: &Layout,
    criteria: &[Criterion],
    limit: usize,
) -> Result<Vec<LocalRecord>, JobError> {
    let mut condition = format!("1{}", Dialect::Sqlite.within(layout, 1));
    let mut values: Vec<ToSqlOutput<'_>> =
        layout.scope.iter().map(|fixed| lent(fixed.value.lend())).collect();
    for criterion in criteria {
        let column = quoted(&criterion.field);
        let column = if criterion.folded { format!("provider_folded({column})") } else { column };
        let mut places = Vec::new();
        for value in &criterion.values {
            values.push(ToSqlOutput::Owned(match value {
                Value::String(text) if criterion.folded => Sql::Text(folded_name(text)),
                other => to_sql(other),
            }));
            places.push(format!("?{}", values.len()));
        }
        condition.push_str(&format!(" AND {column} IN ({})", places.join(", ")));
    }
    let Layout { selected, table, .. } = layout;
    let sql = format!(
        "SELECT {selected} FROM {table} WHERE {condition} ORDER BY {} LIMIT {limit}",
        layout.key_column()
    );
    Ok(rows(connection, layout, &sql, values)?
        .into_iter()
        .map(|found| found.into_asked(layout, criteria))
        .collect())
}

/// Rows in the order of their keys.
pub(in super::super) fn read(
    connection: &Connection,
    layout: &Layout,
    after: &After,
) -> Result<LocalPage, JobError> {
    let mut condition = format!("1{}", Dialect::Sqlite.within(layout, 1));
    let mut values: Vec<ToSqlOutput<'_>> =
        layout.scope.iter().map(|fixed| lent(fixed.value.lend())).collect();
    let column = layout.key_column();
    if let Some(value) = after.cursor.as_ref().and_then(|cursor| key(layout, &cursor.0)) {
        values.push(value);
        condition.push_str(&format!(" AND {column} > ?{}", values.len()));
    }
    if after.untied {
        condition.push_str(&format!(" AND {} IS NULL", quoted(&layout.link.name)));
    }
    let limit = after.limit;
    let Layout { selected, table, .. } = layout;
    let sql = format!("SELECT {selected} FROM {table} WHERE {condition} ORDER BY {column} LIMIT {limit}");
    let found = rows(connection, layout, &sql, values)?;
    Ok(LocalPage::of(found.into_iter().map(|found| found.record).collect(), limit))
}
