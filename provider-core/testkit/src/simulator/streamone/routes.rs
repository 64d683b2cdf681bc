//! Which endpoint a v3 path names.

use http::Method;

use super::call::{Call, Outcome};
use super::problem::Problem;
use super::state::State;
use super::{customers, orders, products, subscriptions, template};

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
        (["products", id], None) if get => products::get(state, call, id),
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

/// The refusal of a path or method that the reference does not list.
pub(super) fn no_route(call: &Call) -> Problem {
    Problem::no_route(&call.method, &call.shown_path())
}
