//! The cloud providers of the platform.

/// A cloud provider of the platform.
#[derive(Debug)]
pub(crate) struct CloudProvider {
    pub(crate) id: u64,
    /// `providerName` in orders.
    pub(crate) code: &'static str,
    /// `vendor` of the provisioning templates.
    pub(crate) vendor: &'static str,
    pub(crate) display_name: &'static str,
    pub(crate) short_name: &'static str,
    /// `resourceType` of its subscriptions.
    pub(crate) resource_type: &'static str,
    /// Whether subscriptions of this provider carry activity logs.
    pub(crate) keeps_logs: bool,
}

/// Microsoft CSP; one of the two provider ids that the reference knows.
pub(crate) const MICROSOFT: u64 = 30;
/// Amazon Web Services; the other known id.
pub(crate) const AWS: u64 = 1;
pub(crate) const GOOGLE: u64 = 12;
pub(crate) const GCP: u64 = 14;
pub(crate) const SOPHOS: u64 = 41;

/// Every provider of the simulated platform.
pub(crate) const PROVIDERS: [CloudProvider; 5] = [
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
pub(crate) fn provider(id: u64) -> Option<&'static CloudProvider> {
    PROVIDERS.iter().find(|provider| provider.id == id)
}

/// The provider with this code or short name, in any case.
pub(crate) fn provider_named(name: &str) -> Option<&'static CloudProvider> {
    PROVIDERS.iter().find(|provider| {
        provider.code.eq_ignore_ascii_case(name) || provider.short_name.eq_ignore_ascii_case(name)
    })
}
