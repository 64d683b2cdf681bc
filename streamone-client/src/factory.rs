//! The factory: the form that a host draws, and the providers that it builds from what was entered.

use std::sync::Arc;

use provider_core::settings::SettingsForm;
use provider_core::{ConnectionSettings, Provider, ProviderFactory, Result, Services, async_trait};
use provider_http::HttpOptions;

use crate::config::{StreamOneConfig, form};
use crate::provider::StreamOneProvider;

/// Builds providers of the kind `streamone`.
///
/// Rotated tokens go to the token store of the services where the host gave one, otherwise to files.
#[derive(Debug, Clone)]
pub struct StreamOneFactory {
    form: SettingsForm,
    http: HttpOptions,
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
        Self { form: form(), http: HttpOptions::default() }
    }

    /// Sets timeouts, size limits, proxy and retries, for every provider that is built.
    #[must_use]
    pub fn with_http(mut self, options: HttpOptions) -> Self {
        self.http = options;
        self
    }
}

#[async_trait]
impl ProviderFactory for StreamOneFactory {
    fn form(&self) -> &SettingsForm {
        &self.form
    }

    fn build(&self, settings: &ConnectionSettings, services: &Services) -> Result<Arc<dyn Provider>> {
        let config = StreamOneConfig::from_settings(settings)?.with_http(self.http.clone());
        Ok(Arc::new(StreamOneProvider::with_services(config, services)?))
    }
}
