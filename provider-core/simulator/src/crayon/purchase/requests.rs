//! Carts: verify fills a purchase request in, checkout buys what was verified.

use chrono::{DateTime, Utc};

use super::body::ASSET_TAGS;
use super::record::Order;
use super::rules::{self, Reason, Wanted};
use super::{assets, orders};
use crate::crayon::catalog::offerings::OfferKind;
use crate::crayon::catalog::price_list::Variant;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates;
use crate::crayon::engine::enums::{ASSET_SCOPE, ASSET_TYPE, BILLING_CYCLE_TYPE, SALES_PRICE_TYPE};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::route::post;
use crate::crayon::engine::shape::{Kind, choice, date, flag, int, list, map, nested, number, shape, text};
use crate::crayon::state::{Call, Route, State};
use crate::crayon::subscription::transitions::catalog_item_id;

shape!(ORDER_ERROR, "AssetOrderError", [text("OrderGroupId"), int("Code"), text("Description")]);
shape!(LINE_ERROR, "AssetOrderLineError", [text("ReasonCode"), text("Description"), map("Properties")]);
shape!(
    ORDER_LINE,
    "OrderLine",
    [
        text("ProductId"),
        int("SubscriptionId").opt(),
        text("ArmRegionName"),
        text("SkuId"),
        int("ProductVariantId").opt(),
        int("Quantity").required(),
        choice("BillingCycle", &BILLING_CYCLE_TYPE).required(),
        map("ProvisioningContext"),
        choice("Type", &ASSET_TYPE).required(),
        flag("RequiresInventoryCheck"),
        text("CatalogItemId"),
        text("TermDuration"),
        choice("Scope", &ASSET_SCOPE).opt(),
        flag("IsTrial"),
        text("Name"),
        flag("AttestationAccepted").opt(),
        choice("ResellerPriceType", &SALES_PRICE_TYPE).opt(),
        number("ResellerPriceTypeValue").opt(),
        nested("Tags", &ASSET_TAGS),
        date("CustomTermEndDate").opt(),
        list("Errors", &Kind::Object(&LINE_ERROR)),
    ]
);

shape!(
    PURCHASE_REQUEST,
    "PurchaseRequestOrder",
    [
        text("ExternalOrderId"),
        text("CountryCode"),
        int("ResellerCustomerId").required(),
        text("AdminAccount"),
        text("NotificationEmail"),
        int("InvoiceProfileId").opt(),
        date("ScheduledPurchaseDate").opt(),
        list("Errors", &Kind::Object(&ORDER_ERROR)),
        list("OrderLines", &Kind::Object(&ORDER_LINE)).required(),
    ]
);

pub(crate) const ROUTES: &[Route] = &[
    post("purchaserequest/verify", verify).body(&PURCHASE_REQUEST),
    post("purchaserequest/checkout", checkout).body(&PURCHASE_REQUEST),
    // The paths of the first version, still valid.
    post("assets/verify", verify).body(&PURCHASE_REQUEST),
    post("assets/checkout", checkout).body(&PURCHASE_REQUEST),
];

/// `AssetType` of lines that become subscriptions.
const SUBSCRIPTION: i64 = 3;

fn part_number(line: &Json) -> Option<String> {
    let (product, sku) = (line.get("ProductId").filled()?, line.get("SkuId").filled()?);
    Some(format!("{product}:{sku}"))
}

/// The variant and cycle (`BillingCycleEnum`) of a line.
fn check_line<'a>(state: &'a State, tenant: i64, line: &Json) -> Result<(Variant<'a>, i64), Reason> {
    let named = line.get("ProductVariantId").int().filter(|id| *id != 0);
    let variant = named.and_then(|id| state.catalog.by_id(id));
    let part = part_number(line).or_else(|| variant.map(|variant| variant.offering.part_number.to_string()));
    let part = part.ok_or_else(|| Reason::new("ProductMissing", "A line names its ProductId and SkuId."))?;
    if variant.is_some_and(|variant| !variant.offering.part_number.eq_ignore_ascii_case(&part)) {
        return Err(Reason::new("ProductVariantMismatch", "ProductVariantId is of another product."));
    }
    let cycle = rules::cycle_from_type(line.get("BillingCycle").int().unwrap_or_default());
    let quantity = line.get("Quantity").int().unwrap_or_default();
    let term = line.get("TermDuration").filled();
    if line.get("Type").int() == Some(SUBSCRIPTION) {
        let wanted = Wanted { tenant, part_number: &part, cycle: Some(cycle), term, quantity };
        return rules::check(state, &wanted);
    }
    let variant = state
        .catalog
        .find(&part, term)
        .filter(|variant| matches!(variant.offering.kind, OfferKind::Software | OfferKind::Reservation))
        .ok_or_else(|| {
            Reason::new("PartNumberNotFound", format!("The part number {part} is not for sale."))
        })?;
    if !variant.term.cycles.contains(&cycle) {
        return Err(Reason::new(
            "BillingCycleNotSupported",
            "The term and billing cycle do not fit together.",
        ));
    }
    if variant.offering.kind == OfferKind::Reservation && line.get("ArmRegionName").filled().is_none() {
        return Err(Reason::new("ArmRegionNameMissing", "A reservation names its region."));
    }
    rules::check_quantity(&variant, quantity)?;
    Ok((variant, cycle))
}

