//! Companies: end customers of the partner.

use provider_core::{open_enum, records};

use super::contact::{Contact, NewContact};

open_enum! {
    /// The status of a company.
    pub enum CompanyStatus {
        /// Can be sold to.
        Active = "Active",
        /// Lacks a primary contact of some type.
        Inactive = "Inactive",
        /// Removed; still listed.
        Deleted = "Deleted",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A company: an end customer of the partner.
    pub struct Company {
        /// UUID.
        pub id: String,
        /// Name.
        pub name: Option<String>,
        /// Address.
        pub address: Option<Address>,
        /// Phone; left out in list rows.
        pub phone: Option<String>,
        /// Web site: a URL or a bare host name.
        pub website: Option<String>,
        /// The partner's own key.
        pub external_id: Option<String>,
        /// Pax8 bills the customer.
        pub bill_on_behalf_of_enabled: Option<bool>,
        /// The customer may order for itself.
        pub self_service_allowed: Option<bool>,
        /// Orders wait for an approval; left out in list rows.
        pub order_approval_required: Option<bool>,
        /// Status.
        pub status: Option<CompanyStatus>,
        /// When it last changed.
        pub updated_date: Option<DateTime>,
        /// Contacts, where the answer to a create repeats them.
        pub contacts: Vec<Contact>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// A postal address. `country` is ISO 3166-1 alpha-2; `state_or_province` a code or a full name.
    #[derive(Default)]
    pub struct Address {
        /// Street and number.
        pub street: Option<String>,
        /// Suite, unit.
        pub street2: Option<String>,
        /// City.
        pub city: Option<String>,
        /// State or province.
        pub state_or_province: Option<String>,
        /// Postal code.
        pub postal_code: Option<String>,
        /// Country code in upper case.
        pub country: Option<String>,
    }

    /// A company to be created: `POST /v1/companies`. With a primary contact of each type it is active at
    /// once; without, it stays inactive and nothing can be ordered for it.
    pub struct NewCompany {
        /// Name.
        pub name: String,
        /// Address.
        pub address: Address,
        /// Phone.
        pub phone: String,
        /// Web site.
        pub website: String,
        /// The partner's own key.
        pub external_id: Option<String>,
        /// Pax8 bills the customer.
        pub bill_on_behalf_of_enabled: bool,
        /// The customer may order for itself.
        pub self_service_allowed: bool,
        /// Orders wait for an approval.
        pub order_approval_required: bool,
        /// Contacts, created in the same call.
        pub contacts: Vec<NewContact>,
    }

    /// What changes of a company: `PATCH /v1/companies/{companyId}`. Only what is set is sent, and at
    /// least one field has to differ from what Pax8 has.
    #[derive(Default)]
    pub struct CompanyUpdate {
        /// Name.
        pub name: Option<String>,
        /// The whole address.
        pub address: Option<Address>,
        /// Phone.
        pub phone: Option<String>,
        /// Web site.
        pub website: Option<String>,
        /// The partner's own key.
        pub external_id: Option<String>,
        /// Pax8 bills the customer.
        pub bill_on_behalf_of_enabled: Option<bool>,
        /// The customer may order for itself.
        pub self_service_allowed: Option<bool>,
        /// Orders wait for an approval.
        pub order_approval_required: Option<bool>,
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

impl CompanyUpdate {
    /// True when nothing would be sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
