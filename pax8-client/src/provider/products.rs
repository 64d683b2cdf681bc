//! Products: the catalog and, on request, ways to buy each of them.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::model::Detail;
use provider_core::{
    EntityKind, Error, ErrorKind, Operation, Page, PageRequest, Product, ProductId, ProductQuery, Result,
};
use provider_http::OperationContext;

use super::context::Context;
use super::page;
use crate::api::ProductFilter;
use crate::map;
use crate::model::{self, Commitment, Dependencies, Pricing};

const PAGE: u32 = 200;
/// With offers each record takes up to two calls more, and all of them have to fit into one deadline at
/// the pace of the rate limit.
const PAGE_WITH_OFFERS: u32 = 50;
const AT_ONCE: usize = 16;

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &ProductQuery,
    request: &PageRequest,
) -> Result<Page<Product>> {
    query.only(&["vendor", "search", "sku", "customer", "with_offers"])?;
    if query.customer.is_some() && !query.with_offers {
        return Err(Error::invalid_input(
            "customer",
            "a customer changes the prices alone: ask for them with `with_offers`",
        )
        .with_provider(crate::KIND)
        .with_operation(Operation::List(EntityKind::Product)));
    }
    let filter = ProductFilter {
        search: query.search.as_deref().and_then(longest_word).map(str::to_owned),
        vendor_name: query.vendor.clone(),
        sort: None,
        ..Default::default()
    };
    let size = if query.with_offers { PAGE_WITH_OFFERS } else { PAGE };
    let asked = page::asked_at_most(&cx.info, query, request, size, size)?;
    let wanted = query.sku.as_deref();
    let words: Vec<String> =
        query.search.iter().flat_map(|text| words(text)).map(str::to_lowercase).collect();
    let listed = cx
        .client
        .products()
        .with(op)
        .list_as(&filter, asked, |product, raw| {
            let skus = [&product.sku, &product.vendor_sku, &product.alt_vendor_sku];
            let fits = wanted.is_none_or(|wanted| skus.into_iter().flatten().any(|sku| sku == wanted))
                && holds(&product, &words);
            Ok((map::product::product(product, raw, Detail::Summary)?, fits))
        })
        .await?;
    // Pax8 has no filter by SKU, and its search takes one word.
    let page = page::of(&cx.info, query, asked, listed).keep(|(_, fits)| *fits);
    let mut page = page.map(|(product, _)| product);
    if query.with_offers {
        add_offers(cx, op, &mut page, query.customer.as_ref().map(provider_core::CustomerId::as_str)).await?;
    }
    Ok(page)
}

async fn add_offers(
    cx: &Context,
    op: &OperationContext,
    listed: &mut Page<Product>,
    company: Option<&str>,
) -> Result<()> {
    let products: Vec<_> =
        listed.records().map(|product| (product.id.clone(), product.requires_commitment)).collect();
    let found: Vec<_> = stream::iter(products)
        .map(|(id, committed)| async move {
            page::one_among_others(prices(cx, op, id.as_str(), committed, company).await, |error| {
                names_company(error, company)
            })
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let found = page::unless_all_are_refused(found)?;
    for (item, prices) in listed.items.iter_mut().filter(|item| item.is_ok()).zip(found) {
        let Ok(product) = item else { continue };
        match prices {
            Ok((pricing, commitments)) => fill_offers(cx, product, &pricing, &commitments),
            Err(error) => {
                let raw = product.raw.take();
                *item =
                    Err(page::untold("offers", "the prices of product", product.id.as_str(), &error, raw));
            }
        }
    }
    Ok(())
}

/// Whether the company stands in the way that is named for all products, and not one of these.
fn names_company(error: &Error, company: Option<&str>) -> bool {
    let Some(company) = company.filter(|_| error.kind() == ErrorKind::InvalidInput) else { return false };
    let names = |said: &str| {
        let mut words = said.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-');
        said.to_ascii_lowercase().contains("company") || words.any(|word| word.eq_ignore_ascii_case(company))
    };
    names(error.message()) || error.violations().iter().any(|violation| names(&violation.field))
}

fn fill_offers(cx: &Context, product: &mut Product, pricing: &[Pricing], commitments: &[Commitment]) {
    product.kind = map::product::kind(pricing);
    product.offers = map::offer::offers(product.id.as_str(), pricing, commitments, cx.currency);
}

pub(super) async fn get(cx: &Context, op: &OperationContext, id: &ProductId) -> Result<Product> {
    let products = cx.client.products().with(op);
    let (product, prices) = futures_util::join!(
        products.get_as(id.as_str(), |record, raw| map::product::product(record, raw, Detail::Full)),
        prices(cx, op, id.as_str(), None, None),
    );
    let mut product = product?;
    let (pricing, commitments) = prices?;
    fill_offers(cx, &mut product, &pricing, &commitments);
    Ok(product)
}

/// The prices of a product, for one company where it is named, and the commitments that they need.
///
/// Calls are what the rate limit makes scarce: commitments are asked for only where a price names one.
/// Where it is known beforehand that one will, both are asked for at once.
pub(super) async fn prices(
    cx: &Context,
    op: &OperationContext,
    product: &str,
    requires_commitment: Option<bool>,
    company: Option<&str>,
) -> Result<(Vec<Pricing>, Vec<Commitment>)> {
    if requires_commitment == Some(true) {
        let (pricing, dependencies) =
            futures_util::join!(pricing(cx, op, product, company), dependencies(cx, op, product),);
        return Ok((pricing?, dependencies?.commitment_dependencies));
    }
    let pricing = pricing(cx, op, product, company).await?;
    let committed =
        |row: &Pricing| map::offer::commitment_text(row).is_some() || row.commitment_term_in_months.is_some();
    if !pricing.iter().any(committed) {
        return Ok((pricing, Vec::new()));
    }
    Ok((pricing, dependencies(cx, op, product).await?.commitment_dependencies))
}

pub(super) async fn pricing(
    cx: &Context,
    op: &OperationContext,
    product: &str,
    company: Option<&str>,
) -> Result<Vec<Pricing>> {
    none_where_missing(cx.client.products().with(op.quiet()).pricing(product, company).await)
}

pub(super) async fn dependencies(cx: &Context, op: &OperationContext, product: &str) -> Result<Dependencies> {
    none_where_missing(cx.client.products().with(op.quiet()).dependencies(product).await)
}

/// A product that has no prices or no dependencies is one without offers, not a failure of the listing.
fn none_where_missing<T: Default>(result: Result<T>) -> Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(T::default()),
        other => other,
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty())
}

fn longest_word(text: &str) -> Option<&str> {
    words(text).max_by_key(|word| word.len())
}

/// Pax8's search matches a single word: two give nothing, although each alone does. The longest is sent,
/// and of several words the others are looked for here.
fn holds(product: &model::Product, words: &[String]) -> bool {
    let texts =
        [&product.name, &product.short_description, &product.vendor_name, &product.sku, &product.vendor_sku];
    let text = texts.into_iter().flatten().map(|text| text.to_lowercase()).collect::<Vec<_>>().join(" ");
    words.len() < 2 || words.iter().all(|word| text.contains(word))
}
