//! Assets: reservations, software and other things that were bought once.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::body::ASSET_TAGS;
use super::record::{FULFILLING, SUCCEEDED};
use super::requests::{ORDER_LINE, PURCHASE_REQUEST};
use crate::crayon::catalog::offerings::{CSP, MICROSOFT, OfferKind};
use crate::crayon::catalog::price_list::Variant;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::{
    ASSET_SCOPE, ASSET_SORT_BY, ASSET_STATUS, ASSET_TYPE, BILLING_CYCLE_TYPE, SORT_ORDER,
};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{
    Param, Query, choice as choice_param, int as int_param, text as text_param, texts,
};
use crate::crayon::engine::route::{Paging, delete, get, post, put};
use crate::crayon::engine::shape::{choice, date, flag, int, nested, number, refers, shape, text};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route, State};
use crate::crayon::subscription::record::term_end;

shape!(
    ASSET_USE,
    "SubscriptionLite",
    [int("Id"), text("Name"), text("PublisherSubscriptionId"), text("ResellerCustomerName"),]
);

shape!(
    ASSET,
    "Asset",
    [
        int("Id"),
        choice("Status", &ASSET_STATUS),
        text("ExternalOrderId"),
        int("Quantity"),
        text("ExternalProductId"),
        text("ExternalSkuId"),
        text("Name"),
        date("StartDate"),
        date("ExpirationDate").opt(),
        int("ResellerCustomerId"),
        choice("Scope", &ASSET_SCOPE),
        choice("AssetType", &ASSET_TYPE),
        choice("BillingCycle", &BILLING_CYCLE_TYPE),
        int("PublisherId"),
        int("ProgramId"),
        text("ReservationId"),
        int("ReservationUsedInSubscriptionId").opt(),
        nested("ReservationUsedInSubscription", &ASSET_USE),
        text("PurchaseCurrency"),
        number("PurchasePrice"),
        text("SalesCurrency"),
        number("SalesPrice"),
        date("CreatedDate"),
        date("ModifiedDate"),
        text("ChangedBy"),
        text("ReservedInstanceArtifactResourceId"),
        date("PurchaseDate").opt(),
        refers("InvoiceProfile"),
        nested("Tags", &ASSET_TAGS),
        flag("AutoRenewEnabled").opt(),
        int("ProductVariantId").opt(),
    ]
);

/// The vendor's SDK asks for 20.
const PAGES: Paging = Paging { default: 20, max: 1_000 };

const FILTER: &[Param] = &[
    int_param("ResellerCustomerId"),
    int_param("PublisherId"),
    text_param("ExternalOrderId"),
    texts("ExternalOrderIds"),
    text_param("ReservationId"),
    choice_param("AssetType", &ASSET_TYPE),
    choice_param("Status", &ASSET_STATUS),
    int_param("InvoiceProfileId"),
    text_param("Search"),
    choice_param("SortBy", &ASSET_SORT_BY),
    choice_param("SortOrder", &SORT_ORDER),
];

pub(crate) const ROUTES: &[Route] = &[
    get("assets", list).query(FILTER).paged(PAGES),
    get("assets/{id:int}", read),
    put("assets/{id:int}", replace).body(&ASSET),
    get("assets/orders", orders).query(FILTER).paged(PAGES),
    post("assets/{id:int}/tags", tag).body(&ASSET_TAGS),
    put("assets/{id:int}/tags", tag).body(&ASSET_TAGS),
    delete("assets/{id:int}/tags", untag),
];

