//! Invoices and statements, kept apart by kind: they are the same money twice.

pub(super) mod lines;

use provider_core::model::{InvoiceKind, InvoiceSide, OrganizationId};
use provider_core::{Error, Invoice, InvoiceQuery, Page, PageRequest, Result};
use provider_http::decode::member;
use provider_http::{Answer, Keys};

use super::context::Context;
use super::page::{self, List, Reader, Yield};
use crate::model::{BillingStatement, BillingStatementFilter};
use crate::wire::Paging;
use crate::{map, model};

/// What marks the statements of an organization among the lists.
const STATEMENTS: &str = "statements";

fn is_statements(list: &List) -> bool {
    list.key.ends_with(STATEMENTS)
}

/// The lists of documents: invoices, statements, or both, for each organization.
async fn documents(
    cx: &Context,
    kind: Option<&InvoiceKind>,
    organization: Option<&OrganizationId>,
) -> Result<Vec<List>> {
    let both = page::lists(cx, organization).await?.into_iter().flat_map(|list| {
        let statements = List { key: format!("{}/{STATEMENTS}", list.key), ..list.clone() };
        [list, statements]
    });
    Ok(match kind {
        None => both.collect(),
        Some(InvoiceKind::Invoice) => both.filter(|list| !is_statements(list)).collect(),
        Some(InvoiceKind::Statement) => both.filter(is_statements).collect(),
        Some(_) => Vec::new(),
    })
}

pub(super) async fn list(cx: &Context, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
    query.only(&["kind", "side", "organization", "issued_from", "issued_before"])?;
    let dated = query.issued_from.is_some() || query.issued_before.is_some();
    if dated && query.kind != Some(InvoiceKind::Invoice) {
        return Err(Error::invalid_input("kind", "only invoices are issued on a day: ask for them alone"));
    }
    if query.side == Some(InvoiceSide::Receivable) {
        // Everything that Cloud-iQ bills is owed by the partner.
        return Ok(Page::empty());
    }
    let lists = documents(cx, query.kind.as_ref(), query.organization.as_ref()).await?;
    let reader = Reader::new(cx, query, page, lists);
    // One list after the other, so a page is of one kind.
    if reader.lists.is_empty() || !is_statements(&reader.place()?.1) {
        return reader
            .identified(|document, list| {
                let part = |name| member(document, name, Keys::AnyCase);
                let (order, number) = (part("OrderId"), part("InvoiceId")?);
                let order = map::invoice::order(order.as_deref()).unwrap_or(map::invoice::NO_ORDER);
                Some(map::invoice::id(list.organization, order, &number).to_string())
            })
            .read(
                |list, paging| ask(cx, list, paging),
                |wire: model::Invoice, raw, list| {
                    let invoice = map::invoice::invoice(wire, raw, list.organization, cx.settings.currency)?;
                    // Nobody can say that one without a day was issued in that time.
                    let fits = !dated
                        || invoice.issued_on.is_some_and(|day| {
                            query.issued_from.is_none_or(|from| day >= from)
                                && query.issued_before.is_none_or(|end| day < end)
                        });
                    Ok(if fits { Yield::One(invoice) } else { Yield::Nothing })
                },
            )
            .await;
    }
    reader
        .read(
            |list, paging| ask(cx, list, paging),
            |wire: BillingStatement, raw, list| {
                map::invoice::statement(wire, raw, list.organization, cx.settings.currency).map(Yield::One)
            },
        )
        .await
}

/// A page of documents, of whichever kind the list is.
async fn ask(cx: &Context, list: List, paging: Paging) -> Result<Answer> {
    if is_statements(&list) {
        let query = BillingStatementFilter { organization_id: Some(list.organization), ..Default::default() };
        return cx.client.billing_statements().list_answer(&query, paging).await;
    }
    cx.client.invoices().list_answer(list.organization, paging).await
}
