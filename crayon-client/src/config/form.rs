//! The settings of a connection as a form, and the configuration from what was entered.

use provider_core::settings::{Field, FieldKind, SettingsForm};
use provider_core::{ConnectionSettings, Error, Result};
use secrecy::ExposeSecret;

use super::{CrayonConfig, DEFAULT_BASE_URL, KIND, variable};

const CLIENT_ID: &str = "client_id";
const CLIENT_SECRET: &str = "client_secret";
const USERNAME: &str = "username";
const PASSWORD: &str = "password";
pub(crate) const ORGANIZATION_ID: &str = "organization_id";

/// The settings of a connection to Cloud-iQ, as a form that a host can draw.
#[must_use]
pub fn form() -> SettingsForm {
    SettingsForm::new(KIND, "Crayon Cloud-iQ", DEFAULT_BASE_URL)
        .variables("CRAYON")
        .field(
            Field::new(CLIENT_ID, "Client ID", FieldKind::Text)
                .credential()
                .vendor_label("Application ID")
                .help("The id of an API client with the flow \"Resource Owner\".")
                .found_in("Cloud-iQ portal, Manage, API Management")
                .variable(variable::CLIENT_ID),
        )
        .field(
            Field::new(CLIENT_SECRET, "Client secret", FieldKind::Text)
                .secret()
                .vendor_label("Application Secret")
                .help("The secret of the API client. It is shown once, when it is made.")
                .found_in("Cloud-iQ portal, Manage, API Management, the client, Secrets")
                .variable(variable::CLIENT_SECRET),
        )
        .field(
            Field::new(USERNAME, "User name", FieldKind::Text)
                .credential()
                .vendor_label("Username")
                .help(
                    "A user made for this connection, not a person's: it goes on working when somebody leaves. \
                     It needs rights on customers, products and orders of the organization.",
                )
                .found_in("Cloud-iQ portal, Manage, Users")
                .variable(variable::USERNAME),
        )
        .field(
            Field::new(PASSWORD, "Password", FieldKind::Text)
                .secret()
                .entered_twice()
                .help("The password of that user.")
                .found_in("Set when the user is made, under Manage, Users")
                .variable(variable::PASSWORD),
        )
        .field(
            Field::new(ORGANIZATION_ID, "Organization", FieldKind::Choice)
                .optional()
                .whole_number()
                .discovered()
                .vendor_label("Customer account")
                .help("The organization to work in. Without a choice, all organizations that the user may see.")
                .found_in("Found with the credentials")
                .variable(variable::ORGANIZATION_ID),
        )
}

pub(super) fn read(settings: &ConnectionSettings) -> Result<CrayonConfig> {
    form().validate(settings)?;
    let plain = |key: &str| Ok::<_, Error>(settings.secret(key)?.expose_secret().trim().to_owned());
    let mut config = CrayonConfig::new(
        plain(CLIENT_ID)?,
        settings.secret(CLIENT_SECRET)?,
        plain(USERNAME)?,
        settings.secret(PASSWORD)?,
    )
    .with_name(settings.name.clone())
    .with_environment(settings.environment);
    if let Some(endpoint) = settings.endpoint.as_deref().filter(|endpoint| !endpoint.trim().is_empty()) {
        config = config.with_base_url(endpoint.trim());
    }
    config.organization_id = settings
        .text(ORGANIZATION_ID)
        .map(|text| {
            text.parse().map_err(|_| Error::config(ORGANIZATION_ID, "must be the organization's number"))
        })
        .transpose()?;
    config.country = settings.country;
    config.currency = settings.currency;
    config.check()?;
    Ok(config)
}
