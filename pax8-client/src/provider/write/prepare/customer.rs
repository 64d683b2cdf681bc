//! Companies to be created or changed.

pub(in crate::provider::write) mod contacts;

use provider_core::error::Violation;
use provider_core::receipt::{Change, Fidelity};
use provider_core::{
    Country, CreateCustomer, CustomerId, Outcome, Patch, Plan, Receipt, Result, UpdateCustomer,
};
use provider_http::OperationContext;

use self::contacts::REFUSED;
use super::prepared::{Prepared, Send, Step, refuse};
use crate::config::CompanyDefaults;
use crate::map::customer::{missing_roles, to_address};
use crate::model::{Address, Company, CompanyUpdate, NewCompany};
use crate::provider::context::Context;
use crate::provider::customers;

pub(super) fn create(cx: &Context, command: &CreateCustomer) -> Result<Prepared> {
    let company = new_company(command, cx.country, cx.defaults)?;
    let mut plan =
        Plan::new(Fidelity::Simulated).with_change(Change::new("customer", None, Some(company.name.clone())));
    let missing = missing_roles(command.contacts.iter().flat_map(|contact| &contact.roles));
    if !missing.is_empty() {
        plan.warnings.push(format!(
            "nothing can be ordered for it until it has a primary contact of type {}",
            missing.join(", ")
        ));
    }
    Ok(Prepared { plan, send: Send::Create(company) })
}

/// What has to be sent so that the company becomes what the command says. Pax8 refuses a change that
/// changes nothing, so none is sent.
pub(super) async fn update(
    cx: &Context,
    op: &OperationContext,
    command: &UpdateCustomer,
) -> Result<Prepared> {
    let wanted = wanted(command)?;
    let id = &command.customer;
    let mut plan = Plan::new(Fidelity::Simulated);
    let mut steps = Vec::new();
    if !wanted.is_empty() {
        let current = customers::record(cx, op, id).await?;
        let update = only_changes(wanted, &current);
        plan.changes.extend(changes(id, &current, &update));
        if !update.is_empty() {
            steps.push(Step::Company(update));
        }
    }
    if let Patch::Set(contacts) = &command.contacts {
        let current = customers::all_contacts(cx, op, id.as_str()).await?;
        let current: Vec<_> = current.into_values().collect();
        for (step, change) in contacts::steps(id, contacts, &current)? {
            steps.push(step);
            plan.changes.push(change);
        }
        let missing = missing_roles(contacts.iter().flat_map(|contact| &contact.roles));
        if !missing.is_empty() {
            plan.warnings.push(format!("it will lack a primary contact of type {}", missing.join(", ")));
        }
    }
    if steps.is_empty() {
        plan.warnings.push("the company is so already: nothing is sent".to_owned());
        let receipt = Receipt::new(Outcome::Applied).with_customer(id.clone());
        return Ok(Prepared { plan, send: Send::Nothing(receipt) });
    }
    Ok(Prepared { plan, send: Send::Update { company: id.clone(), steps } })
}

/// Each field that an update sends, with what it was.
fn changes(id: &CustomerId, current: &Company, update: &CompanyUpdate) -> Vec<Change> {
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    let address = |address: Option<&Address>| address.and_then(|a| serde_json::to_string(a).ok());
    [
        ("name", current.name.clone(), update.name.clone()),
        ("external_id", current.external_id.clone(), update.external_id.clone()),
        ("phone", current.phone.clone(), update.phone.clone()),
        ("website", current.website.clone(), update.website.clone()),
        ("address", address(current.address.as_ref()), address(update.address.as_ref())),
        ("self_service_allowed", flag(current.self_service_allowed), flag(update.self_service_allowed)),
        (
            "bill_on_behalf_of",
            flag(current.bill_on_behalf_of_enabled),
            flag(update.bill_on_behalf_of_enabled),
        ),
        (
            "order_approval_required",
            flag(current.order_approval_required),
            flag(update.order_approval_required),
        ),
    ]
    .into_iter()
    .filter(|(_, _, to)| to.is_some())
    .map(|(what, from, to)| Change::new(format!("customer {id}: {what}"), from, to))
    .collect()
}

/// The company that a command describes.
fn new_company(
    command: &CreateCustomer,
    country: Option<Country>,
    defaults: CompanyDefaults,
) -> Result<NewCompany> {
    let mut wrong = Vec::new();
    for (field, set) in [
        ("organization", command.organization.is_some()),
        ("domain", command.domain.is_some()),
        ("registration_number", command.registration_number.is_some()),
        ("invoice_profile", command.invoice_profile.is_some()),
        ("language", command.language.is_some()),
        ("consent", command.consent.is_some()),
        ("attributes", !command.attributes.is_empty()),
    ] {
        if set {
            wrong.push(Violation::new(field, "Pax8 keeps no such thing of a company: leave it out"));
        }
    }
    let mut needed = |field: &str, text: Option<&String>| match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => text.clone(),
        None => {
            wrong.push(Violation::new(field, "Pax8 requires it"));
            String::new()
        }
    };
    let name = needed("name", Some(&command.name));
    let phone = needed("phone", command.phone.as_ref());
    let website = needed("website", command.website.as_ref());
    let address = command.address.as_ref().map(|address| to_address(address, country));
    if address.is_none() {
        wrong.push(Violation::new("address", "Pax8 requires it"));
    }
    if command.address.as_ref().is_some_and(|address| address.line3.is_some()) {
        wrong.push(Violation::new("address.line3", "Pax8 has two lines"));
    }
    let mut company = NewCompany::new(name, address.unwrap_or_default(), phone, website);
    for (index, contact) in command.contacts.iter().enumerate() {
        match contacts::new_contact(index, contact) {
            Ok(contact) => company.contacts.push(contact),
            Err(violations) => wrong.extend(violations),
        }
    }
    company.external_id.clone_from(&command.external_id);
    let flags = &command.flags;
    company.self_service_allowed = flags.self_service_allowed.unwrap_or(defaults.self_service_allowed);
    company.bill_on_behalf_of_enabled = flags.bill_on_behalf_of.unwrap_or(defaults.bill_on_behalf_of_enabled);
    company.order_approval_required =
        flags.order_approval_required.unwrap_or(defaults.order_approval_required);
    refuse(REFUSED, wrong)?;
    Ok(company)
}

