//! What a customer is and has at cloud providers: profiles, and the payer accounts of v1.

use serde_json::{Value, json};

use crate::streamone::catalog::providers::{AWS, GOOGLE, MICROSOFT, provider};
use crate::streamone::engine::wire::{maybe, merge};

/// What a customer is at one provider.
#[derive(Clone, Debug)]
pub(crate) struct CloudProfile {
    pub(crate) provider: u64,
    pub(crate) enabled: bool,
    pub(crate) tenant_id: Option<String>,
    pub(crate) domain: Option<String>,
    /// Whether the Microsoft customer agreement is on file.
    pub(crate) agreement: bool,
}

impl CloudProfile {
    pub(crate) fn new(provider: u64) -> Self {
        Self { provider, enabled: true, tenant_id: None, domain: None, agreement: false }
    }

    /// The wire form; which members there are depends on the provider.
    pub(crate) fn json(&self) -> Value {
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
        merge(&mut value, extra);
        value
    }
}

#[derive(Clone, Debug)]
pub(crate) struct CloudAccount {
    pub(crate) id: u64,
    pub(crate) number: String,
    pub(crate) provider: u64,
    pub(crate) email: String,
    /// `None` until the account is assigned.
    pub(crate) customer: Option<u64>,
    pub(crate) billing_start: Option<String>,
}

/// All cloud accounts.
#[derive(Debug, Default)]
pub(crate) struct CloudAccounts {
    all: Vec<CloudAccount>,
}

impl CloudAccounts {
    /// The AWS account of a seeded customer.
    pub(crate) fn seed(&mut self, customer: u64, email: &str) {
        let id = self.add(format!("{:012}", 100_000_000_000 + customer), AWS, email.to_owned());
        if let Some(account) = self.get_mut(id) {
            account.customer = Some(customer);
        }
    }

    /// Adds an account that belongs to nobody yet; its id.
    pub(crate) fn add(&mut self, number: String, provider: u64, email: String) -> u64 {
        let id = 5_001 + u64::try_from(self.all.len()).unwrap_or_default();
        self.all.push(CloudAccount { id, number, provider, email, customer: None, billing_start: None });
        id
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut CloudAccount> {
        self.all.iter_mut().find(|account| account.id == id)
    }

    pub(crate) fn of_customer(&self, customer: u64) -> impl Iterator<Item = &CloudAccount> {
        self.all.iter().filter(move |account| account.customer == Some(customer))
    }
}
