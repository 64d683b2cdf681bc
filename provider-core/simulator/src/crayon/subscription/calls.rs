//! Subscriptions: lists, single records, direct purchase.

use super::body::SUBSCRIPTION;
use super::record::{SUSPENDED, Subscription};
use super::update;
use crate::crayon::catalog::offerings::{MICROSOFT, OfferKind};
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::enums::{
    SORT_ORDER, SUBSCRIPTION_PRICE_TYPE, SUBSCRIPTION_SORT_BY, SUBSCRIPTION_STATUSES,
};
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::json::{Json, object, reference};
use crate::crayon::engine::query::{Query, choice, flag, int, text};
use crate::crayon::engine::route::{PAGED, get, post, put};
use crate::crayon::engine::table::mentions;
use crate::crayon::purchase;
use crate::crayon::purchase::rules::Wanted;
use crate::crayon::state::{Call, Route, State};

pub(crate) const ROUTES: &[Route] = &[
    get("subscriptions", list)
        .query(&[
            int("OrganizationId"),
            int("CustomerTenantId"),
            int("PublisherId"),
            choice("Statuses", &SUBSCRIPTION_STATUSES),
            flag("IsTrial"),
            flag("RegisteredForReservedInstance"),
            text("Search"),
            choice("SortBy", &SUBSCRIPTION_SORT_BY),
            choice("SortOrder", &SORT_ORDER),
            text("publisherCustomerId"),
            flag("sync"),
            flag("Refresh"),
        ])
        .paged(PAGED),
    get("subscriptions/{id:int}", read),
    post("subscriptions", create).body(&SUBSCRIPTION),
    put("subscriptions/{id:int}", update::replace).body(&SUBSCRIPTION),
    get("subscriptions/{id:int}/price", price),
    get("subscriptions/{id:int}/term-immediate-change-options", term_options),
    get("subscriptions/subscriptionpricetypes", price_types),
];

impl State {
    /// The subscription, unless it belongs to an organization that the user may not see.
    pub(crate) fn subscription(&self, id: i64) -> Result<&Subscription, ErrorAnswer> {
        self.subscriptions.get(id).ok_or_else(|| ErrorAnswer::not_found("Subscription", &id))
    }

    pub(crate) fn subscription_mut(&mut self, id: i64) -> Result<&mut Subscription, ErrorAnswer> {
        self.subscriptions.get_mut(id).ok_or_else(|| ErrorAnswer::not_found("Subscription", &id))
    }
}

fn fits(state: &State, query: &Query, organization: Option<i64>, row: &Subscription) -> bool {
    let tenant = state.tenants.get(&row.tenant);
    let directory_id = || tenant.map(|tenant| tenant.directory_id(state));
    let trial = || state.catalog.variant(row.variant).is_some_and(|variant| variant.offering.trial);
    let searched = |search| {
        let product = state.catalog.variant(row.variant).map(|variant| variant.offering.name.clone());
        let (name, id) = (row.display_name(state), row.publisher_id(state));
        let number = row.id.to_string();
        mentions(Some(search), &[Some(&name), Some(&id), Some(&number), product.as_deref()])
    };
    organization.is_none_or(|wanted| tenant.is_some_and(|tenant| tenant.organization == wanted))
        && query.filter("PublisherId").is_none_or(|wanted| wanted == MICROSOFT)
        && query.filter("Statuses").is_none_or(|statuses| row.status & statuses != 0)
        && query.bool("IsTrial").is_none_or(|wanted| wanted == trial())
        && query.bool("RegisteredForReservedInstance").is_none_or(|wanted| wanted == row.reserved)
        && query
            .text("publisherCustomerId")
            .is_none_or(|wanted| directory_id().is_some_and(|id| id.eq_ignore_ascii_case(wanted)))
        && query.text("Search").is_none_or(searched)
}

