//! The HTTP client of one connection.

mod builder;
mod download;
mod laborious;
mod paging;
mod tokens;

use std::fmt;
use std::sync::Arc;

use provider_core::clock::Clock;
use provider_core::observe::{EventKind, Observer};
use provider_core::{ProviderInfo, Result};

pub use builder::HttpClientBuilder;
pub use download::{Downloaded, DownloadedEmbedded};
pub(crate) use laborious::Laborious;
pub(crate) use paging::PageSizes;
pub use tokens::Tokens;
use url::Url;

use crate::account::Account;
use crate::answer::Answer;
use crate::auth::{Authenticator, NoAuth, TokenManager};
use crate::call::CallOptions;
use crate::limit::RateLimit;
use crate::options::HttpOptions;
use crate::pipeline;
use crate::redact::Quoting;
use crate::request::RequestSpec;
use crate::shared::Shared;

/// The HTTP client of one connection: a transport, a credential, and the limits of the account. Cheap to clone.
///
/// Every call takes the same steps in the same order: deadline, breaker, and in each attempt the
/// limiter, the credential, the exchange, the size cap and the classification of the answer.
#[derive(Clone)]
pub struct HttpClient {
    pub(crate) shared: Arc<Shared>,
}

impl HttpClient {
    /// Starts a client of a connection and a base URL: an origin with an optional path prefix.
    #[must_use]
    pub fn builder(info: &ProviderInfo, base: Url) -> HttpClientBuilder {
        HttpClientBuilder::new(info, base)
    }

    /// Makes one call.
    ///
    /// It runs in a task of its own, so that a caller who polls it late causes no time-out; dropping the future gives
    /// the call up.
    ///
    /// # Errors
    /// The error of the last attempt that the retry table allows. Delivery says whether the distributor may have acted.
    pub async fn send(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        pipeline::send(&self.shared, spec, call).await
    }

    /// The same transport and the same account with another credential: for APIs whose audiences or
    /// versions take different tokens.
    #[must_use]
    pub fn with_authenticator(&self, authenticator: Arc<dyn Authenticator>) -> Self {
        for secret in authenticator.secrets() {
            self.shared.scrubber.learn_for_good(&secret);
        }
        self.edit(|shared| {
            shared.authenticator = authenticator;
            shared.tokens = None;
        })
    }

    /// The same transport and the same account with other tokens, got over the same transport and told of
    /// to the same observer: for APIs whose audiences take different ones.
    ///
    /// # Errors
    /// `Config` when tokens cannot be asked for there.
    pub fn with_tokens(&self, tokens: Tokens) -> Result<Self> {
        let manager = tokens.manager(&self.shared)?;
        Ok(self.edit(|shared| {
            shared.authenticator = Arc::new(manager.clone());
            shared.tokens = Some(manager);
        }))
    }

    /// The same transport without a credential and outside the account's limit, for asking for tokens: a
    /// call that waits for a token holds its place in the limiter, so the token must not wait there too.
    #[must_use]
    pub fn for_tokens(&self) -> Self {
        self.edit(|shared| {
            shared.authenticator = Arc::new(NoAuth);
            shared.tokens = None;
            shared.account = Account::private(&RateLimit::unlimited());
        })
    }

    fn edit(&self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut shared = Shared::clone(&self.shared);
        change(&mut shared);
        Self { shared: Arc::new(shared) }
    }

    /// Blanks the secrets in use of this connection in what leaves a provider: a distributor may have echoed them in
    /// whatever an error, a receipt or a check was made of.
    #[must_use]
    pub fn scrubbed<T: Quoting>(&self, quoting: T) -> T {
        self.shared.scrubber.quoting(quoting)
    }

    /// Tells the observer something about this connection. Secrets in use are blanked.
    pub fn emit(&self, what: EventKind) {
        self.shared.emit(what);
    }

    /// The provider kind.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.shared.provider
    }

    /// The connection's name.
    #[must_use]
    pub fn connection(&self) -> &str {
        &self.shared.connection
    }

    /// Where credentials come from.
    #[must_use]
    pub fn authenticator(&self) -> &Arc<dyn Authenticator> {
        &self.shared.authenticator
    }

    /// The manager of the tokens, where the client was made with [`Tokens`].
    #[must_use]
    pub fn tokens(&self) -> Option<&TokenManager> {
        self.shared.tokens.as_ref()
    }

    /// The clock: wall time for token lives and HTTP dates.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// The observer.
    #[must_use]
    pub fn observer(&self) -> &Arc<dyn Observer> {
        &self.shared.observer
    }

    /// The time limits and sizes.
    #[must_use]
    pub fn options(&self) -> &HttpOptions {
        &self.shared.options
    }

    /// Waits for what must not be cut off, such as a rotated token that is being saved.
    ///
    /// # Errors
    /// The error of what could not be finished.
    pub async fn close(&self) -> Result<()> {
        self.shared.authenticator.close().await
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("provider", &self.shared.provider)
            .field("connection", &self.shared.connection)
            .field("host", &self.shared.base.origin().host())
            .field("authenticator", &self.shared.authenticator)
            .finish_non_exhaustive()
    }
}
