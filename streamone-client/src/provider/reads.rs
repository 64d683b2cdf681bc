//! Customers, products, orders and invoices.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::{
    Currency, Cursor, Customer, CustomerId, CustomerQuery, CustomerStatus, Detail, EntityKind, Error,
    ErrorKind, Invoice, InvoiceKind, InvoiceLine, InvoiceLineQuery, InvoiceQuery, ItemError, Operation,
    Order, OrderId, OrderQuery, Page, PageRequest, Product, ProductId, ProductQuery, Raw, ReadOptions,
    Result, Side,
};
use provider_http::Answer;
use serde_json::value::RawValue;

use super::budget::Budget;
use super::{cursor, subscriptions};
use crate::api::{
    CustomerFilter, InvoiceSide, LegacyFilter, Modifier, OffsetPage, OrderFilter, ProductFilter, ProductView,
};
use crate::client::StreamOneClient;
use crate::map;
use crate::model;
use crate::wire::{SECRET_MEMBERS, blanked};

/// A record's own JSON, where it was asked for, with what could be a credential blanked.
pub(super) fn raw(answer: &Answer, options: &ReadOptions) -> Option<Raw> {
    if !options.raw {
        return None;
    }
    let record: &RawValue = serde_json::from_slice(&answer.bytes).ok()?;
    Some(blanked(Raw::from_value(record, SECRET_MEMBERS)))
}

/// A single record that cannot be used is an unreadable answer.
pub(super) fn unusable(answer: &Answer, error: &ItemError) -> Error {
    answer.error(ErrorKind::Decode, format!("the answer does not fit: {error}"))
}

pub(super) async fn customers(
    client: &StreamOneClient,
    query: &CustomerQuery,
    page: &PageRequest,
) -> Result<Page<Customer>> {
    // Contacts are part of every record, so asking for them costs nothing.
    query.only(&["status", "with_contacts"])?;
    let asked = cursor::token(client.info(), query, page)?;
    let status = match &query.status {
        None => None,
        Some(CustomerStatus::Active) => Some(model::CustomerStatus::Active),
        Some(CustomerStatus::Inactive) => Some(model::CustomerStatus::Inactive),
        Some(_) => {
            return Err(Error::invalid_input("status", "ION knows active and inactive customers only"));
        }
    };
    let filter = CustomerFilter { status, ..CustomerFilter::default() };
    let listed = client
        .customers()
        .with(&query.options)
        .list_as(&filter, &asked, |wire, raw| map::customer::customer(&wire, Detail::Summary, raw))
        .await?;
    Ok(cursor::token_page(client.info(), query, &asked, listed))
}

/// The record, and the tenants that only its cloud profiles name.
pub(super) async fn customer(
    client: &StreamOneClient,
    id: &CustomerId,
    options: &ReadOptions,
) -> Result<Customer> {
    let budget = Budget::of(client, options);
    let answer = client.customers().with(budget.left()).answer(id.as_str()).await?;
    let mut customer = map::customer::customer(&answer.json()?, Detail::Full, raw(&answer, options))
        .map_err(|e| unusable(&answer, &e))?;
    match client.customers().with(budget.left()).cloud_profiles(id.as_str(), None, None).await {
        Ok(profiles) => customer.tenants = map::customer::tenants(&profiles),
        // A role without the right to see profiles sees customers without tenants, every time alike.
        Err(error) if is_refused(&error) => {}
        Err(error) => return Err(error),
    }
    Ok(customer)
}

fn is_refused(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::InvalidInput | ErrorKind::Unsupported
    )
}

pub(super) async fn products(
    client: &StreamOneClient,
    query: &ProductQuery,
    page: &PageRequest,
) -> Result<Page<Product>> {
    // Offers are part of every record, so asking for them costs nothing.
    query.only(&["vendor", "search", "sku", "customer", "with_offers"])?;
    let asked = cursor::token(client.info(), query, page)?;
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
    let currency = client.currency();
    let budget = Budget::of(client, &query.options);
    let mut listed = client
        .products()
        .with(&query.options)
        .list_as(&filter, &asked, |wire, raw| map::product::product(&wire, Detail::Summary, currency, raw))
        .await?;
    if let Some(customer) = &query.customer {
        listed.items = priced_for(client, customer, &budget, currency, listed.items).await?;
    }
    Ok(cursor::token_page(client.info(), query, &asked, listed))
}

