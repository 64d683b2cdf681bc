//! Long outages, on paused time: background reads wait them out, people hear of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use provider_core::clock::BoxFuture;
use provider_core::observe::EventKind;
use provider_core::query::Priority;
use provider_core::{
    Cursor, Customer, CustomerQuery, Delivery, Error, ErrorKind, ItemError, Listing, Page, PageRequest,
    ProviderInfo, Result,
};
use provider_http::{
    Authenticator, CallOptions, Credential, Deadline, HttpClient, HttpOptions, RequestSpec,
    TransportErrorKind,
};
use secrecy::SecretString;
use tokio::time::Instant;

use crate::scripted::{Reply, Scripted, Watcher};

fn bulk() -> CallOptions {
    CallOptions::default().priority(Priority::Bulk)
}

/// Every way in which a service is down, one after the other.
fn down(number: usize) -> Reply {
    match number % 7 {
        0 => Reply::fails(TransportErrorKind::Interrupted),
        1 => Reply::status(503),
        2 => Reply::fails(TransportErrorKind::Request),
        3 => Reply::body(200, "<html>maintenance</html>"),
        4 => Reply::body(200, r#"{"items":[{"id""#),
        5 => Reply::fails(TransportErrorKind::Connect),
        _ => Reply::fails(TransportErrorKind::Decode),
    }
}

/// Answers `good`, but for the seconds of the outage from the request of this number on.
fn outage(first: usize, length: Duration, good: fn(&str) -> Reply) -> Scripted {
    let begun = Arc::new(std::sync::Mutex::new(None));
    Scripted::new(move |number, request| {
        let mut begun = begun.lock().unwrap();
        if number >= first && begun.get_or_insert_with(Instant::now).elapsed() < length {
            return down(number);
        }
        good(request.uri().query().unwrap_or_default())
    })
}

#[tokio::test(start_paused = true)]
async fn a_background_read_goes_on_through_an_outage_and_an_interactive_one_does_not() {
    for seconds in [1, 20, 60, 90] {
        let wire = outage(0, Duration::from_secs(seconds), |_| Reply::status(200));
        let begun = Instant::now();
        wire.client().send(RequestSpec::get("/x"), &bulk()).await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(seconds + 25), "{seconds}: {:?}", begun.elapsed());
        assert!(wire.count() < 20, "{seconds}: {} requests", wire.count());
    }
    let wire = outage(0, Duration::from_secs(60), |_| Reply::status(200));
    let begun = Instant::now();
    wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(wire.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn patience_ends_with_the_deadline_and_pauses_grow_until_then() {
    let wire = Scripted::new(|_, _| Reply::status(503));
    let begun = Instant::now();
    let call = bulk().deadline(Duration::from_secs(300));
    let error = wire.client().send(RequestSpec::get("/x"), &call).await.unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Unavailable, Some(503)));
    assert!(begun.elapsed() <= Duration::from_secs(300), "{:?}", begun.elapsed());
    assert!(begun.elapsed() > Duration::from_secs(270), "{:?}", begun.elapsed());
    let seen = wire.seen();
    let pauses: Vec<_> = seen.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    assert!(pauses.iter().rev().take(5).all(|pause| *pause >= Duration::from_secs(10)), "{pauses:?}");
    assert!(pauses.iter().all(|pause| *pause <= Duration::from_millis(20_001)), "{pauses:?}");

    // Whoever wants one attempt gets one.
    let wire = Scripted::new(|_, _| Reply::status(503));
    let http = wire.builder().options(HttpOptions::default().max_attempts(1)).build().unwrap();
    http.send(RequestSpec::get("/x"), &bulk()).await.unwrap_err();
    assert_eq!(wire.count(), 1);
}

/// A date that has passed says the same as zero seconds.
#[tokio::test(start_paused = true)]
async fn a_wait_of_nothing_does_not_make_a_background_read_ask_without_a_pause() {
    for wait in ["0", "Sun, 22 Nov 2020 12:00:00 GMT"] {
        for status in [429, 503] {
            let wire = Scripted::new(move |_, _| Reply::status(status).header("retry-after", wait));
            let begun = Instant::now();
            let call = bulk().deadline(Duration::from_secs(300));
            wire.client().send(RequestSpec::get("/x"), &call).await.unwrap_err();
            assert!(begun.elapsed() > Duration::from_secs(250), "{status} {wait}: {:?}", begun.elapsed());
            assert!(wire.count() < 60, "{status} {wait}: {} requests", wire.count());
        }
    }
}

