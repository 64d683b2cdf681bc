//! Forms: the settings of a provider as data that a host can draw.

use std::borrow::Cow;

use secrecy::ExposeSecret;
use serde::Serialize;

use super::address::address_problem;
use super::authorization::AuthorizationSource;
use super::connection::{ConnectionSettings, SettingValue, parse_flag};
use crate::error::{Error, ErrorKind, Result, Violation};
use crate::iso::{Country, Currency};

type Text = Cow<'static, str>;

/// The type of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// The address of a distributor: `https://`, or `http://` on this machine.
    Url,
    /// Yes or no.
    Flag,
    /// One of the choices.
    Choice,
    /// Production or sandbox.
    Environment,
    /// A country by ISO 3166-1 code or name.
    Country,
    /// A currency by ISO 4217 code or name.
    Currency,
}

/// One choice of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Choice {
    /// A choice.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Field {
    /// The key under which the value is stored.
    pub key: Text,
    /// The label to show.
    pub label: Text,
    /// What the distributor's portal or documentation calls it, where that differs.
    pub vendor_labels: Vec<Text>,
    /// A sentence for the operator: what it is for.
    pub help: Text,
    /// Where the operator finds the value in the portal.
    pub where_to_find: Text,
    /// The environment variable that the examples read it from.
    pub variable: Option<Text>,
    /// Whether a connection works without it.
    pub required: bool,
    /// Never shown again, stored in the authorization.
    pub secret: bool,
    /// Asked for twice, because nobody can see what was typed.
    pub entered_twice: bool,
    /// What it is when nothing was entered.
    pub default: Option<Text>,
    /// The type of its value.
    pub kind: FieldKind,
    /// What can be chosen, each with its name. Of a country or currency these are the known ones, in the order of
    /// their codes; what is typed may be a name too, and another code than these is refused.
    pub choices: Vec<Choice>,
    /// The choices are found with the credentials: [`ProviderFactory::discover`](crate::ProviderFactory::discover).
    pub discovered: bool,
    /// Part of the credentials, which may be stored apart.
    pub authorization: bool,
    /// The key of another field that has to be filled where this one is.
    pub needs: Option<Text>,
    /// It takes a whole number.
    pub whole_number: bool,
}

