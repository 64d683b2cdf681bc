//! Reseller sales prices: what a partner charges its customers.

use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates;
use crate::crayon::engine::enums::{
    RESELLER_SALES_PRICE_OBJECT_TYPE, RESELLER_SALES_PRICE_PRICE_TYPE, RESELLER_SALES_PRICE_TYPE,
};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::Json;
use crate::crayon::engine::query::{Param, choice as choice_param, date as date_param, int as int_param};
use crate::crayon::engine::route::{delete, get, post, put};
use crate::crayon::engine::shape::{choice, date, flag, int, number, shape, text};
use crate::crayon::state::{Call, Route};

shape!(
    RESELLER_SALES_PRICE,
    "ResellerSalesPrice",
    [
        int("ObjectId").required(),
        choice("ObjectType", &RESELLER_SALES_PRICE_OBJECT_TYPE).required(),
        choice("Type", &RESELLER_SALES_PRICE_TYPE).required(),
        choice("PriceType", &RESELLER_SALES_PRICE_PRICE_TYPE).required(),
        number("Value").required(),
        date("FromDate").required(),
        text("ChangedBy"),
    ]
);
shape!(
    TOGGLE,
    "ResellerSalesPriceToggle",
    [
        flag("Toggle").required(),
        int("ObjectId").required(),
        choice("ObjectType", &RESELLER_SALES_PRICE_OBJECT_TYPE).required(),
    ]
);

/// Two of the names differ between the docs and the vendor's SDK: either is taken.
const FILTER: &[Param] = &[
    choice_param("Type", &RESELLER_SALES_PRICE_TYPE),
    choice_param("resellerSalesPriceType", &RESELLER_SALES_PRICE_TYPE),
    int_param("ObjectId"),
    choice_param("ObjectType", &RESELLER_SALES_PRICE_OBJECT_TYPE),
    choice_param("resellerSalesPriceObjectType", &RESELLER_SALES_PRICE_OBJECT_TYPE),
    date_param("FromDate"),
];

pub(crate) const ROUTES: &[Route] = &[
    get("resellersalesprices", list).query(FILTER),
    get("resellersalesprices/current", current).query(FILTER),
    post("resellersalesprices", create).body(&RESELLER_SALES_PRICE),
    put("resellersalesprices", replace).body(&RESELLER_SALES_PRICE),
    put("resellersalesprices/{from:date}", replace).body(&RESELLER_SALES_PRICE),
    delete("resellersalesprices", remove).query(FILTER),
    post("resellersalesprices/toggle", toggle).body(&TOGGLE),
];

fn from_date(row: &Json) -> Option<chrono::DateTime<chrono::Utc>> {
    row.get("FromDate").text().and_then(dates::read)
}

fn fits(call: &Call<'_>, row: &Json) -> bool {
    let query = &call.query;
    let same = |names: [&str; 2], member: &str| {
        let wanted = names.iter().find_map(|name| query.filter(name));
        wanted.is_none_or(|wanted| row.get(member).int() == Some(wanted))
    };
    same(["Type", "resellerSalesPriceType"], "Type")
        && same(["ObjectType", "resellerSalesPriceObjectType"], "ObjectType")
        && same(["ObjectId", "ObjectId"], "ObjectId")
        && query.date("FromDate").is_none_or(|from| from_date(row) == Some(from))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let rows = call.state.sales_prices.iter().filter(|row| fits(call, row)).cloned().collect();
    Ok(call.plain_list(rows))
}

fn current(call: &mut Call<'_>) -> Outcome {
    let on = |row: &Json| {
        !call.state.prices_off.contains(&(row.get("ObjectId").int(), row.get("ObjectType").int()))
    };
    let started = call
        .state
        .sales_prices
        .iter()
        .filter(|row| fits(call, row) && on(row) && from_date(row) <= Some(call.now));
    started.max_by_key(|row| from_date(row)).cloned().map(Answer::json).ok_or_else(ErrorAnswer::nothing_here)
}

/// True for prices of the same thing.
fn same_object(left: &Json, right: &Json) -> bool {
    ["ObjectId", "ObjectType", "Type"].iter().all(|name| left.get(name) == right.get(name))
}

fn record(call: &Call<'_>) -> Result<Json, ErrorAnswer> {
    let id = call.body.get("ObjectId").int().unwrap_or_default();
    match call.body.get("ObjectType").int() {
        Some(1) => call.accessible(id).map(drop)?,
        Some(2) => call.state.tenant(id).map(drop)?,
        Some(3 | 4) => call.state.subscription(id).map(drop)?,
        _ => {}
    }
    Ok(RESELLER_SALES_PRICE.complete(&call.body).with("ChangedBy", "api.user@example.com"))
}

fn create(call: &mut Call<'_>) -> Outcome {
    let record = record(call)?;
    let taken = |row: &&Json| same_object(row, &record) && from_date(row) == from_date(&record);
    if call.state.sales_prices.iter().any(|row| taken(&row)) {
        return Err(ErrorAnswer::rule("PriceExists", "There is a price from that date."));
    }
    call.state.sales_prices.push(record.clone());
    Ok(Answer::json(record))
}

/// With a date in the path the price from that date is moved; without one the date in the body names it.
fn replace(call: &mut Call<'_>) -> Outcome {
    let record = record(call)?;
    let named = match call.text("from") {
        "" => from_date(&record),
        from => dates::read(&from.to_ascii_uppercase()),
    };
    let row =
        call.state.sales_prices.iter_mut().find(|row| same_object(row, &record) && from_date(row) == named);
    let row = row.ok_or_else(ErrorAnswer::nothing_here)?;
    *row = record.clone();
    Ok(Answer::json(record))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    if call.query.filter("ObjectId").is_none() {
        return Err(ErrorAnswer::rule("ObjectIdMissing", "ObjectId names whose prices are removed."));
    }
    let kept: Vec<Json> = call.state.sales_prices.iter().filter(|row| !fits(call, row)).cloned().collect();
    if kept.len() == call.state.sales_prices.len() {
        return Err(ErrorAnswer::nothing_here());
    }
    call.state.sales_prices = kept;
    Ok(Answer::empty())
}

/// Switches the prices of an object off and on without forgetting them.
fn toggle(call: &mut Call<'_>) -> Outcome {
    let object = (call.body.get("ObjectId").int(), call.body.get("ObjectType").int());
    call.state.prices_off.retain(|known| *known != object);
    if call.body.get("Toggle").bool() == Some(false) {
        call.state.prices_off.push(object);
    }
    Ok(Answer::empty())
}
