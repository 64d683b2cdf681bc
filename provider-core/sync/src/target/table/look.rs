//! Rows, read.

use std::collections::BTreeMap;

use provider_core::command::folded_name;
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::Value;

use super::layout::{LINK, Layout};
use super::value::{from_sql, holds, quoted, to_sql};
use super::worker::JobError;
use crate::fingerprint::{Fingerprint, Written};
use crate::target::{Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord};

/// A row, and whether it is marked as removed.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) record: LocalRecord,
    pub(super) marked: bool,
}

/// Of a row as [`Layout::selected`] names its columns.
pub(super) fn found(layout: &Layout, row: &Row<'_>) -> rusqlite::Result<Found> {
    let key = key_of(row)?;
    let remote = match from_sql(row.get_ref(1)?) {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    let mut at = 2;
    let mut marked = false;
    if let Some((_, mark)) = &layout.mark {
        marked = holds(&from_sql(row.get_ref(at)?), mark);
        at += 1;
    }
    let mut values = BTreeMap::new();
    for (column, _) in &layout.columns {
        values.insert(column.clone(), from_sql(row.get_ref(at)?));
        at += 1;
    }
    let fingerprint = print(layout, row)?;
    Ok(Found { record: LocalRecord { key: LocalKey(key), remote, values, fingerprint }, marked })
}

/// The fingerprint of a row: of its columns that matter, as they are stored.
pub(super) fn print(layout: &Layout, row: &Row<'_>) -> rusqlite::Result<Fingerprint> {
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
    Ok((LocalKey(key_of(row)?), print(layout, row)?))
}

fn key_of(row: &Row<'_>) -> rusqlite::Result<String> {
    Ok(match from_sql(row.get_ref(0)?) {
        Value::String(text) => text,
        other => other.to_string(),
    })
}

fn rows(connection: &Connection, layout: &Layout, sql: &str, values: &[Sql]) -> rusqlite::Result<Vec<Found>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(found(layout, row)?);
    }
    Ok(all)
}

/// A key as its column holds it. `None` for one that no row can have.
pub(super) fn key(layout: &Layout, key: &LocalKey) -> Option<Sql> {
    if layout.key.integer { key.0.parse().ok().map(Sql::Integer) } else { Some(Sql::Text(key.0.clone())) }
}

fn one(connection: &Connection, layout: &Layout, sql: &str, value: Sql) -> rusqlite::Result<Option<Found>> {
    let mut values = vec![value];
    values.extend(layout.scope.iter().map(|(_, value)| value.clone()));
    Ok(rows(connection, layout, sql, &values)?.into_iter().next())
}

/// The row with this key.
pub(super) fn by_key(
    connection: &Connection,
    layout: &Layout,
    wanted: &LocalKey,
) -> rusqlite::Result<Option<Found>> {
    match key(layout, wanted) {
        Some(value) => one(connection, layout, &layout.by_key, value),
        None => Ok(None),
    }
}

/// The row that is tied to this record of the distributor.
pub(super) fn by_remote(
    connection: &Connection,
    layout: &Layout,
    remote: &str,
) -> rusqlite::Result<Option<Found>> {
    one(connection, layout, &layout.by_link, Sql::Text(remote.to_owned()))
}

/// Rows that one of the values of each criterion fits.
pub(super) fn find(
    connection: &Connection,
    layout: &Layout,
    criteria: &[Criterion],
    limit: usize,
) -> Result<Vec<LocalRecord>, JobError> {
    let (within, scope) = layout.within(1);
    let mut values: Vec<Sql> = scope.collect();
    let mut condition = format!("1{within}");
    for criterion in criteria {
        let column = quoted(&criterion.field);
        let column = if criterion.folded { format!("provider_folded({column})") } else { column };
        let mut places = Vec::new();
        for value in &criterion.values {
            let value = match value {
                Value::String(text) if criterion.folded => Sql::Text(folded_name(text)),
                other => to_sql(other),
            };
            values.push(value);
            places.push(format!("?{}", values.len()));
        }
        condition.push_str(&format!(" AND {column} IN ({})", places.join(", ")));
    }
    let sql = format!(
        "SELECT {} FROM {} WHERE {condition} ORDER BY {} LIMIT {limit}",
        layout.selected,
        quoted(&layout.table),
        quoted(&layout.key.column)
    );
    Ok(rows(connection, layout, &sql, &values)?.into_iter().map(|found| found.record).collect())
}

/// Rows in the order of their keys.
pub(super) fn read(
    connection: &Connection,
    layout: &Layout,
    after: Option<&LocalCursor>,
    limit: usize,
) -> Result<LocalPage, JobError> {
    let (within, scope) = layout.within(1);
    let mut values: Vec<Sql> = scope.collect();
    let mut condition = format!("1{within}");
    let column = quoted(&layout.key.column);
    if let Some(value) = after.and_then(|after| key(layout, &LocalKey(after.0.clone()))) {
        values.push(value);
        condition.push_str(&format!(" AND {column} > ?{}", values.len()));
    }
    let sql = format!(
        "SELECT {} FROM {} WHERE {condition} ORDER BY {column} LIMIT {limit}",
        layout.selected,
        quoted(&layout.table)
    );
    let records: Vec<_> =
        rows(connection, layout, &sql, &values)?.into_iter().map(|found| found.record).collect();
    let full = records.len() == limit;
    let next = records.last().filter(|_| full).map(|last| LocalCursor(last.key.0.clone()));
    Ok(LocalPage { records, next })
}
