//! Connecting: from settings to a provider with its layers.

use std::sync::Arc;

use provider_core::layer::layered;
use provider_core::{Provider, Result, Services};

use crate::config::StreamOneConfig;
use crate::provider::StreamOneProvider;

impl StreamOneConfig {
    /// Connects as a [`Registry`](provider_core::Registry) would: journaled where the services have a
    /// journal, read-only in the sandbox.
    ///
    /// # Errors
    /// `Config` naming every setting that is missing or wrong.
    pub fn connect(self, services: &Services) -> Result<Arc<dyn Provider>> {
        let environment = self.environment;
        let provider = Arc::new(StreamOneProvider::with_services(self, services)?);
        Ok(layered(provider, environment, services))
    }
}