/// The request with catalog ids and errors filled in.
fn filled(call: &Call<'_>) -> (Json, bool) {
    let mut order = PURCHASE_REQUEST.complete(&call.body);
    let tenant = order.get("ResellerCustomerId").int().unwrap_or_default();
    let mut errors = Vec::new();
    let mut error = |code: i64, text: &'static str| {
        errors.push(object! { "OrderGroupId": "0", "Code": code, "Description": text });
    };
    let known = call.state.tenants.get(&tenant).filter(|tenant| !tenant.removed);
    let profile = order.get("InvoiceProfileId").int().filter(|id| *id != 0);
    match known {
        None => error(1001, "The customer tenant was not found."),
        Some(tenant) if profile.is_some() => {
            let row = profile.and_then(|id| call.state.directory.profiles.get(id));
            if row.and_then(|row| row.get("Organization").id()) != Some(tenant.organization) {
                error(1002, "The organization has no such invoice profile.");
            }
        }
        Some(_) => {}
    }
    if order.get("OrderLines").items().is_empty() {
        error(1003, "A purchase request has at least one line.");
    }
    let scheduled = order.get("ScheduledPurchaseDate").text().and_then(dates::read);
    if scheduled.is_some_and(|at| at < dates::day_start(call.now)) {
        error(1004, "A purchase cannot be scheduled in the past.");
    }
    let mut good = errors.is_empty();
    let lines: Vec<Json> = order
        .get("OrderLines")
        .items()
        .iter()
        .map(|line| {
            let mut line = line.clone();
            let checked = check_line(call.state, tenant, &line);
            let problems = match &checked {
                Ok((variant, _)) => {
                    line.set("CatalogItemId", catalog_item_id(&variant.offering.part_number));
                    line.set("Name", variant.name());
                    Vec::new()
                }
                Err(reason) => vec![object! {
                    "ReasonCode": reason.code,
                    "Description": reason.text.clone(),
                    "Properties": Json::Map(Vec::new()),
                }],
            };
            good &= checked.is_ok();
            line.with("Errors", problems)
        })
        .collect();
    order.set("Errors", errors);
    order.set("OrderLines", lines);
    (order, good)
}

fn verify(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(filled(call).0).camel())
}

fn checkout(call: &mut Call<'_>) -> Outcome {
    let verified =
        call.body.get("OrderLines").items().iter().all(|line| line.get("CatalogItemId").filled().is_some());
    if !verified {
        return Err(ErrorAnswer::rule("NotVerified", "Checkout takes what verify answered."));
    }
    let (mut order, good) = filled(call);
    if good {
        let number = i64::try_from(call.state.purchase_requests.len()).unwrap_or_default();
        let reference = call.state.prng("crayon/purchase-request", number).uuid();
        order.set("ExternalOrderId", reference.clone());
        buy(call, &order, &reference);
        call.state.purchase_requests.push(order.clone());
    }
    Ok(Answer::json(order).camel())
}

fn buy(call: &mut Call<'_>, request: &Json, reference: &str) {
    let tenant = request.get("ResellerCustomerId").int().unwrap_or_default();
    let scheduled = request.get("ScheduledPurchaseDate").text().and_then(dates::read);
    let due = scheduled.unwrap_or(call.now).max(call.now) + call.settings.order_delay;
    for (number, line) in (1..).zip(request.get("OrderLines").items()) {
        let Ok((variant, cycle)) = check_line(call.state, tenant, line) else {
            continue;
        };
        if line.get("Type").int() == Some(SUBSCRIPTION) {
            let order = Order {
                id: orders::order_id(call.state),
                reference: reference.to_owned(),
                number,
                email: request.get("NotificationEmail").string(),
                tenant,
                variant: variant.index,
                cycle,
                quantity: line.get("Quantity").int().unwrap_or_default(),
                custom_end: custom_end(line),
                scheduled,
                due,
                subscription: None,
                cancelled: false,
            };
            call.state.orders.add(order);
        } else {
            let asset = assets::bought(call.state, tenant, &variant, line, reference, call.now);
            call.state.assets.add(asset, due);
            call.state.orders.placed_directly();
        }
    }
}

fn custom_end(line: &Json) -> Option<DateTime<Utc>> {
    line.get("CustomTermEndDate").text().and_then(dates::read)
}
