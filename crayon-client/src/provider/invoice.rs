//! Invoices, statements and their lines.

use futures_util::future::try_join_all;
use provider_core::{
    EntityKind, Error, ErrorKind, Invoice, InvoiceId, InvoiceKind, InvoiceLine, InvoiceLineQuery,
    InvoiceQuery, ItemError, Operation, Page, PageRequest, Result, Side,
};
use provider_http::decode::Records;
use provider_http::{Answer, Keys, PageDecoder};

use super::CrayonProvider;
use super::listing::{List, Reader, Yield};
use super::lookup::number;
use super::pages::Pages;
use super::place::Seen;
use crate::api::request;
use crate::client::CrayonClient;
use crate::map;
use crate::model::{self, BillingStatement, BillingStatementQuery, ProvisionType};
use crate::wire::Paging;
use crate::wire::SECRET_MEMBERS;
use crate::wire::{Document, Lists};

/// What marks the statements of an organization among the lists.
const STATEMENTS: &str = "statements";
/// Documents whose lines are read together.
const DOCUMENTS: u32 = 8;

fn is_statements(list: &List) -> bool {
    list.key.ends_with(STATEMENTS)
}

impl CrayonProvider {
    /// The lists of documents: invoices, statements, or both, for each organization.
    async fn documents(
        &self,
        client: &CrayonClient,
        kind: Option<&InvoiceKind>,
        organization: Option<&provider_core::OrganizationId>,
    ) -> Result<Vec<List>> {
        let both = self.lists(client, organization).await?.into_iter().flat_map(|list| {
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

    pub(super) async fn invoices(&self, query: &InvoiceQuery, page: &PageRequest) -> Result<Page<Invoice>> {
        query.only(&["kind", "side", "organization", "issued_from", "issued_before"])?;
        let dated = query.issued_from.is_some() || query.issued_before.is_some();
        if dated && query.kind != Some(InvoiceKind::Invoice) {
            return Err(Error::invalid_input(
                "kind",
                "only invoices are issued on a day: ask for them alone",
            ));
        }
        if query.side == Some(Side::Receivable) {
            // Everything that Cloud-iQ bills is owed by the partner.
            return Ok(Page::default().with_total(0));
        }
        let client = self.calls(Operation::List(EntityKind::Invoice), &query.options);
        let lists = self.documents(&client, query.kind.as_ref(), query.organization.as_ref()).await?;
        let reader = Reader {
            provider: self,
            query,
            request: page,
            lists,
            nests: false,
            default_size: None,
            whole: false,
        };
        // One list after the other, so a page is of one kind.
        if reader.lists.is_empty() || !is_statements(&reader.place()?.1) {
            return reader
                .read(document_request, |wire: model::Invoice, raw, list| {
                    let invoice = map::invoice::invoice(wire, raw, list.organization, self.currency)?;
                    let fits = invoice.issued_on.is_none_or(|day| {
                        query.issued_from.is_none_or(|from| day >= from)
                            && query.issued_before.is_none_or(|end| day < end)
                    });
                    Ok(if fits { Yield::One(invoice) } else { Yield::Nothing })
                })
                .await;
        }
        reader
            .read(document_request, |wire: BillingStatement, raw, list| {
                Ok(Yield::One(map::invoice::statement(wire, raw, list.organization, self.currency)))
            })
            .await
    }

    pub(super) async fn invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        page: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        query.only(&["invoice", "kind"])?;
        let client = self.calls(Operation::List(EntityKind::InvoiceLine), &query.options);
        if let Some(invoice) = &query.invoice {
            if let Some(cursor) = &page.cursor {
                // The lines of one document come on one page, so no cursor can be meant for them.
                cursor.open(&self.info, query)?;
                return Err(Error::new(
                    ErrorKind::InvalidCursor,
                    "the lines of one document come on one page",
                ));
            }
            if !self.is_listed(&client, invoice).await? {
                return Ok(Page::default().with_total(0));
            }
            return self.lines_of(&client, invoice).await.map(Page::new);
        }
        // Without a kind the invoices only: their statements are the same money once more.
        let kind = query.kind.clone().unwrap_or(InvoiceKind::Invoice);
        let lists = self.documents(&client, Some(&kind), None).await?;
        let reader = Reader {
            provider: self,
            query,
            request: page,
            lists,
            nests: false,
            default_size: Some(DOCUMENTS),
            whole: false,
        };
        if reader.lists.is_empty() {
            return Ok(Page::default());
        }
        let (place, list) = reader.place()?;
        let paging = Paging { page: place.page, size: place.size.min(DOCUMENTS) };
        let answer = client.request(document_request(&list, paging)?).await?;
        let (ids, total) = document_ids(&answer, &list)?;
        let got = ids.len() as u64;
        let read = ids.into_iter().map(|id| async {
            match id {
                Ok(id) => self.lines_of(&client, &id).await,
                // Its lines cannot be asked for: that is one error among the lines.
                Err(unreadable) => Ok(vec![Err(unreadable)]),
            }
        });
        let lines = try_join_all(read).await?;
        let place = super::place::Place { size: paging.size, ..place };
        let seen = Seen { got, total, nested: 0, first: None, whole: false };
        let items = lines.into_iter().flatten().collect();
        let mut page = reader.page_of(&place, items, seen, 0);
        // The service counts documents, not lines.
        page.total = None;
        Ok(page)
    }

    /// Whether an invoice exists. Its lines are kept by order, so an invoice that does not exist would show
    /// those of another one.
    async fn is_listed(&self, client: &CrayonClient, id: &InvoiceId) -> Result<bool> {
        let parts: Vec<&str> = id.parts().collect();
        let [organization, order, invoice] = parts.as_slice() else { return Ok(true) };
        let organization = number("invoice", organization)?;
        let mut pages = Pages::of(1_000);
        loop {
            let page = client.invoices().list(organization, pages.paging).await?;
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
    async fn lines_of(&self, client: &CrayonClient, id: &InvoiceId) -> Result<Records<InvoiceLine>> {
        let parts: Vec<&str> = id.parts().collect();
        match parts.as_slice() {
            [organization, order, invoice] => {
                number("invoice", invoice)?;
                if *order == "none" {
                    return Ok(Vec::new());
                }
                let organization = number("invoice", organization)?;
                let answer = client.request(crate::api::orders_request::items(order, organization)?).await?;
                self.order_items(client, &answer, id)
            }
            [statement] => {
                let statement = number("invoice", statement)?;
                let most = client.http().options().max_body;
                let spec = request::billing_statements::records_file(statement)?.max_body(most);
                let mut records = Vec::new();
                let file = client.like_an_operation().unwrap_file(spec, &mut records).await?;
                if file.zip {
                    return Err(Error::new(
                        ErrorKind::Unsupported,
                        format!("the records of statement {statement} were split and packed: download the file instead"),
                    )
                    .for_read());
                }
                let provision = file.billing_statement.and_then(|statement| statement.provision_type);
                self.records(client, &records, id, provision)
            }
            _ => {
                Err(Error::invalid_input("invoice", "is no invoice of Cloud-iQ: use the id as it was listed"))
            }
        }
    }

    /// The documents show one object, the plural of the path promises a list: both are read.
    fn order_items(
        &self,
        client: &CrayonClient,
        answer: &Answer,
        id: &InvoiceId,
    ) -> Result<Records<InvoiceLine>> {
        let line = |item, raw| Ok(map::invoice::line(item, raw, id, self.currency));
        let list = PageDecoder::new("Items")
            .options(client.options())
            .keys(Keys::AnyCase)
            .secrets(SECRET_MEMBERS)
            .page::<Lists, _, _>(&answer.bytes, line);
        match list {
            Ok((lines, _)) => Ok(lines),
            // Any object would pass for an item of which nothing is said.
            Err(_) => match answer.read::<model::OrderItem>(Keys::AnyCase)? {
                item if item == model::OrderItem::default() => {
                    Err(answer.error(ErrorKind::Decode, "the answer is neither an item nor a list of items"))
                }
                item => Ok(vec![line(item, super::customer::kept(client, answer))]),
            },
        }
    }

    fn records(
        &self,
        client: &CrayonClient,
        file: &[u8],
        id: &InvoiceId,
        provision: Option<ProvisionType>,
    ) -> Result<Records<InvoiceLine>> {
        let line = |record: Document, raw| {
            let mut line = map::invoice::record(&record, id, provision, self.currency);
            line.raw = raw;
            Ok(line)
        };
        PageDecoder::new("Items")
            .options(client.options())
            .keys(Keys::AnyCase)
            .secrets(SECRET_MEMBERS)
            .page::<Lists, _, _>(file, line)
            .map(|(lines, _)| lines)
    }
}

fn document_request(list: &List, paging: Paging) -> Result<provider_http::RequestSpec> {
    if is_statements(list) {
        let query = BillingStatementQuery { organization_id: Some(list.organization), ..Default::default() };
        return request::billing_statements::list(&query, paging);
    }
    request::invoices::list(list.organization, paging)
}

/// The ids of the documents on a page.
fn document_ids(answer: &Answer, list: &List) -> Result<(Records<InvoiceId>, Option<u64>)> {
    let decoder = PageDecoder::new("Items").keys(Keys::AnyCase).secrets(SECRET_MEMBERS);
    if is_statements(list) {
        let id = |wire: BillingStatement, _| Ok(wire.id.to_string().into());
        return decoder.page::<Lists, _, _>(&answer.bytes, id);
    }
    decoder.page::<Lists, _, _>(&answer.bytes, |wire: model::Invoice, _| {
        let number = wire.invoice_id.ok_or_else(|| ItemError::new("InvoiceId", "is missing"))?;
        Ok(map::invoice::id(list.organization, wire.order_id.as_deref().unwrap_or("none"), &number))
    })
}
