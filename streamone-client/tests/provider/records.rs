//! The examples of the reference, read and mapped; and the liberties of protobuf-JSON.

use provider_core::model::{Detail, OrderStatus, PricePer};
use provider_core::{
    BillingCycle, CustomerQuery, ErrorKind, PageRequest, ProductQuery, Provider as _, ReadOptions,
    SubscriptionId, SubscriptionQuery, SubscriptionStatus, Term,
};
use streamone_client::StreamOneProvider;
use streamone_client::model::{Order, Subscription};

use crate::recorder::Recorder;

const SUBSCRIPTION: &str = r#"{"id":"4500123","customerId":"310045","resellerId":"20001","isvId":"19990","cloudProviderId":"30","subscriptionId":"5b0c6c1e-2f0e-4d7a-9a34-7f8e1c2d3b4a","subscriptionName":"Example Suite Standard","resourceType":"AZURE::Subscription","ccpProductId":"ExampleSuiteNCE-demo","ccpSkuId":"Example-Suite-Standard","ccpPlanId":"Monthly---Annual-Commit-n1","subscriptionProductId":"EXMP0TTC0AAA","subscriptionSkuId":"0001","subscriptionOfferId":"EXMP0TTC0AAA:0001:EXMP0TTC0BBB","subscriptionTotalLicenses":"25","unitType":"Licenses","subscriptionStatus":"active","subscriptionPurchasedDate":"2025-06-01T10:20:30.456Z","subscriptionStartDate":"2025-06-01T10:20:30.456Z","subscriptionEndDate":"2026-06-01T10:20:30.456Z","cancellationAllowedUntilDate":"2025-06-08T10:20:30.456Z","subscriptionBillingType":"license","subscriptionBillingCycle":"monthly","subscriptionBillingTerm":"P1Y","subscriptionRenewStatus":"ENABLED","resellerPO":"RPO-1001","isTrial":false,"autoRenew":true,"customerName":"Example Dental Group","lastUpdatedDate":"2025-12-02T07:00:01.002Z","price":12.5,"cost":63.845275900000000123,"currency":"USD","margin":1.875,"total":312.5,"msrp":12.5,"renewalDate":"2026-06-01T10:20:30.456Z","mfgPartNumber":"EXMP0TTC0AAA:0001:P1Y:M","someDay":"soon"}"#;

async fn provider(body: &str) -> (StreamOneProvider, Recorder) {
    let recorder = Recorder::answering(200, body);
    (StreamOneProvider::new(recorder.client()), recorder)
}

