//! The catalog endpoints.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::json::{ProductView, product_json};
use super::lists::{categories_json, charges_json, verticals_json};
use super::record::{Product, Sku};
use crate::engine::answer::put;
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::pages::TokenPage;
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::state::State;

const LIST: [&str; 10] = [
    "language",
    "filter.name",
    "filter.skuExternalId",
    "filter.addonExternalId",
    "filter.skuId",
    "filter.addonId",
    "filter.skuDisplayName",
    "filter.addonDisplayName",
    "filter.cloudProviderId",
    "filter.mfgPartNumber",
];

const GET: [&str; 9] = [
    "language",
    "priceBookCustomerId",
    "productVersion",
    "excludeFilter.excludePricing",
    "excludeFilter.excludeMarketing",
    "excludeFilter.excludeDefinition",
    "excludeFilter.excludeVersionHistory",
    "excludeFilter.excludeDeployment",
    "clientRole",
];

/// `GET /accounts/{a}/products`.
pub(crate) fn list(state: &mut State, call: &Call) -> Outcome {
    let names: Vec<&str> = LIST.iter().chain(&TokenPage::NAMES).copied().collect();
    let query = Query::of(call, &names)?;
    let page = TokenPage::of(call, &query, state.settings.largest_page)?;
    let provider: Option<u64> = query.number("filter.cloudProviderId")?;
    let first = page.after.map_or(0, |(_, index)| index.saturating_add(1));
    let found = (0_u64..)
        .zip(state.catalog.products())
        .skip_while(|(index, _)| *index < first)
        .filter(|(_, product)| provider.is_none_or(|provider| provider == product.provider))
        .filter(|(_, product)| admits(&query, product));
    let (found, next) = page.cut(found, |(index, _)| (0, *index));
    let view = ProductView::listed(state.account);
    let products: Vec<Value> = found.into_iter().map(|(_, product)| product_json(product, view)).collect();
    let mut answer = json!({
        "nextPageToken": next.unwrap_or_default(),
        "categories": categories_json(state.account, &state.catalog),
        "verticals": verticals_json(state.account),
        "charges": charges_json(state.account),
    });
    put(&mut answer, "products", products);
    Ok(Answer::json(answer))
}

fn admits(query: &Query<'_>, product: &Product) -> bool {
    let skus = |name: &str, value: fn(&Sku) -> &str| {
        query.text(name).is_none_or(|wanted| product.skus.iter().any(|sku| value(sku) == wanted))
    };
    let add_ons = |name: &str, value: fn(&Sku) -> &str| {
        query.text(name).is_none_or(|wanted| product.add_ons.iter().any(|sku| value(sku) == wanted))
    };
    // The name seems to match a part; every other filter matches exactly.
    let named = query
        .text("filter.name")
        .is_none_or(|wanted| product.display_name.to_lowercase().contains(&wanted.to_lowercase()));
    let part_number = query
        .text("filter.mfgPartNumber")
        .is_none_or(|wanted| product.plans().any(|(_, plan)| plan.mpn.as_deref() == Some(wanted)));
    named
        && part_number
        && skus("filter.skuExternalId", |sku| &sku.external_id)
        && skus("filter.skuId", |sku| &sku.id)
        && skus("filter.skuDisplayName", |sku| &sku.display_name)
        && add_ons("filter.addonExternalId", |sku| &sku.external_id)
        && add_ons("filter.addonId", |sku| &sku.id)
        && add_ons("filter.addonDisplayName", |sku| &sku.display_name)
}

/// What a customer pays of the reseller's price: the reseller's price books add 0, 4 or 8 %.
pub(crate) fn markup(state: &State, customer: u64) -> Result<Decimal, Problem> {
    if state.customers.get(customer).is_none() {
        return Err(Problem::not_found(&state.customer_name(customer)));
    }
    Ok(Decimal::ONE + Decimal::new(4, 2) * Decimal::from(customer.wrapping_sub(1) % 3))
}

/// `GET /accounts/{a}/products/{productId}`.
pub(crate) fn get(state: &mut State, call: &Call, id: &str) -> Outcome {
    let query = Query::of(call, &GET)?;
    let product = state.product(id)?;
    let markup = match query.number("priceBookCustomerId")? {
        Some(customer) => markup(state, customer)?,
        None => Decimal::ONE,
    };
    let owner_view = query.choice("clientRole", &["CUSTOMER", "OWNER"])? == Some("OWNER");
    let view = ProductView {
        account: state.account,
        pricing: !query.flag("excludeFilter.excludePricing")?,
        marketing: !query.flag("excludeFilter.excludeMarketing")?,
        definition: !query.flag("excludeFilter.excludeDefinition")?,
        version_history: !query.flag("excludeFilter.excludeVersionHistory")?,
        deployment: !query.flag("excludeFilter.excludeDeployment")?,
        price_book: !owner_view,
        markup,
    };
    Ok(Answer::json(product_json(product, view)))
}
