//! Customers: the record and its wire forms.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::cloud::CloudProfile;
use crate::streamone::engine::wire::{maybe, timestamp};

#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) suite: Option<String>,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) zip: String,
    pub(crate) country: String,
}

/// What a customer write carries.
#[derive(Clone, Debug)]
pub(crate) struct CustomerFields {
    pub(crate) organization: String,
    pub(crate) address: Address,
    pub(crate) contact_name: String,
    pub(crate) email: String,
    pub(crate) language: String,
    pub(crate) title: Option<String>,
    pub(crate) phone: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) id: u64,
    pub(crate) uid: String,
    pub(crate) fields: CustomerFields,
    pub(crate) active: bool,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) profiles: Vec<CloudProfile>,
    /// v1 custom fields by field id.
    pub(crate) custom_fields: BTreeMap<u64, String>,
}

impl Customer {
    /// A customer that is made now.
    pub(crate) fn new(id: u64, uid: String, fields: CustomerFields, at: DateTime<Utc>) -> Self {
        Self {
            id,
            uid,
            fields,
            active: true,
            created: at,
            updated: at,
            profiles: Vec::new(),
            custom_fields: BTreeMap::new(),
        }
    }

    pub(crate) fn status(&self) -> &'static str {
        if self.active { "ACTIVE" } else { "INACTIVE" }
    }

    pub(crate) fn profile(&self, provider: u64) -> Option<&CloudProfile> {
        self.profiles.iter().find(|profile| profile.provider == provider)
    }

    /// Changes the profile at a provider, which is made if it is not there yet.
    pub(crate) fn change_profile(&mut self, provider: u64, change: impl FnOnce(&mut CloudProfile)) {
        if self.profile(provider).is_none() {
            self.profiles.push(CloudProfile::new(provider));
        }
        if let Some(profile) = self.profiles.iter_mut().find(|profile| profile.provider == provider) {
            change(profile);
        }
    }

    /// The v3 record. The id travels in `name` alone.
    pub(crate) fn v3(&self, account: u64) -> Value {
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
pub(crate) fn customer_name(account: u64, customer: u64) -> String {
    format!("accounts/{account}/customers/{customer}")
}

/// All customers of the account, by id.
#[derive(Debug, Default)]
pub(crate) struct Customers {
    by_id: BTreeMap<u64, Customer>,
    by_email: HashMap<String, u64>,
}

impl Customers {
    pub(crate) fn get(&self, id: u64) -> Option<&Customer> {
        self.by_id.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut Customer> {
        self.by_id.get_mut(&id)
    }

    /// Customers with a higher id than `after`, in order.
    pub(crate) fn after(&self, after: Option<u64>) -> impl Iterator<Item = &Customer> {
        let first = after.map_or(0, |after| after.saturating_add(1));
        self.by_id.range(first..).map(|(_, customer)| customer)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Which customer uses this e-mail address, whatever its case.
    pub(crate) fn owner_of_email(&self, email: &str) -> Option<u64> {
        self.by_email.get(&email.to_lowercase()).copied()
    }

    pub(crate) fn insert(&mut self, customer: Customer) {
        self.by_email.insert(customer.fields.email.to_lowercase(), customer.id);
        self.by_id.insert(customer.id, customer);
    }

    /// Replaces what a customer write carries; the record afterwards.
    pub(crate) fn replace(
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
