//! Decimals that are read from the number's text and written back as numbers: the service refuses
//! quantities and prices in quotes.

use provider_core::wire::decimal;
use rust_decimal::Decimal;
use serde::{Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

/// Reads a decimal; absent and `null` are `None`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Decimal>, D::Error> {
    decimal::option::deserialize(d)
}

/// Writes the number's own text.
pub(crate) fn serialize<S: Serializer>(value: &Option<Decimal>, s: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => RawValue::from_string(value.to_string()).map_err(ser::Error::custom)?.serialize(s),
        None => s.serialize_none(),
    }
}
