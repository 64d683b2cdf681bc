//! Add-ons of legacy subscriptions.

use super::body::SUBSCRIPTION_TAGS;
use super::record::{ACTIVE, Subscription};
use super::tags;
use crate::crayon::catalog::offerings::{MICROSOFT, OfferKind};
use crate::crayon::catalog::price_list::Variant;
use crate::crayon::engine::call::{Outcome, yes};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::route::{get, post};
use crate::crayon::engine::shape::{int, nested, shape, text};
use crate::crayon::purchase::rules;
use crate::crayon::state::{Call, Route, State};

shape!(
    POST_ADD_ON,
    "PostSubscriptionAddOn",
    [int("Quantity").required(), text("OfferId").required(), nested("SubscriptionTags", &SUBSCRIPTION_TAGS),]
);

pub(crate) const ROUTES: &[Route] = &[
    get("subscriptions/{id:int}/addon-offers", list_offers),
    post("subscriptions/{id:int}/addons", add).body(&POST_ADD_ON),
];

/// What can be added to a legacy seat subscription.
pub(crate) fn offers(state: &State) -> impl Iterator<Item = Variant<'_>> {
    // The fixed offerings come first in the catalog: no need to walk fifty thousand rows.
    state.catalog.fixed().filter(|variant| variant.offering.kind == OfferKind::LegacyAddOn)
}

fn is_legacy(call: &Call<'_>, row: &Subscription) -> bool {
    call.state
        .catalog
        .variant(row.variant)
        .is_some_and(|variant| variant.offering.kind == OfferKind::LegacySeat)
}

fn list_offers(call: &mut Call<'_>) -> Outcome {
    let row = call.state.subscription(call.id("id"))?;
    let legacy = is_legacy(call, row);
    let rows = offers(call.state).filter(|_| legacy);
    Ok(call.page_of(rows, |variant| {
        object! {
            "Product": variant.offering.reference(),
            "Publisher": reference(MICROSOFT, "Microsoft"),
        }
    }))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    let body = std::mem::replace(&mut call.body, Json::Null);
    let parent = call.state.subscription(id)?;
    if parent.status != ACTIVE || !is_legacy(call, parent) {
        return Err(ErrorAnswer::rule("AddOnNotAllowed", "The subscription takes no add-ons."));
    }
    let offer = body.get("OfferId").text().unwrap_or_default();
    let variant = offers(call.state)
        .find(|variant| variant.offering.part_number.eq_ignore_ascii_case(offer))
        .ok_or_else(|| ErrorAnswer::rule("OfferNotFound", "The subscription has no such add-on offer."))?;
    let quantity = body.get("Quantity").int().unwrap_or_default();
    rules::check_quantity(&variant, quantity)?;
    let mut record = Subscription::starting(parent.tenant, &variant, quantity, parent.cycle, call.now);
    record.parent = Some(id);
    record.tags = match body.get("SubscriptionTags") {
        Json::Null => None,
        tags => Some(tags::stored(tags, call.now)),
    };
    call.state.subscriptions.add(record);
    call.state.orders.placed_directly();
    yes()
}
