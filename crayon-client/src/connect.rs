//! Connecting: from settings to a provider with its layers, or to a client.

use std::sync::Arc;

use provider_core::layer::layered;
use provider_core::{Provider, Result, Services};

use crate::client::CrayonClient;
use crate::config::CrayonConfig;
use crate::provider::CrayonProvider;

impl CrayonConfig {
    /// The provider with the layers that a [`Registry`](provider_core::Registry) puts around it: journaled
    /// when the services have a journal, read-only in the sandbox.
    ///
    /// # Errors
    /// `Config` naming the setting that cannot be used.
    pub fn connect(self, services: &Services) -> Result<Arc<dyn Provider>> {
        let environment = self.environment;
        let provider = Arc::new(CrayonProvider::with_services(self, services)?);
        Ok(layered(provider, environment, services))
    }

    /// A client of this connection.
    ///
    /// # Errors
    /// `Config` naming the setting that cannot be used.
    pub fn client(self) -> Result<CrayonClient> {
        CrayonClient::new(self)
    }
}
