//! Rows, written.

use std::fmt::Write as _;
use std::sync::Arc;

use provider_core::Violation;
use rusqlite::types::Value as Sql;
use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params_from_iter,
};
use serde_json::Value;

use super::layout::Layout;
use super::look::{self, Found};
use super::value::{holds, push_quoted, quoted, to_sql};
use super::worker::JobError;
use crate::fingerprint::Fingerprint;
use crate::plan::Update;
use crate::target::{Applied, ApplyBatch, ApplyChange, LocalKey, TargetError, TargetErrorKind};

const FENCE: &str = "CREATE TABLE IF NOT EXISTS provider_sync_fence \
    (connection TEXT PRIMARY KEY NOT NULL, fence INTEGER NOT NULL)";

/// Carries out a batch in one transaction: the comparison of what is there and the writing cannot be parted.
pub(super) fn apply(
    connection: &mut Connection,
    layouts: &[Arc<Layout>],
    batch: &ApplyBatch,
) -> Result<Vec<Applied>, JobError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    pass(&transaction, batch)?;
    let mut applied = Vec::with_capacity(batch.changes.len());
    for (change, layout) in batch.changes.iter().zip(layouts) {
        applied.push(match carry_out(&transaction, layout, change) {
            Ok(applied) => applied,
            Err(error) => Applied::Rejected(vec![violation(error)?]),
        });
        if transaction.is_autocommit() {
            let message = "a trigger of the application has taken the whole batch back";
            return Err(JobError::Target(TargetError::new(TargetErrorKind::Misfit, message)));
        }
    }
    transaction.commit()?;
    Ok(applied)
}

/// Refuses a worker of before, and remembers this one.
fn pass(transaction: &Transaction<'_>, batch: &ApplyBatch) -> Result<(), JobError> {
    transaction.execute_batch(FENCE)?;
    let latest: Option<i64> = transaction
        .prepare_cached("SELECT fence FROM provider_sync_fence WHERE connection = ?1")?
        .query_row([&batch.connection], |row| row.get(0))
        .optional()?;
    let own = i64::try_from(batch.fence).unwrap_or(i64::MAX);
    match latest {
        Some(latest) if latest > own => {
            let latest = u64::try_from(latest).unwrap_or_default();
            let message = "another worker has written for this connection since: nothing was written";
            Err(JobError::Target(TargetError::new(TargetErrorKind::Fenced { latest }, message)))
        }
        Some(latest) if latest == own => Ok(()),
        _ => {
            transaction
                .prepare_cached(
                    "INSERT INTO provider_sync_fence (connection, fence) VALUES (?1, ?2) \
                     ON CONFLICT (connection) DO UPDATE SET fence = excluded.fence",
                )?
                .execute((&batch.connection, own))?;
            Ok(())
        }
    }
}

/// Why the application does not take a row. Everything else is no answer about one row.
fn violation(error: rusqlite::Error) -> Result<Violation, JobError> {
    let constraint =
        matches!(error.sqlite_error_code(), Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch));
    if !constraint {
        return Err(error.into());
    }
    let message = match &error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    };
    let (_, about) = message.split_once(": ").unwrap_or_default();
    let field = about.split(',').next().unwrap_or_default().rsplit('.').next().unwrap_or_default();
    Ok(Violation::new(field.trim(), message.clone()))
}

fn carry_out(connection: &Connection, layout: &Layout, change: &ApplyChange) -> rusqlite::Result<Applied> {
    match (change.op, &change.local) {
        (Update::Create, _) => create(connection, layout, change),
        (Update::Update, Some(local)) => update(connection, layout, change, local),
        (Update::Update, None) => match look::by_remote(connection, layout, &change.remote.id)? {
            Some(found) => update(connection, layout, change, &found.record.key),
            None => Ok(Applied::Stale(None)),
        },
        (Update::Remove, _) => remove(connection, layout, change),
    }
}

fn done(found: Found) -> Applied {
    Applied::Done { local: found.record.key, fingerprint: found.record.fingerprint }
}

fn as_wanted(found: &Found, change: &ApplyChange) -> bool {
    let there = |(column, wanted): (&String, &Value)| {
        found.record.values.get(column).is_some_and(|stored| holds(stored, wanted))
    };
    found.record.remote.as_deref() == Some(&change.remote.id) && change.values.iter().all(there)
}

fn as_expected(found: &Found, expected: Option<Fingerprint>) -> bool {
    expected.is_none_or(|expected| expected == found.record.fingerprint)
}

fn create(connection: &Connection, layout: &Layout, change: &ApplyChange) -> rusqlite::Result<Applied> {
    let mut names = Names::of("INSERT INTO ", &layout.table);
    names.sql.push_str(" (");
    let mut values = vec![Sql::Text(change.remote.id.clone())];
    names.next(&layout.link);
    for (column, value) in &layout.scope {
        names.next(column);
        values.push(to_sql(value));
    }
    for (column, value) in &change.values {
        names.next(column);
        values.push(to_sql(value));
    }
    let mut sql = names.sql;
    sql.push_str(") VALUES (?1");
    for at in 2..=values.len() {
        // Writing into a text does not fail.
        let _ = write!(sql, ", ?{at}");
    }
    sql.push(')');
    // Rows with this link are rare here: only where one is, it is looked at.
    let gently = format!("{sql} ON CONFLICT DO NOTHING RETURNING {}", layout.selected);
    if let Some(made) = write(connection, layout, &gently, &values)? {
        return Ok(made);
    }
    match look::by_remote(connection, layout, &change.remote.id)? {
        Some(found) if as_wanted(&found, change) && !found.marked => Ok(done(found)),
        Some(found) => Ok(Applied::Stale(Some(found.record))),
        // Another rule of the application is in the way: it says which one.
        None => {
            let sql = format!("{sql} RETURNING {}", layout.selected);
            Ok(write(connection, layout, &sql, &values)?.unwrap_or(Applied::Stale(None)))
        }
    }
}

