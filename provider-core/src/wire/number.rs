//! Decimals that are JSON numbers both ways: read from the number's own text, written as it, never through
//! a float. For services that refuse quantities and prices in quotes.

use rust_decimal::Decimal;
use serde::{Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

/// Reads a decimal that must be there, as [`decimal`](super::decimal) does.
///
/// # Errors
/// When it is absent, empty or not a number.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    super::decimal::deserialize(deserializer)
}

/// Writes the number's own text.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(value.to_string()).map_err(ser::Error::custom)?.serialize(serializer)
}

/// For optional decimals; combine with `#[serde(default)]`.
pub mod option {
    use super::{Decimal, Deserializer, Serializer};

    /// Reads a decimal; absent, `null` and the empty string are `None`.
    ///
    /// # Errors
    /// When it is something else than a number.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Decimal>, D::Error> {
        crate::wire::decimal::option::deserialize(d)
    }

    /// Writes a number or `null`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Option<Decimal>, s: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::serialize(value, s),
            None => s.serialize_none(),
        }
    }
}
