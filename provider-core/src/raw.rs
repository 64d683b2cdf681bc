//! A record's own JSON, kept when asked, with secret values blanked.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

/// What stands where a secret value stood.
const BLANK: &str = "\"***\"";

/// The JSON of one record as the distributor sent it, number for number.
///
/// Values known to be secret are blanked when it is made, so that it can be stored and logged.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Raw(Arc<str>);

impl Raw {
    /// Keeps one JSON value and blanks the value of every member, at any depth, whose name is in
    /// `secret_members` (compared without case).
    ///
    /// # Errors
    /// When the text is not one JSON value.
    pub fn new(json: &str, secret_members: &[&str]) -> Result<Self, serde_json::Error> {
        let value: &RawValue = serde_json::from_str(json)?;
        Ok(Self::from_valid(value.get(), secret_members))
    }

    /// Keeps an already checked JSON value, with the same blanking as [`Raw::new`].
    #[must_use]
    pub fn from_value(value: &RawValue, secret_members: &[&str]) -> Self {
        Self::from_valid(value.get(), secret_members)
    }

    fn from_valid(json: &str, secret_members: &[&str]) -> Self {
        if secret_members.is_empty() {
            return Self(json.into());
        }
        let mut out = String::with_capacity(json.len());
        let mut scan = Scan { rest: json, secret_members };
        scan.value(&mut out);
        Self(out.into())
    }

    /// The JSON text.
    #[must_use]
    pub fn get(&self) -> &str {
        &self.0
    }

    /// Reads the record into a type of one's own.
    ///
    /// # Errors
    /// When the shape does not fit.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

/// Copies JSON that is known to be valid. Every step goes through `str` methods that cannot fail on a
/// boundary; on text that is not JSON after all it stops copying, so nothing unblanked slips through.
struct Scan<'a> {
    rest: &'a str,
    secret_members: &'a [&'a str],
}

impl<'a> Scan<'a> {
    fn blanks(&mut self, out: &mut String) {
        let trimmed = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let (blank, rest) = self.rest.split_at(self.rest.len() - trimmed.len());
        out.push_str(blank);
        self.rest = rest;
    }

    /// Takes a string literal with its quotes.
    fn string(&mut self) -> &'a str {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let (text, rest) = self.rest.split_at(at + 1);
                    self.rest = rest;
                    return text;
                }
                _ => {}
            }
        }
        std::mem::take(&mut self.rest)
    }

    fn take(&mut self, wanted: char, out: &mut String) -> bool {
        if let Some(rest) = self.rest.strip_prefix(wanted) {
            out.push(wanted);
            self.rest = rest;
            return true;
        }
        false
    }

    fn is_secret(&self, literal: &str) -> bool {
        // Names with escapes are decoded, or `"pass\u0077ord"` would slip through.
        let Ok(name) = serde_json::from_str::<String>(literal) else { return true };
        self.secret_members.iter().any(|secret| secret.eq_ignore_ascii_case(&name))
    }

    fn value(&mut self, out: &mut String) {
        self.blanks(out);
        if self.rest.starts_with('"') {
            out.push_str(self.string());
        } else if self.take('{', out) {
            self.members(out);
        } else if self.take('[', out) {
            loop {
                self.blanks(out);
                if self.take(']', out) || self.rest.is_empty() {
                    break;
                }
                self.value(out);
                self.blanks(out);
                self.take(',', out);
            }
        } else {
            let end = self.rest.find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(self.rest.len());
            let (scalar, rest) = self.rest.split_at(end);
            out.push_str(scalar);
            self.rest = rest;
        }
    }

    fn members(&mut self, out: &mut String) {
        loop {
            self.blanks(out);
            if self.take('}', out) || !self.rest.starts_with('"') {
                break;
            }
            let name = self.string();
            out.push_str(name);
            self.blanks(out);
            self.take(':', out);
            if self.is_secret(name) {
                let mut dropped = String::new();
                self.value(&mut dropped);
                // An absent secret is worth knowing, and betrays nothing.
                out.push_str(if dropped.trim() == "null" { "null" } else { BLANK });
            } else {
                self.value(out);
            }
            self.blanks(out);
            self.take(',', out);
        }
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} bytes)", self.0.len())
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(&self.0).map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(|raw| Self(raw.get().into()))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Raw {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Raw".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!(true)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::Raw;

    const SECRETS: &[&str] = &["password", "token"];

    #[test]
    fn secrets_are_blanked_at_any_depth_and_the_rest_is_kept_to_the_letter() {
        let json = r#" {"Id": 10.10, "User":{"Password":"a\"}b","x":[{"TOKEN": {"deep":[1]}}, 1e-7]},
            "pass\u0077ord":"y", "token":null, "note":"password: z \\"} "#;
        let raw = Raw::new(json, SECRETS).unwrap();
        let expected = r#"{"Id": 10.10, "User":{"Password":"***","x":[{"TOKEN":"***"}, 1e-7]},
            "pass\u0077ord":"***", "token":null, "note":"password: z \\"}"#;
        assert_eq!(raw.get(), expected);
        assert!(serde_json::from_str::<serde_json::Value>(raw.get()).is_ok());
    }

    #[test]
    fn round_trips_exactly_and_debug_shows_nothing() {
        let raw = Raw::new(r#"{"v":12345678901234567890.12}"#, &[]).unwrap();
        let json = serde_json::to_string(&raw).unwrap();
        assert_eq!(json, r#"{"v":12345678901234567890.12}"#);
        assert_eq!(serde_json::from_str::<Raw>(&json).unwrap(), raw);
        assert_eq!(format!("{raw:?}"), "Raw(29 bytes)");
        assert!(Raw::new("{", &[]).is_err());
    }
}
