//! What statuses and bodies turn into.

use provider_core::error::Violation;
use provider_core::{Advice, CommandKind, Delivery, EntityKind, ErrorKind, Operation};
use provider_http::{CallOptions, Envelope, Keys, PageDecoder, Problem, ProblemInput, RequestSpec};
use serde::Deserialize;
use std::time::Duration;

use crate::scripted::{Reply, Scripted};

const READ: Operation = Operation::Get(EntityKind::Customer);
const WRITE: Operation = Operation::Execute(CommandKind::PlaceOrder);

#[tokio::test(start_paused = true)]
async fn every_status_has_a_kind_for_reads_and_writes() {
    use ErrorKind as K;
    for (status, kind, rejected) in [
        (302, K::Config, false),
        (307, K::Config, false),
        (308, K::Config, false),
        (400, K::InvalidInput, true),
        (401, K::Unauthenticated, true),
        (402, K::PermissionDenied, true),
        (403, K::PermissionDenied, true),
        (404, K::NotFound, true),
        (405, K::Unsupported, true),
        (408, K::Timeout, false),
        (409, K::Conflict, true),
        (410, K::NotFound, true),
        (412, K::PreconditionFailed, true),
        (413, K::InvalidInput, true),
        (415, K::InvalidInput, true),
        (418, K::InvalidInput, true),
        (422, K::InvalidInput, true),
        (423, K::Conflict, true),
        (428, K::PreconditionFailed, true),
        (429, K::RateLimited, true),
        (500, K::Unavailable, false),
        (501, K::Unsupported, false),
        (502, K::Unavailable, false),
        (503, K::Unavailable, false),
        (504, K::Unavailable, false),
        (599, K::Unavailable, false),
    ] {
        let delivery = if rejected { Delivery::Rejected } else { Delivery::Unknown };
        for (spec, operation) in [(RequestSpec::get("/x"), READ), (RequestSpec::post("/x"), WRITE)] {
            let wire = Scripted::new(move |_, _| Reply::status(status));
            let error =
                wire.client().send(spec.operation(operation), &CallOptions::default()).await.unwrap_err();
            assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{status} {operation}");
            assert_eq!(error.http_status(), Some(status));
            assert_eq!((error.provider(), error.operation()), (Some("pax8"), Some(operation)));
            assert_eq!(error.attempts() as usize, wire.count(), "{status} {operation}");
            if operation == WRITE && !rejected {
                assert_eq!(error.advice(), Advice::AfterReconcile, "{status}");
                assert_eq!(error.attempts(), 1, "{status}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_503_that_names_a_wait_proves_nothing_about_a_write() {
    let wire = Scripted::new(|_, _| Reply::status(503).header("retry-after", "1"));
    let error = wire
        .client()
        .send(RequestSpec::post("/x").operation(WRITE), &CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unavailable, Delivery::Unknown));
    assert_eq!((error.advice(), wire.count()), (Advice::AfterReconcile, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
}

#[tokio::test]
async fn what_the_distributor_says_is_kept_on_one_line() {
    fn parse(input: &ProblemInput<'_>) -> Problem {
        assert_eq!((input.status.as_u16(), input.body), (422, b"{\"any\":1}".as_slice()));
        Problem::default()
            .with_code("E7")
            .with_message(format!("first\nsecond {}", "x".repeat(2000)))
            .with_violation(Violation::new("quantity", "too\tmany").with_code("MAX"))
            .with_kind(ErrorKind::PreconditionFailed)
    }
    let wire = Scripted::new(|_, _| Reply::body(422, "{\"any\":1}").header("x-request-id", "r-1"));
    let http = wire.builder().problem_parser(parse).build().unwrap();
    let error = http.send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
    assert_eq!((error.code(), error.request_id()), (Some("E7"), Some("r-1")));
    assert_eq!(error.violations()[0].code.as_deref(), Some("MAX"));
    let shown = error.to_string();
    assert!(
        shown.starts_with("pax8: first second xxx") && shown.len() < 700 && !shown.contains('\n'),
        "{shown}"
    );
}

#[derive(Debug, Deserialize, PartialEq)]
struct Company {
    id: u32,
}

provider_core::records! {
    #![serde(rename_all = "camelCase")]

    /// Seats and what they cost.
    struct Seats {
        id: i64,
        note: Option<String>,
        trial: Option<bool>,
        cost: Option<Decimal>,
    }
}

/// Never a text that is called so, and never an amount of nothing.
#[tokio::test]
async fn a_number_that_is_none_costs_its_member_and_an_amount_its_record() {
    let read = async |body: &'static str| {
        let wire = Scripted::new(move |_, _| Reply::body(200, body));
        let answer = wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
        answer.record::<Seats>(Keys::Exact)
    };
    let seats = read(r#"{"id":7,"note":NaN,"trial":undefined,"cost":1.5}"#).await.unwrap();
    assert_eq!((seats.id, seats.note, seats.trial), (7, None, None));
    assert_eq!(seats.cost.map(|cost| cost.to_string()).as_deref(), Some("1.5"));
    let error = read(r#"{"id":7,"cost":NaN}"#).await.unwrap_err();
    assert_eq!((error.kind(), error.violations()[0].field.as_str()), (ErrorKind::Decode, "cost"));
}

#[tokio::test]
async fn answers_are_read_as_types() {
    let wire = Scripted::new(|_, _| {
        Reply::body(200, r#"{"id":7}"#)
            .header("x-request-id", "r-1")
            .header("date", "Sun, 22 Nov 2026 12:00:00 GMT")
    });
    let answer = wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
    assert_eq!(answer.json::<Company>().unwrap(), Company { id: 7 });
    assert_eq!(answer.text().unwrap(), r#"{"id":7}"#);
    assert_eq!(answer.request_id(), Some("r-1"));
    assert_eq!(answer.date().unwrap().to_rfc3339(), "2026-11-22T12:00:00+00:00");
    assert!(!format!("{answer:?}").contains("\"id\""), "{answer:?}");
}

#[tokio::test]
async fn unreadable_answers_say_where_and_what_it_means_for_a_write() {
    for (body, said) in [
        (r#"{"ID":"x"}"#, "id: invalid type: string, expected u32"),
        ("", "the answer is empty"),
        ("  \n", "the answer is empty"),
        ("{\"id\":", "the JSON ends early"),
    ] {
        let wire = Scripted::new(move |_, _| Reply::body(201, body));
        let answer = wire
            .client()
            .send(RequestSpec::post("/x").operation(WRITE), &CallOptions::default())
            .await
            .unwrap();
        let error = answer.read::<Company>(Keys::AnyCase).unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Decode, Delivery::Unknown), "{body}");
        assert_eq!(error.advice(), Advice::AfterReconcile);
        assert_eq!((error.http_status(), error.operation()), (Some(201), Some(WRITE)));
        assert!(error.to_string().contains(said), "{error}");
    }
    let wire = Scripted::new(|_, _| Reply::body(200, "\u{feff}{}"));
    let answer = wire.client().send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
    assert_eq!(answer.json::<Company>().unwrap_err().advice(), Advice::Never, "a read can be given up");
}

#[tokio::test]
async fn a_success_that_says_it_failed_can_be_made_an_error() {
    let wire =
        Scripted::new(|_, _| Reply::body(200, r#"{"IsSuccessful":false}"#).header("x-request-id", "r"));
    let spec = RequestSpec::post("/x").operation(WRITE);
    let answer = wire.client().send(spec, &CallOptions::default()).await.unwrap();
    let error = answer.error(ErrorKind::PreconditionFailed, "no").with_delivery(Delivery::Rejected);
    assert_eq!(
        (error.provider(), error.request_id(), error.operation()),
        (Some("pax8"), Some("r"), Some(WRITE))
    );
    assert_eq!(error.advice(), Advice::Never);
}

/// Whatever is read of it in its place is judged, and kept, in its place too.
#[tokio::test]
async fn an_answer_that_is_not_quite_json_is_heard_and_keeps_its_json() {
    for (body, failed) in [
        ("{\"status\":\"ERROR\",\"message\":\"no\tcredit\"}", true),
        (r#"{"error":{"message":"no credit"},}"#, true),
        ("{\"id\":7,\"name\":\"a\tb\"}", false),
        ("no JSON", false),
        ("", false),
    ] {
        let wire = Scripted::new(move |_, _| Reply::body(200, body));
        let spec = RequestSpec::post("/x").operation(WRITE);
        let answer = wire.client().send(spec, &CallOptions::default()).await.unwrap();
        let error = answer.no_error().err().map(|error| (error.kind(), error.delivery()));
        assert_eq!(error, failed.then_some((ErrorKind::Decode, Delivery::Unknown)), "{body}");
        let raw = answer.raw(&CallOptions::default().raw(true), &[]);
        assert_eq!(raw.is_some(), body.starts_with('{'), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_record_keeps_its_json_and_can_turn_out_not_to_fit() {
    let json = r#"{"id":10.10,"password":"hunter2"}"#;
    let wire = Scripted::new(move |_, _| Reply::body(200, json));
    let spec = RequestSpec::get("/x").operation(READ);
    let answer = wire.client().send(spec, &CallOptions::default()).await.unwrap();
    assert_eq!(answer.raw(&CallOptions::default(), &["password"]), None, "nobody asked for it");
    let raw = answer.raw(&CallOptions::default().raw(true), &["password"]).unwrap();
    assert_eq!(raw.get(), r#"{"id":10.10,"password":"***"}"#);

    let error = answer.unfit(provider_core::ItemError::new("id", "is no id"));
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some(READ)));
    assert_eq!(error.violations(), [Violation::new("id", "is no id")]);
    assert!(error.to_string().contains("the record does not fit: id: is no id"), "{error}");
}

#[derive(Deserialize)]
struct Content<R> {
    content: Vec<R>,
}

struct PageEnvelope;

impl<'a> Envelope<'a> for PageEnvelope {
    type Of<R: Deserialize<'a>> = Content<R>;
    type Rest = ();

    fn split<R: Deserialize<'a>>(envelope: Content<R>) -> (Vec<R>, ()) {
        (envelope.content, ())
    }
}

/// Reading belongs to the call: what takes longer than the call had left is given up, and an answer that is
/// looked at late is not.
#[test]
fn reading_an_answer_takes_no_longer_than_the_call_had_time() {
    for (deadline, late) in [(Duration::from_millis(5), true), (Duration::from_secs(600), false)] {
        let paused = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let (http, answer) = paused.unwrap().block_on(async {
            let wire = Scripted::new(|_, _| Reply::body(200, r#"{"content":[{"id":1},{"id":2},{"id":3}]}"#));
            let http = wire.client();
            let call = CallOptions::default().deadline(deadline);
            let answer = http.send(RequestSpec::get("/x").operation(READ), &call).await.unwrap();
            (http, answer)
        });
        // Without the runtime the clock is the machine's. Each record takes longer than the call had left.
        let slow = |_: serde_json::Value, _| {
            std::thread::sleep(Duration::from_millis(10));
            Ok(())
        };
        let decoder = PageDecoder::new("content").options(&CallOptions::default().raw(true));
        let read = decoder.report(&http, &answer).page::<PageEnvelope, _, _>(&answer.bytes, slow);
        match read {
            Ok((records, ())) => assert!(!late && records.len() == 3),
            Err(error) => {
                assert!(late, "{error}");
                assert_eq!((error.kind(), error.operation()), (ErrorKind::Timeout, Some(READ)));
            }
        }
    }
}
