//! Companies created and changed.

use provider_core::{
    Contact, ContactRoleKind, CreateCustomer, Customer, Delivery, Detail, EntityKind, Error, ErrorKind,
    LineOutcome, LineReceipt, Outcome, Patch, Receipt, Result, UpdateCustomer, Violation,
};

use super::unsent;
use crate::config::CompanyDefaults;
use crate::map::customer::{customer, to_address};
use crate::model::{self, CompanyUpdate, ContactTypeName, NewCompany, NewContact};
use crate::provider::Pax8Provider;
use crate::provider::budget::Budget;

impl Pax8Provider {
    pub(super) async fn create_company(&self, command: &CreateCustomer, budget: &Budget) -> Result<Receipt> {
        let company = new_company(command, self.country, self.defaults)?;
        let created = self.client.companies().with(budget.call()).create(&company).await?;
        Ok(Receipt::new(Outcome::Applied).with_customer(created.id))
    }

    /// The company first, then contacts one by one. Once a step took effect, what follows is reported, not
    /// thrown.
    pub(super) async fn update_company(&self, command: &UpdateCustomer, budget: &Budget) -> Result<Receipt> {
        let id = command.customer.as_str();
        let steps = self.steps(command, budget).await.map_err(unsent)?;
        let mut lines: Vec<LineReceipt> = Vec::new();
        let mut stopped = false;
        for (index, step) in steps.iter().enumerate() {
            if stopped {
                lines.push(LineReceipt::new(index, LineOutcome::NotAttempted));
                continue;
            }
            match self.step(id, step, budget).await {
                Ok(()) => lines.push(LineReceipt::new(index, LineOutcome::Applied)),
                Err(error) if index == 0 => return Err(error),
                Err(error) => {
                    stopped = true;
                    lines.push(failed(index, &error));
                }
            }
        }
        let outcome = if stopped { Outcome::Partial } else { Outcome::Applied };
        let mut receipt = Receipt::new(outcome).with_customer(command.customer.clone());
        if stopped {
            receipt.lines = lines;
        }
        Ok(receipt)
    }

    async fn step(&self, id: &str, step: &Step, budget: &Budget) -> Result<()> {
        let contacts = self.client.contacts().with(budget.call());
        match step {
            Step::Company(update) => {
                self.client.companies().with(budget.call()).update(id, update).await.map(drop)
            }
            Step::Add(contact) => contacts.create(id, contact).await.map(drop),
            Step::Replace(contact, new) => contacts.replace(id, contact, new).await.map(drop),
            Step::Remove(contact) => contacts.delete(id, contact).await,
        }
    }

    /// What has to be sent so that the company becomes what the command says. Pax8 refuses a change that
    /// changes nothing, so none is sent.
    async fn steps(&self, command: &UpdateCustomer, budget: &Budget) -> Result<Vec<Step>> {
        let wanted = update_of(command)?;
        let mut steps = Vec::new();
        if !wanted.is_empty() {
            let id = command.customer.as_str();
            let current = self.client.companies().with(budget.quiet_call()).get(id).await?;
            let update = only_changes(wanted, &current);
            if !update.is_empty() {
                steps.push(Step::Company(update));
            }
        }
        if let Patch::Set(contacts) = &command.contacts {
            let current = self.wire_contacts(command.customer.as_str(), budget, true).await?;
            steps.extend(contact_steps(contacts, &current)?);
        }
        Ok(steps)
    }

    /// The company as it is, for plans.
    pub(in crate::provider) async fn company(&self, id: &str, budget: &Budget) -> Result<Customer> {
        let record = self.client.companies().with(budget.quiet_call()).get(id).await?;
        customer(record, None, Detail::Full)
            .map_err(|item| crate::provider::unreadable(item, EntityKind::Customer))
    }
}

/// One call of an update.
#[derive(Debug)]
enum Step {
    Company(CompanyUpdate),
    Add(NewContact),
    Replace(String, NewContact),
    Remove(String),
}

fn failed(index: usize, error: &Error) -> LineReceipt {
    let outcome = match error.delivery() {
        Delivery::NotSent | Delivery::Rejected => LineOutcome::Rejected,
        Delivery::Applied => LineOutcome::Applied,
        _ => LineOutcome::Unknown,
    };
    let mut line = LineReceipt::new(index, outcome);
    line.violations = error.violations().to_vec();
    if line.violations.is_empty() {
        line.violations.push(Violation::new("contacts", error.message()));
    }
    line
}

