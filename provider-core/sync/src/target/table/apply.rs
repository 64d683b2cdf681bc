//! Rows, written.

use std::fmt::Write as _;
use std::sync::Arc;

use provider_core::Violation;
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{
    CachedStatement, Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior,
    params_from_iter,
};

use super::change::{Alike, Prepared};
use super::layout::Layout;
use super::look::{self, Found};
use super::value::{holds, push_quoted, quoted};
use super::worker::JobError;
use crate::fingerprint::Fingerprint;
use crate::plan::Update;
use crate::target::{Applied, LocalKey, TargetError, TargetErrorKind};

const FENCE: &str = "CREATE TABLE IF NOT EXISTS provider_sync_fence \
    (connection TEXT PRIMARY KEY NOT NULL, fence INTEGER NOT NULL)";

/// Carries out a batch in one transaction: the comparison of what is there and the writing cannot be parted.
pub(super) fn apply(
    connection: &mut Connection,
    owner: &str,
    fence: u64,
    changes: &[Prepared],
) -> Result<Vec<Applied>, JobError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    pass(&transaction, owner, fence)?;
    let mut applied = Vec::with_capacity(changes.len());
    let mut making = Making { connection: &transaction, statement: None };
    for change in changes {
        applied.push(match carry_out(&mut making, change) {
            Ok(applied) => applied,
            Err(error) => Applied::Rejected(vec![violation(error)?]),
        });
        if transaction.is_autocommit() {
            let message = "a trigger of the application has taken the whole batch back";
            return Err(JobError::Target(TargetError::new(TargetErrorKind::Misfit, message)));
        }
    }
    drop(making);
    transaction.commit()?;
    Ok(applied)
}

/// Refuses a worker of before, and remembers this one.
fn pass(transaction: &Transaction<'_>, owner: &str, fence: u64) -> Result<(), JobError> {
    transaction.execute_batch(FENCE)?;
    let latest: Option<i64> = transaction
        .prepare_cached("SELECT fence FROM provider_sync_fence WHERE connection = ?1")?
        .query_row([owner], |row| row.get(0))
        .optional()?;
    let own = i64::try_from(fence).unwrap_or(i64::MAX);
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
                .execute((owner, own))?;
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

fn carry_out(making: &mut Making<'_>, change: &Prepared) -> rusqlite::Result<Applied> {
    let connection = making.connection;
    match (change.op, &change.local) {
        (Update::Create, _) => making.create(change),
        (Update::Update, Some(local)) => update(connection, change, local),
        (Update::Update, None) => match look::by_remote(connection, &change.layout, &change.remote)? {
            Some(found) => update(connection, change, &found.record.key),
            None => Ok(Applied::Stale(None)),
        },
        (Update::Remove, _) => remove(connection, change),
    }
}

fn done(found: Found) -> Applied {
    Applied::Done { local: found.record.key, fingerprint: found.record.fingerprint }
}

fn as_wanted(found: &Found, change: &Prepared) -> bool {
    let there =
        |(column, wanted): (&str, &Sql)| found.record.values.get(column).is_some_and(|is| holds(is, wanted));
    found.record.remote.as_deref() == Some(&change.remote) && change.written().all(there)
}

fn as_expected(found: &Found, expected: Option<Fingerprint>) -> bool {
    expected.is_none_or(|expected| expected == found.record.fingerprint)
}

/// Rows that are made. Most of a batch write the same columns, with one statement.
struct Making<'c> {
    connection: &'c Connection,
    statement: Option<(CachedStatement<'c>, Alike)>,
}

impl Making<'_> {
    fn create(&mut self, change: &Prepared) -> rusqlite::Result<Applied> {
        let layout = &change.layout;
        // Rows with this link are rare here: only where one is, it is looked at.
        let statement = match &mut self.statement {
            Some((statement, alike)) if change.is_alike(alike) => statement,
            other => {
                let gently =
                    format!("{} ON CONFLICT DO NOTHING RETURNING {}", insert(change), layout.selected);
                let alike = (Arc::clone(layout), Arc::clone(&change.columns));
                &mut other.insert((self.connection.prepare_cached(&gently)?, alike)).0
            }
        };
        if let Some(made) = run(statement, layout, made(change))? {
            return Ok(made);
        }
        match look::by_remote(self.connection, layout, &change.remote)? {
            Some(found) if as_wanted(&found, change) && !found.marked => Ok(done(found)),
            Some(found) => Ok(Applied::Stale(Some(found.record))),
            // Another rule of the application is in the way: it says which one.
            None => {
                let sql = format!("{} RETURNING {}", insert(change), layout.selected);
                let mut statement = self.connection.prepare_cached(&sql)?;
                Ok(run(&mut statement, layout, made(change))?.unwrap_or(Applied::Stale(None)))
            }
        }
    }
}

