//! Which endpoint a path names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};

use super::access::links;
use super::billing::report;
use super::billing::report::data;
use super::catalog::{lists, pricing};
use super::engine::answer::Answer;
use super::engine::call::{Call, Outcome};
use super::engine::problem::Problem;
use super::purchase::cart::{checkout, items};
use super::purchase::{cart, template};
use super::state::State;
use super::{billing, catalog, customer, purchase, subscription};

/// Answers a call below `/api/v3`: bearer first, then the account, then the role, then the endpoint.
pub(crate) fn v3(state: &mut State, call: &Call) -> Outcome {
    let bearer = call.credentials("Bearer");
    if !bearer.is_some_and(|token| state.tokens.accepts_bearer(token, call.now)) {
        return Err(Problem::unauthenticated("access token is missing, expired or unknown"));
    }
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path.split_first() {
        Some((&"accounts", [account, rest @ ..])) => {
            state.check_account(account)?;
            state.check_role(call)?;
            account_routes(state, call, rest)
        }
        Some((&"customers", [customer, "carts", rest @ ..])) => {
            state.check_role(call)?;
            cart_routes(state, call, customer, rest)
        }
        _ => Err(call.no_route()),
    }
}

fn account_routes(state: &mut State, call: &Call, path: &[&str]) -> Outcome {
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let put = call.method == Method::PUT;
    match (path, call.verb.as_deref()) {
        (["customers"], None) if get => customer::calls::list(state, call),
        (["customers"], None) if post => customer::calls::create(state, call),
        (["customers", id], None) if get => customer::calls::get(state, call, id),
        (["customers", id], None) if put => customer::calls::update(state, call, id),
        (["customers", id, rest @ ..], verb) => customer_routes(state, call, id, (rest, verb)),
        (["products"], None) if get => catalog::calls::list(state, call),
        (["products"], Some("pricing")) if post => pricing::pricing(state, call),
        (["products", "categories"], None) if get => lists::categories(state, call),
        (["products", "verticals"], None) if get => lists::verticals(state, call),
        (["products", "charges"], None) if get => lists::charges(state, call),
        (["products", id], None) if get => catalog::calls::get(state, call, id),
        (["products", id], Some("enable")) if post => lists::switch(state, call, id, false),
        (["products", id], Some("disable")) if post => lists::switch(state, call, id, true),
        (["products_programs"], None) if get => lists::programs(state, call),
        (["products_programs", id], Some("batchUpdate")) if put => lists::update_programs(state, call, id),
        (["reports", rest @ ..], None) => report_routes(state, call, rest),
        (["providers", provider, "refreshCacheEnhanced"], None) if get => {
            report::calls::refresh_cache(state, call, provider)
        }
        (["subscriptions"], None) if get => subscription::calls::list(state, call),
        (["orders"], None) if get => purchase::calls::list(state, call),
        (["provisionTemplates"], None) if get => template::list(call),
        (["provisionTemplates", id], None) if get => template::get(state, call, id),
        _ => Err(call.no_route()),
    }
}

fn customer_routes(
    state: &mut State,
    call: &Call,
    customer: &str,
    (path, verb): (&[&str], Option<&str>),
) -> Outcome {
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    match (path, verb) {
        (["cloudProfiles"], None) if get => customer::calls::cloud_profiles(state, call, customer),
        (["cloudProfile"], None) if get => customer::calls::cloud_profile(state, call, customer),
        (["cloudProviders", provider], Some("link" | "provision")) if post => {
            customer::calls::attach_provider(state, call, customer, provider)
        }
        (["subscriptions", id], None) if get => subscription::calls::get(state, call, customer, id),
        (["orders"], None) if get => purchase::calls::list_of_customer(state, call, customer),
        (["orders"], None) if post => purchase::calls::create(state, call, customer),
        (["orders", id], None) if get => purchase::calls::get(state, call, customer, id),
        (["orders", id], Some("cancel")) if post => purchase::calls::cancel(state, call, customer, id),
        _ => Err(call.no_route()),
    }
}