/// What a command wants, before it is compared with what there is.
pub(in crate::provider::write) fn wanted(command: &UpdateCustomer) -> Result<CompanyUpdate> {
    let mut wrong = Vec::new();
    let mut text = |field: &str, patch: &Patch<String>| match patch {
        Patch::Keep => None,
        Patch::Set(text) if !text.trim().is_empty() => Some(text.clone()),
        Patch::Set(_) | Patch::Clear => {
            wrong.push(Violation::new(field, "cannot be emptied at Pax8"));
            None
        }
    };
    let mut update = CompanyUpdate {
        name: text("name", &command.name),
        phone: text("phone", &command.phone),
        website: text("website", &command.website),
        external_id: text("external_id", &command.external_id),
        ..CompanyUpdate::default()
    };
    match &command.address {
        Patch::Keep => {}
        Patch::Clear => wrong.push(Violation::new("address", "cannot be emptied at Pax8")),
        Patch::Set(address) if address.line3.is_some() => {
            wrong.push(Violation::new("address.line3", "Pax8 has two lines"));
        }
        Patch::Set(address) => update.address = Some(to_address(address, None)),
    }
    for (field, kept) in [
        ("registration_number", command.registration_number.is_keep()),
        ("invoice_profile", command.invoice_profile.is_keep()),
    ] {
        if !kept {
            wrong.push(Violation::new(field, "Pax8 keeps no such thing of a company: leave it out"));
        }
    }
    if matches!(command.contacts, Patch::Clear) {
        wrong.push(Violation::new("contacts", "a company without contacts can buy nothing: name who stays"));
    }
    update.self_service_allowed = command.flags.self_service_allowed;
    update.bill_on_behalf_of_enabled = command.flags.bill_on_behalf_of;
    update.order_approval_required = command.flags.order_approval_required;
    refuse(REFUSED, wrong)?;
    Ok(update)
}

/// What is left to change.
pub(in crate::provider::write) fn only_changes(wanted: CompanyUpdate, current: &Company) -> CompanyUpdate {
    fn changed<T: PartialEq>(wanted: Option<T>, current: Option<&T>) -> Option<T> {
        wanted.filter(|wanted| current != Some(wanted))
    }
    CompanyUpdate {
        name: changed(wanted.name, current.name.as_ref()),
        address: changed(wanted.address, current.address.as_ref()),
        phone: changed(wanted.phone, current.phone.as_ref()),
        website: changed(wanted.website, current.website.as_ref()),
        external_id: changed(wanted.external_id, current.external_id.as_ref()),
        bill_on_behalf_of_enabled: changed(
            wanted.bill_on_behalf_of_enabled,
            current.bill_on_behalf_of_enabled.as_ref(),
        ),
        self_service_allowed: changed(wanted.self_service_allowed, current.self_service_allowed.as_ref()),
        order_approval_required: changed(
            wanted.order_approval_required,
            current.order_approval_required.as_ref(),
        ),
    }
}

/// What a company has in the fields that a command sets.
pub(in crate::provider::write) fn present(wanted: &CompanyUpdate, current: &Company) -> CompanyUpdate {
    fn of<T: Clone>(wanted: Option<&T>, current: Option<&T>) -> Option<T> {
        wanted.and(current).cloned()
    }
    CompanyUpdate {
        name: of(wanted.name.as_ref(), current.name.as_ref()),
        address: of(wanted.address.as_ref(), current.address.as_ref()),
        phone: of(wanted.phone.as_ref(), current.phone.as_ref()),
        website: of(wanted.website.as_ref(), current.website.as_ref()),
        external_id: of(wanted.external_id.as_ref(), current.external_id.as_ref()),
        bill_on_behalf_of_enabled: of(
            wanted.bill_on_behalf_of_enabled.as_ref(),
            current.bill_on_behalf_of_enabled.as_ref(),
        ),
        self_service_allowed: of(wanted.self_service_allowed.as_ref(), current.self_service_allowed.as_ref()),
        order_approval_required: of(
            wanted.order_approval_required.as_ref(),
            current.order_approval_required.as_ref(),
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::Delivery;
    use provider_core::model::Contact;

    use super::*;

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let mut command = CreateCustomer::new("Harbor");
        command.domain = Some("harbor".to_owned());
        command.contacts.push(Contact::default());
        let error = new_company(&command, None, CompanyDefaults::default()).unwrap_err();
        let fields: Vec<_> = error.violations().iter().map(|v| v.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "domain",
                "phone",
                "website",
                "address",
                "contacts[0].first_name",
                "contacts[0].last_name",
                "contacts[0].email",
                "contacts[0].phone"
            ]
        );
        assert_eq!(error.delivery(), Delivery::NotSent);
    }
}