fn list(call: &mut Call<'_>) -> Outcome {
    let organization = call.organization_filter()?;
    let state = &*call.state;
    let tenant = call.query.filter("CustomerTenantId");
    let rows = state.subscriptions.listed(tenant).filter(|row| fits(state, &call.query, organization, row));
    let Some(order) = call.query.int("SortBy") else {
        return Ok(call.page_of(rows, |row| row.json(state)));
    };
    let mut rows: Vec<&Subscription> = rows.collect();
    let product = |row: &Subscription| {
        state
            .catalog
            .variant(row.variant)
            .map(|variant| variant.offering.name.to_string())
            .unwrap_or_default()
    };
    match order {
        0 => rows.sort_by_cached_key(|row| row.display_name(state)),
        1 => rows.sort_by_cached_key(|row| product(row)),
        2 => rows.sort_by_key(|row| row.created),
        _ => rows.sort_by_key(|row| row.ends),
    }
    if call.query.int("SortOrder") == Some(1) {
        rows.reverse();
    }
    Ok(call.page_of(rows.into_iter(), |row| row.json(state)))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(call.state.subscription(call.id("id"))?.detailed(call.state)))
}

fn create(call: &mut Call<'_>) -> Outcome {
    let body = std::mem::replace(&mut call.body, Json::Null);
    let mut violations = Vec::new();
    let needs: [(&str, bool); 3] = [
        ("Name", body.get("Name").filled().is_some()),
        ("CustomerTenant.Id", body.get("CustomerTenant").id().is_some()),
        ("Product.PartNumber", body.get("Product").get("PartNumber").filled().is_some()),
    ];
    for (path, _) in needs.iter().filter(|(_, given)| !given) {
        violations.push(FieldViolation::new("Required", path, format!("{path} is required")));
    }
    if !violations.is_empty() {
        return Err(ErrorAnswer::malformed(violations));
    }
    let wanted = Wanted {
        tenant: body.get("CustomerTenant").id().unwrap_or_default(),
        part_number: body.get("Product").get("PartNumber").text().unwrap_or_default(),
        cycle: body.get("BillingCycle").int().filter(|cycle| *cycle != 0),
        term: body.get("TermDuration").filled(),
        quantity: body.get("Quantity").int().unwrap_or_default(),
    };
    let (variant, cycle) = purchase::rules::check(call.state, &wanted)?;
    let mut record = Subscription::starting(wanted.tenant, &variant, wanted.quantity, cycle, call.now);
    match variant.offering.kind {
        // New-commerce subscriptions are named after the product.
        OfferKind::NceSeat => {}
        OfferKind::AzurePlan => {
            record.status = SUSPENDED;
            record.pending_until = Some(call.now + call.settings.azure_delay);
        }
        _ => record.name = body.get("Name").string(),
    }
    record.attestation = body.get("AttestationAccepted").bool();
    let id = purchase::rules::fulfil(call.state, record, None);
    call.state.orders.placed_directly();
    Ok(Answer::json(call.state.subscription(id)?.detailed(call.state)))
}

fn price(call: &mut Call<'_>) -> Outcome {
    let row = call.state.subscription(call.id("id"))?;
    let found = row.agreement(call.state).zip(call.state.catalog.variant(row.variant));
    let (agreement, variant) = found.ok_or_else(ErrorAnswer::nothing_here)?;
    // Metered plans have no unit price.
    let value = (variant.offering.kind != OfferKind::AzurePlan).then(|| variant.price(agreement.currency));
    Ok(Answer::json(object! { "Value": value, "CurrencyCode": agreement.currency.code() }))
}

fn term_options(call: &mut Call<'_>) -> Outcome {
    let row = call.state.subscription(call.id("id"))?;
    let part_number =
        call.state.catalog.variant(row.variant).map(|variant| variant.offering.part_number.clone());
    let variants = call.state.catalog.by_part(part_number.as_deref().unwrap_or_default());
    let options = variants.filter_map(|variant| {
        let term = variant.term.duration()?;
        Some(object! { "TermDuration": term, "BillingCycleOptions": variant.term.cycles.to_vec() })
    });
    Ok(call.plain_list(options.collect()))
}

fn price_types(call: &mut Call<'_>) -> Outcome {
    let rows = SUBSCRIPTION_PRICE_TYPE.members.iter().map(|(id, name)| reference(*id, *name));
    Ok(call.plain_list(rows.collect()))
}
