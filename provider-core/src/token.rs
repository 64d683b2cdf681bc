//! Where tokens that must survive a restart are kept.
//!
//! Some distributors hand out refresh tokens that work once. Losing the newest one means that a person
//! has to issue new credentials in the portal, so a store is not a cache: what it confirmed has to be
//! there after a crash, and only one process at a time may spend a token.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::{Clock, SystemClock};
use crate::error::{Error, ErrorKind, Result};

/// Names one chain of tokens: the provider kind and the account behind it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct TokenKey {
    /// The provider kind, such as `streamone`.
    pub provider: String,
    /// What tells chains of one provider apart: account, client or connection. Never a secret.
    pub account: String,
}

impl TokenKey {
    /// The key of one chain.
    #[must_use]
    pub fn new(provider: impl Into<String>, account: impl Into<String>) -> Self {
        Self { provider: provider.into(), account: account.into() }
    }
}

impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.account)
    }
}

/// Counts the writes of one key. A store may hand out any number that grows with every write.
pub type Version = u64;

/// What a store holds under a key.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Stored {
    /// The version to give to [`TokenStore::compare_and_swap`].
    pub version: Version,
    /// The value, opaque to the store.
    pub value: SecretString,
}

impl Stored {
    /// A value at a version.
    #[must_use]
    pub fn new(version: Version, value: SecretString) -> Self {
        Self { version, value }
    }
}

/// Proof that this process alone may spend the token. Dropping it gives it back.
pub trait Lease: fmt::Debug + Send + Sync {
    /// False once the lease has run out or was taken over.
    fn is_held(&self) -> bool;
}

/// Keeps token chains. Implementations are in provider-http (files) and provider-store (a database); a host
/// that brings its own checks it with the conformance macro of provider-testkit.
#[async_trait]
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// What is stored, if anything.
    ///
    /// # Errors
    /// Any failure to read; never `NotFound`.
    async fn load(&self, key: &TokenKey) -> Result<Option<Stored>>;

    /// Stores `value` if the stored version is still `expected` (`None`: nothing is stored yet) and
    /// answers whether it did. When it answers `true` the value survives a crash.
    ///
    /// # Errors
    /// Any failure to write, after which either the old or the new value is stored whole.
    async fn compare_and_swap(
        &self,
        key: &TokenKey,
        expected: Option<Version>,
        value: SecretString,
    ) -> Result<bool>;

    /// Waits for the exclusive right to renew this chain, across processes. It ends when dropped, when
    /// the process dies, or after `ttl` at the latest where the store cannot notice a death.
    ///
    /// # Errors
    /// Any failure to obtain it.
    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Box<dyn Lease>>;
}

/// Keeps tokens in memory: for tests, and for distributors whose tokens can be asked for again.
#[derive(Debug, Clone)]
pub struct MemoryTokenStore {
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Clock>,
}

#[derive(Debug, Default)]
struct State {
    values: HashMap<TokenKey, Stored>,
    leases: HashMap<TokenKey, (u64, DateTime<Utc>)>,
    next_lease: u64,
}

impl Default for MemoryTokenStore {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock))
    }
}

impl MemoryTokenStore {
    /// An empty store on this clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { state: Arc::default(), clock }
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Debug)]
struct MemoryLease {
    store: MemoryTokenStore,
    key: TokenKey,
    id: u64,
}

impl Lease for MemoryLease {
    fn is_held(&self) -> bool {
        let now = self.store.clock.now();
        self.store.with(|s| s.leases.get(&self.key).is_some_and(|(id, end)| *id == self.id && *end > now))
    }
}

impl Drop for MemoryLease {
    fn drop(&mut self) {
        self.store.with(|s| {
            if s.leases.get(&self.key).is_some_and(|(id, _)| *id == self.id) {
                s.leases.remove(&self.key);
            }
        });
    }
}

#[async_trait]
impl TokenStore for MemoryTokenStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<Stored>> {
        Ok(self.with(|s| s.values.get(key).cloned()))
    }

    async fn compare_and_swap(
        &self,
        key: &TokenKey,
        expected: Option<Version>,
        value: SecretString,
    ) -> Result<bool> {
        Ok(self.with(|s| {
            let current = s.values.get(key).map(|stored| stored.version);
            if current != expected {
                return false;
            }
            let version = current.unwrap_or(0) + 1;
            let value = SecretString::from(value.expose_secret().to_owned());
            s.values.insert(key.clone(), Stored::new(version, value));
            true
        }))
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Box<dyn Lease>> {
        let life = chrono::Duration::from_std(ttl)
            .map_err(|e| Error::new(ErrorKind::Internal, "lease time out of range").with_source(e))?;
        loop {
            let now = self.clock.now();
            let taken = self.with(|s| {
                if s.leases.get(key).is_some_and(|(_, end)| *end > now) {
                    return None;
                }
                s.next_lease += 1;
                let id = s.next_lease;
                s.leases.insert(key.clone(), (id, now + life));
                Some(id)
            });
            if let Some(id) = taken {
                return Ok(Box::new(MemoryLease { store: self.clone(), key: key.clone(), id }));
            }
            self.clock.sleep(Duration::from_millis(5)).await;
        }
    }
}
