//! Reading and replacing a token.

use provider_core::Result;
use provider_core::token::{Stored, TokenKey, Version};
use secrecy::SecretString;

use crate::error::damaged;
use crate::schema;
use crate::seal::{Kept, Sealing};
use crate::tx::{Access, Step, Tx, Value};

const LOAD: &str = "SELECT version, sealed, value FROM provider_token WHERE provider = $1 AND account = $2";
const STORE: &str = "INSERT INTO provider_token (provider, account, version, sealed, value) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (provider, account) DO UPDATE SET \
    version = excluded.version, sealed = excluded.sealed, value = excluded.value";
/// What proves that a key is the one that sealed the tokens here.
const PROOF: &str = "sealing key";

pub(super) fn place(key: &TokenKey) -> [Value; 2] {
    [key.provider.as_str().into(), key.account.as_str().into()]
}

pub(super) fn lock(key: &TokenKey) -> String {
    format!("token {key}")
}

async fn load<T: Tx>(tx: &mut T, key: &TokenKey, sealing: &Sealing) -> Result<Option<Stored>> {
    let Some(mut row) = tx.rows(LOAD, &place(key)).await?.into_iter().next() else { return Ok(None) };
    let version = row.int()?;
    let version = Version::try_from(version).map_err(|_| damaged("a token's version is negative"))?;
    let kept = Kept { sealed: row.int()? != 0, bytes: row.bytes()? };
    Ok(Some(Stored::new(version, sealing.read(key, version, kept)?)))
}

/// See [`TokenStore::load`](provider_core::token::TokenStore::load).
#[derive(Debug, Clone)]
pub(super) struct Load {
    pub(super) key: TokenKey,
    pub(super) sealing: Sealing,
}

impl Step for Load {
    type Answer = Option<Stored>;
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Option<Stored>> {
        // An empty answer under another key would start a second chain.
        if let Some(proof) = schema::meta(tx, PROOF).await? {
            self.sealing.check(&proof)?;
        }
        load(tx, &self.key, &self.sealing).await
    }
}

/// See [`TokenStore::compare_and_swap`](provider_core::token::TokenStore::compare_and_swap).
#[derive(Debug, Clone)]
pub(super) struct Swap {
    pub(super) key: TokenKey,
    pub(super) expected: Option<Version>,
    pub(super) value: SecretString,
    pub(super) sealing: Sealing,
}

impl Step for Swap {
    type Answer = bool;
    const ACCESS: Access = Access::Write;
    /// A token that works once must not be lost because somebody stopped waiting.
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<bool> {
        let Self { key, expected, value, sealing } = self;
        tx.exclusive(&lock(&key)).await?;
        tx.exclusive(PROOF).await?;
        let proof = schema::meta(tx, PROOF).await?;
        if let Some(proof) = &proof {
            sealing.check(proof)?;
        }
        // Also where the version does not fit: what cannot be read is not replaced.
        let current = load(tx, &key, &sealing).await?.map(|stored| stored.version);
        if current != expected {
            return Ok(false);
        }
        if let (None, Some(proof)) = (proof, sealing.proof()?) {
            schema::set_meta(tx, PROOF, proof).await?;
        }
        let version = current.unwrap_or(0).saturating_add(1);
        let column = i64::try_from(version).map_err(|_| damaged("a token's version is out of range"))?;
        let kept = sealing.keep(&key, version, &value)?;
        let [provider, account] = place(&key);
        tx.exec(STORE, &[provider, account, column.into(), kept.sealed.into(), kept.bytes.into()]).await?;
        Ok(true)
    }
}
