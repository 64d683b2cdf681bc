//! Agreement products: what can be bought, under which agreement, at which price.

use std::sync::Arc;

use super::body::PRODUCT_FILTER;
use super::facets::Facets;
use super::filter::{Filter, PARAMS, purchase_unit};
use super::offerings::{CSP, MICROSOFT, OfferKind};
use super::price_list::{self, Variant};
use super::record::{Agreement, Matches};
use crate::crayon::engine::call::{Answer, Outcome, Page};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::enums::BILLING_CYCLE_ENUM;
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::files;
use crate::crayon::engine::json::{Casing, Json, object, price, reference};
use crate::crayon::engine::query::{flag, int};
use crate::crayon::engine::route::{Paging, get, post};
use crate::crayon::engine::settings::TermField;
use crate::crayon::state::{Call, Route, State};

/// The whole price list may be read in a few large pages.
const PRODUCT_PAGES: Paging = Paging { default: 50, max: 10_000 };

pub(crate) const ROUTES: &[Route] = &[
    get("agreementproducts", list).query(PARAMS).paged(PRODUCT_PAGES),
    post("agreementproducts/getaspost", list_by_body).body(&PRODUCT_FILTER),
    // The older path of the same call.
    post("agreementproducts", list_by_body).body(&PRODUCT_FILTER),
    post("agreementproducts/file/xlsx", workbook).body(&PRODUCT_FILTER),
    get("agreementproducts/{part}/supportedbillingcycles", supported_cycles)
        .query(&[int("resellerCustomerId")]),
    get("billingcycles", cycles).query(&[flag("includeUnknown")]),
    get("billingcycles/productvariant/{id:int}", cycles_of_variant),
    get("billingcycles/cspnamedictionary", cycle_names_by_id),
];

const CACHED_FILTERS: usize = 4;

fn list(call: &mut Call<'_>) -> Outcome {
    let mut asked = Json::Object(Vec::new());
    let (mut include, mut exclude) = (asked.clone(), asked.clone());
    if let Json::Object(members) = call.query.echo() {
        for (name, value) in members {
            let (target, member) = match name.split_once('.') {
                Some(("Include", member)) => (&mut include, member.to_owned()),
                Some((_, member)) => (&mut exclude, member.to_owned()),
                None => (&mut asked, name.into_owned()),
            };
            if let Json::Object(members) = target {
                members.push((member.into(), value));
            }
        }
    }
    asked.set("Include", include);
    asked.set("Exclude", exclude);
    page(call, &asked)
}

fn list_by_body(call: &mut Call<'_>) -> Outcome {
    let asked = std::mem::replace(&mut call.body, Json::Null);
    let number = asked.get("Page").int().unwrap_or(1);
    let size = asked.get("PageSize").int().unwrap_or(PRODUCT_PAGES.default);
    if number < 1 || !(1..=PRODUCT_PAGES.max).contains(&size) {
        let reason = format!("Page counts from 1, PageSize is 1 to {}", PRODUCT_PAGES.max);
        return Err(ErrorAnswer::malformed(vec![FieldViolation::new("InvalidValue", "PageSize", reason)]));
    }
    call.page = Page { number, size };
    page(call, &asked)
}

fn page(call: &mut Call<'_>, asked: &Json) -> Outcome {
    let matches = find(call, asked)?;
    let information = Filter::new(asked).wants_information();
    let (rows, total) = call.page.cut(matches.rows.iter());
    let items = rows.into_iter().filter_map(|row| render(call, *row, information)).collect();
    let mut echo = PRODUCT_FILTER.complete(asked);
    echo.set("Page", call.page.number);
    echo.set("PageSize", call.page.size);
    let mut more = vec![("Filter", echo)];
    if let Json::Object(facets) = &matches.facets {
        more.extend(facets.iter().filter_map(|(name, value)| match name {
            std::borrow::Cow::Borrowed(name) => Some((*name, value.clone())),
            std::borrow::Cow::Owned(_) => None,
        }));
    }
    Ok(call.collection(items, total, &more))
}

