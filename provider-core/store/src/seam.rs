//! The seam between logic and databases, for packages of this workspace that keep tables of their own.
//!
//! No promise is made about it to anybody else.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use provider_core::Result;
use provider_core::clock::Clock;
#[cfg(feature = "sqlite")]
use provider_core::clock::SystemClock;
use secrecy::{ExposeSecret as _, SecretString};

pub use crate::database::Database;
pub use crate::error::damaged;
#[cfg(feature = "postgres")]
pub use crate::pg::{Given, Guest, PgStep, PgTx, SqlRefusal, Texts};
use crate::place::{Making, Place};
pub use crate::schema::{Schema, meta, set_meta};
pub use crate::tx::{Access, Ahead, MarkedKeys, Row, Step, Tx, Value};

/// What a step that was answered survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A power cut.
    PowerCut,
    /// The end of the process, at any moment. A power cut may take the last steps back, whole ones and in order:
    /// for what can be done again.
    Crash,
}

/// How a database is opened.
#[derive(Debug)]
pub struct Opening {
    /// `sqlite:PATH` or `postgres://…`.
    pub address: SecretString,
    /// The tables in it.
    pub schema: &'static Schema,
    /// What is answered survives this. A server always survives both: those who work on it do not fall with it.
    pub durability: Durability,
    /// Whose time it is; without it the machine's of a file, and the database's of a server.
    pub clock: Option<Arc<dyn Clock>>,
    /// How long to wait while another process writes.
    pub patience: Duration,
    /// Whether nothing may be made where there is no database.
    pub existing: bool,
}

/// Opens a database of one's own tables, and answers the file that it is in, where it is in one.
///
/// # Errors
/// As [`Store::open`](crate::Store::open).
pub async fn open(opening: Opening) -> Result<(Database, Option<PathBuf>)> {
    match Place::parse(opening.address.expose_secret())? {
        Place::File(path) => file(opening, path.clone()).await.map(|database| (database, Some(path))),
        #[cfg(feature = "postgres")]
        Place::Server(address) => {
            let Opening { schema, clock, patience, existing, .. } = opening;
            let making = if existing { Making::Nothing } else { Making::File };
            let options =
                crate::pg::Options { address: *address, patience, clock, schema: Some(schema), making };
            let worker = crate::pg::Worker::open(options).await?;
            Ok((Database::Pg(Arc::new(worker)), None))
        }
    }
}

/// Goes into a database whose tables are somebody else's.
///
/// # Errors
/// As [`Store::open`](crate::Store::open).
#[cfg(feature = "postgres")]
pub async fn visit(address: SecretString, patience: Duration) -> Result<Guest> {
    match Place::parse(address.expose_secret())? {
        Place::Server(address) => Guest::open(*address, patience).await,
        Place::File(_) => Err(provider_core::Error::config(
            crate::error::STORE_SETTING,
            "is a file, where a server was to be visited",
        )),
    }
}

#[cfg(feature = "sqlite")]
async fn file(opening: Opening, path: PathBuf) -> Result<Database> {
    let Opening { schema, durability, clock, patience, existing, .. } = opening;
    let making = if existing { Making::Nothing } else { Making::File };
    let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
    let options = crate::lite::Options { path, patience, clock, schema, making, durability };
    Ok(Database::Lite(Arc::new(crate::lite::Worker::open(options).await?)))
}

/// [`Place::parse`] has refused it.
#[cfg(not(feature = "sqlite"))]
async fn file(_opening: Opening, _path: PathBuf) -> Result<Database> {
    Err(provider_core::Error::config(crate::error::STORE_SETTING, "this build has no SQLite"))
}
