//! What a host's observer and its spans are told, and that no secret and no id is in it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use provider_core::observe::{Event, EventKind, Observer};
use provider_core::{CustomerQuery, EntityKind, Operation, ProviderExt as _, Services};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::acme::Acme;
use crate::shop::{CLIENT_SECRET, Shop, TOKEN, Trouble};

#[derive(Debug, Clone, Default)]
struct Watcher(Arc<Mutex<Vec<Event>>>);

impl Observer for Watcher {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

#[tokio::test]
async fn pages_retries_tokens_and_bad_records_are_told() {
    let (shop, watcher) = (Shop::open(), Watcher::default());
    shop.add_customer(json!({"id": "A-4", "name": 7, "state": CLIENT_SECRET}));
    shop.read_fails(Trouble::Refused(502, Vec::new(), TOKEN.to_owned()));
    let services = Services::default().with_observer(Arc::new(watcher.clone()));
    let acme = Arc::new(Acme::new("main", &shop, CLIENT_SECRET, &services).unwrap());
    let mut customers = acme.customers(CustomerQuery::default());
    while customers.next().await.is_some() {}

    let events = watcher.0.lock().unwrap().clone();
    assert!(events.iter().all(|event| event.provider == "acme" && event.connection == "main"));
    let told = |wanted: fn(&EventKind) -> bool| events.iter().filter(|event| wanted(&event.what)).count();
    assert_eq!(told(|what| matches!(what, EventKind::TokenRenewed { rotated: false, .. })), 1);
    let failed = |what: &EventKind| {
        matches!(what, EventKind::Attempt { template, attempt: 1, status: Some(502), error: Some(_), .. }
            if template == "/v1/customers")
    };
    assert_eq!(told(failed), 1, "{events:?}");
    assert_eq!(told(|what| matches!(what, EventKind::Retry { attempt: 1, .. })), 1, "{events:?}");
    let page = |what: &EventKind| {
        matches!(what, EventKind::Page { entity: EntityKind::Customer, items: 4, total: Some(4), .. })
    };
    assert_eq!(told(page), 1, "{events:?}");
    let listed = Operation::List(EntityKind::Customer);
    let bad: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.what {
            EventKind::BadItem { operation, path, .. } => Some((*operation, path.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(bad, [(Some(listed), "items[3].name")]);
    let written = serde_json::to_string(&events).unwrap();
    assert!(written.contains(r#""event":"page""#) && written.contains(r#""connection":"main""#), "{written}");
    let shown = format!("{events:?} {written}");
    assert!(!shown.contains(CLIENT_SECRET) && !shown.contains(TOKEN), "{shown}");
}

#[derive(Debug, Clone, Default)]
struct Spans(Arc<Mutex<Vec<(u64, Fields)>>>);

#[derive(Debug, Clone, Default)]
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
        // Ids are used again once a span has closed, so the last one counts.
        if let Some((_, fields)) =
            self.0.lock().unwrap().iter_mut().rfind(|(known, _)| *known == id.into_u64())
        {
            record.record(fields);
        }
    }
}

#[tokio::test]
async fn a_call_is_a_span_that_names_the_template_and_no_id() {
    let spans = Spans::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(spans.clone())).unwrap();
    let acme = Acme::new("spanned", &Shop::open(), CLIENT_SECRET, &Services::default()).unwrap();
    Arc::new(acme).customer("private-id").await.unwrap_err();

    let all: Vec<Fields> = spans.0.lock().unwrap().iter().map(|(_, fields)| fields.clone()).collect();
    let connection =
        |fields: &&Fields| fields.values.get("provider.connection").is_some_and(|name| name == "spanned");
    let calls: Vec<_> =
        all.iter().filter(connection).filter(|fields| fields.name == "provider.call").collect();
    assert_eq!(calls.len(), 1, "{all:?}");
    for (field, value) in [
        ("provider.id", "acme"),
        ("provider.operation", "get customer"),
        ("url.template", "/v1/customers/{id}"),
        ("error.type", "not_found"),
    ] {
        assert_eq!(calls[0].values.get(field).map(String::as_str), Some(value), "{field}");
    }
    let attempt =
        |fields: &Fields| fields.name == "http.request" && fields.values.contains_key("http.request.method");
    assert!(all.iter().any(attempt), "{all:?}");
    let shown = format!("{all:?}");
    assert!(
        !shown.contains("private-id") && !shown.contains(CLIENT_SECRET) && !shown.contains(TOKEN),
        "{shown}"
    );
}