/// The list knows no customer, so each product is read at the customer's prices.
async fn priced_for(
    client: &StreamOneClient,
    customer: &CustomerId,
    budget: &Budget,
    currency: Option<Currency>,
    items: Vec<Result<Product, ItemError>>,
) -> Result<Vec<Result<Product, ItemError>>> {
    let view = ProductView::default().priced_for(customer.as_str());
    let priced = items.into_iter().map(|item| {
        let view = &view;
        async move {
            let Ok(listed) = item else { return Ok(item) };
            let options = budget.left();
            let answer = client.products().with(&options).answer(listed.id.as_str(), view).await?;
            let product =
                map::product::product(&answer.json()?, Detail::Full, currency, raw(&answer, &options));
            Ok(product)
        }
    });
    stream::iter(priced).buffered(4).try_collect().await
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

pub(super) async fn product(
    client: &StreamOneClient,
    id: &ProductId,
    options: &ReadOptions,
) -> Result<Product> {
    let answer = client.products().with(options).answer(id.as_str(), &ProductView::default()).await?;
    map::product::product(&answer.json()?, Detail::Full, client.currency(), raw(&answer, options))
        .map_err(|e| unusable(&answer, &e))
}

pub(super) async fn orders(
    client: &StreamOneClient,
    query: &OrderQuery,
    page: &PageRequest,
) -> Result<Page<Order>> {
    query.only(&["customer", "status", "reference"])?;
    let asked = cursor::token(client.info(), query, page)?;
    let currency = client.currency();
    let word = query.status.as_ref().and_then(map::order::only_word);
    let orders = client.orders().with(&query.options);
    let read = |wire: model::Order, raw| map::order::order(&wire, Detail::Summary, currency, raw);
    let listed = match &query.customer {
        Some(customer) => orders.list_of_customer_as(Some(customer.as_str()), word, &asked, read).await?,
        None => {
            let filter = OrderFilter { status: word, ..OrderFilter::default() };
            orders.list_as(&filter, &asked, read).await?
        }
    };
    let mut page = cursor::token_page(client.info(), query, &asked, listed);
    // Several words can mean one state, and there is no filter by reference.
    page.items.retain(|item| match item {
        Ok(order) => {
            query.status.as_ref().is_none_or(|wanted| order.status == *wanted)
                && query.reference.as_ref().is_none_or(|wanted| order.reference.as_ref() == Some(wanted))
        }
        Err(_) => true,
    });
    Ok(page)
}

/// The record, with the subscriptions that its items became: the wire names them by the provider's id.
pub(super) async fn order(client: &StreamOneClient, id: &OrderId, options: &ReadOptions) -> Result<Order> {
    let budget = Budget::of(client, options);
    let answer = client.orders().with(options).answer(None, id.own()).await?;
    let wire: model::Order = answer.json()?;
    let mut order = map::order::order(&wire, Detail::Full, client.currency(), raw(&answer, options))
        .map_err(|e| unusable(&answer, &e))?;
    for (line, item) in order.lines.iter_mut().zip(&wire.order_items) {
        if let Some(resource) = item.resource_id.as_deref().filter(|id| !id.is_empty()) {
            line.subscription =
                subscriptions::canonical(client, &order.customer, resource, &budget.left()).await?;
        }
    }
    Ok(order)
}

/// v1 is known to answer 100 records; a shorter page is the last.
const LEGACY_PAGE: u32 = 100;

const PAYABLE: &str = "payable";
const RECEIVABLE: &str = "receivable";

/// Where in the two lists of invoices a page is.
struct Place {
    side: Side,
    page: OffsetPage,
}

impl Place {
    fn of<Q: provider_core::Query>(
        client: &StreamOneClient,
        query: &Q,
        page: &PageRequest,
        first: Side,
    ) -> Result<Self> {
        let Some(cursor) = &page.cursor else {
            let limit = page.size.unwrap_or(LEGACY_PAGE).clamp(1, LEGACY_PAGE);
            return Ok(Self { side: first, page: OffsetPage::first(limit) });
        };
        let text = cursor.open(client.info(), query)?;
        let bad = || Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this provider");
        let (side, numbers) = text.split_once('/').ok_or_else(bad)?;
        let side = match side {
            PAYABLE => Side::Payable,
            RECEIVABLE => Side::Receivable,
            _ => return Err(bad()),
        };
        Ok(Self { side, page: cursor::numbers(numbers)? })
    }

    /// The page that follows: on this side while pages are full, then on the other side.
    fn next(&self, received: usize, both: bool) -> Option<Self> {
        if received >= usize::try_from(self.page.limit).unwrap_or(usize::MAX) {
            let offset = self.page.offset.saturating_add(received as u64);
            return Some(Self { side: self.side, page: OffsetPage::at(self.page.limit, offset) });
        }
        (both && self.side == Side::Payable)
            .then(|| Self { side: Side::Receivable, page: OffsetPage::first(self.page.limit) })
    }

    fn cursor<Q: provider_core::Query>(&self, client: &StreamOneClient, query: &Q) -> Cursor {
        let side = if self.side == Side::Payable { PAYABLE } else { RECEIVABLE };
        Cursor::tagged(client.info(), query, format!("{side}/{}", cursor::text(self.page)))
    }

    fn wire<'a>(&self, customer: Option<&'a CustomerId>) -> InvoiceSide<'a> {
        match self.side {
            Side::Receivable => InvoiceSide::Receivable(customer.map(CustomerId::as_str)),
            _ => InvoiceSide::Payable,
        }
    }
}

