//! The spans of a run. Alone in its process: tracing caches per call site whether anyone listens.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap is a failed test"
)]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use provider_core::clock::SystemClock;
use provider_core::journal::MemoryJournal;
use provider_core::layer::Journaled;
use provider_core::{
    Capabilities, Cursor, Customer, CustomerQuery, EntityKind, MemoryProvider, Operation, Page, PageRequest,
    Provider, ProviderInfo, async_trait,
};
use provider_sync::{
    Fingerprint, LocalKey, LocalRecord, LocalType, MemoryStore, MemoryTarget, RunControl, SyncEngine,
    SyncOutcome, SyncPlan, TargetField,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

const PLAN: &str = r#"
version = 1
connection = "shop"
enabled = true
[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update"]
key = { remote = "id", local = "remote" }
unmatched = "create"
fields = [{ remote = "name", local = "name" }]
"#;

/// Keeps what every span and every event says. Ids are used again once a span has closed, so the last one counts.
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

/// Two pages of two customers.
#[derive(Debug)]
struct Shop(ProviderInfo, Capabilities);

#[async_trait]
impl Provider for Shop {
    fn info(&self) -> &ProviderInfo {
        &self.0
    }

    fn capabilities(&self) -> &Capabilities {
        &self.1
    }

    async fn list_customers(
        &self,
        query: &CustomerQuery,
        request: &PageRequest,
    ) -> provider_core::Result<Page<Customer>> {
        let from = request.position(&self.0, query)?.unwrap_or(0);
        let customer = |n: u64| Customer::new(format!("c-{n}"), format!("Secretive Bakery {n}"));
        let mut page = Page::new((from..from + 2).map(customer).collect::<Vec<_>>());
        page.total = Some(4);
        page.next = (from == 0).then(|| Cursor::tagged(&self.0, query, "2".to_owned()));
        Ok(page)
    }
}

#[tokio::test]
async fn a_run_is_seen_with_names_and_counts_and_no_value() {
    let spans = Spans::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(spans.clone())).unwrap();
    let capabilities = Capabilities::builder()
        .native(Operation::List(EntityKind::Customer))
        .fields(EntityKind::Customer, ["*"])
        .build();
    let shop = Arc::new(Shop(ProviderInfo::new("bench", "shop").with_account("one"), capabilities));
    let target = MemoryTarget::new([(EntityKind::Customer, vec![TargetField::new("name", LocalType::Text)])]);
    let plan = SyncPlan::from_toml(PLAN).unwrap().check(&*shop, &target).unwrap();
    let store = MemoryStore::new(Arc::new(SystemClock));
    let engine = SyncEngine::new(shop, Arc::new(target), Arc::new(store), plan);
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!(report.outcome, SyncOutcome::Completed, "{report:?}");

    what_was_pulled_is_seen(&spans);
    what_goes_to_the_distributor_is_seen(&spans).await;
}

fn what_was_pulled_is_seen(spans: &Spans) {
    let seen = spans.0.lock().unwrap();
    let runs: Vec<_> = seen.iter().filter(|(_, span)| span.name == "sync.run").collect();
    let pages: Vec<_> = seen.iter().filter(|(_, span)| span.name == "sync.page").collect();
    assert_eq!((runs.len(), pages.len()), (1, 2), "{seen:?}");
    let run = &runs[0].1.values;
    for (name, value) in [("connection", "shop"), ("outcome", "completed"), ("listed", "4"), ("created", "4")]
    {
        assert_eq!(run[name], value, "{run:?}");
    }
    for (at, (_, page)) in pages.iter().enumerate() {
        let at = (at + 1).to_string();
        for (name, value) in
            [("connection", "shop"), ("kind", "customer"), ("page", &*at), ("listed", "2"), ("created", "2")]
        {
            assert_eq!(page.values[name], value, "{page:?}");
        }
        assert!(page.values.contains_key("run"), "{page:?}");
    }
    assert!(!format!("{seen:?}").contains("Secretive"), "{seen:?}");
}

/// A record of the application that becomes a customer, in a span of its own.
async fn what_goes_to_the_distributor_is_seen(spans: &Spans) {
    let market = MemoryProvider::new("shop").with_account("two");
    let market = Arc::new(Journaled::new(market, Arc::new(MemoryJournal::default())));
    let target = MemoryTarget::new([(EntityKind::Customer, vec![TargetField::new("name", LocalType::Text)])]);
    let florist = LocalRecord {
        key: LocalKey::new("7"),
        remote: None,
        values: [("name".to_owned(), "Secretive Florist".into())].into(),
        fingerprint: Fingerprint::of_text(""),
    };
    target.put(EntityKind::Customer, florist);
    let both = PLAN.replacen("updates =", "direction = \"both\"\nupdates =", 1).replacen(
        "local = \"name\" }",
        "local = \"name\", owner = \"ask\" }",
        1,
    );
    let plan = SyncPlan::from_toml(&both).unwrap().check(&*market, &target).unwrap();
    let engine = SyncEngine::new(market, Arc::new(target), Arc::new(MemoryStore::default()), plan);
    let report = engine.run(&RunControl::default()).await.unwrap();
    assert_eq!((report.outcome, report.kinds[0].pushed), (SyncOutcome::Completed, 1), "{report:?}");

    let seen = spans.0.lock().unwrap();
    let pushes = seen.iter().filter(|(_, span)| span.name == "sync.push").map(|(_, span)| &span.values);
    let made: Vec<_> = pushes.filter(|push| push.get("pushed").is_some_and(|pushed| pushed == "1")).collect();
    assert_eq!(made.len(), 1, "{seen:?}");
    for (name, value) in
        [("connection", "shop"), ("kind", "customer"), ("refused", "0"), ("waiting", "0"), ("unknown", "0")]
    {
        assert_eq!(made[0][name], value, "{made:?}");
    }
    assert!(made[0].contains_key("run"), "{made:?}");
    assert!(!format!("{seen:?}").contains("Secretive"), "{seen:?}");
}
