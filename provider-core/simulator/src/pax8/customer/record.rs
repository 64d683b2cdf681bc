//! Companies and their contacts: what is kept, and how it is answered.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::pax8::engine::table::Record;
use crate::pax8::engine::wire;

/// The kinds of contact that a company needs a primary of, each.
pub(crate) const CONTACT_TYPES: &[&str] = &["Admin", "Billing", "Technical"];

/// An address; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) street: Option<String>,
    pub(crate) street2: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state_or_province: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) country: Option<String>,
}

impl Address {
    /// The wire name and the value of every part.
    fn parts(&self) -> [(&'static str, Option<&String>); 6] {
        [
            ("street", self.street.as_ref()),
            ("street2", self.street2.as_ref()),
            ("city", self.city.as_ref()),
            ("stateOrProvince", self.state_or_province.as_ref()),
            ("postalCode", self.postal_code.as_ref()),
            ("country", self.country.as_ref()),
        ]
    }

    fn json(&self) -> Value {
        let members: Map<String, Value> = self
            .parts()
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))))
            .collect();
        Value::Object(members)
    }
}

/// What a company is told to be: the writable fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) address: Address,
    pub(crate) phone: String,
    pub(crate) website: String,
    pub(crate) external_id: Option<String>,
    pub(crate) bill_on_behalf_of: bool,
    pub(crate) self_service: bool,
    pub(crate) order_approval: bool,
}

/// An end customer.
#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub(crate) id: String,
    pub(crate) profile: Profile,
    pub(crate) deleted: bool,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) contacts: Vec<Contact>,
}

impl Record for Company {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Company {
    /// `Active` needs a primary contact of every type.
    pub(crate) fn status(&self) -> &'static str {
        if self.deleted {
            "Deleted"
        } else if CONTACT_TYPES.iter().all(|kind| self.contacts.iter().any(|one| one.is_primary(kind))) {
            "Active"
        } else {
            "Inactive"
        }
    }

    /// As get, create and update answer it.
    pub(crate) fn full(&self) -> Value {
        let profile = &self.profile;
        let mut company = json!({
            "id": self.id,
            "name": profile.name,
            "address": profile.address.json(),
            "phone": profile.phone,
            "website": profile.website,
            "billOnBehalfOfEnabled": profile.bill_on_behalf_of,
            "selfServiceAllowed": profile.self_service,
            "orderApprovalRequired": profile.order_approval,
            "status": self.status(),
            "updatedDate": wire::offset(self.updated_at),
        });
        if let (Some(external_id), Some(members)) = (&profile.external_id, company.as_object_mut()) {
            members.insert("externalId".to_owned(), json!(external_id));
        }
        company
    }

    /// As a list has it: without the phone and the order approval, although the vendor's schema requires both.
    pub(crate) fn row(&self) -> Value {
        let mut company = self.full();
        if let Some(members) = company.as_object_mut() {
            members.remove("phone");
            members.remove("orderApprovalRequired");
        }
        company
    }

    /// Makes `contact` the only primary of the types that it is primary for.
    pub(crate) fn demote_others(&mut self, contact: &Contact) {
        for other in self.contacts.iter_mut().filter(|one| one.id != contact.id) {
            for role in &mut other.roles {
                role.primary &= !contact.is_primary(role.kind);
            }
        }
    }
}

/// What a contact is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) kind: &'static str,
    pub(crate) primary: bool,
}

/// A person at a company.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) roles: Vec<Role>,
}

impl Contact {
    pub(crate) fn is_primary(&self, kind: &str) -> bool {
        self.roles.iter().any(|role| role.primary && role.kind == kind)
    }

    /// The types that this contact is the primary of.
    pub(crate) fn primary_types(&self) -> impl Iterator<Item = &'static str> {
        self.roles.iter().filter(|role| role.primary).map(|role| role.kind)
    }

    /// With the three phone fields that the live interface adds to the documented ones.
    pub(crate) fn json(&self) -> Value {
        let types: Vec<Value> =
            self.roles.iter().map(|role| json!({"type": role.kind, "primary": role.primary})).collect();
        json!({
            "id": self.id,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "email": self.email,
            "phone": self.phone,
            "phoneNumber": self.phone,
            "phoneCountryCode": "US",
            "phoneCountryCallingCode": "1",
            "createdDate": wire::day(self.created_at),
            "types": types,
        })
    }
}
