//! Groupings: how invoices are split inside an invoice profile.

use super::body::GROUPING;
use crate::crayon::access::record::Organization;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{flag, int, text};
use crate::crayon::engine::route::{Paging, delete, get, post, put};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route, State};

/// The vendor's SDK asks for everything at once.
const PAGES: Paging = Paging { default: 50, max: i32::MAX as i64 };

pub(crate) const ROUTES: &[Route] = &[
    get("groupings", list)
        .query(&[int("OrganizationId"), flag("IncludeRemoved"), text("Search")])
        .paged(PAGES),
    get("groupings/{id:int}", read),
    post("groupings", create).body(&GROUPING),
    put("groupings/{id:int}", replace).body(&GROUPING),
    delete("groupings/{id:int}", remove),
];

/// One grouping for each organization.
pub(crate) fn seed(state: &mut State) {
    let stamp = dates::write(dates::add_months(state.started, -10), Form::Local);
    let owners: Vec<Json> = state.organizations.iter().map(Organization::reference).collect();
    for owner in owners {
        state.groupings.add(GROUPING.complete(&object! {
            "Name": "Northern offices",
            "Organization": owner,
            "CreatedDate": stamp.clone(),
            "ModifiedDate": stamp.clone(),
        }));
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    let organization = call.organization_filter()?;
    let removed = call.query.bool("IncludeRemoved") == Some(true);
    let rows = call.state.groupings.rows().filter(|row| {
        organization.is_none_or(|wanted| row.get("Organization").id() == Some(wanted))
            && (removed || row.get("IsRemoved").bool() == Some(false))
            && mentions(call.query.text("Search"), &[row.get("Name").text()])
    });
    Ok(call.page_of(rows, Json::clone))
}

fn found<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Json, ErrorAnswer> {
    let id = call.id("id");
    call.state.groupings.get_mut(id).ok_or_else(|| ErrorAnswer::not_found("Grouping", &id))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(found(call)?.clone()))
}

fn record(call: &Call<'_>) -> Result<Json, ErrorAnswer> {
    let Some(organization) = call.body.get("Organization").id() else {
        let path = "Organization.Id";
        return Err(ErrorAnswer::malformed(vec![FieldViolation::new(
            "Required",
            path,
            format!("{path} is required"),
        )]));
    };
    call.accessible(organization)?;
    let profile = call.body.get("InvoiceProfile").id();
    if profile.is_some_and(|id| call.state.directory.profiles.get(id).is_none()) {
        return Err(ErrorAnswer::rule("InvoiceProfileNotFound", "There is no such invoice profile."));
    }
    let now = dates::write(call.now, Form::Local);
    Ok(GROUPING
        .complete(&call.body)
        .with("Organization", call.state.organization_reference(organization))
        .with("InvoiceProfile", call.state.directory.profile_reference(profile))
        .with("ModifiedDate", now))
}

fn create(call: &mut Call<'_>) -> Outcome {
    let record = record(call)?;
    let created = record.get("ModifiedDate").clone();
    let id = call.state.groupings.add(record.with("CreatedDate", created));
    Ok(Answer::json(call.state.groupings.get(id).cloned()))
}

fn replace(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    if call.body.id().is_some_and(|named| named != id) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let record = record(call)?.with("Id", id);
    let stored = found(call)?;
    let created = stored.get("CreatedDate").clone();
    *stored = record.with("CreatedDate", created);
    Ok(Answer::json(stored.clone()))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    found(call)?.set("IsRemoved", true);
    Ok(Answer::empty())
}
