//! Connecting: from settings to a provider with its layers.

use std::sync::Arc;

use provider_core::layer::layered;
use provider_core::{Provider, Result, Services};

use crate::config::Pax8Config;
use crate::provider::Pax8Provider;

impl Pax8Config {
    /// The provider with its layers, as a registry builds it: journaled where the services have a journal,
    /// read-only in the sandbox. No I/O.
    ///
    /// # Errors
    /// `Config` naming the setting that is wrong.
    pub fn connect(self, services: &Services) -> Result<Arc<dyn Provider>> {
        let environment = self.environment;
        let provider = Arc::new(Pax8Provider::with_services(self, services)?);
        Ok(layered(provider, environment, services))
    }
}
