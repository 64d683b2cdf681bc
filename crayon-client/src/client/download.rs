//! Downloads of files that arrive inside JSON: what is written is the file itself.

use provider_core::{Error, ErrorKind, Result};
use provider_http::decode::from_slice;
use provider_http::{CallOptions, Embedded, Keys, RequestSpec};
use tokio::io::AsyncWrite;

use super::CrayonClient;
use crate::config::KIND;
use crate::model::{BillingFile, DownloadedFile};

/// What every zip begins with.
const ZIP: &[u8] = b"PK";

impl CrayonClient {
    /// Streams the file inside a JSON answer to a writer. Only a file that came whole is answered.
    pub(crate) async fn unwrap_file<W>(
        &self,
        spec: RequestSpec,
        sink: &mut W,
        call: &CallOptions,
    ) -> Result<DownloadedFile>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let wanted = Embedded::base64("Data").keys(Keys::AnyCase);
        let file = self.http.download_embedded(spec, &wanted, sink, call).await?;
        let unfit = |reason: String| {
            let error = Error::new(ErrorKind::Decode, format!("the answer is no file: {reason}"))
                .with_provider(KIND)
                .with_http_status(file.status.as_u16());
            match call.operation {
                Some(operation) => error.with_operation(operation),
                None => error.for_read(),
            }
        };
        if file.bytes == 0 {
            return Err(unfit("Data: the file is empty".to_owned()));
        }
        let around: BillingFile =
            from_slice(&file.around, Keys::AnyCase).map_err(|error| unfit(error.to_string()))?;
        Ok(DownloadedFile {
            zip: around.is_zip() || file.beginning.starts_with(ZIP),
            billing_statement: around.billing_statement,
            file_name: around.file_name,
            bytes: file.bytes,
        })
    }
}
