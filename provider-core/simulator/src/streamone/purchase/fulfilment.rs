//! What becomes of an accepted order.

use chrono::{DateTime, Utc};

use super::record::{Action, Order, OrderError, OrderItem, Stage};
use crate::streamone::state::State;
use crate::streamone::subscription::provisioning::{ItemRefusal, create, update};
use crate::streamone::subscription::renewal::end_term;

/// Stores an accepted order and plans its life; a held one waits until it is released.
pub(crate) fn accept(state: &mut State, mut order: Order) {
    if state.orders.hold_new {
        order.status = "ON_HOLD";
    } else {
        plan(state, order.id, order.created);
    }
    state.orders.insert(order);
}

/// Plans the stages of an order that starts at `from`.
fn plan(state: &mut State, order: u64, from: DateTime<Utc>) {
    let settings = &state.settings;
    let stages = [
        (Stage::Confirm, settings.order_confirmed_after),
        (Stage::Start, settings.order_started_after),
        (Stage::Finish, settings.order_finished_after),
    ];
    for (stage, delay) in stages {
        state.orders.schedule(order, stage, from + delay);
    }
}

/// Lets every order on hold go on.
pub(crate) fn release(state: &mut State, now: DateTime<Utc>) {
    let held: Vec<u64> =
        state.orders.all().filter(|order| order.status == "ON_HOLD").map(|order| order.id).collect();
    for id in held {
        if let Some(order) = state.orders.get_mut(id) {
            order.advance("NEW", "PENDING", now);
        }
        plan(state, id, now);
    }
}

/// Brings orders and terms to where they stand at `now`, in the order of time.
pub(crate) fn settle(state: &mut State, now: DateTime<Utc>) {
    loop {
        let event = state.orders.next_event().filter(|at| *at <= now);
        let end = state.subscriptions.next_end().filter(|at| *at <= now);
        let order_first = match (event, end) {
            (None, None) => return,
            (event, Some(end)) => event.is_some_and(|event| event <= end),
            (Some(_), None) => true,
        };
        if order_first {
            if let Some((at, id, stage)) = state.orders.take_event() {
                advance(state, (at, id, stage));
            }
        } else if let Some((at, id)) = state.subscriptions.take_next_end() {
            end_term(state, id, at);
        }
    }
}

fn advance(state: &mut State, (at, id, stage): (DateTime<Utc>, u64, Stage)) {
    match stage {
        Stage::Confirm => mark(state, id, "CONFIRMED", at),
        Stage::Start => mark(state, id, "IN_PROGRESS", at),
        Stage::Finish => finish(state, id, at),
    }
}

fn mark(state: &mut State, id: u64, status: &'static str, at: DateTime<Utc>) {
    if let Some(order) = state.orders.get_mut(id) {
        order.advance(status, "PENDING", at);
    }
}

/// Provisions item by item; one that fails does not undo the others.
fn finish(state: &mut State, id: u64, at: DateTime<Utc>) {
    let Some(mut order) = state.orders.get(id).cloned() else {
        return;
    };
    let injected = state.orders.failures.pop_front();
    let customer = order.customer;
    for (index, item) in order.items.iter_mut().enumerate() {
        let outcome = match &injected {
            Some((code, detail)) => Err(ItemRefusal::new(code, detail)),
            None => provision(state, customer, item, at),
        };
        match outcome {
            Ok(resource) => {
                item.resource_id = Some(resource);
                item.status = "ACTIVE";
            }
            Err(failure) => {
                let path = format!("/orderItems/{index}");
                let error = OrderError { code: failure.code, detail: failure.detail, path };
                item.status = "ERROR";
                item.errors.push(error.clone());
                order.errors.push(error);
            }
        }
    }
    order.status = if order.errors.is_empty() { "COMPLETED" } else { "ERROR" };
    order.updated = at;
    if let Some(stored) = state.orders.get_mut(id) {
        *stored = order;
    }
}

/// Carries out one item; the provider's id of the subscription it made or changed.
fn provision(
    state: &mut State,
    customer: u64,
    item: &mut OrderItem,
    at: DateTime<Utc>,
) -> Result<String, ItemRefusal> {
    match item.action {
        Action::Create => create(state, customer, item, at),
        Action::Update => update(state, item, at),
    }
}
