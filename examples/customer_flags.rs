//! What is told about a customer: its contact, address and numbers.

use clap::Args;
use provider_core::model::{Address, Contact, ContactRole, ContactRoleKind};
use provider_core::{Country, CreateCustomer, Patch, UpdateCustomer};

#[derive(Args)]
pub(crate) struct Details {
    /// The contact's first and last name.
    #[arg(long, requires = "email")]
    contact_name: Option<String>,
    /// The contact's e-mail address.
    #[arg(long, requires = "contact_name")]
    email: Option<String>,
    /// What the contact is there for: admin, billing or technical; may be repeated. All three without it,
    /// because an order at Pax8 waits for one primary contact of each.
    #[arg(long = "role", requires = "contact_name")]
    roles: Vec<ContactRoleKind>,
    /// The phone number of the company and of the contact.
    #[arg(long)]
    phone: Option<String>,
    /// Street and number.
    #[arg(long, requires = "city")]
    street: Option<String>,
    /// Suite or unit.
    #[arg(long, requires = "street")]
    suite: Option<String>,
    /// The town.
    #[arg(long, requires = "street")]
    city: Option<String>,
    /// State or province.
    #[arg(long, requires = "street")]
    region: Option<String>,
    /// The postal code, or ZIP code.
    #[arg(long, requires = "street")]
    postal_code: Option<String>,
    /// The country's code or name.
    #[arg(long, requires = "street")]
    country: Option<Country>,
    /// Your own id of the customer.
    #[arg(long)]
    external_id: Option<String>,
    /// The web address.
    #[arg(long)]
    website: Option<String>,
    /// The number in the register of companies, where the vendor asks for it.
    #[arg(long)]
    registration_number: Option<String>,
    /// The invoice profile that the customer is billed by.
    #[arg(long)]
    invoice_profile: Option<String>,
}

/// A flag that was given sets; one that was not keeps.
pub(crate) fn given<T>(flag: Option<T>) -> Patch<T> {
    flag.map_or(Patch::Keep, Patch::Set)
}

impl Details {
    pub(crate) fn add_to(self, create: &mut CreateCustomer) {
        create.contacts = self.contact().into_iter().collect();
        create.address = self.address();
        create.phone = self.phone;
        create.external_id = self.external_id;
        create.website = self.website;
        create.registration_number = self.registration_number;
        create.invoice_profile = self.invoice_profile.map(Into::into);
    }

    pub(crate) fn change(self, update: &mut UpdateCustomer) {
        update.contacts = given(self.contact().map(|contact| vec![contact]));
        update.address = given(self.address());
        update.phone = given(self.phone);
        update.external_id = given(self.external_id);
        update.website = given(self.website);
        update.registration_number = given(self.registration_number);
        update.invoice_profile = given(self.invoice_profile.map(Into::into));
    }

    fn contact(&self) -> Option<Contact> {
        let (first, last) = self.contact_name.as_deref()?.split_once(' ').unwrap_or_default();
        let mut contact = Contact::default();
        contact.first_name = Some(first.to_owned()).filter(|name| !name.is_empty());
        contact.last_name = Some(last.trim().to_owned()).filter(|name| !name.is_empty());
        contact.name.clone_from(&self.contact_name);
        contact.email.clone_from(&self.email);
        contact.phone.clone_from(&self.phone);
        let all = [ContactRoleKind::Admin, ContactRoleKind::Billing, ContactRoleKind::Technical];
        let roles = if self.roles.is_empty() { all.to_vec() } else { self.roles.clone() };
        contact.roles = roles.into_iter().map(|kind| ContactRole::new(kind, true)).collect();
        Some(contact)
    }

    fn address(&self) -> Option<Address> {
        self.street.as_ref()?;
        let mut address = Address::default();
        address.line1.clone_from(&self.street);
        address.line2.clone_from(&self.suite);
        address.city.clone_from(&self.city);
        address.region.clone_from(&self.region);
        address.postal_code.clone_from(&self.postal_code);
        address.country = self.country;
        Some(address)
    }
}
