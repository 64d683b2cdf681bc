//! The order endpoints.

use serde_json::{Value, json};

use super::fulfilment::accept;
use super::json::order_json;
use super::record::Order;
use super::rules::{ORDER, check_items};
use crate::engine::answer::put;
use crate::streamone::catalog::providers::provider;
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::pages::{Position, TokenPage};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::shape::read_text;
use crate::streamone::state::State;

/// The order states that the reference lists.
const STATUSES: &[&str] = &["NEW", "CONFIRMED", "ON_HOLD", "IN_PROGRESS", "COMPLETED", "ERROR", "CANCELED"];

const ACCOUNT_FILTERS: [&str; 7] = [
    "status",
    "filter.excludeSubAccounts",
    "filter.accountIdList",
    "filter.customerIdList",
    "filter.providerNameList",
    "sortBy",
    "sortOrder",
];

/// Which orders a list shows, and in which order.
struct Listing {
    status: Option<&'static str>,
    by_update: bool,
    ascending: bool,
}

impl Listing {
    fn position(&self, order: &Order) -> Position {
        let moment = if self.by_update { order.updated } else { order.created };
        (moment.timestamp_millis(), order.id)
    }

    /// One page of `orders`.
    fn page<'a>(&self, state: &State, page: &TokenPage, orders: impl Iterator<Item = &'a Order>) -> Value {
        let mut orders: Vec<&Order> = orders
            .filter(|order| self.status.is_none_or(|status| order.status == status))
            .filter(|order| {
                page.after.is_none_or(|after| {
                    (self.position(order) > after) == self.ascending && self.position(order) != after
                })
            })
            .collect();
        orders.sort_by_key(|order| self.position(order));
        if !self.ascending {
            orders.reverse();
        }
        let (orders, next) = page.cut(orders.into_iter(), |order| self.position(order));
        let orders: Vec<Value> = orders.into_iter().map(|order| order_json(state, order)).collect();
        let mut answer = json!({"nextPageToken": next.unwrap_or_default()});
        put(&mut answer, "orders", orders);
        answer
    }
}

/// `GET /accounts/{a}/orders`.
pub(crate) fn list(state: &mut State, call: &Call) -> Outcome {
    let names: Vec<&str> = ACCOUNT_FILTERS.iter().chain(&TokenPage::NAMES).copied().collect();
    let query = Query::of(call, &names)?;
    let page = TokenPage::of(call, &query, state.settings.largest_page)?;
    let listing = Listing {
        status: query.choice("status", STATUSES)?,
        by_update: query.choice("sortBy", &["createTime", "updateTime"])? == Some("updateTime"),
        ascending: query.choice("sortOrder", &["DESC", "ASC"])? == Some("ASC"),
    };
    // The simulated account has no accounts below it, so there is nothing to leave out.
    query.flag("filter.excludeSubAccounts")?;
    let accounts = query.numbers("filter.accountIdList")?;
    let customers = query.numbers("filter.customerIdList")?;
    let providers: Option<Vec<&str>> =
        query.text("filter.providerNameList").map(|names| names.split(',').map(str::trim).collect());
    let account = state.account;
    let orders = state
        .orders
        .all()
        .filter(|_| accounts.as_ref().is_none_or(|wanted| wanted.contains(&account)))
        .filter(|order| customers.as_ref().is_none_or(|wanted| wanted.contains(&order.customer)))
        .filter(|order| providers.as_ref().is_none_or(|wanted| sold_by(order, wanted)));
    Ok(Answer::json(listing.page(state, &page, orders)))
}

fn sold_by(order: &Order, providers: &[&str]) -> bool {
    order.items.iter().any(|item| {
        provider(item.provider)
            .is_some_and(|provider| providers.iter().any(|name| name.eq_ignore_ascii_case(provider.code)))
    })
}

/// `GET /accounts/{a}/customers/{c}/orders`; `-` means any customer.
pub(crate) fn list_of_customer(state: &mut State, call: &Call, customer: &str) -> Outcome {
    let query = Query::of(call, &["pageSize", "pageToken", "status"])?;
    let page = TokenPage::of(call, &query, state.settings.largest_page)?;
    let listing = Listing { status: query.choice("status", STATUSES)?, by_update: false, ascending: false };
    let body = if customer == "-" {
        listing.page(state, &page, state.orders.all())
    } else {
        let customer = state.customer(customer)?.id;
        listing.page(state, &page, state.orders.of_customer(customer))
    };
    Ok(Answer::json(body))
}

/// `GET /accounts/{a}/customers/{c}/orders/{orderId}`; customer `-` means any.
pub(crate) fn get(state: &mut State, call: &Call, customer: &str, id: &str) -> Outcome {
    Query::none(call)?;
    let order = state.order(customer, id)?;
    Ok(Answer::json(order_json(state, order)))
}

/// `POST /accounts/{a}/customers/{c}/orders`.
pub(crate) fn create(state: &mut State, call: &Call, customer: &str) -> Outcome {
    Query::none(call)?;
    let customer = state.customer(customer)?.id;
    let body = call.json_body(ORDER)?;
    let items = check_items(state, customer, &body)?;
    let id = state.fresh_id();
    let order = Order {
        id,
        customer,
        reference: read_text(&body, "referenceId").map(str::to_owned),
        display_name: read_text(&body, "displayName").map(str::to_owned),
        status: "NEW",
        cart: None,
        items,
        errors: Vec::new(),
        created: call.now,
        updated: call.now,
    };
    let answer = order_json(state, &order);
    accept(state, order);
    Ok(Answer::json(answer))
}

/// `POST /accounts/{a}/customers/{c}/orders/{orderId}:cancel`; only before work has begun.
pub(crate) fn cancel(state: &mut State, call: &Call, customer: &str, id: &str) -> Outcome {
    Query::none(call)?;
    call.no_body()?;
    let order = state.order(customer, id)?;
    let (id, status) = (order.id, order.status);
    if !matches!(status, "NEW" | "ON_HOLD") {
        let message = format!("BAD_REQUEST: order {id} has status {status} and cannot be canceled");
        return Err(Problem::bad_request(message));
    }
    state.orders.unschedule(id);
    if let Some(order) = state.orders.get_mut(id) {
        order.advance("CANCELED", "CANCELED", call.now);
    }
    let order = state.order("-", &id.to_string())?;
    Ok(Answer::json(order_json(state, order)))
}