fn report_routes(state: &mut State, call: &Call, path: &[&str]) -> Outcome {
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let delete = call.method == Method::DELETE;
    match path {
        [] if get => report::calls::list(state, call),
        [id] if get => report::calls::get(state, call, id),
        [id] if post => report::calls::create(state, call, id),
        [id] if delete => report::calls::delete(state, call, id),
        [id, "reportDataCsv"] if post => data::csv(state, call, id),
        [id, "reportDataCsvStream"] if post => data::csv_stream(state, call, id),
        [id, "data"] if post => data::data(state, call, id),
        [id, "report"] if post => report::calls::specs(state, call, id),
        [id, "details"] if post => report::calls::details(state, call, id),
        _ => Err(call.no_route()),
    }
}

fn cart_routes(state: &mut State, call: &Call, customer: &str, path: &[&str]) -> Outcome {
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let put = call.method == Method::PUT;
    let delete = call.method == Method::DELETE;
    let customer = state.customer(customer)?.id;
    match (path, call.verb.as_deref()) {
        ([], None) if get => cart::calls::list(state, call, customer),
        ([], None) if post => cart::calls::create(state, call, customer),
        ([id], None) if get => cart::calls::get(state, call, (customer, id)),
        ([id], None) if put => cart::calls::update(state, call, (customer, id)),
        ([id], None) if delete => cart::calls::delete(state, call, (customer, id)),
        ([id], Some("checkout")) if post => checkout::checkout(state, call, (customer, id)),
        ([id, "cartItems"], None) if get => items::list(state, call, (customer, id)),
        ([id, "cartItems"], None) if post => items::create(state, call, (customer, id)),
        ([id, "cartItems", item], None) if get => items::get(state, call, (customer, id), item),
        ([id, "cartItems", item], None) if put => items::update(state, call, (customer, id), item),
        ([id, "cartItems", item], None) if delete => items::delete(state, call, (customer, id), item),
        _ => Err(call.no_route()),
    }
}

/// Answers a call below `/api/v1`.
pub(crate) fn v1(state: &mut State, call: &Call) -> Outcome {
    v1_routes(state, call).map_err(Problem::into_legacy)
}

fn v1_routes(state: &mut State, call: &Call) -> Outcome {
    if !has_key(state, call) {
        let message = "API key and secret are missing or wrong";
        return Err(Problem::legacy(StatusCode::UNAUTHORIZED, message));
    }
    if call.verb.is_some() {
        return Err(call.no_route());
    }
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let put = call.method == Method::PUT;
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["invoices", "myinvoices"] if get => billing::calls::payable(state, call),
        ["invoices"] if get => billing::calls::receivable(state, call),
        ["invoices", id, "detailed"] if get => billing::calls::detailed(state, call, id),
        ["invoices", "generate"] if post => billing::calls::generate(state, call),
        ["customers"] if get => customer::v1::list(state, call),
        ["customers"] if post => customer::v1::create(state, call),
        ["customers", id] if get => customer::v1::get(state, call, id),
        ["customers", id] if put => customer::v1::update(state, call, id),
        ["customers", id, "cloud-accounts"] if get => customer::cloud_accounts::of_customer(state, call, id),
        ["cloud-accounts"] if post => customer::cloud_accounts::create(state, call),
        ["cloud-accounts", id, "assign-customer"] if post => {
            customer::cloud_accounts::assign(state, call, id)
        }
        ["reports", "billing", provider] if get => billing::usage::billing(state, call, provider),
        ["price-books", id] if get => pricing::price_book(state, call, id),
        _ => Err(call.no_route()),
    }
}

fn has_key(state: &State, call: &Call) -> bool {
    let expected = format!("{}:{}", state.api_key, state.api_secret);
    let sent = call.credentials("Basic").and_then(|text| STANDARD.decode(text).ok());
    sent.is_some_and(|sent| sent == expected.as_bytes())
}

/// Answers a call below `/files`: what a signed link points to.
pub(crate) fn files(state: &State, call: &Call) -> Outcome {
    links::check_signature(state, call)?;
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["files", "invoices", id, "detail.csv"] if call.method == Method::GET => {
            Ok(Answer::text("text/csv", billing::calls::detail_csv(state, id)?))
        }
        _ => Err(call.no_route()),
    }
}
