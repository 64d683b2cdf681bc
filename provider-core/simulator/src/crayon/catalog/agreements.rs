//! Agreements: the contracts whose price lists an organization buys from.

use chrono::{DateTime, TimeDelta, Utc};

use super::offerings::{CSP, LEGACY_SEATS, LICENSES, MICROSOFT, NCE_SEATS, USAGE};
use super::price_list::Currency;
use crate::crayon::engine::call::Call;
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::{AGREEMENT_STATUS, AGREEMENT_TYPE};
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::query::{choice, choices, date, flag, int, ints, text};
use crate::crayon::engine::route::{Outcome, PAGED, Route, get};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Organization, State};

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

/// One agreement.
#[derive(Debug)]
pub(crate) struct Agreement {
    pub(crate) id: i64,
    pub(crate) organization: i64,
    pub(crate) kind: i64,
    pub(crate) name: &'static str,
    pub(crate) price_list: i64,
    pub(crate) currency: Currency,
    pub(crate) starts: DateTime<Utc>,
    pub(crate) ends: DateTime<Utc>,
    pub(crate) disabled: bool,
}

impl Agreement {
    /// The vendor SDK's rule.
    pub(crate) fn is_active(&self, at: DateTime<Utc>) -> bool {
        !self.disabled && self.starts <= at && at < self.ends
    }

    fn has_terms(&self) -> bool {
        self.kind == NCE_SEATS
    }

    pub(crate) fn reference(&self) -> Json {
        reference(self.id, self.name)
    }

    pub(crate) fn price_list_name(&self) -> String {
        format!("{} {}", self.name.trim_start_matches("Microsoft "), self.currency.code())
    }

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

/// Four active agreements and two that are over for each organization.
pub(crate) fn seeded(organizations: &[Organization], started: DateTime<Utc>) -> Vec<Agreement> {
    let day = dates::day_start(started);
    let old = dates::add_months(dates::month_start(day), -48);
    let past = day - TimeDelta::days(200);
    let mut agreements = Vec::new();
    for (place, organization) in (0..).zip(organizations) {
        let rows = [
            (1, LICENSES, "Microsoft CSP Software", old, dates::never(), false),
            (5, NCE_SEATS, "Microsoft CSP NCE (previous)", old, past, false),
            (6, LEGACY_SEATS, "Microsoft CSP Seats", old, dates::never(), false),
            (7, USAGE, "Microsoft CSP Usage", old, dates::never(), false),
            (8, LEGACY_SEATS, "Microsoft CSP Seats (closed)", old, dates::never(), true),
            (13, NCE_SEATS, "Microsoft CSP NCE", old, dates::never(), false),
        ];
        agreements.extend(rows.into_iter().map(|(number, kind, name, starts, ends, disabled)| Agreement {
            id: 90_000 + place * 100 + number,
            organization: organization.id,
            kind,
            name,
            price_list: 500 + place * 20 + number,
            currency: organization.currency,
            starts,
            ends,
            disabled,
        }));
    }
    agreements
}

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
