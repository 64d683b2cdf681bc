//! Organizations, their addresses, who may see them.

use super::body::ORGANIZATION_ACCESS;
use super::record::Organization;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::ADDRESS_TYPE;
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{choice, int, text};
use crate::crayon::engine::route::{PAGED, Paging, get, put};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route, State};

/// The spec gives this list a default of its own.
const ACCESS_PAGES: Paging = Paging { default: 10_000, max: 10_000 };

pub(crate) const ROUTES: &[Route] = &[
    get("organizations", list).query(&[text("Search")]).paged(PAGED),
    get("organizations/{id:int}", read),
    get("organizations/{id:int}/salescontact", sales_contact),
    get("organizations/hasaccess/{id:int}", has_access),
    get("organizations/{organization:int}/addresses", addresses).query(&[choice("type", &ADDRESS_TYPE)]),
    get("organizations/{organization:int}/addresses/{id:long}", address),
    get("organizationaccess", access).query(&[int("organizationId"), text("userId")]).paged(ACCESS_PAGES),
    get("organizationaccess/grant", access)
        .query(&[int("organizationId"), text("userId")])
        .paged(ACCESS_PAGES),
    put("organizationaccess", grant).list_body(&ORGANIZATION_ACCESS),
];

impl State {
    /// A reference to the organization; null when the user may not see it.
    pub(crate) fn organization_reference(&self, id: i64) -> Json {
        self.organization(id).map_or(Json::Null, Organization::reference)
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    let search = call.query.text("Search");
    let rows = call.state.organizations.iter().filter(|row| mentions(search, &[Some(row.name), row.account]));
    Ok(call.page_of(rows, Organization::json))
}

/// An organization outside the user's access is as good as none.
fn visible<'a>(call: &'a Call<'_>, capture: &str) -> Result<&'a Organization, ErrorAnswer> {
    call.state.organization(call.id(capture)).ok_or_else(ErrorAnswer::nothing_here)
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(visible(call, "id")?.json()))
}

fn sales_contact(call: &mut Call<'_>) -> Outcome {
    visible(call, "id")?;
    Ok(Answer::json(object! {
        "FullName": "Sales Desk",
        "Email": "sales@example.com",
        "Phone": "+4755501000",
    }))
}

fn has_access(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(call.state.has_access(call.id("id"))))
}

fn addresses(call: &mut Call<'_>) -> Outcome {
    let organization = visible(call, "organization")?.id;
    let kind = call.query.filter("type");
    let rows = call.state.directory.addresses.rows().filter(|row| {
        row.get("Organization").id() == Some(organization)
            && kind.is_none_or(|kind| row.get("AddressType").int() == Some(kind))
    });
    Ok(call.page_of(rows, Json::clone))
}

fn address(call: &mut Call<'_>) -> Outcome {
    let organization = visible(call, "organization")?.id;
    let row = call.state.directory.addresses.get(call.id("id"));
    row.filter(|row| row.get("Organization").id() == Some(organization))
        .map(|row| Answer::json(row.clone()))
        .ok_or_else(ErrorAnswer::nothing_here)
}

fn access(call: &mut Call<'_>) -> Outcome {
    let organization = call.query.filter("organizationId").map(|id| call.accessible(id)).transpose()?;
    let user = call.query.text("userId");
    let rows = call.state.directory.access.rows().filter(|row| {
        organization.is_none_or(|id| row.get("Organization").id() == Some(id))
            && user.is_none_or(|user| {
                row.get("User").get("Id").text().is_some_and(|known| known.eq_ignore_ascii_case(user))
            })
    });
    Ok(call.page_of(rows, Json::clone))
}

fn grant(call: &mut Call<'_>) -> Outcome {
    let given = std::mem::replace(&mut call.body, Json::Null);
    for row in given.items() {
        let organization = row.get("Organization").id().unwrap_or_default();
        call.accessible(organization)?;
        let user = row.get("User").get("Id").text().unwrap_or_default();
        if call.state.directory.user(user).is_none() {
            return Err(ErrorAnswer::rule("UserNotFound", "The user of an access entry was not found."));
        }
    }
    let now = dates::write(call.now, Form::Ticks);
    let granted = given.items().iter().map(|row| {
        let mut record = ORGANIZATION_ACCESS.complete(row);
        record.set("Timestamp", now.clone());
        let known = row.id().filter(|id| call.state.directory.access.get(*id).is_some());
        let id = match known {
            Some(id) => {
                if let Some(stored) = call.state.directory.access.get_mut(id) {
                    *stored = record;
                }
                id
            }
            None => call.state.directory.access.add(record),
        };
        call.state.directory.access.get(id).cloned().unwrap_or(Json::Null)
    });
    let granted: Vec<Json> = granted.collect();
    Ok(Answer::json(Json::List(granted)))
}
