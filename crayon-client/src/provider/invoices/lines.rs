//! The lines of invoices and statements.

use std::sync::Arc;

use futures_util::future::try_join_all;
use provider_core::model::{InvoiceId, InvoiceKind};
use provider_core::observe::EventKind;
use provider_core::wire::unknown;
use provider_core::{Error, ErrorKind, InvoiceLine, InvoiceLineQuery, ItemError, Page, PageRequest, Result};
use provider_http::decode::{Records, legible};
use provider_http::{Answer, CallOptions, Keys};

use super::{ask, documents, is_statements};
use crate::map::invoice::record::{Record, record};
use crate::map::invoice::unescaped;
use crate::model::{BillingStatement, ProvisionType};
use crate::provider::context::Context;
use crate::provider::context::directory::{Directory, Issued};
use crate::provider::context::refusal::number;
use crate::provider::page::{self, List, PageTally, Reader};
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
        return of_one(cx, invoice).await;
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
    let first = page::beginning(&answer, got, total);
    if first.is_some() && first == place.before {
        return Ok(reader.page_before(&place));
    }
    let read = ids.into_iter().map(|id| async {
        match id {
            Ok(id) => one_among_others(lines_of(cx, &id, list.organization, false).await),
            // Its lines cannot be asked for: that is one error among the lines.
            Err(unreadable) => Ok(vec![Err(unreadable)]),
        }
    });
    let lines = try_join_all(read).await?;
    let seen = PageTally { got, total, nested: 0, first, whole: false };
    let items = lines.into_iter().flatten().collect();
    let mut page = reader.page_of(&place, items, seen, 0);
    // The service counts documents, not lines.
    page.total = None;
    Ok(page)
}

/// The lines of one document. Those of invoices are kept by order, so an invoice that does not exist would show those
/// of another one.
async fn of_one(cx: &Context, id: &InvoiceId) -> Result<Page<InvoiceLine>> {
    let parts: Vec<&str> = id.parts().collect();
    let organization = match parts.as_slice() {
        [organization, order, invoice] => {
            let organization = number("invoice", organization)?;
            let (order, invoice) = (unescaped(order), unescaped(invoice));
            if !Issued::read(cx, organization).await?.has(&order, &invoice) {
                return Ok(Page::empty());
            }
            organization
        }
        [statement] => {
            number("invoice", statement)?;
            // Its file says whose it is.
            0
        }
        _ => {
            return Err(Error::invalid_input(
                "invoice",
                "is no invoice of Cloud-iQ: use the id as it was listed",
            ));
        }
    };
    lines_of(cx, id, organization, true).await.map(Page::new)
}

/// A document whose lines cannot be had however often they are asked for costs its lines, not those of all others.
fn one_among_others(lines: Result<Records<InvoiceLine>>) -> Result<Records<InvoiceLine>> {
    use ErrorKind as K;
    match lines {
        Err(error) if matches!(error.kind(), K::NotFound | K::InvalidInput | K::Decode | K::Unsupported) => {
            let field = error.violations().first().map_or("", |violation| violation.field.as_str());
            Ok(vec![Err(ItemError::new(field, error.to_string()))])
        }
        lines => lines,
    }
}

/// The lines of one document, all at once: neither call pages. `fresh` asks anew which invoices an order stands on.
async fn lines_of(
    cx: &Context,
    id: &InvoiceId,
    organization: i64,
    fresh: bool,
) -> Result<Records<InvoiceLine>> {
    let parts: Vec<&str> = id.parts().collect();
    match parts.as_slice() {
        [_, order, invoice] => {
            let (order, invoice) = (unescaped(order), unescaped(invoice));
            let (order, invoice) = (order.as_str(), invoice.as_str());
            let issued = if fresh {
                Arc::new(Issued::read(cx, organization).await?)
            } else {
                Issued::with(cx, organization, order, invoice).await?
            };
            if let Some(reason) = not_its_own(order, issued.of_order(order)) {
                return Ok(vec![Err(ItemError::new("OrderId", format!("invoice {invoice}: {reason}")))]);
            }
            match cx.client.orders().items_answer(order, organization).await {
                Ok(answer) => order_items(cx, &answer, id),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    let reason = format!("invoice {invoice}: Cloud-iQ does not know its order {order}");
                    Ok(vec![Err(ItemError::new("OrderId", reason))])
                }
                Err(error) => Err(error),
            }
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
            let of = file.billing_statement.unwrap_or_default();
            let owner = of.organization.map_or(organization, |owner| owner.id);
            of_records(cx, &records, id, of.provision_type, owner).await
        }
        _ => Err(Error::invalid_input("invoice", "is no invoice of Cloud-iQ: use the id as it was listed")),
    }
}

