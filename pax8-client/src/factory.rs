//! Connections from settings, for a [`Registry`](provider_core::Registry).

use std::sync::Arc;

use provider_core::settings::SettingsForm;
use provider_core::{ConnectionSettings, Provider, ProviderFactory, Result, Services, async_trait};
use provider_http::HttpOptions;

use crate::config::{Pax8Config, form};
use crate::provider::Pax8Provider;

/// Makes Pax8 connections from settings.
#[derive(Debug, Clone, Default)]
pub struct Pax8Factory {
    http: Option<HttpOptions>,
}

impl Pax8Factory {
    /// The factory.
    #[must_use]
    pub const fn new() -> Self {
        Self { http: None }
    }

    /// Sets timeouts, size limits, proxy and retries of every connection that it makes, as
    /// [`Pax8Config::with_http`] does.
    #[must_use]
    pub fn with_http(mut self, options: HttpOptions) -> Self {
        self.http = Some(options);
        self
    }
}

#[async_trait]
impl ProviderFactory for Pax8Factory {
    fn form(&self) -> &SettingsForm {
        form()
    }

    fn build(&self, settings: &ConnectionSettings, services: &Services) -> Result<Arc<dyn Provider>> {
        let mut config = Pax8Config::from_settings(settings)?;
        if let Some(options) = &self.http {
            config = config.with_http(options.clone());
        }
        Ok(Arc::new(Pax8Provider::with_services(config, services)?))
    }
}
