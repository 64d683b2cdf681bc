//! Customers.

use provider_core::model::{
    Address, Contact, ContactRole, ContactRoleKind, CustomerStatus, Detail, Raw, Tenant,
};
use provider_core::{Customer, ItemError};

use super::{missing, said, says, vendor};
use crate::model;

/// A customer, from a list or from a single read.
pub(crate) fn customer(
    wire: &model::Customer,
    detail: Detail,
    raw: Option<Raw>,
) -> Result<Customer, ItemError> {
    let id = wire.id().ok_or_else(|| missing("name"))?;
    let name = said(wire.customer_organization.as_ref()).or_else(|| said(wire.customer_name.as_ref()));
    let mut customer = Customer::new(id.as_str(), name.unwrap_or_default());
    customer.status = wire.customer_status.as_ref().filter(|word| says(word.as_str())).and_then(status);
    customer.contacts = contact(wire).into_iter().collect();
    customer.phone = said(wire.customer_phone.as_ref());
    customer.address = wire.customer_address.as_ref().and_then(address);
    customer.created_at = wire.create_time;
    customer.updated_at = wire.update_time;
    customer.detail = detail;
    customer.raw = raw;
    Ok(customer)
}

fn status(status: &model::CustomerStatus) -> Option<CustomerStatus> {
    Some(match status {
        model::CustomerStatus::Active => CustomerStatus::Active,
        model::CustomerStatus::Inactive => CustomerStatus::Inactive,
        model::CustomerStatus::Unspecified => return None,
        model::CustomerStatus::Other(word) => CustomerStatus::Other(word.clone()),
    })
}

/// The one contact that a customer has.
fn contact(wire: &model::Customer) -> Option<Contact> {
    let mut contact = Contact::default();
    contact.name = said(wire.customer_name.as_ref());
    contact.email = said(wire.customer_email.as_ref());
    contact.phone = said(wire.customer_phone.as_ref());
    contact.title = said(wire.customer_title.as_ref());
    let known = contact.name.is_some() || contact.email.is_some();
    contact.roles = vec![ContactRole::new(ContactRoleKind::Primary, true)];
    known.then_some(contact)
}

/// An address that says something.
fn address(wire: &model::CustomerAddress) -> Option<Address> {
    let mut address = Address::default();
    address.line1 = said(wire.street.as_ref());
    address.line2 = said(wire.suite.as_ref());
    address.city = said(wire.city.as_ref());
    address.region = said(wire.state.as_ref());
    address.postal_code = said(wire.zip.as_ref());
    address.country = wire.country.as_deref().and_then(|country| country.parse().ok());
    (address != Address::default()).then_some(address)
}

/// The accounts that a customer's cloud profiles name.
pub(crate) fn tenants(profiles: &model::CloudProfiles) -> Vec<Tenant> {
    profiles
        .customer_cloud_profiles
        .iter()
        .filter_map(|profile| {
            let tenant_id = said(profile.customer_tenant_id.as_ref());
            let domain = said(profile.customer_domain.as_ref());
            if tenant_id.is_none() && domain.is_none() {
                return None;
            }
            let known = profile.provider_id.as_ref().and_then(|id| vendor(id.as_str())).map(str::to_owned);
            let name = known.or_else(|| said(profile.display_name.as_ref()));
            let mut tenant =
                Tenant::new(name.or_else(|| said(profile.short_name.as_ref())).unwrap_or_default());
            tenant.tenant_id = tenant_id;
            tenant.domain = domain;
            Some(tenant)
        })
        .collect()
}