impl Field {
    /// A required line of text.
    #[must_use]
    pub fn new(key: impl Into<Text>, label: impl Into<Text>, kind: FieldKind) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            vendor_labels: Vec::new(),
            help: Text::default(),
            where_to_find: Text::default(),
            variable: None,
            required: true,
            secret: false,
            entered_twice: false,
            default: None,
            kind,
            choices: Vec::new(),
            discovered: false,
            authorization: false,
            needs: None,
            whole_number: false,
        }
    }

    /// Makes it optional.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Makes it part of the credentials.
    #[must_use]
    pub fn credential(mut self) -> Self {
        self.authorization = true;
        self
    }

    /// Makes it a secret part of the credentials.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.authorization = true;
        self.secret = true;
        self
    }

    /// Asks for it twice.
    #[must_use]
    pub fn entered_twice(mut self) -> Self {
        self.entered_twice = true;
        self
    }

    /// Says what the vendor calls it.
    #[must_use]
    pub fn vendor_label(mut self, label: impl Into<Text>) -> Self {
        self.vendor_labels.push(label.into());
        self
    }

    /// Says what it is for.
    #[must_use]
    pub fn help(mut self, help: impl Into<Text>) -> Self {
        self.help = help.into();
        self
    }

    /// Says where to find it.
    #[must_use]
    pub fn found_in(mut self, place: impl Into<Text>) -> Self {
        self.where_to_find = place.into();
        self
    }

    /// Names its environment variable.
    #[must_use]
    pub fn variable(mut self, name: impl Into<Text>) -> Self {
        self.variable = Some(name.into());
        self
    }

    /// Sets what it is when nothing was entered; it then need not be entered.
    #[must_use]
    pub fn default_value(mut self, value: impl Into<Text>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// Adds a choice.
    #[must_use]
    pub fn choice(mut self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.choices.push(Choice::new(value, label));
        self
    }

    /// Adds choices.
    #[must_use]
    pub fn choices(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.choices.extend(choices);
        self
    }

    /// The choices are found once the credentials are known.
    #[must_use]
    pub fn discovered(mut self) -> Self {
        self.discovered = true;
        self
    }

    /// Where it is filled, the field with this key has to be filled too.
    #[must_use]
    pub fn needs(mut self, key: impl Into<Text>) -> Self {
        self.needs = Some(key.into());
        self
    }

    /// It takes a whole number, such as the id of an organization.
    #[must_use]
    pub fn whole_number(mut self) -> Self {
        self.whole_number = true;
        self
    }

    /// Why this text cannot be taken, if so.
    pub(super) fn problem(&self, text: &str) -> Option<String> {
        if self.whole_number && text.parse::<i64>().is_err() {
            return Some("must be a whole number".to_owned());
        }
        let problem = match self.kind {
            FieldKind::Text => return None,
            FieldKind::Url => address_problem(text)?.to_owned(),
            FieldKind::Flag if parse_flag(text).is_none() => "answer yes or no".to_owned(),
            FieldKind::Environment => {
                text.parse::<crate::info::Environment>().err()?;
                "use `production` or `sandbox`".to_owned()
            }
            FieldKind::Country => match text.parse::<Country>() {
                Ok(country) if country.is_known() => return None,
                _ => format!("`{}` is no country code or name", text.escape_debug()),
            },
            FieldKind::Currency => match text.parse::<Currency>() {
                Ok(currency) if currency.is_known() => return None,
                _ => format!("`{}` is no currency code or name", text.escape_debug()),
            },
            FieldKind::Choice
                if !self.choices.is_empty() && !self.choices.iter().any(|c| c.value == text) =>
            {
                let known: Vec<_> = self.choices.iter().map(|c| c.value.as_str()).collect();
                format!("choose one of: {}", known.join(", "))
            }
            FieldKind::Flag | FieldKind::Choice => return None,
        };
        Some(problem)
    }
}

/// The settings of a provider as data: a host draws it, and checks what was entered with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SettingsForm {
    /// The provider kind.
    pub kind: Text,
    /// The distributor's name.
    pub title: Text,
    /// The fields, in the order to show them.
    pub fields: Vec<Field>,
}

/// The fields that every connection has beside its own; they are members of the settings.
const SHARED: [&str; 5] = ["name", "environment", "endpoint", "country", "currency"];

