//! What a connection to Cloud-iQ needs, and where it comes from: code, a file, the environment, or the
//! settings that a host stores.

mod form;

use std::ffi::OsString;
use std::fmt;

use provider_core::info::Environment;
use provider_core::{ConnectionSettings, Country, Currency, ProviderInfo, Result};
use provider_http::HttpOptions;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

pub use form::form;

/// The address of Cloud-iQ unless another is set.
pub const DEFAULT_BASE_URL: &str = "https://api.crayon.com";

pub(crate) const KIND: &str = "crayon";

/// The environment variables, which errors name.
pub(crate) mod variable {
    pub(crate) const CLIENT_ID: &str = "CRAYON_CLIENT_ID";
    pub(crate) const CLIENT_SECRET: &str = "CRAYON_CLIENT_SECRET";
    pub(crate) const USERNAME: &str = "CRAYON_USERNAME";
    pub(crate) const PASSWORD: &str = "CRAYON_PASSWORD";
    pub(crate) const ORGANIZATION_ID: &str = "CRAYON_ORGANIZATION_ID";
    pub(crate) const BASE_URL: &str = "CRAYON_BASE_URL";
    pub(crate) const CURRENCY: &str = "CRAYON_CURRENCY";
}

/// The settings of a connection to Crayon Cloud-iQ: credentials, organization, address.
///
/// ```
/// use crayon_client::CrayonConfig;
///
/// let config = CrayonConfig::new("client-id", "client-secret", "api.user@example.com", "password");
/// assert_eq!(config.base_url, "https://api.crayon.com");
/// ```
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct CrayonConfig {
    /// The connection's name. Cursors and journal entries belong to it.
    #[serde(default = "kind")]
    pub name: String,
    /// Production, or sandbox: everything is read, writes are planned and never sent.
    #[serde(default)]
    pub environment: Environment,
    /// The address: an origin with an optional path prefix.
    #[serde(default = "base_url")]
    pub base_url: String,
    /// The id of the API client.
    pub client_id: String,
    /// The secret of the API client.
    pub client_secret: SecretString,
    /// The name of the API user.
    pub username: String,
    /// The password of the API user.
    pub password: SecretString,
    /// The organization to work in. Without it, all that the user may see.
    #[serde(default)]
    pub organization_id: Option<i64>,
    /// The country of customers that are created without one.
    #[serde(default)]
    pub country: Option<Country>,
    /// The currency that prices are expected in; others are reported by `verify`.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Timeouts, size limits, proxy and retries.
    #[serde(skip)]
    pub http: HttpOptions,
}

fn kind() -> String {
    KIND.to_owned()
}

fn base_url() -> String {
    DEFAULT_BASE_URL.to_owned()
}

impl CrayonConfig {
    /// A production connection with these credentials.
    #[must_use]
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
        username: impl Into<String>,
        password: impl Into<SecretString>,
    ) -> Self {
        Self {
            name: kind(),
            environment: Environment::Production,
            base_url: base_url(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            username: username.into(),
            password: password.into(),
            organization_id: None,
            country: None,
            currency: None,
            http: HttpOptions::default(),
        }
    }

    /// Reads the environment: `CRAYON_CLIENT_ID`, `CRAYON_CLIENT_SECRET`, `CRAYON_USERNAME` and `CRAYON_PASSWORD`;
    /// optional are `CRAYON_ORGANIZATION_ID`, `CRAYON_BASE_URL`, `CRAYON_ENVIRONMENT`, `CRAYON_COUNTRY` and
    /// `CRAYON_CURRENCY`. `None` when none of them is set.
    ///
    /// # Errors
    /// `Config` naming every required variable that is missing when some are set, and every one that is
    /// blank or cannot be used.
    pub fn from_env() -> Result<Option<Self>> {
        Self::from_vars(|name| std::env::var_os(name))
    }

    /// As [`from_env`](Self::from_env), from any source of variables. A variable that is set and blank is refused.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_vars<V: Into<OsString>>(variables: impl Fn(&str) -> Option<V>) -> Result<Option<Self>> {
        form().from_vars(variables)?.map(|settings| Self::from_settings(&settings)).transpose()
    }

    /// Reads what a host stored for a connection, by the keys of the [`form`].
    ///
    /// # Errors
    /// `Config` naming the field that is missing or wrong.
    pub fn from_settings(settings: &ConnectionSettings) -> Result<Self> {
        form::read(settings)
    }

    /// Sets the connection's name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the address.
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

    /// Works in this organization only.
    #[must_use]
    pub fn with_organization(mut self, id: i64) -> Self {
        self.organization_id = Some(id);
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

    /// Sets time limits, size limits, the proxy, extra root certificates, or a transport that connections share.
    #[must_use]
    pub fn with_http(mut self, options: HttpOptions) -> Self {
        self.http = options;
        self
    }

    /// What a provider of this connection says of itself.
    pub(crate) fn info(&self) -> ProviderInfo {
        ProviderInfo::new(KIND, self.name.clone())
            .with_environment(self.environment)
            .with_endpoint(self.base_url.trim().trim_end_matches('/').to_ascii_lowercase())
            .with_account(self.client_id.clone())
            .with_client_version(env!("CARGO_PKG_VERSION"))
    }

    /// Names every credential that is blank and an address that cannot be used, or reads the address.
    pub(crate) fn check(&self) -> Result<Url> {
        use secrecy::ExposeSecret as _;
        let blank = [
            (variable::CLIENT_ID, self.client_id.as_str()),
            (variable::CLIENT_SECRET, self.client_secret.expose_secret()),
            (variable::USERNAME, self.username.as_str()),
            (variable::PASSWORD, self.password.expose_secret()),
        ];
        let missing = blank.iter().filter(|(_, value)| value.trim().is_empty()).map(|(name, _)| *name);
        provider_http::base_url_with(KIND, missing, variable::BASE_URL, &self.base_url)
    }
}

impl fmt::Debug for CrayonConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address and the user's name are left out: people put passwords into both.
        f.debug_struct("CrayonConfig")
            .field("name", &self.name)
            .field("environment", &self.environment)
            .field("client_id", &self.client_id)
            .field("organization_id", &self.organization_id)
            .field("country", &self.country)
            .field("currency", &self.currency)
            .finish_non_exhaustive()
    }
}