fn unsupported(client: &StreamOneClient, kind: EntityKind) -> Result<()> {
    if client.has_api_key() {
        return Ok(());
    }
    Err(Error::unsupported(Operation::List(kind), crate::client::no_api_key()).with_provider(crate::KIND))
}

pub(super) async fn invoices(
    client: &StreamOneClient,
    query: &InvoiceQuery,
    page: &PageRequest,
) -> Result<Page<Invoice>> {
    unsupported(client, EntityKind::Invoice)?;
    query.only(&["kind", "side", "status", "customer"])?;
    // ION has invoices only, and what it bills the reseller is for no one customer.
    let none = query.kind.as_ref().is_some_and(|kind| *kind != InvoiceKind::Invoice)
        || (query.customer.is_some() && query.side == Some(Side::Payable));
    if none {
        return Ok(Page::default());
    }
    let both = query.side.is_none() && query.customer.is_none();
    let first = if query.customer.is_some() { Side::Receivable } else { query.side.unwrap_or(Side::Payable) };
    let place = Place::of(client, query, page, first)?;
    let currency = client.currency();
    let sorted = LegacyFilter::default().sort("id", true);
    let listed = client
        .invoices()
        .with(&query.options)
        .list_as(
            place.wire(query.customer.as_ref()),
            &sorted,
            place.page,
            EntityKind::Invoice,
            |wire, raw| map::invoice::invoice(&wire, place.side, currency, raw),
        )
        .await?;
    let next = place.next(listed.items.len(), both);
    let mut page = Page::<Invoice>::new(listed.items).with_next(next.map(|next| next.cursor(client, query)));
    for invoice in page.items.iter_mut().flatten() {
        // The list of one customer's invoices need not repeat whose they are.
        invoice.customer = invoice.customer.take().or_else(|| query.customer.clone());
    }
    page.items.retain(|item| {
        item.as_ref()
            .map_or(true, |invoice| query.status.as_ref().is_none_or(|s| invoice.status.as_ref() == Some(s)))
    });
    Ok(page)
}

pub(super) async fn invoice_lines(
    client: &StreamOneClient,
    query: &InvoiceLineQuery,
    page: &PageRequest,
) -> Result<Page<InvoiceLine>> {
    unsupported(client, EntityKind::InvoiceLine)?;
    query.only(&["invoice", "customer", "kind"])?;
    if query.kind.as_ref().is_some_and(|kind| *kind != InvoiceKind::Invoice) {
        return Ok(Page::default());
    }
    let both = query.customer.is_none();
    let first = if both { Side::Payable } else { Side::Receivable };
    let place = Place::of(client, query, page, first)?;
    let mut filter = LegacyFilter::default().sort("id", true).relations(["lines"]);
    if let Some(invoice) = &query.invoice {
        filter = filter.with("id", Modifier::Exact, invoice.own());
    }
    let keep = query.options.raw;
    let listed = client
        .invoices()
        .with(&query.options)
        .list_as(
            place.wire(query.customer.as_ref()),
            &filter,
            place.page,
            EntityKind::InvoiceLine,
            |wire, _| map::invoice::lines(&wire, keep),
        )
        .await?;
    let next = place.next(listed.items.len(), both);
    let mut lines = Vec::new();
    for invoice in listed.items {
        match invoice {
            Ok(own) => lines.extend(own.into_iter().map(|mut line| {
                line.customer = query.customer.clone();
                Ok(line)
            })),
            Err(error) => lines.push(Err(error)),
        }
    }
    Ok(Page::<InvoiceLine>::new(lines).with_next(next.map(|next| next.cursor(client, query))))
}
