//! StreamOne's tokens in the store, and the chain that lies in files from before there was one.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use provider_core::Result;
use provider_core::token::{Lease, Stored, TokenKey, TokenStore, Version};
use provider_http::token::FileTokenStore;
use secrecy::SecretString;

/// Goes on with a chain that was kept in files: the token in the variable was spent long ago, so that a store
/// without the chain could only ask for new credentials.
#[derive(Debug)]
pub(crate) struct Inheriting {
    store: Arc<dyn TokenStore>,
    files: FileTokenStore,
}

impl Inheriting {
    pub(crate) fn new(store: Arc<dyn TokenStore>, files: FileTokenStore) -> Self {
        Self { store, files }
    }
}

#[async_trait]
impl TokenStore for Inheriting {
    async fn load(&self, key: &TokenKey) -> Result<Option<Stored>> {
        if let Some(own) = self.store.load(key).await? {
            return Ok(Some(own));
        }
        let Some(inherited) = self.files.load(key).await? else { return Ok(None) };
        // Whoever comes second finds what the first has taken over.
        self.store.compare_and_swap(key, None, inherited.value).await?;
        self.store.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &TokenKey,
        expected: Option<Version>,
        value: SecretString,
    ) -> Result<bool> {
        self.store.compare_and_swap(key, expected, value).await
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Box<dyn Lease>> {
        self.store.lease(key, ttl).await
    }
}