/// Why the lines of an order are not those of one invoice: Cloud-iQ keeps them by order, and does not say which of
/// them stand on which invoice.
fn not_its_own(order: &str, invoices: usize) -> Option<String> {
    if order == map::invoice::NO_ORDER {
        return Some("it names no order, by which its lines are kept".to_owned());
    }
    if !order.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some("its order is no number, by which its lines are kept".to_owned());
    }
    (invoices > 1).then(|| {
        format!("order {order} stands on {invoices} invoices, and Cloud-iQ does not say which of its lines stand on which")
    })
}

/// The documents show one object, the plural of the path promises a list: both are read.
fn order_items(cx: &Context, answer: &Answer, id: &InvoiceId) -> Result<Records<InvoiceLine>> {
    let line = |item, raw| map::invoice::line(item, raw, id, cx.settings.currency);
    match page::decoder(cx).report(cx.client.http(), answer).page::<Lists, _, _>(&answer.bytes, line) {
        Ok((lines, _)) => Ok(lines),
        // Any object would pass for an item of which nothing is said.
        Err(_) => match answer.record::<model::OrderItem>(Keys::AnyCase)? {
            item if item == model::OrderItem::default() => {
                Err(answer.error(ErrorKind::Decode, "the answer is neither an item nor a list of items"))
            }
            item => Ok(vec![answer.listening(|| line(item, answer.raw(&cx.call(), SECRET_MEMBERS)))]),
        },
    }
}

/// The lines of a statement's file, with their customers and subscriptions where the file's names can be joined.
async fn of_records(
    cx: &Context,
    file: &[u8],
    id: &InvoiceId,
    provision: Option<ProvisionType>,
    organization: i64,
) -> Result<Records<InvoiceLine>> {
    let line = |wire: Document, raw| record(&wire, raw, id, provision, cx.settings.currency);
    // The file is no answer of its own, so whoever watches is told here.
    let (read, met) = unknown::listen(|| page::decoder(cx).page::<Lists, _, _>(&legible(file), line));
    for odd in met {
        cx.client.http().emit(EventKind::unknown_value(odd.of.into(), odd.value));
    }
    let (records, _) = read?;
    let named = |record: &Record| record.line.vendor_subscription_id.is_some() || record.domain.is_some();
    let directory = if organization != 0 && records.iter().flatten().any(named) {
        use ErrorKind as K;
        match Directory::of(cx, organization).await {
            // Where this user may not list them, or they cannot be read, lines go without: the names in the file are
            // kept.
            Err(error)
                if matches!(error.kind(), K::PermissionDenied | K::NotFound | K::Decode | K::Unsupported) =>
            {
                Arc::default()
            }
            directory => directory?,
        }
    } else {
        Arc::default()
    };
    let joined = |Record { mut line, domain }: Record| {
        let found = line.vendor_subscription_id.as_deref().and_then(|id| directory.subscription(id));
        line.subscription = found.map(|(subscription, _)| subscription.clone());
        line.customer =
            found.map(|(_, customer)| customer).or_else(|| directory.customer(domain.as_deref()?)).cloned();
        line
    };
    Ok(records.into_iter().map(|record| record.map(joined)).collect())
}

/// The ids of the documents on a page.
fn document_ids(cx: &Context, answer: &Answer, list: &List) -> Result<(Records<InvoiceId>, Option<u64>)> {
    let decoder = page::decoder(cx).options(&CallOptions::default());
    if is_statements(list) {
        let id = |wire: BillingStatement, _| map::invoice::statement_id(&wire);
        let (ids, beside) = decoder.page::<Lists, _, _>(&answer.bytes, id)?;
        return Ok((ids, beside.total_hits));
    }
    let read = decoder.page::<Lists, _, _>(&answer.bytes, |wire: model::Invoice, _| {
        let number = map::invoice::number(wire.invoice_id)?;
        Ok(map::invoice::id(
            list.organization,
            map::invoice::order(wire.order_id.as_deref()).unwrap_or(map::invoice::NO_ORDER),
            &number,
        ))
    });
    let (ids, beside) = read?;
    Ok((ids, beside.total_hits))
}
