//! Maps of names to amounts, such as `{"USD": 12.5}`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
struct Amount(#[serde(with = "super::decimal::option")] Option<Decimal>);

/// Reads the map. One that is `null` is empty; an amount that is `null` or empty is left out.
///
/// # Errors
/// Where something else than a map of numbers stands.
pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<String, Decimal>, D::Error> {
    let map = Option::<BTreeMap<String, Amount>>::deserialize(d)?.unwrap_or_default();
    Ok(map.into_iter().filter_map(|(name, Amount(amount))| Some((name, amount?))).collect())
}

/// Writes amounts as strings, with their scale.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &BTreeMap<String, Decimal>, s: S) -> Result<S::Ok, S::Error> {
    s.collect_map(value.iter().map(|(name, amount)| (name, Amount(Some(*amount)))))
}

/// The same, written as JSON numbers.
pub mod number {
    use super::{BTreeMap, Decimal, Deserializer, Serialize, Serializer};

    #[derive(Serialize)]
    struct Amount(#[serde(serialize_with = "crate::wire::number::serialize")] Decimal);

    /// Reads the map as [`deserialize`](super::deserialize) does.
    ///
    /// # Errors
    /// Where something else than a map of numbers stands.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<String, Decimal>, D::Error> {
        super::deserialize(d)
    }

    /// Writes amounts as numbers, with their scale.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &BTreeMap<String, Decimal>, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(value.iter().map(|(name, amount)| (name, Amount(*amount))))
    }
}
