//! The settings of a connection: in code, from a file, from the environment, from a form.

mod form;

use std::ffi::OsString;
use std::path::PathBuf;

use provider_core::info::Environment;
use provider_core::settings::variable;
use provider_core::{ConnectionSettings, Country, Currency, Error, Result};
use provider_http::token::FileTokenStore;
use provider_http::{HttpOptions, base_url_with};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

pub(crate) use form::form;

/// The address of ION unless another is set.
pub const DEFAULT_BASE_URL: &str = "https://ion.tdsynnex.com";

pub(crate) const ACCOUNT_ID: &str = "STREAMONE_ACCOUNT_ID";
pub(crate) const REFRESH_TOKEN: &str = "STREAMONE_REFRESH_TOKEN";
pub(crate) const API_KEY: &str = "STREAMONE_API_KEY";
pub(crate) const API_SECRET: &str = "STREAMONE_API_SECRET";
pub(crate) const BASE_URL: &str = "STREAMONE_BASE_URL";
const TOKEN_DIR: &str = "PROVIDER_TOKEN_DIR";
const TOKEN_KEY: &str = "PROVIDER_TOKEN_KEY";

/// The settings of a connection to StreamOne ION: account, refresh token, token store, address.
///
/// ```
/// use streamone_client::StreamOneConfig;
///
/// let config = StreamOneConfig::new("20001", "the refresh token from the portal");
/// assert_eq!(config.name, "streamone");
/// ```
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct StreamOneConfig {
    /// The connection's name; unique in the host. Default: `streamone`.
    #[serde(default = "default_name")]
    pub name: String,
    /// Production, or sandbox: everything is read, writes are planned and never sent.
    #[serde(default)]
    pub environment: Environment,
    /// An origin with an optional path prefix. Default: [`DEFAULT_BASE_URL`].
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// The reseller's account: Settings, Account Information.
    pub account_id: String,
    /// The refresh token from the portal. It works once: each exchange gives its successor, which is kept in the token
    /// store, and a restart goes on from there.
    pub refresh_token: SecretString,
    /// The key of the v1 billing API; `None` leaves invoices and billing reports out.
    #[serde(default)]
    pub api_key: Option<SecretString>,
    /// The secret of the v1 billing API.
    #[serde(default)]
    pub api_secret: Option<SecretString>,
    /// The country of customers that are created without one.
    #[serde(default)]
    pub country: Option<Country>,
    /// The currency that prices are expected in.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Where rotated tokens are kept when no token store is given. Default: `PROVIDER_TOKEN_DIR`, then the
    /// platform's directory for state.
    #[serde(default)]
    pub token_dir: Option<PathBuf>,
    /// Encrypts the kept tokens. Default: `PROVIDER_TOKEN_KEY`.
    #[serde(default)]
    pub token_key: Option<SecretString>,
    /// Timeouts, size limits, proxy and retries.
    #[serde(skip)]
    pub http: HttpOptions,
}

fn default_name() -> String {
    "streamone".to_owned()
}

fn default_base_url() -> String {
    DEFAULT_BASE_URL.to_owned()
}

impl StreamOneConfig {
    /// A production connection of this account.
    #[must_use]
    pub fn new(account_id: impl Into<String>, refresh_token: impl Into<SecretString>) -> Self {
        Self {
            name: default_name(),
            environment: Environment::Production,
            base_url: default_base_url(),
            account_id: account_id.into(),
            refresh_token: refresh_token.into(),
            api_key: None,
            api_secret: None,
            country: None,
            currency: None,
            token_dir: None,
            token_key: None,
            http: HttpOptions::default(),
        }
    }

    /// Adds the key pair of the v1 billing API.
    #[must_use]
    pub fn with_api_key(mut self, key: impl Into<SecretString>, secret: impl Into<SecretString>) -> Self {
        self.api_key = Some(key.into());
        self.api_secret = Some(secret.into());
        self
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

    /// Sets the environment: production, or the sandbox, where writes are planned and never sent.
    #[must_use]
    pub fn with_environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the country of customers that are created without one.
    #[must_use]
    pub fn with_country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// Sets the currency that prices are expected in.
    #[must_use]
    pub fn with_currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }

    /// Sets timeouts, size limits, proxy and retries.
    #[must_use]
    pub fn with_http(mut self, options: HttpOptions) -> Self {
        self.http = options;
        self
    }

