//! Tables in a SQLite file of the application.

mod catalog;
mod monthly;
mod read;
mod rows;
mod value;
mod worker;

use std::path::PathBuf;

use futures_util::FutureExt as _;
use rusqlite::Connection;

use super::apply;
use super::change::Prepared;
use crate::target::{Applied, TargetError, TargetErrorKind};

pub(super) use catalog::look;
pub(super) use monthly::month;
pub(super) use read::{find, get, marked, read};
use worker::JobError;
pub(super) use worker::Worker;

/// The file that an address names.
pub(super) fn file(path: &str) -> Result<PathBuf, TargetError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.trim().is_empty() {
        let message = "names no file: use `sqlite:PATH`";
        return Err(TargetError::new(TargetErrorKind::Misfit, message));
    }
    Ok(PathBuf::from(path))
}

/// Carries out a batch, in one transaction unless some rows of it take every transaction with them that they are in:
/// those are found by halves, and refused without the others.
pub(super) fn apply(
    connection: &mut Connection,
    owner: &str,
    fence: u64,
    changes: &[Prepared],
) -> Result<Vec<Applied>, JobError> {
    let outcome = together(connection, owner, fence, changes);
    if !matches!(outcome, Err(JobError::Undone(_))) || changes.len() < 2 {
        return outcome.or_else(refused);
    }
    let (some, others) = changes.split_at(changes.len() / 2);
    let mut applied = apply(connection, owner, fence, some)?;
    applied.extend(apply(connection, owner, fence, others)?);
    for (answer, change) in applied.iter_mut().zip(changes) {
        // What was in its way may be done by now.
        if matches!(answer, Applied::Rejected(_)) {
            let again = together(connection, owner, fence, std::slice::from_ref(change)).or_else(refused)?;
            if let Some(again) = again.into_iter().next() {
                *answer = again;
            }
        }
    }
    Ok(applied)
}

/// The answer about the one row that took its transaction with it.
fn refused(error: JobError) -> Result<Vec<Applied>, JobError> {
    match error {
        JobError::Undone(violation) => Ok(vec![Applied::Rejected(vec![violation])]),
        error => Err(error),
    }
}

fn together(
    connection: &mut Connection,
    owner: &str,
    fence: u64,
    changes: &[Prepared],
) -> Result<Vec<Applied>, JobError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let mut rows = rows::LiteRows::new(connection);
    // Nothing is ever waited for within a batch.
    let outcome = apply::apply(&mut rows, owner, fence, changes).now_or_never();
    let outcome = outcome.unwrap_or_else(|| {
        Err(JobError::Target(TargetError::new(TargetErrorKind::Locked, "a batch waited for something else")))
    });
    let outcome = outcome.and_then(|applied| match connection.execute_batch("COMMIT") {
        Ok(()) => Ok(applied),
        // Some constraints are looked at last, and do not say of which row.
        Err(error) => match rows::violation(error) {
            Ok(violation) => Err(JobError::Undone(violation)),
            Err(error) => Err(error),
        },
    });
    // Some failures end the transaction by themselves.
    if outcome.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    outcome
}
