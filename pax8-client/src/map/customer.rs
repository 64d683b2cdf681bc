//! Companies and contacts.

use provider_core::model::{
    Address, Contact, ContactId, ContactRole, ContactRoleKind, CustomerStatus, Detail, Raw,
};
use provider_core::{Country, Customer, ItemError};

use super::{needed, said, says};
use crate::model;

/// What a row of the list says of a company.
pub(crate) const FIELDS: [&str; 10] =
    ["id", "name", "status", "external_id", "address", "website", "flags", "updated_at", "detail", "raw"];
/// What rows of the list leave out, and what takes calls of its own.
pub(crate) const DETAIL_FIELDS: [&str; 3] = ["contacts", "flags.order_approval_required", "phone"];

pub(crate) fn customer(
    company: model::Company,
    raw: Option<Raw>,
    detail: Detail,
) -> Result<Customer, ItemError> {
    let id = needed(Some(company.id), "id")?;
    let mut customer = Customer::new(id, said(company.name).unwrap_or_default());
    customer.status = company.status.as_ref().filter(|word| says(word.as_str())).map(status);
    customer.external_id = said(company.external_id);
    customer.address = company.address.and_then(address);
    customer.phone = said(company.phone);
    customer.website = said(company.website);
    customer.flags.self_service_allowed = company.self_service_allowed;
    customer.flags.bill_on_behalf_of = company.bill_on_behalf_of_enabled;
    customer.flags.order_approval_required = company.order_approval_required;
    customer.updated_at = company.updated_date;
    customer.contacts = company.contacts.into_iter().map(contact).collect();
    customer.detail = detail;
    customer.raw = raw;
    Ok(customer)
}

fn status(status: &model::CompanyStatus) -> CustomerStatus {
    match status {
        model::CompanyStatus::Active => CustomerStatus::Active,
        model::CompanyStatus::Inactive => CustomerStatus::Inactive,
        model::CompanyStatus::Deleted => CustomerStatus::Deleted,
        other => CustomerStatus::Other(other.as_str().to_owned()),
    }
}

/// The status as a filter; `None` where Pax8 has no such status.
pub(crate) fn status_filter(status: &CustomerStatus) -> Option<model::CompanyStatus> {
    match status {
        CustomerStatus::Active => Some(model::CompanyStatus::Active),
        CustomerStatus::Inactive => Some(model::CompanyStatus::Inactive),
        CustomerStatus::Deleted => Some(model::CompanyStatus::Deleted),
        _ => None,
    }
}

/// An address that says something.
fn address(from: model::Address) -> Option<Address> {
    let mut address = Address::default();
    address.line1 = said(from.street);
    address.line2 = said(from.street2);
    address.city = said(from.city);
    address.region = said(from.state_or_province);
    address.postal_code = said(from.postal_code);
    // Bodies carry codes, but old records hold names.
    address.country = from.country.and_then(|country| country.parse::<Country>().ok());
    (address != Address::default()).then_some(address)
}

pub(crate) fn contact(from: model::Contact) -> Contact {
    let mut contact = Contact::default();
    contact.id = said(from.id).map(ContactId::from);
    contact.first_name = said(from.first_name);
    contact.last_name = said(from.last_name);
    contact.email = said(from.email);
    contact.phone = said(from.phone).or_else(|| said(from.phone_number));
    contact.roles = from.types.iter().map(|kind| ContactRole::new(role(&kind.kind), kind.primary)).collect();
    contact
}

fn role(kind: &model::ContactTypeName) -> ContactRoleKind {
    match kind {
        model::ContactTypeName::Admin => ContactRoleKind::Admin,
        model::ContactTypeName::Billing => ContactRoleKind::Billing,
        model::ContactTypeName::Technical => ContactRoleKind::Technical,
        other => ContactRoleKind::Other(other.as_str().to_owned()),
    }
}

/// An address to be written.
pub(crate) fn to_address(from: &Address, default_country: Option<Country>) -> model::Address {
    model::Address {
        street: from.line1.clone(),
        street2: from.line2.clone(),
        city: from.city.clone(),
        state_or_province: from.region.clone(),
        postal_code: from.postal_code.clone(),
        country: from.country.or(default_country).map(|country| country.to_string()),
    }
}

/// The roles that a company needs a primary contact of before anything can be ordered for it.
pub(crate) fn missing_roles<'a>(roles: impl Iterator<Item = &'a ContactRole>) -> Vec<&'static str> {
    let primary: Vec<_> = roles.filter(|role| role.primary).map(|role| &role.kind).collect();
    [
        (ContactRoleKind::Admin, "Admin"),
        (ContactRoleKind::Billing, "Billing"),
        (ContactRoleKind::Technical, "Technical"),
    ]
    .into_iter()
    .filter(|(kind, _)| !primary.contains(&kind))
    .map(|(_, name)| name)
    .collect()
}
