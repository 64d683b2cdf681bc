//! Countries and currencies by ISO code, found by code or by name.

mod names;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The text is neither a known code nor a known name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode {
    what: &'static str,
    text: String,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no {}", self.text.escape_debug(), self.what)
    }
}

impl std::error::Error for UnknownCode {}

macro_rules! code {
    ($(#[$meta:meta])* $name:ident, $length:literal, $what:literal, $lower:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; $length]);

        impl $name {
            /// From a code, in either case. Any code of the right form is taken: lists of codes change
            /// more often than this crate does.
            ///
            /// # Errors
            /// When the text is not of the form of a code.
            pub fn new(code: &str) -> Result<Self, UnknownCode> {
                let bytes: [u8; $length] = code
                    .trim()
                    .as_bytes()
                    .try_into()
                    .map_err(|_| UnknownCode { what: $what, text: code.to_owned() })?;
                if !bytes.iter().all(u8::is_ascii_alphabetic) {
                    return Err(UnknownCode { what: $what, text: code.to_owned() });
                }
                Ok(Self(bytes.map(|b| b.to_ascii_uppercase())))
            }

            /// The code in upper case.
            #[must_use]
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $lower })
            }
        }
    };
}

code! {
    /// A currency by its ISO 4217 code, such as `EUR`. Parses from a code or an English name.
    Currency, 3, "ISO 4217 currency code or currency name", "^[A-Z]{3}$"
}

code! {
    /// A country by its ISO 3166-1 alpha-2 code, such as `NO`. Parses from a code or an English name.
    Country, 2, "ISO 3166-1 country code or country name", "^[A-Z]{2}$"
}

fn same(a: &str, b: &str) -> bool {
    let fold =
        |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    fold(a) == fold(b)
}

impl FromStr for Currency {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text).or_else(|unknown| {
            names::CURRENCIES
                .iter()
                .find(|(_, name)| same(name, text))
                .map_or(Err(unknown), |(code, _)| Self::new(code))
        })
    }
}

impl FromStr for Country {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = if text.trim().eq_ignore_ascii_case("UK") { "GB" } else { text };
        Self::new(text).or_else(|unknown| {
            names::COUNTRIES
                .iter()
                .find(|(_, names)| names.iter().any(|name| same(name, text)))
                .map_or(Err(unknown), |(code, _)| Self::new(code))
        })
    }
}

impl Currency {
    /// Every known currency with its English name, for choices in a form.
    pub fn known() -> impl Iterator<Item = (Self, &'static str)> {
        names::CURRENCIES.iter().filter_map(|(code, name)| Some((Self::new(code).ok()?, *name)))
    }

    /// True for a code that ISO 4217 lists today.
    #[must_use]
    pub fn is_known(&self) -> bool {
        names::CURRENCIES.binary_search_by(|(code, _)| (*code).cmp(self.as_str())).is_ok()
    }
}

impl Country {
    /// Every known country with its English name, for choices in a form.
    pub fn known() -> impl Iterator<Item = (Self, &'static str)> {
        names::COUNTRIES.iter().filter_map(|(code, names)| Some((Self::new(code).ok()?, *names.first()?)))
    }

    /// True for a code that ISO 3166-1 lists today.
    #[must_use]
    pub fn is_known(&self) -> bool {
        names::COUNTRIES.binary_search_by(|(code, _)| (*code).cmp(self.as_str())).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Country, Currency, names};

    #[test]
    fn found_by_code_and_by_name() {
        for (text, code) in
            [("no", "NO"), ("Norway", "NO"), ("united states", "US"), ("UK", "GB"), ("The Netherlands", "NL")]
        {
            assert_eq!(text.parse::<Country>().map(|c| c.to_string()).as_deref(), Ok(code), "{text}");
        }
        for (text, code) in
            [("eur", "EUR"), ("Euro", "EUR"), ("us dollar", "USD"), ("Norwegian Krone", "NOK")]
        {
            assert_eq!(text.parse::<Currency>().map(|c| c.to_string()).as_deref(), Ok(code), "{text}");
        }
        assert!("Atlantis".parse::<Country>().is_err());
        assert!("shells".parse::<Currency>().is_err());
    }

    #[test]
    fn tables_are_sorted_and_of_the_right_form() {
        assert!(names::COUNTRIES.windows(2).all(|w| matches!(w, [a, b] if a.0 < b.0)));
        assert!(names::CURRENCIES.windows(2).all(|w| matches!(w, [a, b] if a.0 < b.0)));
        assert_eq!(Country::known().count(), names::COUNTRIES.len());
        assert_eq!(Currency::known().count(), names::CURRENCIES.len());
        assert!(Currency::new("EUR").is_ok_and(|c| c.is_known()));
        assert!(Currency::new("ZZZ").is_ok_and(|c| !c.is_known()));
    }
}
