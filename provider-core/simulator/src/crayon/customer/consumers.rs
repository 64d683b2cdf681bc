//! Consumers: the companies that use what a partner buys.

use crate::crayon::engine::call::{Answer, Outcome, yes};
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::json::Json;
use crate::crayon::engine::query::{int as int_param, text as text_param};
use crate::crayon::engine::route::{PAGED, delete, get, post, put};
use crate::crayon::engine::shape::{int, refers, shape, text};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route};

shape!(
    CONSUMER,
    "Consumer",
    [int("Id"), text("Name").required(), text("LegalName"), refers("Organization").required(),]
);

pub(crate) const ROUTES: &[Route] = &[
    get("consumers", list).query(&[int_param("OrganizationId"), text_param("Search")]).paged(PAGED),
    get("consumers/{id:int}", read),
    post("consumers", create).body(&CONSUMER),
    put("consumers/{id:int}", replace).body(&CONSUMER),
    delete("consumers/{id:int}", remove),
];

fn list(call: &mut Call<'_>) -> Outcome {
    let organization = call.organization_filter()?;
    let rows = call.state.directory.consumers.rows().filter(|row| {
        organization.is_none_or(|wanted| row.get("Organization").id() == Some(wanted))
            && mentions(call.query.text("Search"), &[row.get("Name").text(), row.get("LegalName").text()])
    });
    Ok(call.page_of(rows, Json::clone))
}

fn found<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Json, ErrorAnswer> {
    let id = call.id("id");
    call.state.directory.consumers.get_mut(id).ok_or_else(|| ErrorAnswer::not_found("Consumer", &id))
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
    Ok(CONSUMER.complete(&call.body).with("Organization", call.state.organization_reference(organization)))
}

fn create(call: &mut Call<'_>) -> Outcome {
    let record = record(call)?;
    let id = call.state.directory.consumers.add(record);
    Ok(Answer::json(call.state.directory.consumers.get(id).cloned()))
}

fn replace(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    if call.body.id().is_some_and(|named| named != id) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let record = record(call)?.with("Id", id);
    *found(call)? = record.clone();
    Ok(Answer::json(record))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    found(call)?;
    call.state.directory.consumers.remove(call.id("id"));
    yes()
}
