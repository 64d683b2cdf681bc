//! Answers that are too large to hold: streamed to a writer.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use http::{HeaderMap, StatusCode, header};
use provider_core::{Error, ErrorKind, Result};
use tokio::io::AsyncWrite;

use super::HttpClient;
use crate::call::CallOptions;
use crate::deadline::Deadline;
use crate::pipeline::{self, Opened};
use crate::request::RequestSpec;
use crate::transport::{TransportError, TransportErrorKind};

/// What a finished download was.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Downloaded {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// How many bytes were written.
    pub bytes: u64,
}

impl Downloaded {
    /// The media type.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}

impl HttpClient {
    /// Streams an answer to a writer; memory stays flat. It is attempted again only as long as no byte
    /// has arrived. Signed URLs are fetched [`without_credential`](RequestSpec::without_credential).
    ///
    /// # Errors
    /// As [`send`](Self::send). After an error the writer may hold a part of the answer.
    pub async fn download<W>(&self, spec: RequestSpec, sink: &mut W, call: &CallOptions) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let deadline = Deadline::after(call.deadline.unwrap_or(self.shared.options.download_timeout));
        let mut opened = pipeline::open(&self.shared, spec, call, deadline).await?;
        let copied = deadline.bound(self.copy(&mut opened, sink)).await;
        match copied {
            Ok(Ok(bytes)) => Ok(Downloaded { status: opened.status, headers: opened.headers, bytes }),
            Ok(Err(error)) => Err(opened.context.complete(error.with_http_status(opened.status.as_u16()))),
            Err(_) => {
                let read = opened.body.bytes_read();
                let error = Error::new(
                    ErrorKind::Timeout,
                    format!("the download was not finished in time; {read} bytes had arrived"),
                );
                Err(opened.context.complete(error.with_http_status(opened.status.as_u16())))
            }
        }
    }

    async fn copy<W>(&self, opened: &mut Opened, sink: &mut W) -> Result<u64>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let stall = self.shared.options.read_timeout;
        loop {
            let chunk = match tokio::time::timeout(stall, opened.body.chunk()).await {
                Ok(None) => break,
                Ok(Some(Ok(chunk))) => chunk,
                Ok(Some(Err(error))) => return Err(broken(error)),
                Err(_) => {
                    return Err(broken(TransportError::new(
                        TransportErrorKind::Timeout,
                        "the download stopped arriving",
                    )));
                }
            };
            write_all(sink, &chunk).await.map_err(unwritable)?;
        }
        poll_fn(|cx| Pin::new(&mut *sink).poll_flush(cx)).await.map_err(unwritable)?;
        Ok(opened.body.bytes_read())
    }
}

fn broken(error: TransportError) -> Error {
    Error::new(error.kind().error_kind(), error.message()).with_source(error)
}

fn unwritable(error: io::Error) -> Error {
    Error::new(ErrorKind::Internal, "the download could not be written").with_source(error)
}

async fn write_all<W>(sink: &mut W, mut bytes: &[u8]) -> io::Result<()>
where
    W: AsyncWrite + Unpin + Send + ?Sized,
{
    while !bytes.is_empty() {
        let written = poll_fn(|cx| Pin::new(&mut *sink).poll_write(cx, bytes)).await?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}
