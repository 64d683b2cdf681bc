//! Decimals from the number's own text.
//!
//! JSON numbers normally pass through a float, which turns `1234567890123.4567` into `...4568` and
//! forgets that `10.10` had two places. Here the text is parsed as it stands. Strings are accepted too,
//! and are what is written.

use std::fmt;

use rust_decimal::Decimal;
use serde::Serializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::text::Text;

/// Parses a decimal from text: plain, signed, in scientific notation, with surrounding blanks.
///
/// Digits beyond the 28 that [`Decimal`] holds are rounded in the fraction and refused before it.
///
/// # Errors
/// When the text is not a number or too large.
pub fn parse(text: &str) -> Result<Decimal, rust_decimal::Error> {
    let text = text.trim();
    // A separator in the source text of programs, and in no number of anybody else.
    if text.contains('_') {
        return Err(rust_decimal::Error::from("an underscore is no digit"));
    }
    match text.split_once(['e', 'E']) {
        Some((digits, power)) => scientific(digits, power),
        None => plain(text),
    }
}

fn plain(text: &str) -> Result<Decimal, rust_decimal::Error> {
    Decimal::from_str_exact(text).or_else(|_| text.parse())
}

/// A number with a power of ten. Zero is zero whatever its power, which may be too large for any type.
fn scientific(digits: &str, power: &str) -> Result<Decimal, rust_decimal::Error> {
    const FARTHEST: i32 = 128;
    let number = plain(digits)?;
    let bare = power.strip_prefix(['-', '+']).unwrap_or(power);
    if bare.is_empty() || !bare.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(rust_decimal::Error::from("the power of ten is no number"));
    }
    if number.is_zero() {
        return Ok(Decimal::ZERO);
    }
    let power = match power.parse::<i32>() {
        Ok(power) => power.clamp(-FARTHEST, FARTHEST),
        Err(_) if power.starts_with('-') => -FARTHEST,
        Err(_) => FARTHEST,
    };
    plain(&shifted(digits, power))
}

/// The digits with their point moved, to the right where the power is positive.
fn shifted(digits: &str, power: i32) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let distance = usize::try_from(power.unsigned_abs()).unwrap_or_default();
    if power >= 0 {
        let (moved, rest) = fraction.split_at_checked(distance).unwrap_or((fraction, ""));
        let zeros = "0".repeat(distance.saturating_sub(fraction.len()));
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{whole}{moved}{zeros}{point}{rest}");
    }
    let zeros = "0".repeat(distance.saturating_sub(whole.len()));
    let (rest, moved) = whole.split_at_checked(whole.len().saturating_sub(distance)).unwrap_or(("", whole));
    let rest = if rest.is_empty() { "0" } else { rest };
    format!("{sign}{rest}.{zeros}{moved}{fraction}")
}

/// True for the message of an error that came of reading a decimal here: what cannot be read as an amount is
/// never taken for one that is absent.
#[must_use]
pub fn is_refusal(message: &str) -> bool {
    [EXPECTED, TOO_LARGE, NO_NUMBER].iter().any(|known| message.contains(known))
}

/// How all other messages of this file begin or end.
const EXPECTED: &str = "expected a number";
const OBJECT: &str = "expected a number, found an object";
const TOO_LARGE: &str = "number does not fit a decimal";
const NO_NUMBER: &str = "the string is not a number";
const NOTHING: &str = "expected a number, found nothing";

struct Number;

impl<'de> Visitor<'de> for Number {
    type Value = Option<Decimal>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a number in a string")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if map.next_key_seed(Text(|key: &str| key == RAW))? != Some(true) {
            return Err(de::Error::custom(OBJECT));
        }
        map.next_value_seed(Text(of_json))?.map_err(de::Error::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        of_text(text).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    /// Only reached through formats and buffers that have lost the text already.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }
}

/// The decimal of a JSON value, from its own text.
fn of_json(json: &str) -> Result<Option<Decimal>, String> {
    let json = json.trim();
    match json.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'"') => super::text::read(&mut serde_json::Deserializer::from_str(json), of_text)
            .map_err(|e| e.to_string())?
            .map_err(str::to_owned),
        Some(b'-' | b'0'..=b'9') => parse(json).map(Some).map_err(|_| TOO_LARGE.to_owned()),
        _ => Err(format!("expected a number, found {}", kind(json))),
    }
}

