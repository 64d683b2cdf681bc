//! Cloud accounts of v1: the payer accounts that customers have at a provider.

use super::cloud::AWS;

#[derive(Clone, Debug)]
pub(super) struct CloudAccount {
    pub(super) id: u64,
    pub(super) number: String,
    pub(super) provider: u64,
    pub(super) email: String,
    /// `None` until the account is assigned.
    pub(super) customer: Option<u64>,
    pub(super) billing_start: Option<String>,
}

/// All cloud accounts.
#[derive(Debug, Default)]
pub(super) struct CloudAccounts {
    all: Vec<CloudAccount>,
}

impl CloudAccounts {
    /// The AWS account of a seeded customer.
    pub(super) fn seed(&mut self, customer: u64, email: &str) {
        let id = self.add(format!("{:012}", 100_000_000_000 + customer), AWS, email.to_owned());
        if let Some(account) = self.get_mut(id) {
            account.customer = Some(customer);
        }
    }

    /// Adds an account that belongs to nobody yet; its id.
    pub(super) fn add(&mut self, number: String, provider: u64, email: String) -> u64 {
        let id = 5_001 + u64::try_from(self.all.len()).unwrap_or_default();
        self.all.push(CloudAccount { id, number, provider, email, customer: None, billing_start: None });
        id
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut CloudAccount> {
        self.all.iter_mut().find(|account| account.id == id)
    }

    pub(super) fn of_customer(&self, customer: u64) -> impl Iterator<Item = &CloudAccount> {
        self.all.iter().filter(move |account| account.customer == Some(customer))
    }
}
