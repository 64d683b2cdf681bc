//! Downloads of files that arrive inside JSON: what is written is the file itself.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use provider_core::{Error, ErrorKind, Result};
use provider_http::decode::from_slice;
use provider_http::{Deadline, Keys, RequestSpec};
use tokio::io::AsyncWrite;

use super::CrayonClient;
use crate::config::KIND;
use crate::model::{BillingFile, DownloadedFile};
use crate::wire::{Embedded, Fault};

/// So much of an answer is decoded at a time.
const PIECE: usize = 32 * 1024;

/// Takes the JSON and passes the file in it on.
struct Unwrapped<'a, W: ?Sized> {
    sink: &'a mut W,
    embedded: Embedded,
    /// Decoded and not yet written, from `start` on.
    decoded: Vec<u8>,
    start: usize,
    beginning: Vec<u8>,
    bytes: u64,
    fault: Option<Fault>,
}

impl<'a, W: AsyncWrite + Unpin + ?Sized> Unwrapped<'a, W> {
    fn new(sink: &'a mut W) -> Self {
        Self {
            sink,
            embedded: Embedded::new(),
            decoded: Vec::new(),
            start: 0,
            beginning: Vec::new(),
            bytes: 0,
            fault: None,
        }
    }

    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(left) = self.decoded.get(self.start..).filter(|left| !left.is_empty()) {
            let written = ready!(Pin::new(&mut *self.sink).poll_write(cx, left))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.start = self.start.saturating_add(written);
            self.bytes = self.bytes.saturating_add(written as u64);
        }
        self.decoded.clear();
        self.start = 0;
        Poll::Ready(Ok(()))
    }
}

impl<W: AsyncWrite + Unpin + ?Sized> AsyncWrite for Unwrapped<'_, W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, json: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_drain(cx))?;
        let this = &mut *self;
        let piece = json.get(..PIECE).unwrap_or(json);
        if let Err(fault) = this.embedded.push(piece, &mut this.decoded) {
            this.fault = Some(fault);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, fault)));
        }
        let wanted = ZIP.len().saturating_sub(this.beginning.len());
        this.beginning.extend(this.decoded.iter().take(wanted));
        Poll::Ready(Ok(piece.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut *self.sink).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut *self.sink).poll_shutdown(cx)
    }
}

/// What every zip begins with.
const ZIP: &[u8] = b"PK";

impl CrayonClient {
    /// Streams the file inside a JSON answer to a writer. Only a file that came whole is answered.
    pub(crate) async fn unwrap_file<W>(&self, spec: RequestSpec, sink: &mut W) -> Result<DownloadedFile>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let mut unwrapped = Unwrapped::new(sink);
        let downloaded = self.download(spec, &mut unwrapped).await;
        let downloaded = match (downloaded, unwrapped.fault) {
            (Err(error), Some(fault)) => {
                let status = error.http_status().unwrap_or_default();
                return Err(self.unfit(status, fault).with_attempts(error.attempts()).with_source(error));
            }
            (downloaded, _) => downloaded?,
        };
        let status = downloaded.status.as_u16();
        let rest = unwrapped.embedded.finish().map_err(|fault| self.unfit(status, fault))?;
        if unwrapped.bytes == 0 {
            return Err(self.unfit(status, "Data: the file is empty"));
        }
        let around: BillingFile = from_slice(rest, Keys::AnyCase)
            .map_err(|fault| self.unfit(status, "the JSON around it is broken").with_source(fault))?;
        Ok(DownloadedFile {
            zip: around.is_zip() || unwrapped.beginning == ZIP,
            billing_statement: around.billing_statement,
            file_name: around.file_name,
            bytes: unwrapped.bytes,
        })
    }

    /// The same client whose downloads have to be done within the time of an ordinary operation.
    pub(crate) fn like_an_operation(&self) -> Self {
        let limit = self.http.options().operation_timeout;
        let until = self.until.unwrap_or_else(|| Deadline::after(self.options.deadline.unwrap_or(limit)));
        Self { until: Some(until), ..self.clone() }
    }

    fn unfit(&self, status: u16, fault: Fault) -> Error {
        let error = Error::new(ErrorKind::Decode, format!("the answer is no file: {fault}"))
            .with_provider(KIND)
            .with_http_status(status);
        match self.operation {
            Some(operation) => error.with_operation(operation),
            None => error.for_read(),
        }
    }
}