/// The asset that an order line makes.
pub(crate) fn bought(
    state: &State,
    tenant: i64,
    variant: &Variant<'_>,
    line: &Json,
    reference: &str,
    at: DateTime<Utc>,
) -> Json {
    let offering = variant.offering;
    let (product, sku) = offering.part_number.split_once(':').unwrap_or((&offering.part_number, ""));
    let organization = state.tenants.get(&tenant).and_then(|tenant| state.organization(tenant.organization));
    let reservation = offering.kind == OfferKind::Reservation;
    let profile = state.tenants.get(&tenant).and_then(|tenant| tenant.invoice_profile);
    let ends = (variant.term.months > 0).then(|| term_end(dates::day_start(at), variant.term.months));
    let tags = match line.get("Tags") {
        Json::Null => Json::Null,
        tags => ASSET_TAGS.complete(tags),
    };
    ASSET.complete(&object! {
        "Status": FULFILLING,
        "ExternalOrderId": reference.to_owned(),
        "Quantity": line.get("Quantity").clone(),
        "ExternalProductId": product.to_owned(),
        "ExternalSkuId": sku.to_owned(),
        "Name": variant.name(),
        "StartDate": dates::write(dates::day_start(at), Form::Bare),
        "ExpirationDate": dates::write_opt(ends, Form::Bare),
        "ResellerCustomerId": tenant,
        "Scope": line.get("Scope").int().unwrap_or(1),
        "AssetType": if reservation { 1 } else { 2 },
        "BillingCycle": line.get("BillingCycle").clone(),
        "PublisherId": MICROSOFT,
        "ProgramId": CSP,
        "ReservationId": reservation.then(|| reference.to_owned()),
        "ReservationUsedInSubscriptionId": line.get("SubscriptionId").clone(),
        "PurchaseCurrency": organization.map(|organization| organization.currency.code()),
        "PurchasePrice": organization.map_or(Decimal::ZERO, |organization| variant.price(organization.currency)),
        "SalesCurrency": organization.map(|organization| organization.currency.code()),
        "SalesPrice": Decimal::new(0, 1),
        "CreatedDate": dates::write(at, Form::Ticks),
        "ModifiedDate": dates::write(at, Form::Ticks),
        "ChangedBy": "api.user@example.com",
        "PurchaseDate": dates::write(at, Form::Ticks),
        "InvoiceProfile": state.directory.profile_reference(line.get("InvoiceProfileId").int().or(profile)),
        "Tags": tags,
        "AutoRenewEnabled": reservation.then_some(false),
        "ProductVariantId": variant.id(),
    })
}

fn fits(query: &Query, row: &Json) -> bool {
    let same = |name: &str, member: &str| {
        query.filter(name).is_none_or(|wanted| row.get(member).int() == Some(wanted))
    };
    let mut external = query.texts("ExternalOrderIds");
    external.extend(query.text("ExternalOrderId"));
    let is = |wanted: &str, member: &str| {
        row.get(member).text().is_some_and(|text| text.eq_ignore_ascii_case(wanted))
    };
    same("ResellerCustomerId", "ResellerCustomerId")
        && same("PublisherId", "PublisherId")
        && same("AssetType", "AssetType")
        && (external.is_empty() || external.iter().any(|wanted| is(wanted, "ExternalOrderId")))
        && query.text("ReservationId").is_none_or(|wanted| is(wanted, "ReservationId"))
        && query
            .filter("Status")
            .is_none_or(|status| row.get("Status").int().unwrap_or_default() & status != 0)
        && query.filter("InvoiceProfileId").is_none_or(|id| row.get("InvoiceProfile").id() == Some(id))
        && mentions(query.text("Search"), &[row.get("Name").text(), row.get("ExternalOrderId").text()])
}

fn list(call: &mut Call<'_>) -> Outcome {
    let mut rows: Vec<&Json> = call.state.assets.rows.rows().filter(|row| fits(&call.query, row)).collect();
    let member = match call.query.int("SortBy") {
        Some(0) => Some("Name"),
        Some(1) => Some("PurchaseDate"),
        Some(2) => Some("ExpirationDate"),
        _ => None,
    };
    if let Some(member) = member {
        rows.sort_by_cached_key(|row| row.get(member).string());
    }
    if call.query.int("SortOrder") == Some(1) {
        rows.reverse();
    }
    Ok(call.page_of(rows.into_iter(), Json::clone))
}

