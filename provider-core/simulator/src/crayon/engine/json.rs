//! JSON as Cloud-iQ reads and writes it: member order kept, decimals exact, names matched without regard to case.

use std::borrow::Cow;
use std::fmt;
use std::io::Write as _;

use rust_decimal::Decimal;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How the names of members are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Casing {
    /// `TotalHits`: what the service sends for nearly every resource.
    #[default]
    Pascal,
    /// `totalHits`: what the Swagger files list and some newer resources send.
    Camel,
}

/// A JSON value.
///
/// `serde_json::Value` would turn `4.32` into a binary float and sort the members.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Dec(Decimal),
    Text(Cow<'static, str>),
    List(Vec<Json>),
    /// Members of a model: their names follow the casing of the answer.
    Object(Vec<(Cow<'static, str>, Json)>),
    /// Free keys, which no casing rule touches.
    Map(Vec<(String, Json)>),
}

/// Builds a [`Json::Object`] from `"Name": value` pairs.
macro_rules! object {
    ($($name:literal : $value:expr),* $(,)?) => {
        $crate::crayon::engine::json::Json::Object(vec![
            $((std::borrow::Cow::Borrowed($name), $crate::crayon::engine::json::Json::from($value))),*
        ])
    };
}
pub(crate) use object;

static NULL: Json = Json::Null;

impl Json {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// The reason, when the text is no JSON, repeats a member or holds a number that no vendor field could take.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Self::from_raw(raw)
    }

    fn from_raw(raw: &RawValue) -> Result<Self, String> {
        let text = raw.get().trim();
        match text.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text).map_err(|e| e.to_string())?;
                let mut object: Vec<(Cow<'static, str>, Self)> = Vec::with_capacity(members.len());
                for (name, value) in members {
                    if object.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                        return Err(format!("member {name} is given twice"));
                    }
                    object.push((Cow::Owned(name), Self::from_raw(value)?));
                }
                Ok(Self::Object(object))
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|e| e.to_string())?;
                items.into_iter().map(Self::from_raw).collect::<Result<_, _>>().map(Self::List)
            }
            Some(b'"') => serde_json::from_str::<String>(text)
                .map(|text| Self::Text(Cow::Owned(text)))
                .map_err(|error| error.to_string()),
            Some(b't') => Ok(Self::Bool(true)),
            Some(b'f') => Ok(Self::Bool(false)),
            Some(b'n') => Ok(Self::Null),
            _ => number(text),
        }
    }

    /// Appends the text of the value.
    pub(crate) fn write(&self, casing: Casing, out: &mut Vec<u8>) {
        // Writing to a Vec cannot fail.
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Self::Int(value) => drop(write!(out, "{value}")),
            Self::Dec(value) => drop(write!(out, "{value}")),
            Self::Text(text) => quote(text, out),
            Self::List(items) => {
                out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    item.write(casing, out);
                }
                out.push(b']');
            }
            Self::Object(members) => {
                out.push(b'{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    match casing {
                        Casing::Pascal => quote(name, out),
                        Casing::Camel => quote(&camel(name), out),
                    }
                    out.push(b':');
                    value.write(casing, out);
                }
                out.push(b'}');
            }
            Self::Map(members) => {
                out.push(b'{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    quote(name, out);
                    out.push(b':');
                    value.write(casing, out);
                }
                out.push(b'}');
            }
        }
    }

    /// The text of the value.
    pub(crate) fn to_bytes(&self, casing: Casing) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        self.write(casing, &mut out);
        out
    }

    /// The member of that name, in any casing; null where it is missing.
    pub(crate) fn get(&self, name: &str) -> &Self {
        self.find(name).unwrap_or(&NULL)
    }

    /// The member of that name, in any casing, if it was given.
    pub(crate) fn find(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Replaces or adds the member.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<Self>) {
        if let Self::Object(members) = self {
            let value = value.into();
            match members.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                Some(member) => member.1 = value,
                None => members.push((Cow::Borrowed(name), value)),
            }
        }
    }

    /// Adds a member at the end of an object.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Self>) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(crate) fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The `Id` of a reference, where it is given and not 0.
    pub(crate) fn id(&self) -> Option<i64> {
        self.get("Id").int().filter(|id| *id != 0)
    }

    pub(crate) fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(value) => Some(Decimal::from(*value)),
            Self::Dec(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text, unless it is missing or empty.
    pub(crate) fn filled(&self) -> Option<&str> {
        self.text().filter(|text| !text.trim().is_empty())
    }

    /// An owned copy of the text.
    pub(crate) fn string(&self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

/// An `ObjectReference`.
pub(crate) fn reference(id: i64, name: impl Into<Json>) -> Json {
    object! { "Id": id, "Name": name.into() }
}

/// A `Price`.
pub(crate) fn price(value: Decimal, currency: &'static str) -> Json {
    object! { "Value": value, "CurrencyCode": currency }
}

fn number(text: &str) -> Result<Json, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return text.parse().map(Json::Int).map_err(|_| format!("{text} is out of range"));
    }
    text.parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(text))
        .map(Json::Dec)
        .map_err(|_| format!("{text} is no decimal"))
}

fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

fn quote(text: &str, out: &mut Vec<u8>) {
    // Nearly every text is plain, and a page of products has fifty thousand of them.
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        // Writing to a Vec cannot fail.
        let _ = serde_json::to_writer(out, text);
    }
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation should end the test")]

    use super::*;

    #[test]
    fn numbers_keep_their_text_and_kind() {
        let json = Json::parse(r#"{"a":12,"b":12.0,"c":0.10,"d":1e2}"#).unwrap();
        assert_eq!(json.get("A").int(), Some(12));
        assert_eq!(json.get("B").int(), None, "12.0 is no integer on this wire");
        assert_eq!(json.get("c").decimal().unwrap().to_string(), "0.10");
        assert_eq!(json.get("d").decimal(), Some(Decimal::from(100)));
    }

    #[test]
    fn writes_members_in_the_asked_casing_and_leaves_free_keys() {
        let json = object! {
            "TotalHits": 1,
            "Attributes": Json::Map(vec![("Term Length".to_owned(), Json::from("P1Y"))]),
        };
        let camel = String::from_utf8(json.to_bytes(Casing::Camel)).unwrap();
        assert_eq!(camel, r#"{"totalHits":1,"attributes":{"Term Length":"P1Y"}}"#);
    }

    #[test]
    fn a_repeated_member_is_refused_in_any_casing() {
        assert!(Json::parse(r#"{"Id":1,"id":2}"#).unwrap_err().contains("twice"));
        assert!(Json::parse("{").is_err());
    }
}
