//! Companies and their contacts.

use serde::{Deserialize, Deserializer};

use super::{CompanyStatus, ContactTypeName};
use crate::wire::record;

record! {
    /// A postal address. `country` is ISO 3166-1 alpha-2; `state_or_province` a code or a full name.
    #[derive(Default)]
    Address {
        /// Street and number.
        street: text,
        /// Suite, unit.
        street2: text,
        /// City.
        city: text,
        /// State or province.
        state_or_province: text,
        /// Postal code.
        postal_code: text,
        /// Country code in upper case.
        country: text,
    }
}

record! {
    /// A company: an end customer of the partner.
    Company {
        /// UUID.
        id: id,
        /// Name.
        name: text,
        /// Address.
        address: one Address,
        /// Phone; left out in list rows.
        phone: text,
        /// Web site: a URL or a bare host name.
        website: text,
        /// The partner's own key.
        external_id: text,
        /// Pax8 bills the customer.
        bill_on_behalf_of_enabled: flag,
        /// The customer may order for itself.
        self_service_allowed: flag,
        /// Orders wait for an approval; left out in list rows.
        order_approval_required: flag,
        /// State.
        status: one CompanyStatus,
        /// When it last changed.
        updated_date: time,
        /// Contacts, where the answer to a create repeats them.
        contacts: list Contact,
    }
}

record! {
    /// A company to be created: `POST /v1/companies`. With a primary contact of each type it is active at
    /// once; without, it stays inactive and nothing can be ordered for it.
    NewCompany {
        /// Name.
        name: must String,
        /// Address.
        address: must Address,
        /// Phone.
        phone: must String,
        /// Web site.
        website: must String,
        /// The partner's own key.
        external_id: text,
        /// Pax8 bills the customer.
        bill_on_behalf_of_enabled: must bool,
        /// The customer may order for itself.
        self_service_allowed: must bool,
        /// Orders wait for an approval.
        order_approval_required: must bool,
        /// Contacts, created in the same call.
        contacts: list NewContact,
    }
}

impl NewCompany {
    /// A company with what the vendor requires; every flag is off.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        address: Address,
        phone: impl Into<String>,
        website: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            address,
            phone: phone.into(),
            website: website.into(),
            external_id: None,
            bill_on_behalf_of_enabled: false,
            self_service_allowed: false,
            order_approval_required: false,
            contacts: Vec::new(),
        }
    }
}

record! {
    /// What changes of a company: `PATCH /v1/companies/{companyId}`. Only what is set is sent, and at
    /// least one field has to differ from what Pax8 has.
    #[derive(Default)]
    CompanyUpdate {
        /// Name.
        name: text,
        /// The whole address.
        address: one Address,
        /// Phone.
        phone: text,
        /// Web site.
        website: text,
        /// The partner's own key.
        external_id: text,
        /// Pax8 bills the customer.
        bill_on_behalf_of_enabled: flag,
        /// The customer may order for itself.
        self_service_allowed: flag,
        /// Orders wait for an approval.
        order_approval_required: flag,
    }
}

impl CompanyUpdate {
    /// True when nothing would be sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

record! {
    /// What a contact is there for.
    ContactType {
        /// The type.
        #[serde(rename = "type")]
        kind: must ContactTypeName,
        /// True for the first contact of its type.
        #[serde(default)]
        primary: must bool,
    }
}

impl ContactType {
    /// A type.
    #[must_use]
    pub fn new(kind: ContactTypeName, primary: bool) -> Self {
        Self { kind, primary }
    }
}

record! {
    /// A contact of a company.
    Contact {
        /// UUID.
        id: text,
        /// First name.
        first_name: text,
        /// Last name.
        last_name: text,
        /// E-mail address.
        email: text,
        /// Phone, free form.
        phone: text,
        /// The day it was created.
        created_date: day,
        /// What it is there for.
        #[serde(default, deserialize_with = "told_types", skip_serializing_if = "Vec::is_empty")]
        types: must Vec<ContactType>,
        /// The number alone; undocumented.
        phone_number: text,
        /// The phone's country; undocumented.
        phone_country_code: text,
        /// The phone's calling code; undocumented.
        phone_country_calling_code: text,
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

record! {
    /// A contact to be created or, as a whole, replaced.
    NewContact {
        /// First name.
        first_name: must String,
        /// Last name.
        last_name: must String,
        /// E-mail address.
        email: must String,
        /// Phone.
        phone: must String,
        /// What it is there for; a contact without types does not make a company active.
        types: list ContactType,
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
