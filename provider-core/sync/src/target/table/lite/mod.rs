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

/// Carries out a batch in one transaction.
pub(super) fn apply(
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
    let outcome = outcome.and_then(|applied| {
        connection.execute_batch("COMMIT")?;
        Ok(applied)
    });
    // Some failures end the transaction by themselves.
    if outcome.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    outcome
}
