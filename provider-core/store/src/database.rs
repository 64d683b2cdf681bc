//! The database behind a store.

use std::path::PathBuf;
use std::sync::Arc;

use provider_core::Result;
use provider_core::clock::Clock;
#[cfg(not(any(feature = "postgres", feature = "sqlite")))]
use std::convert::Infallible;

#[cfg(feature = "sqlite")]
use crate::lite;
#[cfg(feature = "postgres")]
use crate::pg;
use crate::tx::Step;

/// A handle on one database. Cloning shares it.
#[derive(Debug, Clone)]
pub enum Database {
    /// One file.
    #[cfg(feature = "sqlite")]
    Lite(Arc<lite::Worker>),
    /// A server.
    #[cfg(feature = "postgres")]
    Pg(Arc<pg::Worker>),
    /// A build without any database.
    #[cfg(not(any(feature = "postgres", feature = "sqlite")))]
    None(Arc<Infallible>),
}

impl Database {
    /// Does a step in one transaction.
    ///
    /// # Errors
    /// The step's own, and any failure of the database.
    pub async fn run<S: Step>(&self, step: S) -> Result<S::Answer> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Lite(worker) => worker.run(step).await,
            #[cfg(feature = "postgres")]
            Self::Pg(worker) => worker.run(step).await,
            #[cfg(not(any(feature = "postgres", feature = "sqlite")))]
            Self::None(never) => match **never {},
        }
    }

    /// Has a step done some time soon, of which nobody awaits the answer.
    pub fn post<S: Step>(&self, step: S) {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Lite(worker) => worker.post(step),
            #[cfg(feature = "postgres")]
            Self::Pg(worker) => worker.post(step),
            #[cfg(not(any(feature = "postgres", feature = "sqlite")))]
            Self::None(never) => match **never {},
        }
    }

    /// Writes a copy of the whole to a file of its own.
    ///
    /// # Errors
    /// As [`Store::copy_to`](crate::Store::copy_to).
    pub async fn copy_to(&self, path: PathBuf) -> Result<()> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Lite(worker) => worker.copy_to(path).await,
            #[cfg(feature = "postgres")]
            Self::Pg(_) => {
                let _ = path;
                Err(provider_core::Error::new(
                    provider_core::ErrorKind::Unsupported,
                    "a store in PostgreSQL is copied with the server's own tools: `pg_dump`, or `pg_basebackup`",
                ))
            }
            #[cfg(not(any(feature = "postgres", feature = "sqlite")))]
            Self::None(never) => match **never {},
        }
    }

    /// The clock that the moments in this database are of, where this process can read it without asking.
    #[must_use]
    pub fn clock(&self) -> Option<Arc<dyn Clock>> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Lite(worker) => Some(worker.clock()),
            #[cfg(feature = "postgres")]
            Self::Pg(worker) => worker.clock(),
            #[cfg(not(any(feature = "postgres", feature = "sqlite")))]
            Self::None(never) => match **never {},
        }
    }
}
