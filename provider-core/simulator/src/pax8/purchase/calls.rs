//! `/v1/orders`.

use axum::body::Bytes;
use axum::extract::Path;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::body::{self, LineSent, OrderSent};
use super::record::{Order, OrderLine, ordered_by_read};
use super::rules::{self, LinePlan, OrderPlan, Parent};
use crate::engine::answer::Answer;
use crate::pax8::access::webhook::event::Event;
use crate::pax8::engine::call::ok;
use crate::pax8::engine::listing::{PageAsked, boolean};
use crate::pax8::engine::wire;
use crate::pax8::state::{Call, State};
use crate::pax8::subscription::record::{CommitmentRun, Subscription};

/// The message of a 422.
const INVALID_ORDER: &str = "Order is not valid";

/// `GET /v1/orders`: oldest first.
pub(crate) async fn list(call: Call) -> Answer {
    let query = call.query(&["page", "size", "companyId"])?;
    let page = PageAsked::read(&call, &query)?;
    let answer = call.read(|state| {
        let company = match query.get("companyId") {
            None => None,
            Some(id) => Some(state.companies.place(id).ok_or_else(|| call.not_found("Company", id))?),
        };
        let rows: Vec<&Order> = state
            .orders
            .iter()
            .filter(|order| company.is_none_or(|wanted| order.company == wanted))
            .collect();
        Ok(page.cut(&rows, |order| order.json(state)).nested())
    });
    answer.map(|page| ok(&page))
}

/// `GET /v1/orders/{orderId}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    let answer = call.read(|state| state.orders.get(&id).map(|order| order.json(state)));
    answer.map(|order| ok(&order)).ok_or_else(|| call.not_found("Order", &id))
}

/// `POST /v1/orders`, with `isMock=true` only as far as the checks.
pub(crate) async fn create(call: Call, body: Bytes) -> Answer {
    let query = call.query(&["isMock"])?;
    let is_mock = boolean(&call, &query, "isMock")?.unwrap_or(false);
    let members = call.object(&body)?;
    let sent = body::read(&call, &members)?;
    let answer = call.change(|state, now| {
        let plan =
            rules::check(state, &sent, now).map_err(|rules| call.unprocessable(INVALID_ORDER, &rules))?;
        Ok(if is_mock { mock_answer(state, &sent, &plan, now) } else { place(state, &sent, &plan, now) })
    });
    if !is_mock {
        call.sim.settle_in_time();
    }
    answer.map(|order| ok(&order))
}

/// Writes the order and its subscriptions.
fn place(state: &mut State, sent: &OrderSent, plan: &OrderPlan, now: DateTime<Utc>) -> Value {
    // Every id first: an add-on may name a line that comes after it.
    let ids: Vec<String> = plan.lines.iter().map(|_| state.ids.uuid()).collect();
    let mut lines = Vec::new();
    for ((line, planned), id) in sent.lines.iter().zip(&plan.lines).zip(&ids) {
        let parent_id = match &planned.parent {
            None => None,
            Some(Parent::Subscription(id)) => Some(id.clone()),
            Some(Parent::Line(place)) => ids.get(*place).cloned(),
        };
        let subscription =
            provisioning_subscription(state, plan.company, line, planned, (id.clone(), parent_id), now);
        let event = Event::subscription(&subscription, &sent.company_id, "CREATED");
        state.events.push(event);
        lines.push(OrderLine {
            id: state.ids.uuid(),
            product: planned.product,
            subscription: state.add_subscription(subscription),
            commitment_id: line.commitment_id.clone(),
            provision_start: line.provision_start,
            billing_term: line.billing_term,
            quantity: line.quantity,
        });
    }
    let order = order(state, sent, plan, lines, now);
    let answer = order.json(state);
    state.orders.push(order);
    answer
}

fn order(
    state: &mut State,
    sent: &OrderSent,
    plan: &OrderPlan,
    lines: Vec<OrderLine>,
    now: DateTime<Utc>,
) -> Order {
    Order {
        id: state.ids.uuid(),
        company: plan.company,
        created_at: now,
        ordered_by: ordered_by_read(sent.ordered_by),
        email: sent.email.clone().unwrap_or_else(|| "ordering@msp.example.com".to_owned()),
        lines,
    }
}

fn provisioning_subscription(
    state: &State,
    company: usize,
    line: &LineSent,
    planned: &LinePlan,
    (id, parent_id): (String, Option<String>),
    now: DateTime<Utc>,
) -> Subscription {
    let manual = state.products.at(planned.product).is_some_and(|product| product.manual);
    let delivered = if line.billing_term == "Trial" { "Trial" } else { "Active" };
    Subscription {
        id,
        parent_id,
        company,
        product: planned.product,
        vendor_subscription_id: None,
        quantity: line.quantity,
        starts_at: line.provision_start.unwrap_or(now),
        ends_at: None,
        created_at: now,
        updated_at: None,
        status: if manual { "PendingManual" } else { "PendingAutomated" },
        price: planned.price,
        cost: planned.cost,
        billing_term: line.billing_term,
        commitment: planned
            .commitment
            .map(|place| CommitmentRun { place, started: line.provision_start.unwrap_or(now) }),
        answers: line.answers.clone(),
        next: (!manual).then_some((now + state.settling, delivered)),
        history: Vec::new(),
        counts: Vec::new(),
    }
}

/// The answer of a dry run: as of a success, without the ids that only writing gives.
fn mock_answer(state: &State, sent: &OrderSent, plan: &OrderPlan, now: DateTime<Utc>) -> Value {
    let lines: Vec<Value> = sent
        .lines
        .iter()
        .map(|line| {
            json!({
                "productId": line.product_id,
                "billingTerm": line.billing_term,
                "quantity": wire::number(line.quantity),
            })
        })
        .collect();
    json!({
        "companyId": state.companies.at(plan.company).map(|one| &one.id),
        "createdDate": wire::day(now),
        "orderedBy": ordered_by_read(sent.ordered_by),
        "isScheduled": false,
        "lineItems": lines,
    })
}
