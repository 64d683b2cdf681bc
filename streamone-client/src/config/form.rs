//! The settings of a connection as a form.

use provider_core::settings::{Field, FieldKind, SettingsForm};

use super::{ACCOUNT_ID, API_KEY, API_SECRET, DEFAULT_BASE_URL, REFRESH_TOKEN};

/// The settings of a connection to ION, as a form that a host can draw.
pub(crate) fn form() -> SettingsForm {
    SettingsForm::new(crate::KIND, "TD SYNNEX StreamOne ION", DEFAULT_BASE_URL)
        .variables("STREAMONE")
        .field(
            Field::new("account_id", "Account ID", FieldKind::Text)
                .help("The number of your reseller account. It stands in every address of the API.")
                .found_in("Settings, Account Information.")
                .variable(ACCOUNT_ID)
                .credential(),
        )
        .field(
            Field::new("refresh_token", "Refresh token", FieldKind::Text)
                .vendor_label("OAuth credentials")
                .help(
                    "Starts the connection and works once; every later token is kept by the connection itself. \
                     It lives 32 days. Use an integration user of its own (role Sales), separate from people's \
                     accounts; its address may be a shared mailbox. Give no other program the same user.",
                )
                .found_in("Settings, Users, edit the integration user, OAuth credentials, Request New Credentials.")
                .variable(REFRESH_TOKEN)
                .secret(),
        )
        .field(
            Field::new("api_key", "API key", FieldKind::Text)
                .help("For invoices and billing reports, which only the older interface has. Needs the API secret.")
                .found_in("Settings, Account Information, Generate New API Keys.")
                .variable(API_KEY)
                .secret()
                .optional()
                .needs("api_secret"),
        )
        .field(
            Field::new("api_secret", "API secret", FieldKind::Text)
                .help("Belongs to the API key.")
                .found_in("Settings, Account Information, Generate New API Keys.")
                .variable(API_SECRET)
                .secret()
                .optional()
                .needs("api_key"),
        )
}
