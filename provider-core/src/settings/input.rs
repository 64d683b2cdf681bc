//! What a person typed into a form.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::authorization::AuthorizationSource;
use super::connection::{ConnectionSettings, SettingValue, parse_flag};
use super::form::{FieldKind, SettingsForm, entered, is_shared, refusal};
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

    /// What was typed into a field, or filled in for it.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&SecretString> {
        self.values.get(key)
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

    /// What to show in the form when saved settings are edited: every value but the secrets, which are never
    /// shown again.
    ///
    /// ```
    /// use provider_core::settings::{ConnectionSettings, Field, FieldKind, SettingsForm};
    /// use secrecy::ExposeSecret as _;
    ///
    /// let form = SettingsForm::new("acme", "Acme", "https://api.acme.example.com")
    ///     .field(Field::new("client_id", "Client id", FieldKind::Text).credential())
    ///     .field(Field::new("client_secret", "Client secret", FieldKind::Text).secret().entered_twice());
    /// let saved = ConnectionSettings::new("acme", "Main")
    ///     .with_secret("client_id", "app-1")
    ///     .with_secret("client_secret", "hunter2");
    ///
    /// let shown = form.fill(&saved);
    /// assert_eq!(shown.value("client_id").unwrap().expose_secret(), "app-1");
    /// assert!(shown.value("client_secret").is_none());
    /// // The name is changed and the secret left as it is.
    /// let edited = form.read_over(&shown.with("name", "Second"), &saved)?;
    /// assert_eq!(edited.name, "Second");
    /// assert_eq!(edited.authorization, saved.authorization);
    /// # Ok::<(), provider_core::Error>(())
    /// ```
    #[must_use]
    pub fn fill(&self, settings: &ConnectionSettings) -> FormInput {
        let mut input = FormInput::default();
        for field in self.fields.iter().filter(|field| !field.secret) {
            if let Some(text) = entered(field, settings) {
                let text: SecretString = text.into();
                input.repeated.insert(field.key.to_string(), text.clone());
                input.values.insert(field.key.to_string(), text);
            }
        }
        if let AuthorizationSource::Stored(name) = &settings.authorization {
            input.stored = Some(name.clone());
        }
        input
    }

    /// As [`read`](Self::read), where a secret that was left empty stays what it was before.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_over(&self, input: &FormInput, before: &ConnectionSettings) -> Result<ConnectionSettings> {
        let mut input = input.clone();
        if let AuthorizationSource::Inline(known) = &before.authorization {
            for field in self.fields.iter().filter(|field| field.secret) {
                let key = field.key.as_ref();
                if let (None, Some(secret)) = (input.text(key), known.values.get(key)) {
                    input.values.insert(key.to_owned(), secret.clone());
                    input.repeated.insert(key.to_owned(), secret.clone());
                }
            }
        }
        self.read(&input)
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
