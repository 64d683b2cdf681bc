//! The store as its users see it.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use provider_core::clock::{Clock, SystemClock};
use provider_core::journal::{Journal, JournalBook, JournalEntry};
use provider_core::token::TokenStore;
use provider_core::{IdempotencyKey, Result, Services};
use secrecy::{ExposeSecret as _, SecretString};

use crate::database::Database;
use crate::journal::{Entries, Import, StoreJournal};
use crate::place::{Making, Place};
use crate::seal::{Sealing, SealingKey};
use crate::tokens::StoreTokens;

/// How long to wait while another process writes, unless told otherwise. A write takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// A durable journal and token store. Cloning shares it.
///
/// See the [crate's documentation](crate).
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
    sealing: Sealing,
    clock: Arc<dyn Clock>,
}

impl Store {
    /// Opens the store at this address, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, and makes it where
    /// there is none. Await what it answers, after the settings:
    ///
    /// ```
    /// use provider_store::{SealingKey, Store};
    /// use secrecy::SecretString;
    ///
    /// # async fn open(folder: &str) -> provider_core::Result<()> {
    /// let plain = Store::open(format!("sqlite:{folder}/journal.db")).await?;
    /// let key = SealingKey::parse(&SecretString::from("0f".repeat(32)))?;
    /// let sealed = Store::open(format!("sqlite:{folder}/store.db")).sealing_key(key).await?;
    /// # let _ = (plain, sealed);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When awaited: `Config` for an address that is not known here, and whatever
    /// [`StoreErrorKind`](crate::StoreErrorKind) lists.
    pub fn open(address: impl Into<String>) -> Opening {
        Opening {
            address: SecretString::from(address.into()),
            sealing: Sealing::Unsaid,
            clock: None,
            patience: PATIENCE,
            making: Making::All,
        }
    }

    /// The journal. Every handle on the same database is the same journal.
    #[must_use]
    pub fn journal(&self) -> Arc<dyn Journal> {
        Arc::new(StoreJournal::new(self.database.clone()))
    }

    /// The token store. Without a [key](Opening::sealing_key) it refuses everything, unless
    /// [`unsealed`](Opening::unsealed) was chosen.
    #[must_use]
    pub fn token_store(&self) -> Arc<dyn TokenStore> {
        let (database, sealing) = (self.database.clone(), self.sealing.clone());
        Arc::new(StoreTokens::new(database, sealing, Arc::clone(&self.clock)))
    }

    /// Services with this journal, this token store and the store's clock, for
    /// [`Registry::build`](provider_core::Registry::build) and the clients' `connect`.
    #[must_use]
    pub fn services(&self) -> Services {
        Services::default()
            .with_clock(Arc::clone(&self.clock))
            .with_token_store(self.token_store())
            .with_journal(self.journal())
    }

    /// Takes in the entries of a journal that was kept elsewhere, such as in a JSON file, and answers how many
    /// were new here. What is known here stays as it is.
    ///
    /// # Errors
    /// Any failure of the store; nothing was taken in then.
    pub async fn import(&self, journal: JournalBook) -> Result<u64> {
        self.database.run(Import { book: journal }).await
    }

    /// What is stored under a key, what has ended included: one entry for each account that used it.
    /// [`Journal::open_attempts`] lists what is open without a key.
    ///
    /// # Errors
    /// Any failure of the store.
    pub async fn entries(&self, key: &IdempotencyKey) -> Result<Vec<JournalEntry>> {
        self.database.run(Entries { key: key.clone() }).await
    }

    /// Writes a copy of the whole, as of one moment, to a file, while everybody goes on working. A file of that
    /// name is replaced, once the copy is complete. See [what a copy of yesterday has lost](crate#copies).
    ///
    /// # Errors
    /// `InvalidInput` when the file is the store itself; any failure to write it. `Unsupported` for a store on a
    /// server, which has tools for that.
    pub async fn copy_to(&self, file: impl Into<PathBuf>) -> Result<()> {
        self.database.copy_to(file.into()).await
    }

    #[cfg(test)]
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }
}

/// A store about to be opened, by awaiting it.
#[must_use = "a store is opened by awaiting this"]
pub struct Opening {
    address: SecretString,
    sealing: Sealing,
    clock: Option<Arc<dyn Clock>>,
    patience: Duration,
    making: Making,
}

impl Opening {
    /// Seals tokens with this key. Tokens that were kept in clear before are still read; from the first one
    /// that is sealed, the key is needed for all.
    pub fn sealing_key(mut self, key: SealingKey) -> Self {
        self.sealing = Sealing::Sealed(key);
        self
    }

    /// Keeps tokens in clear: whoever can read the file, or a copy of it, can act as the connection.
    pub fn unsealed(mut self) -> Self {
        self.sealing = Sealing::Open;
        self
    }

    /// Takes time from this clock. All processes on one store have to agree on it: leases end by it. Without it, the
    /// clock is this machine's where the store is a file, and the database's where it is on a server.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// How long to wait for what another process holds, and for a connection; 10 s by default.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Makes the file where there is none, and never the folder that it lies in; a server's databases are never made. For
    /// addresses that people write: a store in a folder that was misspelt knows no key, and everything is ordered again.
    pub fn in_existing_folder(mut self) -> Self {
        self.making = Making::File;
        self
    }

    /// Opens only a store that is there; where there is none, that is an error.
    pub fn existing(mut self) -> Self {
        self.making = Making::Nothing;
        self
    }

    async fn connect(self) -> Result<Store> {
        match Place::parse(self.address.expose_secret())? {
            Place::File(path) => self.file(path).await,
            #[cfg(feature = "postgres")]
            Place::Server(address) => {
                let Self { sealing, clock, patience, making, .. } = self;
                let schema = crate::schema::TABLES;
                let options = crate::pg::Options {
                    address: *address,
                    patience,
                    clock: clock.clone(),
                    schema: Some(schema),
                    making,
                };
                let database = Database::Pg(Arc::new(crate::pg::Worker::open(options).await?));
                Ok(Store { database, sealing, clock: clock.unwrap_or_else(|| Arc::new(SystemClock)) })
            }
        }
    }

    #[cfg(feature = "sqlite")]
    async fn file(self, path: PathBuf) -> Result<Store> {
        let Self { sealing, clock, patience, making, .. } = self;
        let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
        let options = crate::lite::Options {
            path,
            patience,
            clock: Arc::clone(&clock),
            schema: crate::schema::TABLES,
            making,
            durability: crate::seam::Durability::PowerCut,
        };
        let database = Database::Lite(Arc::new(crate::lite::Worker::open(options).await?));
        Ok(Store { database, sealing, clock })
    }

    /// [`Place::parse`] has refused it.
    #[cfg(not(feature = "sqlite"))]
    async fn file(self, _path: PathBuf) -> Result<Store> {
        Err(provider_core::Error::config(crate::error::STORE_SETTING, "this build has no SQLite"))
    }
}

/// An address may hold a password.
impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("sealing", &self.sealing).finish_non_exhaustive()
    }
}

impl IntoFuture for Opening {
    type Output = Result<Store>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.connect())
    }
}
