//! When a call is sent again, when it is not, and after how long.

use std::time::Duration;

use provider_core::{Advice, CommandKind, Delivery, EntityKind, ErrorKind, Operation};
use provider_http::{CallOptions, HttpOptions, RequestSpec, TransportErrorKind};
use tokio::time::Instant;

use crate::scripted::{Reply, Scripted};

const READ: Operation = Operation::List(EntityKind::Customer);
const WRITE: Operation = Operation::Execute(CommandKind::PlaceOrder);

fn read() -> RequestSpec {
    RequestSpec::get("/x").operation(READ)
}

fn write() -> RequestSpec {
    RequestSpec::post("/x").operation(WRITE)
}

/// Fails once as told, then answers.
fn once(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Scripted {
    Scripted::new(move |number, _| if number == 0 { reply() } else { Reply::status(200) })
}

#[tokio::test(start_paused = true)]
async fn reads_are_sent_again_after_what_passes() {
    for status in [408, 425, 429, 500, 502, 503, 504] {
        let wire = once(move || Reply::status(status));
        wire.client().send(read(), &CallOptions::default()).await.unwrap();
        assert_eq!(wire.count(), 2, "{status}");
    }
    for kind in [
        TransportErrorKind::Connect,
        TransportErrorKind::Request,
        TransportErrorKind::Timeout,
        TransportErrorKind::Interrupted,
        TransportErrorKind::Decode,
    ] {
        let wire = once(move || Reply::fails(kind));
        wire.client().send(read(), &CallOptions::default()).await.unwrap();
        assert_eq!(wire.count(), 2, "{kind:?}");
    }
}

/// A maintenance page, and JSON that a proxy on the way gave up on, wherever it ends.
#[tokio::test(start_paused = true)]
async fn reads_are_sent_again_after_an_answer_that_nobody_can_read() {
    const WHOLE: &str = r#"{"items":[{"id":1,"note":"{}]\"["},{"id":2}],"total":2}"#;
    for body in
        std::iter::once("<!DOCTYPE html><h1>back soon</h1>").chain((1..WHOLE.len()).map(|at| &WHOLE[..at]))
    {
        let wire = Scripted::new(move |number, _| Reply::body(200, if number == 0 { body } else { WHOLE }));
        let answer = wire.client().send(read(), &CallOptions::default()).await.unwrap();
        assert_eq!((wire.count(), &answer.bytes[..]), (2, WHOLE.as_bytes()), "{body}");
        // A write was acted on, whatever its answer looks like.
        let wire = Scripted::new(move |_, _| Reply::body(200, body));
        let _ = wire.client().send(write(), &CallOptions::default()).await;
        assert_eq!(wire.count(), 1, "{body}");
    }
    for whole in ["null", "17", "\"text\"", "{}", "[]", "-1", "true", "\u{feff} {}"] {
        let wire = Scripted::new(move |_, _| Reply::body(200, whole));
        wire.client().send(read(), &CallOptions::default()).await.unwrap();
        assert_eq!(wire.count(), 1, "{whole}");
    }
    // One that never gets better is handed to whoever can say where it is wrong.
    let wire = Scripted::new(|_, _| Reply::body(200, r#"{"items":["#));
    let answer = wire.client().send(read(), &CallOptions::default()).await.unwrap();
    let error = answer.json::<serde_json::Value>().unwrap_err();
    assert_eq!((wire.count(), error.kind(), error.attempts()), (4, ErrorKind::Decode, 4));
}

/// What belongs to an operation of a provider is JSON. A body that cannot be any may be one the next time; where it
/// never is, its reader says so.
#[tokio::test(start_paused = true)]
async fn an_operation_is_asked_again_for_json_that_is_none() {
    for body in [
        "",
        " \r\n",
        "back in five minutes",
        "id;name\n1;{",
        "\u{1}\u{2}br",
        "\0\0\0\0",
        "{\"items\":[\0]}",
        "<?xml version=\"1.0\"?><down/>",
        "%PDF",
    ] {
        let wire = Scripted::new(move |number, _| Reply::body(200, if number == 0 { body } else { "{}" }));
        let answer = wire.client().send(read(), &CallOptions::default()).await.unwrap();
        assert_eq!((wire.count(), &answer.bytes[..]), (2, "{}".as_bytes()), "{body}");
        let wire = Scripted::new(move |_, _| Reply::body(200, body));
        let answer = wire.client().send(read(), &CallOptions::default()).await.unwrap();
        assert_eq!((wire.count(), answer.bytes.len()), (4, body.len()), "{body}");
        assert_eq!(answer.json::<serde_json::Value>().unwrap_err().kind(), ErrorKind::Decode);
        // Nobody said that these are JSON.
        for (spec, status) in [(RequestSpec::get("/x"), 200), (read().accept("text/csv"), 200), (read(), 204)]
        {
            let wire = Scripted::new(move |_, _| Reply::body(status, body));
            wire.client().send(spec, &CallOptions::default()).await.unwrap();
            assert_eq!(wire.count(), 1, "{body}");
        }
        let wire = Scripted::new(move |_, _| Reply::body(200, body));
        wire.client().send(write(), &CallOptions::default()).await.unwrap();
        assert_eq!(wire.count(), 1, "{body}");
    }
}

/// A firewall or a network in front of the API: its refusals pass. What the API itself refuses does not.
#[tokio::test(start_paused = true)]
async fn a_page_that_refuses_a_read_is_a_gateways_and_asked_again() {
    const PAGE: &str = "<html><h1>Access denied</h1><p>Ray ID 7f</p></html>";
    let wire = once(|| Reply::body(403, PAGE));
    wire.client().send(read(), &CallOptions::default()).await.unwrap();
    assert_eq!(wire.count(), 2);
    let wire = Scripted::new(|_, _| Reply::body(403, PAGE));
    let error = wire.client().send(read(), &CallOptions::default()).await.unwrap_err();
    assert_eq!(
        (wire.count(), error.kind(), error.http_status()),
        (4, ErrorKind::PermissionDenied, Some(403))
    );
    for (status, body, spec) in
        [(403, r#"{"message":"no"}"#, read()), (404, PAGE, read()), (401, PAGE, read()), (403, PAGE, write())]
    {
        let wire = Scripted::new(move |_, _| Reply::body(status, body));
        let error = wire.client().send(spec, &CallOptions::default()).await.unwrap_err();
        assert_eq!((wire.count(), error.delivery()), (1, Delivery::Rejected), "{status}");
    }
    // Those of a network in front of it that does not reach it have statuses of their own.
    for status in 520..=527 {
        let wire = once(move || Reply::body(status, PAGE));
        wire.client().send(read(), &CallOptions::default()).await.unwrap();
        assert_eq!(wire.count(), 2, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn writes_are_sent_again_only_when_nothing_can_have_happened() {
    for reply in [|| Reply::fails(TransportErrorKind::Connect), || Reply::status(429)] {
        let wire = once(reply);
        wire.client().send(write(), &CallOptions::default()).await.unwrap();
        assert_eq!(wire.count(), 2);
    }
    for reply in [
        || Reply::fails(TransportErrorKind::Request),
        || Reply::fails(TransportErrorKind::Timeout),
        || Reply::fails(TransportErrorKind::Interrupted),
        || Reply::fails(TransportErrorKind::Decode),
        || Reply::status(408),
        || Reply::status(500),
        || Reply::status(502),
        || Reply::status(503),
        || Reply::status(503).header("retry-after", "1"),
        || Reply::status(504),
        || Reply::status(307).header("location", "/elsewhere"),
        || Reply::status(308).header("location", "/elsewhere"),
    ] {
        let wire = once(reply);
        let error = wire.client().send(write(), &CallOptions::default()).await.unwrap_err();
        assert_eq!(wire.count(), 1);
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, Advice::AfterReconcile),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_the_distributor_recognises_is_sent_again_unchanged() {
    let wire = once(|| Reply::status(502));
    let spec = write().idempotent(true).json(&serde_json::json!({"key": "k-1"})).unwrap();
    wire.client().send(spec, &CallOptions::default()).await.unwrap();
    let seen = wire.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test(start_paused = true)]
async fn doubt_is_not_lifted_by_a_later_refusal() {
    for second in [|| Reply::status(409), || Reply::fails(TransportErrorKind::Connect)] {
        let wire = Scripted::new(move |number, _| if number == 0 { Reply::status(502) } else { second() });
        let error = wire.client().send(write().idempotent(true), &CallOptions::default()).await.unwrap_err();
        assert_eq!(
            (error.delivery(), error.advice()),
            (Delivery::Unknown, Advice::AfterReconcile),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn four_attempts_and_no_more() {
    let wire = Scripted::new(|_, _| Reply::status(500));
    let error = wire.client().send(read(), &CallOptions::default()).await.unwrap_err();
    assert_eq!((wire.count(), error.attempts(), error.advice()), (4, 4, Advice::Backoff));
}

#[tokio::test(start_paused = true)]
async fn pauses_are_jittered_and_repeat_with_the_seed() {
    let pauses = |seed| async move {
        let wire = Scripted::new(|_, _| Reply::status(500));
        let options = HttpOptions::default().backoff_seed(seed);
        let http = wire.builder().options(options).build().unwrap();
        http.send(read(), &CallOptions::default()).await.unwrap_err();
        let seen = wire.seen();
        seen.windows(2).map(|pair| pair[1].at - pair[0].at).collect::<Vec<_>>()
    };
    let first = pauses(3).await;
    assert_eq!(first, pauses(3).await);
    assert_ne!(first, pauses(4).await);
    for (pause, bound) in first.iter().zip([250, 500, 1000]) {
        // tokio rounds sleeps up to whole milliseconds.
        assert!(*pause <= Duration::from_millis(bound + 1), "{first:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_distributors_wait_is_kept_to() {
    for (value, date, seconds) in [
        ("7", None, 7),
        ("0", None, 0),
        ("Sun, 22 Nov 2026 12:00:45 GMT", Some("Sun, 22 Nov 2026 12:00:00 GMT"), 45),
    ] {
        for (status, spec) in [(429, write()), (503, read())] {
            let wire = once(move || {
                let reply = Reply::status(status).header("retry-after", value);
                match date {
                    Some(date) => reply.header("date", date),
                    None => reply,
                }
            });
            wire.client().send(spec, &CallOptions::default()).await.unwrap();
            let seen = wire.seen();
            let waited = seen[1].at - seen[0].at;
            assert!(
                waited >= Duration::from_secs(seconds)
                    && waited < Duration::from_secs(seconds) + Duration::from_millis(20),
                "{status} {value}: {waited:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_past_the_deadline_is_reported_at_once() {
    for (status, spec, delivery) in [(429, write(), Delivery::Rejected), (503, read(), Delivery::Unknown)] {
        let wire = Scripted::new(move |_, _| Reply::status(status).header("retry-after", "60"));
        let call = CallOptions::default().deadline(Duration::from_secs(30));
        let start = Instant::now();
        let error = wire.client().send(spec, &call).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_millis(10), "{:?}", start.elapsed());
        assert_eq!((wire.count(), error.retry_after()), (1, Some(Duration::from_secs(60))));
        assert_eq!((error.delivery(), error.advice()), (delivery, Advice::After(Duration::from_secs(60))));
    }
}

#[tokio::test(start_paused = true)]
async fn the_budget_ends_a_storm_of_retries_and_refills_with_time() {
    let wire = Scripted::new(|_, _| Reply::fails(TransportErrorKind::Interrupted));
    let http = wire.builder().options(HttpOptions::default().backoff_base(Duration::ZERO)).build().unwrap();
    // Fewer calls than the breaker needs samples would hide the budget; these open it late.
    let mut attempts = Vec::new();
    for _ in 0..4 {
        attempts.push(http.send(read(), &CallOptions::default()).await.unwrap_err().attempts());
    }
    assert_eq!(attempts, [4, 4, 4, 4]);
    let wire = Scripted::new(|number, _| {
        // Every other call succeeds at once, which keeps the breaker closed and earns one token each.
        if number % 2 == 0 { Reply::status(200) } else { Reply::fails(TransportErrorKind::Interrupted) }
    });
    let http = wire.builder().options(HttpOptions::default().backoff_base(Duration::ZERO)).build().unwrap();
    let mut refused = 0;
    for _ in 0..100 {
        if http.send(read(), &CallOptions::default()).await.is_err() {
            refused += 1;
        }
    }
    assert!(refused > 0, "the budget never ran out");
    tokio::time::sleep(Duration::from_secs(100)).await;
    let before = wire.count();
    for _ in 0..10 {
        http.send(read(), &CallOptions::default()).await.unwrap();
    }
    assert!(wire.count() > before + 10, "retries are made again");
}

#[tokio::test(start_paused = true)]
async fn a_lost_read_without_an_operation_may_be_repeated_by_the_caller() {
    let wire = Scripted::new(|_, _| Reply::status(500));
    let error = wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.advice()), (ErrorKind::Unavailable, Advice::Backoff));
    let error = wire.client().send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!(error.advice(), Advice::AfterReconcile);
}
