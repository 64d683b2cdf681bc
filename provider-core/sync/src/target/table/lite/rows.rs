//! Rows of a file, written.

use std::fmt::Write as _;
use std::future::ready;

use provider_core::Violation;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, OptionalExtension, params_from_iter};

use super::super::change::Prepared;
use super::super::dialect::Dialect;
use super::super::found::Found;
use super::super::layout::Layout;
use super::super::rows::{By, Edit, Rows, Wrote};
use super::super::value::push_quoted;
use super::read;
use super::value::lent;
use super::worker::JobError;
use crate::target::TargetError;

const FENCE: &str = "CREATE TABLE IF NOT EXISTS provider_sync_fence \
    (connection TEXT PRIMARY KEY NOT NULL, fence INTEGER NOT NULL)";
const LATEST: &str = "SELECT fence FROM provider_sync_fence WHERE connection = ?1";
const RAISE: &str = "INSERT INTO provider_sync_fence AS f (connection, fence) VALUES (?1, ?2) \
    ON CONFLICT (connection) DO UPDATE SET fence = excluded.fence WHERE f.fence <= excluded.fence";

/// A transaction that lets nobody else write.
pub(super) struct LiteRows<'c> {
    connection: &'c mut Connection,
}

impl<'c> LiteRows<'c> {
    pub(super) fn new(connection: &'c mut Connection) -> Self {
        Self { connection }
    }

    fn latest_fence(&self, owner: &str) -> rusqlite::Result<Option<i64>> {
        let latest =
            || self.connection.prepare_cached(LATEST)?.query_row([owner], |row| row.get(0)).optional();
        latest().or_else(|_| {
            // Most likely its table is not there yet, or went with the transaction that made it; whatever else it is, comes
            // again.
            self.connection.execute_batch(FENCE)?;
            latest()
        })
    }

    fn rows_by(&self, layout: &Layout, by: By, wanted: &[&str]) -> rusqlite::Result<Vec<Option<Found>>> {
        wanted.iter().map(|wanted| read::one(self.connection, layout, by, wanted)).collect()
    }

    fn made(&self, changes: &[&Prepared], gently: bool) -> Result<Vec<Wrote>, JobError> {
        let Some(first) = changes.first() else { return Ok(Vec::new()) };
        let mut sql = insert(first);
        if gently {
            sql.push_str(" ON CONFLICT DO NOTHING");
        }
        // To answer what it wrote, a statement fills a table of its own: the row is read faster where it has a number.
        let mut reading = match &first.layout.by_number {
            Some(by_number) => Some(self.connection.prepare_cached(by_number)?),
            None => {
                let _ = write!(sql, " RETURNING {}", first.layout.selected);
                None
            }
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut wrote = Vec::with_capacity(changes.len());
        for change in changes {
            let layout = &*change.layout;
            let link = ToSqlOutput::Borrowed(ValueRef::Text(change.remote().as_bytes()));
            let scope = layout.scope.iter().map(|fixed| lent(fixed.value.lend()));
            let values = std::iter::once(link).chain(scope).chain(change.values.iter().map(lent));
            let done = match &mut reading {
                None => run(&mut statement, layout, values),
                Some(reading) => match statement.execute(params_from_iter(values)) {
                    Ok(0) => Ok(Wrote::Nothing),
                    Ok(_) => run(reading, layout, [self.connection.last_insert_rowid().into()]),
                    Err(error) => Err(error),
                },
            };
            wrote.push(self.told(done)?);
        }
        Ok(wrote)
    }

    fn changed(&self, edit: &Edit<'_>) -> Result<Vec<Wrote>, JobError> {
        let layout = edit.layout;
        let mut names = Names::of("UPDATE ", &layout.table);
        names.sql.push_str(" SET ");
        if let Some(column) = edit.empties {
            names.next(column);
            names.sql.push_str(" = NULL");
        }
        let mut at = 0;
        let link = edit.ties.then_some(layout.link.name.as_str());
        for column in link.into_iter().chain(edit.columns.iter().copied()) {
            at += 1;
            names.next(column);
            let _ = write!(names.sql, " = ?{at}");
        }
        let (key, within) = (layout.key_column(), Dialect::Sqlite.within(layout, at + 2));
        let _ = write!(names.sql, " WHERE {key} = ?{}{within}", at + 1);
        let mut statement = self.connection.prepare_cached(&names.sql)?;
        let mut reading = self.connection.prepare_cached(&layout.by_key)?;
        let mut wrote = Vec::with_capacity(edit.rows.len());
        for row in &edit.rows {
            let Some(key) = read::key(layout, row.key.as_str()) else {
                wrote.push(Wrote::Nothing);
                continue;
            };
            let link = link.map(|_| ToSqlOutput::Borrowed(ValueRef::Text(row.remote.as_bytes())));
            let within =
                || [key.clone()].into_iter().chain(layout.scope.iter().map(|fixed| lent(fixed.value.lend())));
            let values = link.into_iter().chain(row.values.iter().map(|cell| lent(*cell))).chain(within());
            let done = match statement.execute(params_from_iter(values)) {
                Ok(0) => Ok(Wrote::Nothing),
                Ok(_) => run(&mut reading, layout, within()),
                Err(error) => Err(error),
            };
            wrote.push(self.told(done)?);
        }
        Ok(wrote)
    }

    fn deleted(&self, layout: &Layout, keys: &[&str]) -> Result<Vec<Option<Violation>>, JobError> {
        let within = Dialect::Sqlite.within(layout, 2);
        let sql = format!("DELETE FROM {} WHERE {} = ?1{within}", layout.table, layout.key_column());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut kept = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(key) = read::key(layout, key) else {
                kept.push(None);
                continue;
            };
            let scope = layout.scope.iter().map(|fixed| lent(fixed.value.lend()));
            let done = statement.execute(params_from_iter([key].into_iter().chain(scope)));
            kept.push(match self.told(done.map(|_| Wrote::Nothing))? {
                Wrote::Refused(violation) => Some(violation),
                _ => None,
            });
        }
        Ok(kept)
    }