fn found<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Json, ErrorAnswer> {
    let id = call.id("id");
    call.state.assets.rows.get_mut(id).ok_or_else(|| ErrorAnswer::not_found("Asset", &id))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(found(call)?.clone()))
}

/// Billing target, tags and renewal can be changed; the rest tells what was bought.
fn replace(call: &mut Call<'_>) -> Outcome {
    let body = std::mem::replace(&mut call.body, Json::Null);
    if body.id().is_some_and(|named| named != call.id("id")) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let profile = body.get("InvoiceProfile").id();
    if profile.is_some_and(|id| call.state.directory.profiles.get(id).is_none()) {
        return Err(ErrorAnswer::rule("InvoiceProfileNotFound", "There is no such invoice profile."));
    }
    let profile = call.state.directory.profile_reference(profile);
    let record = ASSET.complete(&body);
    let now = dates::write(call.now, Form::Ticks);
    let row = found(call)?;
    row.set("InvoiceProfile", profile);
    row.set("Tags", record.get("Tags").clone());
    row.set("AutoRenewEnabled", record.get("AutoRenewEnabled").clone());
    row.set("ModifiedDate", now);
    Ok(Answer::json(row.clone()))
}

/// The purchase requests that were checked out, which carry the same filter names.
fn orders(call: &mut Call<'_>) -> Outcome {
    let query = &call.query;
    let mut external = query.texts("ExternalOrderIds");
    external.extend(query.text("ExternalOrderId"));
    let rows = call.state.purchase_requests.iter().filter(|row| {
        let id = row.get("ExternalOrderId").text().unwrap_or_default();
        query
            .filter("ResellerCustomerId")
            .is_none_or(|tenant| row.get("ResellerCustomerId").int() == Some(tenant))
            && query.filter("InvoiceProfileId").is_none_or(|id| row.get("InvoiceProfileId").int() == Some(id))
            && (external.is_empty() || external.iter().any(|wanted| wanted.eq_ignore_ascii_case(id)))
    });
    Ok(call.page_of(rows, Json::clone).camel())
}

fn tag(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    let tags = ASSET_TAGS.complete(&call.body).with("AssetId", id);
    found(call)?.set("Tags", tags.clone());
    Ok(Answer::json(tags))
}

fn untag(call: &mut Call<'_>) -> Outcome {
    found(call)?.set("Tags", Json::Null);
    Ok(Answer::empty())
}

/// A reservation and a server for every fifth tenant, each with the purchase request it came from, long ago.
pub(crate) fn seed(state: &mut State) {
    let tenants: Vec<i64> = state.tenants.keys().copied().skip(2).step_by(5).collect();
    for tenant in tenants {
        let parts = [("DZH318Z0SMP7:0003", Some("P3Y"), 1), ("DG7GMGF0SMP8:0002", None, 4)];
        for (part, term, cycle) in parts {
            let Some(variant) = state.catalog.find(part, term) else {
                continue;
            };
            let reference = state.prng(part, tenant).uuid();
            let bought_at = dates::add_months(state.started, -7);
            let line = object! { "Quantity": 2, "BillingCycle": cycle, "Scope": 1 };
            let asset = bought(state, tenant, &variant, &line, &reference, bought_at);
            let (product, sku) = part.split_once(':').unwrap_or((part, ""));
            let line = line
                .with("ProductId", product.to_owned())
                .with("SkuId", sku.to_owned())
                .with("TermDuration", variant.term.duration())
                .with("Type", asset.get("AssetType").clone())
                .with("Name", variant.name());
            let request = PURCHASE_REQUEST.complete(&object! {
                "ExternalOrderId": reference.clone(),
                "ResellerCustomerId": tenant,
                "InvoiceProfileId": asset.get("InvoiceProfile").id(),
                "OrderLines": vec![ORDER_LINE.complete(&line)],
            });
            state.purchase_requests.push(request);
            state.assets.rows.add(asset.with("Status", SUCCEEDED));
        }
    }
}
