//! How single values look in protobuf-JSON.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// RFC 3339 in UTC with no or three fractional digits.
pub(crate) fn timestamp(moment: DateTime<Utc>) -> Value {
    let below = TimeDelta::nanoseconds(i64::from(moment.timestamp_subsec_nanos() % 1_000_000));
    Value::String((moment - below).to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// A 64-bit integer: a JSON string.
pub(crate) fn int64(number: u64) -> Value {
    Value::String(number.to_string())
}

/// A double: a JSON number with the amount's own digits.
pub(crate) fn double(amount: Decimal) -> Value {
    serde_json::from_str(&amount.normalize().to_string()).unwrap_or(Value::Null)
}

/// An amount as v1 reports print it: a string with ten places.
pub(crate) fn ten_places(amount: Decimal) -> Value {
    Value::String(format!("{amount:.10}"))
}

/// A text that is left out when there is none.
pub(crate) fn maybe(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |text| Value::String(text.to_owned()))
}

/// Drops null members, and unless `keep_empties` those that protobuf-JSON leaves out too: empty texts and lists.
pub(crate) fn drop_unset(value: &mut Value, keep_empties: bool) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(|member| drop_unset(member, keep_empties));
            members.retain(|_, member| !member.is_null() && (keep_empties || !is_empty(member)));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| drop_unset(item, keep_empties)),
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Adds the members of `extra` to the object `target`.
pub(crate) fn merge(target: &mut Value, extra: Value) {
    if let (Value::Object(target), Value::Object(extra)) = (target, extra) {
        target.extend(extra);
    }
}

/// An empty JSON object: the answer of calls that return nothing.
pub(crate) fn empty_object() -> Value {
    Value::Object(Map::new())
}

/// Lower-case hexadecimal SHA-256, the form in which [`TokenExchange`](crate::streamone::TokenExchange) names tokens.
#[must_use]
pub fn sha256_hex(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_the_wire_form() {
        let moment = |text: &str| timestamp(text.parse().unwrap());
        assert_eq!(moment("2026-01-10T12:00:00.000999Z"), "2026-01-10T12:00:00Z");
        assert_eq!(moment("2026-01-10T12:00:00.0459Z"), "2026-01-10T12:00:00.045Z");
        assert_eq!(double(Decimal::new(638_452_759, 7)).to_string(), "63.8452759");
        assert_eq!(double(Decimal::new(1_000, 2)).to_string(), "10");
        assert_eq!(ten_places(Decimal::new(-25, 1)), "-2.5000000000");
    }

    #[test]
    fn unset_members_are_left_out_and_zeroes_are_kept() {
        let mut value = json!({"a": "", "b": [], "c": null, "d": 0, "e": [{"f": ""}], "g": {}});
        let mut kept = value.clone();
        drop_unset(&mut value, false);
        assert_eq!(value, json!({"d": 0, "e": [{}], "g": {}}));
        drop_unset(&mut kept, true);
        assert_eq!(kept, json!({"a": "", "b": [], "d": 0, "e": [{"f": ""}], "g": {}}));
    }
}
