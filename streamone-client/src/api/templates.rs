//! Provisioning templates (v3).

use provider_core::{Result, records};
use provider_http::{CallOptions, RequestSpec};

use crate::client::StreamOneClient;
use crate::model::{ProvisioningTemplate, TemplateAction, TemplateVendor};

provider_http::written!(TemplateVendor, &TemplateAction);

provider_http::endpoints! {
    client: StreamOneClient;

    /// Provisioning templates: which attributes a vendor wants in an order.
    Templates as templates {
        /// The templates of a vendor.
        get "/api/v3/accounts/{accountId}/provisionTemplates" => list()
            with(vendor: &TemplateVendor = "vendor", provider: Option<&str> = "provider",
                action: Option<&TemplateAction> = "action")
            -> templates_found Vec<ProvisioningTemplate>;

        /// One template.
        get "/api/v3/accounts/{accountId}/provisionTemplates/{templateId}" => get(template: &str = "templateId")
            -> fetch ProvisioningTemplate;
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// One template, or several, under two names.
    struct Found {
        provisioning_reference: Option<ProvisioningTemplate>,
        provisioning_references: Option<Refs>,
    }

    struct Refs {
        refs: Vec<ProvisioningTemplate>,
    }
}

impl StreamOneClient {
    async fn templates_found(
        &self,
        spec: RequestSpec,
        call: &CallOptions,
    ) -> Result<Vec<ProvisioningTemplate>> {
        let found: Found = self.fetch(spec, call).await?;
        let several = found.provisioning_references.map(|several| several.refs).unwrap_or_default();
        Ok(found.provisioning_reference.into_iter().chain(several).collect())
    }
}
