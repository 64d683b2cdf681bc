//! The circuit breaker at work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use provider_core::observe::EventKind;
use provider_core::query::Priority;
use provider_core::{Advice, Delivery, ErrorKind};
use provider_http::{CallOptions, HttpOptions, RateLimit, RequestSpec};

use crate::scripted::{Reply, Scripted, Watcher};

#[tokio::test(start_paused = true)]
async fn after_many_failures_calls_are_held_back_until_a_probe_succeeds() {
    let down = Arc::new(AtomicBool::new(true));
    let wire = Scripted::new({
        let down = Arc::clone(&down);
        move |_, _| Reply::status(if down.load(Ordering::SeqCst) { 503 } else { 200 })
    });
    let watcher = Watcher::default();
    let http = wire
        .builder()
        .options(HttpOptions::default().max_attempts(1))
        .observer(Arc::new(watcher.clone()))
        .build()
        .unwrap();
    let call = CallOptions::default();
    for _ in 0..20 {
        let error = http.send(RequestSpec::get("/x"), &call).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
    let error = http.send(RequestSpec::post("/x"), &call).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::CircuitOpen, Delivery::NotSent, 0)
    );
    assert_eq!(error.advice(), Advice::After(Duration::from_secs(5)));
    assert_eq!(wire.count(), 20, "nothing was sent");

    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(http.send(RequestSpec::get("/x"), &call).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(http.send(RequestSpec::get("/x"), &call).await.unwrap_err().kind(), ErrorKind::CircuitOpen);

    down.store(false, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(10)).await;
    for _ in 0..5 {
        http.send(RequestSpec::get("/x"), &call).await.unwrap();
    }
    let states: Vec<_> = watcher
        .events()
        .into_iter()
        .filter_map(|what| match what {
            EventKind::Breaker { state, .. } => Some(state),
            _ => None,
        })
        .collect();
    assert_eq!(states, ["open", "half_open", "open", "half_open", "closed"]);
}

/// Bulk reads are spread over the second half of a quota, and interactive calls go at once.
#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_its_turn_is_no_probe_that_keeps_others_out() {
    let down = Arc::new(AtomicBool::new(true));
    let wire = Scripted::new({
        let down = Arc::clone(&down);
        move |_, _| Reply::status(if down.load(Ordering::SeqCst) { 503 } else { 200 })
    });
    let http = wire
        .builder()
        .options(HttpOptions::default().max_attempts(1))
        .rate(RateLimit::new(40, Duration::from_secs(600)))
        .build()
        .unwrap();
    let bulk = || CallOptions::default().priority(Priority::Bulk).deadline(Duration::from_secs(3600));
    for _ in 0..19 {
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    }
    http.send(RequestSpec::get("/x"), &bulk()).await.unwrap_err();
    down.store(false, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let queued = tokio::spawn({
        let http = http.clone();
        async move { http.send(RequestSpec::get("/x"), &bulk()).await }
    });
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(wire.count(), 20, "its turn has not come");
    http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
    assert_eq!(wire.count(), 21);
    queued.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_call_under_way_stops_retrying_when_it_opens() {
    let wire = Scripted::new(|_, _| Reply::status(500));
    let http = wire.client();
    let mut attempts = 0;
    for _ in 0..6 {
        attempts += http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err().attempts();
    }
    assert_eq!((attempts, wire.count()), (20, 20), "the twentieth failure was the last attempt");
}

#[tokio::test(start_paused = true)]
async fn refusals_do_not_open_it() {
    for status in [400, 401, 403, 404, 409, 422] {
        let wire = Scripted::new(move |_, _| Reply::status(status));
        let http = wire.client();
        for _ in 0..50 {
            http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
        }
        assert_eq!(wire.count(), 50, "{status}");
    }
}
