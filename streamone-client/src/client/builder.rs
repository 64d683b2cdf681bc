//! How a client is put together.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use provider_core::clock::Clock;
use provider_core::observe::{NoObserver, Observer};
use provider_core::token::TokenStore;
use provider_core::{ProviderInfo, Result, Services};
use provider_http::{HttpClient, RateLimit, TokioClock, Transport};

use super::{Inner, StreamOneClient};
use crate::config::{BASE_URL, StreamOneConfig};
use crate::{auth, error};

/// No rate limit is documented: the limit of calls in flight is adaptive, with a long pause after a 429.
const FIRST_PAUSE: Duration = Duration::from_secs(8);

/// Puts a [`StreamOneClient`] together: what is not set has a default that suits production.
#[derive(Debug)]
pub struct StreamOneClientBuilder {
    config: StreamOneConfig,
    store: Option<Arc<dyn TokenStore>>,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    transport: Option<Arc<dyn Transport>>,
    rate: RateLimit,
}

impl StreamOneClientBuilder {
    pub(super) fn new(config: StreamOneConfig) -> Self {
        Self {
            config,
            store: None,
            clock: Arc::new(TokioClock::new()),
            observer: Arc::new(NoObserver),
            transport: None,
            rate: RateLimit::unlimited().first_pause(FIRST_PAUSE),
        }
    }

    /// Sets where rotated tokens are kept, instead of files.
    #[must_use]
    pub fn token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Takes the time from this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the observer, which receives events for metrics and logs, a refresh token with fewer than 7 days left among
    /// them.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// Takes clock and observer of a host, and its token store where it gave one.
    #[must_use]
    pub fn services(mut self, services: &Services) -> Self {
        self.store = services.given_token_store().cloned().or(self.store);
        self.clock(Arc::clone(&services.clock)).observer(Arc::clone(&services.observer))
    }

    /// Sends requests through this transport instead of reqwest.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets the rate limit: how often the account may call. Default: none, with an adaptive limit of calls in flight and
    /// a pause of 8 s after a 429 that names none.
    #[must_use]
    pub fn rate(mut self, rate: RateLimit) -> Self {
        self.rate = rate;
        self
    }

    /// The client. No I/O.
    ///
    /// # Errors
    /// `Config` naming every setting that is missing or wrong.
    pub fn build(self) -> Result<StreamOneClient> {
        let config = self.config;
        let base = config.check()?;
        let store = match self.store {
            Some(store) => store,
            None => Arc::new(config.file_store()?),
        };
        let account = config.account_id.trim().to_owned();
        let account_key = auth::account_key(&base, &account);
        let v1 = auth::key_pair(&config);
        let info = ProviderInfo::new(crate::KIND, config.name)
            .with_environment(config.environment)
            .with_endpoint(base.origin().ascii_serialization())
            .with_account(account.clone())
            .with_client_version(env!("CARGO_PKG_VERSION"));
        let mut v3 = HttpClient::builder(&info, base)
            .base_setting(BASE_URL)
            .tokens(auth::chain(&account_key, config.refresh_token).store(store))
            .rate(self.rate)
            .account_key(account_key)
            .problem_parser(error::problem)
            .clock(self.clock)
            .observer(self.observer)
            .options(config.http)
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
        if let Some(transport) = self.transport {
            v3 = v3.transport(transport);
        }
        let v3 = v3.build()?;
        let v1 = v1.map(|pair| v3.with_authenticator(Arc::new(pair)));
        Ok(StreamOneClient {
            inner: Arc::new(Inner {
                info,
                account,
                country: config.country,
                currency: config.currency,
                oauth: v3.for_tokens(),
                v3,
                v1,
                sorts: AtomicBool::new(true),
            }),
            older: false,
        })
    }
}
