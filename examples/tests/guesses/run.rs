//! Those of the guesses that can run do.

use std::sync::Arc;

use axum::Router;
use axum::extract::Query as Parameters;
use axum::routing::get;
use provider_core::{
    Customer, CustomerQuery, MemoryProvider, Product, Provider, ProviderExt, Subscription, SubscriptionStatus,
};

use super::{Acme, connect_each, costs, host, order};

fn memory() -> MemoryProvider {
    let mut subscription = Subscription::new("s-1", "c-1", 5);
    subscription.status = SubscriptionStatus::Active;
    MemoryProvider::new("guesses")
        .with_customers([Customer::new("c-1", "Example Bakery"), Customer::new("customer-1", "Example Mill")])
        .with_products([Product::new("product-1", "Mail")])
        .with_subscriptions([subscription])
}

#[tokio::test]
async fn connections_are_made_alike() {
    connect_each().await.unwrap();
    host().await.unwrap();
}

#[tokio::test]
async fn what_is_read_and_ordered_comes() {
    let provider = Arc::new(memory());
    costs(Arc::<MemoryProvider>::clone(&provider)).await.unwrap();
    order(Arc::<MemoryProvider>::clone(&provider)).await.unwrap();
    let orders = provider.orders(provider_core::OrderQuery::default()).collect_all().await.unwrap();
    assert_eq!(orders.len(), 1);
}

#[tokio::test]
async fn a_provider_of_ones_own_lists_by_offset() {
    #[derive(serde::Deserialize)]
    struct Asked {
        offset: usize,
    }
    let names = ["Bakery", "Mill", "Pier"];
    let page = move |Parameters(asked): Parameters<Asked>| async move {
        let rows: Vec<_> = (asked.offset..names.len())
            .take(2)
            .map(|at| serde_json::json!({ "id": at.to_string(), "name": names[at] }))
            .collect();
        axum::Json(serde_json::json!({ "items": rows, "total": names.len() }))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/customers", get(page))).await });
    let acme: Arc<dyn Provider> = Arc::new(Acme::new(&base, "token").unwrap());
    let mut customers = acme.customers(CustomerQuery::default());
    let report = customers.report();
    let mut seen = Vec::new();
    while let Some(customer) = customers.next().await {
        seen.push(customer.unwrap().name);
    }
    assert_eq!(seen, names);
    assert!(report.completeness().is_proven());
}
