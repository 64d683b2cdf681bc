//! Which endpoint a v3 path names.

use http::Method;

use super::call::{Call, Outcome};
use super::problem::Problem;
use super::state::State;
use super::{
    cart_items, carts, catalogue_lists, checkout, customers, orders, pricing, products, report_data, reports,
    subscriptions, template,
};

/// Answers a call below `/api/v3`: bearer first, then the account, then the role, then the endpoint.
pub(super) fn v3(state: &mut State, call: &Call) -> Outcome {
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
        _ => Err(no_route(call)),
    }
}

fn account_routes(state: &mut State, call: &Call, path: &[&str]) -> Outcome {
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let put = call.method == Method::PUT;
    match (path, call.verb.as_deref()) {
        (["customers"], None) if get => customers::list(state, call),
        (["customers"], None) if post => customers::create(state, call),
        (["customers", id], None) if get => customers::get(state, call, id),
        (["customers", id], None) if put => customers::update(state, call, id),
        (["customers", id, rest @ ..], verb) => customer_routes(state, call, id, (rest, verb)),
        (["products"], None) if get => products::list(state, call),
        (["products"], Some("pricing")) if post => pricing::pricing(state, call),
        (["products", "categories"], None) if get => catalogue_lists::categories(state, call),
        (["products", "verticals"], None) if get => catalogue_lists::verticals(state, call),
        (["products", "charges"], None) if get => catalogue_lists::charges(state, call),
        (["products", id], None) if get => products::get(state, call, id),
        (["products", id], Some("enable")) if post => catalogue_lists::switch(state, call, id, false),
        (["products", id], Some("disable")) if post => catalogue_lists::switch(state, call, id, true),
        (["products_programs"], None) if get => catalogue_lists::programs(state, call),
        (["products_programs", id], Some("batchUpdate")) if put => {
            catalogue_lists::update_programs(state, call, id)
        }
        (["reports", rest @ ..], None) => report_routes(state, call, rest),
        (["providers", provider, "refreshCacheEnhanced"], None) if get => {
            reports::refresh_cache(state, call, provider)
        }
        (["subscriptions"], None) if get => subscriptions::list(state, call),
        (["orders"], None) if get => orders::list(state, call),
        (["provisionTemplates"], None) if get => template::list(call),
        (["provisionTemplates", id], None) if get => template::get(state, call, id),
        _ => Err(no_route(call)),
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
        (["cloudProfiles"], None) if get => customers::cloud_profiles(state, call, customer),
        (["cloudProfile"], None) if get => customers::cloud_profile(state, call, customer),
        (["cloudProviders", provider], Some("link" | "provision")) if post => {
            customers::attach_provider(state, call, customer, provider)
        }
        (["subscriptions", id], None) if get => subscriptions::get(state, call, customer, id),
        (["orders"], None) if get => orders::list_of_customer(state, call, customer),
        (["orders"], None) if post => orders::create(state, call, customer),
        (["orders", id], None) if get => orders::get(state, call, customer, id),
        (["orders", id], Some("cancel")) if post => orders::cancel(state, call, customer, id),
        _ => Err(no_route(call)),
    }
}

fn report_routes(state: &mut State, call: &Call, path: &[&str]) -> Outcome {
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let delete = call.method == Method::DELETE;
    match path {
        [] if get => reports::list(state, call),
        [id] if get => reports::get(state, call, id),
        [id] if post => reports::create(state, call, id),
        [id] if delete => reports::delete(state, call, id),
        [id, "reportDataCsv"] if post => report_data::csv(state, call, id),
        [id, "reportDataCsvStream"] if post => report_data::csv_stream(state, call, id),
        [id, "data"] if post => report_data::data(state, call, id),
        [id, "report"] if post => reports::specs(state, call, id),
        [id, "details"] if post => reports::details(state, call, id),
        _ => Err(no_route(call)),
    }
}

fn cart_routes(state: &mut State, call: &Call, customer: &str, path: &[&str]) -> Outcome {
    let get = call.method == Method::GET;
    let post = call.method == Method::POST;
    let put = call.method == Method::PUT;
    let delete = call.method == Method::DELETE;
    let customer = state.customer(customer)?.id;
    match (path, call.verb.as_deref()) {
        ([], None) if get => carts::list(state, call, customer),
        ([], None) if post => carts::create(state, call, customer),
        ([id], None) if get => carts::get(state, call, (customer, id)),
        ([id], None) if put => carts::update(state, call, (customer, id)),
        ([id], None) if delete => carts::delete(state, call, (customer, id)),
        ([id], Some("checkout")) if post => checkout::checkout(state, call, (customer, id)),
        ([id, "cartItems"], None) if get => cart_items::list(state, call, (customer, id)),
        ([id, "cartItems"], None) if post => cart_items::create(state, call, (customer, id)),
        ([id, "cartItems", item], None) if get => cart_items::get(state, call, (customer, id), item),
        ([id, "cartItems", item], None) if put => cart_items::update(state, call, (customer, id), item),
        ([id, "cartItems", item], None) if delete => cart_items::delete(state, call, (customer, id), item),
        _ => Err(no_route(call)),
    }
}

/// The refusal of a path or method that the reference does not list.
pub(super) fn no_route(call: &Call) -> Problem {
    Problem::no_route(&call.method, &call.shown_path())
}