    /// What became of a row. Only what the application has against it is an answer about that row.
    fn told(&self, wrote: rusqlite::Result<Wrote>) -> Result<Wrote, JobError> {
        match wrote {
            Ok(wrote) => Ok(wrote),
            Err(error) => {
                let violation = violation(error)?;
                // A trigger of the application, or a constraint, may take back more than the row.
                let undone = self.connection.is_autocommit();
                if undone { Err(JobError::Undone(violation)) } else { Ok(Wrote::Refused(violation)) }
            }
        }
    }
}

impl Rows for LiteRows<'_> {
    type Error = JobError;

    fn refusal(error: TargetError) -> JobError {
        JobError::Target(error)
    }

    fn latest(&mut self, owner: &str) -> impl Future<Output = Result<Option<i64>, JobError>> + Send {
        ready(self.latest_fence(owner).map_err(JobError::from))
    }

    fn raise(&mut self, owner: &str, fence: i64) -> impl Future<Output = Result<bool, JobError>> + Send {
        let raised =
            self.connection.prepare_cached(RAISE).and_then(|mut statement| statement.execute((owner, fence)));
        ready(raised.map(|rows| rows > 0).map_err(JobError::from))
    }

    fn look(
        &mut self,
        layout: &Layout,
        by: By,
        wanted: &[&str],
    ) -> impl Future<Output = Result<Vec<Option<Found>>, JobError>> + Send {
        ready(self.rows_by(layout, by, wanted).map_err(JobError::from))
    }

    fn insert(
        &mut self,
        changes: &[&Prepared],
        gently: bool,
    ) -> impl Future<Output = Result<Vec<Wrote>, JobError>> + Send {
        ready(self.made(changes, gently))
    }

    fn update(&mut self, edit: &Edit<'_>) -> impl Future<Output = Result<Vec<Wrote>, JobError>> + Send {
        ready(self.changed(edit))
    }

    fn delete(
        &mut self,
        layout: &Layout,
        keys: &[&str],
    ) -> impl Future<Output = Result<Vec<Option<Violation>>, JobError>> + Send {
        ready(self.deleted(layout, keys))
    }
}

/// Why the application does not take a row. Everything else is no answer about one row.
pub(super) fn violation(error: rusqlite::Error) -> Result<Violation, JobError> {
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

/// The statement that makes such a row: its link, its scope, and its values.
fn insert(change: &Prepared) -> String {
    let layout = &change.layout;
    let mut names = Names::of("INSERT INTO ", &layout.table);
    names.sql.push_str(" (");
    names.next(&layout.link.name);
    layout.scope.iter().for_each(|fixed| names.next(&fixed.name));
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
        sql.push_str(table);
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

/// What a statement answers about a row that was written.
fn run<'v>(
    statement: &mut CachedStatement<'_>,
    layout: &Layout,
    values: impl IntoIterator<Item = ToSqlOutput<'v>>,
) -> rusqlite::Result<Wrote> {
    let mut rows = statement.query(params_from_iter(values))?;
    let mut written = Wrote::Nothing;
    // Constraints that are looked at last fail with the last step.
    while let Some(row) = rows.next()? {
        let (local, fingerprint) = read::written(layout, row)?;
        written = Wrote::Row(local, fingerprint);
    }
    Ok(written)
}
