//! Changes of customers: the composite record is read, edited and written back.

use provider_core::model::DistributorFlags;
use provider_core::receipt::Change;
use provider_core::{Error, Outcome, Patch, Receipt, Result, UpdateCustomer};

use super::{NO_FLAGS, NO_WEBSITE, ONE_NUMBER};
use crate::model::ObjectReference;
use crate::provider::context::refusal::{is_it, number};
use crate::provider::context::{Context, organizations};
use crate::provider::write::prepare::prepared::{Prepared, simulated};
use crate::provider::write::send::call::Send;
use crate::wire::Document;

const COUNTRY_NAME: &[&str] = &["Profile", "Address", "CountryName"];

pub(in crate::provider::write::prepare) async fn update(
    cx: &Context,
    command: &UpdateCustomer,
) -> Result<Prepared> {
    let id = number("customer", &command.customer)?;
    let edits = changes(command)?;
    let mut record = record(cx, id).await?;
    organizations::within(cx, "customer", record.get(&["Tenant", "Organization", "Id"]))?;
    let mut plan = simulated();
    let apart: Vec<&Edit> = edits.iter().filter(|edit| !is_shown(&record, edit)).collect();
    if apart.is_empty() {
        plan.warnings.push("the customer is so already: nothing is sent".to_owned());
        let receipt = Receipt::new(Outcome::Applied).with_customer(&command.customer);
        return Ok(Prepared { plan, send: Send::Nothing(receipt) });
    }
    for (path, wanted) in apart {
        let is = record.get::<serde_json::Value>(path).unwrap_or_default();
        let what = format!("customer {id}: {}", path.join("."));
        plan.changes.push(Change::new(what, shown(&is), shown(wanted)));
    }
    for (path, wanted) in &edits {
        record.set(path, wanted)?;
    }
    Ok(Prepared { plan, send: Send::Replace { customer: command.customer.clone(), id, record } })
}

/// The composite record of a customer.
pub(in crate::provider::write) async fn record(cx: &Context, id: i64) -> Result<Document> {
    let record = cx.client.customer_tenants().document(id).await?;
    is_it("customer", id, record.get(&["Tenant", "Id"]))?;
    Ok(record)
}

fn shown(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// One member of the composite record and what it shall be.
pub(in crate::provider::write) type Edit = (&'static [&'static str], serde_json::Value);

/// The members that an update sets, all others staying as they are.
pub(in crate::provider::write) fn changes(command: &UpdateCustomer) -> Result<Vec<Edit>> {
    let mut edits: Vec<Edit> = Vec::new();
    if !command.website.is_keep() {
        return Err(Error::invalid_input("website", NO_WEBSITE));
    }
    if command.flags != DistributorFlags::default() {
        return Err(Error::invalid_input("flags", NO_FLAGS));
    }
    match &command.name {
        Patch::Keep => {}
        Patch::Set(name) if !name.trim().is_empty() => {
            edits.push((&["Tenant", "Name"], name.as_str().into()));
        }
        _ => return Err(Error::invalid_input("name", "cannot be empty")),
    }
    text(&mut edits, &["Tenant", "Reference"], &command.external_id);
    text(&mut edits, &["Company", "OrganizationRegistrationNumber"], &command.registration_number);
    match &command.invoice_profile {
        Patch::Keep => {}
        Patch::Clear => {
            return Err(Error::invalid_input("invoice_profile", "a customer cannot be without one"));
        }
        Patch::Set(id) => {
            // The name of the profile it had would no longer be true, so the whole reference is replaced.
            let profile = ObjectReference::new(number("invoice_profile", id)?);
            edits.push((&["Tenant", "InvoiceProfile"], serde_json::json!({ "Id": profile.id })));
        }
    }
    match &command.contacts {
        Patch::Keep => {}
        Patch::Set(contacts) => match contacts.as_slice() {
            [person] => {
                if let (Some(own), Patch::Set(other)) = (&person.phone, &command.phone)
                    && own != other
                {
                    return Err(Error::invalid_input("phone", ONE_NUMBER));
                }
                edits.push((&["Profile", "Contact", "FirstName"], person.first_name.clone().into()));
                edits.push((&["Profile", "Contact", "LastName"], person.last_name.clone().into()));
                edits.push((&["Profile", "Contact", "Email"], person.email.clone().into()));
                edits.push((&["Profile", "Contact", "PhoneNumber"], person.phone.clone().into()));
            }
            _ => {
                return Err(Error::invalid_input(
                    "contacts",
                    "Cloud-iQ keeps exactly one contact of a customer",
                ));
            }
        },
        Patch::Clear => {
            return Err(Error::invalid_input("contacts", "a customer cannot be without a contact"));
        }
    }
    text(&mut edits, &["Profile", "Contact", "PhoneNumber"], &command.phone);
    match &command.address {
        Patch::Keep => {}
        Patch::Clear => {
            return Err(Error::invalid_input("address", "a customer cannot be without an address"));
        }
        Patch::Set(address) => {
            edits.push((&["Profile", "Address", "AddressLine1"], address.line1.clone().into()));
            edits.push((&["Profile", "Address", "AddressLine2"], address.line2.clone().into()));
            edits.push((&["Profile", "Address", "AddressLine3"], address.line3.clone().into()));
            edits.push((&["Profile", "Address", "City"], address.city.clone().into()));
            edits.push((&["Profile", "Address", "Region"], address.region.clone().into()));
            edits.push((&["Profile", "Address", "PostalCode"], address.postal_code.clone().into()));
            if let Some(country) = address.country {
                edits.push((&["Profile", "Address", "CountryCode"], country.as_str().into()));
                edits.push((COUNTRY_NAME, serde_json::Value::Null));
            }
        }
    }
    if edits.is_empty() {
        return Err(Error::invalid_input("customer", "nothing is to be changed"));
    }
    Ok(edits)
}

fn text(edits: &mut Vec<Edit>, path: &'static [&'static str], patch: &Patch<String>) {
    match patch {
        Patch::Keep => {}
        Patch::Clear => edits.push((path, serde_json::Value::Null)),
        Patch::Set(text) => edits.push((path, text.as_str().into())),
    }
}

/// True when every member is what an update wants.
pub(in crate::provider::write) fn is_as_wanted(record: &Document, edits: &[Edit]) -> bool {
    edits.iter().all(|edit| is_shown(record, edit))
}

fn is_shown(record: &Document, (path, wanted): &Edit) -> bool {
    // The service fills the name in from the code, which is compared.
    if *path == COUNTRY_NAME {
        return true;
    }
    let is = record.get::<serde_json::Value>(path).unwrap_or_default();
    match wanted.get("Id") {
        Some(id) => is.get("Id").or_else(|| is.get("id")) == Some(id),
        None => is == *wanted || (wanted.is_null() && is.as_str() == Some("")),
    }
}
