//! OAuth grants: the ways in which distributors hand out tokens, what is sent, and what an answer means.
//!
//! A [`Grant`] does no I/O. It builds the request and judges the answer; everything about time, storage
//! and concurrency is in [`TokenManager`](super::TokenManager), once for all grants.

mod answer;
mod client_credentials;
mod form;
mod names;
mod password;
mod rotating;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use provider_core::{Error, Result};
use secrecy::SecretString;
use url::Url;

pub use answer::TokenAnswer;
pub use client_credentials::ClientCredentialsJson;
pub use names::SettingNames;
pub use password::PasswordGrant;
pub use rotating::RotatingRefresh;

/// One way to get an access token.
pub trait Grant: fmt::Debug + Send + Sync + 'static {
    /// Where the request goes. Redirects are never followed.
    fn endpoint(&self) -> &Url;

    /// The settings in the words of the operator, for errors.
    fn names(&self) -> &SettingNames;

    /// True when each exchange spends the refresh token that it names. The manager then keeps the chain
    /// in its store and never sends a token twice but for one marked recovery.
    fn rotates(&self) -> bool {
        false
    }

    /// The refresh token that the operator configured, which starts a chain. For grants that rotate.
    fn first_token(&self) -> Option<&SecretString> {
        None
    }

    /// The secrets that the operator configured: the distributor may echo them, and they are blanked wherever
    /// they turn up. The tokens themselves need not be among them.
    fn secrets(&self) -> Vec<SecretString> {
        self.first_token().cloned().into_iter().collect()
    }

    /// The request for a token. `refresh_token` is the one to exchange, for grants that rotate.
    ///
    /// # Errors
    /// `Config` when a setting cannot be sent.
    fn request(&self, refresh_token: Option<&SecretString>) -> Result<http::Request<Bytes>>;

    /// What a complete answer means.
    fn judge(&self, answer: &TokenAnswer<'_>) -> GrantResult;
}

/// What a complete answer of a token endpoint means.
#[derive(Debug)]
#[non_exhaustive]
pub enum GrantResult {
    /// Tokens were issued.
    Issued(TokenSet),
    /// The credentials, or the refresh token, are not accepted: sending them again cannot help.
    Refused(Error),
    /// Neither: the endpoint is down, throttles, or something else answered in its place.
    Unavailable(Error),
}

/// What a token endpoint issued.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenSet {
    /// The bearer token.
    pub access_token: SecretString,
    /// How long it is valid, where the answer said so.
    pub expires_in: Option<Duration>,
    /// The next refresh token, where one was issued.
    pub refresh_token: Option<SecretString>,
    /// How long the refresh token is valid, where known.
    pub refresh_expires_in: Option<Duration>,
}

impl TokenSet {
    /// An access token of unknown life.
    #[must_use]
    pub const fn new(access_token: SecretString) -> Self {
        Self { access_token, expires_in: None, refresh_token: None, refresh_expires_in: None }
    }
}
