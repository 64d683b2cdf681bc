//! Access tokens as a client needs them: which grant, where, whose.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use provider_core::Result;
use provider_core::token::{TokenKey, TokenStore};
use url::Url;

use crate::auth::{Grant, TokenManager};
use crate::shared::Shared;

type MakeGrant = Box<dyn FnOnce(Url) -> Box<dyn Grant> + Send>;

/// Where access tokens come from, for [`HttpClientBuilder::tokens`](super::HttpClientBuilder::tokens). The
/// client makes the manager: over its own transport, with its clock, observer and names.
///
/// ```
/// use provider_core::ProviderInfo;
/// use provider_http::auth::ClientCredentialsJson;
/// use provider_http::{HttpClient, Tokens};
///
/// # fn run() -> provider_core::Result<HttpClient> {
/// let info = ProviderInfo::new("acme", "main");
/// let base = provider_http::base_url("ACME_BASE_URL", "https://api.example.com")?;
/// HttpClient::builder(&info, base)
///     .base_setting("ACME_BASE_URL")
///     .tokens(Tokens::at("/v1/token", "client-id", |endpoint| {
///         ClientCredentialsJson::new(endpoint, "client-id", "client-secret".into(), "https://api.example.com")
///     }))
///     .build()
/// # }
/// # #[cfg(feature = "reqwest")]
/// # assert!(run()?.tokens().is_some());
/// # Ok::<(), provider_core::Error>(())
/// ```
pub struct Tokens {
    endpoint: Where,
    account: String,
    grant: MakeGrant,
    store: Option<Arc<dyn TokenStore>>,
    limit: Option<Duration>,
}

enum Where {
    Below(&'static str),
    At(Url),
}

impl Tokens {
    /// Tokens of an account, asked for at this path below the base URL. `account` tells the accounts of one
    /// provider apart: a stored token belongs to it. It is never a secret.
    #[must_use]
    pub fn at<G: Grant>(
        path: &'static str,
        account: impl Into<String>,
        grant: impl FnOnce(Url) -> G + Send + 'static,
    ) -> Self {
        Self::new(Where::Below(path), account.into(), grant)
    }

    /// As [`at`](Self::at), for an endpoint elsewhere than below the base URL.
    #[must_use]
    pub fn elsewhere<G: Grant>(
        endpoint: Url,
        account: impl Into<String>,
        grant: impl FnOnce(Url) -> G + Send + 'static,
    ) -> Self {
        Self::new(Where::At(endpoint), account.into(), grant)
    }

    fn new<G: Grant>(
        endpoint: Where,
        account: String,
        grant: impl FnOnce(Url) -> G + Send + 'static,
    ) -> Self {
        let grant: MakeGrant = Box::new(|endpoint| Box::new(grant(endpoint)));
        Self { endpoint, account, grant, store: None, limit: None }
    }

    /// Where a rotating token is kept. Needed where the grant rotates, unused elsewhere.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// How long one request for a token may take, answer included. Default: 15 s.
    #[must_use]
    pub const fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The manager of these tokens for a client.
    pub(super) fn manager(self, client: &Shared) -> Result<TokenManager> {
        let endpoint = match self.endpoint {
            Where::Below(path) => client.base.join(path)?,
            Where::At(url) => url,
        };
        let key = TokenKey::new(client.provider.to_string(), self.account);
        let mut manager = TokenManager::boxed(key, (self.grant)(endpoint), Arc::clone(&client.transport))
            .connection(client.connection.clone())
            .clock(Arc::clone(&client.clock))
            .observer(Arc::clone(&client.observer))
            .user_agent(client.user_agent.clone())
            .scrubber(client.scrubber.clone());
        if let Some(store) = self.store {
            manager = manager.store(store);
        }
        if let Some(limit) = self.limit {
            manager = manager.limit(limit);
        }
        manager.build().map_err(|error| error.with_provider(client.provider.to_string()))
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("account", &self.account).finish_non_exhaustive()
    }
}
