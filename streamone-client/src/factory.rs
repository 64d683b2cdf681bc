//! The factory: the form that a host draws, and the providers that it builds from what was entered.

use std::sync::Arc;

use provider_core::{
    ConnectionSettings, Field, FieldKind, Provider, ProviderFactory, Result, Services, SettingsForm,
    async_trait,
};

use crate::client::StreamOneClient;
use crate::config::{ACCOUNT_ID, API_KEY, API_SECRET, DEFAULT_BASE_URL, REFRESH_TOKEN, StreamOneConfig};
use crate::provider::StreamOneProvider;

/// Builds providers of the kind `streamone`.
///
/// Rotated tokens go to the token store of the services where the host gave one, otherwise to files.
#[derive(Debug, Clone)]
pub struct StreamOneFactory {
    form: SettingsForm,
}

impl Default for StreamOneFactory {
    fn default() -> Self {
        Self::new()
    }
}

impl StreamOneFactory {
    /// A factory.
    #[must_use]
    pub fn new() -> Self {
        Self { form: form() }
    }
}

#[async_trait]
impl ProviderFactory for StreamOneFactory {
    fn form(&self) -> &SettingsForm {
        &self.form
    }

    fn build(&self, settings: &ConnectionSettings, services: &Services) -> Result<Arc<dyn Provider>> {
        let config = StreamOneConfig::from_settings(settings)?;
        let client = StreamOneClient::builder().config(config).services(services).build()?;
        Ok(Arc::new(StreamOneProvider::new(client)))
    }
}

fn form() -> SettingsForm {
    SettingsForm::new(crate::KIND, "TD SYNNEX StreamOne ION", DEFAULT_BASE_URL)
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
                .optional(),
        )
        .field(
            Field::new("api_secret", "API secret", FieldKind::Text)
                .help("Belongs to the API key.")
                .found_in("Settings, Account Information, Generate New API Keys.")
                .variable(API_SECRET)
                .secret()
                .optional(),
        )
        .variables("STREAMONE")
}
