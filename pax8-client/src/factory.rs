//! Connections from settings, for a [`Registry`](provider_core::Registry).

use std::sync::Arc;

use provider_core::{
    ConnectionSettings, Provider, ProviderFactory, Result, Services, SettingsForm, async_trait,
};

use crate::config::{Pax8Config, form};
use crate::provider::Pax8Provider;

/// Makes Pax8 connections from settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pax8Factory;

impl Pax8Factory {
    /// The factory.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

#[async_trait]
impl ProviderFactory for Pax8Factory {
    fn form(&self) -> &SettingsForm {
        form()
    }

    fn build(&self, settings: &ConnectionSettings, services: &Services) -> Result<Arc<dyn Provider>> {
        let config = Pax8Config::from_settings(settings)?;
        Ok(Arc::new(Pax8Provider::with_services(config, services)?))
    }
}
