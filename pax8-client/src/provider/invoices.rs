//! Invoices, their lines, and the lines of the drafts.

use chrono::Days;
use provider_core::model::{InvoiceId, InvoiceKind, InvoiceSide};
use provider_core::{
    CustomerId, Error, ErrorKind, Invoice, InvoiceLine, InvoiceLineQuery, InvoiceQuery, ItemError, Page,
    PageRequest, Result,
};
use provider_http::OperationContext;

use super::context::Context;
use super::page;
use crate::api::{DraftItemFilter, InvoiceFilter};
use crate::map::invoice::{invoice, line, status_filter};
use crate::wire::envelope::{Listed, PageOf};

const PAGE: u32 = 200;
/// Drafts have no id at Pax8: they are told apart by how many months ahead they lie.
const DRAFTS: [&str; 2] = ["draft/0", "draft/1"];

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &InvoiceQuery,
    request: &PageRequest,
) -> Result<Page<Invoice>> {
    query.only(&["kind", "side", "status", "customer", "issued_from", "issued_before"])?;
    if query.side == Some(InvoiceSide::Receivable) {
        return Ok(Page::empty());
    }
    match &query.kind {
        None | Some(InvoiceKind::Invoice) => {}
        Some(InvoiceKind::Draft) => return Ok(drafts(query)),
        Some(_) => return Ok(Page::empty()),
    }
    let mut filter = InvoiceFilter {
        company_id: query.customer.as_ref().map(ToString::to_string),
        invoice_date_range_start: query.issued_from,
        ..InvoiceFilter::default()
    };
    // The last day of Pax8's range is taken as included; whether it is, the check below does not mind.
    filter.invoice_date_range_end = query.issued_before.and_then(|day| day.checked_sub_days(Days::new(1)));
    if let Some(status) = &query.status {
        match status_filter(status) {
            Some(status) => filter.status = Some(status),
            // A state that is not in the reference is looked for below: Pax8 may refuse to filter by it.
            None if matches!(status, provider_core::model::InvoiceStatus::Other(_)) => {}
            None => return Ok(Page::empty()),
        }
    }
    let asked = page::asked(&cx.info, query, request, PAGE)?;
    let listed = cx
        .client
        .invoices()
        .with(op)
        .list_as(&filter, asked, |record, raw| invoice(record, raw, cx.currency))
        .await?;
    Ok(page::of(&cx.info, query, asked, listed).keep(|invoice| {
        let day = invoice.issued_on;
        query.status.as_ref().is_none_or(|status| invoice.status.as_ref() == Some(status))
            && query.issued_from.is_none_or(|from| day.is_some_and(|day| day >= from))
            && query.issued_before.is_none_or(|before| day.is_some_and(|day| day < before))
    }))
}

pub(super) async fn lines(
    cx: &Context,
    op: &OperationContext,
    query: &InvoiceLineQuery,
    request: &PageRequest,
) -> Result<Page<InvoiceLine>> {
    query.only(&["invoice", "customer", "kind"])?;
    let draft = query.invoice.as_ref().and_then(draft_offset);
    match (&query.kind, &query.invoice) {
        (Some(kind), _) if !matches!(kind, InvoiceKind::Invoice | InvoiceKind::Draft) => Ok(Page::empty()),
        (Some(InvoiceKind::Draft), Some(_)) if draft.is_none() => Ok(Page::empty()),
        (Some(InvoiceKind::Invoice), Some(_)) if draft.is_some() => Ok(Page::empty()),
        (_, Some(id)) => match draft {
            Some(offset) => draft_lines(cx, op, query, request, id, offset).await,
            None => lines_of(cx, op, query, request, id).await,
        },
        (Some(InvoiceKind::Draft), None) => all_draft_lines(cx, op, query, request).await,
        (_, None) => all_lines(cx, op, query, request).await,
    }
}

async fn lines_of(
    cx: &Context,
    op: &OperationContext,
    query: &InvoiceLineQuery,
    request: &PageRequest,
    id: &InvoiceId,
) -> Result<Page<InvoiceLine>> {
    let asked = page::asked(&cx.info, query, request, PAGE)?;
    let listed = items(cx, op, id, asked).await?;
    Ok(of_customer(page::of(&cx.info, query, asked, listed), query.customer.as_ref()))
}

async fn items(
    cx: &Context,
    op: &OperationContext,
    id: &InvoiceId,
    asked: PageOf,
) -> Result<Listed<InvoiceLine>> {
    let invoices = cx.client.invoices().with(op);
    invoices.items_as(id.as_str(), asked, |record, raw| Ok(line(record, id, raw, cx.currency))).await
}

async fn draft_lines(
    cx: &Context,
    op: &OperationContext,
    query: &InvoiceLineQuery,
    request: &PageRequest,
    id: &InvoiceId,
    offset: u32,
) -> Result<Page<InvoiceLine>> {
    let asked = page::asked(&cx.info, query, request, PAGE)?;
    let listed = draft_items(cx, op, query.customer.as_ref(), id, offset, asked).await?;
    Ok(page::of(&cx.info, query, asked, listed))
}

async fn draft_items(
    cx: &Context,
    op: &OperationContext,
    customer: Option<&CustomerId>,
    id: &InvoiceId,
    offset: u32,
    asked: PageOf,
) -> Result<Listed<InvoiceLine>> {
    let filter = DraftItemFilter {
        month_offset: Some(offset),
        company_id: customer.map(ToString::to_string),
        ..Default::default()
    };
    let invoices = cx.client.invoices().with(op);
    invoices.draft_items_as(&filter, asked, |record, raw| Ok(line(record, id, raw, cx.currency))).await
}

