//! Who a provider is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a connection carries writes out, or only plans them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Environment {
    /// The distributor's real service: writes are carried out.
    #[default]
    Production,
    /// Reads work, writes are planned and never carried out: `execute` answers
    /// [`ErrorKind::Refused`](crate::ErrorKind::Refused). It is the same service and the same data: none of the
    /// distributors has a sandbox that one could rely on.
    Sandbox,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        })
    }
}

impl std::str::FromStr for Environment {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "production" | "prod" | "live" => Ok(Self::Production),
            "sandbox" | "test" => Ok(Self::Sandbox),
            _ => Err(crate::Error::config("environment", "use `production` or `sandbox`")),
        }
    }
}

/// The account at a distributor that a write is charged to. Idempotency keys belong to it, not to a
/// connection's name, so that renaming a connection changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AccountKey {
    /// The provider kind.
    pub kind: String,
    /// The address of the API, or nothing where the provider tells none.
    pub origin: String,
    /// The account by the distributor's own name for it, else the id of the API client.
    pub account: String,
}

impl AccountKey {
    /// An account of this kind at this address.
    #[must_use]
    pub fn new(kind: impl Into<String>, origin: impl Into<String>, account: impl Into<String>) -> Self {
        Self { kind: kind.into(), origin: origin.into(), account: account.into() }
    }
}

impl fmt::Display for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} account {}", self.kind, self.account)?;
        if self.origin.is_empty() { Ok(()) } else { write!(f, " at {}", self.origin) }
    }
}

/// Who a provider is: which distributor, which connection, whose account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProviderInfo {
    /// The provider kind, such as `pax8`: what a [`Registry`](crate::Registry) knows it by.
    pub kind: String,
    /// The connection's name. Cursors and resume points belong to it; idempotency keys belong to the
    /// [account](Self::account_key).
    pub connection: String,
    /// Whether writes are carried out.
    pub environment: Environment,
    /// The address of the API: scheme, host and port. A key that was used on a test server means nothing in
    /// production.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// What tells accounts of one distributor apart: a client id, an account id. Never a secret. It is
    /// part of what a cursor belongs to, so that changed credentials cannot read on with an old cursor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The version of the client behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_version: Option<String>,
}

impl ProviderInfo {
    /// A production connection of this provider kind.
    #[must_use]
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            connection: name.into(),
            environment: Environment::Production,
            endpoint: None,
            account: None,
            client_version: None,
        }
    }

    /// Sets the address of the API.
    #[must_use]
    pub fn with_endpoint(mut self, origin: impl Into<String>) -> Self {
        self.endpoint = Some(origin.into());
        self
    }

    /// The account that a write of this connection is charged to, which idempotency keys belong to. Where the
    /// provider tells no account, the connection's name stands for it.
    #[must_use]
    pub fn account_key(&self) -> AccountKey {
        AccountKey {
            kind: self.kind.clone(),
            origin: self.endpoint.clone().unwrap_or_default(),
            account: self.account.clone().unwrap_or_else(|| self.connection.clone()),
        }
    }

    /// Sets whether writes are carried out.
    #[must_use]
    pub fn with_environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the account scope.
    #[must_use]
    pub fn with_account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Sets the version of the client.
    #[must_use]
    pub fn with_client_version(mut self, version: impl Into<String>) -> Self {
        self.client_version = Some(version.into());
        self
    }
}
