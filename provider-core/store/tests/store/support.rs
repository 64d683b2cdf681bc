//! Stores in temporary folders.

use std::path::PathBuf;

use provider_store::{Opening, Store};
use tempfile::TempDir;

pub(crate) use crate::attempts::*;

/// A folder with a place for a store.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.file("store.db")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn address(&self) -> String {
        address(&self.path())
    }

    pub(crate) fn opening(&self) -> Opening {
        opening(&self.address())
    }

    pub(crate) async fn store(&self) -> Store {
        self.opening().await.unwrap()
    }

    /// Somebody's own SQL.
    pub(crate) async fn sql(&self, sql: &str) {
        rusqlite::Connection::open(self.path()).unwrap().execute_batch(sql).unwrap();
    }
}

pub(crate) fn address(path: &std::path::Path) -> String {
    format!("sqlite:{}", path.display())
}

pub(crate) fn opening(address: &str) -> Opening {
    Store::open(address).unsealed()
}

/// Keeps everybody else from writing while it is there.
pub(crate) async fn keep(address: &str) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(address.trim_start_matches("sqlite:")).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}
