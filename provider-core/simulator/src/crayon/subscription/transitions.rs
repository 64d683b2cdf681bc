//! Upgrades of new-commerce subscriptions.

use super::json::availability_id;
use super::record::{ACTIVE, CONVERTED, Subscription};
use crate::crayon::catalog::price_list::Variant;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::BILLING_CYCLE_ENUM;
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::route::{get, post};
use crate::crayon::engine::shape::{choice, int, shape, text};
use crate::crayon::purchase::rules;
use crate::crayon::state::{Call, Route, State};

shape!(
    TRANSITION,
    "SubscriptionTransition",
    [
        text("ToCatalogItemId").required(),
        text("ToSubscriptionId"),
        text("FromCatalogItemId"),
        text("FromSubscriptionId"),
        text("TransitionType").required(),
        int("Quantity").required(),
        // The vendor's SDK reads the other enum here: the wider one takes both readings.
        choice("BillingCycle", &BILLING_CYCLE_ENUM),
        text("Term"),
    ]
);

pub(crate) const ROUTES: &[Route] = &[
    get("subscriptions/{id:int}/transition-eligibilities/{kind}", eligibilities),
    get("subscriptions/{id:int}/transitions", list),
    post("subscriptions/{id:int}/transition", make).body(&TRANSITION),
];

/// What can be upgraded to what.
const UPGRADES: &[(&str, &str)] =
    &[("CFQ7TTC0SMP2:0001", "CFQ7TTC0LH18:0001"), ("CFQ7TTC0LH18:0001", "CFQ7TTC0SMP3:0002")];

const TRANSITION_ONLY: &str = "transition_only";

/// `ProductId:SkuId:AvailabilityId`.
pub(crate) fn catalog_item_id(part_number: &str) -> String {
    format!("{part_number}:{}", availability_id(part_number))
}

fn part_number(state: &State, row: &Subscription) -> String {
    state
        .catalog
        .variant(row.variant)
        .map(|variant| variant.offering.part_number.to_string())
        .unwrap_or_default()
}

fn eligibilities(call: &mut Call<'_>) -> Outcome {
    let state = &*call.state;
    let row = state.subscription(call.id("id"))?;
    let from = part_number(state, row);
    let known = ["immediate", "scheduled"].contains(&call.text("kind"));
    let targets = UPGRADES.iter().filter(|(source, _)| known && *source == from).filter_map(|(_, target)| {
        let name = state.catalog.by_part(target).next()?.offering.name.clone();
        let errors = if row.status == ACTIVE {
            Vec::new()
        } else {
            vec![object! { "Code": 400, "Description": "The subscription is not active." }]
        };
        let eligible = errors.is_empty();
        Some(object! {
            "CatalogItemId": catalog_item_id(target),
            "Title": name.clone(),
            "Description": format!("Upgrade to {name}"),
            "Quantity": row.quantity,
            "Eligibilities": vec![object! {
                "IsEligible": eligible,
                "TransitionType": TRANSITION_ONLY,
                "Errors": errors.clone(),
            }],
            // The docs spell one member of this camelCase resource in PascalCase.
            "SubscriptionEligibilities": vec![Json::Map(vec![
                ("isEligible".to_owned(), Json::from(eligible)),
                ("subscriptionId".to_owned(), Json::from(row.publisher_id(state))),
                ("SubscriptionFriendlyName".to_owned(), Json::from(row.display_name(state))),
                ("errors".to_owned(), Json::from(errors)),
            ])],
        })
    });
    Ok(call.page_of(targets, |row| row).camel())
}

fn list(call: &mut Call<'_>) -> Outcome {
    let id = call.state.subscription(call.id("id"))?.id;
    let rows = call.state.transitions.iter().filter(|(subscription, _)| *subscription == id);
    Ok(call.page_of(rows, |(_, row)| row.clone()))
}

fn target<'a>(call: &'a Call<'_>, row: &Subscription, item: &str) -> Result<Variant<'a>, ErrorAnswer> {
    let from = part_number(call.state, row);
    let (_, part) = UPGRADES
        .iter()
        .find(|(source, target)| *source == from && catalog_item_id(target).eq_ignore_ascii_case(item))
        .ok_or_else(|| {
            ErrorAnswer::rule("TransitionNotEligible", "The subscription has no such transition.")
        })?;
    let current = call.state.catalog.variant(row.variant).and_then(|variant| variant.term.duration());
    let term = call.body.get("Term").filled().or(current);
    call.state.catalog.find(part, term).ok_or_else(|| {
        ErrorAnswer::rule("TermDurationNotSupported", "The target is not sold with that term.")
    })
}

/// All seats move when at least as many are asked for as there are, otherwise some stay behind.
fn make(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    let row = call.state.subscription(id)?.clone();
    if row.status != ACTIVE {
        return Err(ErrorAnswer::rule(
            "SubscriptionNotActive",
            "Only an active subscription can be upgraded.",
        ));
    }
    let item = call.body.get("ToCatalogItemId").string().unwrap_or_default();
    let kind = call.body.get("TransitionType").string().unwrap_or_default();
    if kind != TRANSITION_ONLY {
        return Err(ErrorAnswer::rule(
            "TransitionTypeNotSupported",
            "TransitionType must be transition_only.",
        ));
    }
    let variant = target(call, &row, &item)?;
    let quantity = call.body.get("Quantity").int().unwrap_or_default();
    rules::check_quantity(&variant, quantity)?;
    let cycle = call.body.get("BillingCycle").int().filter(|cycle| *cycle != 0);
    let cycle = cycle.map_or(row.cycle, rules::cycle_from_type);
    if !variant.term.cycles.contains(&cycle) {
        return Err(ErrorAnswer::rule(
            "BillingCycleNotSupported",
            "The term and billing cycle do not fit together.",
        ));
    }
    let term = variant.term.duration();
    let mut upgraded = Subscription::starting(row.tenant, &variant, quantity, cycle, call.now);
    upgraded.invoice_profile = row.invoice_profile;
    let from_item = catalog_item_id(&part_number(call.state, &row));
    let new = call.state.subscriptions.add(upgraded);
    call.state.orders.placed_directly();
    let source = call.state.subscription_mut(id)?;
    if quantity >= source.quantity {
        source.status = CONVERTED;
    } else {
        source.quantity -= quantity;
    }
    let publisher_id = |id: i64| call.state.subscriptions.get(id).map(|row| row.publisher_id(call.state));
    let response = object! {
        "ToCatalogItemId": item,
        "ToSubscriptionId": publisher_id(new),
        "FromCatalogItemId": from_item,
        "FromSubscriptionId": publisher_id(id),
        "TransitionType": kind,
        "Quantity": quantity,
        "BillingCycle": cycle,
        "Term": term,
        "Events": vec![object! {
            "Name": "ConversionInitiated",
            "TimeStamp": dates::write(call.now, Form::Ticks),
            "Status": "Completed",
            "Attributes": Json::Null,
        }],
        "Attributes": object! { "ObjectType": "Transition" },
    };
    call.state.transitions.push((id, response.clone()));
    Ok(Answer::json(response))
}
