//! What records mean, by the answers as they stand on the wire: money, days, states and what is not shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use pax8_client::api::WebhookFilterBy;
use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::model::{Entity, InvoiceKind};
use provider_core::page::UnprovenReason;
use provider_core::{
    BillingCycle, Completeness, Currency, CustomerQuery, Delivery, ErrorKind, IdempotencyKey,
    InvoiceLineQuery, InvoiceQuery, Listing, NewOrder, NewOrderLine, OrderQuery, PageRequest, Period,
    PlaceOrder, ProductQuery, Provider, ProviderExt as _, SubscriptionQuery, SubscriptionStatus, Term,
    UsageQuery, WriteOptions, async_trait,
};
use provider_http::{Body, RateLimit, Transport, TransportError};

type Answers = dyn Fn(&str, &str) -> (u16, Vec<u8>) + Send + Sync;

const TOKEN: &[u8] = br#"{"access_token":"EXAMPLE","expires_in":86400,"token_type":"Bearer"}"#;

/// Answers by method and target.
struct Wire(Box<Answers>);

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let target = request.uri().path_and_query().unwrap().to_string();
        let (status, body) = if target.ends_with("/token") {
            (200, [b"\xEF\xBB\xBF".as_slice(), TOKEN].concat())
        } else {
            (self.0)(request.method().as_str(), &target)
        };
        let mut response = http::Response::new(Body::from_bytes(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        Ok(response)
    }
}

fn answering(answers: impl Fn(&str, &str) -> (u16, Vec<u8>) + Send + Sync + 'static) -> Arc<Pax8Provider> {
    let config = Pax8Config::new("id", "secret".to_owned())
        .with_base_url("https://pax8.example.com")
        .with_currency(Currency::new("USD").unwrap());
    let client = Pax8Client::builder(config.clone())
        .rate(RateLimit::unlimited())
        .transport(Arc::new(Wire(Box::new(answers))))
        .build()
        .unwrap();
    Arc::new(Pax8Provider::new(client, &config))
}

fn rows(content: &str, total: usize) -> (u16, Vec<u8>) {
    let body = format!(
        r#"{{"content":[{content}],"page":{{"size":200,"totalElements":{total},"totalPages":1,"number":0}}}}"#
    );
    (200, body.into_bytes())
}

fn listing(content: &'static str, total: usize) -> Arc<Pax8Provider> {
    answering(move |_, _| rows(content, total))
}

async fn all<T: Entity>(mut listing: Listing<T>) -> (Vec<T>, Vec<String>, Completeness) {
    let report = listing.report();
    let (mut records, mut bad) = (Vec::new(), Vec::new());
    while let Some(record) = listing.next().await {
        match record {
            Ok(record) => records.push(record),
            Err(error) if error.is_item() => bad.push(error.to_string()),
            Err(error) => panic!("{error}"),
        }
    }
    (records, bad, report.completeness())
}

