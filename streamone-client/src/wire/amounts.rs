//! Maps of currency codes to amounts, such as `{"USD": 12.5}`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
struct Amount(#[serde(with = "provider_core::wire::decimal::option")] Option<Decimal>);

/// Reads the map; an amount that is `null` or empty is left out.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<String, Decimal>, D::Error> {
    let map = Option::<BTreeMap<String, Amount>>::deserialize(d)?.unwrap_or_default();
    Ok(map.into_iter().filter_map(|(currency, Amount(amount))| Some((currency, amount?))).collect())
}

/// Writes amounts as strings, with their scale.
pub(crate) fn serialize<S: Serializer>(value: &BTreeMap<String, Decimal>, s: S) -> Result<S::Ok, S::Error> {
    s.collect_map(value.iter().map(|(currency, amount)| (currency, Amount(Some(*amount)))))
}
