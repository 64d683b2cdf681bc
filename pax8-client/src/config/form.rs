//! The settings as a form that a host can draw.

use std::sync::LazyLock;

use provider_core::settings::{Field, FieldKind, SettingsForm};
use provider_core::{ConnectionSettings, Result};
use secrecy::ExposeSecret as _;

use super::{CompanyDefaults, DEFAULT_BASE_URL, Pax8Config};

const PORTAL: &str = "Pax8 portal: your name at the top right, Integrations, new integration. It takes the Partner Admin role.";

static FORM: LazyLock<SettingsForm> = LazyLock::new(|| {
    SettingsForm::new(crate::KIND, "Pax8", DEFAULT_BASE_URL)
        .variables("PAX8")
        .field(
            Field::new("client_id", "Client ID", FieldKind::Text)
                .credential()
                .vendor_label("Application ID")
                .help("Names the integration.")
                .found_in(PORTAL)
                .variable("PAX8_CLIENT_ID"),
        )
        .field(
            Field::new("client_secret", "Client secret", FieldKind::Text)
                .secret()
                .vendor_label("Application Secret")
                .help("Proves the integration. It can place real orders: keep it to yourself.")
                .found_in(PORTAL)
                .variable("PAX8_CLIENT_SECRET"),
        )
        .field(
            flag("self_service_allowed", "Self service allowed", "PAX8_SELF_SERVICE_ALLOWED")
                .help("Companies that are created may order for themselves. Always no in the sandbox."),
        )
        .field(
            flag("bill_on_behalf_of_enabled", "Bill on behalf of enabled", "PAX8_BILL_ON_BEHALF_OF_ENABLED")
                .help("Pax8 bills companies that are created on your behalf. Always no in the sandbox."),
        )
        .field(
            flag("order_approval_required", "Order approval required", "PAX8_ORDER_APPROVAL_REQUIRED")
                .help("Orders of companies that are created wait for an approval. Always no in the sandbox."),
        )
});

fn flag(key: &'static str, label: &'static str, variable: &'static str) -> Field {
    Field::new(key, label, FieldKind::Flag).default_value("no").optional().variable(variable)
}

/// The form.
pub(crate) fn form() -> &'static SettingsForm {
    &FORM
}

