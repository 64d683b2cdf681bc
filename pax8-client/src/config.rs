//! The settings of a connection, from code, a file, a form or the environment.

mod form;

use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

use provider_core::info::Environment;
use provider_core::{ConnectionSettings, Country, Currency, ProviderInfo, Result};
use provider_http::HttpOptions;
use secrecy::SecretString;
use serde::Deserialize;

pub(crate) use form::form;

/// Where the API is unless configured otherwise.
pub(crate) const DEFAULT_BASE_URL: &str = "https://api.pax8.com";

/// How long an attempt may take: lists of orders are slow for large partners.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);

/// The settings of a connection to Pax8: credentials, defaults of companies, address.
///
/// ```
/// use pax8_client::Pax8Config;
///
/// let config = Pax8Config::new("client id", "client secret".to_owned());
/// assert_eq!(config.base_url, "https://api.pax8.com");
/// assert!(!format!("{config:?}").contains("client secret"));
/// ```
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct Pax8Config {
    /// The connection's name. Cursors and journal entries belong to it.
    #[serde(default = "default_name")]
    pub name: String,
    /// The client id of the integration.
    pub client_id: String,
    /// The client secret of the integration.
    pub client_secret: SecretString,
    /// An origin with an optional path prefix.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// Production, or sandbox: everything is read, orders are checked by Pax8 (`isMock`), nothing is ever bought.
    #[serde(default)]
    pub environment: Environment,
    /// The country of companies that are created without one.
    #[serde(default)]
    pub country: Option<Country>,
    /// The currency of prices, which Pax8 sends without one; `verify` compares it with the currencies that it does
    /// send.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// What companies are created with where a command does not say.
    #[serde(default)]
    pub company_defaults: CompanyDefaults,
    /// Another audience for partner tokens, such as the older `api://p8p.client`.
    #[serde(default)]
    pub audience: Option<String>,
    /// Timeouts, size limits, proxy and retries.
    #[serde(skip, default = "default_http")]
    pub http: HttpOptions,
}

/// What companies are created with where a command does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CompanyDefaults {
    /// The customer may order for itself.
    pub self_service_allowed: bool,
    /// Pax8 bills the customer on the partner's behalf.
    pub bill_on_behalf_of_enabled: bool,
    /// Orders wait for an approval.
    pub order_approval_required: bool,
}

fn default_name() -> String {
    crate::KIND.to_owned()
}

fn default_base_url() -> String {
    DEFAULT_BASE_URL.to_owned()
}

fn default_http() -> HttpOptions {
    HttpOptions::default().attempt_timeout(ATTEMPT_TIMEOUT)
}

impl Pax8Config {
    /// A production connection with these credentials.
    #[must_use]
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        Self {
            name: default_name(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            base_url: default_base_url(),
            environment: Environment::Production,
            country: None,
            currency: None,
            company_defaults: CompanyDefaults::default(),
            audience: None,
            http: default_http(),
        }
    }

    /// Sets the connection's name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the address: an origin with an optional path prefix.
    #[must_use]
    pub fn with_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Sets the environment: production, or the sandbox, where nothing is ever bought.
    #[must_use]
    pub fn with_environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the country of companies that are created without one.
    #[must_use]
    pub fn with_country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// Sets the currency of prices.
    #[must_use]
    pub fn with_currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }

    /// Sets timeouts, size limits, proxy and retries. Where the options leave the time of an attempt
    /// at its default, Pax8's own of 60 s stays, because lists of orders are slow for large partners.
    #[must_use]
    pub fn with_http(mut self, options: HttpOptions) -> Self {
        self.http = if options.attempt_timeout == HttpOptions::default().attempt_timeout {
            options.attempt_timeout(ATTEMPT_TIMEOUT)
        } else {
            options
        };
        self
    }

    /// From the environment: `PAX8_CLIENT_ID` and `PAX8_CLIENT_SECRET`; optional are `PAX8_BASE_URL`,
    /// `PAX8_ENVIRONMENT`, `PAX8_COUNTRY`, `PAX8_CURRENCY`, `PAX8_SELF_SERVICE_ALLOWED`,
    /// `PAX8_BILL_ON_BEHALF_OF_ENABLED` and `PAX8_ORDER_APPROVAL_REQUIRED`. `None` when none is set.
    ///
    /// # Errors
    /// `Config` naming every required variable that is missing and every one that is blank or cannot be read.
    pub fn from_env() -> Result<Option<Self>> {
        Self::from_vars(|name| std::env::var_os(name))
    }

    /// As [`from_env`](Self::from_env), from any source of variables. A variable that is set and blank is refused.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_vars<V: Into<OsString>>(variable: impl Fn(&str) -> Option<V>) -> Result<Option<Self>> {
        form().from_vars(variable)?.map(|settings| Self::from_settings(&settings)).transpose()
    }

    /// From what was entered into the form.
    ///
    /// # Errors
    /// `Config` with a violation for every setting that is missing or wrong.
    pub fn from_settings(settings: &ConnectionSettings) -> Result<Self> {
        form::read(settings)
    }

    /// The defaults that count: everything is off in the sandbox.
    pub(crate) fn effective_defaults(&self) -> CompanyDefaults {
        match self.environment {
            Environment::Sandbox => CompanyDefaults::default(),
            _ => self.company_defaults,
        }
    }

    /// Who the connection is.
    pub(crate) fn info(&self) -> ProviderInfo {
        ProviderInfo::new(crate::KIND, self.name.clone())
            .with_environment(self.environment)
            .with_endpoint(self.base_url.trim().trim_end_matches('/').to_ascii_lowercase())
            .with_account(self.client_id.clone())
            .with_client_version(env!("CARGO_PKG_VERSION"))
    }
}

impl fmt::Debug for Pax8Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pax8Config")
            .field("name", &self.name)
            .field("client_id", &self.client_id)
            .field("client_secret", &"[set]")
            .field("environment", &self.environment)
            .field("country", &self.country)
            .field("currency", &self.currency)
            .field("company_defaults", &self.company_defaults)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_has_a_minute_unless_a_host_says_otherwise() {
        let config = || Pax8Config::new("id", "secret".to_owned());
        let attempt = |config: Pax8Config| config.http.attempt_timeout.as_secs();
        assert_eq!(attempt(config()), 60);
        let usual = HttpOptions::default().max_attempts(2);
        assert_eq!(attempt(config().with_http(usual.clone())), 60);
        assert_eq!(config().with_http(usual).http.max_attempts, 2);
        let own = HttpOptions::default().attempt_timeout(Duration::from_secs(7));
        assert_eq!(attempt(config().with_http(own)), 7);
    }
}
