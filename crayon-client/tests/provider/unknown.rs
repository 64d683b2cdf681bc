//! Values that no enum of this version knows: kept, and told to the observer once an answer.

use std::sync::{Arc, Mutex};

use crayon_client::CrayonProvider;
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::{PageRequest, Provider, Services, SubscriptionQuery, SubscriptionStatus};
use provider_simulator::{FaultAction, FaultRule};

use super::connection::Account;

#[derive(Debug, Default)]
struct Heard(Mutex<Vec<(String, String)>>);

impl Observer for Heard {
    fn event(&self, event: &Event) {
        if let EventKind::UnknownValue { field, value, .. } = &event.what {
            self.0.lock().unwrap().push((field.to_string(), value.clone()));
        }
    }
}

#[tokio::test]
async fn unknown_numbers_and_flags_are_kept_and_told_once_an_answer() {
    let account = Account::start().await;
    let odd = FaultAction::rewrite(|mut page| {
        for at in 0..2 {
            page["Items"][at]["Status"] = serde_json::json!(4096);
            page["Items"][at]["BillingCycle"] = serde_json::json!(6);
            page["Items"][at]["TermDuration"] = serde_json::json!("P5Y");
        }
        page
    });
    account
        .crayon
        .faults()
        .add(FaultRule::new("GET", "/api/v1/Subscriptions", odd).when_query("PageSize", "10"));
    let heard = Arc::new(Heard::default());
    let mut services = Services::default();
    services.observer = Arc::clone(&heard) as Arc<dyn Observer>;
    let provider = CrayonProvider::with_services(account.config(), &services)
        .unwrap()
        .in_organization(account.crayon.organization_ids()[0]);
    let query = SubscriptionQuery::default();
    let page = provider.list_subscriptions(&query, &PageRequest::default().size(10)).await.unwrap();
    let first = page.records().next().unwrap();
    assert_eq!(first.status, SubscriptionStatus::Other("4096".to_owned()));
    assert_eq!(first.billing_cycle.as_ref().map(ToString::to_string).as_deref(), Some("6"));
    let mut told = heard.0.lock().unwrap().clone();
    told.sort();
    let expected = [("BillingCycleEnum", "6"), ("SubscriptionStatus", "4096"), ("TermDuration", "P5Y")];
    assert_eq!(told, expected.map(|(field, value)| (field.to_owned(), value.to_owned())));
}