impl SettingsForm {
    /// A form with the fields that every connection has: name, environment, endpoint, country,
    /// currency.
    #[must_use]
    pub fn new(kind: impl Into<Text>, title: impl Into<Text>, endpoint: impl Into<Text>) -> Self {
        let title = title.into();
        let fields = vec![
            Field::new("name", "Name", FieldKind::Text)
                .help("Labels the connection; unique among your connections."),
            Field::new("environment", "Environment", FieldKind::Environment)
                .help(
                    "In the sandbox everything can be read, and what would be bought is planned, never sent.",
                )
                .default_value("production")
                .choice("production", "Production")
                .choice("sandbox", "Sandbox"),
            Field::new("endpoint", "Endpoint URL", FieldKind::Url)
                .help("The address of the API. Change it only for a test server.")
                .default_value(endpoint),
            Field::new("country", "Country code", FieldKind::Country)
                .help("The country of customers that are created without one.")
                .choices(Country::known().map(|(code, name)| Choice::new(code.as_str(), name)))
                .optional(),
            Field::new("currency", "Currency code", FieldKind::Currency)
                .help("The currency you are billed in: checked against the prices that arrive.")
                .choices(Currency::known().map(|(code, name)| Choice::new(code.as_str(), name)))
                .optional(),
        ];
        Self { kind: kind.into(), title, fields }
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// The field with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Names the environment variables of the shared fields: `PREFIX_ENVIRONMENT` and so on.
    #[must_use]
    pub fn variables(mut self, prefix: &str) -> Self {
        for field in &mut self.fields {
            let name = match field.key.as_ref() {
                "environment" => "ENVIRONMENT",
                "endpoint" => "BASE_URL",
                "country" => "COUNTRY",
                "currency" => "CURRENCY",
                _ => continue,
            };
            field.variable = Some(format!("{prefix}_{name}").into());
        }
        self
    }

    /// Checks settings and names everything that is wrong, at once.
    ///
    /// # Errors
    /// `Config` with a violation for every field that is missing or wrong.
    pub fn validate(&self, settings: &ConnectionSettings) -> Result<()> {
        let mut violations = Vec::new();
        if settings.kind != self.kind {
            violations.push(Violation::new("kind", format!("is `{}`, not `{}`", settings.kind, self.kind)));
        }
        for field in &self.fields {
            let apart = matches!(settings.authorization, AuthorizationSource::Stored(_));
            if field.authorization && apart {
                // Checked when it is resolved.
                continue;
            }
            match entered(field, settings).filter(|text| !text.trim().is_empty()) {
                Some(text) => {
                    if let Some(problem) = field.problem(text.trim()) {
                        violations.push(Violation::new(field.key.as_ref(), problem));
                    }
                }
                None => {
                    let missing = field.required && field.default.is_none()
                        || self.is_needed(field, |key| is_entered(self.get(key), settings));
                    if missing {
                        violations.push(Violation::new(field.key.as_ref(), "is missing"));
                    }
                }
            }
        }
        for key in settings.values.keys() {
            if self.get(key).is_none() {
                violations.push(Violation::new(key, "there is no such setting"));
            }
        }
        if violations.is_empty() { Ok(()) } else { Err(refusal(&self.title, violations)) }
    }
}

impl SettingsForm {
    /// Whether another field that is filled needs this one.
    pub(super) fn is_needed(&self, field: &Field, is_filled: impl Fn(&str) -> bool) -> bool {
        let needing = self.fields.iter().filter(|other| other.needs.as_ref() == Some(&field.key));
        needing.map(|other| other.key.as_ref()).any(is_filled)
    }
}

fn is_entered(field: Option<&Field>, settings: &ConnectionSettings) -> bool {
    field.and_then(|field| entered(field, settings)).is_some_and(|text| !text.trim().is_empty())
}

/// The text of a field in settings. A credential that is stored apart has none here.
pub(super) fn entered(field: &Field, settings: &ConnectionSettings) -> Option<String> {
    match field.key.as_ref() {
        "name" => Some(settings.name.clone()),
        "environment" => Some(settings.environment.to_string()),
        "endpoint" => settings.endpoint.clone(),
        "country" => settings.country.map(|c| c.to_string()),
        "currency" => settings.currency.map(|c| c.to_string()),
        key if field.authorization => match &settings.authorization {
            AuthorizationSource::Inline(authorization) => {
                authorization.values.get(key).map(|value| value.expose_secret().to_owned())
            }
            AuthorizationSource::Stored(_) => None,
        },
        key => settings.values.get(key).map(|value| match value {
            SettingValue::Text(text) => text.clone(),
            SettingValue::Flag(flag) => flag.to_string(),
            SettingValue::Many(many) => many.join(","),
        }),
    }
}

pub(super) fn is_shared(key: &str) -> bool {
    SHARED.contains(&key)
}

/// One error for all problems; secrets never get into it, because problems name fields, not values of
/// secret fields (those are plain text and have no format to violate).
pub(super) fn refusal(title: &str, violations: Vec<Violation>) -> Error {
    let list: Vec<_> = violations.iter().map(|v| format!("{}: {}", v.field, v.message)).collect();
    Error::new(ErrorKind::Config, format!("{title}: {}", list.join("; "))).with_violations(violations)
}
