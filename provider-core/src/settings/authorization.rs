//! Credentials, which may be stored apart from the connections that use them.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{Error, Result};

/// Credentials for one distributor: the fields of a form that belong to the authorization.
///
/// Several connections may share one, and one can be replaced without touching them. It is read from
/// configuration but never written: a host keeps secrets where it keeps secrets.
#[derive(Debug, Clone, Default, Deserialize)]
#[non_exhaustive]
pub struct Authorization {
    /// The provider kind that it is for.
    #[serde(default)]
    pub kind: String,
    /// The values by field key.
    #[serde(default)]
    pub values: BTreeMap<String, SecretString>,
}

impl Authorization {
    /// Credentials of this provider kind, still empty.
    #[must_use]
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), values: BTreeMap::new() }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.values.insert(key.into(), value.into());
        self
    }
}

/// Where a connection's credentials are.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuthorizationSource {
    /// In the settings themselves.
    Inline(Authorization),
    /// Stored apart, under this name.
    Stored(String),
}

impl Default for AuthorizationSource {
    fn default() -> Self {
        Self::Inline(Authorization::default())
    }
}

/// Authorizations by name: what a host hands to
/// [`ConnectionSettings::resolve`](super::ConnectionSettings::resolve).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Authorizations(BTreeMap<String, Authorization>);

impl Authorizations {
    /// Stores an authorization under a name, in place of an earlier one.
    pub fn insert(&mut self, name: impl Into<String>, authorization: Authorization) {
        self.0.insert(name.into(), authorization);
    }

    /// The authorization of this name, for this provider kind.
    ///
    /// # Errors
    /// `Config` when there is none, or it is for another kind.
    pub fn get(&self, name: &str, kind: &str) -> Result<&Authorization> {
        let found = self.0.get(name).ok_or_else(|| {
            Error::config(
                "authorization",
                format!("there is no authorization named `{name}`: create it first"),
            )
        })?;
        if found.kind != kind {
            return Err(Error::config(
                "authorization",
                format!("`{name}` is for `{}`, this connection is for `{kind}`", found.kind),
            ));
        }
        Ok(found)
    }

    /// The names of the authorizations for one provider kind, to choose from.
    pub fn names<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(_, a)| a.kind == kind).map(|(name, _)| name.as_str())
    }
}
