//! Conversions of trials and legacy offers, activation links, reserved-instance flags.

use super::record::{ACTIVE, CONVERTED, Subscription};
use crate::crayon::catalog::offerings::OfferKind;
use crate::crayon::catalog::price_list::Variant;
use crate::crayon::engine::call::{Answer, Outcome, yes};
use crate::crayon::engine::enums::BILLING_CYCLE_ENUM;
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::route::{get, post};
use crate::crayon::engine::settings::ListEnvelope;
use crate::crayon::engine::shape::{choice, int, shape, text};
use crate::crayon::purchase::rules;
use crate::crayon::state::{Call, Route, State};

shape!(
    CONVERSION,
    "SubscriptionConversion",
    [
        choice("BillingCycle", &BILLING_CYCLE_ENUM),
        text("OfferId"),
        text("OrderId"),
        int("Quantity").required(),
        text("TargetOfferId").required(),
        text("ProductName"),
    ]
);

pub(crate) const ROUTES: &[Route] = &[
    get("subscriptions/{id:int}/conversions", list),
    post("subscriptions/{id:int}/conversions", convert).body(&CONVERSION),
    get("subscriptions/{id:int}/activationlink", activation_link),
    get("subscriptions/{reserved:flag}/subscriptionid/{id:int}", is_reserved),
    post("subscriptions/{reserved:flag}/subscriptionid/{id:int}", set_reserved),
];

/// The part number that an offer can be converted to.
fn target_part(variant: &Variant<'_>) -> Option<(&'static str, Option<&'static str>)> {
    match variant.offering.kind {
        OfferKind::NceSeat if variant.offering.trial => Some(("CFQ7TTC0LH18:0001", Some("P1M"))),
        OfferKind::LegacySeat => Some(("7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e02", None)),
        _ => None,
    }
}

fn target<'a>(state: &'a State, row: &Subscription) -> Option<Variant<'a>> {
    let current = state.catalog.variant(row.variant)?;
    let (part, term) = target_part(&current)?;
    let target = state.catalog.find(part, term)?;
    (row.status == ACTIVE && target.index != current.index).then_some(target)
}

fn list(call: &mut Call<'_>) -> Outcome {
    let state = &*call.state;
    let row = state.subscription(call.id("id"))?;
    let current = state.catalog.variant(row.variant);
    Ok(call.page_of(target(state, row).into_iter(), |variant| {
        object! {
            "BillingCycle": variant.term.cycles.first().copied(),
            "OfferId": current.map(|current| current.offering.part_number.clone()),
            "OrderId": row.json(state).get("OrderId").clone(),
            "Quantity": row.quantity,
            "TargetOfferId": variant.offering.part_number.clone(),
            "ProductName": variant.offering.name.clone(),
        }
    }))
}

fn convert(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    let row = call.state.subscription(id)?.clone();
    let wanted = call.body.get("TargetOfferId").text().unwrap_or_default();
    let variant = target(call.state, &row)
        .filter(|variant| variant.offering.part_number.eq_ignore_ascii_case(wanted))
        .ok_or_else(|| {
            ErrorAnswer::rule("ConversionNotAvailable", "The subscription has no such conversion.")
        })?;
    let quantity = call.body.get("Quantity").int().unwrap_or_default();
    rules::check_quantity(&variant, quantity)?;
    let first = variant.term.cycles.first().copied().unwrap_or_default();
    let cycle = call.body.get("BillingCycle").int().filter(|cycle| *cycle != 0).unwrap_or(first);
    if !variant.term.cycles.contains(&cycle) {
        return Err(ErrorAnswer::rule("BillingCycleNotSupported", "The offer is not billed in that cycle."));
    }
    let mut converted = Subscription::starting(row.tenant, &variant, quantity, cycle, call.now);
    converted.invoice_profile = row.invoice_profile;
    let new = call.state.subscriptions.add(converted);
    call.state.orders.placed_directly();
    call.state.subscription_mut(id)?.status = CONVERTED;
    Ok(Answer::json(call.state.subscription(new)?.detailed(call.state)))
}

fn activation_link(call: &mut Call<'_>) -> Outcome {
    let row = call.state.subscription(call.id("id"))?;
    let id = row.publisher_id(call.state);
    Ok(Answer::json(object! {
        "Uri": format!("https://activate.example.com/subscriptions/{id}"),
        "SubscriptionId": id,
    }))
}

/// A boolean for the vendor's SDK, a list of one for the Swagger files.
fn is_reserved(call: &mut Call<'_>) -> Outcome {
    let reserved = call.state.subscription(call.id("id"))?.reserved;
    Ok(match call.settings.envelope {
        ListEnvelope::Bare => Answer::json(Json::List(vec![Json::from(reserved)])),
        ListEnvelope::Documented | ListEnvelope::Items => Answer::json(reserved),
    })
}

fn set_reserved(call: &mut Call<'_>) -> Outcome {
    let reserved = call.text("reserved") == "true";
    call.state.subscription_mut(call.id("id"))?.reserved = reserved;
    yes()
}
