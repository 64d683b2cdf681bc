//! What an observer is told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use provider_core::model::Raw;
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::{EntityKind, ItemError, Operation, SubscriptionStatus};
use provider_http::{
    CallOptions, Envelope, HttpClient, Keys, PageDecoder, RateLimit, RequestSpec, TransportErrorKind,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::scripted::{Reply, Scripted, Watcher};

fn observed(wire: &Scripted) -> (HttpClient, Watcher) {
    let watcher = Watcher::default();
    let http = wire.builder().observer(Arc::new(watcher.clone())).build().unwrap();
    (http, watcher)
}

#[tokio::test(start_paused = true)]
async fn attempts_retries_and_throttles_are_told() {
    let wire = Scripted::new(|number, _| match number {
        0 => Reply::status(429).header("retry-after", "3").after(Duration::from_secs(1)),
        _ => Reply::status(200),
    });
    let (http, watcher) = observed(&wire);
    let spec = RequestSpec::get("/v1/companies/{companyId}").path("companyId", "private");
    http.send(spec, &CallOptions::default()).await.unwrap();
    let template = "/v1/companies/{companyId}";
    let second = Duration::from_secs(1);
    let expected = [
        EventKind::attempt("GET".into(), template.into(), 1, Some(429), Some("rate_limited"), second),
        EventKind::concurrency(2),
        EventKind::throttled(second * 3, true),
        EventKind::retry(template.into(), 1, second * 3, "rate_limited"),
        EventKind::attempt("GET".into(), template.into(), 2, Some(200), None, Duration::ZERO),
    ];
    let events = watcher.events();
    assert_eq!(events.len(), expected.len(), "{events:?}");
    for (event, expected) in events.iter().zip(&expected) {
        // Sleeps are rounded up to whole milliseconds.
        assert_eq!(rounded(event), rounded(expected));
    }
    assert!(watcher.whole().iter().all(|event| event.provider == "pax8" && event.connection == "main"));
}

fn rounded(what: &EventKind) -> String {
    let text = format!("{what:?}");
    text.replace("1.001s", "1s").replace("3.001s", "3s").replace("1ms", "0ns")
}

#[tokio::test(start_paused = true)]
async fn waits_for_the_steady_rate_are_told() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let watcher = Watcher::default();
    let http = wire
        .builder()
        .rate(RateLimit::new(2, Duration::from_secs(2)))
        .observer(Arc::new(watcher.clone()))
        .build()
        .unwrap();
    for _ in 0..3 {
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
    }
    let throttled: Vec<_> =
        watcher.events().into_iter().filter(|what| matches!(what, EventKind::Throttled { .. })).collect();
    assert_eq!(throttled, [EventKind::throttled(Duration::from_secs(2), false)]);
}

#[tokio::test(start_paused = true)]
async fn how_many_calls_are_in_flight_is_told() {
    type Overloaded = fn() -> Reply;
    let overloaded: [Overloaded; 3] = [
        || Reply::status(429).header("retry-after", "1"),
        || Reply::status(503),
        || Reply::fails(TransportErrorKind::Timeout),
    ];
    for reply in overloaded {
        let wire = Scripted::new(move |number, _| if number == 0 { reply() } else { Reply::status(200) });
        let (http, watcher) = observed(&wire);
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
        let told = watcher.events().into_iter().filter(|what| matches!(what, EventKind::Concurrency { .. }));
        assert_eq!(told.collect::<Vec<_>>(), [EventKind::concurrency(2)]);
    }
    let wire = Scripted::new(|_, _| Reply::status(200).after(Duration::from_millis(40)));
    let (http, watcher) = observed(&wire);
    let call = CallOptions::default();
    let calls = (0..60).map(|_| http.send(RequestSpec::get("/x"), &call));
    futures_util::future::join_all(calls).await;
    let told = watcher.events().into_iter().filter_map(|what| match what {
        EventKind::Concurrency { calls, .. } => Some(calls),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), (5..=16).collect::<Vec<_>>());
}

