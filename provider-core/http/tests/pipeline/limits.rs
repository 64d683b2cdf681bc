//! The rate limiter at work: against a server that counts.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use provider_core::query::Priority;
use provider_core::{Advice, Delivery, ErrorKind};
use provider_http::{CallOptions, RateLimit, RequestSpec};
use tokio::time::Instant;

use crate::scripted::{Reply, Scripted};

/// A server that allows so many calls in any window and answers 429 beyond.
struct Quota {
    calls: usize,
    window: Duration,
    recent: Mutex<VecDeque<Instant>>,
    refused: AtomicU32,
    accepted: AtomicU32,
}

impl Quota {
    fn new(calls: usize, window: Duration) -> Arc<Self> {
        Arc::new(Self {
            calls,
            window,
            recent: Mutex::default(),
            refused: AtomicU32::new(0),
            accepted: AtomicU32::new(0),
        })
    }

    fn answer(&self) -> Reply {
        let now = Instant::now();
        let mut recent = self.recent.lock().unwrap();
        while recent.front().is_some_and(|at| *at + self.window <= now) {
            recent.pop_front();
        }
        if recent.len() < self.calls {
            recent.push_back(now);
            self.accepted.fetch_add(1, Ordering::SeqCst);
            return Reply::status(200).after(Duration::from_millis(50));
        }
        self.refused.fetch_add(1, Ordering::SeqCst);
        let free = *recent.front().unwrap() + self.window - now;
        let seconds = free.as_secs_f64().ceil().to_string();
        Reply::status(429).header("retry-after", &seconds)
    }

    fn counts(&self) -> (u32, u32) {
        (self.accepted.load(Ordering::SeqCst), self.refused.load(Ordering::SeqCst))
    }
}

fn bulk() -> CallOptions {
    CallOptions::default().priority(Priority::Bulk).deadline(Duration::from_secs(3600))
}

