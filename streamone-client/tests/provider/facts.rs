//! What records mean, by the answers as they stand on the wire: money, days, states and ids.

use std::sync::Arc;

use provider_core::model::{Entity, OrderStatus};
use provider_core::{
    Currency, CustomerQuery, InvoiceQuery, Listing, OrderQuery, PageRequest, Period, ProductQuery, Provider,
    ProviderExt as _, SubscriptionQuery, SubscriptionStatus,
};
use streamone_client::StreamOneProvider;

use crate::recorder::Recorder;

fn answering(body: &str) -> Arc<StreamOneProvider> {
    Arc::new(StreamOneProvider::new(Recorder::answering(200, body).client()))
}

fn subscriptions(records: &str, total: usize) -> Arc<StreamOneProvider> {
    answering(&format!(r#"{{"items":[{records}],"paginationResponse":{{"totalCount":"{total}"}}}}"#))
}

async fn all<T: Entity>(mut listing: Listing<T>) -> (Vec<T>, Vec<String>) {
    let (mut records, mut bad) = (Vec::new(), Vec::new());
    while let Some(record) = listing.next().await {
        match record {
            Ok(record) => records.push(record),
            Err(error) if error.is_item() => bad.push(error.to_string()),
            Err(error) => panic!("{error}"),
        }
    }
    (records, bad)
}

#[tokio::test]
async fn what_is_not_said_is_none_and_what_does_not_renew_has_no_renewal() {
    let provider = subscriptions(
        r#"{"id":"1","customerId":"7","subscriptionStatus":"active","autoRenew":false,"renewalDate":"2026-09-01T00:00:00Z","subscriptionStartDate":"2025-09-01T00:00:00Z"},
           {"id":"2","customerId":"7","subscriptionStatus":"ACTIVE","isTrial":"true","autoRenew":true,"renewalDate":"2026-09-01T00:00:00Z","subscriptionTotalLicenses":null,"parentSubscriptionId":"1"},
           {"id":"3","customerId":7,"subscriptionTotalLicenses":"25.0","parentSubscriptionId":"5b0c6c1e-2f0e","currency":"kr","cost":1,"subscriptionBillingCycle":"monthly"},
           {"id":"4","customerId":""},
           {"id":"5","customerId":"7","cost":"1.234,50"}"#,
        5,
    );
    let (records, bad) = all(provider.subscriptions(SubscriptionQuery::default())).await;
    let renews: Vec<_> = records.iter().map(|one| one.renews_at.is_some()).collect();
    assert_eq!(renews, [false, true, false], "{bad:?}");
    assert_eq!(records[0].ends_at.unwrap().to_string(), "2026-09-01 00:00:00 UTC");
    let quantities: Vec<_> =
        records.iter().map(|one| one.quantity.map(|q| q.normalize().to_string())).collect();
    assert_eq!(quantities, [None, None, Some("25".to_owned())]);
    assert_eq!((&records[1].status, records[1].trial), (&SubscriptionStatus::Trial, Some(true)));
    assert_eq!(records[1].parent, Some("7/1".into()));
    assert_eq!((&records[2].parent, records[2].vendor_parent_id.as_deref()), (&None, Some("5b0c6c1e-2f0e")));
    let cost = records[2].cost.as_ref().unwrap();
    assert_eq!((cost.currency, cost.currency_as_sent.as_deref()), (None, Some("kr")));
    assert_eq!(bad.len(), 2, "{bad:?}");
    assert!(bad[0].contains("customerId") && bad[1].contains("cost"), "{bad:?}");
    assert!(bad.iter().all(|error| error.contains("streamone")), "{bad:?}");
    for (status, id) in [(SubscriptionStatus::Trial, "7/2"), (SubscriptionStatus::Active, "7/1")] {
        let (found, _) = all(provider.subscriptions(SubscriptionQuery::default().status(status))).await;
        assert_eq!(found.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [id]);
    }
}

#[tokio::test]
async fn what_cannot_be_bought_says_so() {
    let plan = |more: &str| format!(r#"{{"skus":[{{"id":"s","plans":[{{"id":"p"{more}}}]}}]}}"#);
    for (product, available) in [
        (format!(r#""definition":{}"#, plan("")), None),
        (format!(r#""disabled":true,"definition":{}"#, plan(r#","productAvailability":true"#)), Some(false)),
        (format!(r#""definition":{}"#, plan(r#","productAvailability":false"#)), Some(false)),
        (format!(r#""definition":{}"#, plan(r#","productAvailability":true"#)), Some(true)),
        (r#""disabled":false"#.to_owned(), Some(true)),
    ] {
        let body = format!(r#"{{"products":[{{"id":"x","name":"accounts/1/products/x",{product}}}]}}"#);
        let page =
            answering(&body).list_products(&ProductQuery::default(), &PageRequest::default()).await.unwrap();
        let found = page.items[0].as_ref().unwrap_or_else(|error| panic!("{product}: {error}"));
        assert_eq!(found.available, available, "{product}");
    }
}

#[tokio::test]
async fn an_order_line_without_a_number_is_not_of_none() {
    let provider = answering(
        r#"{"orders":[{"name":"accounts/1/customers/7/orders/9","status":"COMPLETED","orderItems":[{"productId":"p"},{"productId":"p","quantity":"5"}]}]}"#,
    );
    let page = provider.list_orders(&OrderQuery::default(), &PageRequest::default()).await.unwrap();
    let lines = &page.items[0].as_ref().unwrap().lines;
    assert_eq!(lines.iter().map(|line| line.quantity).collect::<Vec<_>>(), [None, Some(5.into())]);
}

#[tokio::test]
async fn invoices_are_for_the_days_that_were_written() {
    for (start, end) in [
        ("2026-08-01", "2026-08-31"),
        ("2026-08-01", "2026-09-01"),
        ("2026-08-01T00:00:00+02:00", "2026-08-31T23:59:59+02:00"),
    ] {
        let provider = answering(&format!(
            r#"{{"success":true,"data":{{"invoice":[{{"id":"1","total":"10.50","billingStartDate":"{start}","billingEndDate":"{end}","currency":{{"code":"USD"}}}}]}}}}"#
        ));
        let page = provider.list_invoices(&InvoiceQuery::default(), &PageRequest::default()).await.unwrap();
        let invoice = page.items[0].as_ref().unwrap();
        assert_eq!(invoice.period, Period::month(2026, 8), "{start} {end}");
        let total = invoice.total.as_ref().unwrap();
        assert_eq!((total.currency, total.currency_as_sent.is_some()), (None::<Currency>, true));
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_named_by_the_id_that_it_would_have() {
    let request = PageRequest::default();
    let body = r#"{"items":[{"id":"1","customerId":7,"cost":"many"},{"id":"2","cost":"many"}],"paginationResponse":{"totalCount":2}}"#;
    let page = answering(body).list_subscriptions(&SubscriptionQuery::default(), &request).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|item| item.as_ref().unwrap_err().id.clone()).collect();
    assert_eq!(ids, [Some("7/1".to_owned()), None]);
}

#[tokio::test]
async fn an_empty_word_is_none() {
    let request = PageRequest::default();
    let provider = subscriptions(r#"{"id":"1","customerId":"7","subscriptionStatus":""}"#, 1);
    let listed = provider.list_subscriptions(&SubscriptionQuery::default(), &request).await.unwrap();
    assert_eq!(listed.items[0].as_ref().unwrap().status, SubscriptionStatus::default());
    let provider = answering(
        r#"{"customers":[{"name":"accounts/1/customers/7","customerOrganization":"Harbor","customerStatus":" "}]}"#,
    );
    let listed = provider.list_customers(&CustomerQuery::default(), &request).await.unwrap();
    assert_eq!(listed.items[0].as_ref().unwrap().status, None);
    let provider = answering(r#"{"orders":[{"name":"accounts/1/customers/7/orders/9","status":""}]}"#);
    let listed = provider.list_orders(&OrderQuery::default(), &request).await.unwrap();
    assert_eq!(listed.items[0].as_ref().unwrap().status, OrderStatus::default());
    let provider = answering(r#"{"success":true,"data":{"invoice":[{"id":"1","status":""}]}}"#);
    let listed = provider.list_invoices(&InvoiceQuery::default(), &request).await.unwrap();
    assert_eq!(listed.items[0].as_ref().unwrap().status, None);
}

#[tokio::test]
async fn a_word_of_an_order_item_is_read_in_every_spelling() {
    let provider = answering(
        r#"{"orders":[{"name":"accounts/1/customers/7/orders/9","status":"IN_PROGRESS","orderItems":[{"status":"IN_PROGRESS"},{"status":"In Progress"},{"status":"inProgress"},{"status":"on-hold"},{"status":" active "},{"status":"Haunted"}]}]}"#,
    );
    let page = provider.list_orders(&OrderQuery::default(), &PageRequest::default()).await.unwrap();
    let lines = &page.items[0].as_ref().unwrap().lines;
    let expected = [
        OrderStatus::InProgress,
        OrderStatus::InProgress,
        OrderStatus::InProgress,
        OrderStatus::OnHold,
        OrderStatus::Completed,
        OrderStatus::Other("Haunted".to_owned()),
    ];
    assert_eq!(lines.iter().map(|line| line.status.clone().unwrap()).collect::<Vec<_>>(), expected);
}