#[tokio::test]
async fn a_subscription_of_the_reference_is_mapped_whole_and_exactly() {
    let body = format!(r#"{{"items":[{SUBSCRIPTION}],"paginationResponse":{{"totalSize":1}}}}"#);
    let (provider, _) = provider(&body).await;
    let page = provider
        .list_subscriptions(&SubscriptionQuery::default().raw(true), &PageRequest::default())
        .await
        .unwrap();
    assert_eq!((page.total, page.next.is_none()), (Some(1), true));
    let sub = page.items[0].as_ref().unwrap();
    assert_eq!(sub.id.as_str(), "310045/4500123");
    assert_eq!(sub.customer.as_str(), "310045");
    assert_eq!(sub.quantity, Some(25.into()));
    assert_eq!(sub.status, SubscriptionStatus::Active);
    assert_eq!(sub.billing_cycle, Some(BillingCycle::Monthly));
    assert_eq!(sub.commitment_term, Some(Term::YEAR));
    assert_eq!(sub.vendor_subscription_id.as_deref(), Some("5b0c6c1e-2f0e-4d7a-9a34-7f8e1c2d3b4a"));
    assert_eq!(sub.offer.as_ref().unwrap().as_str(), "Example-Suite-Standard/Monthly---Annual-Commit-n1");
    assert_eq!(sub.product.vendor.as_deref(), Some("Microsoft"));
    let cost = sub.cost.as_ref().unwrap();
    assert_eq!((cost.amount.to_string().as_str(), cost.per), ("63.845275900000000123", PricePer::Unit));
    assert_eq!((cost.currency.unwrap().as_str(), cost.period), ("USD", Some(Term::MONTH)));
    assert_eq!(sub.purchase_orders, ["RPO-1001"]);
    assert_eq!((sub.auto_renew, sub.trial, sub.detail), (Some(true), Some(false), Detail::Summary));
    assert!(sub.raw.as_ref().unwrap().get().contains("\"someDay\":\"soon\""));
}

#[test]
fn numbers_words_and_absence_are_read_in_every_form() {
    let texts = SUBSCRIPTION
        .replace("\"25\"", "25")
        .replace("\"4500123\"", "4500123")
        .replace("\"active\"", "\"ACTIVE\"");
    let one: Subscription = serde_json::from_str(SUBSCRIPTION).unwrap();
    let other: Subscription = serde_json::from_str(&texts).unwrap();
    assert_eq!(one.id, other.id);
    assert_eq!(one.subscription_total_licenses, other.subscription_total_licenses);
    assert_eq!(one.subscription_status, other.subscription_status);
    // A member that nobody knows is passed over here; the raw JSON of a listing has it.
    let empty: Subscription = serde_json::from_str("{}").unwrap();
    assert!(empty.id.is_none() && empty.resources.is_empty());
    let odd = r#"{"renewalDate":"whenever","subscriptionEndDate":null,"attributes":null,"subscriptionStatus":"Haunted"}"#;
    let odd: Subscription = serde_json::from_str(odd).unwrap();
    assert!(odd.renewal_date.is_none() && odd.attributes.is_empty());
    assert_eq!(odd.subscription_status.unwrap().as_str(), "Haunted");
}

#[tokio::test]
async fn a_bad_record_costs_one_record() {
    let body = format!(
        r#"{{"items":[{{"id":{{}}}},{SUBSCRIPTION},{{"id":"1"}}],"paginationResponse":{{"totalSize":"3"}}}}"#
    );
    let (provider, _) = provider(&body).await;
    let page =
        provider.list_subscriptions(&SubscriptionQuery::default(), &PageRequest::default()).await.unwrap();
    assert_eq!((page.items.len(), page.on_wire, page.total), (3, 3, Some(3)));
    assert_eq!(page.items[0].as_ref().unwrap_err().path, "items[0].id");
    assert!(page.items[1].is_ok());
    assert_eq!(page.items[2].as_ref().unwrap_err().path, "items[2].customerId");
}

#[tokio::test]
async fn an_order_that_failed_says_why_on_its_line() {
    let (provider, recorder) = provider(r#"{"name":"accounts/20001/customers/310045/orders/950078","status":"ERROR","errors":[{"code":"MSFT_CR_033","detail":"renewal setting missing","sourceName":"provisioning","instancePath":"/orderItems/0"}],"orderItems":[{"action":"CREATE","quantity":5,"status":"ERROR"},{"action":"CREATE","quantity":1,"status":"ACTIVE"}],"provisioningInfo":{"processId":"proc-1"}}"#).await;
    let order = provider.get_order(&"950078".into(), &ReadOptions::default()).await.unwrap();
    assert_eq!((order.id.as_str(), order.customer.as_str()), ("950078", "310045"));
    assert_eq!(order.status, OrderStatus::Partial);
    assert_eq!(order.lines[0].error.as_deref(), Some("MSFT_CR_033: renewal setting missing"));
    assert_eq!(order.lines[0].status, Some(OrderStatus::Failed));
    assert!(order.lines[1].error.is_none());
    assert_eq!(recorder.take().target, "/api/v3/accounts/20001/customers/-/orders/950078");
}

#[test]
fn a_tenants_administrator_is_not_shown() {
    let order: Order = serde_json::from_str(r#"{"orderItems":[{"attributes":[{"name":"userName","value":"admin@x"},{"name":"password","value":"hunter2"},{"name":"domainName","value":"x.example.com"}]}]}"#).unwrap();
    let shown = format!("{order:?}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("admin@x") && shown.contains("x.example.com"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_product_of_the_reference_has_its_plan_as_an_offer() {
    let (provider, _) = provider(r#"{"products":[{"name":"accounts/19990/products/ExampleSuiteNCE-demo","type":"SUBSCRIPTION_PRODUCT","marketing":{"displayName":"Example Suite NCE","description":"Seat based suite."},"definition":{"skus":[{"id":"Example-Suite-Standard","productId":"EXMP0TTC0AAA:0001","productCloudProviderName":"accounts/20001/cloudProviders/30","plans":[{"id":"Monthly---Annual-Commit-n1","billingPeriod":"MONTHLY","phases":[{"type":"UNLIMITED_PHASE","recurringPrice":{"USD":12.50}}],"mpnId":"EXMP0TTC0AAA:0001:P1Y:M","pricebookPrice":"10.625","pricebookCurrency":"USD","supportPlan":{}}]}]},"previewAuthToken":"planted"}],"nextPageToken":""}"#).await;
    let page =
        provider.list_products(&ProductQuery::default().raw(true), &PageRequest::default()).await.unwrap();
    assert!(page.next.is_none());
    let product = page.items[0].as_ref().unwrap();
    assert_eq!((product.id.as_str(), product.name.as_str()), ("ExampleSuiteNCE-demo", "Example Suite NCE"));
    assert!(!product.raw.as_ref().unwrap().get().contains("planted"));
    let offer = &product.offers[0];
    assert_eq!(offer.commitment_term, Some(Term::YEAR));
    assert_eq!(offer.cost.as_ref().unwrap().amount.to_string(), "10.625");
    assert_eq!(offer.suggested_retail.as_ref().unwrap().amount.to_string(), "12.50");
}

#[tokio::test]
async fn a_token_in_any_clothes_costs_no_page() {
    for (token, more) in [("null", false), (r#""""#, false), (r#"" ""#, false), ("7", true), (r#""7""#, true)]
    {
        let body =
            format!(r#"{{"customers":[{{"name":"accounts/1/customers/2"}}],"nextPageToken":{token}}}"#);
        let (provider, _) = provider(&body).await;
        let page = provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap();
        assert_eq!((page.items.len(), page.next.is_some()), (1, more), "{token}");
    }
}

#[tokio::test]
async fn a_success_that_carries_an_error_is_no_empty_list() {
    let (provider, _) = provider(r#"{"error":"INTERNAL_ERROR","message":"x"}"#).await;
    let error =
        provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_subscription_id_without_its_customer_is_refused_before_anything_is_sent() {
    let (provider, recorder) = provider("{}").await;
    for id in ["4500123", "", "/1", "1/", "1/2/3"] {
        let error =
            provider.get_subscription(&SubscriptionId::from(id), &ReadOptions::default()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id}");
    }
    assert!(recorder.sent().is_empty());
}

/// A record nested far deeper than any stack, once enough to end the process, on the small stack of a thread.
#[test]
fn a_bottomless_record_costs_one_record() {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let nested = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
            let deep = format!(r#"{{"name":{{}},"token":1,"x":{nested}}}"#);
            let good = r#"{"name":"accounts/20001/customers/7","customerOrganization":"Good"}"#;
            let (provider, _) = provider(&format!(r#"{{"customers":[{deep},{good}]}}"#)).await;
            for raw in [false, true] {
                let query = CustomerQuery::default().raw(raw);
                let page = provider.list_customers(&query, &PageRequest::default()).await.unwrap();
                assert_eq!(page.items.len(), 2);
                assert!(page.items[0].as_ref().unwrap_err().path.starts_with("customers[0]"));
                assert!(page.items[1].is_ok(), "{:?}", page.items[1]);
            }
        });
    });
    thread.unwrap().join().unwrap();
}
