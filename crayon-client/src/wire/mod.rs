//! How Cloud-iQ writes its JSON: PascalCase in requests, either case in answers, numeric enums, exact
//! decimals, lists with and without an envelope.

mod collection;
mod document;
#[macro_use]
mod enums;
#[macro_use]
mod model;
pub(crate) mod number;
pub(crate) mod text;

pub use collection::Collection;
pub(crate) use collection::Lists;
pub use document::Document;

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads a list; `null` is an empty one.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

/// True for an id that was never set.
pub(crate) fn is_unset<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

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

    fn visit_str<E: de::Error>(self, text: &str) -> Result<i32, E> {
        let text = text.trim();
        let number = text.parse().ok().or_else(|| (self.1)(text));
        Ok(number.unwrap_or_else(|| {
            provider_core::wire::unknown::note(self.0, text);
            UNNAMED
        }))
    }
}

/// Reads an enum: its number, or its name where the service writes one.
pub(crate) fn enum_number<'de, D: Deserializer<'de>>(
    d: D,
    name: &'static str,
    by_name: impl Fn(&str) -> Option<i32>,
) -> Result<i32, D::Error> {
    d.deserialize_any(Number(name, by_name))
}
