//! Products, at the list's prices or at a customer's.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::model::Detail;
use provider_core::{
    Currency, CustomerId, Error, ItemError, Page, PageRequest, Product, ProductId, ProductQuery, Result,
};
use provider_http::OperationContext;

use super::context::Context;
use super::page;
use crate::api::{ProductFilter, ProductView};
use crate::map;

/// Calls at once for the products of a page; the limiter lets as many out as the service answers well.
const AT_ONCE: usize = 16;

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &ProductQuery,
    page: &PageRequest,
) -> Result<Page<Product>> {
    // Offers are part of every record, so asking for them costs nothing.
    query.only(&["vendor", "search", "sku", "customer", "with_offers"])?;
    let asked = page::token(cx.info(), query, page)?;
    let mut filter = ProductFilter {
        name: query.search.clone(),
        cloud_provider_id: query.vendor.as_deref().map(cloud_provider).transpose()?,
        ..ProductFilter::default()
    };
    if let Some(sku) = &query.sku {
        // A part number names term and cycle behind product and SKU.
        let is_part_number = sku.split(':').count() > 2;
        let (part, external) = if is_part_number { (Some(sku), None) } else { (None, Some(sku)) };
        filter.mfg_part_number = part.cloned();
        filter.sku_external_id = external.cloned();
    }
    let currency = cx.currency();
    let mut listed = cx
        .client
        .products()
        .with(op)
        .list_as(&filter, &asked, |wire, raw| map::product::product(&wire, Detail::Summary, currency, raw))
        .await?;
    if let Some(customer) = &query.customer {
        listed.items = priced_for(cx, op, customer, currency, listed.items).await?;
    }
    Ok(page::token_page(cx.info(), query, &asked, listed))
}

/// The list knows no customer, so each product is read at the customer's prices.
async fn priced_for(
    cx: &Context,
    op: &OperationContext,
    customer: &CustomerId,
    currency: Option<Currency>,
    items: Vec<Result<Product, ItemError>>,
) -> Result<Vec<Result<Product, ItemError>>> {
    let view = ProductView::default().priced_for(customer.as_str());
    let priced = items.into_iter().map(|item| {
        let view = &view;
        async move {
            let Ok(listed) = item else { return Ok(item) };
            let products = cx.client.products().with(op);
            // One that cannot be used costs itself alone.
            products
                .get_as(listed.id.as_str(), view, |wire, raw| {
                    Ok(map::product::product(&wire, Detail::Full, currency, raw))
                })
                .await
        }
    });
    stream::iter(priced).buffered(AT_ONCE).try_collect().await
}

/// Cloud providers are known by number; the names of those that the reference tells are understood.
fn cloud_provider(vendor: &str) -> Result<u32> {
    let number = match vendor.trim().to_ascii_lowercase().as_str() {
        "microsoft" => map::MICROSOFT,
        "aws" | "amazon" | "amazon web services" => map::AWS,
        _ => vendor.trim(),
    };
    number.parse().map_err(|_| {
        Error::invalid_input("vendor", "name Microsoft, AWS, or the number of the cloud provider at ION")
    })
}

pub(super) async fn get(cx: &Context, op: &OperationContext, id: &ProductId) -> Result<Product> {
    let currency = cx.currency();
    cx.client
        .products()
        .with(op)
        .get_as(id.as_str(), &ProductView::default(), |wire, raw| {
            map::product::product(&wire, Detail::Full, currency, raw)
        })
        .await
}
