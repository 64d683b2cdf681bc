//! Creating customers, and changing them by reading, merging and writing.

use provider_core::error::Violation;
use provider_core::model::{Address, Contact};
use provider_core::receipt::Change;
use provider_core::{
    CreateCustomer, Delivery, Error, ErrorKind, Outcome, Patch, Receipt, Result, UpdateCustomer,
};
use provider_http::OperationContext;

use crate::model::{AddressWrite, CustomerWrite};
use crate::provider::context::Context;
use crate::provider::write::send::{Prepared, Send, simulated};

/// The language of the platform's mails unless another is named.
const LANGUAGE: &str = "EN";

/// A customer to be created. What ION has no place for is said in the plan.
pub(in crate::provider::write) fn create(cx: &Context, command: &CreateCustomer) -> Result<Prepared> {
    if command.consent.is_some() || !command.attributes.is_empty() {
        let (field, problem) = if command.consent.is_some() {
            ("consent", "ION records the agreement with the first order: give the agreement attributes there")
        } else {
            ("attributes", "ION takes no further values for a customer")
        };
        return Err(Error::invalid_input(field, problem).with_provider(crate::KIND));
    }
    let mut body = CustomerWrite {
        customer_organization: command.name.trim().to_owned(),
        language_code: command.language.as_deref().unwrap_or(LANGUAGE).to_ascii_uppercase(),
        ..CustomerWrite::default()
    };
    if let Some(contact) = primary(&command.contacts) {
        set_contact(&mut body, contact);
    }
    if body.customer_phone.is_none() {
        body.customer_phone.clone_from(&command.phone);
    }
    if let Some(address) = &command.address {
        set_address(&mut body, address);
    }
    if body.customer_address.country.is_empty()
        && let Some(country) = cx.country()
    {
        body.customer_address.country = country.to_string();
    }
    complete(&body)?;
    let mut plan =
        simulated().with_change(Change::new("customer", None, Some(body.customer_organization.clone())));
    let left_out = [
        ("external_id", command.external_id.is_some()),
        ("organization", command.organization.is_some()),
        ("domain", command.domain.is_some()),
        ("website", command.website.is_some()),
        ("registration_number", command.registration_number.is_some()),
        ("invoice_profile", command.invoice_profile.is_some()),
        ("flags", command.flags != provider_core::model::DistributorFlags::default()),
        ("contacts after the first", command.contacts.len() > 1),
    ];
    plan.warnings = left_out
        .into_iter()
        .filter(|(_, given)| *given)
        .map(|(field, _)| format!("ION has no place for {field}: it is not kept"))
        .collect();
    Ok(Prepared { send: Send::Create(body), plan })
}

/// The contact that ION keeps: the primary one, or the first.
fn primary(contacts: &[Contact]) -> Option<&Contact> {
    contacts.iter().find(|contact| contact.roles.iter().any(|role| role.primary)).or(contacts.first())
}

fn set_contact(body: &mut CustomerWrite, contact: &Contact) {
    let parts = [contact.first_name.as_deref(), contact.last_name.as_deref()];
    let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    body.customer_name = contact.name.clone().filter(|name| !name.trim().is_empty()).unwrap_or(joined);
    body.customer_email = contact.email.clone().unwrap_or_default();
    body.customer_title.clone_from(&contact.title);
    body.customer_phone = contact.phone.clone().or(body.customer_phone.take());
}

fn set_address(body: &mut CustomerWrite, address: &Address) {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let suite: Vec<&str> =
        [&address.line2, &address.line3].into_iter().filter_map(|line| line.as_deref()).collect();
    body.customer_address = AddressWrite {
        street: text(&address.line1),
        suite: (!suite.is_empty()).then(|| suite.join(", ")),
        city: text(&address.city),
        state: text(&address.region),
        zip: text(&address.postal_code),
        country: address.country.map(|country| country.to_string()).unwrap_or_default(),
    };
}

