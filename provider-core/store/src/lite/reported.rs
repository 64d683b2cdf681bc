//! What SQLite reports, in terms an operator can act on.

use std::io;
use std::path::Path;
use std::time::Duration;

use provider_core::Error;
use rusqlite::ErrorCode;

use super::place::folder_refuses;
use crate::error::{STORE_SETTING, StoreErrorKind};

/// What an error message names: the file, and how long its lock was waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) path: &'a Path,
    pub(super) patience: Duration,
}

impl About<'_> {
    pub(super) fn sqlite(&self, error: rusqlite::Error) -> Error {
        let kind = self.kind(&error);
        kind.caused(STORE_SETTING, self.message(kind), Some(Box::new(error)))
    }

    pub(super) fn io(&self, error: io::Error) -> Error {
        let kind = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreErrorKind::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreErrorKind::Full,
            _ => StoreErrorKind::Unreachable,
        };
        kind.caused(STORE_SETTING, self.message(kind), Some(Box::new(error)))
    }

    pub(super) fn of(&self, kind: StoreErrorKind) -> Error {
        kind.error(STORE_SETTING, self.message(kind))
    }

    fn kind(&self, error: &rusqlite::Error) -> StoreErrorKind {
        match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreErrorKind::ReadOnly,
            Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Locked,
            // A type or a constraint that does not hold: somebody else's tables, or altered ones.
            Some(
                ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::Unknown,
            ) => StoreErrorKind::Corrupt,
            // The log and its index could not be made beside it.
            Some(ErrorCode::CannotOpen) if folder_refuses(self.path) => StoreErrorKind::ReadOnly,
            _ => StoreErrorKind::Unreachable,
        }
    }

    fn message(&self, kind: StoreErrorKind) -> String {
        let path = self.path.display();
        match kind {
            StoreErrorKind::ReadOnly => format!(
                "{path} cannot be written: let this user write the file and its folder; nothing was stored"
            ),
            StoreErrorKind::Full => {
                format!("there is no room for {path}: make some and call again; nothing was stored")
            }
            StoreErrorKind::Locked => format!(
                "{path} was in use by another process for more than {} ms: call again, and look for a process \
                 that keeps it; nothing was stored",
                self.patience.as_millis()
            ),
            StoreErrorKind::Corrupt => format!(
                "{path} is damaged, or no store: stop every process on it, keep what is there, and restore the \
                 last copy; nothing was stored"
            ),
            StoreErrorKind::Replaced => format!(
                "{path} was moved, removed or replaced while this process had it open: start the process again; \
                 nothing was stored"
            ),
            _ => {
                format!("{path} cannot be read or written: look at the path and at the disk")
            }
        }
    }
}
