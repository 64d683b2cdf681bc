//! Whole numbers, as numbers or as strings.

use provider_core::wire::decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::de::Error as _;
use serde::{Deserializer, Serializer};

/// Reads a whole number; absent, `null` and the empty string are `None`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    let Some(number) = decimal::option::deserialize(d)? else { return Ok(None) };
    match number.to_i64() {
        Some(whole) if number.is_integer() => Ok(Some(whole)),
        _ => Err(D::Error::custom("expected a whole number")),
    }
}

/// Writes a 64-bit integer as protobuf-JSON does: as a string.
#[allow(clippy::ref_option, reason = "the signature is serde's")]
pub(crate) fn serialize<S: Serializer>(value: &Option<i64>, s: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => s.collect_str(value),
        None => s.serialize_none(),
    }
}
