//! The body of an answer: a stream of bytes that ends at a cap.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt as _;

use super::{TransportError, TransportErrorKind};

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// A stream of bytes, content coding undone. It counts what it hands out and ends with
/// [`TransportErrorKind::TooLarge`] at its cap, so that neither an endless body nor a small one that
/// unpacks into a huge one can fill the memory.
pub struct Body {
    chunks: Chunks,
    cap: u64,
    seen: u64,
    ended: bool,
}

impl Body {
    /// A body that arrives in pieces. Starts without a cap.
    #[must_use]
    pub fn from_stream(stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self { chunks: Box::pin(stream), cap: u64::MAX, seen: 0, ended: false }
    }

    /// A body that is all there.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self::from_stream(futures_util::stream::once(async move { Ok(bytes) }))
    }

    /// No body.
    #[must_use]
    pub fn empty() -> Self {
        Self::from_stream(futures_util::stream::empty())
    }

    /// Ends the body with an error once it has handed out more than `cap` bytes in all.
    #[must_use]
    pub fn capped(mut self, cap: u64) -> Self {
        self.cap = self.cap.min(cap);
        self
    }

    /// How many bytes it has handed out.
    #[must_use]
    pub const fn bytes_read(&self) -> u64 {
        self.seen
    }

    /// The next piece; `None` at the end.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        self.next().await
    }

    /// All of it.
    ///
    /// # Errors
    /// The first error of the stream, or [`TransportErrorKind::TooLarge`].
    pub async fn collect(mut self) -> Result<Bytes, TransportError> {
        let mut pieces = Pieces::default();
        while let Some(chunk) = self.next().await {
            pieces.push(chunk?);
        }
        Ok(pieces.finish())
    }
}

/// Joins pieces, without a copy where there is only one.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    first: Option<Bytes>,
    joined: BytesMut,
    expected: usize,
}

impl Pieces {
    /// For a body that declares this length; without one the buffer grows as it needs to.
    pub(crate) fn expecting(length: Option<u64>) -> Self {
        /// What a header claims is not yet worth more memory than this.
        const MOST: u64 = 4 * 1024 * 1024;
        let expected = length.map(|length| length.min(MOST)).and_then(|length| usize::try_from(length).ok());
        Self { expected: expected.unwrap_or_default(), ..Self::default() }
    }

    pub(crate) fn push(&mut self, chunk: Bytes) {
        if chunk.is_empty() {
            return;
        }
        if self.joined.is_empty() {
            match self.first.take() {
                None => self.first = Some(chunk),
                Some(first) => {
                    self.joined.reserve(first.len().saturating_add(chunk.len()).max(self.expected));
                    self.joined.extend_from_slice(&first);
                    self.joined.extend_from_slice(&chunk);
                }
            }
        } else {
            self.joined.extend_from_slice(&chunk);
        }
    }

    pub(crate) fn finish(self) -> Bytes {
        self.first.unwrap_or_else(|| self.joined.freeze())
    }
}

impl Stream for Body {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let item = std::task::ready!(self.chunks.as_mut().poll_next(cx));
        match item {
            Some(Ok(chunk)) => {
                self.seen = self.seen.saturating_add(chunk.len() as u64);
                if self.seen > self.cap {
                    self.ended = true;
                    return Poll::Ready(Some(Err(TransportError::new(
                        TransportErrorKind::TooLarge,
                        "the answer is larger than the limit",
                    ))));
                }
                Poll::Ready(Some(Ok(chunk)))
            }
            Some(Err(error)) => {
                self.ended = true;
                Poll::Ready(Some(Err(error)))
            }
            None => {
                self.ended = true;
                Poll::Ready(None)
            }
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::from_bytes(bytes)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("seen", &self.seen).field("cap", &self.cap).finish_non_exhaustive()
    }
}