/// The company that a command describes.
pub(in crate::provider) fn new_company(
    command: &CreateCustomer,
    country: Option<provider_core::Country>,
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
        match new_contact(index, contact) {
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
    refuse(wrong)?;
    Ok(company)
}

/// The changes that a command names, before they are compared with what there is.
pub(in crate::provider) fn update_of(command: &UpdateCustomer) -> Result<CompanyUpdate> {
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
    refuse(wrong)?;
    Ok(update)
}

fn only_changes(wanted: CompanyUpdate, current: &model::Company) -> CompanyUpdate {
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

/// The given contacts are all that shall be: they are found by id, then by address. Those that are new
/// come first and those that go come last, so that a company never lacks a contact in between.
fn contact_steps(wanted: &[Contact], current: &[model::Contact]) -> Result<Vec<Step>> {
    let mut wrong = Vec::new();
    let (mut added, mut replaced) = (Vec::new(), Vec::new());
    let mut kept: Vec<&str> = Vec::new();
    for (index, contact) in wanted.iter().enumerate() {
        let new = match new_contact(index, contact) {
            Ok(new) => new,
            Err(violations) => {
                wrong.extend(violations);
                continue;
            }
        };
        let id = contact.id.as_ref().map(provider_core::ContactId::as_str);
        let is_meant = |one: &&model::Contact| match id {
            Some(id) => one.id.as_deref() == Some(id),
            None => one.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(&new.email)),
        };
        let free = |one: &&model::Contact| one.id.as_deref().is_some_and(|id| !kept.contains(&id));
        match current.iter().filter(free).find(is_meant) {
            Some(found) => {
                let Some(id) = found.id.as_deref() else { continue };
                kept.push(id);
                if !is_same(found, &new) {
                    replaced.push(Step::Replace(id.to_owned(), new));
                }
            }
            None if id.is_some() => {
                let field = format!("contacts[{index}].id");
                wrong.push(Violation::new(field, "the company has no such contact"));
            }
            None => added.push(Step::Add(new)),
        }
    }
    refuse(wrong)?;
    let gone = current.iter().filter_map(|one| one.id.as_deref()).filter(|id| !kept.contains(id));
    let removed: Vec<Step> = gone.map(|id| Step::Remove(id.to_owned())).collect();
    Ok(added.into_iter().chain(replaced).chain(removed).collect())
}

fn is_same(found: &model::Contact, new: &NewContact) -> bool {
    found.first_name.as_ref() == Some(&new.first_name)
        && found.last_name.as_ref() == Some(&new.last_name)
        && found.email.as_ref() == Some(&new.email)
        && found.phone.as_ref() == Some(&new.phone)
        && found.types.len() == new.types.len()
        && new.types.iter().all(|kind| found.types.contains(kind))
}

fn new_contact(index: usize, contact: &Contact) -> Result<NewContact, Vec<Violation>> {
    let mut wrong = Vec::new();
    let field = |member: &str| format!("contacts[{index}].{member}");
    let whole = contact.name.as_deref().and_then(|name| name.trim().split_once(' '));
    let mut needed =
        |member: &str, text: Option<&str>| match text.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => text.to_owned(),
            None => {
                wrong.push(Violation::new(field(member), "Pax8 requires it"));
                String::new()
            }
        };
    let first = needed("first_name", contact.first_name.as_deref().or(whole.map(|(first, _)| first)));
    let last = needed("last_name", contact.last_name.as_deref().or(whole.map(|(_, last)| last)));
    let email = needed("email", contact.email.as_deref());
    let phone = needed("phone", contact.phone.as_deref());
    let mut new = NewContact::new(first, last, email, phone);
    if contact.title.is_some() {
        wrong.push(Violation::new(field("title"), "Pax8 keeps no titles"));
    }
    for role in &contact.roles {
        let kind = match &role.kind {
            ContactRoleKind::Admin => ContactTypeName::Admin,
            ContactRoleKind::Billing => ContactTypeName::Billing,
            ContactRoleKind::Technical => ContactTypeName::Technical,
            ContactRoleKind::Other(text) => ContactTypeName::from(text.as_str()),
            other => {
                let problem = format!("Pax8 has no role `{other}`: use admin, billing or technical");
                wrong.push(Violation::new(field("roles"), problem));
                continue;
            }
        };
        new = new.with_type(kind, role.primary);
    }
    if wrong.is_empty() { Ok(new) } else { Err(wrong) }
}

fn refuse(wrong: Vec<Violation>) -> Result<()> {
    if wrong.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = wrong.iter().map(|v| format!("{}: {}", v.field, v.message)).collect();
    Err(Error::new(
        ErrorKind::InvalidInput,
        format!("the customer cannot be written so: {}", list.join("; ")),
    )
    .with_delivery(Delivery::NotSent)
    .with_violations(wrong))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

    use provider_core::ContactRole;

    use super::*;

    fn person(id: Option<&str>, email: &str) -> Contact {
        let mut contact = Contact::default();
        contact.id = id.map(provider_core::ContactId::from);
        contact.name = Some("Sample van Person".to_owned());
        contact.email = Some(email.to_owned());
        contact.phone = Some("555".to_owned());
        contact.roles = vec![ContactRole::new(ContactRoleKind::Admin, true)];
        contact
    }

    #[test]
    fn contacts_are_added_replaced_and_removed() {
        let current: Vec<model::Contact> = serde_json::from_str(
            r#"[{"id":"1","firstName":"Sample","lastName":"van Person","email":"a@example.com","phone":"555","types":[{"type":"Admin","primary":true}]},
                {"id":"2","firstName":"X","lastName":"Y","email":"b@example.com","phone":"1","types":[]},
                {"id":"3","firstName":"Z","lastName":"Z","email":"c@example.com","phone":"1"}]"#,
        )
        .unwrap();
        let wanted = [
            person(Some("1"), "a@example.com"),
            person(None, "B@example.com"),
            person(None, "d@example.com"),
        ];
        let steps = contact_steps(&wanted, &current).unwrap();
        assert_eq!(steps.len(), 3);
        assert!(matches!(&steps[0], Step::Add(new) if new.email == "d@example.com"));
        assert!(matches!(&steps[1], Step::Replace(id, _) if id == "2"));
        assert!(matches!(&steps[2], Step::Remove(id) if id == "3"));
        let error = contact_steps(&[person(Some("9"), "a@example.com")], &current).unwrap_err();
        assert_eq!(error.violations()[0].field, "contacts[0].id");
    }

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
