//! Invoices (v1).

use http::Method;
use provider_core::{EntityKind, Error, ErrorKind, ItemError, Operation, Raw, Result};
use provider_http::{Downloaded, RequestSpec};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncWrite;
use url::Url;

use super::handle;
use crate::model::{Invoice, InvoiceFiles, Json};
use crate::wire::envelope::{self, Listed, OffsetPage};
use crate::wire::legacy::{self, LegacyFilter};

handle! {
    /// Invoices. They need an API key.
    Invoices
}

/// Whose invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceSide<'a> {
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
    /// The state they get; `open` unless set.
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
}

impl Invoices<'_> {
    /// One page of invoices. The last page is the one with fewer records than were asked for.
    ///
    /// # Errors
    /// `Unsupported` naming the setting without an API key; whatever the call ends in.
    pub async fn list(
        &self,
        side: InvoiceSide<'_>,
        filter: &LegacyFilter,
        page: OffsetPage,
    ) -> Result<Listed<Invoice>> {
        self.list_as(side, filter, page, EntityKind::Invoice, |invoice, _| Ok(invoice)).await
    }

    pub(crate) async fn list_as<M>(
        &self,
        side: InvoiceSide<'_>,
        filter: &LegacyFilter,
        page: OffsetPage,
        kind: EntityKind,
        map: impl FnMut(Invoice, Option<Raw>) -> Result<M, ItemError> + Send,
    ) -> Result<Listed<M>> {
        let http = self.client.v1()?;
        let spec = match side {
            InvoiceSide::Payable => RequestSpec::get("/api/v1/invoices/myinvoices"),
            InvoiceSide::Receivable(customer) => {
                RequestSpec::get("/api/v1/invoices").query_opt("customerId", customer)
            }
        };
        let spec = filter.ask(spec, page).operation(Operation::List(kind));
        let answer = self.client.send_v1(spec, &self.call).await?;
        legacy::read(http, &answer, &self.call, "invoice", map)
    }

    /// Where the detailed files of an invoice are: `GET /invoices/{id}/detailed`.
    ///
    /// # Errors
    /// `NotFound`; `Unsupported` without an API key; whatever the call ends in.
    pub async fn files(&self, invoice: &str) -> Result<InvoiceFiles> {
        let spec = RequestSpec::get("/api/v1/invoices/{invoiceId}/detailed")
            .path("invoiceId", invoice)
            .operation(Operation::List(EntityKind::InvoiceLine));
        let answer = self.client.send_v1(spec, &self.call).await?;
        let records = legacy::records(&answer, "invoice")?;
        let record =
            records.first().ok_or_else(|| answer.error(ErrorKind::Decode, "the answer holds no invoice"))?;
        // The cause would quote a signed address.
        serde_json::from_str(record.get())
            .map_err(|_| answer.error(ErrorKind::Decode, "the answer does not fit: data.invoice"))
    }

    /// Streams one detailed file to `sink`. The address is signed, so no credential goes with it.
    ///
    /// # Errors
    /// `InvalidInput` for text that is no address; whatever the download ends in; the sink may hold a part.
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

    /// Makes invoices: `POST /invoices/generate`. What it answers is not documented.
    ///
    /// # Errors
    /// `Unsupported` without an API key; whatever the call ends in.
    pub async fn generate(&self, wanted: &GenerateInvoices) -> Result<Json> {
        let (customers, resellers) = (wanted.customers.join(","), wanted.resellers.join(","));
        let send = wanted.send_emails.map(|send| send.to_string());
        let fields: Vec<(&str, &str)> = [
            ("source", Some(wanted.source.as_str())),
            ("period", wanted.period.as_deref()),
            ("status", wanted.status.as_deref()),
            ("customers", (!customers.is_empty()).then_some(customers.as_str())),
            ("resellers", (!resellers.is_empty()).then_some(resellers.as_str())),
            ("sendEmails", send.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
        let spec = RequestSpec::post("/api/v1/invoices/generate").form(&fields);
        envelope::undocumented(&self.client.send_v1(spec, &self.call).await?).map(Json)
    }
}
