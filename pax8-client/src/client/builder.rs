//! Putting a client together.

use std::sync::Arc;
use std::time::Duration;

use provider_core::{Clock, Error, NoObserver, Observer, ProviderInfo, Result};
use provider_http::{
    HttpClient, HttpOptions, ProxySetting, RateLimit, ReqwestTransport, TokioClock, Transport,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use super::{Inner, Pax8Client};
use crate::auth::{Audience, Tokens};
use crate::config::Pax8Config;

/// Lists of orders are slow for large partners.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);
/// What Pax8 documents: calls a minute of one client id.
const CALLS_A_MINUTE: u32 = 1000;

/// Puts a [`Pax8Client`] together.
#[derive(Debug)]
pub struct Pax8ClientBuilder {
    config: Pax8Config,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    options: HttpOptions,
    rate: RateLimit,
}

impl Default for Pax8ClientBuilder {
    fn default() -> Self {
        Self {
            config: Pax8Config::new("", SecretString::default()),
            transport: None,
            clock: Arc::new(TokioClock::new()),
            observer: Arc::new(NoObserver),
            options: HttpOptions::default().attempt_timeout(ATTEMPT_TIMEOUT),
            rate: RateLimit::per_minute(CALLS_A_MINUTE),
        }
    }
}

impl Pax8ClientBuilder {
    /// Takes all settings from a configuration.
    #[must_use]
    pub fn config(mut self, config: Pax8Config) -> Self {
        self.config = config;
        self
    }

    /// Sets the client id and secret of the integration.
    #[must_use]
    pub fn credentials(
        mut self,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> Self {
        self.config.client_id = client_id.into();
        self.config.client_secret = client_secret.into();
        self
    }

    /// Sets the address: an origin with an optional path prefix.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.config.base_url = base_url.into();
        self
    }

    /// Sets the connection's name, for events.
    #[must_use]
    pub fn connection(mut self, name: impl Into<String>) -> Self {
        self.config.name = name.into();
        self
    }

    /// Moves bytes by this instead of the default transport.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets where the wall time comes from.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets who is told what happens.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// Sets time limits, sizes and the way out of the network. Unless set, an attempt may take 60 s,
    /// because lists of orders are slow for large partners.
    #[must_use]
    pub fn options(mut self, options: HttpOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets how often the account may call, in place of 1000 calls a minute. All clients of one client id
    /// and address in the process share it; the strictest limit counts.
    #[must_use]
    pub fn rate(mut self, rate: RateLimit) -> Self {
        self.rate = rate;
        self
    }

    /// The client. No I/O.
    ///
    /// # Errors
    /// `Config` naming the setting that is missing or wrong.
    pub fn build(self) -> Result<Pax8Client> {
        let missing = |name: &str| Error::config(name, "is not set").with_provider(crate::KIND);
        if self.config.client_id.trim().is_empty() {
            return Err(missing("PAX8_CLIENT_ID"));
        }
        if self.config.client_secret.expose_secret().trim().is_empty() {
            return Err(missing("PAX8_CLIENT_SECRET"));
        }
        let base = self.config.base()?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(&self.options, &base)?,
        };
        let tokens = Tokens {
            config: &self.config,
            base: &base,
            transport: &transport,
            clock: &self.clock,
            observer: &self.observer,
        };
        let managers = (
            tokens.manager(Audience::Partner)?,
            tokens.manager(Audience::Provisioning)?,
            tokens.manager(Audience::Usage)?,
        );
        let account = format!("{} {}", base.origin().ascii_serialization(), self.config.client_id);
        let partner = HttpClient::builder(&ProviderInfo::new(crate::KIND, self.config.name.clone()), base)
            .base_setting("PAX8_BASE_URL")
            .transport(transport)
            .authenticator(Arc::new(managers.0.clone()))
            .rate(self.rate)
            .account_key(account)
            .problem_parser(crate::error::problem)
            .clock(self.clock)
            .observer(self.observer)
            .options(self.options)
            .user_agent(crate::USER_AGENT)
            .build()?;
        Ok(Pax8Client {
            inner: Arc::new(Inner {
                provisioning: partner.with_authenticator(Arc::new(managers.1)),
                usage: partner.with_authenticator(Arc::new(managers.2)),
                partner,
                tokens: managers.0,
                secret: self.config.client_secret,
            }),
        })
    }
}

/// No proxy reaches this machine's own loopback.
fn default_transport(options: &HttpOptions, base: &Url) -> Result<Arc<dyn Transport>> {
    let loopback = match base.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let mut options = options.clone();
    if loopback && matches!(options.proxy, ProxySetting::Environment) {
        options.proxy = ProxySetting::None;
    }
    let transport = ReqwestTransport::new(&options).map_err(|error| error.with_provider(crate::KIND))?;
    Ok(Arc::new(transport))
}
