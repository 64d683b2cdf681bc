//! How a client is put together.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use provider_core::{Clock, Error, NoObserver, Observer, ProviderInfo, Result, Services, TokenStore};
use provider_http::{
    Basic, HttpClient, HttpOptions, ProxySetting, RateLimit, ReqwestTransport, TokioClock, Transport,
};
use secrecy::{ExposeSecret, SecretString};

use super::{Inner, StreamOneClient};
use crate::auth::{self, Chain};
use crate::config::{BASE_URL, StreamOneConfig};
use crate::error;

/// No numbers are documented, so few calls at once, and a patient pause after a 429.
const IN_FLIGHT: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_secs(8);

/// Puts a [`StreamOneClient`] together.
#[derive(Default)]
pub struct StreamOneClientBuilder {
    config: Option<StreamOneConfig>,
    store: Option<Arc<dyn TokenStore>>,
    clock: Option<Arc<dyn Clock>>,
    observer: Option<Arc<dyn Observer>>,
    transport: Option<Arc<dyn Transport>>,
    options: HttpOptions,
    rate: Option<RateLimit>,
}

impl StreamOneClientBuilder {
    /// Sets account, tokens and addresses. Needed.
    #[must_use]
    pub fn config(mut self, config: StreamOneConfig) -> Self {
        self.config = Some(config);
        self
    }

    /// Sets where rotated tokens are kept, instead of files.
    #[must_use]
    pub fn token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Sets where time comes from.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Sets who is told what happens: renewals, waits, and a refresh token with fewer than 7 days left.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Takes clock and observer of a host, and its token store where it gave one.
    #[must_use]
    pub fn services(mut self, services: &Services) -> Self {
        self.store = services.given_token_store().cloned().or(self.store);
        self.clock(Arc::clone(&services.clock)).observer(Arc::clone(&services.observer))
    }

    /// Moves bytes by this instead of reqwest.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets time limits, sizes and the way out of the network.
    #[must_use]
    pub fn http_options(mut self, options: HttpOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets how often the account may call. Default: four calls at once.
    #[must_use]
    pub fn rate(mut self, rate: RateLimit) -> Self {
        self.rate = Some(rate);
        self
    }

    /// The client. No I/O.
    ///
    /// # Errors
    /// `Config` naming every setting that is missing or wrong.
    pub fn build(self) -> Result<StreamOneClient> {
        let config = self.config.ok_or_else(|| Error::config("config", "is missing"))?;
        config.check()?;
        let base = config.base().map_err(|e| e.with_provider(crate::KIND))?;
        let store = match self.store {
            Some(store) => store,
            None => Arc::new(config.file_store()?),
        };
        let clock = self.clock.unwrap_or_else(|| Arc::new(TokioClock::new()));
        let observer = self.observer.unwrap_or_else(|| Arc::new(NoObserver));
        let transport = match self.transport {
            Some(transport) => transport,
            None => {
                let mut options = self.options.clone();
                if base.scheme() == "http" && matches!(options.proxy, ProxySetting::Environment) {
                    // Plain HTTP is for this machine only, which no proxy reaches.
                    options.proxy = ProxySetting::None;
                }
                Arc::new(ReqwestTransport::new(&options)?)
            }
        };
        let account = config.account_id.trim().to_owned();
        let tokens = Chain {
            base: &base,
            account: &account,
            connection: &config.name,
            first: config.refresh_token.clone(),
            store,
            transport: Arc::clone(&transport),
            clock: Arc::clone(&clock),
            observer: Arc::clone(&observer),
        }
        .manager()?;
        let rate =
            self.rate.unwrap_or_else(|| RateLimit::unlimited().in_flight(IN_FLIGHT).first_pause(FIRST_PAUSE));
        let v3 = HttpClient::builder(&ProviderInfo::new(crate::KIND, config.name.clone()), base.clone())
            .base_setting(BASE_URL)
            .transport(transport)
            .authenticator(Arc::new(tokens.clone()))
            .rate(rate)
            .account_key(auth::key(&base, &account).account)
            .problem_parser(error::problem)
            .clock(clock)
            .observer(observer)
            .options(self.options)
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let v1 = match (trimmed(config.api_key.as_ref()), trimmed(config.api_secret.as_ref())) {
            (Some(key), Some(secret)) => {
                Some(v3.with_authenticator(Arc::new(Basic::new(key.expose_secret(), &secret))))
            }
            _ => None,
        };
        let info = ProviderInfo::new(crate::KIND, config.name)
            .with_environment(config.environment)
            .with_account(account.clone())
            .with_client_version(env!("CARGO_PKG_VERSION"));
        Ok(StreamOneClient {
            inner: Arc::new(Inner {
                info,
                account,
                country: config.country,
                currency: config.currency,
                oauth: v3.for_tokens(),
                v3,
                v1,
                tokens,
                sorts: AtomicBool::new(true),
            }),
        })
    }
}

/// Without the line end of a copied value.
fn trimmed(secret: Option<&SecretString>) -> Option<SecretString> {
    let text = secret?.expose_secret().trim();
    (!text.is_empty()).then(|| SecretString::from(text))
}

impl fmt::Debug for StreamOneClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamOneClientBuilder").field("config", &self.config).finish_non_exhaustive()
    }
}
