//! Authentication: credentials, tokens, and where they come from.

mod chain;
mod fixed;
pub mod grant;
mod manager;
mod validity;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderName, HeaderValue, header};
use provider_core::{Delivery, Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};

pub use fixed::{Basic, Bearer, NoAuth};
pub use grant::{ClientCredentialsJson, Grant, PasswordGrant, RotatingRefresh, SettingNames};
pub use manager::{TokenManager, TokenManagerBuilder, TokenStatus};

use crate::deadline::Deadline;

/// Hands out the credential of each request. The pipeline asks inside its retry loop, so that an attempt
/// after a 401 carries a new token.
#[async_trait]
pub trait Authenticator: fmt::Debug + Send + Sync + 'static {
    /// The credential to send now. It is called for every attempt: a valid one has to come from memory.
    ///
    /// # Errors
    /// `Unauthenticated` or `ReauthRequired` when there is none to be had, any kind when asking for one
    /// failed. The pipeline reports it with delivery `NotSent`, because the call itself never left.
    async fn credential(&self, deadline: Deadline) -> Result<Credential>;

    /// The distributor refused the credential of this version with 401. Ignored when that version has
    /// been replaced already.
    fn invalidate(&self, version: u64);

    /// The secrets that are known before the first request: the distributor may echo them, and they are blanked
    /// wherever they turn up. What [`credential`](Self::credential) hands out need not be among them.
    fn secrets(&self) -> Vec<SecretString> {
        Vec::new()
    }

    /// Waits for what must not be cut off, such as a rotated token that is being saved.
    ///
    /// # Errors
    /// The error of what could not be finished.
    async fn close(&self) -> Result<()> {
        Ok(())
    }
}

/// The value of one request header, and which version of the token it stands for.
///
/// Cloning copies no secret: clones share it.
#[derive(Clone)]
pub struct Credential {
    header: HeaderName,
    value: Option<Arc<SecretString>>,
    version: u64,
}

impl Credential {
    /// Any header, such as an API key of its own.
    #[must_use]
    pub fn new(header: HeaderName, value: SecretString, version: u64) -> Self {
        Self { header, value: Some(Arc::new(value)), version }
    }

    /// `Authorization: Bearer ...`
    #[must_use]
    pub fn bearer(token: &SecretString, version: u64) -> Self {
        let value = SecretString::from(format!("Bearer {}", token.expose_secret()));
        Self::new(header::AUTHORIZATION, value, version)
    }

    /// `Authorization: Basic ...`
    #[must_use]
    pub fn basic(user: &str, password: &SecretString, version: u64) -> Self {
        Self::new(header::AUTHORIZATION, basic_value(user, password), version)
    }

    /// Nothing is sent.
    #[must_use]
    pub const fn none() -> Self {
        Self { header: header::AUTHORIZATION, value: None, version: 0 }
    }

    /// Which version of the token it is; what [`Authenticator::invalidate`] takes.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// True when nothing is sent.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.value.is_none()
    }

    /// The header to add, marked as sensitive so that no HTTP library logs or indexes it.
    ///
    /// # Errors
    /// `Unauthenticated`, `NotSent`, when the secret holds bytes that no header can carry.
    pub fn header(&self) -> Result<Option<(HeaderName, HeaderValue)>> {
        let Some(value) = &self.value else { return Ok(None) };
        // The error of `HeaderValue` is dropped on purpose: it has nothing to add but the bytes.
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| {
            Error::new(
                ErrorKind::Unauthenticated,
                "the credential holds characters that cannot be sent in a header: was it copied whole, without line breaks?",
            )
            .with_delivery(Delivery::NotSent)
        })?;
        value.set_sensitive(true);
        Ok(Some((self.header.clone(), value)))
    }

    /// The header's value, to be blanked where the distributor echoes it.
    pub(crate) fn secret(&self) -> Option<&SecretString> {
        self.value.as_deref()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("header", &self.header)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// The value of an `Authorization: Basic` header, for grants whose token request carries the client so.
#[must_use]
pub fn basic_value(user: &str, password: &SecretString) -> SecretString {
    use base64::Engine as _;
    let pair = SecretString::from(format!("{user}:{}", password.expose_secret()));
    let coded = base64::engine::general_purpose::STANDARD.encode(pair.expose_secret());
    SecretString::from(format!("Basic {coded}"))
}
