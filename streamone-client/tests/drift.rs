//! Records drift: members vanish, types change, words are new. No record may take the page or the process down.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a failed unwrap, index or expectation is a failed test"
)]

#[path = "endpoints/recorder.rs"]
#[allow(dead_code, reason = "made for the endpoints")]
mod recorder;

use proptest::prelude::*;
use provider_core::{PageRequest, Provider as _};
use serde_json::{Value, json};
use streamone_client::StreamOneProvider;

use crate::recorder::Recorder;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A record with some members removed and some replaced by anything.
fn drifted(record: Value) -> impl Strategy<Value = Value> {
    let names: Vec<String> = record.as_object().unwrap().keys().cloned().collect();
    let count = names.len();
    (
        prop::collection::vec(prop_oneof![4 => Just(None), 1 => any_json().prop_map(Some)], count),
        prop::collection::vec(prop::bool::weighted(0.15), count),
    )
        .prop_map(move |(replaced, removed)| {
            let mut record = record.clone();
            let object = record.as_object_mut().unwrap();
            for ((name, value), gone) in names.iter().zip(replaced).zip(removed) {
                if gone {
                    object.remove(name);
                } else if let Some(value) = value {
                    object.insert(name.clone(), value);
                }
            }
            record
        })
}

fn good_subscription() -> Value {
    json!({"id": "1", "customerId": "2", "subscriptionId": "g", "subscriptionTotalLicenses": "3", "subscriptionStatus": "active",
        "ccpProductId": "p", "ccpSkuId": "s", "ccpPlanId": "l", "ccpProductInfo": {"productDisplayName": "x"}, "price": 1.5,
        "subscriptionStartDate": "2026-01-01T00:00:00Z", "autoRenew": true, "customFields": {"key": "a"}, "attributes": []})
}

fn good_product() -> Value {
    json!({"id": "p", "name": "accounts/1/products/p", "type": "SUBSCRIPTION_PRODUCTS", "marketing": {"displayName": "x"},
        "definition": {"skus": [{"id": "s", "plans": [{"id": "l", "phases": [{"recurringPrice": {"USD": 1}}]}]}]}, "categories": ["a"]})
}

fn good_order() -> Value {
    json!({"name": "accounts/1/customers/2/orders/3", "orderId": "3", "customerId": 2, "status": "COMPLETED", "total": 1.5,
        "orderItems": [{"quantity": 1, "status": "ACTIVE", "attributes": [{"name": "password", "value": "x"}]}], "errors": []})
}

fn good_customer() -> Value {
    json!({"name": "accounts/1/customers/2", "customerOrganization": "x", "customerAddress": {"country": "US"}, "customerStatus": "ACTIVE"})
}

fn run<T: Send + 'static>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn provider(body: &Value) -> StreamOneProvider {
    StreamOneProvider::new(Recorder::answering(200, &body.to_string()).client())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_drifted_subscription_costs_at_most_itself(record in drifted(good_subscription()), raw in any::<bool>()) {
        let body = json!({"items": [record, good_subscription()], "paginationResponse": {"totalSize": 2}});
        let query = provider_core::SubscriptionQuery::default().raw(raw);
        let page = run(async move { provider(&body).list_subscriptions(&query, &PageRequest::default()).await }).unwrap();
        prop_assert_eq!(page.items.len(), 2);
        prop_assert!(page.items[1].is_ok());
    }

    #[test]
    fn a_drifted_product_costs_at_most_itself(record in drifted(good_product()), raw in any::<bool>()) {
        let body = json!({"products": [record, good_product()]});
        let query = provider_core::ProductQuery::default().raw(raw);
        let page = run(async move { provider(&body).list_products(&query, &PageRequest::default()).await }).unwrap();
        prop_assert_eq!(page.items.len(), 2);
        prop_assert!(page.items[1].is_ok());
    }

    #[test]
    fn a_drifted_order_costs_at_most_itself(record in drifted(good_order()), raw in any::<bool>()) {
        let body = json!({"orders": [record, good_order()]});
        let query = provider_core::OrderQuery::default().raw(raw);
        let page = run(async move { provider(&body).list_orders(&query, &PageRequest::default()).await }).unwrap();
        prop_assert_eq!(page.items.len(), 2);
        prop_assert!(page.items[1].is_ok());
    }

    #[test]
    fn a_drifted_customer_costs_at_most_itself(record in drifted(good_customer()), raw in any::<bool>()) {
        let body = json!({"customers": [record, good_customer()]});
        let query = provider_core::CustomerQuery::default().raw(raw);
        let page = run(async move { provider(&body).list_customers(&query, &PageRequest::default()).await }).unwrap();
        prop_assert_eq!(page.items.len(), 2);
        prop_assert!(page.items[1].is_ok());
    }

    #[test]
    fn any_json_as_an_answer_is_a_page_or_a_typed_error(body in any_json()) {
        let page = run(async move {
            provider(&body).list_customers(&provider_core::CustomerQuery::default(), &PageRequest::default()).await
        });
        if let Err(error) = page {
            prop_assert_eq!(error.kind(), provider_core::ErrorKind::Decode);
        }
    }
}
