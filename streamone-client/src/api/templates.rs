//! Provisioning templates (v3).

use provider_core::Result;
use provider_http::RequestSpec;
use serde::Deserialize;

use super::handle;
use crate::model::{ProvisioningTemplate, TemplateAction, TemplateVendor};

handle! {
    /// Provisioning templates: which attributes a vendor wants in an order.
    Templates
}

/// One template, or several, under two names.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Found {
    provisioning_reference: Option<ProvisioningTemplate>,
    provisioning_references: Option<Refs>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refs {
    #[serde(deserialize_with = "provider_core::wire::lenient::list")]
    refs: Vec<ProvisioningTemplate>,
}

impl Templates<'_> {
    /// The templates of a vendor: `GET /accounts/{a}/provisionTemplates`.
    ///
    /// # Errors
    /// Whatever the call ends in.
    pub async fn list(
        &self,
        vendor: &TemplateVendor,
        provider: Option<&str>,
        action: Option<&TemplateAction>,
    ) -> Result<Vec<ProvisioningTemplate>> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/provisionTemplates")
            .query("vendor", vendor)
            .query_opt("provider", provider)
            .query_opt("action", action);
        let found: Found = self.client.json(spec, &self.call).await?;
        let several = found.provisioning_references.unwrap_or_default().refs;
        Ok(found.provisioning_reference.into_iter().chain(several).collect())
    }

    /// One template: `GET /accounts/{a}/provisionTemplates/{t}`.
    ///
    /// # Errors
    /// `NotFound`; whatever the call ends in.
    pub async fn get(&self, template: &str) -> Result<ProvisioningTemplate> {
        let spec = RequestSpec::get("/api/v3/accounts/{accountId}/provisionTemplates/{templateId}")
            .path("templateId", template);
        self.client.json(spec, &self.call).await
    }
}
