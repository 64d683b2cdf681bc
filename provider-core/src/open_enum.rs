//! Enums that keep values they do not know.

/// Declares enums of known words plus `Other(String)`, which round-trips whatever arrives.
///
/// Distributors add values without notice; a listing must not break on one. They also spell a word in
/// several ways: `Variant = "text" | "alias"` lists them, the one to write first. Reading compares exactly
/// first, then without case and separators (`_`, `-`, blank); a number or boolean is read as its text. What
/// is unknown is kept as it came and [noted](crate::wire::unknown::note).
///
/// ```
/// provider_core::open_enum! {
///     /// What a price is multiplied by.
///     pub enum Charge {
///         /// The quantity.
///         PerUnit = "Per Unit" | "each",
///         /// Nothing.
///         Flat = "Flat",
///     }
/// }
///
/// let read = |json| serde_json::from_str::<Charge>(json).unwrap();
/// assert_eq!([read(r#""each""#), read(r#""PER_UNIT""#)], [Charge::PerUnit, Charge::PerUnit]);
/// assert_eq!(serde_json::to_string(&Charge::PerUnit).unwrap(), r#""Per Unit""#);
/// assert_eq!(read(r#""Tiered""#).as_str(), "Tiered");
/// assert_eq!(Charge::KNOWN.len(), 2);
/// // In a test: no other spelling of one value may be another value.
/// provider_core::wire::words::check::<Charge>(&[]).unwrap();
/// ```
#[macro_export]
macro_rules! open_enum {
    ($(
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$vmeta:meta])* $variant:ident = $text:literal $(| $alias:literal)* ),+ $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        $vis enum $name {
            $(
                $(#[$vmeta])*
                #[doc = ""]
                #[doc = concat!("`", $text, "`")]
                $variant,
            )+
            /// A value this version does not know, as it came.
            Other(String),
        }

        impl $name {
            /// Every known value.
            $vis const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is written.
            #[must_use]
            $vis fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }
        }

        impl $crate::wire::words::OpenEnum for $name {
            const NAME: &'static str = stringify!($name);
            const WORDS: &'static [&'static [&'static str]] = &[$(&[$text $(, $alias)*]),+];
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text $(| $alias)* => return Self::$variant, )+
                    _ => {}
                }
                $( if [$text $(, $alias)*].iter().any(|word| $crate::wire::words::same(word, text)) {
                    return Self::$variant;
                } )+
                Self::Other(text.to_owned())
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::wire::lenient::read(deserializer, |text| Self::from(text))?;
                if let Self::Other(unknown) = &value {
                    $crate::wire::unknown::note(stringify!($name), unknown);
                }
                Ok(value)
            }
        }
    )+};
}

/// JSON Schema of an open enum of this crate: a string with the known words as examples.
#[cfg(feature = "schema")]
macro_rules! open_enum_schema {
    ($($name:ident),+ $(,)?) => {
        $(impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let known: Vec<&str> = Self::KNOWN.iter().map(Self::as_str).collect();
                schemars::json_schema!({ "type": "string", "examples": known, "x-words": known })
            }
        })+
    };
}

#[cfg(feature = "schema")]
pub(crate) use open_enum_schema;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use crate::wire::{unknown, words};
    use crate::*;

    crate::open_enum! {
        /// What a rate is multiplied by.
        enum Charge {
            PerUnit = "Per Unit" | "each",
            Flat = "Flat",
            Level = "1",
        }

        /// Whether it counts.
        enum Counts {
            Yes = "true",
        }
    }

    #[test]
    fn a_word_is_read_in_every_spelling_and_written_in_one() {
        for (json, charge) in [
            (r#""Per Unit""#, Charge::PerUnit),
            (r#""per-unit""#, Charge::PerUnit),
            (r#""PER_UNIT""#, Charge::PerUnit),
            (r#""perUnit""#, Charge::PerUnit),
            (r#""EACH""#, Charge::PerUnit),
            (r#""flat""#, Charge::Flat),
            ("1", Charge::Level),
            ("7", Charge::Other("7".to_owned())),
            (r#""Flat Rate""#, Charge::Other("Flat Rate".to_owned())),
            (r#""""#, Charge::Other(String::new())),
        ] {
            let read = || serde_json::from_str::<Charge>(json).unwrap();
            let (read, met) = unknown::listen(read);
            assert_eq!(read, charge, "{json}");
            assert_eq!(met.len(), usize::from(matches!(charge, Charge::Other(_))), "{json}");
        }
        assert_eq!(serde_json::from_str::<Counts>("true").unwrap(), Counts::Yes);
        assert_eq!((Charge::KNOWN.len(), Counts::KNOWN.len()), (3, 1));
        assert_eq!(serde_json::to_string(&Charge::from("each")).unwrap(), r#""Per Unit""#);
        for json in ["null", "{}", "[]"] {
            assert!(serde_json::from_str::<Charge>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::from_str::<Option<Charge>>("null").unwrap(), None);
    }

    #[test]
    fn no_two_words_of_an_enum_of_this_crate_are_the_same() {
        macro_rules! check {
            ($($name:ident),+ $(,)?) => {
                const NAMES: &[&str] = &[$(stringify!($name)),+];
                $( words::check::<$name>(&[]).unwrap(); )+
            };
        }
        check!(
            BillingCycle,
            ContactRoleKind,
            CustomerStatus,
            InvoiceKind,
            InvoiceLineKind,
            InvoiceStatus,
            OrderStatus,
            ProductKind,
            SubscriptionStatus,
            UsageKind,
        );
        // Whoever declares another one enters it here.
        let declared: usize = ["src/model", "src"]
            .iter()
            .flat_map(|folder| std::fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap())
            .filter_map(|file| std::fs::read_to_string(file.unwrap().path()).ok())
            .map(|source| source.lines().filter(|line| *line == "open_enum! {").count())
            .sum();
        assert_eq!(declared, NAMES.len());
    }
}
