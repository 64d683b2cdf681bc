//! Purchases that wait for their date.

use super::record::Order;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::{BILLING_CYCLE_ENUM, SORT_ORDER};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{choice, int};
use crate::crayon::engine::route::{Paging, get, put};
use crate::crayon::state::{Call, Route, State};
use crate::crayon::subscription::transitions::catalog_item_id;

/// The vendor's SDK asks for 20.
const PAGES: Paging = Paging { default: 20, max: 1_000 };

pub(crate) const ROUTES: &[Route] = &[
    get("scheduledpurchaserequest", list)
        .query(&[int("ResellerCustomerId"), choice("SortOrder", &SORT_ORDER)])
        .paged(PAGES),
    put("scheduledpurchaserequest/cancel-order/{reference}/{number}", cancel),
];

fn waits(order: &Order) -> bool {
    order.scheduled.is_some() && order.subscription.is_none() && !order.cancelled
}

fn line(state: &State, order: &Order) -> Json {
    let variant = state.catalog.variant(order.variant);
    object! {
        "OrderNumber": order.number.to_string(),
        "CatalogId": variant.map(|variant| catalog_item_id(&variant.offering.part_number)),
        "Name": variant.map(|variant| variant.name()),
        "Quantity": order.quantity,
        "BillingCycle": BILLING_CYCLE_ENUM.name_of(order.cycle),
        "TermDuration": variant.and_then(|variant| variant.term.duration()),
        "EmailReceiver": order.email.clone(),
        "ScheduledDate": dates::write_opt(order.scheduled, Form::Bare),
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    let tenant = call.query.filter("ResellerCustomerId");
    let state = &*call.state;
    let mut groups: Vec<(&str, Vec<Json>)> = Vec::new();
    let rows = state.orders.rows().iter().filter(|order| waits(order));
    for order in rows.filter(|order| tenant.is_none_or(|tenant| tenant == order.tenant)) {
        match groups.iter_mut().find(|(reference, _)| *reference == order.reference) {
            Some((_, items)) => items.push(line(state, order)),
            None => groups.push((&order.reference, vec![line(state, order)])),
        }
    }
    if call.query.int("SortOrder") == Some(1) {
        groups.reverse();
    }
    Ok(call.page_of(groups.into_iter(), |(reference, items)| {
        object! { "OrderReferenceId": reference.to_owned(), "OrderItems": items }
    }))
}

fn cancel(call: &mut Call<'_>) -> Outcome {
    let (reference, number) = (call.text("reference").to_owned(), call.text("number").to_owned());
    let place = call.state.orders.rows().iter().position(|order| {
        waits(order) && order.reference.eq_ignore_ascii_case(&reference) && order.number.to_string() == number
    });
    let place = place.ok_or_else(|| ErrorAnswer::not_found("ScheduledOrder", &reference))?;
    if let Some(order) = call.state.orders.rows_mut().get_mut(place) {
        order.cancelled = true;
    }
    let state = &*call.state;
    Ok(Answer::json(state.orders.rows().get(place).map(|order| line(state, order))))
}
