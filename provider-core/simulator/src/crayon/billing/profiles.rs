//! Invoice profiles: who gets the invoice.

use super::body::INVOICE_PROFILE;
use crate::crayon::engine::call::{Answer, Outcome, yes};
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::json::Json;
use crate::crayon::engine::query::{int, text};
use crate::crayon::engine::route::{PAGED, delete, get, post, put};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route};

pub(crate) const ROUTES: &[Route] = &[
    get("invoiceprofiles", list).query(&[int("OrganizationId").required(), text("Search")]).paged(PAGED),
    get("invoiceprofiles/{id:int}", read),
    post("invoiceprofiles", create).body(&INVOICE_PROFILE),
    put("invoiceprofiles/{id:int}", replace).body(&INVOICE_PROFILE),
    delete("invoiceprofiles/{id:int}", remove),
];

fn list(call: &mut Call<'_>) -> Outcome {
    let organization = call.organization_filter()?;
    let search = call.query.text("Search");
    let rows = call.state.directory.profiles.rows().filter(|row| {
        row.get("Organization").id() == organization
            && mentions(search, &[row.get("Name").text(), row.get("InvoiceReference").text()])
    });
    Ok(call.page_of(rows, Json::clone))
}

fn found<'a>(call: &'a Call<'_>) -> Result<&'a Json, ErrorAnswer> {
    let id = call.id("id");
    call.state.directory.profiles.get(id).ok_or_else(|| ErrorAnswer::not_found("InvoiceProfile", &id))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(found(call)?.clone()))
}

/// The record that the body describes, with the data of its addresses.
fn record(call: &Call<'_>) -> Result<Json, ErrorAnswer> {
    let organization = call.body.get("Organization").id();
    let Some(organization) = organization else {
        let path = "Organization.Id";
        return Err(ErrorAnswer::malformed(vec![FieldViolation::new(
            "Required",
            path,
            format!("{path} is required"),
        )]));
    };
    call.accessible(organization)?;
    let directory = &call.state.directory;
    let owned = |id: Option<i64>| {
        id.and_then(|id| directory.addresses.get(id))
            .is_some_and(|address| address.get("Organization").id() == Some(organization))
    };
    if !owned(call.body.get("InvoiceAddressId").int()) {
        return Err(ErrorAnswer::rule(
            "AddressNotFound",
            "InvoiceAddressId must be an address of the organization.",
        ));
    }
    let delivery = call.body.get("DeliveryAddressId").int().filter(|id| *id != 0);
    if delivery.is_some() && !owned(delivery) {
        return Err(ErrorAnswer::rule(
            "AddressNotFound",
            "DeliveryAddressId must be an address of the organization.",
        ));
    }
    let mut record = INVOICE_PROFILE.complete(&call.body);
    record.set("Organization", call.state.organization_reference(organization));
    Ok(directory.with_addresses(record))
}

fn create(call: &mut Call<'_>) -> Outcome {
    let record = record(call)?;
    let id = call.state.directory.profiles.add(record);
    Ok(Answer::json(call.state.directory.profiles.get(id).cloned().unwrap_or(Json::Null)))
}

fn replace(call: &mut Call<'_>) -> Outcome {
    let organization = found(call)?.get("Organization").id();
    let id = call.id("id");
    if call.body.id().is_some_and(|named| named != id) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let record = record(call)?.with("Id", id);
    if record.get("Organization").id() != organization {
        return Err(ErrorAnswer::rule(
            "OrganizationFixed",
            "A profile cannot be moved to another organization.",
        ));
    }
    if let Some(stored) = call.state.directory.profiles.get_mut(id) {
        *stored = record.clone();
    }
    Ok(Answer::json(record))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    found(call)?;
    if call.state.tenants.values().any(|tenant| tenant.invoice_profile == Some(id)) {
        return Err(ErrorAnswer::rule(
            "InvoiceProfileInUse",
            "Customer tenants are billed through the profile.",
        ));
    }
    call.state.directory.profiles.remove(id);
    yes()
}
