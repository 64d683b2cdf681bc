//! `/v1/companies`.

use axum::body::Bytes;
use axum::extract::Path;
use chrono::{DateTime, Utc};

use super::body::{self, INVALID_COMPANY, NewContact};
use super::record::Company;
use crate::engine::answer::Answer;
use crate::pax8::access::webhook::event::Event;
use crate::pax8::engine::call::ok;
use crate::pax8::engine::listing::{PageAsked, Sort, SortKey, boolean, choice};
use crate::pax8::state::{Call, State};

const LIST_QUERY: &[&str] = &[
    "page",
    "size",
    "sort",
    "city",
    "country",
    "stateOrProvince",
    "postalCode",
    "selfServiceAllowed",
    "billOnBehalfOfEnabled",
    "orderApprovalRequired",
    "status",
];
const SORT_FIELDS: &[&str] = &["name", "city", "country", "stateOrProvince", "postalCode"];

/// `GET /v1/companies`.
pub(crate) async fn list(call: Call) -> Answer {
    let query = call.query(LIST_QUERY)?;
    let page = PageAsked::read(&call, &query)?;
    let sort = Sort::read(&call, &query, ',', SORT_FIELDS)?;
    let status = choice(&call, &query, "status", &["Active", "Inactive", "Deleted"])?;
    let self_service = boolean(&call, &query, "selfServiceAllowed")?;
    let bill_on_behalf_of = boolean(&call, &query, "billOnBehalfOfEnabled")?;
    let order_approval = boolean(&call, &query, "orderApprovalRequired")?;
    let text = |name: &str, value: &Option<String>| {
        query.get(name).is_none_or(|wanted| value.as_deref() == Some(wanted))
    };
    let answer = call.read(|state| {
        let mut rows: Vec<&Company> = state
            .companies
            .iter()
            .filter(|company| {
                let profile = &company.profile;
                let address = &profile.address;
                text("city", &address.city)
                    && text("stateOrProvince", &address.state_or_province)
                    && text("postalCode", &address.postal_code)
                    && query
                        .get("country")
                        .is_none_or(|wanted| is_country(address.country.as_deref(), wanted))
                    && self_service.is_none_or(|wanted| profile.self_service == wanted)
                    && bill_on_behalf_of.is_none_or(|wanted| profile.bill_on_behalf_of == wanted)
                    && order_approval.is_none_or(|wanted| profile.order_approval == wanted)
                    && status.is_none_or(|wanted| company.status() == wanted)
            })
            .collect();
        if let Some(sort) = &sort {
            sort.apply(&mut rows, |company| sort_key(company, sort.field));
        }
        page.cut(&rows, |company| company.row()).nested()
    });
    Ok(ok(&answer))
}

fn sort_key(company: &Company, field: &str) -> SortKey {
    let address = &company.profile.address;
    let text = match field {
        "name" => Some(&company.profile.name),
        "city" => address.city.as_ref(),
        "country" => address.country.as_ref(),
        "stateOrProvince" => address.state_or_province.as_ref(),
        _ => address.postal_code.as_ref(),
    };
    SortKey::Text(text.cloned().unwrap_or_default())
}

/// Bodies carry a code of two letters, the filter's documented example is a full name: both find the company.
fn is_country(code: Option<&str>, wanted: &str) -> bool {
    let name = match code {
        Some("US") => "United States",
        Some("CA") => "Canada",
        Some("GB") => "United Kingdom",
        _ => "",
    };
    code == Some(wanted) || (!name.is_empty() && name == wanted)
}

/// `POST /v1/companies`.
pub(crate) async fn create(call: Call, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let (profile, contacts) = body::create(&call, &members)?;
    let answer = call.change(|state, now| {
        let taken = state
            .companies
            .iter()
            .any(|one| !one.deleted && one.profile.name.eq_ignore_ascii_case(&profile.name));
        if taken {
            let rule = format!("Company already exists: {}", profile.name);
            return Err(call.unprocessable(INVALID_COMPANY, &[rule]));
        }
        let mut company =
            Company { id: state.ids.uuid(), profile, deleted: false, updated_at: now, contacts: Vec::new() };
        for contact in contacts {
            add_contact(state, &mut company, contact, now);
        }
        let answer = company.full();
        state.events.push(Event::company(&company, "CREATED"));
        state.companies.push(company);
        Ok(answer)
    })?;
    Ok(ok(&answer))
}

/// Adds a contact to a company.
fn add_contact(state: &mut State, company: &mut Company, new: NewContact, now: DateTime<Utc>) {
    let contact = new.with_id(state.ids.uuid(), now);
    company.demote_others(&contact);
    company.contacts.push(contact);
}

/// `GET /v1/companies/{companyId}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    let answer = call.read(|state| state.companies.get(&id).map(Company::full));
    answer.map(|company| ok(&company)).ok_or_else(|| call.not_found("Company", &id))
}

/// `PATCH /v1/companies/{companyId}`.
pub(crate) async fn update(call: Call, Path(id): Path<String>, body: Bytes) -> Answer {
    call.no_query()?;
    let members = call.object(&body)?;
    let answer = call.change(|state, now| {
        let Some(company) = state.companies.get_mut(&id) else {
            return Err(call.not_found("Company", &id));
        };
        if company.deleted {
            let rule = "the company has been deleted".to_owned();
            return Err(call.unprocessable(INVALID_COMPANY, &[rule]));
        }
        company.profile = body::update(&call, &members, &company.profile)?;
        company.updated_at = now;
        let answer = company.full();
        let event = Event::company(company, "UPDATED");
        state.events.push(event);
        Ok(answer)
    })?;
    Ok(ok(&answer))
}
