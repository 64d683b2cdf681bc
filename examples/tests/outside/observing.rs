//! What a host's observer is told, and that no secret is in it.

use std::sync::{Arc, Mutex};

use provider_core::observe::{Event, EventKind, Observer};
use provider_core::{CustomerQuery, EntityKind, Operation, ProviderExt as _, Services};
use serde_json::json;

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