/// The lines of every draft, draft by draft.
async fn all_draft_lines(
    cx: &Context,
    op: &OperationContext,
    query: &InvoiceLineQuery,
    request: &PageRequest,
) -> Result<Page<InvoiceLine>> {
    let mut walk = Walk::open(cx, query, request)?;
    let Some(id) =
        DRAFTS.get(usize::try_from(walk.invoice).unwrap_or(usize::MAX)).map(|id| InvoiceId::from(*id))
    else {
        return Err(Error::new(ErrorKind::InvalidCursor, "the cursor names no draft"));
    };
    let asked = PageOf::first(walk.size).at(walk.page);
    let read = draft_items(cx, op, query.customer.as_ref(), &id, walk.invoice, asked).await;
    let (mut page, more_lines) = one_among_others(read, asked, &id)?;
    walk.go_on(more_lines);
    let more = more_lines || usize::try_from(walk.invoice).is_ok_and(|draft| draft < DRAFTS.len());
    page.next = more.then(|| walk.cursor(cx, query));
    Ok(page)
}

/// The lines of every invoice, invoice by invoice: the cursor holds which invoice and which page of it.
async fn all_lines(
    cx: &Context,
    op: &OperationContext,
    query: &InvoiceLineQuery,
    request: &PageRequest,
) -> Result<Page<InvoiceLine>> {
    let mut walk = Walk::open(cx, query, request)?;
    let at = PageOf::first(1).at(walk.invoice);
    let invoices = cx.client.invoices().with(op.quiet()).list(InvoiceFilter::default().page(at)).await?;
    let more_invoices = invoices.next(at).is_some();
    let Some(found) = invoices.items.into_iter().next() else { return Ok(Page::default()) };
    let (mut page, more_lines) = match found {
        Ok(found) => {
            let id = InvoiceId::from(found.id);
            let asked = PageOf::first(walk.size).at(walk.page);
            one_among_others(items(cx, op, &id, asked).await, asked, &id)?
        }
        // Its lines cannot be asked for; that must not pass for none.
        Err(item) => (Page::new(vec![Err(item)]), false),
    };
    walk.go_on(more_lines);
    page.next = (more_lines || more_invoices).then(|| walk.cursor(cx, query));
    Ok(of_customer(page, query.customer.as_ref()))
}

/// The lines of one document of many, and whether it has more. Where they cannot be had however often they are asked
/// for, that costs them and not those of all others.
fn one_among_others(
    read: Result<Listed<InvoiceLine>>,
    asked: PageOf,
    id: &InvoiceId,
) -> Result<(Page<InvoiceLine>, bool)> {
    use ErrorKind as K;
    match read {
        Ok(listed) => {
            let more = listed.next(asked).is_some();
            Ok((Page::new(listed.items), more))
        }
        Err(error) if matches!(error.kind(), K::NotFound | K::InvalidInput | K::Decode | K::Unsupported) => {
            let reason = format!("the lines of invoice {id}: {error}");
            Ok((Page::new(vec![Err(ItemError::new("id", reason))]), false))
        }
        Err(error) => Err(error),
    }
}

/// Pax8 filters the items of an invoice by nothing.
fn of_customer(page: Page<InvoiceLine>, customer: Option<&CustomerId>) -> Page<InvoiceLine> {
    page.keep(|line| customer.is_none_or(|customer| line.customer.as_ref() == Some(customer)))
}

/// The drafts that can be asked for: this month's and the next one's.
fn drafts(query: &InvoiceQuery) -> Page<Invoice> {
    let wanted =
        query.status.as_ref().is_none_or(|status| *status == provider_core::model::InvoiceStatus::Draft)
            && query.issued_from.is_none()
            && query.issued_before.is_none();
    if !wanted {
        return Page::empty();
    }
    let drafts = DRAFTS.map(|id| {
        let mut draft = Invoice::new(id, InvoiceKind::Draft, InvoiceSide::Payable);
        draft.status = Some(provider_core::model::InvoiceStatus::Draft);
        draft.customer.clone_from(&query.customer);
        draft
    });
    Page::new(drafts.to_vec()).with_total(DRAFTS.len() as u64)
}

fn draft_offset(id: &InvoiceId) -> Option<u32> {
    DRAFTS.iter().position(|known| *known == id.as_str()).and_then(|at| u32::try_from(at).ok())
}

/// Where a walk over all invoices stands.
struct Walk {
    invoice: u32,
    page: u32,
    size: u32,
}

impl Walk {
    fn open(cx: &Context, query: &InvoiceLineQuery, request: &PageRequest) -> Result<Self> {
        let Some(cursor) = &request.cursor else {
            return Ok(Self {
                invoice: 0,
                page: 0,
                size: request.size.unwrap_or(PAGE).clamp(1, PageOf::MAX_SIZE),
            });
        };
        let text = cursor.open(&cx.info, query)?;
        let mut numbers = text.split('/').map(str::parse);
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(invoice)), Some(Ok(page)), Some(Ok(size)), None) => Ok(Self { invoice, page, size }),
            _ => Err(Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this version")),
        }
    }

    /// To the next page of the document, or to the next document.
    fn go_on(&mut self, more_lines: bool) {
        if more_lines {
            self.page = self.page.saturating_add(1);
        } else {
            self.invoice = self.invoice.saturating_add(1);
            self.page = 0;
        }
    }

    fn cursor(&self, cx: &Context, query: &InvoiceLineQuery) -> provider_core::Cursor {
        let text = format!("{}/{}/{}", self.invoice, self.page, self.size);
        provider_core::Cursor::tagged(&cx.info, query, text)
    }
}
