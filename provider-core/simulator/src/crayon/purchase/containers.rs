//! Product containers: drafts, carts and usage reports, with the agreement reports that belong to them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};

use super::body::{AGREEMENT_REPORT, PRODUCT_CONTAINER, PRODUCT_ROW_PATCH};
use super::record::{REPORT, SEAT, container};
use crate::crayon::catalog::{price_list, publishers};
use crate::crayon::engine::call::{Answer, Outcome, yes};
use crate::crayon::engine::dates;
use crate::crayon::engine::enums::{PRODUCT_CONTAINER_CATEGORY, PRODUCT_CONTAINER_TYPE};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::query::{Query, choice, date, flag, int, text};
use crate::crayon::engine::route::{PAGED, delete, get, patch, post, put};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route};

pub(crate) const ROUTES: &[Route] = &[
    get("productcontainers", list)
        .query(&[
            int("OrganizationId"),
            text("Search"),
            flag("ActiveDraft"),
            int("ProgramId"),
            int("Year"),
            int("Month"),
            text("UserId"),
            text("SentByUserId"),
            choice("Type", &PRODUCT_CONTAINER_TYPE),
            choice("Category", &PRODUCT_CONTAINER_CATEGORY),
            date("From"),
            date("To"),
            flag("IncludeRemoved"),
            flag("IncludeSubsidiaries"),
        ])
        .paged(PAGED),
    get("productcontainers/{id:int}", read),
    put("productcontainers/{id:int}", replace).query(&[flag("requireEulaAnalysis")]).body(&PRODUCT_CONTAINER),
    delete("productcontainers/{id:int}", remove),
    get("productcontainers/rowissues/{id:int}", row_issues),
    get("productcontainers/getorcreateshoppingcart", shopping_cart)
        .query(&[int("organizationId").required()]),
    post("productcontainers/reportbymonth", report_by_month).query(&[
        int("organizationId").required(),
        int("programId").required(),
        int("year").required(),
        int("month").required(),
        flag("copyLast"),
    ]),
    patch("productcontainers/{id:int}/row/{row:int}", patch_row).body(&PRODUCT_ROW_PATCH),
    get("agreementreports/{id:int}", agreement_reports),
    put("agreementreports/{id:int}", set_agreement_report).body(&AGREEMENT_REPORT),
];

fn usage_month(row: &Json) -> Option<DateTime<Utc>> {
    row.get("UsageMonth").text().and_then(dates::read)
}

fn fits(query: &Query, owners: &[i64], row: &Json) -> bool {
    let month = usage_month(row);
    let created = row.get("CreatedDate").text().and_then(dates::read);
    let text_is = |wanted: Option<&str>, value: &Json| {
        wanted.is_none_or(|wanted| value.text().is_some_and(|text| text.eq_ignore_ascii_case(wanted)))
    };
    (owners.is_empty() || row.get("Organization").id().is_some_and(|id| owners.contains(&id)))
        && query.bool("ActiveDraft").is_none_or(|wanted| row.get("ActiveDraft").bool() == Some(wanted))
        && query.filter("ProgramId").is_none_or(|wanted| row.get("Program").id() == Some(wanted))
        && query
            .filter("Year")
            .is_none_or(|wanted| month.is_some_and(|month| i64::from(month.year()) == wanted))
        && query
            .filter("Month")
            .is_none_or(|wanted| month.is_some_and(|month| i64::from(month.month()) == wanted))
        && query.filter("Type").is_none_or(|kinds| row.get("Type").int().unwrap_or_default() & kinds != 0)
        && query.filter("Category").is_none_or(|wanted| row.get("Category").int() == Some(wanted))
        && query.date("From").is_none_or(|from| created >= Some(from))
        && query.date("To").is_none_or(|to| created <= Some(to))
        && text_is(query.text("UserId"), row.get("CreatedByUserId"))
        && text_is(query.text("SentByUserId"), row.get("SubmittedBy").get("Id"))
        && (query.bool("IncludeRemoved") == Some(true) || row.get("Removed").bool() == Some(false))
        && mentions(query.text("Search"), &[row.get("Name").text(), row.get("Note").text()])
}

fn list(call: &mut Call<'_>) -> Outcome {
    let organization = call.organization_filter()?;
    let mut owners: Vec<i64> = organization.into_iter().collect();
    if call.query.bool("IncludeSubsidiaries") == Some(true) {
        let below = call.state.organizations.iter().filter(|row| Some(row.parent) == organization);
        owners.extend(below.map(|row| row.id));
    }
    let rows = call.state.containers.rows.rows().filter(|row| fits(&call.query, &owners, row));
    Ok(call.page_of(rows, Json::clone))
}

fn found<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Json, ErrorAnswer> {
    let id = call.id("id");
    call.state.containers.rows.get_mut(id).ok_or_else(|| ErrorAnswer::not_found("ProductContainer", &id))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(found(call)?.clone()))
}

fn replace(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    if call.body.id().is_some_and(|named| named != id) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let record = PRODUCT_CONTAINER.complete(&call.body).with("Id", id);
    let stored = found(call)?;
    if stored.get("Organization").id() != record.get("Organization").id() {
        return Err(ErrorAnswer::rule(
            "OrganizationFixed",
            "A container cannot be moved to another organization.",
        ));
    }
    *stored = record;
    Ok(Answer::json(stored.clone()))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    found(call)?.set("Removed", true);
    yes()
}

