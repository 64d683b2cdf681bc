//! Bodies that break off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use futures_core::Stream;
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use super::connection::Connection;

/// Declares the whole body and sends its first half, then cuts the connection.
pub(crate) async fn halved(connection: Connection, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // An empty answer is torn too: it declares a byte that never comes.
    let declared = u64::try_from(body.len()).unwrap_or(u64::MAX).max(1);
    parts.headers.remove(TRANSFER_ENCODING);
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(declared));
    let stream = HalfBody { half: Some(body.slice(..body.len() / 2)), flushed: false, connection };
    Response::from_parts(parts, Body::from_stream(stream))
}

struct HalfBody {
    half: Option<Bytes>,
    flushed: bool,
    connection: Connection,
}

impl Stream for HalfBody {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(half) = this.half.take()
            && !half.is_empty()
        {
            return Poll::Ready(Some(Ok(half)));
        }
        if !this.flushed {
            // hyper writes what it has when a body is not ready, so the client gets the first half before the cut.
            this.flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        this.connection.cut();
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}
