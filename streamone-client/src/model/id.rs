//! Ids and resource names.

use std::fmt;

use provider_core::model::Raw;
use provider_core::wire::lenient;
use provider_http::Keys;
use provider_http::decode::member;
use serde::de::Visitor;
use serde::de::value::F64Deserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// No id is as long as that. One of some megabytes would stand in every record that repeats it.
const LONGEST: usize = 1_024;

/// An id: decimal digits that the wire writes as a string or as a number, or any other text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(String);

impl Id {
    /// Wraps an id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// False for what stands where an id was never set: nothing, or the 0 of protobuf.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !matches!(self.0.trim(), "" | "0")
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({:?})", self.0)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Id {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<String> for Id {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id as a string or a whole number")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Id, E> {
                if text.len() > LONGEST {
                    return Err(E::custom("is too long for an id"));
                }
                Ok(Id(text.to_owned()))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }

            /// The same id as the whole number that it is.
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Id, E> {
                let number: i64 = lenient::required_whole(F64Deserializer::<E>::new(number))?;
                Ok(Id(number.to_string()))
            }
        }
        d.deserialize_any(Text)
    }
}

/// A resource name such as `accounts/20001/customers/310045/orders/950077`: collections and ids by turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceName<'a>(&'a str);

impl<'a> ResourceName<'a> {
    /// Reads a name.
    #[must_use]
    pub const fn new(name: &'a str) -> Self {
        Self(name)
    }

    /// The id that follows this collection: `customers` gives `310045`.
    #[must_use]
    pub fn id_of(self, collection: &str) -> Option<&'a str> {
        let mut parts = self.0.trim_matches('/').split('/');
        while let (Some(name), id) = (parts.next(), parts.next()) {
            if name == collection {
                return id.filter(|id| !id.is_empty());
            }
        }
        None
    }

    /// The entity's own id: the last part of a name of at least one collection and id. A name that ends with a
    /// collection has none.
    #[must_use]
    pub fn own(self) -> Option<&'a str> {
        let parts = self.0.trim_matches('/').split('/');
        let own = parts.clone().next_back()?;
        (parts.count().is_multiple_of(2) && !own.is_empty()).then_some(own)
    }
}

/// The id of a record that stands in a collection, by the resource name in its JSON.
pub(crate) fn named(record: &Raw, collection: &str) -> Option<String> {
    let name = member(record, "name", Keys::Exact)?;
    let name = ResourceName::new(&name);
    name.id_of(collection).or_else(|| name.own()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn ids_are_read_from_strings_and_numbers() {
        for json in ["310045", "\"310045\"", "310045.0", "3.10045e5"] {
            assert_eq!(serde_json::from_str::<Id>(json).unwrap().as_str(), "310045", "{json}");
        }
        assert!(!serde_json::from_str::<Id>("-0.0").unwrap().is_set());
        for json in ["{}", "null", "true", "310045.5", "1e300"] {
            assert!(serde_json::from_str::<Id>(json).is_err(), "{json}");
        }
        let long = |length: usize| serde_json::from_str::<Id>(&format!("\"{}\"", "7".repeat(length)));
        assert!(long(1_024).is_ok() && long(1_025).is_err());
        for (id, set) in
            [("310045", true), ("a", true), ("", false), (" ", false), ("0", false), ("00", true)]
        {
            assert_eq!(Id::from(id).is_set(), set, "{id}");
        }
    }

    #[test]
    fn names_give_the_ids_of_their_collections() {
        let name = ResourceName::new("accounts/1/customers/2/orders/3");
        assert_eq!((name.id_of("customers"), name.own()), (Some("2"), Some("3")));
        assert_eq!(name.id_of("carts"), None);
        // A customer whose id reads like a collection is still an id.
        assert_eq!(ResourceName::new("accounts/customers/customers/7").id_of("customers"), Some("7"));
        for none in ["310045", "accounts/1/customers/", "accounts/1/customers"] {
            assert_eq!(ResourceName::new(none).own(), None, "{none}");
        }
        assert_eq!(ResourceName::new("").own(), None);
    }
}
