//! Passwords of new tenants.

use std::fmt;

use async_trait::async_trait;
use provider_core::CustomerId;
use provider_core::receipt::Credentials;

use crate::target::LocalKey;

/// The administrator of a tenant that was made for a customer. The password is told once and never again.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewCredentials {
    /// The connection.
    pub connection: String,
    /// The application's record.
    pub local: LocalKey,
    /// The customer at the distributor.
    pub customer: Option<CustomerId>,
    /// The account and its first password.
    pub credentials: Credentials,
}

/// Takes the passwords of new tenants. It has each before the command counts as carried out, and nothing else keeps them:
/// they are in no store, no log and no report.
#[async_trait]
pub trait CredentialSink: fmt::Debug + Send + Sync + 'static {
    /// Keeps it, durably.
    ///
    /// # Errors
    /// Why not, without the password. It is tried again a few times; then the password is lost, and has to be set anew at
    /// the distributor.
    async fn keep(&self, credentials: &NewCredentials) -> Result<(), String>;
}
