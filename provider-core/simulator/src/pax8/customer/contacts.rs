//! `/v1/companies/{companyId}/contacts`.

use axum::body::Bytes;
use axum::extract::Path;

use super::body::{self, INVALID_CONTACT};
use super::record::{Company, Contact};
use crate::engine::answer::{Answer, Stop};
use crate::pax8::access::webhook::event::Event;
use crate::pax8::engine::call::{no_content, ok};
use crate::pax8::engine::listing::PageAsked;
use crate::pax8::state::Call;

/// `GET …/contacts`: newest first.
pub(crate) async fn list(call: Call, Path(company_id): Path<String>) -> Answer {
    let query = call.query(&["page", "size"])?;
    let page = PageAsked::read(&call, &query)?;
    let answer = call.read(|state| {
        let company = state.companies.get(&company_id)?;
        let newest_first: Vec<&Contact> = company.contacts.iter().rev().collect();
        Some(page.cut(&newest_first, |contact| contact.json()).nested())
    });
    answer.map(|page| ok(&page)).ok_or_else(|| call.not_found("Company", &company_id))
}

/// `POST …/contacts`.
pub(crate) async fn create(call: Call, Path(company_id): Path<String>, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let new = body::contact(&call, &members)?;
    let answer = call.change(|state, now| {
        let id = state.ids.uuid();
        let Some(company) = state.companies.get_mut(&company_id) else {
            return Err(call.not_found("Company", &company_id));
        };
        let contact = new.with_id(id, now);
        let before = company.status();
        company.demote_others(&contact);
        let answer = contact.json();
        company.contacts.push(contact);
        if company.status() != before {
            company.updated_at = now;
            let event = Event::company(company, "UPDATED");
            state.events.push(event);
        }
        Ok(answer)
    })?;
    Ok(ok(&answer))
}

/// `GET …/contacts/{contactId}`.
pub(crate) async fn get(call: Call, Path((company_id, contact_id)): Path<(String, String)>) -> Answer {
    call.no_query()?;
    let answer = call.read(|state| {
        let company =
            state.companies.get(&company_id).ok_or_else(|| call.not_found("Company", &company_id))?;
        let contact = company.contacts.iter().find(|one| one.id == contact_id);
        contact.map(Contact::json).ok_or_else(|| call.not_found("Contact", &contact_id))
    })?;
    Ok(ok(&answer))
}

/// `PUT …/contacts/{contactId}`: replaces every field.
pub(crate) async fn replace(
    call: Call,
    Path((company_id, contact_id)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let new = body::contact(&call, &members)?;
    let answer = call.change(|state, now| {
        let company = company_of(&call, state.companies.get_mut(&company_id), &company_id)?;
        let old = contact_of(&call, company, &contact_id)?;
        let contact = new.with_id(old.id.clone(), old.created_at);
        if let Some(kind) = old.primary_types().find(|kind| !contact.is_primary(kind)) {
            return Err(last_primary(&call, kind));
        }
        company.demote_others(&contact);
        let before = company.status();
        let answer = contact.json();
        if let Some(place) = company.contacts.iter_mut().find(|one| one.id == contact_id) {
            *place = contact;
        }
        if company.status() != before {
            company.updated_at = now;
            let event = Event::company(company, "UPDATED");
            state.events.push(event);
        }
        Ok(answer)
    })?;
    Ok(ok(&answer))
}

/// `DELETE …/contacts/{contactId}`.
pub(crate) async fn delete(
    call: Call,
    Path((company_id, contact_id)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    call.no_query()?;
    call.no_body(&body)?;
    call.change(|state, _| {
        let company = company_of(&call, state.companies.get_mut(&company_id), &company_id)?;
        let contact = contact_of(&call, company, &contact_id)?;
        if let Some(kind) = contact.primary_types().next() {
            return Err(last_primary(&call, kind));
        }
        company.contacts.retain(|one| one.id != contact_id);
        Ok(())
    })?;
    Ok(no_content())
}

fn company_of<'a>(call: &Call, found: Option<&'a mut Company>, id: &str) -> Result<&'a mut Company, Stop> {
    found.ok_or_else(|| call.not_found("Company", id))
}

fn contact_of<'a>(call: &Call, company: &'a Company, id: &str) -> Result<&'a Contact, Stop> {
    company.contacts.iter().find(|one| one.id == id).ok_or_else(|| call.not_found("Contact", id))
}

/// A primary contact is replaced by naming another one, never by taking it away.
fn last_primary(call: &Call, kind: &str) -> Stop {
    let rule = format!("the company needs a primary {kind} contact");
    call.unprocessable(INVALID_CONTACT, &[rule])
}