fn find(call: &mut Call<'_>, asked: &Json) -> Result<Arc<Matches>, ErrorAnswer> {
    let filter = Filter::new(asked);
    let mut owner = filter.organization().map(|id| call.accessible(id)).transpose()?;
    if let Some(tenant) = filter.tenant() {
        let organization = call.state.tenant(tenant)?.organization;
        if owner.is_some_and(|owner| owner != organization) {
            return Err(ErrorAnswer::not_found("CustomerTenant", &tenant));
        }
        owner = Some(organization);
    }
    let mut key = asked.clone();
    for (member, neutral) in [("Page", 0), ("PageSize", 0)] {
        key.set(member, neutral);
    }
    // Agreements start and end on whole days.
    key.set("At", call.now.date_naive().to_string());
    let key = String::from_utf8_lossy(&key.to_bytes(Casing::Pascal)).into_owned();
    let cached = &call.state.products.entries;
    if let Some((_, matches)) = cached.iter().find(|(known, _)| *known == key) {
        return Ok(Arc::clone(matches));
    }

    let state = &*call.state;
    let agreements: Vec<(usize, &Agreement)> = state
        .agreements
        .iter()
        .enumerate()
        .filter(|(_, agreement)| filter.fits_agreement(agreement, owner, call.now))
        .collect();
    let fitting: Vec<Variant<'_>> = state.catalog.all().filter(|variant| filter.fits(variant)).collect();
    let mut rows = Vec::new();
    let mut facets = Facets::default();
    for (place, agreement) in &agreements {
        for variant in
            fitting.iter().filter(|variant| variant.offering.kind.agreement_type() == agreement.kind)
        {
            rows.push((*place, variant.index));
            facets.count(variant);
        }
    }
    if filter.descending() {
        rows.reverse();
    }
    let references = agreements.iter().map(|(_, agreement)| agreement.reference()).collect();
    let matches = Arc::new(Matches { rows, facets: facets.json(references) });
    let entries = &mut call.state.products.entries;
    if entries.len() >= CACHED_FILTERS {
        entries.remove(0);
    }
    entries.push((key, Arc::clone(&matches)));
    Ok(matches)
}

fn render(call: &Call<'_>, (agreement, variant): (usize, usize), information: bool) -> Option<Json> {
    let agreement = call.state.agreements.get(agreement)?;
    let variant = call.state.catalog.variant(variant)?;
    let offering = variant.offering;
    let code = agreement.currency.code();
    Some(object! {
        "UniqueId": format!("{}_{}_1", agreement.id, variant.id()),
        "ProductType": 0,
        "Name": variant.name(),
        "PriceId": 5_000_000 + (agreement.id - 90_000) * 100_000 + variant.id() % 100_000,
        "ProductVariant": variant_json(&variant, call.settings.term_field, call.state),
        "Agreement": agreement.reference(),
        "SalesPrice": price(variant.price(agreement.currency), code),
        "RecommendedRetailPrice": price(variant.retail(agreement.currency), code),
        "AlternativeSalesPrice": Json::Null,
        "PriceListName": agreement.price_list_name(),
        "MonthMultiplier": 1,
        "PriceCalculationType": 1,
        "AgreementType": agreement.kind,
        "ProductInformation": information.then(|| object! {
            "ExternalProductId": offering.product_id,
            "CultureCode": "en-US",
            "Description": format!("{} for tests.", offering.name),
            "LearnMoreLink": "https://products.example.com/learn-more",
        }),
        "MinimumQuantity": offering.minimum,
        "MaximumQuantity": offering.maximum,
        "Catalog": Json::Null,
    })
}

