//! Secrets inside records: written to the service, never shown; and which members are secret.

use std::fmt;

use provider_core::wire::lenient;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Members of records whose values are secret, wherever they stand.
pub(crate) const SECRET_MEMBERS: &[&str] = &["Password", "Token", "ClientSecret", "Url"];

/// A secret that a record holds: a first password, a client's secret, a signed address. It is sent to the
/// service and never shown otherwise.
#[derive(Clone, Default)]
pub struct SecretText(SecretString);

impl SecretText {
    /// Wraps a secret.
    #[must_use]
    pub fn new(text: impl Into<SecretString>) -> Self {
        Self(text.into())
    }

    /// The secret itself.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

impl ExposeSecret<str> for SecretText {
    fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText([set])")
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.expose_secret() == other.expose_secret()
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose_secret())
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::read(deserializer, |text| Self(text.into()))
    }
}
