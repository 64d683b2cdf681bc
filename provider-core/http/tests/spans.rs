//! The spans of a call. Alone in its process: tracing caches per call site whether anyone listens.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use provider_core::{EntityKind, Operation, ProviderInfo};
use provider_http::{CallOptions, HttpClient, HttpOptions, RequestSpec};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

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

#[tokio::test]
async fn spans_carry_the_names_of_opentelemetry_and_no_url() {
    let spans = Spans::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(spans.clone())).unwrap();
    let server = MockServer::start().await;
    let answer = |status: u16, id: &str| ResponseTemplate::new(status).insert_header("x-request-id", id);
    Mock::given(any()).respond_with(answer(502, "r-0")).up_to_n_times(1).mount(&server).await;
    Mock::given(any()).respond_with(answer(404, "r-1")).mount(&server).await;
    let http = HttpClient::builder(&ProviderInfo::new("pax8", "main"), server.uri().parse().unwrap())
        .options(HttpOptions::default().backoff_base(Duration::from_millis(1)))
        .build()
        .unwrap();
    let spec = RequestSpec::get("/v1/companies/{companyId}")
        .path("companyId", "private")
        .query("search", "private")
        .operation(Operation::Get(EntityKind::Customer));
    http.send(spec, &CallOptions::default()).await.unwrap_err();

    let mut found: Vec<Fields> = spans
        .0
        .lock()
        .unwrap()
        .iter()
        .map(|(_, span)| span)
        .filter(|span| span.values.contains_key("url.template"))
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
        assert_eq!(field(span, "server.address"), Some("127.0.0.1"));
        assert_eq!(field(span, "server.port"), Some(&*server.address().port().to_string()));
        assert_eq!(field(span, "url.template"), Some("/v1/companies/{companyId}"));
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
