//! Invoices.

use chrono::NaiveDate;
use provider_core::model::Raw;
use provider_core::{ItemError, Result};
use provider_http::{endpoints, query, written};
use rust_decimal::Decimal;

use crate::client::Pax8Client;
use crate::model::{Invoice, InvoiceItem, InvoiceStatus};
use crate::wire::envelope::{Listed, PageOf};
use crate::wire::sort::{InvoiceField, Sort};

written!(InvoiceStatus);

query! {
    /// Which invoices.
    #[derive(Eq)]
    pub struct InvoiceFilter paged(PageOf) {
        /// In this order.
        pub sort: Option<Sort<InvoiceField>> = "sort",
        /// With this status.
        pub status: Option<InvoiceStatus> = "status",
        /// Issued on this day.
        pub invoice_date: Option<NaiveDate> = "invoiceDate",
        /// Issued on or after this day.
        pub invoice_date_range_start: Option<NaiveDate> = "invoiceDateRangeStart",
        /// Issued on or before this day.
        pub invoice_date_range_end: Option<NaiveDate> = "invoiceDateRangeEnd",
        /// Due on this day.
        pub due_date: Option<NaiveDate> = "dueDate",
        /// With this total.
        pub total: Option<Decimal> = "total",
        /// With this balance.
        pub balance: Option<Decimal> = "balance",
        /// With this carried balance.
        pub carried_balance: Option<Decimal> = "carriedBalance",
        /// For this company.
        pub company_id: Option<String> = "companyId",
    }

    /// Which draft items.
    #[derive(Eq)]
    pub struct DraftItemFilter paged(PageOf) {
        /// 0 for this month, 1 for the next; Pax8 takes 1 unless told.
        pub month_offset: Option<u32> = "monthOffset",
        /// For this company.
        pub company_id: Option<String> = "companyId",
    }
}

endpoints! {
    client: Pax8Client;

    /// Invoices of Pax8 to the partner, their items, and the items of the next one.
    Invoices as invoices {
        /// A page of invoices.
        get "/v1/invoices" => list() query(filter: InvoiceFilter, page: PageOf) operation(List Invoice) -> page Listed<Invoice>;
        /// One invoice.
        get "/v1/invoices/{invoiceId}" => get(id: &str = "invoiceId") -> record Invoice;
        /// A page of an invoice's items.
        get "/v1/invoices/{invoiceId}/items" => items(invoice: &str = "invoiceId") paged(page: PageOf) operation(List InvoiceLine) -> page Listed<InvoiceItem>;
        /// A page of estimates, without usage in arrears.
        get "/v1/invoices/draftItems" => draft_items() query(filter: DraftItemFilter, page: PageOf) operation(List InvoiceLine) -> page Listed<InvoiceItem>;
    }
}

impl Invoices {
    /// As [`list`](Self::list), each record turned into something else as it is read.
    pub(crate) async fn list_as<M>(
        &self,
        filter: &InvoiceFilter,
        page: PageOf,
        map: impl FnMut(Invoice, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.page_as(invoices::list(filter, page)?, &self.call, map).await
    }

    /// As [`items`](Self::items), each record turned into something else as it is read.
    pub(crate) async fn items_as<M>(
        &self,
        invoice: &str,
        page: PageOf,
        map: impl FnMut(InvoiceItem, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.page_as(invoices::items(invoice, page)?, &self.call, map).await
    }

    /// As [`draft_items`](Self::draft_items), each record turned into something else as it is read.
    pub(crate) async fn draft_items_as<M>(
        &self,
        filter: &DraftItemFilter,
        page: PageOf,
        map: impl FnMut(InvoiceItem, Option<Raw>) -> Result<M, ItemError>,
    ) -> Result<Listed<M>> {
        self.client.page_as(invoices::draft_items(filter, page)?, &self.call, map).await
    }
}
