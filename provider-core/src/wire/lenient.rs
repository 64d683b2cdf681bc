//! Readers for values that senders write in more than one way.
//!
//! Documents, captures and releases of one distributor disagree about what is a number and what is text. A
//! record must not be lost over that: each reader takes every form in which its value arrives. What is no
//! form of it is an error, which the reader of the page names by its JSON path. For
//! `#[serde(default, deserialize_with = "...")]`; [`records!`](crate::records) sets them by itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use secrecy::SecretString;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serializer};

/// Whole numbers beyond this are not exact once they went through a float.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A value as the text it reads as; `null` is `None`.
struct Loose<F> {
    expected: &'static str,
    /// A number that has lost digits is refused: it could be another one's id.
    exact: bool,
    make: F,
}

impl<'de, T, F: FnOnce(Option<Cow<'_, str>>) -> Result<T, &'static str>> Visitor<'de> for Loose<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.make)(Some(Cow::Borrowed(text))).map_err(E::custom)
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<T, E> {
        (self.make)(Some(Cow::Owned(text))).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        self.visit_string(number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        self.visit_string(number.to_string())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        if self.exact && number.abs() > LARGEST_EXACT {
            return Err(E::custom(TOO_LARGE));
        }
        self.visit_string(number.to_string())
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<T, E> {
        self.visit_str(if flag { "true" } else { "false" })
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        (self.make)(None).map_err(E::custom)
    }

    fn visit_none<E: de::Error>(self) -> Result<T, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<T, D::Error> {
        inner.deserialize_any(self)
    }
}

pub(super) fn loose<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    make: impl FnOnce(Option<Cow<'_, str>>) -> Result<T, &'static str>,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(Loose { expected, exact: false, make })
}

fn exact<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: impl FnOnce(Option<Cow<'_, str>>) -> Result<T, &'static str>,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(Loose { expected: "text", exact: true, make })
}

/// Reads text, or a number or boolean as it reads, and makes something of it without a `String` in between:
/// for `Deserialize` implementations of words, ids and codes.
///
/// # Errors
/// Where an object, a list, `null` or a number of more digits than a float holds stands.
pub fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: impl FnOnce(&str) -> T,
) -> Result<T, D::Error> {
    exact(deserializer, |text| match text {
        Some(text) => Ok(make(&text)),
        None => Err("expected text, found nothing"),
    })
}

/// Reads text, or a number or boolean as it reads; absent and `null` are `None`.
///
/// Empty text stays what it is: a record that is read, changed and sent back keeps it.
///
/// # Errors
/// Where an object, a list or a number of more digits than a float holds stands.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    exact(deserializer, |text| Ok(text.map(Cow::into_owned)))
}

/// As [`text`], for text that must be there.
///
/// # Errors
/// Where it is `null`, or an object or a list stands.
pub fn required_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    exact(deserializer, |text| text.map(Cow::into_owned).ok_or("expected text, found nothing"))
}

/// As [`text`], for text that must never be shown.
///
/// # Errors
/// Where an object or a list stands.
pub fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    Ok(text(deserializer)?.map(SecretString::from))
}

/// Reads a boolean, its word in any case (yes, no, on and off as well), `0` or `1`, these as text too. Absent,
/// `null` and empty text are `None`.
///
/// # Errors
/// Where something else stands.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    const EXPECTED: &str = "expected true or false";
    loose(deserializer, "true or false", |text| {
        let Some(text) = text else { return Ok(None) };
        let is = |words: [&str; 5]| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
        match () {
            () if text.trim().is_empty() => Ok(None),
            () if is(["true", "1", "yes", "y", "on"]) => Ok(Some(true)),
            () if is(["false", "0", "no", "n", "off"]) => Ok(Some(false)),
            () => Err(EXPECTED),
        }
    })
}

/// As [`flag`], for one that must be there.
///
/// # Errors
/// Where it is `null` or empty, or something else stands.
pub fn required_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    flag(deserializer)?.ok_or_else(|| de::Error::custom("expected true or false, found nothing"))
}

struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        i64::try_from(number).map(Some).map_err(|_| E::custom(TOO_LARGE))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        if number.abs() > LARGEST_EXACT {
            Err(E::custom(TOO_LARGE))
        } else {
            self.visit_str(&number.to_string())
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if let Ok(number) = text.parse() {
            return Ok(Some(number));
        }
        let number = super::decimal::parse(text).ok().filter(Decimal::is_integer);
        number
            .and_then(|number| number.to_i64())
            .map(Some)
            .ok_or_else(|| E::custom("expected a whole number"))
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

const TOO_LARGE: &str = "the whole number is too large";

/// Reads a whole number of any width: a number, text, `3.0`. Absent, `null` and empty text are `None`.
///
/// # Errors
/// Where something else stands, or the number does not fit its type.
pub fn whole<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    let number = deserializer.deserialize_any(Whole)?;
    number.map(T::try_from).transpose().map_err(|_| de::Error::custom("the whole number does not fit"))
}

/// As [`whole`], for one that must be there.
///
/// # Errors
/// Where it is `null` or empty, something else stands, or the number does not fit its type.
pub fn required_whole<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    whole(deserializer)?.ok_or_else(|| de::Error::custom("expected a whole number, found nothing"))
}

/// Writes a value as the text it reads as, or `null`: 64-bit numbers the way of protobuf's JSON.
///
/// # Errors
/// Those of the serializer.
pub fn as_text<T: fmt::Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// Reads a list; `null` is an empty one.
///
/// # Errors
/// Where something else stands, or an entry does not fit.
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a map of names to values; `null` is an empty one.
///
/// # Errors
/// Where something else stands, or a value does not fit.
pub fn map<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// True for an id that was never set.
#[must_use]
pub fn is_unset<T: Default + PartialEq>(id: &T) -> bool {
    *id == T::default()
}

#[cfg(test)]
#[path = "lenient_tests.rs"]
mod tests;
