//! The embedded simulator as one account, wherever it listens.

use std::sync::Arc;

use provider_core::{Capabilities, Provider, ProviderInfo};

/// Every run starts a simulator of its own, on another port, with the same records. To a plan's memory that would be
/// another account each time.
#[derive(Debug)]
pub(crate) struct Simulated {
    inner: Arc<dyn Provider>,
    info: ProviderInfo,
}

impl Simulated {
    pub(crate) fn new(inner: Arc<dyn Provider>) -> Self {
        let info = inner.info().clone().with_endpoint("simulator");
        Self { inner, info }
    }
}

impl Provider for Simulated {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn inner(&self) -> Option<&dyn Provider> {
        Some(&*self.inner)
    }
}