#[tokio::test]
async fn a_filter_loses_nothing_that_fits() {
    let provider = listing(
        r#"{"id":"a","companyId":"c","vendorSubscriptionId":"5B0C-EXAMPLE"},{"id":"b","companyId":"c"}"#,
        2,
    );
    let query = SubscriptionQuery::default().vendor_subscription_id("5b0c-example");
    let (found, bad, completeness) = all(provider.subscriptions(query)).await;
    assert_eq!(found.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert!(bad.is_empty() && completeness.is_proven(), "{bad:?}");

    let provider = listing(r#"{"id":"u","partnerTotal":5},{"id":"w","companyId":"d","partnerTotal":5}"#, 2);
    let query = UsageQuery::default().subscription("s").customer("c");
    let (found, bad, _) = all(provider.usage(query)).await;
    let told: Vec<_> = found.iter().map(|one| (one.id.clone(), one.customer.clone())).collect();
    assert_eq!((told, bad), (vec![(Some("u".into()), Some("c".into()))], Vec::new()));
}

#[tokio::test]
async fn a_trial_is_a_trial_however_it_is_told_and_days_are_kept() {
    let provider = listing(
        r#"{"id":"a","companyId":"c","status":"Active","billingTerm":"Trial","quantity":1,"endDate":"2020-11-18","createdDate":"2020-10-18"},
           {"id":"b","companyId":"c","status":"ACTIVE","billingTerm":"monthly","quantity":"2.0","price":5,"currencyCode":"NOK"},
           {"id":"d","companyId":"c","status":"PendingCancel","quantity":null,"endDate":1605657600000}"#,
        3,
    );
    let (records, bad, completeness) = all(provider.subscriptions(SubscriptionQuery::default())).await;
    assert!(bad.is_empty() && completeness.is_proven(), "{bad:?}");
    let told: Vec<_> = records.iter().map(|one| (one.status.clone(), one.trial)).collect();
    assert_eq!(
        told,
        [
            (SubscriptionStatus::Trial, Some(true)),
            (SubscriptionStatus::Active, Some(false)),
            (SubscriptionStatus::PendingCancellation, Some(false)),
        ]
    );
    assert_eq!(records[0].ends_at.unwrap().to_string(), "2020-11-18 00:00:00 UTC");
    assert_eq!(records[0].created_at.unwrap().to_string(), "2020-10-18 00:00:00 UTC");
    assert_eq!(records[2].ends_at, records[0].ends_at);
    assert_eq!(records[2].quantity, None);
    assert_eq!(records[1].billing_cycle, Some(BillingCycle::Monthly));
    let price = records[1].customer_price.clone().unwrap();
    assert_eq!((price.period, price.currency), (Some(Term::MONTH), Currency::new("NOK").ok()));
    for (status, ids) in [(SubscriptionStatus::Trial, ["a"]), (SubscriptionStatus::Active, ["b"])] {
        let (found, _, _) = all(provider.subscriptions(SubscriptionQuery::default().status(status))).await;
        assert_eq!(found.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ids);
    }
}

#[tokio::test]
async fn a_currency_is_the_one_that_was_sent_or_none() {
    let provider = listing(
        r#"{"id":"1","total":1,"currencyCode":"EURO"},{"id":"2","total":0e999999999},{"id":"3","total":1e29},{"id":"4","total":1,"currencyCode":{}}"#,
        4,
    );
    let (records, bad, _) = all(provider.invoices(InvoiceQuery::default())).await;
    let totals: Vec<_> = records.into_iter().map(|one| one.total.unwrap()).collect();
    assert_eq!((totals[0].currency, totals[0].currency_as_sent.as_deref()), (None, Some("EURO")));
    assert_eq!((totals[1].amount, totals[1].currency), (0.into(), Currency::new("USD").ok()));
    assert_eq!(bad.len(), 2, "{bad:?}");
    assert!(bad[0].contains("content[2].total") && bad[1].contains("content[3].currencyCode"), "{bad:?}");
}

#[tokio::test]
async fn the_lines_of_every_draft_come() {
    let provider = answering(|_, target| {
        let number = if target.contains("monthOffset=0") { 19 } else { 2 };
        rows(&vec![r#"{"type":"subscription","amountDue":1}"#; number].join(","), number)
    });
    let drafts = all(provider.invoices(InvoiceQuery::default().kind(InvoiceKind::Draft))).await.0;
    let (lines, bad, _) =
        all(provider.invoice_lines(InvoiceLineQuery::default().kind(InvoiceKind::Draft))).await;
    assert!(bad.is_empty(), "{bad:?}");
    for (draft, number) in drafts.iter().zip([19, 2]) {
        assert_eq!(lines.iter().filter(|line| line.invoice == draft.id).count(), number, "{}", draft.id);
    }
}

#[tokio::test]
async fn an_invoice_without_lines_costs_its_own_alone() {
    let provider = answering(|_, target| {
        if target.contains("/lost/items") {
            return (404, Vec::new());
        }
        if target.contains("/items") {
            return rows(r#"{"id":"l","amountDue":1}"#, 1);
        }
        let number = if target.contains("page=1") { 1 } else { 0 };
        let id = ["lost", "kept"][number];
        let body = format!(
            r#"{{"content":[{{"id":"{id}"}}],"page":{{"size":1,"totalElements":2,"totalPages":2,"number":{number}}}}}"#
        );
        (200, body.into_bytes())
    });
    let (lines, bad, _) = all(provider.invoice_lines(InvoiceLineQuery::default())).await;
    assert_eq!((lines.len(), bad.len()), (1, 1), "{bad:?}");
    assert!(bad[0].contains("invoice lost") && bad[0].contains("pax8"), "{bad:?}");
}

#[tokio::test]
async fn orders_that_wait_for_their_day_are_said_to_be_missing() {
    let (_, _, completeness) = all(listing("", 0).orders(OrderQuery::default())).await;
    assert_eq!(completeness, Completeness::Unproven(UnprovenReason::Hidden));
}

#[tokio::test]
async fn a_refusal_is_told_in_the_vendors_words() {
    for (body, said) in [
        (r#"{"detail":"Quantity is too small","status":422}"#, "Quantity is too small"),
        (r#"{"errors":[{"field":"quantity","defaultMessage":"must be positive"}]}"#, "must be positive"),
        ("Company has no billing contact", "Company has no billing contact"),
    ] {
        let provider = answering(move |_, _| (422, body.as_bytes().to_vec()));
        let error = provider.list_orders(&OrderQuery::default(), &PageRequest::default()).await.unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        let field = error.violations().first().map(|violation| violation.field.clone());
        assert_eq!(field.as_deref() == Some("quantity"), body.contains("field"), "{field:?}");
    }
}

#[tokio::test]
async fn an_order_refused_with_the_status_of_a_success_is_unknown_and_says_why() {
    let provider = answering(|method, target| match (method, target) {
        ("POST", _) => (200, br#"{"status":"ERROR","message":"credit limit exceeded"}"#.to_vec()),
        (_, target) if target.contains("/companies/") => {
            (200, br#"{"id":"c","name":"Harbor","status":"Active"}"#.to_vec())
        }
        (_, target) if target.contains("/pricing") => rows(
            r#"{"billingTerm":"Monthly","rates":[{"partnerBuyRate":5,"suggestedRetailPrice":6,"startQuantityRange":1}]}"#,
            1,
        ),
        (_, target) if target.contains("/dependencies") => (200, b"{}".to_vec()),
        (_, target) if target.contains("/provision-details") => rows("", 0),
        _ => (200, br#"{"id":"p","name":"Suite"}"#.to_vec()),
    });
    let order = NewOrder::new("c").line(NewOrderLine::new("p", 1));
    let options = WriteOptions::new(IdempotencyKey::derive("facts", ["order"]));
    let error = provider.execute(&PlaceOrder::new(order).into(), &options).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Decode, Delivery::Unknown), "{error}");
    assert!(error.to_string().contains("credit limit exceeded"), "{error}");
}

#[tokio::test]
async fn an_unknown_customer_is_named_by_its_field() {
    let provider = answering(|_, _| (404, Vec::new()));
    let order = NewOrder::new("nobody").line(NewOrderLine::new("p", 1));
    let options = WriteOptions::new(IdempotencyKey::derive("facts", ["nobody"]));
    let error = provider.plan(&PlaceOrder::new(order).into(), &options).await.unwrap_err();
    assert_eq!(
        error.violations().first().map(|violation| violation.field.as_str()),
        Some("customer"),
        "{error}"
    );
}

#[tokio::test]
async fn a_webhook_without_a_limit_is_kept() {
    let provider = listing(r#"{"id":"w","displayName":"w","errorThreshold":-1}"#, 1);
    let listed = provider
        .client()
        .webhooks()
        .list(WebhookFilterBy::default().page(pax8_client::PageOf::first(10)))
        .await
        .unwrap();
    let webhook = listed.items[0].as_ref().unwrap();
    assert_eq!(webhook.error_threshold, Some(-1));
}

#[tokio::test]
async fn usage_that_cannot_be_had_costs_its_own_alone() {
    let provider = answering(|_, target| {
        if target.starts_with("/v1/subscriptions?") {
            return rows(
                r#"{"id":"seats","companyId":"c"},{"id":"","companyId":"c"},{"id":"odd","companyId":"c"},{"id":"metered","companyId":"c"}"#,
                4,
            );
        }
        if target.contains("/seats/") {
            return (422, br#"{"message":"no usage product"}"#.to_vec());
        }
        if target.contains("/odd/") {
            return (200, b"{}".to_vec());
        }
        rows(r#"{"id":"u","subscriptionId":"metered","partnerTotal":5}"#, 1)
    });
    let (records, bad, completeness) = all(provider.usage(UsageQuery::default())).await;
    let of: Vec<_> = records.iter().map(|one| one.subscription.as_ref().unwrap().as_str()).collect();
    assert_eq!(of, ["metered"], "{bad:?}");
    assert_eq!(bad.len(), 3, "{bad:?}");
    assert!(bad[0].contains("seats") && bad[0].contains("no usage product"), "{bad:?}");
    assert!(!completeness.is_proven());
}

#[tokio::test]
async fn a_day_of_a_summary_that_cannot_be_had_is_told() {
    let provider = answering(|_, target| {
        if target.contains("/usage-summaries?") {
            return rows(r#"{"id":"gone"},{"id":" "},{"id":"kept"}"#, 3);
        }
        if target.contains("/gone/") {
            return (404, Vec::new());
        }
        rows(r#"{"usageDate":"2026-03-01","partnerTotal":5}"#, 1)
    });
    let day: chrono::NaiveDate = "2026-03-01".parse().unwrap();
    let query = UsageQuery::default().subscription("s").period(Period::inclusive_days(day, day).unwrap());
    let page = provider.list_usage(&query, &PageRequest::default()).await.unwrap();
    assert_eq!(page.items.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, false, true], "{page:?}");
    assert!(page.items[0].as_ref().unwrap_err().reason.contains("summary gone"), "{page:?}");
}

/// Seats have no usage. Asking for it day by day took three hundred calls for the months of ten subscriptions.
#[tokio::test]
async fn what_has_no_summary_is_asked_about_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let provider = answering(move |_, target| {
        assert!(target.contains("/usage-summaries?"), "{target}");
        counted.fetch_add(1, Ordering::SeqCst);
        rows("", 0)
    });
    let days = |day: &str| day.parse::<chrono::NaiveDate>().unwrap();
    let period = Period::inclusive_days(days("2026-01-01"), days("2026-03-31")).unwrap();
    let (records, bad, _) = all(provider.usage(UsageQuery::default().subscription("s").period(period))).await;
    assert_eq!((records.len(), bad.len(), asked.load(Ordering::SeqCst)), (0, 0, 1));
}

#[tokio::test]
async fn contacts_that_cannot_be_read_cost_their_company() {
    let provider = answering(|_, target| {
        if target.contains("/odd/contacts") {
            return (200, b"{}".to_vec());
        }
        if target.contains("/contacts") {
            return rows(r#"{"id":"k","email":"it@harbor.example.com"}"#, 1);
        }
        rows(
            r#"{"id":"odd","name":"Pier","status":"Active"},{"id":"c","name":"Harbor","status":"Active"}"#,
            2,
        )
    });
    let query = CustomerQuery::default().with_contacts(true);
    let page = provider.list_customers(&query, &PageRequest::default()).await.unwrap();
    let odd = page.items[0].as_ref().unwrap_err();
    assert_eq!((odd.path.as_str(), odd.id.as_deref()), ("contacts", Some("odd")));
    assert_eq!(page.items[1].as_ref().unwrap().contacts.len(), 1);
}

#[tokio::test]
async fn contacts_and_prices_that_are_refused_cost_their_record() {
    for status in [400, 405, 422] {
        let provider = answering(move |_, target| {
            if target.contains("/odd/") {
                return (status, br#"{"message":"not for this one"}"#.to_vec());
            }
            if target.contains("/contacts") {
                return rows(r#"{"id":"k","email":"it@harbor.example.com"}"#, 1);
            }
            if target.contains("/pricing") {
                return rows(
                    r#"{"billingTerm":"Monthly","rates":[{"partnerBuyRate":5,"startQuantityRange":1}]}"#,
                    1,
                );
            }
            rows(
                r#"{"id":"odd","name":"Pier","status":"Active"},{"id":"p","name":"Harbor","status":"Active"}"#,
                2,
            )
        });
        let request = PageRequest::default();
        let query = CustomerQuery::default().with_contacts(true);
        let customers = provider.list_customers(&query, &request).await.unwrap();
        assert_eq!(customers.items[1].as_ref().unwrap().contacts.len(), 1, "{status}");
        let query = ProductQuery::default().with_offers(true);
        let products = provider.list_products(&query, &request).await.unwrap();
        assert_eq!(products.items[1].as_ref().unwrap().offers.len(), 1, "{status}");
        let refused = [
            (customers.items[0].as_ref().unwrap_err(), "contacts", "the contacts of company odd"),
            (products.items[0].as_ref().unwrap_err(), "offers", "the prices of product odd"),
        ];
        for (odd, path, call) in refused {
            assert_eq!((odd.path.as_str(), odd.id.as_deref()), (path, Some("odd")), "{status}");
            assert!(odd.reason.contains(call) && odd.reason.contains("not for this one"), "{odd:?}");
        }
    }
}

/// A company that is named for all products alike, and a right that is missing, are about the listing.
#[tokio::test]
async fn prices_that_are_refused_for_another_reason_end_the_page() {
    for (status, said, kind) in [
        (400, "Invalid input: no such one, field: companyId", ErrorKind::InvalidInput),
        (403, "not for this one", ErrorKind::PermissionDenied),
    ] {
        let provider = answering(move |_, target| {
            if target.contains("/pricing") {
                return (status, format!(r#"{{"message":"{said}"}}"#).into_bytes());
            }
            rows(r#"{"id":"p","name":"Suite"},{"id":"q","name":"Sail"}"#, 2)
        });
        let query = ProductQuery::default().with_offers(true).customer("c");
        let error = provider.list_products(&query, &PageRequest::default()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}: {error}");
    }
}

#[tokio::test]
async fn an_empty_word_is_none() {
    let provider = listing(
        r#"{"id":"a","companyId":"c","name":"Harbor","status":"","billingTerm":" ","price":5,"quantity":1}"#,
        1,
    );
    let request = PageRequest::default();
    let listed = provider.list_subscriptions(&SubscriptionQuery::default(), &request).await.unwrap();
    let subscription = listed.items[0].as_ref().unwrap();
    assert_eq!((&subscription.status, subscription.trial), (&SubscriptionStatus::default(), None));
    assert_eq!(subscription.billing_cycle, None);
    let listed = provider.list_customers(&CustomerQuery::default(), &request).await.unwrap();
    assert_eq!(listed.items[0].as_ref().unwrap().status, None);
    let listed = provider.list_invoices(&InvoiceQuery::default(), &request).await.unwrap();
    assert_eq!(listed.items[0].as_ref().unwrap().status, None);
}

#[tokio::test]
async fn a_price_whose_commitment_is_empty_text_can_be_bought_with_one() {
    for text in [r#""""#, r#""N/A""#, "null"] {
        let provider = answering(move |method, target| match (method, target) {
            ("POST", _) => (200, br#"{"companyId":"c"}"#.to_vec()),
            (_, target) if target.contains("/companies/") => {
                (200, br#"{"id":"c","name":"Harbor","status":"Active"}"#.to_vec())
            }
            (_, target) if target.contains("/pricing") => rows(
                &format!(
                    r#"{{"billingTerm":"Monthly","commitmentTerm":{text},"rates":[{{"partnerBuyRate":5,"startQuantityRange":1}}]}}"#
                ),
                1,
            ),
            (_, target) if target.contains("/dependencies") => {
                (200, br#"{"commitmentDependencies":[{"id":"k","term":"1-Year"}]}"#.to_vec())
            }
            (_, target) if target.contains("/provision-details") => rows("", 0),
            _ => (200, br#"{"id":"p","name":"Suite","requiresCommitment":true}"#.to_vec()),
        });
        let order = NewOrder::new("c").line(NewOrderLine::new("p", 1));
        let options = WriteOptions::new(IdempotencyKey::derive("facts", ["committed"]));
        let plan = provider.plan(&PlaceOrder::new(order).into(), &options).await;
        assert_eq!(plan.map(|plan| plan.changes.len()).map_err(|e| e.to_string()), Ok(1), "{text}");
    }
}
