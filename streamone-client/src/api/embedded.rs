//! Downloads of a text that arrives inside JSON: what is written is the text itself.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use provider_core::{Error, ErrorKind, Result};
use provider_http::{CallOptions, Downloaded, HttpClient, RequestSpec};
use tokio::io::AsyncWrite;

use crate::wire::{Embedded, Fault};

/// So much of an answer is taken apart at a time.
const PIECE: usize = 32 * 1024;

/// Takes the JSON and passes the text in it on.
struct Unwrapped<'a, W: ?Sized> {
    sink: &'a mut W,
    embedded: Embedded,
    /// Taken out and not yet written, from `start` on.
    text: Vec<u8>,
    start: usize,
    bytes: u64,
    fault: Option<Fault>,
}

impl<W: AsyncWrite + Unpin + ?Sized> Unwrapped<'_, W> {
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(left) = self.text.get(self.start..).filter(|left| !left.is_empty()) {
            let written = ready!(Pin::new(&mut *self.sink).poll_write(cx, left))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.start = self.start.saturating_add(written);
            self.bytes = self.bytes.saturating_add(written as u64);
        }
        self.text.clear();
        self.start = 0;
        Poll::Ready(Ok(()))
    }
}

impl<W: AsyncWrite + Unpin + ?Sized> AsyncWrite for Unwrapped<'_, W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, json: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_drain(cx))?;
        let this = &mut *self;
        let piece = json.get(..PIECE).unwrap_or(json);
        if let Err(fault) = this.embedded.push(piece, &mut this.text) {
            this.fault = Some(fault);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, fault)));
        }
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

/// Streams the text that stands under this member of a JSON answer. Answers how many bytes it has.
pub(crate) async fn download<W>(
    http: &HttpClient,
    spec: RequestSpec,
    member: &'static str,
    sink: &mut W,
    call: &CallOptions,
) -> Result<Downloaded>
where
    W: AsyncWrite + Unpin + Send + ?Sized,
{
    let mut unwrapped = Unwrapped {
        sink,
        embedded: Embedded::new(member),
        text: Vec::new(),
        start: 0,
        bytes: 0,
        fault: None,
    };
    let downloaded = http.download(spec, &mut unwrapped, call).await;
    let mut downloaded = match (downloaded, unwrapped.fault) {
        (Err(error), Some(fault)) => {
            let status = error.http_status().unwrap_or_default();
            return Err(unfit(status, fault).with_attempts(error.attempts()).with_source(error));
        }
        (downloaded, _) => downloaded?,
    };
    unwrapped.embedded.finish().map_err(|fault| unfit(downloaded.status.as_u16(), fault))?;
    downloaded.bytes = unwrapped.bytes;
    Ok(downloaded)
}

fn unfit(status: u16, fault: Fault) -> Error {
    Error::new(ErrorKind::Decode, format!("the answer does not fit: {fault}"))
        .with_provider(crate::KIND)
        .with_http_status(status)
        .for_read()
}
