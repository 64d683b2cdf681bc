//! Serde for values as Pax8 alone sends them; the rest is the dialect of [`provider_core::records!`].

pub(crate) mod envelope;
pub(crate) mod multipart;
pub(crate) mod secrets;
pub(crate) mod sort;

use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Reads a whole number of an envelope. The vendor's schema gives them no type, so whatever is no number is
/// none: a listing must not end because of how its pages are counted.
pub(crate) fn count<'de, D: Deserializer<'de>>(d: D) -> Result<Option<u64>, D::Error> {
    let value = Box::<RawValue>::deserialize(d)?;
    let mut text = serde_json::Deserializer::from_str(value.get());
    let number = provider_core::wire::decimal::option::deserialize(&mut text);
    Ok(number.ok().flatten().and_then(|number| number.to_u64()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn what_counts_nothing_is_none() {
        #[derive(Deserialize)]
        struct Row(#[serde(deserialize_with = "count")] Option<u64>);
        for (json, number) in [
            ("3", Some(3)),
            (r#""3""#, Some(3)),
            ("3.0", Some(3)),
            ("-1", None),
            ("null", None),
            (r#""many""#, None),
            ("[3]", None),
            (r#"{"value":3}"#, None),
        ] {
            assert_eq!(serde_json::from_str::<Row>(json).unwrap().0, number, "{json}");
        }
    }
}
