//! The tables of a store and how they grew.

use provider_core::Result;

use crate::error::{STORE_SETTING, StoreErrorKind, damaged};
use crate::tx::{Access, Step, Tx};

/// A set of tables with its own version and migrations: two of them can live in one file.
#[derive(Debug)]
pub struct Schema {
    /// The table of names and values that knows the version; the first migration makes it.
    pub meta: &'static str,
    /// Reads a value of it by its name, `$1`.
    pub get: &'static str,
    /// Writes the value `$2` under the name `$1`.
    pub set: &'static str,
    /// One step each, in order, for SQLite; what was released is never changed.
    pub sqlite: &'static [&'static str],
    /// The same for PostgreSQL: as many, so that one number tells the version of both.
    pub postgres: &'static [&'static str],
}

/// The tables of journal and tokens.
pub(crate) const TABLES: &Schema = &Schema {
    meta: "provider_meta",
    get: "SELECT value FROM provider_meta WHERE name = $1",
    set: "INSERT INTO provider_meta (name, value) VALUES ($1, $2) \
          ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    sqlite: &[include_str!("schema/sqlite/1.sql")],
    postgres: &[include_str!("schema/postgres/1.sql")],
};

/// Where nothing is ours.
#[cfg(feature = "postgres")]
pub(crate) const NOBODYS: &Schema = &Schema { meta: "", get: "", set: "", sqlite: &[], postgres: &[] };

const VERSION: &str = "schema";

/// What is stored under a name about the store as a whole.
///
/// # Errors
/// Any failure of the store.
pub async fn meta<T: Tx>(tx: &mut T, name: &str) -> Result<Option<String>> {
    let rows = tx.rows(tx.schema().get, &[name.into()]).await?;
    rows.into_iter().next().map(|mut row| row.text()).transpose()
}

/// Stores something about the store as a whole.
///
/// # Errors
/// Any failure of the store.
pub async fn set_meta<T: Tx>(tx: &mut T, name: &str, value: String) -> Result<()> {
    tx.exec(tx.schema().set, &[name.into(), value.into()]).await.map(drop)
}

/// The newest schema that this release knows.
fn known<T: Tx>(tx: &T) -> u32 {
    u32::try_from(tx.migrations().len()).unwrap_or(u32::MAX)
}

async fn found<T: Tx>(tx: &mut T) -> Result<u32> {
    let Some(version) = meta(tx, VERSION).await? else { return Ok(0) };
    version.parse().map_err(|_| damaged("the version of the store's schema is no number"))
}

fn refuse_newer(found: u32, known: u32) -> Result<()> {
    if found <= known {
        return Ok(());
    }
    let kind = StoreErrorKind::NewerSchema { found, known };
    let message = format!(
        "a later release wrote this store: it has schema {found}, and this release knows {known}; use that \
         release; nothing was changed"
    );
    Err(kind.error(STORE_SETTING, message))
}

/// Every step begins with it: another process may have migrated the store in the meantime.
pub(crate) async fn refuse_another<T: Tx>(tx: &mut T) -> Result<()> {
    let (found, known) = (found(tx).await?, known(tx));
    refuse_newer(found, known)?;
    if found == known {
        Ok(())
    } else {
        Err(damaged(format_args!("the store has fallen back to schema {found}")))
    }
}

/// Whether one is let in.
#[cfg(feature = "postgres")]
#[derive(Debug, Clone)]
pub(crate) struct Knock;

#[cfg(feature = "postgres")]
impl Step for Knock {
    type Answer = ();
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        tx.now().await.map(drop)
    }
}

/// Answers whether there is a store at all.
#[cfg(feature = "postgres")]
#[derive(Debug, Clone)]
pub(crate) struct IsThere;

#[cfg(feature = "postgres")]
impl Step for IsThere {
    type Answer = bool;
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<bool> {
        tx.has_table(tx.schema().meta).await
    }
}

/// Answers whether the store needs [`Migrate`], which a store that is only read cannot take.
#[derive(Debug, Clone)]
pub(crate) struct NeedsMigration;

impl Step for NeedsMigration {
    type Answer = bool;
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<bool> {
        if !tx.has_table(tx.schema().meta).await? {
            return Ok(true);
        }
        let (found, known) = (found(tx).await?, known(tx));
        refuse_newer(found, known)?;
        Ok(found < known)
    }
}

/// Brings the store to the newest schema, in one transaction.
#[derive(Debug, Clone)]
pub(crate) struct Migrate;

impl Step for Migrate {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        tx.exclusive("schema").await?;
        let found = if tx.has_table(tx.schema().meta).await? { found(tx).await? } else { 0 };
        let (migrations, known) = (tx.migrations(), known(tx));
        refuse_newer(found, known)?;
        let done = usize::try_from(found).unwrap_or(usize::MAX);
        for migration in migrations.iter().skip(done) {
            tx.batch(migration).await?;
        }
        set_meta(tx, VERSION, known.to_string()).await
    }
}
