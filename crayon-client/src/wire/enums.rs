//! Enums that travel as numbers, and sums of flags. Both keep numbers that this version does not know:
//! the service grew such values before.

use std::fmt;

use serde::Deserializer;
use serde::de::{self, Visitor};

/// Stands for a name that no enum knows. Such a name must not cost the record, and has no number.
pub(crate) const UNNAMED: i32 = i32::MIN;

struct Number<F>(&'static str, F);

impl<F: Fn(&str) -> Option<i32>> Visitor<'_> for Number<F> {
    type Value = i32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the number of a {}", self.0)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<i32, E> {
        i32::try_from(number).map_err(|_| E::custom("the number is too large for an enum"))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<i32, E> {
        i32::try_from(number).map_err(|_| E::custom("the number is too large for an enum"))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<i32, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<i32, E> {
        let text = text.trim();
        let whole = text.strip_suffix(".0").unwrap_or(text);
        let number = whole.parse().ok().or_else(|| (self.1)(text));
        Ok(number.unwrap_or_else(|| {
            provider_core::wire::unknown::note(self.0, text);
            UNNAMED
        }))
    }
}

/// Reads an enum: its number, or its name where the service writes one.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    d: D,
    name: &'static str,
    by_name: impl Fn(&str) -> Option<i32>,
) -> Result<i32, D::Error> {
    d.deserialize_any(Number(name, by_name))
}

/// Declares an enum whose wire values are numbers, plus `Unknown(i32)`.
macro_rules! numeric_enum {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $number:literal ),+ $(,)? }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$vmeta])* $variant, )+
            /// A number this version does not know, as it came; `i32::MIN` for a name that it does not know.
            Unknown(i32),
        }

        impl $name {
            /// Every known value.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self {
                    $( Self::$variant => $number, )+
                    Self::Unknown(number) => number,
                }
            }

            /// The value of a number on the wire.
            #[must_use]
            pub const fn from_number(number: i32) -> Self {
                match number {
                    $( $number => Self::$variant, )+
                    other => Self::Unknown(other),
                }
            }

            /// The value that the vendor's own SDK calls this, in any case and with any separators.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                $( if ::provider_core::wire::words::same(name, stringify!($variant)) {
                    return Some(Self::$variant);
                } )+
                None
            }
        }

        impl ::provider_http::Written for $name {
            fn written(&self) -> String {
                self.number().to_string()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.number(), f)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> ::std::result::Result<S::Ok, S::Error> {
                s.serialize_i32(self.number())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> ::std::result::Result<Self, D::Error> {
                let by_name = |name: &str| Self::from_name(name).map(Self::number);
                let value = $crate::wire::enums::read(d, stringify!($name), by_name).map(Self::from_number)?;
                if let Self::Unknown(number) = value
                    && number != $crate::wire::enums::UNNAMED
                {
                    ::provider_core::wire::unknown::note(stringify!($name), &number);
                }
                Ok(value)
            }
        }
    )+};
}

/// Declares a set of flags that travels as the sum of their numbers.
macro_rules! flags {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$vmeta:meta])* $flag:ident = $number:literal ),+ $(,)? }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i32);

        impl $name {
            $( $(#[$vmeta])* pub const $flag: Self = Self($number); )+

            const KNOWN_FLAGS: i32 = 0 $(| $number)+;

            /// The sum on the wire.
            #[must_use]
            pub const fn number(self) -> i32 {
                self.0
            }

            /// The set of a sum on the wire; unknown flags are kept.
            #[must_use]
            pub const fn from_number(number: i32) -> Self {
                Self(number)
            }

            /// True when every flag of `other` is in this set.
            #[must_use]
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// This set and the flags of `other`.
            #[must_use]
            pub const fn with(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl ::std::ops::BitOr for $name {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                self.with(other)
            }
        }

        impl ::provider_http::Written for $name {
            fn written(&self) -> String {
                self.number().to_string()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> ::std::result::Result<S::Ok, S::Error> {
                s.serialize_i32(self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> ::std::result::Result<Self, D::Error> {
                let number = $crate::wire::enums::read(d, stringify!($name), |name| {
                    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
                    $(
                        if stringify!($flag).replace('_', "").eq_ignore_ascii_case(&plain) {
                            return Some($number);
                        }
                    )+
                    None
                })?;
                if number & !Self::KNOWN_FLAGS != 0 && number != $crate::wire::enums::UNNAMED {
                    ::provider_core::wire::unknown::note(stringify!($name), &number);
                }
                Ok(Self(number))
            }
        }
    )+};
}
