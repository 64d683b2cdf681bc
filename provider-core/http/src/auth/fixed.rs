//! Authenticators whose credential never changes.

use std::fmt;

use async_trait::async_trait;
use provider_core::Result;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Authenticator, Credential};
use crate::deadline::Deadline;

/// HTTP Basic authentication: a user name and a password (or API key and secret) in every request.
#[derive(Clone)]
pub struct Basic {
    credential: Credential,
    user: Option<SecretString>,
}

impl Basic {
    /// HTTP Basic authentication with this pair.
    #[must_use]
    pub fn new(user: &str, password: &SecretString) -> Self {
        Self { credential: Credential::basic(user, password, 0), user: None }
    }

    /// The same with a user name that is a secret too, such as an API key: it is shown nowhere either.
    #[must_use]
    pub fn with_secret_user(user: &SecretString, password: &SecretString) -> Self {
        Self { user: Some(user.clone()), ..Self::new(user.expose_secret(), password) }
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").finish_non_exhaustive()
    }
}

#[async_trait]
impl Authenticator for Basic {
    async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
        Ok(self.credential.clone())
    }

    // There is no other pair to try, so a 401 stands: the version stays and the pipeline stops.
    fn invalidate(&self, _version: u64) {}

    fn secrets(&self) -> Vec<SecretString> {
        self.credential.secret().cloned().into_iter().chain(self.user.clone()).collect()
    }
}

/// Bearer authentication with a fixed token: for APIs whose tokens do not expire. The same token in every request.
#[derive(Clone)]
pub struct Bearer {
    credential: Credential,
}

impl Bearer {
    /// `Authorization: Bearer` with this token.
    #[must_use]
    pub fn new(token: &SecretString) -> Self {
        Self { credential: Credential::bearer(token, 0) }
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").finish_non_exhaustive()
    }
}

#[async_trait]
impl Authenticator for Bearer {
    async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
        Ok(self.credential.clone())
    }

    // There is no other token to try.
    fn invalidate(&self, _version: u64) {}

    fn secrets(&self) -> Vec<SecretString> {
        self.credential.secret().cloned().into_iter().collect()
    }
}

/// Sends no credential at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAuth;

#[async_trait]
impl Authenticator for NoAuth {
    async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
        Ok(Credential::none())
    }

    fn invalidate(&self, _version: u64) {}
}