#[tokio::test(start_paused = true)]
async fn a_429_among_fifty_readers_causes_no_second_one() {
    let quota = Quota::new(1000, Duration::from_secs(60));
    // Someone else on the account has used half of the quota.
    {
        let mut recent = quota.recent.lock().unwrap();
        recent.extend(std::iter::repeat_n(Instant::now(), 500));
    }
    let wire = Scripted::new({
        let quota = Arc::clone(&quota);
        move |_, _| quota.answer()
    });
    let http = wire.builder().rate(RateLimit::per_minute(1000)).build().unwrap();
    let readers: Vec<_> = (0..50)
        .map(|_| {
            let http = http.clone();
            tokio::spawn(async move {
                for _ in 0..40 {
                    http.send(RequestSpec::get("/x"), &bulk()).await.unwrap();
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
    let (accepted, refused) = quota.counts();
    assert_eq!((accepted, refused), (2000, 1));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_a_minute_are_used_to_98_percent_without_a_429() {
    let quota = Quota::new(1000, Duration::from_secs(60));
    let wire = Scripted::new({
        let quota = Arc::clone(&quota);
        move |_, _| quota.answer()
    });
    let http = wire.builder().rate(RateLimit::per_minute(1000)).build().unwrap();
    let end = Instant::now() + Duration::from_secs(300);
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let http = http.clone();
            tokio::spawn(async move {
                while Instant::now() < end {
                    http.send(RequestSpec::get("/x"), &bulk()).await.unwrap();
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
    let (accepted, refused) = quota.counts();
    assert_eq!(refused, 0);
    assert!(accepted >= 5 * 980, "{accepted} in five minutes");
}

#[tokio::test(start_paused = true)]
async fn what_is_redirected_counts_once_more() {
    let window = Duration::from_secs(60);
    for call in [CallOptions::default as fn() -> CallOptions, bulk] {
        let wire = Scripted::new(|_, request| match request.uri().path() {
            "/old" => Reply::status(307).header("location", "/new"),
            _ => Reply::status(200),
        });
        let http = wire.builder().rate(RateLimit::new(40, window)).build().unwrap();
        for _ in 0..60 {
            http.send(RequestSpec::get("/old"), &call()).await.unwrap();
        }
        let seen = wire.seen();
        assert_eq!(seen.len(), 120);
        for (first, last) in seen.iter().zip(seen.iter().skip(40)) {
            assert!(last.at - first.at >= window, "41 requests in {:?}", last.at - first.at);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn clients_of_one_account_share_its_limit() {
    let wire = Scripted::new(|number, _| {
        if number == 0 { Reply::status(429).header("retry-after", "20") } else { Reply::status(200) }
    });
    let build = |name: &str| wire.builder().account_key(format!("limits-{name}")).build().unwrap();
    let (first, second, other) = (build("a"), build("a"), build("b"));
    let start = Instant::now();
    let paused = tokio::spawn(async move { first.send(RequestSpec::get("/x"), &bulk()).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    other.send(RequestSpec::get("/x"), &bulk()).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 1, "another account goes on");
    second.send(RequestSpec::get("/x"), &bulk()).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 20, "the same account pauses");
    paused.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_turn_past_the_deadline_is_refused_at_once_and_nothing_is_sent() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let http = wire.builder().rate(RateLimit::new(2, Duration::from_secs(60))).build().unwrap();
    for _ in 0..2 {
        http.send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap();
    }
    let start = Instant::now();
    let call = CallOptions::default().deadline(Duration::from_secs(10));
    let error = http.send(RequestSpec::post("/x"), &call).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::RateLimited, Delivery::NotSent));
    assert_eq!(error.advice(), Advice::After(Duration::from_secs(60)));
    assert_eq!(wire.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_deadline_passes_in_the_queue_is_late_not_throttled() {
    let wire = Scripted::new(|_, _| Reply::status(200).after(Duration::from_secs(20)));
    let http = wire.builder().rate(RateLimit::unlimited().in_flight(1)).build().unwrap();
    let first = tokio::spawn({
        let http = http.clone();
        async move { http.send(RequestSpec::get("/x"), &CallOptions::default()).await }
    });
    tokio::task::yield_now().await;
    let call = CallOptions::default().deadline(Duration::from_secs(10));
    let start = Instant::now();
    let error = http.send(RequestSpec::post("/x"), &call).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::NotSent));
    assert_eq!((error.retry_after(), error.attempts()), (None, 0));
    first.await.unwrap().unwrap();
    assert_eq!(wire.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_person_overtakes_a_thousand_background_calls() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let http = wire.builder().rate(RateLimit::per_minute(600)).build().unwrap();
    let background: Vec<_> = (0..1000)
        .map(|_| {
            let http = http.clone();
            tokio::spawn(async move { http.send(RequestSpec::get("/bulk"), &bulk()).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let start = Instant::now();
    http.send(RequestSpec::get("/person"), &CallOptions::default()).await.unwrap();
    assert!(start.elapsed() <= Duration::from_millis(200), "{:?}", start.elapsed());
    for call in background {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_looks_late_holds_nobody_up() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let http = wire.builder().rate(RateLimit::new(60, Duration::from_secs(60)).in_flight(1)).build().unwrap();
    http.send(RequestSpec::get("/x"), &bulk()).await.unwrap();
    let call = bulk();
    let mut ahead = Box::pin(http.send(RequestSpec::get("/ahead"), &call));
    assert!(futures_util::poll!(&mut ahead).is_pending());
    let start = Instant::now();
    for _ in 0..5 {
        http.send(RequestSpec::get("/x"), &bulk()).await.unwrap();
    }
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    ahead.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn tokens_do_not_wait_behind_the_calls_that_need_them() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let http = wire.builder().rate(RateLimit::new(1, Duration::from_secs(600)).in_flight(1)).build().unwrap();
    http.send(RequestSpec::get("/x"), &bulk()).await.unwrap();
    let start = Instant::now();
    http.for_tokens().send(RequestSpec::post("/token"), &CallOptions::default()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
}
