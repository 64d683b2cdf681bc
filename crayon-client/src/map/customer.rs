//! Customers from tenants, and the composite record from commands.

use provider_core::model::{
    Address, Contact, ContactRole, ContactRoleKind, CustomerStatus, Detail, Raw, Tenant,
};
use provider_core::{Country, Customer, ItemError};

use super::{filled, told};
use crate::model::{CustomerTenant, CustomerTenantAddress, CustomerTenantDetailed, EntityStatus};
use crate::wire::enums::UNNAMED;

/// A customer from a row of the list.
pub(crate) fn summary(tenant: CustomerTenant, raw: Option<Raw>) -> Result<Customer, ItemError> {
    let id = told(tenant.id).ok_or_else(|| ItemError::new("Id", "is missing"))?;
    let mut customer = Customer::new(id, tenant.name.unwrap_or_default());
    customer.status = tenant.entity_status.and_then(|status| match status {
        EntityStatus::None => Some(CustomerStatus::Active),
        EntityStatus::Removed => Some(CustomerStatus::Deleted),
        // A name without a number, of which the observer has heard.
        EntityStatus::Unknown(UNNAMED) => None,
        EntityStatus::Unknown(number) => Some(CustomerStatus::Other(number.to_string())),
    });
    customer.external_id = filled(tenant.reference);
    customer.organization = tenant.organization.and_then(|one| told(one.id)).map(Into::into);
    customer.invoice_profile = tenant.invoice_profile.and_then(|profile| told(profile.id)).map(Into::into);
    let vendor =
        tenant.publisher.and_then(|publisher| publisher.name).unwrap_or_else(|| "Microsoft".to_owned());
    let mut account = Tenant::new(vendor);
    account.tenant_id =
        filled(tenant.external_publisher_customer_id).or_else(|| filled(tenant.publisher_customer_id));
    account.domain = filled(tenant.domain);
    if account.tenant_id.is_some() || account.domain.is_some() {
        customer.tenants.push(account);
    }
    customer.raw = raw;
    Ok(customer)
}

/// A customer from the composite record.
pub(crate) fn full(record: CustomerTenantDetailed, raw: Option<Raw>) -> Result<Customer, ItemError> {
    let mut customer = summary(record.tenant.unwrap_or_default(), raw)?;
    customer.detail = Detail::Full;
    customer.registration_number = record.company.and_then(|c| filled(c.organization_registration_number));
    let Some(profile) = record.profile else { return Ok(customer) };
    customer.address = profile.address.and_then(address);
    if let Some(person) = profile.contact {
        let mut contact = Contact::default();
        contact.first_name = filled(person.first_name);
        contact.last_name = filled(person.last_name);
        contact.email = filled(person.email);
        contact.phone = filled(person.phone_number);
        customer.phone.clone_from(&contact.phone);
        if contact != Contact::default() {
            contact.roles.push(ContactRole::new(ContactRoleKind::Primary, true));
            customer.contacts.push(contact);
        }
    }
    Ok(customer)
}

fn address(wire: CustomerTenantAddress) -> Option<Address> {
    let mut address = Address::default();
    address.line1 = filled(wire.address_line1);
    address.line2 = filled(wire.address_line2);
    address.line3 = filled(wire.address_line3);
    address.city = filled(wire.city);
    address.region = filled(wire.region);
    address.postal_code = filled(wire.postal_code);
    address.country = wire.country_code.as_deref().and_then(|code| Country::new(code).ok());
    (address != Address::default()).then_some(address)
}
