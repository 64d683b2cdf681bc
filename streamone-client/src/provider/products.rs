//! Products, at the list's prices or at a customer's.

use std::pin::pin;

use futures_util::future::{Either, ready, select};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::model::Detail;
use provider_core::{
    CustomerId, Error, ErrorKind, ItemError, Page, PageRequest, Product, ProductId, ProductQuery, Result,
};
use provider_http::{Answer, OperationContext};

use super::context::{Context, ReadAhead, Reading};
use super::page;
use crate::api::{Listed, ProductFilter, ProductView, TokenPage};
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
    let Some(customer) = &query.customer else {
        let answer = cx.client.products().with(op).answer(&filter, &asked).await?;
        page::tell_next(cx.info(), query, page, &asked, &answer).await;
        return Ok(page::token_page(cx.info(), query, &asked, decode(cx, op, &answer)?));
    };
    // Nothing is told here: whoever takes one page of prices would pay the calls of the next one as well.
    let mut listed = match cx.ahead.take(&filter, &asked, op.raw(), cx.now()) {
        // Whatever became of a call that was another operation's, this one has its own to make.
        Some(reading) => match reading.await {
            Ok(listed) => listed,
            Err(_) => read(cx, op, &filter, &asked).await?,
        },
        None => read(cx, op, &filter, &asked).await?,
    };
    let next = listed.next.as_ref().map(|token| TokenPage::at(asked.size, token));
    let priced = priced_for(cx, op, customer, listed.items);
    listed.items = match next {
        Some(page) => beside(cx, op, filter, page, priced).await?,
        None => priced.await?,
    };
    Ok(page::token_page(cx.info(), query, &asked, listed))
}

/// Reads the page behind beside the prices. The prices are what the caller waits for: where that page takes longer, it
/// is waited for by the call that asks for it.
async fn beside<T: Send>(
    cx: &Context,
    op: &OperationContext,
    filter: ProductFilter,
    page: TokenPage,
    priced: impl Future<Output = Result<T>> + Send,
) -> Result<T> {
    let behind: Reading = Box::pin({
        let (cx, op, filter, page) = (cx.clone(), op.clone(), filter.clone(), page.clone());
        async move { read(&cx, &op, &filter, &page).await }
    });
    let at = cx.now();
    let (priced, reading) = match select(pin!(priced), behind).await {
        Either::Left((priced, reading)) => (priced?, reading),
        Either::Right((read, priced)) => (priced.await?, Box::pin(ready(read)) as Reading),
    };
    cx.ahead.put(ReadAhead { filter, page, raw: op.raw(), at, reading });
    Ok(priced)
}

/// One page at the list's prices.
async fn read(
    cx: &Context,
    op: &OperationContext,
    filter: &ProductFilter,
    page: &TokenPage,
) -> Result<Listed<Product>> {
    let answer = cx.client.products().with(op).answer(filter, page).await?;
    decode(cx, op, &answer)
}

fn decode(cx: &Context, op: &OperationContext, answer: &Answer) -> Result<Listed<Product>> {
    let currency = cx.currency();
    let map = |wire, raw| map::product::product(&wire, Detail::Summary, currency, raw);
    cx.client.products().with(op).read_as(answer, map)
}

/// The list knows no customer, so each product is read at the customer's prices.
async fn priced_for(
    cx: &Context,
    op: &OperationContext,
    customer: &CustomerId,
    items: Vec<Result<Product, ItemError>>,
) -> Result<Vec<Result<Product, ItemError>>> {
    let currency = cx.currency();
    let view = ProductView::default().priced_for(customer.as_str());
    let priced = items.into_iter().map(|item| {
        let view = &view;
        async move {
            let listed = match item {
                Ok(listed) => listed,
                Err(unreadable) => return Ok(Ok(Err(unreadable))),
            };
            let products = cx.client.products().with(op);
            // One that cannot be used costs itself alone.
            let read = products
                .get_as(listed.id.as_str(), view, |wire, raw| {
                    Ok(map::product::product(&wire, Detail::Full, currency, raw))
                })
                .await;
            match read {
                Ok(product) => Ok(Ok(product)),
                Err(error) if is_about_one(&error, customer) => Ok(Err((listed.id, error))),
                Err(error) => Err(error),
            }
        }
    });
    let mut read: Vec<Result<_, (ProductId, Error)>> =
        stream::iter(priced).buffered(AT_ONCE).try_collect().await?;
    // What stands in the way of all of them is not about any one.
    let refused = |read: &Result<_, (ProductId, Error)>| {
        read.as_ref().is_err_and(|(_, error)| error.kind() != ErrorKind::Decode)
    };
    if read.len() > 1
        && read.iter().all(refused)
        && let Some(Err((_, error))) = read.pop()
    {
        return Err(error);
    }
    let item =
        |read: Result<_, (ProductId, Error)>| read.unwrap_or_else(|(id, error)| Err(unpriced(&id, &error)));
    Ok(read.into_iter().map(item).collect())
}

/// Whether a call for one product failed because of that product, and would however often it is made. The customer is named
/// for all of them.
fn is_about_one(error: &Error, customer: &CustomerId) -> bool {
    use ErrorKind as K;
    let names = |said: &str| {
        let mut words = said.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-');
        said.to_ascii_lowercase().contains("customer")
            || words.any(|word| word.eq_ignore_ascii_case(customer.as_str()))
    };
    match error.kind() {
        K::Decode | K::Unsupported => true,
        K::NotFound | K::InvalidInput | K::PermissionDenied => {
            let of_fields = error.violations().iter().any(|violation| names(&violation.field));
            !(of_fields || names(error.message()))
        }
        _ => false,
    }
}

fn unpriced(product: &ProductId, error: &Error) -> ItemError {
    let mut item = ItemError::new("offers", format!("the prices of product {product}: {error}"));
    item.id = Some(product.to_string());
    item
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