/// Two minutes of silence are no answer to an address that is wrong.
#[tokio::test(start_paused = true)]
async fn a_service_that_never_answered_is_not_waited_for() {
    for reply in [(|| Reply::fails(TransportErrorKind::Connect)) as fn() -> Reply, || {
        Reply::body(200, "<html>portal</html>")
    }] {
        let wire = Scripted::new(move |_, _| reply());
        let begun = Instant::now();
        wire.client().send(RequestSpec::get("/x"), &bulk()).await.unwrap_err();
        assert_eq!(wire.count(), 4);
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        // Once it has answered, it is known to be there.
        let wire = Scripted::new(move |number, _| if number == 0 { Reply::status(404) } else { reply() });
        let http = wire.client();
        http.send(RequestSpec::get("/x"), &bulk()).await.unwrap_err();
        http.send(RequestSpec::get("/x"), &bulk()).await.unwrap_err();
        assert!(begun.elapsed() > Duration::from_secs(60), "{:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_background_write_is_no_more_patient_than_any_other() {
    for (reply, requests) in
        [(Reply::status as fn(u16) -> Reply, 1), (|_| Reply::fails(TransportErrorKind::Connect), 4)]
    {
        let wire = Scripted::new(move |_, _| reply(503));
        wire.client().send(RequestSpec::post("/x"), &bulk()).await.unwrap_err();
        assert_eq!(wire.count(), requests);
    }
}

/// The customers of a numbered listing of this many pages of ten.
fn customers(http: &HttpClient, pages: u64) -> Listing<Customer> {
    let http = http.clone();
    let fetch = Arc::new(move |request: PageRequest| -> BoxFuture<Result<Page<Customer>>> {
        let http = http.clone();
        Box::pin(async move {
            let number: u64 = request.cursor.as_ref().map_or(0, |cursor| cursor.as_str().parse().unwrap());
            let call = if request.cursor.is_some() { bulk() } else { CallOptions::default() };
            let answer = http.send(RequestSpec::get("/customers").query("page", number), &call).await?;
            let ids: Vec<u64> = answer.json()?;
            let items: Vec<Result<Customer, ItemError>> =
                ids.into_iter().map(|id| Ok(Customer::new(id.to_string(), "Bakery"))).collect();
            let mut page = Page::new(items).with_total(pages * 10);
            let mut following = (number + 1..pages).map(|n| Cursor::new(n.to_string()));
            page.next = following.next();
            page.ahead = following.take(16).collect();
            Ok(page)
        })
    });
    Listing::new(&ProviderInfo::new("pax8", "main"), &CustomerQuery::default(), fetch)
}

fn page_of_customers(query: &str) -> Reply {
    let number: u64 = query.strip_prefix("page=").unwrap().parse().unwrap();
    let ids: Vec<u64> = (number * 10..number * 10 + 10).collect();
    Reply::body(200, serde_json::to_string(&ids).unwrap().leak()).after(Duration::from_millis(200))
}

#[tokio::test(start_paused = true)]
async fn a_listing_survives_an_outage_of_a_minute_in_its_middle() {
    for prefetch in [1, 4, 16] {
        let wire = outage(40, Duration::from_secs(60), page_of_customers);
        let watcher = Watcher::default();
        let http = wire.builder().observer(Arc::new(watcher.clone())).build().unwrap();
        let listing = customers(&http, 100).prefetch(prefetch);
        let report = listing.report();
        let begun = Instant::now();
        let all = listing.collect_all().await.unwrap();
        assert_eq!(all.len(), 1_000);
        assert!(report.completeness().is_proven(), "{prefetch}");
        assert!(begun.elapsed() < Duration::from_secs(60 + 60 + 20), "{prefetch}: {:?}", begun.elapsed());
        // The breaker opened where many failed at once, and its single probes found the service again.
        let opened =
            watcher.events().iter().any(|what| matches!(what, EventKind::Breaker { state: "open", .. }));
        assert!(opened || prefetch < 16, "{prefetch}");
        assert!(wire.count() < 100 + 100, "{prefetch}: {} requests for 100 pages", wire.count());
    }
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_makes_a_background_read_wait_for_the_probe() {
    let begun = Instant::now();
    let wire = Scripted::new(move |_, _| {
        Reply::status(if begun.elapsed() < Duration::from_secs(30) { 503 } else { 200 })
    });
    let http = wire.client();
    for _ in 0..6 {
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    }
    let error = http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::CircuitOpen, Delivery::NotSent));
    let before = wire.count();
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let http = http.clone();
            tokio::spawn(async move { http.send(RequestSpec::get("/x"), &bulk()).await })
        })
        .collect();
    for call in waiting {
        call.await.unwrap().unwrap();
    }
    // One probe at a time while it was down: after 5, 15 and 35 seconds.
    assert!(wire.count() - before <= 20 + 3, "{}", wire.count() - before);
    // Without the time to wait for the probe it says so at once.
    let down = Scripted::new(|_, _| Reply::status(503));
    let http = down.client();
    for _ in 0..6 {
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    }
    let call = bulk().deadline(Duration::from_secs(2));
    let error = http.send(RequestSpec::get("/x"), &call).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CircuitOpen);
}

