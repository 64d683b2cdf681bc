//! What an observer and a trace are told.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use provider_core::{EntityKind, ItemError, Operation, Raw, What};
use provider_http::{CallOptions, HttpClient, PageDecoder, RateLimit, RequestSpec};
use serde_json::value::RawValue;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

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
        What::attempt("GET".into(), template.into(), 1, Some(429), Some("rate_limited"), second),
        What::throttled(second * 3, true),
        What::retry(template.into(), 1, second * 3, "rate_limited"),
        What::attempt("GET".into(), template.into(), 2, Some(200), None, Duration::ZERO),
    ];
    let events = watcher.events();
    assert_eq!(events.len(), expected.len(), "{events:?}");
    for (event, expected) in events.iter().zip(&expected) {
        // Sleeps are rounded up to whole milliseconds.
        assert_eq!(rounded(event), rounded(expected));
    }
    assert!(watcher.whole().iter().all(|event| event.provider == "pax8" && event.connection == "main"));
}

fn rounded(what: &What) -> String {
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
    for _ in 0..2 {
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
    }
    let throttled: Vec<_> =
        watcher.events().into_iter().filter(|what| matches!(what, What::Throttled { .. })).collect();
    assert_eq!(throttled, [What::throttled(Duration::from_secs(2), false)]);
}

#[tokio::test]
async fn bad_records_are_told() {
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
    let expected = What::bad_item(
        Some(operation),
        "items[1].id".to_owned(),
        "invalid type: string, expected u32".to_owned(),
    );
    assert_eq!(watcher.events().last(), Some(&expected));
}

/// Keeps the names and fields of spans. Ids are used again once a span has closed, so the last one counts.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<(u64, Fields)>>>);

#[derive(Clone, Default, Debug)]
struct Fields {
    name: &'static str,
    values: BTreeMap<&'static str, String>,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.values.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.values.insert(field.name(), value.to_owned());
    }
}

impl<S: tracing::Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut fields = Fields { name: attributes.metadata().name(), ..Fields::default() };
        attributes.record(&mut fields);
        self.0.lock().unwrap().push((id.into_u64(), fields));
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, _: Context<'_, S>) {
        let mut spans = self.0.lock().unwrap();
        if let Some((_, fields)) = spans.iter_mut().rfind(|(known, _)| *known == id.into_u64()) {
            record.record(fields);
        }
    }
}

/// One for the process: tracing caches per call site whether anyone listens, and tests run side by side.
static SPANS: LazyLock<Spans> = LazyLock::new(|| {
    let spans = Spans::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(spans.clone())).unwrap();
    spans
});

#[tokio::test(start_paused = true)]
async fn spans_carry_the_names_of_opentelemetry_and_no_url() {
    let wire = Scripted::new(|number, _| match number {
        0 => Reply::status(502).header("x-request-id", "r-0"),
        _ => Reply::status(404).header("x-request-id", "r-1"),
    });
    let spans = &*SPANS;
    let template = "/v1/observed/{companyId}";
    let spec = RequestSpec::get(template)
        .path("companyId", "private")
        .query("search", "private")
        .operation(Operation::Get(EntityKind::Customer));
    wire.client().send(spec, &CallOptions::default()).await.unwrap_err();

    let mut found: Vec<Fields> = spans
        .0
        .lock()
        .unwrap()
        .iter()
        .map(|(_, span)| span)
        .filter(|span| span.values.get("url.template").is_some_and(|value| value == template))
        .cloned()
        .collect();
    found.sort_by_key(|span| (span.name, span.values.get("http.request.resend_count").cloned()));
    let names: Vec<_> = found.iter().map(|span| span.name).collect();
    assert_eq!(names, ["http.request", "http.request", "provider.call"]);
    let field = |span: usize, name: &str| found[span].values.get(name).map(String::as_str);
    for (span, status, resend, id, error) in
        [(0, "502", "0", "r-0", "unavailable"), (1, "404", "1", "r-1", "not_found")]
    {
        assert_eq!(field(span, "http.request.method"), Some("GET"));
        assert_eq!(field(span, "server.address"), Some("api.example.com"));
        assert_eq!(field(span, "server.port"), Some("443"));
        assert_eq!(field(span, "url.template"), Some(template));
        assert_eq!(field(span, "http.response.status_code"), Some(status));
        assert_eq!(field(span, "http.request.resend_count"), Some(resend));
        assert_eq!(field(span, "provider.request_id"), Some(id));
        assert_eq!(field(span, "error.type"), Some(error));
    }
    assert_eq!(field(2, "provider.id"), Some("pax8"));
    assert_eq!(field(2, "provider.operation"), Some("get customer"));
    assert_eq!(field(2, "error.type"), Some("not_found"));
    assert!(!format!("{found:?}").contains("private"), "{found:?}");
}
