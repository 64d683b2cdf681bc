//! Customers: the record and its wire forms.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::cloud::CloudProfile;
use super::wire::{maybe, timestamp};

#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) street: String,
    pub(super) suite: Option<String>,
    pub(super) city: String,
    pub(super) state: String,
    pub(super) zip: String,
    pub(super) country: String,
}

/// What a customer write carries.
#[derive(Clone, Debug)]
pub(super) struct CustomerFields {
    pub(super) organization: String,
    pub(super) address: Address,
    pub(super) contact_name: String,
    pub(super) email: String,
    pub(super) language: String,
    pub(super) title: Option<String>,
    pub(super) phone: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Customer {
    pub(super) id: u64,
    pub(super) uid: String,
    pub(super) fields: CustomerFields,
    pub(super) active: bool,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) profiles: Vec<CloudProfile>,
    /// v1 custom fields by field id.
    pub(super) custom_fields: BTreeMap<u64, String>,
}

impl Customer {
    pub(super) fn status(&self) -> &'static str {
        if self.active { "ACTIVE" } else { "INACTIVE" }
    }

    pub(super) fn profile(&self, provider: u64) -> Option<&CloudProfile> {
        self.profiles.iter().find(|profile| profile.provider == provider)
    }

    /// Changes the profile at a provider, which is made if it is not there yet.
    pub(super) fn change_profile(&mut self, provider: u64, change: impl FnOnce(&mut CloudProfile)) {
        if self.profile(provider).is_none() {
            self.profiles.push(CloudProfile::new(provider));
        }
        if let Some(profile) = self.profiles.iter_mut().find(|profile| profile.provider == provider) {
            change(profile);
        }
    }

    /// The v3 record. The id travels in `name` alone.
    pub(super) fn v3(&self, account: u64) -> Value {
        let address = &self.fields.address;
        json!({
            "name": customer_name(account, self.id),
            "customerOrganization": self.fields.organization,
            "customerAddress": {
                "street": address.street,
                "suite": maybe(address.suite.as_deref()),
                "city": address.city,
                "state": address.state,
                "zip": address.zip,
                "country": address.country,
            },
            "customerName": self.fields.contact_name,
            "customerEmail": self.fields.email,
            "customerTitle": maybe(self.fields.title.as_deref()),
            "customerPhone": maybe(self.fields.phone.as_deref()),
            "createTime": timestamp(self.created),
            "updateTime": timestamp(self.updated),
            "languageCode": self.fields.language,
            "uid": self.uid,
            "customerStatus": self.status(),
        })
    }
}

/// The resource name of a customer.
pub(super) fn customer_name(account: u64, customer: u64) -> String {
    format!("accounts/{account}/customers/{customer}")
}

/// All customers of the account, by id.
#[derive(Debug, Default)]
pub(super) struct Customers {
    by_id: BTreeMap<u64, Customer>,
    by_email: HashMap<String, u64>,
}

impl Customers {
    pub(super) fn get(&self, id: u64) -> Option<&Customer> {
        self.by_id.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Customer> {
        self.by_id.get_mut(&id)
    }

    /// Customers with a higher id than `after`, in order.
    pub(super) fn after(&self, after: Option<u64>) -> impl Iterator<Item = &Customer> {
        let first = after.map_or(0, |after| after.saturating_add(1));
        self.by_id.range(first..).map(|(_, customer)| customer)
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Which customer uses this e-mail address, whatever its case.
    pub(super) fn owner_of_email(&self, email: &str) -> Option<u64> {
        self.by_email.get(&email.to_lowercase()).copied()
    }

    pub(super) fn insert(&mut self, customer: Customer) {
        self.by_email.insert(customer.fields.email.to_lowercase(), customer.id);
        self.by_id.insert(customer.id, customer);
    }

    /// Replaces what a customer write carries; the record afterwards.
    pub(super) fn replace(
        &mut self,
        id: u64,
        fields: CustomerFields,
        now: DateTime<Utc>,
    ) -> Option<&Customer> {
        let customer = self.by_id.get_mut(&id)?;
        self.by_email.remove(&customer.fields.email.to_lowercase());
        self.by_email.insert(fields.email.to_lowercase(), id);
        customer.fields = fields;
        customer.updated = now;
        Some(customer)
    }
}
