//! The v1 API: HTTP Basic, JSON envelopes with singular keys, bracketed filters.

mod billing_reports;
mod cloud_accounts;
mod customers;
mod invoices;
mod price_books;
mod query;

pub(super) use invoices::detail_csv;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::call::{Answer, Call, Outcome};
use super::problem::Problem;
use super::query::Query;
use super::routes::no_route;
use super::state::State;

/// Answers a call below `/api/v1`.
pub(super) fn v1(state: &mut State, call: &Call) -> Outcome {
    answer(state, call).map_err(Problem::into_legacy)
}

fn answer(state: &mut State, call: &Call) -> Outcome {
    if !has_key(state, call) {
        let message = "API key and secret are missing or wrong";
        return Err(Problem::legacy(StatusCode::UNAUTHORIZED, message));
    }
    if call.verb.is_some() {
        return Err(no_route(call));
    }
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let put = call.method == Method::PUT;
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["invoices", "myinvoices"] if get => invoices::payable(state, call),
        ["invoices"] if get => invoices::receivable(state, call),
        ["invoices", id, "detailed"] if get => invoices::detailed(state, call, id),
        ["invoices", "generate"] if post => invoices::generate(state, call),
        ["customers"] if get => customers::list(state, call),
        ["customers"] if post => customers::create(state, call),
        ["customers", id] if get => customers::get(state, call, id),
        ["customers", id] if put => customers::update(state, call, id),
        ["customers", id, "cloud-accounts"] if get => cloud_accounts::of_customer(state, call, id),
        ["cloud-accounts"] if post => cloud_accounts::create(state, call),
        ["cloud-accounts", id, "assign-customer"] if post => cloud_accounts::assign(state, call, id),
        ["reports", "billing", provider] if get => billing_reports::billing(state, call, provider),
        ["price-books", id] if get => price_books::get(state, call, id),
        _ => Err(no_route(call)),
    }
}

/// Refuses query parameters whose names are not listed.
fn known_query(call: &Call, names: &[&str]) -> Result<(), Problem> {
    Query::of(call, names).map(drop)
}

/// Refuses any query.
fn no_query(call: &Call) -> Result<(), Problem> {
    known_query(call, &[])
}

fn has_key(state: &State, call: &Call) -> bool {
    let expected = format!("{}:{}", state.api_key, state.api_secret);
    let sent = call.credentials("Basic").and_then(|text| STANDARD.decode(text).ok());
    sent.is_some_and(|sent| sent == expected.as_bytes())
}

/// The envelope of lists and records: the singular entity name, whatever its number.
fn envelope(entity: &str, content: Value) -> Answer {
    let data: Map<String, Value> = Map::from_iter([(entity.to_owned(), content)]);
    Answer::json(json!({"success": true, "message": "", "data": data}))
}

fn not_found(entity: &str, id: &str) -> Problem {
    Problem::legacy(StatusCode::NOT_FOUND, format!("{entity} {id} not found"))
}
