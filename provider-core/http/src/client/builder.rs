//! How a client is put together.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use provider_core::clock::Clock;
use provider_core::observe::{NoObserver, Observer};
use provider_core::{Error, ProviderInfo, Result, Services};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{HttpClient, Tokens};
use crate::account::Account;
use crate::auth::{Authenticator, Bearer, NoAuth};
use crate::clock::TokioClock;
use crate::limit::RateLimit;
use crate::options::{HttpOptions, ProxySetting};
use crate::problem::{Problem, ProblemParser};
use crate::redact::Scrubber;
use crate::request::{Base, percent_decode};
use crate::retry::Backoff;
use crate::shared::Shared;
use crate::transport::Transport;

/// Puts an [`HttpClient`] together.
pub struct HttpClientBuilder {
    provider: Arc<str>,
    connection: String,
    base: Url,
    setting: &'static str,
    transport: Option<Arc<dyn Transport>>,
    credentials: Credentials,
    rate: RateLimit,
    account_key: Option<String>,
    problem_parser: ProblemParser,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    options: HttpOptions,
    user_agent: Option<String>,
}

/// Where credentials come from.
enum Credentials {
    Ready(Arc<dyn Authenticator>),
    Tokens(Tokens),
}

impl HttpClientBuilder {
    pub(super) fn new(info: &ProviderInfo, base: Url) -> Self {
        Self {
            provider: info.kind.as_str().into(),
            connection: info.connection.clone(),
            base,
            setting: "base_url",
            transport: None,
            credentials: Credentials::Ready(Arc::new(NoAuth)),
            rate: RateLimit::unlimited(),
            account_key: None,
            problem_parser: Problem::common,
            clock: Arc::new(TokioClock::new()),
            observer: Arc::new(NoObserver),
            options: HttpOptions::default(),
            user_agent: None,
        }
    }

    /// The name under which the operator knows the base URL, such as `PAX8_BASE_URL`: errors about it
    /// name it.
    #[must_use]
    pub const fn base_setting(mut self, setting: &'static str) -> Self {
        self.setting = setting;
        self
    }

    /// Sends requests through this transport, whatever the options say.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets the authenticator: where the credential of each request comes from.
    #[must_use]
    pub fn authenticator(mut self, authenticator: Arc<dyn Authenticator>) -> Self {
        self.credentials = Credentials::Ready(authenticator);
        self
    }

    /// Sends this token in every request: for APIs whose tokens are made in a portal and do not expire.
    #[must_use]
    pub fn bearer(self, token: impl Into<SecretString>) -> Self {
        self.authenticator(Arc::new(Bearer::new(&token.into())))
    }

    /// Asks for access tokens and keeps them valid.
    #[must_use]
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.credentials = Credentials::Tokens(tokens);
        self
    }

    /// Sets the rate limit: how often the account may call.
    #[must_use]
    pub fn rate(mut self, rate: RateLimit) -> Self {
        self.rate = rate;
        self
    }

    /// What tells the accounts of one provider apart, such as a client id. All clients of one account in
    /// the process share its rate limit, breaker and retries. Never a secret. Without it the client has
    /// an account of its own.
    #[must_use]
    pub fn account_key(mut self, key: impl Into<String>) -> Self {
        self.account_key = Some(key.into());
        self
    }

    /// Sets the parser of error bodies.
    #[must_use]
    pub fn problem_parser(mut self, parser: ProblemParser) -> Self {
        self.problem_parser = parser;
        self
    }

    /// Sets the clock of the wall time. Waits are tokio's in any case.
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

    /// Sets timeouts, size limits, proxy and retries, and with them the transport where the options
    /// hold one.
    #[must_use]
    pub fn options(mut self, options: HttpOptions) -> Self {
        self.options = options;
        self
    }

    /// What the client calls itself in `User-Agent`, such as `pax8-client/0.1.0`.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// The client. Without a transport of its own and none in the options it makes one over reqwest.
    ///
    /// # Errors
    /// `Config` naming the setting: a base URL that is not HTTPS (loopback may be HTTP) or holds a
    /// password, a proxy or a certificate that cannot be used, tokens that cannot be asked for there.
    pub fn build(self) -> Result<HttpClient> {
        let provider = Arc::clone(&self.provider);
        self.assemble().map_err(|error| error.with_provider(provider.to_string()))
    }

    fn assemble(self) -> Result<HttpClient> {
        let base = Base::new(&self.base, self.setting)?;
        let given = self.transport.or_else(|| self.options.shared_transport().cloned());
        let transport = match given {
            Some(transport) => transport,
            None => {
                let mut options = self.options.clone();
                if base.is_loopback() && matches!(options.proxy, ProxySetting::Environment) {
                    // No proxy reaches this machine's own loopback.
                    options.proxy = ProxySetting::None;
                }
                standard(&options)?
            }
        };
        let account = match &self.account_key {
            Some(key) => Account::shared(&self.provider, key, &self.rate),
            None => Account::private(&self.rate),
        };
        let backoff =
            Backoff::new(self.options.backoff_base, self.options.backoff_cap, self.options.backoff_seed);
        let user_agent = user_agent(self.options.user_agent_prefix.as_deref(), self.user_agent.as_deref())?;
        let client = HttpClient {
            shared: Arc::new(Shared {
                news: Arc::default(),
                provider: self.provider,
                connection: self.connection,
                base,
                transport,
                authenticator: Arc::new(NoAuth),
                tokens: None,
                account,
                problem_parser: self.problem_parser,
                clock: self.clock,
                observer: self.observer,
                scrubber: scrubber(&self.options),
                user_agent,
                options: self.options,
                backoff: Arc::new(backoff),
            }),
        };
        match self.credentials {
            Credentials::Ready(authenticator) => Ok(client.with_authenticator(authenticator)),
            Credentials::Tokens(tokens) => client.with_tokens(tokens),
        }
    }
}

fn user_agent(application: Option<&str>, client: Option<&str>) -> Result<HeaderValue> {
    let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let names = [application, client, Some(own)];
    let text = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    HeaderValue::from_str(&text)
        .map_err(|e| Error::config("user_agent", "holds characters that no header can carry").with_source(e))
}

/// Knows what the options hold: the address of a proxy may have a password.
fn scrubber(options: &HttpOptions) -> Scrubber {
    let scrubber = Scrubber::default();
    if let ProxySetting::Url(address) = &options.proxy {
        scrubber.learn_for_good(address);
        let address = Url::parse(address.expose_secret()).ok();
        if let Some(password) = address.as_ref().and_then(Url::password) {
            scrubber.learn_for_good(&SecretString::from(percent_decode(password)));
        }
    }
    scrubber
}

/// The transport of those who bring none.
#[cfg(feature = "reqwest")]
fn standard(options: &HttpOptions) -> Result<Arc<dyn Transport>> {
    Ok(Arc::new(crate::transport::ReqwestTransport::new(options)?))
}

/// Without reqwest there is none.
#[cfg(not(feature = "reqwest"))]
fn standard(_options: &HttpOptions) -> Result<Arc<dyn Transport>> {
    let problem = "is not set, and the feature `reqwest` of provider-http, which would make one, is left out";
    Err(Error::config("transport", problem))
}

impl fmt::Debug for HttpClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClientBuilder")
            .field("provider", &self.provider)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