    /// Reads the environment: `STREAMONE_ACCOUNT_ID` and `STREAMONE_REFRESH_TOKEN`; optional
    /// `STREAMONE_API_KEY` with `STREAMONE_API_SECRET`, `STREAMONE_BASE_URL`, `STREAMONE_ENVIRONMENT`,
    /// `STREAMONE_COUNTRY`, `STREAMONE_CURRENCY`, `PROVIDER_TOKEN_DIR`, `PROVIDER_TOKEN_KEY`. `None` when no
    /// variable of this provider is set.
    ///
    /// # Errors
    /// `Config` naming every variable that is missing, blank or wrong.
    pub fn from_env() -> Result<Option<Self>> {
        Self::from_vars(|name| std::env::var_os(name))
    }

    /// As [`from_env`](Self::from_env), from any source of variables. A variable that is set and blank is refused.
    ///
    /// # Errors
    /// The same.
    pub fn from_vars<V: Into<OsString>>(get: impl Fn(&str) -> Option<V>) -> Result<Option<Self>> {
        let read = form()
            .from_vars(&get)
            .and_then(|settings| settings.map(|settings| Self::from_settings(&settings)).transpose());
        if matches!(read, Ok(None)) {
            return Ok(None);
        }
        let of_tokens = |name| variable(name, get(name));
        let (dir, key) = (of_tokens(TOKEN_DIR), of_tokens(TOKEN_KEY));
        let wrong = [read.as_ref().err(), dir.as_ref().err(), key.as_ref().err()];
        // Everything that is wrong, at once.
        if let Some(error) = together(wrong.into_iter().flatten()) {
            return Err(error);
        }
        let Some(mut config) = read? else { return Ok(None) };
        config.token_dir = dir?.map(PathBuf::from);
        config.token_key = key?.map(SecretString::from);
        Ok(Some(config))
    }

    /// The configuration behind a connection's settings.
    ///
    /// # Errors
    /// `Config` naming every field that is missing or wrong.
    pub fn from_settings(settings: &ConnectionSettings) -> Result<Self> {
        form().validate(settings)?;
        let account = settings.secret("account_id")?.expose_secret().trim().to_owned();
        let mut config = Self::new(account, settings.secret("refresh_token")?);
        config.name.clone_from(&settings.name);
        config.environment = settings.environment;
        config.country = settings.country;
        config.currency = settings.currency;
        config.api_key = settings.optional_secret("api_key")?;
        config.api_secret = settings.optional_secret("api_secret")?;
        if let Some(endpoint) = settings.endpoint.as_deref().map(str::trim).filter(|e| !e.is_empty()) {
            endpoint.clone_into(&mut config.base_url);
        }
        config.check()?;
        Ok(config)
    }

    /// Checks what can be checked without the network, and reads the address.
    pub(crate) fn check(&self) -> Result<Url> {
        let (key, secret) = (given(self.api_key.as_ref()), given(self.api_secret.as_ref()));
        let absent = [
            (ACCOUNT_ID, self.account_id.trim().is_empty()),
            (REFRESH_TOKEN, blank(&self.refresh_token)),
            (API_KEY, secret && !key),
            (API_SECRET, key && !secret),
        ];
        let missing = absent.iter().filter(|(_, absent)| *absent).map(|(name, _)| *name);
        base_url_with(crate::KIND, missing, BASE_URL, &self.base_url)
    }

    /// The file store that the settings or the environment name.
    pub(crate) fn file_store(&self) -> Result<FileTokenStore> {
        FileTokenStore::from_vars(|name| {
            let own = match name {
                TOKEN_DIR => self.token_dir.as_ref().map(|dir| dir.clone().into_os_string()),
                TOKEN_KEY => self.token_key.as_ref().map(|key| key.expose_secret().into()),
                _ => None,
            };
            own.or_else(|| std::env::var_os(name))
        })
    }
}

/// Several errors of settings as one. `None` where there are not several: one says it by itself.
fn together<'a>(errors: impl Iterator<Item = &'a Error>) -> Option<Error> {
    let errors: Vec<&Error> = errors.collect();
    let (first, rest) = errors.split_first()?;
    let mut one = (*first).clone();
    for error in rest {
        one = one.with_violations(error.violations().iter().cloned());
    }
    let message = errors.iter().map(|error| error.message()).collect::<Vec<_>>().join("; ");
    Some(one.with_message(message).with_provider(crate::KIND))
}

fn blank(secret: &SecretString) -> bool {
    secret.expose_secret().trim().is_empty()
}

fn given(secret: Option<&SecretString>) -> bool {
    secret.is_some_and(|secret| !blank(secret))
}
