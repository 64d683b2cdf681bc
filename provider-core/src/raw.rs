//! A record's own JSON, kept when asked, with secret values blanked.

mod blank;
mod scan;
mod texts;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

use blank::{Secret, blanked};
pub use scan::ends_early;

/// The JSON of one record as the distributor sent it, number for number.
///
/// Values known to be secret are blanked when it is made, so that it can be stored and logged; those in a text that is
/// itself a JSON document too. What is nested deeper than 127 levels is blanked too: hardly any parser reads it.
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

    /// What [`from_value`](Self::from_value) and [`without_attributes`](Self::without_attributes) keep together, in one
    /// pass over the JSON.
    #[must_use]
    pub fn without_secrets(
        value: &RawValue,
        secret_members: &[&str],
        is_secret_attribute: fn(&str) -> bool,
    ) -> Self {
        Self::blanked(value.get(), Secret { members: secret_members, attribute: Some(is_secret_attribute) })
    }

    /// The same JSON with the `value` blanked wherever it stands beside a `name` of which `is_secret` is
    /// true, at any depth: in `{"name": "password", "value": "..."}` the name beside it tells.
    #[must_use]
    pub fn without_attributes(self, is_secret: fn(&str) -> bool) -> Self {
        match blanked(&self.0, Secret { members: &[], attribute: Some(is_secret) }) {
            Some(json) => Self(json.into()),
            None => self,
        }
    }

    /// The same JSON with every name, text and number passed through `edit`, which answers the text to put in its
    /// place or `None` to leave it: for those who blank secrets that a distributor echoed.
    #[must_use]
    pub fn with_texts(self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        self.edited(edit).unwrap_or(self)
    }

    /// The same; `None` where nothing had to be edited.
    pub(crate) fn edited(&self, edit: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        texts::edited(&self.0, edit).map(|json| Self(json.into()))
    }

    fn from_valid(json: &str, secret_members: &[&str]) -> Self {
        Self::blanked(json, Secret { members: secret_members, attribute: None })
    }

    fn blanked(json: &str, secret: Secret<'_>) -> Self {
        match blanked(json, secret) {
            Some(json) => Self(json.into()),
            None => Self(json.into()),
        }
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
        let expected = r#"{"Id": 10.10, "User":{"Password":"***","x":[{"TOKEN": "***"}, 1e-7]},
            "pass\u0077ord":"***", "token":null, "note":"password: z \\"}"#;
        assert_eq!(raw.get(), expected);
        assert!(serde_json::from_str::<serde_json::Value>(raw.get()).is_ok());
    }

    #[test]
    fn the_values_of_secret_attributes_are_blanked_and_their_neighbours_kept() {
        let is_secret = |name: &str| name.eq_ignore_ascii_case("password") || name == "userName";
        let json = r#"{"price":1.10,"a":[{"value":"hunter2","name":"passWord"},{"name":"domainName","value":"x"}],"b":{"name":"userName","value":{"deep":[1,{"name":"userName","value":2}]}},"c":{"name":"pass\u0077ord","value":7,"x":{"value":1}},"d":{"name":"password","value":null}}"#;
        assert_eq!(
            Raw::new(json, &[]).unwrap().without_attributes(is_secret).get(),
            r#"{"price":1.10,"a":[{"value":"***","name":"passWord"},{"name":"domainName","value":"x"}],"b":{"name":"userName","value":"***"},"c":{"name":"pass\u0077ord","value":"***","x":{"value":1}},"d":{"name":"password","value":null}}"#
        );
    }

    #[test]
    fn one_pass_blanks_what_two_would() {
        let inner = serde_json::to_string(r#"{"name":"token","value":"a","password":[1]}"#).unwrap();
        for json in [
            r#"{"password":{"name":"token","value":1},"a":[{"name":"token","value":{"token":2}}]}"#
                .to_owned(),
            r#"[{"value":"x","name":"token","token":"y"},{"value":"kept","name":"plain"}]"#.to_owned(),
            format!(r#"{{"document":{inner},"token":{inner}}}"#),
        ] {
            let value = serde_json::value::RawValue::from_string(json).unwrap();
            let is_token = |name: &str| name == "token";
            let two = Raw::from_value(&value, SECRETS).without_attributes(is_token);
            assert_eq!(Raw::without_secrets(&value, SECRETS, is_token).get(), two.get());
        }
    }

    /// As many levels as 28 KiB hold took the process down once; so may no other number.
    #[test]
    fn no_depth_overflows_the_stack() {
        let deep = |open: &str, close: &str, levels: usize| {
            format!(r#"{{"id":1,"x":{}{}}}"#, open.repeat(levels), close.repeat(levels))
        };
        for (open, close) in [("[", "]"), (r#"{"token":"#, "}"), (r#"{"value":1,"name":"token","y":"#, "}")] {
            let inner = if open == "[" { "" } else { "1" };
            let json = deep(open, close, 1_000_000).replacen(close, &format!("{inner}{close}"), 1);
            let raw = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
                let raw = Raw::new(&json, SECRETS).unwrap().without_attributes(|name| name == "token");
                assert!(!serde_json::to_string(&raw).unwrap().is_empty());
                raw
            });
            let raw = raw.unwrap().join().unwrap();
            assert!(serde_json::from_str::<serde_json::Value>(raw.get()).is_ok(), "what is kept can be read");
            assert!(raw.get().starts_with(r#"{"id":1,"x":"#));
        }
    }

    #[test]
    fn just_as_deep_as_parsers_read_is_kept() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let kept = nested(super::scan::MAX_DEPTH);
        assert_eq!(Raw::new(&kept, &[]).unwrap().get(), kept);
        assert!(Raw::new(&nested(super::scan::MAX_DEPTH + 1), &[]).unwrap().get().contains("***"));
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
