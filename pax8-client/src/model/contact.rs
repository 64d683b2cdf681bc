//! Contacts of companies.

use provider_core::{open_enum, records};
use serde::{Deserialize, Deserializer};

open_enum! {
    /// The type of a contact: administrator, billing, technical.
    pub enum ContactTypeName {
        /// Administrator.
        Admin = "Admin",
        /// Billing contact.
        Billing = "Billing",
        /// Technical contact.
        Technical = "Technical",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A contact of a company.
    pub struct Contact {
        /// UUID.
        pub id: Option<String>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// E-mail address.
        pub email: Option<String>,
        /// Phone, free form.
        pub phone: Option<String>,
        /// The day it was created.
        pub created_date: Option<Day>,
        /// The types of the contact.
        #[serde(default, deserialize_with = "told_types", skip_serializing_if = "Vec::is_empty")]
        pub types: ::std::vec::Vec<ContactType>,
        /// The number alone; undocumented.
        pub phone_number: Option<String>,
        /// The phone's country; undocumented.
        pub phone_country_code: Option<String>,
        /// The phone's calling code; undocumented.
        pub phone_country_calling_code: Option<String>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// The type of a contact: administrator, billing, technical.
    pub struct ContactType {
        /// The type.
        #[serde(rename = "type")]
        pub kind: ContactTypeName,
        /// True for the first contact of its type.
        #[serde(default)]
        pub primary: bool,
    }

    /// A contact to be created or, as a whole, replaced.
    pub struct NewContact {
        /// First name.
        pub first_name: String,
        /// Last name.
        pub last_name: String,
        /// E-mail address.
        pub email: String,
        /// Phone.
        pub phone: String,
        /// The types of the contact; one without types does not make a company active.
        pub types: Vec<ContactType>,
    }
}

/// Reads the types of a contact; an entry that names none says nothing.
fn told_types<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<ContactType>, D::Error> {
    #[derive(Deserialize)]
    struct Entry {
        #[serde(rename = "type")]
        kind: Option<ContactTypeName>,
        primary: Option<bool>,
    }
    let entries = Option::<Vec<Entry>>::deserialize(d)?.unwrap_or_default();
    let told = |entry: Entry| Some(ContactType::new(entry.kind?, entry.primary.unwrap_or_default()));
    Ok(entries.into_iter().filter_map(told).collect())
}

impl ContactType {
    /// A type.
    #[must_use]
    pub fn new(kind: ContactTypeName, primary: bool) -> Self {
        Self { kind, primary }
    }
}

impl NewContact {
    /// A contact without types.
    #[must_use]
    pub fn new(
        first_name: impl Into<String>,
        last_name: impl Into<String>,
        email: impl Into<String>,
        phone: impl Into<String>,
    ) -> Self {
        Self {
            first_name: first_name.into(),
            last_name: last_name.into(),
            email: email.into(),
            phone: phone.into(),
            types: Vec::new(),
        }
    }

    /// Adds a type.
    #[must_use]
    pub fn with_type(mut self, kind: ContactTypeName, primary: bool) -> Self {
        self.types.push(ContactType::new(kind, primary));
        self
    }
}
