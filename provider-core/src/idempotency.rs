//! Idempotency keys: the caller's name for one intent, under which a journaled provider orders once.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};

/// The caller's name for one intent: 16 to 255 visible ASCII characters.
///
/// It is made by the caller and has to survive a restart: the same intent must come back with the same
/// key, and another intent never. None of the three distributors takes such a key, so it is the
/// journal that makes it work. It may be stored and logged: put no personal data in it.
///
/// ```
/// use provider_core::IdempotencyKey;
///
/// // The third line of quote 1841, whatever happens to this process in between.
/// let key = IdempotencyKey::derive("quotes", ["1841", "line-3"]);
/// assert_eq!(key, IdempotencyKey::derive("quotes", ["1841", "line-3"]));
/// assert_ne!(key, IdempotencyKey::derive("quotes", ["1841line", "-3"]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Takes a key as it is.
    ///
    /// # Errors
    /// `InvalidInput` unless it has 16 to 255 visible ASCII characters.
    pub fn new(key: impl Into<String>) -> Result<Self> {
        let key = key.into();
        if !(16..=255).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::invalid_input(
                "idempotency key",
                "must have 16 to 255 visible ASCII characters",
            ));
        }
        Ok(Self(key))
    }

    /// A key that follows from what names the intent: the same parts give the same key for ever.
    #[must_use]
    pub fn derive(namespace: &str, parts: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut hash = Sha256::new();
        // Lengths first, so that parts cannot run together.
        let mut add = |part: &str| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        };
        add(namespace);
        parts.into_iter().for_each(|part| add(part.as_ref()));
        Self(hex(&hash.finalize()))
    }

    /// A new random key of 32 characters. Store it before the first use.
    ///
    /// # Errors
    /// `Internal` when the machine has no randomness to give.
    pub fn random() -> Result<Self> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|e| {
            Error::new(ErrorKind::Internal, "no randomness for an idempotency key")
                .with_delivery(crate::Delivery::NotSent)
                .with_source(std::io::Error::other(e.to_string()))
        })?;
        Ok(Self(hex(&bytes)))
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for IdempotencyKey {
    type Err = Error;

    fn from_str(key: &str) -> Result<Self> {
        Self::new(key)
    }
}

impl Serialize for IdempotencyKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for IdempotencyKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::IdempotencyKey;

    #[test]
    fn length_and_characters_are_checked() {
        assert!(IdempotencyKey::new("a".repeat(16)).is_ok());
        assert!(IdempotencyKey::new("a".repeat(255)).is_ok());
        for bad in ["a".repeat(15), "a".repeat(256), "a b".repeat(6), "é".repeat(10), "a\n".repeat(9)] {
            assert!(IdempotencyKey::new(bad.clone()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn derived_keys_are_the_same_for_ever() {
        assert_eq!(
            IdempotencyKey::derive("quotes", ["1841", "line-3"]).as_str(),
            "0090ef77ce154e5311ce23f293d6ce0704d81fd9d7d336fd756257e72c8ba483"
        );
    }

    #[test]
    fn random_keys_differ() {
        assert_ne!(IdempotencyKey::random().unwrap(), IdempotencyKey::random().unwrap());
    }
}
