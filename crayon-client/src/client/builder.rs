//! How a client is put together.

use std::sync::Arc;

use provider_core::clock::Clock;
use provider_core::observe::{NoObserver, Observer};
use provider_core::{Result, Services};
use provider_http::{Authenticator, CallOptions, HttpClient, RateLimit, TokioClock, Transport};

use super::CrayonClient;
use crate::config::{CrayonConfig, variable};
use crate::{auth, error};

/// Puts a [`CrayonClient`] together: what is not set has a default that suits production.
#[derive(Debug)]
pub struct CrayonClientBuilder {
    config: CrayonConfig,
    transport: Option<Arc<dyn Transport>>,
    authenticator: Option<Arc<dyn Authenticator>>,
    rate: RateLimit,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
}

impl CrayonClientBuilder {
    pub(super) fn new(config: CrayonConfig) -> Self {
        Self {
            config,
            transport: None,
            authenticator: None,
            // Cloud-iQ documents no rate limit: the limit of calls in flight is adaptive.
            rate: RateLimit::unlimited(),
            clock: Arc::new(TokioClock::new()),
            observer: Arc::new(NoObserver),
        }
    }

    /// Sends requests through this transport instead of reqwest.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Takes the credential of each request from here instead of asking Cloud-iQ for tokens.
    #[must_use]
    pub fn authenticator(mut self, authenticator: Arc<dyn Authenticator>) -> Self {
        self.authenticator = Some(authenticator);
        self
    }

    /// Sets the rate limit: how often the account may call. The strictest of all clients of the account counts.
    #[must_use]
    pub fn rate(mut self, rate: RateLimit) -> Self {
        self.rate = rate;
        self
    }

    /// Takes the time from this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the observer, which receives events for metrics and logs.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// Uses the clock and the observer of a host.
    #[must_use]
    pub fn services(self, services: &Services) -> Self {
        self.clock(Arc::clone(&services.clock)).observer(Arc::clone(&services.observer))
    }

    /// The client.
    ///
    /// # Errors
    /// `Config` naming the setting that cannot be used.
    pub fn build(self) -> Result<CrayonClient> {
        let base = self.config.check()?;
        // An API client at another address is another caller: what happens there is no outage here.
        let account = format!("{} {}", base.origin().ascii_serialization(), self.config.client_id);
        let mut builder = HttpClient::builder(&self.config.info(), base)
            .base_setting(variable::BASE_URL)
            .rate(self.rate)
            .account_key(account)
            .problem_parser(error::problem)
            .clock(self.clock)
            .observer(self.observer)
            .options(self.config.http.clone())
            .user_agent(concat!("crayon-client/", env!("CARGO_PKG_VERSION")));
        if let Some(transport) = self.transport {
            builder = builder.transport(transport);
        }
        builder = match self.authenticator {
            Some(authenticator) => builder.authenticator(authenticator),
            None => builder.tokens(auth::tokens(self.config)),
        };
        Ok(CrayonClient { http: builder.build()?, options: CallOptions::default(), operation: None })
    }
}
