//! What a customer is at each cloud provider.

use provider_core::records;

use super::{Id, Json};

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// The cloud profiles of a customer. Empty unless a provider is enabled for the customer's portal.
    pub struct CloudProfiles {
        /// The customer.
        pub customer_id: Option<Id>,
        /// The company's name.
        pub customer_organization: Option<String>,
        /// One profile for each provider.
        pub customer_cloud_profiles: Vec<CloudProfile>,
    }

    /// What a customer is at one cloud provider.
    pub struct CloudProfile {
        /// The provider: 30 is Microsoft, 1 is AWS.
        pub provider_id: Option<Id>,
        /// The provider's name.
        pub display_name: Option<String>,
        /// The provider's short name.
        pub short_name: Option<String>,
        /// Whether the provider is enabled.
        pub enabled: Option<bool>,
        /// The tenant's id (Azure, Google).
        pub customer_tenant_id: Option<String>,
        /// The tenant's domain (Azure, Google).
        pub customer_domain: Option<String>,
        /// The status of the vendor's agreement (Azure).
        pub agreement_status: Option<String>,
        /// Whether the partner may act for the customer (Azure).
        pub allow_delegated_access: Option<bool>,
        /// The status of granular delegated administration (Azure).
        pub gdap_status: Option<String>,
        /// Its level (Azure).
        pub gdap_level: Option<String>,
        /// Its roles (Azure).
        pub gdap_roles: Vec<String>,
        /// Billing accounts (Google Cloud).
        pub billing_accounts: Option<Json>,
        /// Reserved instance optimisation is passed on (AWS).
        pub pass_ri_optimization: Option<bool>,
        /// Reserved instance optimisation is discounted (AWS).
        pub discounted_ri_optimization: Option<bool>,
    }
}

impl CloudProfile {
    /// True for this provider.
    #[must_use]
    pub fn is_at(&self, provider: &str) -> bool {
        self.provider_id.as_ref().map(Id::as_str) == Some(provider)
    }
}
