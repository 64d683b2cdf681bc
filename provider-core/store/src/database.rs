//! The database behind a store.

use std::path::PathBuf;
use std::sync::Arc;

use provider_core::Result;
#[cfg(not(feature = "sqlite"))]
use std::convert::Infallible;

#[cfg(feature = "sqlite")]
use crate::lite::Worker;
use crate::tx::Step;

/// A handle on one database. Cloning shares it.
#[derive(Debug, Clone)]
pub enum Database {
    /// One file.
    #[cfg(feature = "sqlite")]
    Lite(Arc<Worker>),
    /// A build without any database.
    #[cfg(not(feature = "sqlite"))]
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
            #[cfg(not(feature = "sqlite"))]
            Self::None(never) => match **never {},
        }
    }

    /// Has a step done some time soon, of which nobody awaits the answer.
    pub fn post<S: Step>(&self, step: S) {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Lite(worker) => worker.post(step),
            #[cfg(not(feature = "sqlite"))]
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
            #[cfg(not(feature = "sqlite"))]
            Self::None(never) => match **never {},
        }
    }
}
