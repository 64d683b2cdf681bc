//! Pages of records in memory, and the filters of each query.

use crate::capability::{Capabilities, CommandKind, EntityKind, Operation};
use crate::error::{Error, ErrorKind, Result};
use crate::info::ProviderInfo;
use crate::model::{Customer, Entity, Invoice, InvoiceLine, Order, Product, Subscription, UsageRecord};
use crate::page::{Cursor, Page, PageRequest};
use crate::query::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, ProductQuery, Query, ReadOptions,
    SubscriptionQuery, UsageQuery,
};
use crate::raw::Raw;

/// Everything, natively.
pub(super) fn capabilities() -> Capabilities {
    let mut builder = Operation::all().fold(Capabilities::builder(), |b, operation| b.native(operation));
    for kind in EntityKind::ALL {
        builder = builder.fields(kind, ["*"]);
    }
    for kind in CommandKind::ALL {
        builder = builder.writable(kind, ["*"]);
    }
    builder.build()
}

/// Whether a record is one that the query asks for.
pub(super) trait Selects: Query {
    /// The filters that have a meaning here; any other is refused.
    const HONOURED: &'static [&'static str];

    fn selects(&self, record: &Self::Item) -> bool;
}

/// An unset filter selects everything.
fn is<T: PartialEq>(filter: &Option<T>, value: &T) -> bool {
    filter.as_ref().is_none_or(|wanted| wanted == value)
}

fn is_some<T: PartialEq>(filter: &Option<T>, value: &Option<T>) -> bool {
    filter.is_none() || filter == value
}

fn finds(search: &Option<String>, text: &str) -> bool {
    search.as_ref().is_none_or(|wanted| text.to_lowercase().contains(&wanted.to_lowercase()))
}

impl Selects for CustomerQuery {
    const HONOURED: &'static [&'static str] =
        &["status", "organization", "search", "name", "external_id", "domain", "with_contacts"];

    fn selects(&self, c: &Customer) -> bool {
        is_some(&self.status, &c.status)
            && is_some(&self.organization, &c.organization)
            && is(&self.name, &c.name)
            && is_some(&self.external_id, &c.external_id)
            && finds(&self.search, &c.name)
            && (self.domain.is_none() || c.tenants.iter().any(|t| t.domain == self.domain))
    }
}

impl Selects for ProductQuery {
    const HONOURED: &'static [&'static str] = &["vendor", "search", "sku", "with_offers"];

    fn selects(&self, p: &Product) -> bool {
        is_some(&self.vendor, &p.vendor) && is_some(&self.sku, &p.sku) && finds(&self.search, &p.name)
    }
}

impl Selects for SubscriptionQuery {
    const HONOURED: &'static [&'static str] =
        &["customer", "product", "status", "vendor_subscription_id", "search"];

    fn selects(&self, s: &Subscription) -> bool {
        is(&self.customer, &s.customer)
            && is_some(&self.product, &s.product.id)
            && is(&self.status, &s.status)
            && is_some(&self.vendor_subscription_id, &s.vendor_subscription_id)
            && finds(&self.search, s.name.as_deref().unwrap_or_default())
    }
}

impl Selects for OrderQuery {
    const HONOURED: &'static [&'static str] = &["customer", "status", "reference"];

    fn selects(&self, o: &Order) -> bool {
        is(&self.customer, &o.customer)
            && is(&self.status, &o.status)
            && is_some(&self.reference, &o.reference)
    }
}

impl Selects for InvoiceQuery {
    const HONOURED: &'static [&'static str] =
        &["kind", "side", "status", "customer", "organization", "issued_from", "issued_before"];

    fn selects(&self, i: &Invoice) -> bool {
        is(&self.kind, &i.kind)
            && is(&self.side, &i.side)
            && is_some(&self.status, &i.status)
            && is_some(&self.customer, &i.customer)
            && is_some(&self.organization, &i.organization)
            && self.issued_from.is_none_or(|from| i.issued_on.is_some_and(|on| on >= from))
            && self.issued_before.is_none_or(|before| i.issued_on.is_some_and(|on| on < before))
    }
}

impl Selects for InvoiceLineQuery {
    const HONOURED: &'static [&'static str] = &["invoice", "customer", "kind"];

    /// The kind is one of the document; the provider picks by it before.
    fn selects(&self, l: &InvoiceLine) -> bool {
        is(&self.invoice, &l.invoice) && is_some(&self.customer, &l.customer)
    }
}

impl Selects for UsageQuery {
    const HONOURED: &'static [&'static str] = &["customer", "subscription", "period"];

    fn selects(&self, u: &UsageRecord) -> bool {
        is_some(&self.customer, &u.customer)
            && is_some(&self.subscription, &u.subscription)
            && self.period.is_none_or(|wanted| {
                u.period.is_some_and(|p| p.start < wanted.end && wanted.start < p.end.max(p.start))
            })
    }
}

/// Adds the record's own JSON, where it was asked for.
pub(super) fn keep_raw<T: Entity>(mut record: T, options: &ReadOptions) -> Result<T> {
    if options.raw {
        let failed = |e: serde_json::Error| {
            Error::new(ErrorKind::Internal, "a record could not be written as JSON").with_source(e)
        };
        let json = serde_json::to_string(&record).map_err(failed)?;
        record.keep_raw(Raw::new(&json, &[]).map_err(failed)?);
    }
    Ok(record)
}

/// One page of the records that the query selects.
pub(super) fn slice<Q: Selects>(
    info: &ProviderInfo,
    default_size: u32,
    query: &Q,
    request: &PageRequest,
    records: &[Q::Item],
) -> Result<Page<Q::Item>> {
    page(info, default_size, query, request, records).map_err(|error| {
        error.with_provider(info.kind.clone()).with_operation(Operation::List(<Q::Item as Entity>::KIND))
    })
}

/// The cursor holds the page's number and size.
fn page<Q: Selects>(
    info: &ProviderInfo,
    default_size: u32,
    query: &Q,
    request: &PageRequest,
    records: &[Q::Item],
) -> Result<Page<Q::Item>> {
    query.only(Q::HONOURED)?;
    let (number, size) = match &request.cursor {
        None => (0, request.size.unwrap_or(default_size).clamp(1, default_size) as usize),
        Some(cursor) => {
            let text = cursor.open(info, query)?;
            let parsed = text
                .split_once('/')
                .and_then(|(n, s)| Some((n.parse::<usize>().ok()?, s.parse::<usize>().ok()?)))
                // A page has records, and ends somewhere.
                .filter(|(number, size)| {
                    *size > 0 && number.checked_add(1).is_some_and(|end| end.checked_mul(*size).is_some())
                });
            parsed.ok_or_else(|| Error::new(ErrorKind::InvalidCursor, "the cursor names no page"))?
        }
    };
    let selected: Vec<_> = records.iter().filter(|record| query.selects(record)).collect();
    let pages = selected.len().div_ceil(size);
    let mut items = Vec::with_capacity(size.min(selected.len()));
    for record in selected.iter().skip(number * size).take(size) {
        items.push(keep_raw((*record).clone(), query.options())?);
    }
    let mut page = Page::new(items).with_total(selected.len() as u64);
    let mut following = (number + 1..pages)
        .take(Page::<Q::Item>::MAX_AHEAD + 1)
        .map(|number| Cursor::tagged(info, query, format!("{number}/{size}")));
    page.next = following.next();
    page.ahead = following.collect();
    Ok(page)
}
