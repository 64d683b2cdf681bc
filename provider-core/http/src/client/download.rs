//! Answers that are too large to hold: streamed to a writer.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use provider_core::error::Violation;
use provider_core::{Error, ErrorKind, Result};
use serde::de::IgnoredAny;
use tokio::io::AsyncWrite;

use super::HttpClient;
use crate::call::CallOptions;
use crate::deadline::Deadline;
use crate::decode::{self, Around, DecodeError, Embedded, Extractor, Keys};
use crate::pipeline::{self, Opened};
use crate::redact::{CleanHeaders, Scrubber};
use crate::request::RequestSpec;
use crate::transport::{TransportError, TransportErrorKind};

/// What a finished download was.
#[derive(Clone)]
#[non_exhaustive]
pub struct Downloaded {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// How many bytes were written.
    pub bytes: u64,
    scrubber: Scrubber,
}

impl fmt::Debug for Downloaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloaded")
            .field("status", &self.status)
            .field("headers", &CleanHeaders(&self.headers, &self.scrubber))
            .field("bytes", &self.bytes)
            .finish()
    }
}

impl Downloaded {
    /// The media type.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}

/// What a finished download of a file within JSON was.
#[derive(Clone)]
#[non_exhaustive]
pub struct DownloadedEmbedded {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// False where the JSON holds no such text.
    pub found: bool,
    /// How many bytes were written.
    pub bytes: u64,
    /// The first of them, four at most: enough to tell a zip from a table.
    pub beginning: Vec<u8>,
    /// The JSON around the file, with an empty text in its place. It is valid.
    pub around: Bytes,
    scrubber: Scrubber,
}

impl fmt::Debug for DownloadedEmbedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadedEmbedded")
            .field("status", &self.status)
            .field("headers", &CleanHeaders(&self.headers, &self.scrubber))
            .field("found", &self.found)
            .field("bytes", &self.bytes)
            .field("around", &self.around.len())
            .finish_non_exhaustive()
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
        let (opened, written) = self.transfer(spec, None, sink, call).await?;
        let scrubber = self.shared.scrubber.clone();
        Ok(Downloaded { status: opened.status, headers: opened.headers, bytes: written.bytes, scrubber })
    }

    /// Streams the file that stands as text in a JSON answer to a writer, as
    /// [`download`](Self::download) does.
    ///
    /// # Errors
    /// As [`send`](Self::send); `Decode` when the JSON is torn or broken, or the file is not what it should
    /// be. After an error the writer may hold a part of the file.
    pub async fn download_embedded<W>(
        &self,
        spec: RequestSpec,
        wanted: &Embedded,
        sink: &mut W,
        call: &CallOptions,
    ) -> Result<DownloadedEmbedded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let mut extractor = Extractor::new(wanted);
        let (opened, written) = self.transfer(spec, Some(&mut extractor), sink, call).await?;
        let whole = extractor.finish().and_then(|Around { found, json }| {
            decode::from_slice::<IgnoredAny>(&json, Keys::Exact)?;
            Ok((found, Bytes::from(json)))
        });
        let (found, around) = whole.map_err(|error| opened.complete(unfit(&error)))?;
        Ok(DownloadedEmbedded {
            status: opened.status,
            headers: opened.headers,
            found,
            bytes: written.bytes,
            beginning: written.beginning,
            around,
            scrubber: self.shared.scrubber.clone(),
        })
    }

    async fn transfer<W>(
        &self,
        spec: RequestSpec,
        extractor: Option<&mut Extractor<'_>>,
        sink: &mut W,
        call: &CallOptions,
    ) -> Result<(Opened, Written)>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let deadline = Deadline::after(call.deadline.unwrap_or(self.shared.options.download_timeout));
        let mut opened = pipeline::open(&self.shared, spec, call, deadline).await?;
        let copied = deadline.bound(self.copy(&mut opened, extractor, sink)).await;
        let copied = copied.unwrap_or_else(|_| {
            let read = opened.body.bytes_read();
            let message = format!("the download was not finished in time; {read} bytes had arrived");
            Err(Error::new(ErrorKind::Timeout, message))
        });
        match copied {
            Ok(written) => Ok((opened, written)),
            Err(error) => Err(opened.complete(error)),
        }
    }

    async fn copy<W>(
        &self,
        opened: &mut Opened,
        mut extractor: Option<&mut Extractor<'_>>,
        sink: &mut W,
    ) -> Result<Written>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let stall = self.shared.options.read_timeout;
        let mut written = Written::default();
        let mut file = Vec::new();
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
            match &mut extractor {
                None => written.write(&chunk, sink).await?,
                Some(extractor) => {
                    for piece in chunk.chunks(PIECE) {
                        extractor.push(piece, &mut file).map_err(|error| unfit(&error))?;
                        written.write(&file, sink).await?;
                        file.clear();
                    }
                }
            }
        }
        poll_fn(|cx| Pin::new(&mut *sink).poll_flush(cx)).await.map_err(unwritable)?;
        Ok(written)
    }
}

/// So much of an answer is taken apart at a time.
const PIECE: usize = 32 * 1024;
/// So many of the first bytes are remembered.
const BEGINNING: usize = 4;

/// What went to the writer.
#[derive(Debug, Default)]
struct Written {
    bytes: u64,
    beginning: Vec<u8>,
}

impl Written {
    async fn write<W>(&mut self, bytes: &[u8], sink: &mut W) -> Result<()>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        write_all(sink, bytes).await.map_err(unwritable)?;
        let wanted = BEGINNING.saturating_sub(self.beginning.len());
        self.beginning.extend(bytes.iter().take(wanted));
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        Ok(())
    }
}

fn unfit(error: &DecodeError) -> Error {
    Error::new(ErrorKind::Decode, format!("the answer does not fit: {error}"))
        .with_violation(Violation::new(&*error.path, &*error.reason))
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
