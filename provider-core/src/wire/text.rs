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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::{Deserializer, json};

    use super::read;

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
}
