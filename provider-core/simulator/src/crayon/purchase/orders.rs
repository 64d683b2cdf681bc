//! New-commerce orders: accepted at once, fulfilled later.

use chrono::{DateTime, Utc};

use super::body::{NEW_COMMERCE_ORDER, NEXT_TERM_INSTRUCTIONS};
use super::record::Order;
use super::rules::{self, Reason, Wanted};
use crate::crayon::catalog::offerings::OfferKind;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::route::{get, post};
use crate::crayon::state::{Call, Route, State};
use crate::crayon::subscription::record::{ACTIVE, NextTerm, Subscription};
use crate::crayon::subscription::{azure, coterminosity};

pub(crate) const ROUTES: &[Route] = &[
    post("subscriptions/new-commerce-orders", place).body(&NEW_COMMERCE_ORDER),
    get("subscriptions/new-commerce-orders/{order:guid}", look_up),
    post("subscriptions/{id:int}/next-term-instructions", instruct).body(&NEXT_TERM_INSTRUCTIONS),
];

/// Turns the orders that are due into subscriptions and activates what was waiting.
pub(crate) fn settle(state: &mut State, now: DateTime<Utc>) {
    let due: Vec<(usize, Order)> = state
        .orders
        .rows
        .iter()
        .enumerate()
        .filter(|(_, order)| order.subscription.is_none() && !order.cancelled && order.due <= now)
        .map(|(place, order)| (place, order.clone()))
        .collect();
    for (place, order) in due {
        let Some(variant) = state.catalog.variant(order.variant) else {
            continue;
        };
        let record = Subscription::starting(order.tenant, &variant, order.quantity, order.cycle, order.due);
        let id = rules::fulfil(state, record, order.custom_end);
        if let Some(order) = state.orders.rows.get_mut(place) {
            order.subscription = Some(id);
        }
    }
    state.assets.settle(now);
    azure::activate(state, now);
}

/// The id of the order with that number.
pub(crate) fn order_id(state: &State) -> String {
    let number = i64::try_from(state.orders.rows.len()).unwrap_or(i64::MAX);
    state.prng("crayon/new-commerce-order", number).uuid()
}

/// The result of a call that reports business failures with status 200.
fn result(reason: Option<Reason>) -> Json {
    let (code, text) = reason.map(|reason| (reason.code, reason.text)).unzip();
    object! { "IsSuccessful": code.is_none(), "ErrorReasonCode": code, "ErrorDescription": text }
}

fn place(call: &mut Call<'_>) -> Outcome {
    let body = std::mem::replace(&mut call.body, Json::Null);
    match accept(call, &body) {
        Ok((id, scheduled)) => Ok(Answer::json(
            result(None)
                .with("NewCommerceOrderId", id)
                .with("ScheduledDate", dates::write_opt(scheduled, Form::Zulu)),
        )),
        Err(reason) => Ok(Answer::json(
            result(Some(reason)).with("NewCommerceOrderId", Json::Null).with("ScheduledDate", Json::Null),
        )),
    }
}

fn date_of(body: &Json, name: &str) -> Option<DateTime<Utc>> {
    body.get(name).text().and_then(dates::read)
}

fn accept(call: &mut Call<'_>, body: &Json) -> Result<(String, Option<DateTime<Utc>>), Reason> {
    let wanted = Wanted {
        tenant: body.get("CustomerTenantId").int().unwrap_or_default(),
        part_number: body.get("PartNumber").text().unwrap_or_default(),
        cycle: body.get("BillingCycle").int().map(rules::cycle_from_type),
        term: body.get("TermDuration").text(),
        quantity: body.get("Quantity").int().unwrap_or_default(),
    };
    let (variant, cycle) = rules::check(call.state, &wanted)?;
    if variant.offering.kind != OfferKind::NceSeat {
        return Err(Reason::new("PartNumberNotFound", "The part number is no new-commerce product."));
    }
    let scheduled = date_of(body, "ScheduledDate");
    if scheduled.is_some_and(|at| at < dates::day_start(call.now)) {
        return Err(Reason::new("ScheduledDateInPast", "An order cannot be scheduled in the past."));
    }
    let custom_end = match date_of(body, "CustomTermEndDate") {
        None => None,
        Some(end) => {
            Some(coterminosity::allowed_end(call.state, wanted.tenant, variant.term, end, call.now)?)
        }
    };
    let id = order_id(call.state);
    let order = Order {
        id: id.clone(),
        reference: id.clone(),
        number: 1,
        email: None,
        tenant: wanted.tenant,
        variant: variant.index,
        cycle,
        quantity: wanted.quantity,
        custom_end,
        scheduled,
        due: scheduled.unwrap_or(call.now).max(call.now) + call.settings.order_delay,
        subscription: None,
        cancelled: false,
    };
    call.state.orders.add(order);
    Ok((id, scheduled))
}

fn look_up(call: &mut Call<'_>) -> Outcome {
    let id = call.text("order");
    let order = call.state.orders.rows.iter().find(|order| order.id.eq_ignore_ascii_case(id));
    let order = order.ok_or_else(ErrorAnswer::nothing_here)?;
    Ok(Answer::json(order.subscription.into_iter().collect::<Vec<i64>>()))
}

fn instruct(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    let row = call.state.subscription(id)?;
    match next_term(call, row) {
        Err(reason) => Ok(Answer::json(result(Some(reason)))),
        Ok(next) => {
            call.state.subscription_mut(id)?.next_term = Some(next);
            Ok(Answer::json(result(None)))
        }
    }
}

fn next_term(call: &Call<'_>, row: &Subscription) -> Result<NextTerm, Reason> {
    let state = &*call.state;
    if row.status != ACTIVE || !row.is_nce(state) {
        return Err(Reason::new(
            "SubscriptionNotEligible",
            "Only an active new-commerce subscription has a next term.",
        ));
    }
    if row.auto_renew != Some(true) {
        return Err(Reason::new("AutoRenewDisabled", "The subscription does not renew."));
    }
    let body = &call.body;
    if matches!(body, Json::Object(members) if members.iter().all(|(_, value)| value.is_null())) {
        return Err(Reason::new("NoInstructions", "Nothing was asked to change."));
    }
    let current = state.catalog.variant(row.variant);
    let current =
        current.ok_or_else(|| Reason::new("PartNumberNotFound", "The product is no longer for sale."))?;
    let part_number = body.get("PartNumber").filled().unwrap_or(&current.offering.part_number);
    let term = body.get("TermDuration").filled().or(current.term.duration());
    let cycle = body.get("BillingCycle").int().filter(|cycle| *cycle != 0);
    let wanted = Wanted {
        tenant: row.tenant,
        part_number,
        cycle: Some(cycle.map_or(row.cycle, rules::cycle_from_type)),
        term,
        quantity: body.get("Quantity").int().unwrap_or(row.quantity),
    };
    let (variant, cycle) = rules::check(state, &wanted)?;
    let custom_end = match (date_of(body, "CustomTermEndDate"), row.ends) {
        (None, _) => None,
        (Some(end), Some(ends)) => {
            Some(coterminosity::allowed_end(state, row.tenant, variant.term, end, ends)?)
        }
        (Some(_), None) => {
            return Err(Reason::new("CustomTermEndDateNotAllowed", "The subscription has no end."));
        }
    };
    Ok(NextTerm { variant: variant.index, cycle, quantity: wanted.quantity, custom_end })
}
