//! `/v1/invoices`.

use std::str::FromStr;

use axum::extract::Path;
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::months::{self, Month};
use super::record::{Invoice, Item, STATUSES};
use crate::engine::answer::{Answer, Stop};
use crate::engine::clock::midnight;
use crate::engine::refusal::RefusedPart;
use crate::engine::strict::Query;
use crate::pax8::engine::call::ok;
use crate::pax8::engine::listing::{PageAsked, Sort, SortKey, choice};
use crate::pax8::engine::wire;
use crate::pax8::state::Call;

const LIST_QUERY: &[&str] = &[
    "page",
    "size",
    "sort",
    "status",
    "invoiceDate",
    "invoiceDateRangeStart",
    "invoiceDateRangeEnd",
    "dueDate",
    "total",
    "balance",
    "carriedBalance",
    "companyId",
];
const SORT_FIELDS: &[&str] =
    &["invoiceDate", "dueDate", "status", "partnerName", "total", "balance", "carriedBalance"];

fn day(call: &Call, query: &Query, name: &str) -> Result<Option<NaiveDate>, Stop> {
    match query.get(name) {
        None => Ok(None),
        Some(text) => wire::parse_day(text)
            .map(Some)
            .ok_or_else(|| call.wrong(RefusedPart::Query, name, "must be yyyy-MM-dd")),
    }
}

fn amount(call: &Call, query: &Query, name: &str) -> Result<Option<Decimal>, Stop> {
    match query.get(name) {
        None => Ok(None),
        Some(text) => Decimal::from_str(text)
            .map(Some)
            .map_err(|_| call.wrong(RefusedPart::Query, name, "must be a number")),
    }
}

/// `GET /v1/invoices`: newest first; an empty answer has no `content`.
pub(crate) async fn list(call: Call) -> Answer {
    let query = call.query(LIST_QUERY)?;
    let page = PageAsked::read(&call, &query)?;
    let sort = Sort::read(&call, &query, ',', SORT_FIELDS)?;
    let status = choice(&call, &query, "status", STATUSES)?;
    let issued = day(&call, &query, "invoiceDate")?;
    let from = day(&call, &query, "invoiceDateRangeStart")?;
    let to = day(&call, &query, "invoiceDateRangeEnd")?;
    let due = day(&call, &query, "dueDate")?;
    let total = amount(&call, &query, "total")?;
    let balance = amount(&call, &query, "balance")?;
    let carried = amount(&call, &query, "carriedBalance")?;
    let answer = call.read(|state| {
        let company = match query.get("companyId") {
            None => None,
            Some(id) => Some(state.companies.place(id).ok_or_else(|| call.not_found("Company", id))?),
        };
        let mut rows: Vec<&Invoice> = state
            .invoices
            .iter()
            .filter(|one| {
                status.is_none_or(|wanted| one.status == wanted)
                    && issued.is_none_or(|wanted| one.issued_on == wanted)
                    && from.is_none_or(|first| one.issued_on >= first)
                    && to.is_none_or(|last| one.issued_on <= last)
                    && due.is_none_or(|wanted| one.due_on == wanted)
                    && total.is_none_or(|wanted| one.total == wanted)
                    && balance.is_none_or(|wanted| one.balance == wanted)
                    && carried.is_none_or(|wanted| one.carried == wanted)
                    && company.is_none_or(|wanted| one.items.iter().any(|item| item.company == wanted))
            })
            .collect();
        rows.reverse();
        if let Some(sort) = &sort {
            sort.apply(&mut rows, |one| sort_key(one, sort.field));
        }
        Ok::<_, Stop>(page.cut(&rows, |one| one.json(state)).nested_without_empty_content())
    })?;
    Ok(ok(&answer))
}

fn sort_key(one: &Invoice, field: &str) -> SortKey {
    match field {
        "invoiceDate" => SortKey::Time(Some(midnight(one.issued_on))),
        "dueDate" => SortKey::Time(Some(midnight(one.due_on))),
        "total" => SortKey::Number(one.total),
        "balance" => SortKey::Number(one.balance),
        "carriedBalance" => SortKey::Number(one.carried),
        "status" => SortKey::Text(one.status.to_owned()),
        // One partner has one name.
        _ => SortKey::Text(String::new()),
    }
}

/// `GET /v1/invoices/{invoiceId}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    let answer = call.read(|state| state.invoices.get(&id).map(|one| one.json(state)));
    answer.map(|invoice| ok(&invoice)).ok_or_else(|| call.not_found("Invoice", &id))
}

/// `GET /v1/invoices/{invoiceId}/items`.
pub(crate) async fn items(call: Call, Path(id): Path<String>) -> Answer {
    let query = call.query(&["page", "size"])?;
    let page = PageAsked::read(&call, &query)?;
    let answer = call.read(|state| {
        let invoice = state.invoices.get(&id)?;
        let rows: Vec<(usize, &Item)> = invoice.items.iter().enumerate().collect();
        Some(page.cut(&rows, |(place, item)| invoice.item(state, *place, item)).nested())
    });
    answer.map(|page| ok(&page)).ok_or_else(|| call.not_found("Invoice", &id))
}

/// `GET /v1/invoices/draftItems`: what this or the next month would be billed, without usage.
pub(crate) async fn draft_items(call: Call) -> Answer {
    let query = call.query(&["page", "size", "monthOffset", "companyId"])?;
    let page = PageAsked::read(&call, &query)?;
    let offset: u32 = match query.get("monthOffset") {
        None => 1,
        Some(text) => {
            let value: i64 = text
                .parse()
                .map_err(|_| call.wrong(RefusedPart::Query, "monthOffset", "must be a whole number"))?;
            u32::try_from(value).ok().filter(|value| *value <= 1).ok_or_else(|| {
                let rule = "monthOffset must be 0 or 1".to_owned();
                call.unprocessable("Invalid monthOffset value", &[rule])
            })?
        }
    };
    let today = call.sim.frame.clock.now().date_naive();
    let answer = call.read(|state| {
        let company = match query.get("companyId") {
            None => None,
            Some(id) => Some(state.companies.place(id).ok_or_else(|| call.not_found("Company", id))?),
        };
        let month = Month::of(today).plus(offset);
        let mut rows = months::items(state, month, false, today);
        rows.retain(|item| company.is_none_or(|wanted| item.company == wanted));
        Ok::<_, Stop>(page.cut(&rows, |item| item.draft(state)).nested())
    })?;
    Ok(ok(&answer))
}