/// Has no token for the first minute.
#[derive(Debug)]
struct DownForAMinute {
    begun: Instant,
    asked: AtomicU64,
    kind: ErrorKind,
}

#[async_trait::async_trait]
impl Authenticator for DownForAMinute {
    async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.begun.elapsed() < Duration::from_secs(60) {
            return Err(Error::new(self.kind, "the token endpoint is not available"));
        }
        Ok(Credential::bearer(&SecretString::from("token".to_owned()), 1))
    }

    fn invalidate(&self, _version: u64) {}
}

#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_is_down_is_waited_out_and_a_refusal_is_not() {
    for (kind, survives) in [
        (ErrorKind::Unavailable, true),
        (ErrorKind::Transport, true),
        (ErrorKind::Timeout, true),
        (ErrorKind::Decode, true),
        (ErrorKind::Unauthenticated, false),
        (ErrorKind::ReauthRequired, false),
        (ErrorKind::Config, false),
    ] {
        let wire = Scripted::new(|_, _| Reply::status(200));
        let down = Arc::new(DownForAMinute { begun: Instant::now(), asked: AtomicU64::new(0), kind });
        let http = wire.builder().authenticator(Arc::clone(&down) as Arc<dyn Authenticator>).build().unwrap();
        let result = http.send(RequestSpec::get("/x"), &bulk()).await;
        assert_eq!(result.is_ok(), survives, "{kind}");
        let asked = down.asked.load(Ordering::SeqCst);
        assert!(if survives { asked < 20 } else { asked == 1 }, "{kind}: {asked}");
        if let Err(error) = result {
            assert_eq!((error.kind(), error.delivery()), (kind, Delivery::NotSent));
        }
    }
}

/// An account that meets more failures than its budget of patience holds goes on, slower.
#[tokio::test(start_paused = true)]
async fn background_reads_have_a_budget_of_their_own() {
    let begun = Instant::now();
    let failed = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&failed);
    let wire = Scripted::new(move |_, request| {
        let down = match request.uri().path() {
            "/for-people" => counted.fetch_add(1, Ordering::SeqCst) < 3,
            _ => begun.elapsed() < Duration::from_secs(40),
        };
        Reply::status(if down { 503 } else { 200 })
    });
    let http = wire.client();
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let http = http.clone();
            tokio::spawn(async move { http.send(RequestSpec::get("/x"), &bulk()).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!(wire.count() > 64 + 20, "{} requests do not exceed the budget", wire.count());
    // What people do next on the same account still has all its retries.
    http.send(RequestSpec::get("/for-people"), &CallOptions::default()).await.unwrap();
    assert_eq!(failed.load(Ordering::SeqCst), 4);
}
