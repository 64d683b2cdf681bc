//! Cloud providers and a customer's profiles with them.

use serde_json::{Value, json};

use super::wire::maybe;

/// A cloud provider of the platform.
#[derive(Debug)]
pub(super) struct CloudProvider {
    pub(super) id: u64,
    /// `providerName` in orders.
    pub(super) code: &'static str,
    /// `vendor` of the provisioning templates.
    pub(super) vendor: &'static str,
    pub(super) display_name: &'static str,
    pub(super) short_name: &'static str,
    /// `resourceType` of its subscriptions.
    pub(super) resource_type: &'static str,
    /// Whether subscriptions of this provider carry activity logs.
    pub(super) keeps_logs: bool,
}

/// Microsoft CSP; one of the two provider ids that the reference knows.
pub(super) const MICROSOFT: u64 = 30;
/// Amazon Web Services; the other known id.
pub(super) const AWS: u64 = 1;
pub(super) const GOOGLE: u64 = 12;
pub(super) const GCP: u64 = 14;
pub(super) const SOPHOS: u64 = 41;

/// Every provider of the simulated platform.
pub(super) const PROVIDERS: [CloudProvider; 5] = [
    CloudProvider {
        id: MICROSOFT,
        code: "AZURE",
        vendor: "MICROSOFT",
        display_name: "Microsoft CSP",
        short_name: "azure",
        resource_type: "AZURE::Subscription",
        keeps_logs: true,
    },
    CloudProvider {
        id: AWS,
        code: "AWS",
        vendor: "NOT_SPECIFIED",
        display_name: "Amazon Web Services",
        short_name: "aws",
        resource_type: "AWS::Resource",
        keeps_logs: true,
    },
    CloudProvider {
        id: GOOGLE,
        code: "GSUITE",
        vendor: "GOOGLE",
        display_name: "Google Workspace",
        short_name: "gsuite",
        resource_type: "GSUITE::Subscription",
        keeps_logs: false,
    },
    CloudProvider {
        id: GCP,
        code: "GCP",
        vendor: "GOOGLE",
        display_name: "Google Cloud",
        short_name: "gcp",
        resource_type: "GCP::Resource",
        keeps_logs: true,
    },
    CloudProvider {
        id: SOPHOS,
        code: "SOPHOS",
        vendor: "SOPHOS",
        display_name: "Sophos",
        short_name: "sophos",
        resource_type: "SOPHOS::Tenant",
        keeps_logs: true,
    },
];

/// The provider with this id.
pub(super) fn provider(id: u64) -> Option<&'static CloudProvider> {
    PROVIDERS.iter().find(|provider| provider.id == id)
}

/// The provider with this code or short name, in any case.
pub(super) fn provider_named(name: &str) -> Option<&'static CloudProvider> {
    PROVIDERS.iter().find(|provider| {
        provider.code.eq_ignore_ascii_case(name) || provider.short_name.eq_ignore_ascii_case(name)
    })
}

/// What a customer is at one provider.
#[derive(Clone, Debug)]
pub(super) struct CloudProfile {
    pub(super) provider: u64,
    pub(super) enabled: bool,
    pub(super) tenant_id: Option<String>,
    pub(super) domain: Option<String>,
    /// Whether the Microsoft customer agreement is on file.
    pub(super) agreement: bool,
}

impl CloudProfile {
    pub(super) fn new(provider: u64) -> Self {
        Self { provider, enabled: true, tenant_id: None, domain: None, agreement: false }
    }

    /// The wire form; which members there are depends on the provider.
    pub(super) fn json(&self) -> Value {
        let known = provider(self.provider);
        let mut value = json!({
            "providerId": self.provider.to_string(),
            "displayName": maybe(known.map(|provider| provider.display_name)),
            "shortName": maybe(known.map(|provider| provider.short_name)),
            "enabled": self.enabled,
        });
        let extra = match self.provider {
            MICROSOFT => json!({
                "customerTenantId": maybe(self.tenant_id.as_deref()),
                "customerDomain": maybe(self.domain.as_deref()),
                "agreementStatus": if self.agreement { "ACCEPTED" } else { "" },
                "allowDelegatedAccess": true,
                "gdapStatus": if self.tenant_id.is_some() { "ACTIVE" } else { "" },
                "gdapRoles": if self.tenant_id.is_some() { vec!["Directory Readers"] } else { Vec::new() },
            }),
            GOOGLE => json!({"customerDomain": maybe(self.domain.as_deref())}),
            AWS => json!({"passRiOptimization": false, "discountedRiOptimization": false}),
            _ => json!({}),
        };
        super::wire::merge(&mut value, extra);
        value
    }
}