/// Names on their way into a statement.
struct Names {
    sql: String,
    first: bool,
}

impl Names {
    fn of(begin: &str, table: &str) -> Self {
        let mut sql = String::with_capacity(512);
        sql.push_str(begin);
        push_quoted(&mut sql, table);
        Self { sql, first: true }
    }

    /// The next one, behind a comma unless it is the first.
    fn next(&mut self, name: &str) {
        if !std::mem::replace(&mut self.first, false) {
            self.sql.push_str(", ");
        }
        push_quoted(&mut self.sql, name);
    }
}

/// What a statement returns about the row that it wrote.
fn write(
    connection: &Connection,
    layout: &Layout,
    sql: &str,
    values: &[Sql],
) -> rusqlite::Result<Option<Applied>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut written = None;
    // Constraints that are looked at last fail with the last step.
    while let Some(row) = rows.next()? {
        let (local, fingerprint) = look::written(layout, row)?;
        written = Some(Applied::Done { local, fingerprint });
    }
    Ok(written)
}

fn update(
    connection: &Connection,
    layout: &Layout,
    change: &ApplyChange,
    local: &LocalKey,
) -> rusqlite::Result<Applied> {
    let Some(found) = look::by_key(connection, layout, local)? else { return Ok(Applied::Stale(None)) };
    if as_wanted(&found, change) && !found.marked {
        return Ok(done(found));
    }
    let elsewhere = found.record.remote.as_deref().is_some_and(|remote| remote != change.remote.id);
    if elsewhere || !as_expected(&found, change.expected) {
        return Ok(Applied::Stale(Some(found.record)));
    }
    let mut set = vec![(layout.link.as_str(), Sql::Text(change.remote.id.clone()))];
    if let Some((column, _)) = layout.mark.as_ref().filter(|(column, _)| !change.values.contains_key(column))
        && found.marked
    {
        // It is there again.
        set.push((column, Sql::Null));
    }
    set.extend(change.values.iter().map(|(column, value)| (column.as_str(), to_sql(value))));
    change_row(connection, layout, local, set)
}

fn change_row(
    connection: &Connection,
    layout: &Layout,
    local: &LocalKey,
    set: Vec<(&str, Sql)>,
) -> rusqlite::Result<Applied> {
    let Some(key) = look::key(layout, local) else { return Ok(Applied::Stale(None)) };
    let mut names = Names::of("UPDATE ", &layout.table);
    names.sql.push_str(" SET ");
    let mut values = Vec::with_capacity(set.len() + 2);
    for (column, value) in set {
        values.push(value);
        names.next(column);
        let _ = write!(names.sql, " = ?{}", values.len());
    }
    values.push(key);
    let at = values.len();
    let (within, scope) = layout.within(at + 1);
    values.extend(scope.into_iter().map(to_sql));
    let mut sql = names.sql;
    sql.push_str(" WHERE ");
    push_quoted(&mut sql, &layout.key.column);
    let _ = write!(sql, " = ?{at}{within} RETURNING {}", layout.selected);
    Ok(write(connection, layout, &sql, &values)?.unwrap_or(Applied::Stale(None)))
}

fn remove(connection: &Connection, layout: &Layout, change: &ApplyChange) -> rusqlite::Result<Applied> {
    let found = match &change.local {
        Some(local) => look::by_key(connection, layout, local)?,
        None => look::by_remote(connection, layout, &change.remote.id)?,
    };
    let gone = || LocalKey(change.local.as_ref().map_or_else(String::new, |local| local.0.clone()));
    let Some(found) = found else {
        return Ok(Applied::Done { local: gone(), fingerprint: Fingerprint::of_text("") });
    };
    if found.marked && as_wanted(&found, change) {
        return Ok(done(found));
    }
    let own = found.record.remote.as_deref() == Some(&change.remote.id);
    if !own || !as_expected(&found, change.expected) {
        return Ok(Applied::Stale(Some(found.record)));
    }
    let local = found.record.key.clone();
    if let Some((column, value)) = &layout.mark {
        let mut set: Vec<_> = change
            .values
            .iter()
            .filter(|(name, _)| *name != column)
            .map(|(column, value)| (column.as_str(), to_sql(value)))
            .collect();
        set.push((column, to_sql(value)));
        return change_row(connection, layout, &local, set);
    }
    let Some(key) = look::key(layout, &local) else { return Ok(Applied::Stale(None)) };
    let (within, scope) = layout.within(2);
    let mut values = vec![key];
    values.extend(scope.into_iter().map(to_sql));
    let (table, column) = (quoted(&layout.table), quoted(&layout.key.column));
    let sql = format!("DELETE FROM {table} WHERE {column} = ?1{within}");
    connection.prepare_cached(&sql)?.execute(params_from_iter(&values))?;
    Ok(Applied::Done { local, fingerprint: found.record.fingerprint })
}