fn variant_json(variant: &Variant<'_>, place: TermField, state: &State) -> Json {
    let offering = variant.offering;
    let term = variant.term;
    let (type_id, type_name) = offering.kind.product_type();
    let commitment = match term.months {
        1 => Some((1, "1 Month")),
        12 => Some((2, "1 Year")),
        36 => Some((3, "3 Years")),
        _ => None,
    };
    let commitment = commitment.filter(|_| place == TermField::MinimumCommitment);
    let attributes = match (term.duration(), place) {
        (Some(duration), TermField::Attributes) => vec![("TermDuration".to_owned(), Json::from(duration))],
        _ => Vec::new(),
    };
    let added = dates::add_months(dates::month_start(state.started), -30);
    object! {
        "Id": variant.id(),
        "Product": offering.reference(),
        "PartNumber": offering.part_number.clone(),
        "ProductName": offering.name.clone(),
        "Publisher": reference(MICROSOFT, "Microsoft"),
        "Program": reference(CSP, "CSP"),
        "ProductFamily": offering.family_reference(),
        "Language": Json::Null,
        "Level": Json::Null,
        "ProductType": reference(type_id, type_name),
        "Pool": Json::Null,
        "LicenseType": Json::Null,
        "LicenseAgreementType": Json::Null,
        "OperatingSystem": Json::Null,
        "Offering": Json::Null,
        "MinimumCommitment": commitment.map(|(id, name)| object! { "Id": id, "Months": term.months, "Name": name }),
        "UnitCount": 1,
        "Version": Json::Null,
        "PurchaseUnit": purchase_unit(offering.kind),
        "PurchasePeriod": term.duration().filter(|_| place == TermField::PurchasePeriod),
        "AddDate": dates::write(added, Form::Offset),
        "DeleteDate": dates::write(dates::never(), Form::Offset),
        "ProductCategory": Json::Null,
        "Region": Json::Null,
        "IsTrial": offering.trial,
        "DefaultBillingCycleId": term.cycles.first().copied(),
        "AvailableBillingCycleIds": term.cycles.to_vec(),
        "Attributes": Json::Map(attributes),
        "MinimumQuantity": price_list::exact(offering.minimum),
        "MaximumQuantity": offering.maximum.map(price_list::exact),
    }
}

fn workbook(call: &mut Call<'_>) -> Outcome {
    let asked = std::mem::replace(&mut call.body, Json::Null);
    let matches = find(call, &asked)?;
    let header = ["Part number", "Name", "Agreement", "Currency", "Price"].map(str::to_owned).to_vec();
    let mut rows = vec![header];
    rows.extend(matches.rows.iter().filter_map(|(agreement, variant)| {
        let agreement = call.state.agreements.get(*agreement)?;
        let variant = call.state.catalog.variant(*variant)?;
        Some(vec![
            variant.offering.part_number.to_string(),
            variant.name(),
            agreement.name.to_owned(),
            agreement.currency.code().to_owned(),
            variant.price(agreement.currency).to_string(),
        ])
    }));
    Ok(Answer::file(files::XLSX, Some("agreementproducts.xlsx".to_owned()), files::workbook(&rows)))
}

fn supported_cycles(call: &mut Call<'_>) -> Outcome {
    if let Some(tenant) = call.query.filter("resellerCustomerId") {
        call.state.tenant(tenant)?;
    }
    let mut cycles: Vec<i64> = call
        .state
        .catalog
        .by_part(call.text("part"))
        .flat_map(|variant| variant.term.cycles.iter().copied())
        .collect();
    if cycles.is_empty() {
        return Err(ErrorAnswer::nothing_here());
    }
    cycles.sort_unstable();
    cycles.dedup();
    Ok(Answer::json(cycles))
}

fn cycles(call: &mut Call<'_>) -> Outcome {
    let unknown = call.query.bool("includeUnknown") == Some(true);
    let rows = BILLING_CYCLE_ENUM.members.iter().filter(|(id, _)| unknown || *id != 0);
    Ok(call.plain_list(rows.map(|(id, name)| reference(*id, *name)).collect()))
}

fn cycles_of_variant(call: &mut Call<'_>) -> Outcome {
    let variant = call.state.catalog.by_id(call.id("id")).ok_or_else(ErrorAnswer::nothing_here)?;
    let rows = variant.term.cycles.iter();
    Ok(call.plain_list(rows.map(|id| reference(*id, BILLING_CYCLE_ENUM.name_of(*id))).collect()))
}

fn cycle_names_by_id(_: &mut Call<'_>) -> Outcome {
    let rows = BILLING_CYCLE_ENUM.members.iter().filter(|(id, _)| *id != 0);
    Ok(Answer::json(Json::Map(rows.map(|(id, name)| (id.to_string(), Json::from(*name))).collect())))
}

/// True for what `POST /subscriptions` and new-commerce orders can buy.
pub(crate) fn is_subscription(kind: OfferKind) -> bool {
    !matches!(kind, OfferKind::Software | OfferKind::Reservation | OfferKind::LegacyAddOn)
}
