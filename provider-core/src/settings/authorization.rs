//! Credentials, which may be stored apart from the connections that use them.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};

use crate::error::Error;

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

impl PartialEq for Authorization {
    /// Every byte of every value is looked at, whatever differs: how long it takes tells nothing of a secret.
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &SecretString, b: &SecretString| {
            let (a, b) = (a.expose_secret().as_bytes(), b.expose_secret().as_bytes());
            a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
        };
        self.kind == other.kind
            && self.values.keys().eq(other.values.keys())
            && self.values.values().zip(other.values.values()).fold(true, |all, (a, b)| same(a, b) && all)
    }
}

impl Eq for Authorization {}

/// Where a connection's credentials are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuthorizationSource {
    /// In the settings themselves.
    Inline(Authorization),
    /// Stored apart, under this name.
    Stored(String),
}

impl AuthorizationSource {
    /// No credentials, and no name of any.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Inline(authorization) if authorization.values.is_empty())
    }
}

impl Serialize for AuthorizationSource {
    /// The name under which it is stored. Credentials themselves are refused: a host keeps secrets where it
    /// keeps secrets.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Stored(name) => {
                serializer.serialize_newtype_variant("AuthorizationSource", 1, "stored", name)
            }
            Self::Inline(_) => Err(S::Error::custom(
                "authorization: holds secrets, which are not written: store it apart and refer to it by name \
                 (with_stored_authorization)",
            )),
        }
    }
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
    pub fn get(&self, name: &str, kind: &str) -> crate::Result<&Authorization> {
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
