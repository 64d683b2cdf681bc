//! Texts. Documents and captures disagree about what is a number, so one that stands where a text belongs
//! is taken as it reads.

use std::borrow::Cow;
use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

/// A text, or a number or a truth value taken as it reads.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Cow::Owned(number.to_string()))
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(if flag { "true" } else { "false" }))
            }
        }
        d.deserialize_any(Read).map(Self)
    }
}

/// Reads a text that may be absent or `null`.
pub(crate) fn text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Text<'de>>::deserialize(d)?.map(|text| text.0.into_owned()))
}

/// Reads a truth value that may be absent, `null`, or written as a word or a digit.
pub(crate) fn flag<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    let Some(Text(word)) = Option::<Text<'de>>::deserialize(d)? else { return Ok(None) };
    match word.trim().to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        _ => Err(serde::de::Error::custom("expected true or false")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Record {
        #[serde(deserialize_with = "text")]
        zip: Option<String>,
        #[serde(deserialize_with = "flag")]
        on: Option<bool>,
    }

    #[test]
    fn texts_and_flags_are_read_in_every_form() {
        for (json, zip, on) in [
            (r#"{"zip":"0150","on":true}"#, Some("0150"), Some(true)),
            (r#"{"zip":22150,"on":"False"}"#, Some("22150"), Some(false)),
            (r#"{"zip":-1,"on":1}"#, Some("-1"), Some(true)),
            (r#"{"zip":true,"on":""}"#, Some("true"), None),
            (r#"{"zip":null,"on":null}"#, None, None),
            ("{}", None, None),
            (r#"{"zip":"a\u00e9"}"#, Some("a\u{e9}"), None),
        ] {
            let read: Record = serde_json::from_str(json).unwrap();
            assert_eq!(read, Record { zip: zip.map(str::to_owned), on }, "{json}");
        }
        for json in [r#"{"zip":{}}"#, r#"{"zip":[]}"#, r#"{"on":"perhaps"}"#, r#"{"on":{}}"#] {
            assert!(serde_json::from_str::<Record>(json).is_err(), "{json}");
        }
    }
}
