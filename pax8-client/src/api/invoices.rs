//! Invoices.

use chrono::NaiveDate;
use provider_core::{EntityKind, ItemError, Operation, Raw, Result};
use provider_http::RequestSpec;
use rust_decimal::Decimal;

use super::{InvoiceField, Sort, handle};
use crate::auth::Audience;
use crate::model::{Invoice, InvoiceItem, InvoiceStatus};
use crate::wire::envelope::{Listed, PageOf};

handle! {
    /// Invoices of Pax8 to the partner, their items, and the items of the next one.
    Invoices
}

/// Which invoices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvoiceFilter {
    /// In this state.
    pub status: Option<InvoiceStatus>,
    /// Issued on this day.
    pub invoice_date: Option<NaiveDate>,
    /// Issued on or after this day.
    pub invoice_date_range_start: Option<NaiveDate>,
    /// Issued on or before this day.
    pub invoice_date_range_end: Option<NaiveDate>,
    /// Due on this day.
    pub due_date: Option<NaiveDate>,
    /// With this total.
    pub total: Option<Decimal>,
    /// With this balance.
    pub balance: Option<Decimal>,
    /// With this carried balance.
    pub carried_balance: Option<Decimal>,
    /// For this company.
    pub company_id: Option<String>,
    /// In this order.
    pub sort: Option<Sort<InvoiceField>>,
}

impl InvoiceFilter {
    fn spec(&self, page: PageOf) -> RequestSpec {
        RequestSpec::get("/v1/invoices")
            .operation(Operation::List(EntityKind::Invoice))
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("sort", self.sort)
            .query_opt("status", self.status.as_ref())
            .query_opt("invoiceDate", self.invoice_date)
            .query_opt("invoiceDateRangeStart", self.invoice_date_range_start)
            .query_opt("invoiceDateRangeEnd", self.invoice_date_range_end)
            .query_opt("dueDate", self.due_date)
            .query_opt("total", self.total)
            .query_opt("balance", self.balance)
            .query_opt("carriedBalance", self.carried_balance)
            .query_opt("companyId", self.company_id.as_deref())
    }
}

/// Which draft items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DraftItemFilter {
    /// 0 for this month, 1 for the next; Pax8 takes 1 unless told.
    pub month_offset: Option<u32>,
    /// For this company.
    pub company_id: Option<String>,
}

impl DraftItemFilter {
    fn spec(&self, page: PageOf) -> RequestSpec {
        RequestSpec::get("/v1/invoices/draftItems")
            .operation(Operation::List(EntityKind::InvoiceLine))
            .query("page", page.number)
            .query("size", page.size)
            .query_opt("monthOffset", self.month_offset)
            .query_opt("companyId", self.company_id.as_deref())
    }
}

fn items(invoice: &str, page: PageOf) -> RequestSpec {
    RequestSpec::get("/v1/invoices/{invoiceId}/items")
        .operation(Operation::List(EntityKind::InvoiceLine))
        .path("invoiceId", invoice)
        .query("page", page.number)
        .query("size", page.size)
}

impl Invoices<'_> {
    /// `GET /v1/invoices`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn list(&self, filter: &InvoiceFilter, page: PageOf) -> Result<Listed<Invoice>> {
        self.list_as(filter, page, |record, _| Ok(record)).await
    }

    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        filter: &InvoiceFilter,
        page: PageOf,
        map: impl FnMut(Invoice, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, filter.spec(page), &self.call, map).await
    }

    /// `GET /v1/invoices/{invoiceId}`
    ///
    /// # Errors
    /// `NotFound`, or whatever the call ended in.
    pub async fn get(&self, id: &str) -> Result<Invoice> {
        let spec = RequestSpec::get("/v1/invoices/{invoiceId}").path("invoiceId", id);
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `GET /v1/invoices/{invoiceId}/items`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn items(&self, invoice: &str, page: PageOf) -> Result<Listed<InvoiceItem>> {
        self.items_as(invoice, page, |record, _| Ok(record)).await
    }

    /// As [`items`](Self::items), each record turned into something else as it is read.
    pub(crate) async fn items_as<M>(
        &self,
        invoice: &str,
        page: PageOf,
        map: impl FnMut(InvoiceItem, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, items(invoice, page), &self.call, map).await
    }

    /// `GET /v1/invoices/draftItems`: estimates, without usage in arrears.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn draft_items(&self, filter: &DraftItemFilter, page: PageOf) -> Result<Listed<InvoiceItem>> {
        self.draft_items_as(filter, page, |record, _| Ok(record)).await
    }

    /// As [`draft_items`](Self::draft_items), each record turned into something else as it is read.
    pub(crate) async fn draft_items_as<M>(
        &self,
        filter: &DraftItemFilter,
        page: PageOf,
        map: impl FnMut(InvoiceItem, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.mapped(Audience::Partner, filter.spec(page), &self.call, map).await
    }
}