/// ION needs all of it again with every write.
fn complete(body: &CustomerWrite) -> Result<()> {
    let address = &body.customer_address;
    let needed = [
        ("name", &body.customer_organization),
        ("contacts[0].name", &body.customer_name),
        ("contacts[0].email", &body.customer_email),
        ("address.line1", &address.street),
        ("address.city", &address.city),
        ("address.region", &address.state),
        ("address.postal_code", &address.zip),
        ("address.country", &address.country),
        ("language", &body.language_code),
    ];
    let missing: Vec<&str> =
        needed.into_iter().filter(|(_, value)| value.trim().is_empty()).map(|(field, _)| field).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("a customer of ION needs {}", missing.join(", "));
    Err(Error::new(ErrorKind::InvalidInput, message)
        .with_delivery(Delivery::NotSent)
        .with_provider(crate::KIND)
        .with_violations(missing.into_iter().map(|field| Violation::new(field, "is missing"))))
}

/// A customer to be changed: read whole, merged, to be written whole.
pub(in crate::provider::write) async fn update(
    cx: &Context,
    op: &OperationContext,
    command: &UpdateCustomer,
) -> Result<Prepared> {
    refuse_unknown(command)?;
    // What is written is the whole record, so that what could not be read would be gone.
    let whole = op.call().strict(true);
    let present = cx.client.customers().with(whole).get(command.customer.as_str()).await?;
    let before = CustomerWrite::from(&present);
    let body = merged(&before, command)?;
    complete(&body)?;
    let mut plan = simulated();
    if body == before {
        plan.warnings.push("the customer is so already: nothing is sent".to_owned());
        let receipt = Receipt::new(Outcome::Applied).with_customer(command.customer.clone());
        return Ok(Prepared { send: Send::Nothing(receipt), plan });
    }
    for (field, from, to) in differences(&before, &body) {
        plan = plan.with_change(Change::new(
            format!("customer {}: {field}", command.customer),
            (!from.is_empty()).then_some(from),
            (!to.is_empty()).then_some(to),
        ));
    }
    Ok(Prepared { send: Send::Replace { customer: command.customer.clone(), body }, plan })
}

/// A field that is set and cannot be kept would be lost without a word.
fn refuse_unknown(command: &UpdateCustomer) -> Result<()> {
    let unknown = [
        ("external_id", !command.external_id.is_keep()),
        ("website", !command.website.is_keep()),
        ("registration_number", !command.registration_number.is_keep()),
        ("invoice_profile", !command.invoice_profile.is_keep()),
        ("flags", command.flags != provider_core::model::DistributorFlags::default()),
    ];
    match unknown.into_iter().find(|(_, set)| *set) {
        Some((field, _)) => {
            Err(Error::invalid_input(field, "ION has no place for it").with_provider(crate::KIND))
        }
        None => Ok(()),
    }
}

/// The customer as it shall be.
pub(in crate::provider::write) fn merged(
    before: &CustomerWrite,
    command: &UpdateCustomer,
) -> Result<CustomerWrite> {
    let mut body = before.clone();
    let needed =
        |field| Err(Error::invalid_input(field, "ION cannot be without it").with_provider(crate::KIND));
    match &command.name {
        Patch::Keep => {}
        Patch::Clear => return needed("name"),
        Patch::Set(name) => name.trim().clone_into(&mut body.customer_organization),
    }
    match &command.contacts {
        Patch::Keep => {}
        Patch::Clear => return needed("contacts"),
        Patch::Set(contacts) => match primary(contacts) {
            Some(contact) => set_contact(&mut body, contact),
            None => return needed("contacts"),
        },
    }
    match &command.address {
        Patch::Keep => {}
        Patch::Clear => return needed("address"),
        Patch::Set(address) => set_address(&mut body, address),
    }
    command.phone.clone().apply_to(&mut body.customer_phone);
    Ok(body)
}

fn differences(before: &CustomerWrite, after: &CustomerWrite) -> Vec<(&'static str, String, String)> {
    let address = |body: &CustomerWrite| {
        let a = &body.customer_address;
        let lines = [
            Some(&a.street),
            a.suite.as_ref(),
            Some(&a.zip),
            Some(&a.city),
            Some(&a.state),
            Some(&a.country),
        ];
        lines.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        ("name", before.customer_organization.clone(), after.customer_organization.clone()),
        ("contact name", before.customer_name.clone(), after.customer_name.clone()),
        ("contact email", before.customer_email.clone(), after.customer_email.clone()),
        ("contact title", text(&before.customer_title), text(&after.customer_title)),
        ("phone", text(&before.customer_phone), text(&after.customer_phone)),
        ("address", address(before), address(after)),
    ]
    .into_iter()
    .filter(|(_, from, to)| from != to)
    .collect()
}
