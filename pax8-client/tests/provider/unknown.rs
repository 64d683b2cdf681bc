//! Values that came after this version was made.

use std::sync::{Arc, Mutex};

use provider_core::observe::{Event, EventKind, Observer};
use provider_core::{PageRequest, Provider, Services, SubscriptionQuery, SubscriptionStatus};
use provider_simulator::{FaultAction, FaultRule};

use crate::world::World;

#[derive(Debug, Default)]
struct Ear(Mutex<Vec<(String, String)>>);

impl Observer for Ear {
    fn event(&self, event: &Event) {
        if let EventKind::UnknownValue { field, value, .. } = &event.what {
            self.0.lock().unwrap().push((field.to_string(), value.clone()));
        }
    }
}

#[tokio::test]
async fn an_unknown_state_is_kept_and_told_once_an_answer() {
    let world = World::start().await;
    let ear = Arc::new(Ear::default());
    let services = Services::default().with_observer(Arc::<Ear>::clone(&ear));
    let provider = world.config.clone().connect(&services).unwrap();
    let query = SubscriptionQuery::default();
    provider.list_subscriptions(&query, &PageRequest::default()).await.unwrap();
    provider.list_orders(&Default::default(), &PageRequest::default()).await.unwrap();
    assert!(ear.0.lock().unwrap().is_empty(), "spellings that are known to vary are no news");

    let spoil = FaultAction::rewrite(|mut page| {
        page["content"][0]["status"] = "Dormant".into();
        page["content"][2]["status"] = "Dormant".into();
        page["content"][3]["billingTerm"] = "1-Time".into();
        page
    });
    world.pax8().faults().add(FaultRule::new("GET", "/v1/subscriptions", spoil).once());
    let page = provider.list_subscriptions(&query, &PageRequest::default()).await.unwrap();
    let dormant = SubscriptionStatus::Other("Dormant".to_owned());
    assert_eq!(page.records().filter(|one| one.status == dormant).count(), 2);
    let heard = ear.0.lock().unwrap().clone();
    assert_eq!(heard, [("SubscriptionStatus".to_owned(), "Dormant".to_owned())]);
}
