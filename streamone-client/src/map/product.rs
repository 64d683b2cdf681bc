//! Products; each plan of each SKU is an offer.

use provider_core::model::{Denomination, Detail, Offer, OfferId, ProductKind, Raw};
use provider_core::{BillingCycle, Currency, ItemError, Price, Product, Term};

use super::term::{cycle, term_of_plan};
use super::{missing, said, says, vendor};
use crate::model::{self, BillingPeriod, Plan, ProductType, ResourceName, Sku};

/// A product, from a list or from a single read.
pub(crate) fn product(
    wire: &model::Product,
    detail: Detail,
    preferred: Option<Currency>,
    raw: Option<Raw>,
) -> Result<Product, ItemError> {
    let id = wire.product_id().ok_or_else(|| missing("name"))?;
    let marketing = wire.marketing.as_ref();
    let skus = wire.definition.as_ref().map(|definition| definition.skus.as_slice()).unwrap_or_default();
    let name = marketing.and_then(|m| said(m.display_name.as_ref()));
    let mut product = Product::new(id.as_str(), name.unwrap_or_else(|| id.to_string()));
    product.vendor = skus.iter().find_map(|sku| vendor(cloud_provider(sku)?)).map(str::to_owned);
    product.sku = match skus {
        [only] => said(only.product_id.as_ref()),
        _ => None,
    };
    product.description =
        marketing.and_then(|m| said(m.description.as_ref()).or_else(|| said(m.caption.as_ref())));
    product.kind = kind(wire, skus);
    product.available = available(wire, skus);
    product.offers = offers(skus, preferred);
    product.requires_commitment = commits(&product.offers);
    product.detail = detail;
    product.raw = raw;
    Ok(product)
}

/// The number of the cloud provider that sells a SKU.
pub(crate) fn cloud_provider(sku: &Sku) -> Option<&str> {
    ResourceName::new(sku.product_cloud_provider_name.as_deref()?).id_of("cloudProviders")
}

/// Whether it can be bought: the product and one of its SKUs are neither switched off nor left out of the price book.
/// `None` where nothing of this is told.
fn available(wire: &model::Product, skus: &[Sku]) -> Option<bool> {
    if wire.disabled == Some(true) {
        return Some(false);
    }
    let of_plan = |plan: &Plan| plan.product_availability;
    let of_sku = |sku: &Sku| match (sku.disabled, sku.product_availability) {
        (Some(true), _) | (_, Some(false)) => Some(false),
        (_, Some(true)) => Some(true),
        (off, None) => any(sku.plans.iter().map(of_plan)).or(off.map(|off| !off)),
    };
    any(skus.iter().map(of_sku)).or(wire.disabled.map(|disabled| !disabled))
}

/// True where one is, false where all that is told is false, `None` where nothing is told.
fn any(told: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    told.fold(None, |all, one| match (all, one) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, one) => one,
        (all, _) => all,
    })
}

fn kind(wire: &model::Product, skus: &[Sku]) -> Option<ProductKind> {
    let consumes = wire.cloud_consumption.as_ref().and_then(|c| c.has_consumption_billing) == Some(true);
    if consumes || wire.kind == Some(ProductType::CloudRebilling) {
        return Some(ProductKind::Usage);
    }
    // How a plan is billed decides; a plan that does not tell decides nothing.
    let told = |plan: &Plan| {
        plan.billing_period.clone().filter(|one| *one != BillingPeriod::Unspecified && says(one.as_str()))
    };
    let mut periods = skus.iter().flat_map(|sku| &sku.plans).filter_map(told).peekable();
    periods.peek()?;
    let once = periods.all(|period| period == BillingPeriod::OneTime);
    Some(if once { ProductKind::OneTime } else { ProductKind::Seat })
}

/// Every plan of every SKU. The id names both, which is what an order needs beside the product.
fn offers(skus: &[Sku], preferred: Option<Currency>) -> Vec<Offer> {
    let plans = skus.iter().flat_map(|sku| sku.plans.iter().map(move |plan| (sku, plan)));
    plans.filter_map(|(sku, plan)| offer(sku, plan, preferred)).collect()
}

fn offer(sku: &Sku, plan: &Plan, preferred: Option<Currency>) -> Option<Offer> {
    let id = offer_id(&said(sku.id.as_ref())?, &said(plan.id.as_ref())?);
    let mut offer = Offer::new(id);
    offer.sku = said(plan.mpn_id.as_ref()).or_else(|| said(sku.product_id.as_ref()));
    offer.billing_cycle = plan.billing_period.as_ref().and_then(cycle);
    offer.commitment_term = term_of_plan(plan);
    let every = offer.billing_cycle.as_ref().and_then(BillingCycle::period);
    offer.cost = cost(plan, preferred);
    let book = Denomination::of(plan.pricebook_currency.as_deref(), preferred);
    offer.suggested_retail = list_price(plan, book.currency()).map(|price| timed(price, every));
    Some(offer)
}

/// What one unit of a plan costs the partner each time it is paid.
pub(crate) fn cost(plan: &Plan, preferred: Option<Currency>) -> Option<Price> {
    let book = Denomination::of(plan.pricebook_currency.as_deref(), preferred);
    let every = plan.billing_period.as_ref().and_then(cycle).and_then(|cycle| cycle.period());
    plan.pricebook_price.map(|amount| timed(book.price(amount), every))
}

fn timed(price: Price, every: Option<Term>) -> Price {
    match every {
        Some(every) => price.every(every),
        None => price,
    }
}

/// What an order names beside the product.
pub(crate) fn offer_id(sku: &str, plan: &str) -> OfferId {
    OfferId::composite([sku, plan])
}

/// The price of the phase that a plan ends in. Zero there means that nobody entered one.
fn list_price(plan: &Plan, wanted: Option<Currency>) -> Option<Price> {
    let phase = plan.phases.last()?;
    let prices = if phase.recurring_price.is_empty() { &phase.fixed_price } else { &phase.recurring_price };
    let chosen = wanted.and_then(|wanted| prices.get_key_value(wanted.as_str()));
    let only = if prices.len() == 1 { prices.iter().next() } else { None };
    let (code, amount) = chosen.or(only)?;
    (!amount.is_zero()).then(|| Denomination::of(Some(code), None).price(*amount))
}

/// Known where every offer says how long it commits; a month is no commitment worth the name.
fn commits(offers: &[Offer]) -> Option<bool> {
    let terms: Option<Vec<_>> = offers.iter().map(|offer| offer.commitment_term).collect();
    let terms = terms.filter(|terms| !terms.is_empty())?;
    Some(terms.iter().all(|term| term.in_months() > 1))
}
