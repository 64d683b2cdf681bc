//! The factory: the form that a host draws, and the providers that it builds from what was entered.

use std::sync::Arc;

use provider_core::{
    ConnectionSettings, Provider, ProviderFactory, Result, Services, SettingsForm, async_trait,
};

use crate::client::StreamOneClient;
use crate::config::{StreamOneConfig, form};
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
