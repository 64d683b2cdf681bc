//! Invoices of both sides, and their lines.

use provider_core::model::{InvoiceKind, InvoiceSide};
use provider_core::{
    Cursor, CustomerId, EntityKind, Error, ErrorKind, Invoice, InvoiceLine, InvoiceLineQuery, InvoiceQuery,
    Page, PageRequest, Query, Result,
};
use provider_http::OperationContext;

use super::context::Context;
use super::page;
use crate::api::{InvoicesOf, LegacyFilter, Modifier, OffsetPage};
use crate::map;

/// v1 is known to answer 100 records; a shorter page is the last.
const LEGACY_PAGE: u32 = 100;

const PAYABLE: &str = "payable";
const RECEIVABLE: &str = "receivable";

/// Where in the two lists of invoices a page is.
struct Place {
    side: InvoiceSide,
    page: OffsetPage,
}

impl Place {
    fn of<Q: Query>(cx: &Context, query: &Q, page: &PageRequest, first: InvoiceSide) -> Result<Self> {
        let Some(cursor) = &page.cursor else {
            let limit = page.size.unwrap_or(LEGACY_PAGE).clamp(1, LEGACY_PAGE);
            return Ok(Self { side: first, page: OffsetPage::first(limit) });
        };
        let text = cursor.open(cx.info(), query)?;
        let bad = || Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this provider");
        let (side, numbers) = text.split_once('/').ok_or_else(bad)?;
        let side = match side {
            PAYABLE => InvoiceSide::Payable,
            RECEIVABLE => InvoiceSide::Receivable,
            _ => return Err(bad()),
        };
        Ok(Self { side, page: page::numbers(numbers)? })
    }

    /// The page that follows: on this side while pages are full, then on the other side.
    fn next(&self, received: usize, both: bool) -> Option<Self> {
        if received >= usize::try_from(self.page.limit).unwrap_or(usize::MAX) {
            let offset = self.page.offset.saturating_add(received as u64);
            return Some(Self { side: self.side, page: OffsetPage::at(self.page.limit, offset) });
        }
        (both && self.side == InvoiceSide::Payable)
            .then(|| Self { side: InvoiceSide::Receivable, page: OffsetPage::first(self.page.limit) })
    }

    fn cursor<Q: Query>(&self, cx: &Context, query: &Q) -> Cursor {
        let side = if self.side == InvoiceSide::Payable { PAYABLE } else { RECEIVABLE };
        Cursor::tagged(cx.info(), query, format!("{side}/{}", page::text(self.page)))
    }

    fn wire<'a>(&self, customer: Option<&'a CustomerId>) -> InvoicesOf<'a> {
        match self.side {
            InvoiceSide::Receivable => InvoicesOf::Receivable(customer.map(CustomerId::as_str)),
            _ => InvoicesOf::Payable,
        }
    }
}

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &InvoiceQuery,
    page: &PageRequest,
) -> Result<Page<Invoice>> {
    cx.needs_api_key(EntityKind::Invoice)?;
    query.only(&["kind", "side", "status", "customer"])?;
    // ION has invoices only, and what it bills the reseller is for no one customer.
    let none = query.kind.as_ref().is_some_and(|kind| *kind != InvoiceKind::Invoice)
        || (query.customer.is_some() && query.side == Some(InvoiceSide::Payable));
    if none {
        return Ok(Page::empty());
    }
    let both = query.side.is_none() && query.customer.is_none();
    let first = if query.customer.is_some() {
        InvoiceSide::Receivable
    } else {
        query.side.unwrap_or(InvoiceSide::Payable)
    };
    let place = Place::of(cx, query, page, first)?;
    let currency = cx.currency();
    let sorted = LegacyFilter::default().sort("id", true);
    let listed = cx
        .client
        .invoices()
        .with(op)
        .list_as(
            place.wire(query.customer.as_ref()),
            &sorted,
            place.page,
            EntityKind::Invoice,
            |wire, raw| map::invoice::invoice(&wire, place.side, currency, raw),
        )
        .await?;
    let next = place.next(listed.items.len(), both);
    let mut page = Page::<Invoice>::new(listed.items).with_next(next.map(|next| next.cursor(cx, query)));
    for invoice in page.items.iter_mut().flatten() {
        // The list of one customer's invoices need not repeat whose they are.
        invoice.customer = invoice.customer.take().or_else(|| query.customer.clone());
    }
    Ok(page.keep(|invoice| {
        query.status.as_ref().is_none_or(|status| invoice.status.as_ref() == Some(status))
            && query.customer.as_ref().is_none_or(|customer| invoice.customer.as_ref() == Some(customer))
    }))
}

pub(super) async fn lines(
    cx: &Context,
    op: &OperationContext,
    query: &InvoiceLineQuery,
    page: &PageRequest,
) -> Result<Page<InvoiceLine>> {
    cx.needs_api_key(EntityKind::InvoiceLine)?;
    query.only(&["invoice", "customer", "kind"])?;
    if query.kind.as_ref().is_some_and(|kind| *kind != InvoiceKind::Invoice) {
        return Ok(Page::empty());
    }
    let both = query.customer.is_none();
    let first = if both { InvoiceSide::Payable } else { InvoiceSide::Receivable };
    let place = Place::of(cx, query, page, first)?;
    let mut filter = LegacyFilter::default().sort("id", true).relations(["lines"]);
    if let Some(invoice) = &query.invoice {
        filter = filter.with("id", Modifier::Exact, invoice.own());
    }
    let listed = cx
        .client
        .invoices()
        .with(op)
        .list_as(
            place.wire(query.customer.as_ref()),
            &filter,
            place.page,
            EntityKind::InvoiceLine,
            |wire, raw| map::invoice::lines(&wire, place.side, raw.as_ref()),
        )
        .await?;
    let next = place.next(listed.items.len(), both);
    let mut lines = Vec::new();
    for invoice in listed.items {
        match invoice {
            Ok(own) => lines.extend(own.into_iter().map(|mut line| {
                line.customer = line.customer.take().or_else(|| query.customer.clone());
                Ok(line)
            })),
            Err(error) => lines.push(Err(error)),
        }
    }
    let page = Page::<InvoiceLine>::new(lines).with_next(next.map(|next| next.cursor(cx, query)));
    Ok(page
        .keep(|line| query.customer.as_ref().is_none_or(|customer| line.customer.as_ref() == Some(customer))))
}