#[tokio::test]
async fn pages_and_bad_records_are_told() {
    let wire = Scripted::new(|_, _| Reply::body(200, r#"[{"id":1},{"id":"s3cret"}]"#));
    let (http, watcher) = observed(&wire);
    let operation = Operation::List(EntityKind::Customer);
    let answer =
        http.send(RequestSpec::get("/x").operation(operation), &CallOptions::default()).await.unwrap();
    let records: Vec<&RawValue> = answer.json_borrowed().unwrap();
    let items = PageDecoder::new("items")
        .report(&http, &answer)
        .decode(&records, |record: BTreeMap<String, u32>, _: Option<Raw>| Ok::<_, ItemError>(record))
        .unwrap();
    assert_eq!(items.len(), 2);
    let reason = "invalid type: string, expected u32".to_owned();
    let expected = [
        EventKind::bad_item(Some(operation), "items[1].id".to_owned(), reason),
        EventKind::page(EntityKind::Customer, 2, None),
    ];
    assert_eq!(watcher.events().last_chunk(), Some(&expected));
}

#[derive(Debug, Deserialize)]
struct Seat {
    id: u32,
    status: SubscriptionStatus,
}

struct Bare;

impl<'a> Envelope<'a> for Bare {
    type Of<R: Deserialize<'a>> = Vec<R>;
    type Rest = ();

    fn split<R: Deserialize<'a>>(envelope: Vec<R>) -> (Vec<R>, ()) {
        (envelope, ())
    }
}

#[tokio::test]
async fn members_that_no_record_has_are_told_once() {
    const PAGE: &str = r#"[{"id":1,"status":"active"},{"id":2,"status":"active","novel":7,"Status ":"x"}]"#;
    let wire = Scripted::new(|_, _| Reply::body(200, PAGE));
    let (http, watcher) = observed(&wire);
    for keys in [Keys::Exact, Keys::AnyCase, Keys::Exact] {
        let answer = http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
        let decoder = PageDecoder::new("items").keys(keys).report(&http, &answer);
        let seat = |seat: Seat, _: Option<Raw>| Ok::<_, ItemError>(seat);
        let (seats, ()) = decoder.page::<Bare, _, _>(&answer.bytes, seat).unwrap();
        assert!(seats.iter().all(Result::is_ok));
    }
    let members: Vec<_> =
        watcher.events().into_iter().filter(|what| matches!(what, EventKind::UnknownMember { .. })).collect();
    let told = |member: &str| EventKind::unknown_member("Seat".into(), member.to_owned());
    assert_eq!(members, [told("novel"), told("Status ")]);
}

fn unknown_values(watcher: &Watcher) -> Vec<EventKind> {
    watcher.events().into_iter().filter(|what| matches!(what, EventKind::UnknownValue { .. })).collect()
}

#[tokio::test]
async fn values_that_no_enum_knows_are_kept_and_told_once_an_answer() {
    const PAGE: &str =
        r#"[{"id":1,"status":"dormant"},{"id":2,"status":"active"},{"id":3,"status":"dormant"}]"#;
    const WITH_A_BAD_RECORD: &str = r#"[{"id":1,"status":"dormant"},{"id":"x","status":"frozen"}]"#;
    let wire =
        Scripted::new(|number, _| Reply::body(200, if number == 2 { WITH_A_BAD_RECORD } else { PAGE }));
    let (http, watcher) = observed(&wire);
    let ask = || async { http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap() };
    let told = |value: &str| EventKind::unknown_value("SubscriptionStatus".into(), value.to_owned());

    let seats: Vec<Seat> = ask().await.json().unwrap();
    assert_eq!(seats[0].status.as_str(), "dormant");
    assert_eq!(unknown_values(&watcher), [told("dormant")]);

    let answer = ask().await;
    let decoder = PageDecoder::new("items").report(&http, &answer);
    let seat = |seat: Seat, _: Option<Raw>| Ok::<_, ItemError>(seat);
    let (seats, ()) = decoder.page::<Bare, _, _>(&answer.bytes, seat).unwrap();
    assert_eq!(seats[2].as_ref().unwrap().id, 3);
    assert_eq!(unknown_values(&watcher), [told("dormant"), told("dormant")]);

    // A page that has to be read a second time tells of each value once all the same.
    let answer = ask().await;
    let decoder = PageDecoder::new("items").report(&http, &answer);
    let (seats, ()) = decoder.page::<Bare, _, _>(&answer.bytes, seat).unwrap();
    assert!(seats[1].is_err());
    assert_eq!(unknown_values(&watcher)[2..], [told("dormant")]);
}

#[derive(Debug)]
struct Broken;

impl Observer for Broken {
    fn event(&self, _: &Event) {
        std::panic::resume_unwind(Box::new("broken"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_costs_no_answer() {
    let wire = Scripted::new(|number, _| Reply::status(if number == 0 { 429 } else { 201 }));
    let http = wire.builder().observer(Arc::new(Broken)).build().unwrap();
    let answer = http.send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap();
    assert_eq!((answer.status.as_u16(), wire.count()), (201, 2));
}
