//! Accounts at other clouds: Amazon Web Services and Crayon's own.

use super::body::TENANT_CONTACT;
use crate::crayon::access::body::ORGANIZATION;
use crate::crayon::catalog::master_data::{AWS, publisher_reference};
use crate::crayon::catalog::offerings::{CSP, MICROSOFT};
use crate::crayon::engine::call::{Answer, Call};
use crate::crayon::engine::enums::{AWS_MASTER_ACCOUNT_STATUS, CUSTOMER_TENANT_TYPE, ENTITY_STATUS};
use crate::crayon::engine::failure::{Failure, Fault};
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{Param, choice as choice_param, int as int_param, text as text_param};
use crate::crayon::engine::route::{Outcome, PAGED, Route, get, post, put};
use crate::crayon::engine::shape::{Shape, choice, flag, int, nested, number, refers, shape, text};
use crate::crayon::engine::table::{Table, mentions};
use crate::crayon::state::Organization;
use crate::crayon::subscription::body::SUBSCRIPTION_TAGS;

shape!(
    AWS_ACCOUNT,
    "AwsAccount",
    [
        int("Id"),
        text("Name").required(),
        text("Email"),
        refers("Publisher"),
        text("ExternalPublisherCustomerId"),
        text("Reference"),
        choice("CustomerTenantType", &CUSTOMER_TENANT_TYPE),
        choice("EntityStatus", &ENTITY_STATUS),
        nested("Organization", &ORGANIZATION),
        refers("InvoiceProfile"),
        flag("IsActivated"),
        nested("Tags", &SUBSCRIPTION_TAGS),
        text("PayerAccountId"),
        text("AwsAccountName"),
        choice("MasterAccountStatus", &AWS_MASTER_ACCOUNT_STATUS),
    ]
);
shape!(
    CRAYON_ACCOUNT,
    "CrayonAccount",
    [
        int("Id"),
        text("Name").required(),
        text("Email"),
        refers("Publisher"),
        text("ExternalPublisherCustomerId"),
        text("Reference"),
        choice("CustomerTenantType", &CUSTOMER_TENANT_TYPE),
        choice("EntityStatus", &ENTITY_STATUS),
        nested("Organization", &ORGANIZATION),
        refers("InvoiceProfile"),
        flag("IsActivated"),
        nested("Contact", &TENANT_CONTACT),
        refers("Program"),
        number("ResellerMarkup"),
    ]
);

const FILTER: &[Param] = &[
    int_param("OrganizationId"),
    int_param("PublisherId"),
    int_param("ConsumerId"),
    choice_param("CustomerTenantType", &CUSTOMER_TENANT_TYPE),
    text_param("Search"),
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

/// The accounts of both kinds.
#[derive(Debug)]
pub(crate) struct Accounts {
    aws: Table,
    crayon: Table,
}

/// Picks one of the two tables.
type Kind = fn(&mut Accounts) -> &mut Table;

const AWS_KIND: Kind = |accounts| &mut accounts.aws;
const CRAYON_KIND: Kind = |accounts| &mut accounts.crayon;

impl Accounts {
    /// One account of each kind for each organization.
    pub(crate) fn seeded(organizations: &[Organization]) -> Self {
        let mut accounts = Self { aws: Table::starting(8_101), crayon: Table::starting(8_501) };
        for organization in organizations {
            let common = |name: &'static str, publisher: i64| {
                object! {
                    "Name": name,
                    "Email": "cloud@example.com",
                    "Publisher": publisher_reference(publisher),
                    "CustomerTenantType": 2,
                    "Organization": organization.json(),
                    "IsActivated": true,
                }
            };
            accounts.aws.add(
                AWS_ACCOUNT.complete(
                    &common("Sample workloads", AWS)
                        .with("PayerAccountId", "000000000001")
                        .with("AwsAccountName", "sample-workloads")
                        .with("MasterAccountStatus", 1),
                ),
            );
            let account = common("Sample software", MICROSOFT)
                .with("Program", crate::crayon::engine::json::reference(CSP, "CSP"));
            accounts.crayon.add(CRAYON_ACCOUNT.complete(&account));
        }
        accounts
    }
}

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

fn found<'a>(call: &'a mut Call<'_>, kind: Kind) -> Result<&'a mut Json, Failure> {
    let id = call.id("id");
    kind(&mut call.state.accounts).get_mut(id).ok_or_else(|| Failure::not_found("Account", &id))
}

fn owner(call: &Call<'_>) -> Result<i64, Failure> {
    let Some(organization) = call.body.get("Organization").id() else {
        let path = "Organization.Id";
        return Err(Failure::malformed(vec![Fault::new("Required", path, format!("{path} is required"))]));
    };
    call.accessible(organization)
}

/// What the body says, with the references completed.
fn record(call: &Call<'_>, shape: &Shape) -> Result<Json, Failure> {
    let organization = call.state.organization(owner(call)?).map(Organization::json);
    let profile = call.state.directory.profile_reference(call.body.get("InvoiceProfile").id());
    let publisher = publisher_reference(call.body.get("Publisher").id().unwrap_or_default());
    let record = shape.complete(&call.body);
    Ok(record.with("Organization", organization).with("InvoiceProfile", profile).with("Publisher", publisher))
}

fn replace(call: &mut Call<'_>, kind: Kind, shape: &Shape) -> Outcome {
    let id = call.id("id");
    if call.body.id().is_some_and(|named| named != id) {
        return Err(Failure::rule("IdMismatch", "Id is not the id in the path."));
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
