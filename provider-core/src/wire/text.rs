//! Text that is looked at and not kept.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

/// Reads text and makes something of it, without a `String` in between.
///
/// For `Deserialize` implementations of words, ids and codes: a page of a thousand records has several
/// thousand of them.
///
/// ```
/// use serde::Deserialize;
///
/// struct Flag(bool);
///
/// impl<'de> Deserialize<'de> for Flag {
///     fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
///         provider_core::wire::text::read(deserializer, |text| Self(text.eq_ignore_ascii_case("yes")))
///     }
/// }
///
/// assert!(serde_json::from_str::<Flag>(r#""Yes""#)?.0);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// Where something other than text stands.
pub fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: impl FnOnce(&str) -> T,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(make))
}

/// As [`read`], for text that may be `null`.
///
/// # Errors
/// Where something other than text or `null` stands.
pub fn read_option<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_option(OptionalText(make))
}

/// [`read`] as a visitor, and as the seed of a member's name or value.
pub(super) struct Text<F>(pub(super) F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for Text<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Text<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }
}

struct OptionalText<F>(F);

impl<'de, T, F: FnOnce(&str) -> Option<T>> Visitor<'de> for OptionalText<F> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        read(deserializer, self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::{Deserializer, Value, json};

    use super::{read, read_option};

    #[test]
    fn escaped_text_and_text_of_values_is_read_alike() {
        let length = |text: &str| text.len();
        assert_eq!(read(&mut Deserializer::from_str(r#""a\u0062c""#), length).unwrap(), 3);
        assert_eq!(read(&mut Deserializer::from_slice(b"\"abc\""), length).unwrap(), 3);
        assert_eq!(read(&mut Deserializer::from_reader(&b"\"abc\""[..]), length).unwrap(), 3);
        assert_eq!(read(json!("abc"), length).unwrap(), 3);
        for other in [json!(null), json!(1), json!(["abc"])] {
            let error = read(other, length).unwrap_err().to_string();
            assert!(error.ends_with("expected a string"), "{error}");
        }
    }

    #[test]
    fn null_is_nothing_and_other_values_are_refused() {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        assert_eq!(read_option(json!("abc"), some).unwrap().as_deref(), Some("abc"));
        assert_eq!(read_option(json!(""), some).unwrap(), None);
        assert_eq!(read_option(Value::Null, some).unwrap(), None);
        assert_eq!(read_option(&mut Deserializer::from_str("null"), some).unwrap(), None);
        assert!(read_option(json!(1), some).is_err());
    }
}
