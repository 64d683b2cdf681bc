//! Records edited as JSON, so that members that this client does not know are kept.

use std::fmt;

use provider_core::{Error, ErrorKind, Result};
use provider_http::Keys;
use provider_http::decode::from_str;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A record as the JSON object that the service sent, to be edited and written back: every member is kept, in its
/// order, and numbers to the digit.
///
/// `PUT` replaces a whole record at Cloud-iQ, and what is left out may be reset. Read a record as a
/// document, set what shall change, and send it back: members that this client does not know survive.
/// Names are compared without regard to case, and existing names keep their spelling.
///
/// ```
/// use crayon_client::Document;
///
/// let mut record: Document = serde_json::from_str(r#"{"Quantity":12,"Price":4.320,"New":{"a":1}}"#)?;
/// record.set(&["quantity"], &15)?;
/// assert_eq!(serde_json::to_string(&record)?, r#"{"Quantity":15,"Price":4.320,"New":{"a":1}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Document {
    members: Vec<(String, Box<RawValue>)>,
}

impl Document {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The names of the members, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    /// The JSON text of a member.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.get())
    }

    /// The value at a path of member names. `None` where it is absent, `null`, or of another type.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Option<T> {
        let (first, rest) = path.split_first()?;
        let raw = self.raw(first)?;
        if rest.is_empty() {
            return from_str::<Option<T>>(raw, Keys::AnyCase).ok().flatten();
        }
        serde_json::from_str::<Self>(raw).ok()?.get(rest)
    }

    /// Sets the value at a path of member names; objects that are missing on the way are made.
    ///
    /// # Errors
    /// `InvalidInput`, `NotSent`, when the path is empty or the value has no JSON form.
    pub fn set(&mut self, path: &[&str], value: &(impl Serialize + ?Sized)) -> Result<()> {
        let raw = serde_json::value::to_raw_value(value).map_err(|e| no_json(path).with_source(e))?;
        self.put(path, raw)
    }

    fn put(&mut self, path: &[&str], value: Box<RawValue>) -> Result<()> {
        let Some((first, rest)) = path.split_first() else { return Err(no_json(path)) };
        let value = if rest.is_empty() {
            value
        } else {
            let mut inner: Self =
                self.raw(first).and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
            inner.put(rest, value)?;
            serde_json::value::to_raw_value(&inner).map_err(|e| no_json(path).with_source(e))?
        };
        match self.members.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(first)) {
            Some((_, known)) => *known = value,
            None => self.members.push(((*first).to_owned(), value)),
        }
        Ok(())
    }

    /// Reads the whole record into a type.
    ///
    /// # Errors
    /// `Decode` with the path of the first member that does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        let json = serde_json::to_string(self).map_err(|e| no_json(&[]).with_source(e))?;
        from_str(&json, Keys::AnyCase).map_err(|error| {
            Error::new(ErrorKind::Decode, format!("the record does not fit: {error}")).for_read()
        })
    }
}

fn no_json(path: &[&str]) -> Error {
    Error::invalid_input(&path.join("."), "has no JSON form")
}

impl fmt::Debug for Document {
    /// Shows names only: the values may be personal or secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.members.iter().map(|(n, v)| (n, v.get())).eq(other.members.iter().map(|(n, v)| (n, v.get())))
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len()))?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Document { members })
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::Document;

    #[test]
    fn unknown_members_numbers_and_order_survive_an_edit() {
        let json = r#"{"tenant":{"Id":7,"ResellerMarkup":12.50,"New":[1e-7]},"Zeta":null,"Profile":null}"#;
        let mut record: Document = serde_json::from_str(json).unwrap();
        record.set(&["Tenant", "Name"], "Bakery").unwrap();
        record.set(&["Profile", "Address", "City"], "Oslo").unwrap();
        assert_eq!(
            serde_json::to_string(&record).unwrap(),
            r#"{"tenant":{"Id":7,"ResellerMarkup":12.50,"New":[1e-7],"Name":"Bakery"},"Zeta":null,"Profile":{"Address":{"City":"Oslo"}}}"#
        );
        assert_eq!(record.get::<i64>(&["TENANT", "id"]), Some(7));
        assert_eq!(record.get::<String>(&["Zeta"]), None);
        assert!(record.set(&[], &1).is_err());
        assert!(!format!("{record:?}").contains("Bakery"));
    }
}
