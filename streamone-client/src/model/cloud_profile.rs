//! What a customer is at each cloud provider.

use super::Id;
use crate::wire::record;

record! {
    /// The cloud profiles of a customer. Empty unless a provider is enabled for the customer's portal.
    CloudProfiles {
        /// The customer.
        customer_id: id,
        /// The company's name.
        customer_organization: text,
        /// One profile for each provider.
        customer_cloud_profiles: many(CloudProfile),
    }

    /// What a customer is at one cloud provider.
    CloudProfile {
        /// The provider: 30 is Microsoft, 1 is AWS.
        provider_id: id,
        /// The provider's name.
        display_name: text,
        /// The provider's short name.
        short_name: text,
        /// Whether the provider is enabled.
        enabled: flag,
        /// The tenant's id (Azure, Google).
        customer_tenant_id: text,
        /// The tenant's domain (Azure, Google).
        customer_domain: text,
        /// The state of the vendor's agreement (Azure).
        agreement_status: text,
        /// Whether the partner may act for the customer (Azure).
        allow_delegated_access: flag,
        /// The state of granular delegated administration (Azure).
        gdap_status: text,
        /// Its level (Azure).
        gdap_level: text,
        /// Its roles (Azure).
        gdap_roles: many(String),
        /// Billing accounts (Google Cloud).
        billing_accounts: json,
        /// Reserved instance optimisation is passed on (AWS).
        pass_ri_optimization: flag,
        /// Reserved instance optimisation is discounted (AWS).
        discounted_ri_optimization: flag,
    }
}

impl CloudProfile {
    /// True for this provider.
    #[must_use]
    pub fn is_at(&self, provider: &str) -> bool {
        self.provider_id.as_ref().map(Id::as_str) == Some(provider)
    }
}
