//! Connections from stored settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use provider_core::settings::{Choice, SettingsForm};
use provider_core::{
    ConnectionSettings, EntityKind, Operation, Provider, ProviderFactory, ReadOptions, Result, Services,
};
use provider_http::{HttpOptions, OperationContext};

use crate::client::CrayonClient;
use crate::config::{CrayonConfig, form};
use crate::provider::{CrayonProvider, organizations};

/// Makes [`CrayonProvider`]s from settings. Register it under the kind `crayon`.
#[derive(Debug)]
pub struct CrayonFactory {
    form: SettingsForm,
    http: HttpOptions,
}

impl CrayonFactory {
    /// The factory with its form.
    #[must_use]
    pub fn new() -> Self {
        Self { form: form(), http: HttpOptions::default() }
    }

    /// Sets timeouts, size limits, proxy and, where a host has one, the transport of every
    /// connection.
    #[must_use]
    pub fn with_http(mut self, options: HttpOptions) -> Self {
        self.http = options;
        self
    }

    fn config(&self, settings: &ConnectionSettings) -> Result<CrayonConfig> {
        Ok(CrayonConfig::from_settings(settings)?.with_http(self.http.clone()))
    }
}

impl Default for CrayonFactory {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl ProviderFactory for CrayonFactory {
    fn form(&self) -> &SettingsForm {
        &self.form
    }

    async fn discover(
        &self,
        settings: &ConnectionSettings,
        services: &Services,
    ) -> Result<BTreeMap<String, Vec<Choice>>> {
        let client = CrayonClient::builder(self.config(settings)?).services(services).build()?;
        let most = client.http().options().operation_timeout;
        let operation = Operation::List(EntityKind::Customer);
        let operation = OperationContext::read(operation, &ReadOptions::default(), most);
        let found = organizations(&client.within(operation)).await?;
        let choices = found
            .into_iter()
            .map(|organization| {
                let label = organization.name.unwrap_or_else(|| organization.id.to_string());
                Choice::new(organization.id.to_string(), label)
            })
            .collect();
        Ok(BTreeMap::from([("organization_id".to_owned(), choices)]))
    }

    fn build(&self, settings: &ConnectionSettings, services: &Services) -> Result<Arc<dyn Provider>> {
        Ok(Arc::new(CrayonProvider::with_services(self.config(settings)?, services)?))
    }
}
