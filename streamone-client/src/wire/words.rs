//! Declares the enumerated words of the wire.

/// Declares an enum whose words are compared without case and whose unknown values are kept as they came:
/// documents write `ACTIVE`, subscription records `active`, working clients `Active`.
macro_rules! words {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $text:literal $(| $alias:literal)* ),+ $(,)? } )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$vmeta])* #[doc = concat!("`", $text, "`")] $variant, )+
            /// A word this version does not know, as it came.
            Other(String),
        }

        impl $name {
            /// Every known word.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The word as the reference writes it; an unknown one as it came.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $( if [$text $(, $alias)*].iter().any(|word| word.eq_ignore_ascii_case(text)) {
                    return Self::$variant;
                } )+
                Self::Other(text.to_owned())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <$crate::wire::Text<'de> as ::serde::Deserialize>::deserialize(d)?;
                let word = Self::from(text.0.as_ref());
                if let Self::Other(text) = &word {
                    ::provider_core::wire::unknown::note(stringify!($name), text);
                }
                Ok(word)
            }
        }
    )+};
}

pub(crate) use words;
