//! Answers that are streamed to a writer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::Method;
use provider_core::ErrorKind;
use provider_http::{CallOptions, RequestSpec, TransportError, TransportErrorKind};
use tokio::time::Instant;

use crate::scripted::{Reply, Scripted};

const MIB: usize = 1024 * 1024;

fn chunks(count: usize) -> impl futures_util::Stream<Item = Result<Bytes, TransportError>> + Send {
    futures_util::stream::iter((0..count).map(|_| Ok(Bytes::from_static(&[b'x'; 65_536]))))
}

fn file() -> RequestSpec {
    RequestSpec::absolute(Method::GET, "https://files.example.com/report?sig=1".parse().unwrap(), "{report}")
        .without_credential()
        .accept("text/csv")
}

/// Counts and forgets, a little at a time.
#[derive(Default)]
struct Sink {
    bytes: usize,
    flushed: bool,
    fails: bool,
}

impl tokio::io::AsyncWrite for Sink {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        if self.fails {
            return Poll::Ready(Err(std::io::Error::other("disk full")));
        }
        let taken = bytes.len().min(10_000);
        self.bytes += taken;
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.flushed = true;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(start_paused = true)]
async fn more_than_an_answer_may_hold_streams_through() {
    let wire = Scripted::new(|number, _| match number {
        0 => Reply::status(503),
        _ => Reply::stream(200, chunks(1600)).header("content-type", "text/csv"),
    });
    let mut sink = Sink::default();
    let done = wire.client().download(file(), &mut sink, &CallOptions::default()).await.unwrap();
    assert_eq!((done.bytes, sink.bytes, sink.flushed), (100 * MIB as u64, 100 * MIB, true));
    assert_eq!((done.status.as_u16(), done.content_type()), (200, Some("text/csv")));
    assert_eq!(wire.count(), 2, "it is attempted again while nothing has arrived");
}

#[tokio::test(start_paused = true)]
async fn a_download_ends_at_its_cap_at_a_break_at_a_stall_and_at_its_deadline() {
    let call = CallOptions::default().deadline(Duration::from_secs(60));
    type Case = (RequestSpec, fn() -> Reply, ErrorKind, u64);
    let cases: [Case; 4] = [
        (file().max_body(MIB as u64), || Reply::stream(200, chunks(1600)), ErrorKind::Decode, 0),
        (
            file(),
            || {
                let broken = async { Err(TransportError::new(TransportErrorKind::Interrupted, "reset")) };
                Reply::stream(200, chunks(3).chain(futures_util::stream::once(broken)))
            },
            ErrorKind::Transport,
            0,
        ),
        (
            file(),
            || Reply::stream(200, chunks(1).chain(futures_util::stream::pending())),
            ErrorKind::Timeout,
            20,
        ),
        (
            file(),
            || {
                Reply::stream(
                    200,
                    chunks(1600).then(|chunk| async {
                        tokio::time::sleep(Duration::from_secs(15)).await;
                        chunk
                    }),
                )
            },
            ErrorKind::Timeout,
            60,
        ),
    ];
    for (spec, reply, kind, seconds) in cases {
        let wire = Scripted::new(move |_, _| reply());
        let start = Instant::now();
        let error = wire.client().download(spec, &mut Sink::default(), &call).await.unwrap_err();
        assert_eq!((error.kind(), start.elapsed().as_secs()), (kind, seconds), "{error}");
        assert_eq!(wire.count(), 1, "what has arrived is not fetched again");
    }
}

#[tokio::test]
async fn a_full_disk_is_told_apart_from_the_network() {
    let wire = Scripted::new(|_, _| Reply::stream(200, chunks(1)));
    let mut sink = Sink { fails: true, ..Sink::default() };
    let error = wire.client().download(file(), &mut sink, &CallOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.to_string().contains("could not be written"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_host_that_failed_is_the_one_that_is_named() {
    let wire = Scripted::new(|_, _| Reply::fails(TransportErrorKind::Connect));
    let error =
        wire.client().download(file(), &mut Sink::default(), &CallOptions::default()).await.unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("no connection to files.example.com"), "{shown}");
    assert!(!shown.contains("api.example.com") && !shown.contains("PAX8_BASE_URL"), "{shown}");
}

#[tokio::test]
async fn an_error_page_is_no_download() {
    for (reply, kind) in [
        (
            (|| Reply::body(200, "<html>log in</html>").header("content-type", "text/html")) as fn() -> Reply,
            ErrorKind::Decode,
        ),
        (|| Reply::body(403, "<Error>expired</Error>"), ErrorKind::PermissionDenied),
    ] {
        let wire = Scripted::new(move |_, _| reply());
        let mut sink = Sink::default();
        let error = wire.client().download(file(), &mut sink, &CallOptions::default()).await.unwrap_err();
        assert_eq!((error.kind(), sink.bytes), (kind, 0));
    }
}
