//! Accounts at other clouds: Amazon Web Services and Crayon's own.

use super::body::{AWS_ACCOUNT, CRAYON_ACCOUNT};
use super::record::Accounts;
use crate::crayon::access::record::Organization;
use crate::crayon::catalog::publishers::publisher_reference;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::enums::CUSTOMER_TENANT_TYPE;
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::json::Json;
use crate::crayon::engine::query::{Param, choice, int, text};
use crate::crayon::engine::route::{PAGED, get, post, put};
use crate::crayon::engine::shape::Shape;
use crate::crayon::engine::table::{Table, mentions};
use crate::crayon::state::{Call, Route};

const FILTER: &[Param] = &[
    int("OrganizationId"),
    int("PublisherId"),
    int("ConsumerId"),
    choice("CustomerTenantType", &CUSTOMER_TENANT_TYPE),
    text("Search"),
];

pub(crate) const ROUTES: &[Route] = &[
    get("awsaccounts", list_aws).query(FILTER).paged(PAGED),
    get("awsaccounts/{id:int}", read_aws),
    put("awsaccounts/{id:int}", replace_aws).body(&AWS_ACCOUNT),
    get("crayonaccounts", list_crayon).query(FILTER).paged(PAGED),
    get("crayonaccounts/{id:int}", read_crayon),
    put("crayonaccounts/{id:int}", replace_crayon).body(&CRAYON_ACCOUNT),
    post("crayonaccounts", create_crayon).body(&CRAYON_ACCOUNT),
];

/// Picks one of the two tables.
type Kind = fn(&mut Accounts) -> &mut Table;

const AWS_KIND: Kind = |accounts| &mut accounts.aws;
const CRAYON_KIND: Kind = |accounts| &mut accounts.crayon;

fn list(call: &mut Call<'_>, kind: Kind) -> Outcome {
    let organization = call.organization_filter()?;
    let query = call.query.clone();
    let same = |wanted: Option<i64>, value: Option<i64>| wanted.is_none_or(|wanted| value == Some(wanted));
    // Accounts carry no consumer: asking for one finds none.
    let none = query.filter("ConsumerId").is_some();
    let rows: Vec<Json> = kind(&mut call.state.accounts)
        .rows()
        .filter(|row| {
            !none
                && same(organization, row.get("Organization").id())
                && same(query.filter("PublisherId"), row.get("Publisher").id())
                && same(query.filter("CustomerTenantType"), row.get("CustomerTenantType").int())
                && mentions(query.text("Search"), &[row.get("Name").text(), row.get("Reference").text()])
        })
        .cloned()
        .collect();
    Ok(call.page_of(rows.into_iter(), |row| row))
}

fn found<'a>(call: &'a mut Call<'_>, kind: Kind) -> Result<&'a mut Json, ErrorAnswer> {
    let id = call.id("id");
    kind(&mut call.state.accounts).get_mut(id).ok_or_else(|| ErrorAnswer::not_found("Account", &id))
}

fn owner(call: &Call<'_>) -> Result<i64, ErrorAnswer> {
    let Some(organization) = call.body.get("Organization").id() else {
        let path = "Organization.Id";
        return Err(ErrorAnswer::malformed(vec![FieldViolation::new(
            "Required",
            path,
            format!("{path} is required"),
        )]));
    };
    call.accessible(organization)
}

/// What the body says, with the references completed.
fn record(call: &Call<'_>, shape: &Shape) -> Result<Json, ErrorAnswer> {
    let organization = call.state.organization(owner(call)?).map(Organization::json);
    let profile = call.state.directory.profile_reference(call.body.get("InvoiceProfile").id());
    let publisher = publisher_reference(call.body.get("Publisher").id().unwrap_or_default());
    let record = shape.complete(&call.body);
    Ok(record.with("Organization", organization).with("InvoiceProfile", profile).with("Publisher", publisher))
}

fn replace(call: &mut Call<'_>, kind: Kind, shape: &Shape) -> Outcome {
    let id = call.id("id");
    if call.body.id().is_some_and(|named| named != id) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let record = record(call, shape)?.with("Id", id);
    *found(call, kind)? = record.clone();
    Ok(Answer::json(record))
}

fn list_aws(call: &mut Call<'_>) -> Outcome {
    list(call, AWS_KIND)
}

fn list_crayon(call: &mut Call<'_>) -> Outcome {
    list(call, CRAYON_KIND)
}

fn read_aws(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(found(call, AWS_KIND)?.clone()))
}

fn read_crayon(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(found(call, CRAYON_KIND)?.clone()))
}

fn replace_aws(call: &mut Call<'_>) -> Outcome {
    replace(call, AWS_KIND, &AWS_ACCOUNT)
}

fn replace_crayon(call: &mut Call<'_>) -> Outcome {
    replace(call, CRAYON_KIND, &CRAYON_ACCOUNT)
}

fn create_crayon(call: &mut Call<'_>) -> Outcome {
    let record = record(call, &CRAYON_ACCOUNT)?;
    let id = call.state.accounts.crayon.add(record);
    Ok(Answer::json(call.state.accounts.crayon.get(id).cloned()))
}
