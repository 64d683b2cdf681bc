//! Rows, read.

use std::collections::BTreeMap;

use provider_core::command::folded_name;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::Value;

use super::layout::Layout;
use super::value::{from_sql, holds, quoted, to_sql};
use super::worker::Failure;
use crate::fingerprint::Fingerprint;
use crate::target::{Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord};

/// A row, and whether it is marked as removed.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) record: LocalRecord,
    pub(super) marked: bool,
}

/// Of a row as [`Layout::selected`] names its columns.
pub(super) fn found(layout: &Layout, row: &Row<'_>) -> rusqlite::Result<Found> {
    let key = match from_sql(row.get_ref(0)?) {
        Value::String(text) => text,
        other => other.to_string(),
    };
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
    let link = remote.clone().map_or(Value::Null, Value::String);
    let watched = layout.columns.iter().filter(|(_, watched)| *watched);
    let watched = watched.filter_map(|(column, _)| values.get_key_value(column));
    let fingerprint = Fingerprint::of_values(
        watched.map(|(column, value)| (column.as_str(), value)).chain([(layout.link.as_str(), &link)]),
    );
    Ok(Found { record: LocalRecord { key: LocalKey(key), remote, values, fingerprint }, marked })
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

fn one(
    connection: &Connection,
    layout: &Layout,
    column: &str,
    value: Sql,
) -> rusqlite::Result<Option<Found>> {
    let (within, scope) = layout.within(2);
    let table = quoted(&layout.table);
    let sql = format!("SELECT {} FROM {table} WHERE {} = ?1{within}", layout.selected(), quoted(column));
    let mut values = vec![value];
    values.extend(scope.into_iter().map(to_sql));
    Ok(rows(connection, layout, &sql, &values)?.into_iter().next())
}

/// The row with this key.
pub(super) fn by_key(
    connection: &Connection,
    layout: &Layout,
    wanted: &LocalKey,
) -> rusqlite::Result<Option<Found>> {
    match key(layout, wanted) {
        Some(value) => one(connection, layout, &layout.key.column, value),
        None => Ok(None),
    }
}

/// The row that is tied to this record of the distributor.
pub(super) fn by_remote(
    connection: &Connection,
    layout: &Layout,
    remote: &str,
) -> rusqlite::Result<Option<Found>> {
    one(connection, layout, &layout.link, Sql::Text(remote.to_owned()))
}

/// Rows that one of the values of each criterion fits.
pub(super) fn find(
    connection: &Connection,
    layout: &Layout,
    criteria: &[Criterion],
    limit: usize,
) -> Result<Vec<LocalRecord>, Failure> {
    let (within, scope) = layout.within(1);
    let mut values: Vec<Sql> = scope.into_iter().map(to_sql).collect();
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
        layout.selected(),
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
) -> Result<LocalPage, Failure> {
    let (within, scope) = layout.within(1);
    let mut values: Vec<Sql> = scope.into_iter().map(to_sql).collect();
    let mut condition = format!("1{within}");
    let column = quoted(&layout.key.column);
    if let Some(value) = after.and_then(|after| key(layout, &LocalKey(after.0.clone()))) {
        values.push(value);
        condition.push_str(&format!(" AND {column} > ?{}", values.len()));
    }
    let sql = format!(
        "SELECT {} FROM {} WHERE {condition} ORDER BY {column} LIMIT {limit}",
        layout.selected(),
        quoted(&layout.table)
    );
    let records: Vec<_> =
        rows(connection, layout, &sql, &values)?.into_iter().map(|found| found.record).collect();
    let full = records.len() == limit;
    let next = records.last().filter(|_| full).map(|last| LocalCursor(last.key.0.clone()));
    Ok(LocalPage { records, next })
}
