//! Nothing outlives its deadline.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use provider_core::{Delivery, ErrorKind};
use provider_http::{CallOptions, HttpOptions, RequestSpec, TransportErrorKind};
use tokio::time::Instant;

use crate::scripted::{Reply, Scripted};

/// tokio rounds sleeps up to whole milliseconds.
const GRAIN: Duration = Duration::from_millis(5);

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_its_deadline_and_not_later() {
    let deadline = Duration::from_secs(10);
    for spec in [RequestSpec::get("/x"), RequestSpec::post("/x")] {
        let wire = Scripted::new(|_, _| Reply::never());
        let start = Instant::now();
        let call = CallOptions::default().deadline(deadline);
        let error = wire.client().send(spec, &call).await.unwrap_err();
        assert!(start.elapsed() >= deadline && start.elapsed() < deadline + GRAIN, "{:?}", start.elapsed());
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::Unknown));
        assert_eq!(wire.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn retries_end_at_the_deadline_too() {
    for kind in [TransportErrorKind::Interrupted, TransportErrorKind::Connect] {
        let wire = Scripted::new(move |_, _| Reply::fails(kind).after(Duration::from_secs(4)));
        let start = Instant::now();
        let call = CallOptions::default().deadline(Duration::from_secs(10));
        let error = wire.client().send(RequestSpec::get("/x"), &call).await.unwrap_err();
        assert!(start.elapsed() <= Duration::from_secs(10) + GRAIN, "{:?}", start.elapsed());
        assert_eq!((error.kind(), wire.count()), (ErrorKind::Timeout, 3));
    }
}

#[tokio::test(start_paused = true)]
async fn without_one_a_call_ends_after_two_minutes_and_an_attempt_after_thirty_seconds() {
    let wire = Scripted::new(|_, _| Reply::never());
    let start = Instant::now();
    let error = wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert!(start.elapsed() <= Duration::from_secs(120) + GRAIN, "{:?}", start.elapsed());
    assert_eq!((error.kind(), wire.count()), (ErrorKind::Timeout, 4));

    let wire = Scripted::new(|_, _| Reply::never());
    let start = Instant::now();
    let error = wire.client().send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((start.elapsed().as_secs(), wire.count()), (30, 1));
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::Unknown));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_or_trickles_ends_too() {
    let stalls = Scripted::new(|_, _| {
        let start = futures_util::stream::once(async { Ok(Bytes::from_static(b"{")) });
        Reply::stream(200, start.chain(futures_util::stream::pending()))
    });
    let start = Instant::now();
    let error = stalls.client().send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!(
        (start.elapsed().as_secs(), error.kind(), error.delivery()),
        (20, ErrorKind::Timeout, Delivery::Unknown)
    );

    let trickles = Scripted::new(|_, _| {
        Reply::stream(
            200,
            futures_util::stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_secs(5)).await;
                Some((Ok(Bytes::from_static(b" ")), ()))
            }),
        )
    });
    let start = Instant::now();
    let error = trickles.client().send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((start.elapsed().as_secs(), error.kind()), (30, ErrorKind::Timeout));
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_gives_it_up() {
    let wire = Scripted::new(|_, _| Reply::status(500).after(Duration::from_secs(1)));
    let http = wire.client();
    let call = CallOptions::default();
    let given_up =
        tokio::time::timeout(Duration::from_millis(500), http.send(RequestSpec::get("/x"), &call)).await;
    assert!(given_up.is_err());
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!(wire.count(), 1, "no attempt was made after it");
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_looks_late_times_nothing_out() {
    let wire = Scripted::new(|_, _| Reply::status(200).after(Duration::from_secs(1)));
    let http = wire.client();
    let call = CallOptions::default().deadline(Duration::from_secs(5));
    let mut page = Box::pin(http.send(RequestSpec::get("/x"), &call));
    // Read ahead: polled once, then the consumer works for longer than the deadline.
    assert!(futures_util::poll!(&mut page).is_pending());
    tokio::time::sleep(Duration::from_secs(600)).await;
    page.await.unwrap();
    assert_eq!(wire.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn limits_are_settings() {
    let wire = Scripted::new(|_, _| Reply::never());
    let options = HttpOptions::default()
        .attempt_timeout(Duration::from_secs(2))
        .operation_timeout(Duration::from_secs(3))
        .backoff_base(Duration::ZERO);
    let http = wire.builder().options(options).build().unwrap();
    let start = Instant::now();
    http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((start.elapsed().as_secs(), wire.count()), (3, 2));
}