/// What a new row holds.
fn made(change: &Prepared) -> impl Iterator<Item = ToSqlOutput<'_>> {
    let link = ToSqlOutput::Borrowed(ValueRef::Text(change.remote.as_bytes()));
    let scope = change.layout.scope.iter().map(|(_, value)| value);
    std::iter::once(link).chain(scope.chain(&change.values).map(|value| ToSqlOutput::Borrowed(value.into())))
}

/// The statement that makes such a row.
fn insert(change: &Prepared) -> String {
    let layout = &change.layout;
    let mut names = Names::of("INSERT INTO ", &layout.table);
    names.sql.push_str(" (");
    names.next(&layout.link);
    layout.scope.iter().for_each(|(column, _)| names.next(column));
    change.columns.iter().for_each(|column| names.next(column));
    let mut sql = names.sql;
    sql.push_str(") VALUES (?1");
    for at in 2..=1 + layout.scope.len() + change.columns.len() {
        // Writing into a text does not fail.
        let _ = write!(sql, ", ?{at}");
    }
    sql.push(')');
    sql
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
fn run<'v>(
    statement: &mut CachedStatement<'_>,
    layout: &Layout,
    values: impl Iterator<Item = ToSqlOutput<'v>>,
) -> rusqlite::Result<Option<Applied>> {
    let mut rows = statement.query(params_from_iter(values))?;
    let mut written = None;
    // Constraints that are looked at last fail with the last step.
    while let Some(row) = rows.next()? {
        let (local, fingerprint) = look::written(layout, row)?;
        written = Some(Applied::Done { local, fingerprint });
    }
    Ok(written)
}

fn update(connection: &Connection, change: &Prepared, local: &LocalKey) -> rusqlite::Result<Applied> {
    let layout = &*change.layout;
    let Some(found) = look::by_key(connection, layout, local)? else { return Ok(Applied::Stale(None)) };
    if as_wanted(&found, change) && !found.marked {
        return Ok(done(found));
    }
    let elsewhere = found.record.remote.as_deref().is_some_and(|remote| remote != change.remote);
    if elsewhere || !as_expected(&found, change.expected) {
        return Ok(Applied::Stale(Some(found.record)));
    }
    let mut set = vec![(layout.link.as_str(), Sql::Text(change.remote.clone()))];
    if let Some((column, _)) = layout.mark.as_ref().filter(|(column, _)| !change.columns.contains(column))
        && found.marked
    {
        // It is there again.
        set.push((column, Sql::Null));
    }
    set.extend(change.written().map(|(column, value)| (column, value.clone())));
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
    values.extend(scope);
    let mut sql = names.sql;
    sql.push_str(" WHERE ");
    push_quoted(&mut sql, &layout.key.column);
    let _ = write!(sql, " = ?{at}{within} RETURNING {}", layout.selected);
    let mut statement = connection.prepare_cached(&sql)?;
    let values = values.iter().map(|value| ToSqlOutput::Borrowed(value.into()));
    Ok(run(&mut statement, layout, values)?.unwrap_or(Applied::Stale(None)))
}

fn remove(connection: &Connection, change: &Prepared) -> rusqlite::Result<Applied> {
    let layout = &*change.layout;
    let found = match &change.local {
        Some(local) => look::by_key(connection, layout, local)?,
        None => look::by_remote(connection, layout, &change.remote)?,
    };
    let gone = || LocalKey(change.local.as_ref().map_or_else(String::new, |local| local.0.clone()));
    let Some(found) = found else {
        return Ok(Applied::Done { local: gone(), fingerprint: Fingerprint::of_text("") });
    };
    if found.marked && as_wanted(&found, change) {
        return Ok(done(found));
    }
    let own = found.record.remote.as_deref() == Some(&change.remote);
    if !own || !as_expected(&found, change.expected) {
        return Ok(Applied::Stale(Some(found.record)));
    }
    let local = found.record.key.clone();
    if let Some((column, value)) = &layout.mark {
        let others = change.written().filter(|(name, _)| name != column);
        let mut set: Vec<_> = others.map(|(column, value)| (column, value.clone())).collect();
        set.push((column, value.clone()));
        return change_row(connection, layout, &local, set);
    }
    let Some(key) = look::key(layout, &local) else { return Ok(Applied::Stale(None)) };
    let (within, scope) = layout.within(2);
    let mut values = vec![key];
    values.extend(scope);
    let (table, column) = (quoted(&layout.table), quoted(&layout.key.column));
    let sql = format!("DELETE FROM {table} WHERE {column} = ?1{within}");
    connection.prepare_cached(&sql)?.execute(params_from_iter(&values))?;
    Ok(Applied::Done { local, fingerprint: found.record.fingerprint })
}
