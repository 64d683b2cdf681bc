//! Agreements: the contracts whose price lists an organization buys from.

use super::offerings::{CSP, MICROSOFT};
use super::record::Agreement;
use crate::crayon::engine::call::Outcome;
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::{AGREEMENT_STATUS, AGREEMENT_TYPE};
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::query::{choice, choices, date, flag, int, ints, text};
use crate::crayon::engine::route::{PAGED, get};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route, State};

pub(crate) const ROUTES: &[Route] = &[get("agreements", list)
    .query(&[
        int("OrganizationId"),
        ints("OrganizationIds"),
        ints("AgreementIds"),
        choices("AgreementTypes", &AGREEMENT_TYPE),
        int("PublisherId"),
        ints("PublisherIds"),
        ints("ProgramIds"),
        ints("PricelistIds"),
        choice("Status", &AGREEMENT_STATUS),
        date("SearchDate"),
        date("EndDateFrom"),
        date("EndDateTo"),
        text("SalesPriceCurrency"),
        flag("TermRequired"),
        text("Search"),
        flag("isTrial"),
    ])
    .paged(PAGED)];

fn fits_status(status: i64, active: bool) -> bool {
    match status {
        1 => active,
        2 => !active,
        _ => true,
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    let query = &call.query;
    let mut organizations = query.ints("OrganizationIds");
    organizations.extend(query.filter("OrganizationId"));
    for organization in &organizations {
        call.accessible(*organization)?;
    }
    let mut publishers = query.ints("PublisherIds");
    publishers.extend(query.filter("PublisherId"));
    let ids = query.ints("AgreementIds");
    let kinds = query.ints("AgreementTypes");
    let programs = query.ints("ProgramIds");
    let price_lists = query.ints("PricelistIds");
    let among = |wanted: &[i64], value: i64| wanted.is_empty() || wanted.contains(&value);
    let status = query.int("Status").unwrap_or(0);
    let (ends_from, ends_to) = (query.date("EndDateFrom"), query.date("EndDateTo"));

    let rows = call.state.agreements.iter().filter(|row| {
        among(&organizations, row.organization)
            && among(&publishers, MICROSOFT)
            && among(&ids, row.id)
            && among(&kinds, row.kind)
            && among(&programs, CSP)
            && among(&price_lists, row.price_list)
            && fits_status(status, row.is_active(call.now))
            && query.date("SearchDate").is_none_or(|at| row.starts <= at && at < row.ends)
            && ends_from.is_none_or(|from| row.ends >= from)
            && ends_to.is_none_or(|to| row.ends <= to)
            && query
                .text("SalesPriceCurrency")
                .is_none_or(|code| code.eq_ignore_ascii_case(row.currency.code()))
            && query.bool("TermRequired").is_none_or(|terms| terms == row.has_terms())
            && mentions(query.text("Search"), &[Some(row.name)])
    });
    let (rows, total) = call.page.cut(rows);
    let items = rows.into_iter().map(|row| row.json(call.state)).collect();
    let filter = query.echo().with("Page", call.page.number).with("PageSize", call.page.size);
    Ok(call.collection(items, total, &[("Filter", filter)]))
}

impl Agreement {
    fn json(&self, state: &State) -> Json {
        object! {
            "Id": self.id,
            "Organization": state.organization_reference(self.organization),
            "Name": self.name,
            "SalesPriceCurrencyCode": self.currency.code(),
            "StartDate": dates::write(self.starts, Form::Offset),
            "EndDate": dates::write(self.ends, Form::Offset),
            "Disabled": self.disabled,
            "Publisher": reference(MICROSOFT, "Microsoft"),
            "Program": reference(CSP, "CSP"),
            "Number": "-",
            "CustomerNumber": Json::Null,
            "MasterAgreement": Json::Null,
            "HasTerms": self.has_terms(),
            "AgreementType": self.kind,
            "ParentAgreementId": Json::Null,
            "CommitmentLevel": rust_decimal::Decimal::new(0, 1),
            "ConsumerId": Json::Null,
        }
    }
}
