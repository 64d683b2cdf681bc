//! License reports.

use provider_core::Result;
use provider_http::{Downloaded, Endpoint, RequestSpec};
use tokio::io::AsyncWrite;

use crate::client::CrayonClient;
use crate::model::{Export, LicenseReportRequest};
use crate::wire::Listed;

provider_http::endpoints! {
    client: CrayonClient;

    /// License reports, which are made in the background.
    Exports as exports {
        /// Starts a license report.
        post "/api/v1/exports/generate-license-report" => generate_license_report() body(request: &LicenseReportRequest) -> record Export;
        /// Reports in the queue.
        get "/api/v1/exports" => list() -> list Listed<Export>;
        /// Takes a report out of the queue.
        delete "/api/v1/exports/{id}" => delete(id: &str) -> done ();
    }
}

pub(crate) const DOWNLOADS: &[Endpoint] =
    &[Endpoint::new("GET", "/api/v1/exports/{id}/download", "exports().download")];

impl Exports {
    /// Streams a finished report, a zip, to a writer.
    ///
    /// `get /api/v1/exports/{id}/download`
    ///
    /// # Errors
    /// Any error of the call. After an error the writer may hold a part of the file.
    pub async fn download<W>(&self, id: &str, sink: &mut W) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let spec = RequestSpec::get("/api/v1/exports/{id}/download")
            .path("id", id)
            .accept("application/octet-stream");
        self.client.download(spec, sink, &self.call).await
    }
}
