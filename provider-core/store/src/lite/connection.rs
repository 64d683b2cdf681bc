//! The connection, and how a step is carried out on it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use provider_core::{Error, ErrorKind, Result};
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::place::{self, Identity};
use super::reported::About;
use super::transaction::LiteTx;
use super::{Options, between_statements};
use crate::error::{STORE_SETTING, StoreErrorKind};
use crate::place::Making;
use crate::schema;
use crate::seam::Durability;
use crate::tx::{Access, Step};

impl Options {
    pub(super) fn about(&self) -> About<'_> {
        About { path: &self.path, patience: self.patience }
    }
}

/// One connection, used by one thread.
#[derive(Debug)]
pub(super) struct Connection {
    sqlite: rusqlite::Connection,
    options: Options,
    identity: Option<Identity>,
}

impl Connection {
    /// Opens a file that is there.
    pub(super) fn open(options: &Options) -> Result<Self> {
        let about = options.about();
        let failed = |error| about.sqlite(error);
        // No URI: a path is a path, whatever is in it. No CREATE: a store comes into being in one place only.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        between_statements();
        let sqlite = rusqlite::Connection::open_with_flags(&options.path, flags).map_err(failed)?;
        sqlite.busy_timeout(options.patience).map_err(failed)?;
        // Whoever only looks leaves a file of somebody else's as it is, down to its journal.
        if options.making == Making::Nothing && !is_store(&sqlite, options.schema.meta).map_err(failed)? {
            return Err(place::absent(options));
        }
        // macOS says "written" before it is, unless asked twice.
        let flushing: &[&str] = match options.durability {
            Durability::PowerCut => {
                &["synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON", "trusted_schema = OFF"]
            }
            Durability::Crash => &["synchronous = NORMAL", "trusted_schema = OFF"],
        };
        for pragma in flushing {
            sqlite.execute_batch(&format!("PRAGMA {pragma}")).map_err(failed)?;
        }
        between_statements();
        let mode: String =
            sqlite.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(failed)?;
        if !mode.eq_ignore_ascii_case("wal") {
            let message = format!(
                "{} lies on a file system that several processes cannot share safely: use a disk of this machine",
                options.path.display()
            );
            return Err(StoreErrorKind::Unreachable.error(STORE_SETTING, message));
        }
        sqlite.set_prepared_statement_cache_capacity(64);
        // Otherwise a statement is planned anew whenever other values might want another plan.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed)?;
        Ok(Self { sqlite, options: options.clone(), identity: Identity::of(&options.path) })
    }

    pub(super) fn refuse_parts_of_pages(&self, length: u64) -> Result<()> {
        let size = self.sqlite.query_row("PRAGMA page_size", [], |row| row.get::<_, i64>(0));
        let size = size.map_err(|error| self.options.about().sqlite(error))?;
        let whole = u64::try_from(size).is_ok_and(|size| length.is_multiple_of(size));
        if whole { Ok(()) } else { Err(place::cut(&self.options.path)) }
    }

    /// Carries out a step on the schema that this release knows.
    pub(super) fn step<S: Step>(&mut self, step: S) -> Result<S::Answer> {
        self.transaction::<S>(step, true)
    }

    /// Carries out a step that looks at the schema by itself.
    pub(super) fn step_on_any_schema<S: Step>(&mut self, step: S) -> Result<S::Answer> {
        self.transaction::<S>(step, false)
    }

    fn transaction<S: Step>(&mut self, step: S, checked: bool) -> Result<S::Answer> {
        // What is written into a file that was replaced is lost to everybody else.
        if self.identity.is_none() || Identity::of(&self.options.path) != self.identity {
            return Err(self.options.about().of(StoreErrorKind::Replaced));
        }
        self.roll_back()?;
        self.execute(match S::ACCESS {
            Access::Read => "BEGIN",
            Access::Write => "BEGIN IMMEDIATE",
        })?;
        let mut tx = LiteTx::new(&mut self.sqlite, &self.options);
        let outcome = at_once(async {
            if checked {
                schema::refuse_another(&mut tx).await?;
            }
            step.run(&mut tx).await
        });
        let outcome = outcome.and_then(|answer| self.execute("COMMIT").map(|()| answer));
        if outcome.is_err() {
            // Tried again before the next step.
            let _ = self.roll_back();
        }
        outcome
    }

    /// Some failures end the transaction by themselves.
    fn roll_back(&self) -> Result<()> {
        if self.sqlite.is_autocommit() { Ok(()) } else { self.execute("ROLLBACK") }
    }

    fn execute(&self, sql: &'static str) -> Result<()> {
        between_statements();
        self.sqlite.execute_batch(sql).map_err(|error| self.options.about().sqlite(error))
    }

    /// Writes the whole of it, as of one moment, to an empty file.
    pub(super) fn copy_into(&self, path: &str) -> Result<()> {
        let copied = self.sqlite.execute("VACUUM INTO ?1", [path]);
        copied.map(drop).map_err(|error| self.options.about().sqlite(error))
    }

    /// Takes what lies beside the file into it. Closing does that too, but is silent where there is no room for it.
    pub(super) fn close(self) -> Result<()> {
        let Self { sqlite, options, .. } = self;
        between_statements();
        let left = sqlite.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        if left.map_err(|error| options.about().sqlite(error))? != 0 {
            return Err(options.about().of(StoreErrorKind::Locked));
        }
        sqlite.close().map_err(|(_, error)| options.about().sqlite(error))
    }

    /// For tests of what SQLite does at its limits.
    #[cfg(test)]
    pub(super) fn pragma(&self, pragma: &str) -> Result<()> {
        let set = self.sqlite.execute_batch(&format!("PRAGMA {pragma}"));
        set.map_err(|error| self.options.about().sqlite(error))
    }
}

/// Whether the tables are there, of whatever release.
fn is_store(sqlite: &rusqlite::Connection, meta: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    sqlite.query_row(sql, [meta], |row| row.get(0))
}

/// On SQLite nothing is ever waited for within a step.
fn at_once<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => {
            Err(Error::new(ErrorKind::Internal, "a step of the store waited for something else"))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::sync::Arc;
    use std::time::Duration;

    use provider_core::clock::SystemClock;

    use super::*;
    use crate::schema::{Migrate, NeedsMigration, TABLES};

    /// Without its log it is damaged: it must not be put into the place of a store.
    #[test]
    fn a_file_that_cannot_take_its_log_in_is_not_called_closed() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            path: folder.path().join("store.db"),
            patience: Duration::ZERO,
            clock: Arc::new(SystemClock),
            schema: TABLES,
            making: Making::File,
            durability: Durability::PowerCut,
        };
        place::make_private(&options.path).unwrap();
        let mut connection = Connection::open(&options).unwrap();
        let reader = rusqlite::Connection::open(&options.path).unwrap();
        reader.execute_batch("BEGIN").unwrap();
        let tables = reader.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
        assert_eq!(tables.unwrap(), 0);
        connection.step_on_any_schema(Migrate).unwrap();
        let refused = connection.close().unwrap_err();
        assert_eq!(StoreErrorKind::of(&refused), Some(StoreErrorKind::Locked), "{refused}");
        drop(reader);

        let mut connection = Connection::open(&options).unwrap();
        assert!(!connection.step_on_any_schema(NeedsMigration).unwrap());
        connection.close().unwrap();
    }
}
