//! Billing statements with their files.

use provider_core::Result;
use provider_http::{Answer, Downloaded, Endpoint, RequestSpec};
use tokio::io::AsyncWrite;

use crate::client::CrayonClient;
use crate::model::{BillingFile, BillingStatement, BillingStatementFilter, DownloadedFile};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Billing statements: what will be or was invoiced, by month. The invoice is what is owed: never add the two.
    BillingStatements as billing_statements {
        /// One page of statements of an organization.
        get "/api/v1/BillingStatements" => list() query(query: BillingStatementFilter, paging: Paging) -> list Listed<BillingStatement>;
        /// One page of statements by currency and kind of provision.
        get "/api/v1/BillingStatements/grouped" => list_grouped() query(query: BillingStatementFilter, paging: Paging) -> list Listed<BillingStatement>;
        /// A statement as an Excel workbook, in base64. Large ones are better streamed:
        /// [`download_file`](Self::download_file).
        get "/api/v1/BillingStatements/file/{id}" => file(id: i64) -> record BillingFile;
        /// A statement as CSV for reconciliation, in base64. Large ones are better streamed:
        /// [`download_reconciliation_file`](Self::download_reconciliation_file).
        get "/api/v1/BillingStatements/{id}/reconciliationfile" => reconciliation_file(id: i64) -> record BillingFile;
        /// A statement as CSV with daily Azure usage, in base64. The vendor calls it beta. Large ones are better
        /// streamed: [`download_daily_reconciliation_file`](Self::download_daily_reconciliation_file).
        get "/api/v2/BillingStatements/{id}/reconciliationfile" => daily_reconciliation_file(id: i64) -> record BillingFile;
        /// A statement as JSON records, in base64. Large ones are better streamed:
        /// [`download_records_file`](Self::download_records_file).
        get "/api/v1/BillingStatements/{id}/billingrecordsfile" => records_file(id: i64) -> record BillingFile;
    }
}

pub(crate) const DOWNLOADS: &[Endpoint] =
    &[Endpoint::new("GET", "/api/v1/BillingStatements/file/{id}/download", "billing_statements().download")];

/// Streaming forms of the calls that answer a file in base64.
macro_rules! streamed {
    ($( $(#[$meta:meta])* $path:literal $name:ident as $call:ident; )+) => {
        impl BillingStatements {
            $(
                $(#[$meta])*
                ///
                #[doc = concat!("`get ", $path, "`")]
                ///
                /// The base64 is decoded as it arrives; memory stays flat.
                ///
                /// # Errors
                /// Any error of the call; `Decode` when the answer is cut or holds no base64. After an
                /// error the writer may hold a part of the file.
                pub async fn $name<W>(&self, id: i64, sink: &mut W) -> Result<DownloadedFile>
                where
                    W: AsyncWrite + Unpin + Send + ?Sized,
                {
                    self.client.unwrap_file(billing_statements::$call(id)?, sink, &self.call).await
                }
            )+
        }
    };
}

streamed! {
    /// Streams a statement as an Excel workbook to a writer.
    "/api/v1/BillingStatements/file/{id}" download_file as file;
    /// Streams a statement as CSV for reconciliation to a writer.
    "/api/v1/BillingStatements/{id}/reconciliationfile" download_reconciliation_file as reconciliation_file;
    /// Streams a statement as CSV with daily Azure usage to a writer.
    "/api/v2/BillingStatements/{id}/reconciliationfile" download_daily_reconciliation_file as daily_reconciliation_file;
    /// Streams a statement as JSON records to a writer.
    "/api/v1/BillingStatements/{id}/billingrecordsfile" download_records_file as records_file;
}

impl BillingStatements {
    /// Streams a statement as an Excel workbook to a writer.
    ///
    /// `get /api/v1/BillingStatements/file/{id}/download`
    ///
    /// # Errors
    /// Any error of the call. After an error the writer may hold a part of the file.
    pub async fn download<W>(&self, id: i64, sink: &mut W) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let spec = RequestSpec::get("/api/v1/BillingStatements/file/{id}/download")
            .path("id", id)
            .accept("application/octet-stream");
        self.client.download(spec, sink, &self.call).await
    }

    /// [`list`](Self::list): the answer before it is decoded.
    pub(crate) async fn list_answer(&self, query: &BillingStatementFilter, paging: Paging) -> Result<Answer> {
        self.client.answer(billing_statements::list(query, paging)?, &self.call).await
    }

    /// As [`download_records_file`](Self::download_records_file), into memory and within the time and the size
    /// of an ordinary call.
    pub(crate) async fn records(&self, id: i64) -> Result<(DownloadedFile, Vec<u8>)> {
        let most = self.client.http().options().max_body;
        let spec = billing_statements::records_file(id)?.max_body(most);
        let mut records = Vec::new();
        let file = self.client.unwrap_file(spec, &mut records, &self.call).await?;
        Ok((file, records))
    }
}
