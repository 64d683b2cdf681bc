//! Invoices (v1).

use std::borrow::Borrow;

use http::Method;
use provider_core::model::Raw;
use provider_core::{EntityKind, Error, ItemError, Operation, Result};
use provider_http::{Downloaded, RequestSpec};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncWrite;
use url::Url;

use crate::client::StreamOneClient;
use crate::model::{Invoice, InvoiceFiles, Json};
use crate::wire::envelope::{Listed, OffsetPage};
use crate::wire::legacy::LegacyFilter;

/// Whose invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoicesOf<'a> {
    /// What the distributor bills the reseller: `GET /invoices/myinvoices`.
    Payable,
    /// What the reseller bills its customers, or one of them: `GET /invoices`.
    Receivable(Option<&'a str>),
}

/// Which invoices to make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GenerateInvoices {
    /// Where the figures come from, such as `aws`.
    pub source: String,
    /// The month as `m-MM-YYYY`; the last one unless set.
    pub period: Option<String>,
    /// The status they get; `open` unless set.
    pub status: Option<String>,
    /// For these customers.
    pub customers: Vec<String>,
    /// For these resellers.
    pub resellers: Vec<String>,
    /// Send them by mail.
    pub send_emails: Option<bool>,
}

impl GenerateInvoices {
    /// Invoices of this source.
    #[must_use]
    pub fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), ..Self::default() }
    }

    fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let (customers, resellers) = (self.customers.join(","), self.resellers.join(","));
        let send = self.send_emails.map(|send| send.to_string());
        let fields: Vec<(&str, &str)> = [
            ("source", Some(self.source.as_str())),
            ("period", self.period.as_deref()),
            ("status", self.status.as_deref()),
            ("customers", (!customers.is_empty()).then_some(customers.as_str())),
            ("resellers", (!resellers.is_empty()).then_some(resellers.as_str())),
            ("sendEmails", send.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
        spec.form(&fields)
    }
}

provider_http::endpoints! {
    client: StreamOneClient;

    /// Invoices (v1). They need an API key.
    Invoices as invoices through older {
        /// One page of what the distributor bills the reseller. The last page is the one with fewer records than
        /// were asked for.
        get "/api/v1/invoices/myinvoices" => payable() query(filter: LegacyFilter, page: OffsetPage)
            operation(List Invoice) -> page Listed<Invoice>;

        /// One page of what the reseller bills its customers, or one of them. The last page is the one with
        /// fewer records than were asked for.
        get "/api/v1/invoices" => receivable() query(filter: LegacyFilter, page: OffsetPage)
            with(customer: Option<&str> = "customerId")
            operation(List Invoice) -> page Listed<Invoice>;

        /// Where the detailed files of an invoice are.
        get "/api/v1/invoices/{invoiceId}/detailed" => files(invoice: &str = "invoiceId")
            operation(List InvoiceLine) -> first InvoiceFiles;

        /// Creates invoices. What it answers is not documented.
        post "/api/v1/invoices/generate" => generate() query(wanted: GenerateInvoices) -> undocumented Json;
    }
}

fn spec(side: InvoicesOf<'_>, filter: &LegacyFilter, page: OffsetPage) -> Result<RequestSpec> {
    match side {
        InvoicesOf::Payable => invoices::payable(filter, page),
        InvoicesOf::Receivable(customer) => invoices::receivable(filter, page, customer),
    }
}

impl Invoices {
    /// One page of invoices of either side: `GET /api/v1/invoices/myinvoices` or `GET /api/v1/invoices`. The last page
    /// is the one with fewer records than were asked for.
    ///
    /// # Errors
    /// `Unsupported` naming the setting without an API key; any error of the call.
    pub async fn list(
        &self,
        side: InvoicesOf<'_>,
        filter: impl Borrow<LegacyFilter> + Send,
    ) -> Result<Listed<Invoice>> {
        let filter = filter.borrow();
        let spec = spec(side, filter, filter.page)?.operation(Operation::List(EntityKind::Invoice));
        self.client.page_as(spec, &self.call, |invoice, _| Ok(invoice)).await
    }

    pub(crate) async fn list_as<M>(
        &self,
        side: InvoicesOf<'_>,
        filter: &LegacyFilter,
        page: OffsetPage,
        kind: EntityKind,
        map: impl FnMut(Invoice, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        let spec = spec(side, filter, page)?;
        self.client.page_as(spec.operation(Operation::List(kind)), &self.call, map).await
    }

    /// Streams one detailed file to `sink`: a `GET` of an address that [`files`](Self::files) answered. The address is
    /// signed, so no credential goes with it.
    ///
    /// # Errors
    /// `InvalidInput` for text that is no address; any error of the download, after which the sink may hold a part.
    pub async fn download<W>(&self, address: &SecretString, sink: &mut W) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let url = Url::parse(address.expose_secret())
            .map_err(|_| Error::invalid_input("address", "is not a URL"))?;
        let spec = RequestSpec::absolute(Method::GET, url, "(detailed invoice file)")
            .without_credential()
            .accept("*/*")
            .secret(address);
        self.client.oauth().download(spec, sink, &self.call).await
    }
}
