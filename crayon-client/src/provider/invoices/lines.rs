//! The lines of invoices and statements.

use futures_util::future::try_join_all;
use provider_core::{
    Error, ErrorKind, InvoiceId, InvoiceKind, InvoiceLine, InvoiceLineQuery, ItemError, Page, PageRequest,
    Result,
};
use provider_http::decode::Records;
use provider_http::{Answer, CallOptions, Keys};

use super::{ask, documents, is_statements};
use crate::model::{BillingStatement, ProvisionType};
use crate::provider::context::Context;
use crate::provider::context::refusal::number;
use crate::provider::page::whole::Pages;
use crate::provider::page::{self, List, Reader, Seen};
use crate::wire::{Document, Lists, Paging, SECRET_MEMBERS};
use crate::{map, model};

/// Documents whose lines are read together.
const DOCUMENTS: u32 = 8;

pub(in crate::provider) async fn list(
    cx: &Context,
    query: &InvoiceLineQuery,
    page: &PageRequest,
) -> Result<Page<InvoiceLine>> {
    query.only(&["invoice", "kind"])?;
    if let Some(invoice) = &query.invoice {
        if let Some(cursor) = &page.cursor {
            // The lines of one document come on one page, so no cursor can be meant for them.
            cursor.open(&cx.settings.info, query)?;
            return Err(Error::new(ErrorKind::InvalidCursor, "the lines of one document come on one page"));
        }
        if !is_listed(cx, invoice).await? {
            return Ok(Page::empty());
        }
        return lines_of(cx, invoice).await.map(Page::new);
    }
    // Without a kind the invoices only: their statements are the same money once more.
    let kind = query.kind.clone().unwrap_or(InvoiceKind::Invoice);
    let lists = documents(cx, Some(&kind), None).await?;
    let reader = Reader::new(cx, query, page, lists).sized(DOCUMENTS);
    if reader.lists.is_empty() {
        return Ok(Page::default());
    }
    let (mut place, list) = reader.place()?;
    place.size = place.size.min(DOCUMENTS);
    let paging = Paging { page: place.page, size: place.size };
    let answer = ask(cx, list.clone(), paging).await?;
    let (ids, total) = document_ids(cx, &answer, &list)?;
    let got = ids.len() as u64;
    let read = ids.into_iter().map(|id| async {
        match id {
            Ok(id) => lines_of(cx, &id).await,
            // Its lines cannot be asked for: that is one error among the lines.
            Err(unreadable) => Ok(vec![Err(unreadable)]),
        }
    });
    let lines = try_join_all(read).await?;
    let seen = Seen { got, total, nested: 0, first: None, whole: false };
    let items = lines.into_iter().flatten().collect();
    let mut page = reader.page_of(&place, items, seen, 0);
    // The service counts documents, not lines.
    page.total = None;
    Ok(page)
}

/// Whether an invoice exists. Its lines are kept by order, so an invoice that does not exist would show
/// those of another one.
async fn is_listed(cx: &Context, id: &InvoiceId) -> Result<bool> {
    let parts: Vec<&str> = id.parts().collect();
    let [organization, order, invoice] = parts.as_slice() else { return Ok(true) };
    let organization = number("invoice", organization)?;
    let mut pages = Pages::of(1_000);
    loop {
        let page = cx.client.invoices().list(organization, pages.paging).await?;
        let is_it = |known: &model::Invoice| {
            known.invoice_id.as_deref() == Some(*invoice)
                && known.order_id.as_deref().unwrap_or("none") == *order
        };
        if page.items.iter().any(is_it) {
            return Ok(true);
        }
        if !pages.go_on(page.items.len(), page.total_hits) {
            return Ok(false);
        }
    }
}

/// The lines of one document, all at once: neither call pages.
async fn lines_of(cx: &Context, id: &InvoiceId) -> Result<Records<InvoiceLine>> {
    let parts: Vec<&str> = id.parts().collect();
    match parts.as_slice() {
        [organization, order, invoice] => {
            number("invoice", invoice)?;
            if *order == "none" {
                return Ok(Vec::new());
            }
            let organization = number("invoice", organization)?;
            let answer = cx.client.orders().items_answer(order, organization).await?;
            order_items(cx, &answer, id)
        }
        [statement] => {
            let statement = number("invoice", statement)?;
            let (file, records) = cx.client.billing_statements().records(statement).await?;
            if file.zip {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    format!("the records of statement {statement} were split and packed: download the file instead"),
                )
                .for_read());
            }
            let provision = file.billing_statement.and_then(|statement| statement.provision_type);
            of_records(cx, &records, id, provision)
        }
        _ => Err(Error::invalid_input("invoice", "is no invoice of Cloud-iQ: use the id as it was listed")),
    }
}

/// The documents show one object, the plural of the path promises a list: both are read.
fn order_items(cx: &Context, answer: &Answer, id: &InvoiceId) -> Result<Records<InvoiceLine>> {
    let line = |item, raw| Ok(map::invoice::line(item, raw, id, cx.settings.currency));
    match page::decoder(cx).page::<Lists, _, _>(&answer.bytes, line) {
        Ok((lines, _)) => Ok(lines),
        // Any object would pass for an item of which nothing is said.
        Err(_) => match answer.read::<model::OrderItem>(Keys::AnyCase)? {
            item if item == model::OrderItem::default() => {
                Err(answer.error(ErrorKind::Decode, "the answer is neither an item nor a list of items"))
            }
            item => Ok(vec![line(item, answer.raw(&cx.call(), SECRET_MEMBERS))]),
        },
    }
}

fn of_records(
    cx: &Context,
    file: &[u8],
    id: &InvoiceId,
    provision: Option<ProvisionType>,
) -> Result<Records<InvoiceLine>> {
    let line = |record: Document, raw| {
        let mut line = map::invoice::record(&record, id, provision, cx.settings.currency);
        line.raw = raw;
        Ok(line)
    };
    page::decoder(cx).page::<Lists, _, _>(file, line).map(|(lines, _)| lines)
}

/// The ids of the documents on a page.
fn document_ids(cx: &Context, answer: &Answer, list: &List) -> Result<(Records<InvoiceId>, Option<u64>)> {
    let decoder = page::decoder(cx).options(&CallOptions::default());
    if is_statements(list) {
        let id = |wire: BillingStatement, _| Ok(wire.id.to_string().into());
        return decoder.page::<Lists, _, _>(&answer.bytes, id);
    }
    decoder.page::<Lists, _, _>(&answer.bytes, |wire: model::Invoice, _| {
        let number = wire.invoice_id.ok_or_else(|| ItemError::new("InvoiceId", "is missing"))?;
        Ok(map::invoice::id(list.organization, wire.order_id.as_deref().unwrap_or("none"), &number))
    })
}
