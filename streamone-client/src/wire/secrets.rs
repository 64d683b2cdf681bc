//! Values that must not be kept in raw JSON: by member name, and by the name that stands beside them.

use std::borrow::Cow;
use std::fmt;

use provider_core::Raw;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Members whose values are secret wherever they stand.
pub(crate) const SECRET_MEMBERS: &[&str] =
    &["password", "previewAuthToken", "access_token", "refresh_token", "detailedInvoiceFilesUrls"];

const BLANK: &str = "\"***\"";

/// True for an attribute whose value is a credential: new Microsoft tenants carry their administrator's
/// `userName` and `password` in an order item's attributes.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["password", "username", "secret", "token"].iter().any(|part| lower.contains(part))
}

/// The same record with the values of secret attributes blanked: in `{"name": "password", "value": "..."}`
/// it is the neighbour's value that tells.
pub(crate) fn blanked(record: Raw) -> Raw {
    // Only records that could hold such an attribute are copied.
    if !is_secret_name(record.get()) {
        return record;
    }
    let mut out = String::with_capacity(record.get().len());
    match serde_json::from_str::<&RawValue>(record.get()) {
        Ok(value) => copy(value, &mut out),
        Err(_) => out.push_str("null"),
    }
    Raw::new(&out, SECRET_MEMBERS).unwrap_or_else(|_| Raw::from_value(RawValue::NULL, SECRET_MEMBERS))
}

/// The members of an object in their order, values untouched.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((Cow::Owned(member.0), member.1));
                }
                Ok(members)
            }
        }
        d.deserialize_map(Read).map(Self)
    }
}

fn copy(value: &RawValue, out: &mut String) {
    let text = value.get().trim();
    if text.starts_with('{') {
        let Ok(Members(members)) = serde_json::from_str::<Members<'_>>(text) else {
            out.push_str("null");
            return;
        };
        let secret = members.iter().any(|(name, value)| {
            name == "name" && serde_json::from_str::<String>(value.get()).is_ok_and(|n| is_secret_name(&n))
        });
        out.push('{');
        for (index, (name, value)) in members.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(&serde_json::to_string(name).unwrap_or_default());
            out.push(':');
            if secret && name == "value" { out.push_str(BLANK) } else { copy(value, out) }
        }
        out.push('}');
    } else if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
        out.push('[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            copy(item, out);
        }
        out.push(']');
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn only_the_values_of_secret_attributes_are_blanked_and_numbers_keep_their_digits() {
        let json = r#"{"price":1.10,"a":[{"value":"hunter2","name":"passWord"},{"name":"domainName","value":"x"}],"b":{"name":"userName","value":{"deep":1}}}"#;
        assert_eq!(
            blanked(Raw::new(json, &[]).unwrap()).get(),
            r#"{"price":1.10,"a":[{"value":"***","name":"passWord"},{"name":"domainName","value":"x"}],"b":{"name":"userName","value":"***"}}"#
        );
    }

    #[test]
    fn a_record_without_secrets_is_left_alone() {
        let record = Raw::new(r#"{"price":1.10}"#, &[]).unwrap();
        assert_eq!(blanked(record.clone()).get(), record.get());
    }
}