/// The decimal in a string. The empty one says nothing.
fn of_text(text: &str) -> Result<Option<Decimal>, &'static str> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse(text).map(Some).map_err(|_| NO_NUMBER)
}

fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b't' | b'f') => "a boolean",
        Some(b'[') => "an array",
        _ => "an object",
    }
}

/// The name by which `serde_json` recognises that the raw text is wanted. Asking by name, not through
/// `RawValue` itself, lets other formats and buffered content answer with what they have.
const RAW: &str = "$serde_json::private::RawValue";

fn any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    deserializer.deserialize_newtype_struct(RAW, Number)
}

/// Reads a decimal that must be there.
///
/// # Errors
/// When it is absent, empty or not a number.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    any(deserializer)?.ok_or_else(|| de::Error::custom(NOTHING))
}

/// Writes a decimal as a string, with its scale.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// For optional decimals; combine with `#[serde(default)]`.
pub mod option {
    use super::{Decimal, Deserializer, Serializer, any};

    /// Reads a decimal; absent, `null` and the empty string are `None`.
    ///
    /// # Errors
    /// When it is something else than a number.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Decimal>, D::Error> {
        any(d)
    }

    /// Writes a string or `null`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &Option<Decimal>, s: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => s.collect_str(value),
            None => s.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use rust_decimal::Decimal;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Row {
        #[serde(default, with = "super::option")]
        v: Option<Decimal>,
    }

    fn read(json: &str) -> Result<Option<String>, serde_json::Error> {
        serde_json::from_str::<Row>(json).map(|row| row.v.map(|v| v.to_string()))
    }

    #[test]
    fn numbers_keep_every_digit_and_their_scale() {
        for (json, text) in [
            ("1234567890123.4567", "1234567890123.4567"),
            ("12345678901234567890.12", "12345678901234567890.12"),
            ("10.10", "10.10"),
            ("1e-7", "0.0000001"),
            ("-3", "-3"),
            ("0", "0"),
            ("1.50e2", "150"),
            ("15e-1", "1.5"),
            ("-1.25E+1", "-12.5"),
            ("0e999999999", "0"),
            ("0.00E-99999999999", "0"),
            ("-0e5", "0"),
            ("7.9e28", "79000000000000000000000000000"),
            ("63.84527590000000012345678901234", "63.845275900000000123456789012"),
        ] {
            assert_eq!(read(&format!(r#"{{"v": {json} }}"#)).unwrap().as_deref(), Some(text));
            assert_eq!(read(&format!(r#"{{"v":"{json}"}}"#)).unwrap().as_deref(), Some(text));
        }
    }

    #[test]
    fn absent_null_and_empty_are_none_and_nonsense_is_an_error() {
        for json in ["{}", r#"{"v":null}"#, r#"{"v":""}"#] {
            assert_eq!(read(json).unwrap(), None, "{json}");
        }
        for json in [
            r#"{"v":"ten"}"#,
            r#"{"v":"1_000"}"#,
            r#"{"v":"12_50"}"#,
            r#"{"v":"(13.55)"}"#,
            r#"{"v":"1'234.50"}"#,
            r#"{"v":"1 234,50"}"#,
            r#"{"v":true}"#,
            r#"{"v":[1]}"#,
            r#"{"v":{"a":1}}"#,
            r#"{"v":1e400}"#,
            r#"{"v":1e29}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn written_as_a_string_and_read_back_the_same() {
        let row = Row { v: Some("10.10".parse().unwrap()) };
        let json = serde_json::to_string(&row).unwrap();
        assert_eq!(json, r#"{"v":"10.10"}"#);
        assert_eq!(serde_json::from_str::<Row>(&json).unwrap(), row);
    }

    #[test]
    fn works_through_buffered_content() {
        #[derive(Debug, Deserialize)]
        struct Outer {
            #[serde(flatten)]
            row: Row,
        }
        let outer: Outer = serde_json::from_str(r#"{"v":"1.50"}"#).unwrap();
        assert_eq!(outer.row.v.unwrap().to_string(), "1.50");
        let outer: Outer = serde_json::from_str(r#"{"v":7}"#).unwrap();
        assert_eq!(outer.row.v, Some(7.into()));
        let row: Row = serde_json::from_value(serde_json::json!({"v": "2.50"})).unwrap();
        assert_eq!(row.v.unwrap().to_string(), "2.50");
    }
}