/// The container with an issue for every row that names no product variant.
fn row_issues(call: &mut Call<'_>) -> Outcome {
    let mut container = found(call)?.clone();
    let rows = container.get("ProductRows").items().iter().map(|row| {
        let issues = if row.get("ProductVariant").is_null() {
            vec![object! { "Code": "ProductVariantMissing", "Message": "The row names no product." }]
        } else {
            Vec::new()
        };
        row.clone().with("Issues", issues)
    });
    let rows: Vec<Json> = rows.collect();
    container.set("ProductRows", rows);
    Ok(Answer::json(container))
}

/// A GET with a side effect: the first one makes the cart.
fn shopping_cart(call: &mut Call<'_>) -> Outcome {
    let organization = call.accessible(call.query.int("organizationId").unwrap_or_default())?;
    let open = call.state.containers.rows.rows().find(|row| {
        row.get("Organization").id() == Some(organization)
            && row.get("Category").int() == Some(SEAT)
            && row.get("Removed").bool() == Some(false)
    });
    if let Some(cart) = open {
        return Ok(Answer::json(cart.clone()));
    }
    let owner = call.state.organization_reference(organization);
    let id = call.state.containers.rows.add(container(owner, SEAT, dates::month_start(call.now), call.now));
    Ok(Answer::json(call.state.containers.rows.get(id).cloned()))
}

fn report_by_month(call: &mut Call<'_>) -> Outcome {
    let number = |name: &str| call.query.int(name).unwrap_or_default();
    let organization = call.accessible(number("organizationId"))?;
    let program = publishers::program_json(number("programId"));
    if program.is_null() {
        return Err(ErrorAnswer::not_found("Program", &number("programId")));
    }
    let day = i32::try_from(number("year"))
        .ok()
        .zip(u32::try_from(number("month")).ok())
        .and_then(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1))
        .ok_or_else(|| ErrorAnswer::rule("PeriodInvalid", "year and month must name a month."))?;
    let month = day.and_time(NaiveTime::MIN).and_utc();
    let owner = call.state.organization_reference(organization);
    let mut report = container(owner, REPORT, month, call.now).with("Program", program);
    if call.query.bool("copyLast") == Some(true) {
        let last = call.state.containers.rows.rows().filter(|row| {
            row.get("Organization").id() == Some(organization)
                && row.get("Category").int() == Some(REPORT)
                && usage_month(row) < Some(month)
        });
        if let Some(last) = last.max_by_key(|row| usage_month(row)) {
            report.set("ProductRows", last.get("ProductRows").clone());
        }
    }
    let id = call.state.containers.rows.add(report);
    Ok(Answer::json(call.state.containers.rows.get(id).cloned()))
}

fn patch_row(call: &mut Call<'_>) -> Outcome {
    let id = call.id("row");
    let patch = std::mem::replace(&mut call.body, Json::Null);
    if patch.id().is_some_and(|named| named != id) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let container = found(call)?;
    let mut rows = container.get("ProductRows").items().to_vec();
    let row = rows.iter_mut().find(|row| row.id() == Some(id));
    let row = row.ok_or_else(|| ErrorAnswer::not_found("ProductRow", &id))?;
    for member in ["Quantity", "Comment", "UsageCountryCode", "Agreement", "ProductVariant", "Grouping"] {
        // A patch: what is missing or null stays.
        if let Some(value) = patch.find(member).filter(|value| !value.is_null()) {
            row.set(member, value.clone());
        }
    }
    container.set("ProductRows", rows);
    Ok(Answer::json(container.clone()))
}

fn report_json(call: &Call<'_>, (container, agreement, status): (i64, i64, i64)) -> Json {
    let row = call.state.agreements.iter().find(|row| row.id == agreement);
    let name = call.state.containers.rows.get(container).and_then(|row| row.get("Name").string());
    object! {
        "ProductContainer": reference(container, name),
        "Agreement": object! {
            "AgreementNumber": "-",
            "CommitmentLevel": price_list::exact(0),
            "IsCustomCommitment": false,
            "Id": agreement,
            "Name": row.map(|row| row.name),
        },
        "Status": status,
        "HasValidAgreementTerm": row.is_some_and(|row| row.is_active(call.now)),
    }
}

fn agreement_reports(call: &mut Call<'_>) -> Outcome {
    let id = found(call)?.id();
    let rows = call.state.containers.reports.iter().filter(|(container, ..)| Some(*container) == id);
    Ok(call.page_of(rows, |row| report_json(call, *row)))
}

fn set_agreement_report(call: &mut Call<'_>) -> Outcome {
    let agreement = call.id("id");
    let container = call.body.get("ProductContainer").id();
    let status = call.body.get("Status").int().unwrap_or_default();
    let row = call
        .state
        .containers
        .reports
        .iter_mut()
        .find(|(known, of, _)| *of == agreement && container.is_none_or(|container| container == *known))
        .ok_or_else(|| ErrorAnswer::not_found("AgreementReport", &agreement))?;
    row.2 = status;
    let row = *row;
    Ok(Answer::json(report_json(call, row)))
}
