//! Connections from stored settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use provider_core::{
    Choice, ConnectionSettings, EntityKind, Operation, Provider, ProviderFactory, Result, Services,
    SettingsForm,
};

use crate::client::CrayonClient;
use crate::config::{CrayonConfig, form};
use crate::provider::{CrayonProvider, organizations};

/// Makes [`CrayonProvider`]s from settings. Register it under the kind `crayon`.
#[derive(Debug)]
pub struct CrayonFactory {
    form: SettingsForm,
}

impl CrayonFactory {
    /// The factory with its form.
    #[must_use]
    pub fn new() -> Self {
        Self { form: form() }
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
        let config = CrayonConfig::from_settings(settings)?;
        let client = CrayonClient::builder(config).services(services).build()?;
        let found = organizations(&client.during(Operation::List(EntityKind::Customer))).await?;
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
        Ok(Arc::new(CrayonProvider::with_services(CrayonConfig::from_settings(settings)?, services)?))
    }
}