pub(super) fn read(settings: &ConnectionSettings) -> Result<Pax8Config> {
    form().validate(settings)?;
    let client_id = settings.secret("client_id")?.expose_secret().trim().to_owned();
    let mut config = Pax8Config::new(client_id, settings.secret("client_secret")?);
    config.name.clone_from(&settings.name);
    config.environment = settings.environment;
    config.country = settings.country;
    config.currency = settings.currency;
    if let Some(endpoint) = settings.endpoint.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        config.base_url = endpoint.to_owned();
    }
    config.company_defaults = CompanyDefaults {
        self_service_allowed: settings.flag("self_service_allowed")?.unwrap_or(false),
        bill_on_behalf_of_enabled: settings.flag("bill_on_behalf_of_enabled")?.unwrap_or(false),
        order_approval_required: settings.flag("order_approval_required")?.unwrap_or(false),
    };
    Ok(config)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::ErrorKind;
    use provider_core::settings::FormInput;

    use super::*;

    #[test]
    fn what_was_typed_becomes_a_config() {
        let input = FormInput::default()
            .with("name", "Example MSP".to_owned())
            .with("client_id", "id".to_owned())
            .with("client_secret", "secret".to_owned())
            .with("order_approval_required", "yes".to_owned())
            .with("currency", "EUR".to_owned());
        let settings = form().read(&input).unwrap();
        let config = Pax8Config::from_settings(&settings).unwrap();
        assert_eq!((config.name.as_str(), config.client_id.as_str()), ("Example MSP", "id"));
        assert_eq!(config.base_url, DEFAULT_BASE_URL);
        assert!(config.company_defaults.order_approval_required);
        assert!(!config.company_defaults.self_service_allowed);
    }

    fn from(vars: &[(&str, &str)]) -> Result<Option<Pax8Config>> {
        Pax8Config::from_vars(|name| {
            vars.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn fields(error: &provider_core::Error) -> Vec<&str> {
        error.violations().iter().map(|violation| violation.field.as_str()).collect()
    }

    #[test]
    fn no_variable_is_no_connection_and_half_of_them_name_the_rest() {
        assert!(from(&[]).unwrap().is_none());
        assert!(from(&[("CRAYON_CLIENT_ID", "x")]).unwrap().is_none());
        let error = from(&[("PAX8_BASE_URL", "https://api.example.com")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(fields(&error), ["PAX8_CLIENT_ID", "PAX8_CLIENT_SECRET"]);
        let error = from(&[("PAX8_CLIENT_SECRET", "planted-secret")]).unwrap_err();
        assert!(error.to_string().contains("PAX8_CLIENT_ID") && !error.to_string().contains("planted"));
    }

    #[test]
    fn all_variables_are_read_and_all_that_are_wrong_are_named_at_once() {
        let config = from(&[
            ("PAX8_CLIENT_ID", " id "),
            ("PAX8_CLIENT_SECRET", "secret"),
            ("PAX8_ENVIRONMENT", "sandbox"),
            ("PAX8_COUNTRY", "US"),
            ("PAX8_CURRENCY", "usd"),
            ("PAX8_SELF_SERVICE_ALLOWED", "yes"),
        ]);
        let config = config.unwrap().unwrap();
        assert_eq!((config.client_id.as_str(), config.currency.unwrap().as_str()), ("id", "USD"));
        assert!(config.company_defaults.self_service_allowed);
        assert!(!config.effective_defaults().self_service_allowed, "all off in the sandbox");
        let error = from(&[
            ("PAX8_CLIENT_ID", "a"),
            ("PAX8_ENVIRONMENT", "x"),
            ("PAX8_BASE_URL", "ftp://api.example.com"),
            ("PAX8_CURRENCY", ""),
            ("PAX8_ORDER_APPROVAL_REQUIRED", "maybe"),
        ]);
        assert_eq!(
            fields(&error.unwrap_err()),
            [
                "PAX8_CURRENCY",
                "PAX8_ENVIRONMENT",
                "PAX8_BASE_URL",
                "PAX8_CLIENT_SECRET",
                "PAX8_ORDER_APPROVAL_REQUIRED"
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_sandbox_that_is_no_text_is_refused_and_never_buys() {
        use std::ffi::OsString;
        use std::os::unix::ffi::OsStringExt as _;
        let error = Pax8Config::from_vars(|name| match name {
            "PAX8_CLIENT_ID" | "PAX8_CLIENT_SECRET" => Some(OsString::from("x")),
            "PAX8_ENVIRONMENT" => Some(OsString::from_vec(b"sandbox\xa0".to_vec())),
            _ => None,
        });
        assert_eq!(fields(&error.unwrap_err()), ["PAX8_ENVIRONMENT"]);
    }

    #[test]
    fn every_missing_setting_is_named() {
        let settings = ConnectionSettings::new("pax8", "x").with_endpoint("http://api.example.com");
        let error = Pax8Config::from_settings(&settings).unwrap_err();
        let fields: Vec<_> = error.violations().iter().map(|v| v.field.as_str()).collect();
        assert_eq!(
            (error.kind(), fields),
            (ErrorKind::Config, vec!["endpoint", "client_id", "client_secret"])
        );
    }

    #[test]
    fn every_field_has_a_variable_and_a_place() {
        for field in form().fields.iter().filter(|field| field.key != "name") {
            assert!(field.variable.as_deref().is_some_and(|name| name.starts_with("PAX8_")), "{}", field.key);
            assert!(!field.help.is_empty(), "{}", field.key);
            assert!(!field.authorization || !field.where_to_find.is_empty(), "{}", field.key);
        }
    }
}
