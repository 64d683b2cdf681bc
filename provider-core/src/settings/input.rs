//! What a person typed into a form.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::authorization::AuthorizationSource;
use super::connection::{ConnectionSettings, SettingValue, parse_flag};
use super::form::{FieldKind, SettingsForm, is_shared, refusal};
use crate::error::{Result, Violation};

/// What a person typed into a form: text for every field, and the second entry of the fields that are
/// asked for twice. Everything is treated as secret until the form says that it is not.
#[derive(Debug, Clone, Default)]
pub struct FormInput {
    values: BTreeMap<String, SecretString>,
    repeated: BTreeMap<String, SecretString>,
    stored: Option<String>,
}

impl FormInput {
    /// Adds what was typed into a field.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, text: impl Into<SecretString>) -> Self {
        self.values.insert(key.into(), text.into());
        self
    }

    /// Adds the second entry of a field.
    #[must_use]
    pub fn repeated(mut self, key: impl Into<String>, text: impl Into<SecretString>) -> Self {
        self.repeated.insert(key.into(), text.into());
        self
    }

    /// Picks an authorization that is stored apart, in place of the credential fields.
    #[must_use]
    pub fn stored_authorization(mut self, name: impl Into<String>) -> Self {
        self.stored = Some(name.into());
        self
    }

    fn text(&self, key: &str) -> Option<&str> {
        let text = self.values.get(key)?.expose_secret().trim();
        (!text.is_empty()).then_some(text)
    }
}

impl SettingsForm {
    /// Turns what was typed into settings, or names everything that is wrong, at once.
    ///
    /// # Errors
    /// `Config` with a violation for every field that is missing, wrong, unknown, or was not typed the
    /// same way twice.
    pub fn read(&self, input: &FormInput) -> Result<ConnectionSettings> {
        self.check(input).map_err(|violations| refusal(&self.title, violations))
    }

    /// The settings, or everything that is wrong with what was typed.
    pub(super) fn check(&self, input: &FormInput) -> Result<ConnectionSettings, Vec<Violation>> {
        let mut violations = Vec::new();
        let mut settings =
            ConnectionSettings::new(self.kind.as_ref(), input.text("name").unwrap_or_default());
        for field in &self.fields {
            let key = field.key.as_ref();
            if field.authorization && input.stored.is_some() {
                continue;
            }
            if field.entered_twice && input.text(key).is_some() {
                let second = input.repeated.get(key).map(ExposeSecret::expose_secret);
                if second != input.values.get(key).map(ExposeSecret::expose_secret) {
                    violations.push(Violation::new(key, "the two entries are not the same"));
                }
            }
            let Some(text) = input.text(key).or(field.default.as_deref()) else {
                if field.required || self.is_needed(field, |key| input.text(key).is_some()) {
                    violations.push(Violation::new(key, "is missing"));
                }
                continue;
            };
            if let Some(problem) = field.problem(text) {
                violations.push(Violation::new(key, problem));
                continue;
            }
            settings = match key {
                "name" => settings,
                "environment" => {
                    settings.environment = text.parse().unwrap_or_default();
                    settings
                }
                "endpoint" => settings.with_endpoint(text),
                "country" => {
                    settings.country = text.parse().ok();
                    settings
                }
                "currency" => {
                    settings.currency = text.parse().ok();
                    settings
                }
                _ if field.authorization => {
                    // The text as typed: a password may begin or end with a blank.
                    let secret = input.values.get(key).cloned().unwrap_or_else(|| text.into());
                    settings.with_secret(key, secret)
                }
                _ => {
                    let value = match (field.kind, parse_flag(text)) {
                        (FieldKind::Flag, Some(flag)) => SettingValue::Flag(flag),
                        _ => SettingValue::Text(text.to_owned()),
                    };
                    settings.with_value(key, value)
                }
            };
        }
        for key in input.values.keys().chain(input.repeated.keys()) {
            if self.get(key).is_none() && !is_shared(key) {
                violations.push(Violation::new(key, "there is no such setting"));
            }
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        if let Some(name) = &input.stored {
            settings.authorization = AuthorizationSource::Stored(name.clone());
        }
        Ok(settings)
    }
}
