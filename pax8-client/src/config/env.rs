//! Reading the environment.

use provider_core::{Error, ErrorKind, Result, Violation};
use secrecy::SecretString;

use super::Pax8Config;

const CLIENT_ID: &str = "PAX8_CLIENT_ID";
const CLIENT_SECRET: &str = "PAX8_CLIENT_SECRET";
const OPTIONAL: [&str; 7] = [
    "PAX8_BASE_URL",
    "PAX8_ENVIRONMENT",
    "PAX8_COUNTRY",
    "PAX8_CURRENCY",
    "PAX8_SELF_SERVICE_ALLOWED",
    "PAX8_BILL_ON_BEHALF_OF_ENABLED",
    "PAX8_ORDER_APPROVAL_REQUIRED",
];

pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Pax8Config>> {
    let set = |name: &str| variable(name).filter(|text| !text.trim().is_empty());
    if [CLIENT_ID, CLIENT_SECRET].iter().chain(&OPTIONAL).all(|name| set(name).is_none()) {
        return Ok(None);
    }
    let mut violations = Vec::new();
    let mut wrong = |name: &str, problem: &str| violations.push(Violation::new(name, problem));
    let mut required = |name: &str| {
        let value = set(name);
        if value.is_none() {
            wrong(name, "is not set");
        }
        value.unwrap_or_default()
    };
    let client_id = required(CLIENT_ID).trim().to_owned();
    let client_secret = SecretString::from(required(CLIENT_SECRET));
    let mut config = Pax8Config::new(client_id, client_secret);
    if let Some(base_url) = set("PAX8_BASE_URL") {
        config.base_url = base_url.trim().to_owned();
    }
    if let Some(text) = set("PAX8_ENVIRONMENT") {
        match text.parse() {
            Ok(environment) => config.environment = environment,
            Err(_) => wrong("PAX8_ENVIRONMENT", "use `production` or `sandbox`"),
        }
    }
    if let Some(text) = set("PAX8_COUNTRY") {
        match text.parse() {
            Ok(country) => config.country = Some(country),
            Err(_) => wrong("PAX8_COUNTRY", "use a country code such as US"),
        }
    }
    if let Some(text) = set("PAX8_CURRENCY") {
        match text.parse() {
            Ok(currency) => config.currency = Some(currency),
            Err(_) => wrong("PAX8_CURRENCY", "use a currency code such as USD"),
        }
    }
    let defaults = &mut config.company_defaults;
    for (name, flag) in [
        ("PAX8_SELF_SERVICE_ALLOWED", &mut defaults.self_service_allowed),
        ("PAX8_BILL_ON_BEHALF_OF_ENABLED", &mut defaults.bill_on_behalf_of_enabled),
        ("PAX8_ORDER_APPROVAL_REQUIRED", &mut defaults.order_approval_required),
    ] {
        match set(name).as_deref().map(yes_or_no) {
            None => {}
            Some(Some(answer)) => *flag = answer,
            Some(None) => wrong(name, "answer yes or no"),
        }
    }
    if violations.is_empty() {
        return Ok(Some(config));
    }
    let list: Vec<_> = violations.iter().map(|v| format!("{} {}", v.field, v.message)).collect();
    let message = format!("the environment configures Pax8 only in part: {}", list.join(", "));
    Err(Error::new(ErrorKind::Config, message).with_provider(crate::KIND).with_violations(violations))
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" | "on" => Some(true),
        "false" | "no" | "0" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn from(vars: &[(&str, &str)]) -> Result<Option<Pax8Config>> {
        read(|name| vars.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_set_is_no_connection_and_half_set_names_the_rest() {
        assert!(from(&[]).unwrap().is_none());
        assert!(from(&[("PAX8_CLIENT_ID", " "), ("CRAYON_CLIENT_ID", "x")]).unwrap().is_none());
        let error = from(&[("PAX8_BASE_URL", "https://api.example.com")]).unwrap_err();
        let fields: Vec<_> = error.violations().iter().map(|v| v.field.as_str()).collect();
        assert_eq!((error.kind(), fields), (ErrorKind::Config, vec![CLIENT_ID, CLIENT_SECRET]));
        let error = from(&[("PAX8_CLIENT_SECRET", "planted-secret")]).unwrap_err();
        assert!(error.to_string().contains(CLIENT_ID) && !error.to_string().contains("planted"), "{error}");
    }

    #[test]
    fn everything_set_is_read_and_nonsense_is_named_at_once() {
        let config = from(&[
            (CLIENT_ID, " id "),
            (CLIENT_SECRET, "secret"),
            ("PAX8_ENVIRONMENT", "sandbox"),
            ("PAX8_COUNTRY", "US"),
            ("PAX8_CURRENCY", "usd"),
            ("PAX8_SELF_SERVICE_ALLOWED", "yes"),
        ])
        .unwrap()
        .unwrap();
        assert_eq!((config.client_id.as_str(), config.currency.unwrap().as_str()), ("id", "USD"));
        assert!(config.company_defaults.self_service_allowed);
        assert!(!config.effective_defaults().self_service_allowed, "all off in the sandbox");
        let error =
            from(&[(CLIENT_ID, "a"), ("PAX8_ENVIRONMENT", "x"), ("PAX8_ORDER_APPROVAL_REQUIRED", "maybe")]);
        let error = error.unwrap_err();
        let fields: Vec<_> = error.violations().iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields, [CLIENT_SECRET, "PAX8_ENVIRONMENT", "PAX8_ORDER_APPROVAL_REQUIRED"]);
    }
}
