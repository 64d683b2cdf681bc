//! What was entered for one connection.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::authorization::{Authorization, AuthorizationSource, Authorizations};
use crate::error::{Error, Result};
use crate::info::Environment;
use crate::iso::{Country, Currency};

/// One entered value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum SettingValue {
    /// Yes or no.
    Flag(bool),
    /// Text, a choice, a number as text.
    Text(String),
    /// Several choices.
    Many(Vec<String>),
}

impl From<&str> for SettingValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for SettingValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for SettingValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// Everything about one connection, as a host stores it.
///
/// Secrets live in the authorization, which may be stored apart and referred to by name. Settings that refer to
/// it can be saved and read back; those that hold secrets themselves refuse to be serialised.
///
/// ```
/// use provider_core::settings::ConnectionSettings;
///
/// let settings = ConnectionSettings::new("pax8", "Main").with_stored_authorization("pax8-main");
/// let saved = serde_json::to_string(&settings).unwrap();
/// assert_eq!(serde_json::from_str::<ConnectionSettings>(&saved).unwrap(), settings);
///
/// let inline = ConnectionSettings::new("pax8", "Main").with_secret("client_secret", "never written");
/// assert!(serde_json::to_string(&inline).unwrap_err().to_string().contains("with_stored_authorization"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConnectionSettings {
    /// The connection's name; unique in the host.
    pub name: String,
    /// The provider kind.
    pub kind: String,
    /// Whether writes are carried out.
    #[serde(default)]
    pub environment: Environment,
    /// The distributor's address, when it is not the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The default country for customers that are created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// The currency that prices are expected in, and marked with where the distributor names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Further values by field key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, SettingValue>,
    /// The credentials, or where they are.
    #[serde(default, skip_serializing_if = "AuthorizationSource::is_empty")]
    pub authorization: AuthorizationSource,
}

impl ConnectionSettings {
    /// A production connection without any value.
    #[must_use]
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind: kind.into(),
            environment: Environment::Production,
            endpoint: None,
            country: None,
            currency: None,
            values: BTreeMap::new(),
            authorization: AuthorizationSource::default(),
        }
    }

    /// Sets whether writes are carried out.
    #[must_use]
    pub fn with_environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the distributor's address.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Sets a value by field key.
    #[must_use]
    pub fn with_value(mut self, key: impl Into<String>, value: impl Into<SettingValue>) -> Self {
        self.values.insert(key.into(), value.into());
        self
    }

    /// Sets a credential in the settings themselves. An authorization that was referred to is replaced
    /// by the one that is begun here.
    #[must_use]
    pub fn with_secret(mut self, key: impl Into<String>, value: impl Into<SecretString>) -> Self {
        let inline = match std::mem::take(&mut self.authorization) {
            AuthorizationSource::Inline(authorization) => authorization,
            AuthorizationSource::Stored(_) => Authorization::default(),
        };
        let mut inline = inline.with(key, value);
        inline.kind.clone_from(&self.kind);
        self.authorization = AuthorizationSource::Inline(inline);
        self
    }

    /// Refers to an authorization that is stored apart.
    #[must_use]
    pub fn with_stored_authorization(mut self, name: impl Into<String>) -> Self {
        self.authorization = AuthorizationSource::Stored(name.into());
        self
    }

    /// The same settings with the authorization in place of its name.
    ///
    /// # Errors
    /// `Config` when there is no such authorization, or it is for another provider kind.
    pub fn resolve(mut self, authorizations: &Authorizations) -> Result<Self> {
        if let AuthorizationSource::Stored(name) = &self.authorization {
            let found = authorizations.get(name, &self.kind)?.clone();
            self.authorization = AuthorizationSource::Inline(found);
        }
        Ok(self)
    }

    /// A text value that is there and not blank.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.values.get(key)? {
            SettingValue::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// A yes-or-no value; the words that people write for it are understood.
    ///
    /// # Errors
    /// `Config` when it is there and neither yes nor no.
    pub fn flag(&self, key: &str) -> Result<Option<bool>> {
        match self.values.get(key) {
            None => Ok(None),
            Some(SettingValue::Flag(flag)) => Ok(Some(*flag)),
            Some(SettingValue::Text(text)) => {
                parse_flag(text).map(Some).ok_or_else(|| Error::config(key, "answer yes or no"))
            }
            Some(SettingValue::Many(_)) => Err(Error::config(key, "answer yes or no")),
        }
    }

    /// A credential.
    ///
    /// # Errors
    /// `Config` when it is missing or blank, or the authorization was not resolved.
    pub fn secret(&self, key: &str) -> Result<SecretString> {
        self.optional_secret(key)?.ok_or_else(|| Error::config(key, "is missing"))
    }

    /// A credential that need not be there; blank counts as absent.
    ///
    /// # Errors
    /// `Config` when the authorization was not resolved.
    pub fn optional_secret(&self, key: &str) -> Result<Option<SecretString>> {
        match &self.authorization {
            AuthorizationSource::Inline(authorization) => Ok(authorization
                .values
                .get(key)
                .filter(|value| !value.expose_secret().trim().is_empty())
                .cloned()),
            AuthorizationSource::Stored(name) => Err(Error::config(
                "authorization",
                format!("`{name}` is stored apart: resolve the settings before building the connection"),
            )),
        }
    }
}

/// The words that people write for yes and no.
pub(super) fn parse_flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" | "on" => Some(true),
        "false" | "no" | "0" | "off" => Some(false),
        _ => None,
    }
}
