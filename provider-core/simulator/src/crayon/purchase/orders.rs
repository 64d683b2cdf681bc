//! New-commerce orders: accepted at once, fulfilled later.

use chrono::{DateTime, Utc};

use super::rules::{self, Reason, Wanted};
use crate::crayon::engine::call::{Answer, Call};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::failure::Failure;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::route::{Outcome, Route, get, post};
use crate::crayon::state::State;
use crate::crayon::subscription::body::{NEW_COMMERCE_ORDER, NEXT_TERM_INSTRUCTIONS};
use crate::crayon::subscription::record::{ACTIVE, NextTerm, Subscription};

pub(crate) const ROUTES: &[Route] = &[
    post("subscriptions/new-commerce-orders", place).body(&NEW_COMMERCE_ORDER),
    get("subscriptions/new-commerce-orders/{order:guid}", look_up),
    post("subscriptions/{id:int}/next-term-instructions", instruct).body(&NEXT_TERM_INSTRUCTIONS),
];

/// The orders that were accepted.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    rows: Vec<Order>,
    /// Purchases that made their subscription at once.
    direct: u64,
}

/// One accepted order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    /// What orders of one cart share, and the place in it.
    pub(crate) reference: String,
    pub(crate) number: i64,
    /// Who hears about a scheduled purchase.
    pub(crate) email: Option<String>,
    pub(crate) tenant: i64,
    pub(crate) variant: usize,
    /// `BillingCycleEnum`.
    pub(crate) cycle: i64,
    pub(crate) quantity: i64,
    pub(crate) custom_end: Option<DateTime<Utc>>,
    pub(crate) scheduled: Option<DateTime<Utc>>,
    pub(crate) due: DateTime<Utc>,
    pub(crate) subscription: Option<i64>,
    pub(crate) cancelled: bool,
}

impl Orders {
    /// Counts a purchase that is no order.
    pub(crate) fn placed_directly(&mut self) {
        self.direct += 1;
    }

    /// Everything bought through any call: what "never twice" is checked against.
    pub(crate) fn count(&self) -> u64 {
        u64::try_from(self.rows.len()).unwrap_or(u64::MAX).saturating_add(self.direct)
    }

    pub(crate) fn rows(&self) -> &[Order] {
        &self.rows
    }

    pub(crate) fn rows_mut(&mut self) -> &mut [Order] {
        &mut self.rows
    }

    pub(crate) fn add(&mut self, order: Order) {
        self.rows.push(order);
    }
}

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
    crate::crayon::subscription::azure::activate(state, now);
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
    if variant.offering.kind != crate::crayon::catalog::offerings::OfferKind::NceSeat {
        return Err(Reason::new("PartNumberNotFound", "The part number is no new-commerce product."));
    }
    let scheduled = date_of(body, "ScheduledDate");
    if scheduled.is_some_and(|at| at < dates::day_start(call.now)) {
        return Err(Reason::new("ScheduledDateInPast", "An order cannot be scheduled in the past."));
    }
    let custom_end = match date_of(body, "CustomTermEndDate") {
        None => None,
        Some(end) => Some(crate::crayon::subscription::coterminosity::allowed_end(
            call.state,
            wanted.tenant,
            variant.term,
            end,
            call.now,
        )?),
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
    let order = order.ok_or_else(Failure::nothing_here)?;
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
        (Some(end), Some(ends)) => Some(crate::crayon::subscription::coterminosity::allowed_end(
            state,
            row.tenant,
            variant.term,
            end,
            ends,
        )?),
        (Some(_), None) => {
            return Err(Reason::new("CustomTermEndDateNotAllowed", "The subscription has no end."));
        }
    };
    Ok(NextTerm { variant: variant.index, cycle, quantity: wanted.quantity, custom_end })
}
