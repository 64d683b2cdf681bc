//! How a client is put together.

use std::sync::Arc;

use provider_core::clock::Clock;
use provider_core::observe::{NoObserver, Observer};
use provider_core::{Result, Services};
use provider_http::{HttpClient, RateLimit, TokioClock, Transport, base_url_with};
use secrecy::ExposeSecret as _;

use super::{Pax8Client, Surfaces};
use crate::auth::{Audience, tokens};
use crate::config::Pax8Config;

/// What Pax8 documents: calls a minute of one client id.
const CALLS_A_MINUTE: u32 = 1000;

/// Puts a [`Pax8Client`] together: what is not set has a default that suits production.
#[derive(Debug)]
pub struct Pax8ClientBuilder {
    config: Pax8Config,
    transport: Option<Arc<dyn Transport>>,
    rate: RateLimit,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
}

impl Pax8ClientBuilder {
    pub(super) fn new(config: Pax8Config) -> Self {
        Self {
            config,
            transport: None,
            rate: RateLimit::per_minute(CALLS_A_MINUTE),
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

    /// Sets the rate limit of the account, in place of 1000 calls a minute. All clients of one client id
    /// and address in the process share it; the strictest limit counts.
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

    /// The client. No I/O.
    ///
    /// # Errors
    /// `Config` naming every setting that is missing or wrong.
    pub fn build(self) -> Result<Pax8Client> {
        let config = self.config;
        let given = [
            ("PAX8_CLIENT_ID", config.client_id.as_str()),
            ("PAX8_CLIENT_SECRET", config.client_secret.expose_secret()),
        ];
        let missing = given.iter().filter(|(_, value)| value.trim().is_empty()).map(|(name, _)| *name);
        let base = base_url_with(crate::KIND, missing, "PAX8_BASE_URL", &config.base_url)?;
        let account = format!("{} {}", base.origin().ascii_serialization(), config.client_id);
        let mut partner = HttpClient::builder(&config.info(), base)
            .base_setting("PAX8_BASE_URL")
            .tokens(tokens(&config, Audience::Partner))
            .rate(self.rate)
            .account_key(account)
            .problem_parser(crate::error::problem)
            .clock(self.clock)
            .observer(self.observer)
            .options(config.http.clone())
            .user_agent(crate::USER_AGENT);
        if let Some(transport) = self.transport {
            partner = partner.transport(transport);
        }
        let partner = partner.build()?;
        let surfaces = Surfaces {
            provisioning: partner.with_tokens(tokens(&config, Audience::Provisioning))?,
            usage: partner.with_tokens(tokens(&config, Audience::Usage))?,
            partner,
            secret: config.client_secret,
        };
        Ok(Pax8Client { surfaces: Arc::new(surfaces), audience: Audience::Partner })
    }
}
