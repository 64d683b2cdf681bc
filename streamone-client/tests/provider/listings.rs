//! Every listing, to its end, in both paging styles.

use std::collections::BTreeSet;
use std::sync::Arc;

use provider_core::model::{CustomerStatus, InvoiceSide};
use provider_core::observe::{EventKind, Observer};
use provider_core::page::UnprovenReason;
use provider_core::{
    Completeness, CustomerQuery, Delivery, ErrorKind, InvoiceQuery, OrderQuery, PageRequest, Product,
    ProductQuery, Provider as _, ProviderExt as _, ReadOptions, SubscriptionQuery, SubscriptionStatus,
};
use provider_simulator::streamone::{EnumCase, NumberStyle};
use provider_simulator::{FaultAction, FaultRule};

use crate::stage::{Heard, Stage};

#[tokio::test]
async fn every_customer_comes_once_whatever_the_page_size() {
    let stage = Stage::start().await;
    for size in [1, 7, 200, 5_000] {
        let all =
            stage.shared().customers(CustomerQuery::default()).page_size(size).collect_all().await.unwrap();
        assert_eq!(all.len(), stage.ion.customer_count(), "{size}");
        let ids: BTreeSet<_> = all.iter().map(|c| c.id.clone()).collect();
        assert_eq!(ids.len(), all.len());
    }
    stage.assert_all_listed();
}

#[tokio::test]
async fn what_get_answers_contains_what_the_list_answered() {
    let stage = Stage::start().await;
    let options = ReadOptions::default();
    for listed in stage.shared().customers(CustomerQuery::default()).limit(3).collect_all().await.unwrap() {
        let got = stage.provider.get_customer(&listed.id, &options).await.unwrap();
        assert_eq!(
            (&got.name, &got.contacts, &got.address, &got.status),
            (&listed.name, &listed.contacts, &listed.address, &listed.status)
        );
    }
    for listed in
        stage.shared().subscriptions(SubscriptionQuery::default()).limit(5).collect_all().await.unwrap()
    {
        let got = stage.provider.get_subscription(&listed.id, &options).await.unwrap();
        assert_eq!(
            (&got.id, got.quantity, &got.status, &got.cost),
            (&listed.id, listed.quantity, &listed.status, &listed.cost)
        );
        let by_vendor = format!("{}/{}", listed.customer, listed.vendor_subscription_id.unwrap());
        let same = stage.provider.get_subscription(&by_vendor.as_str().into(), &options).await.unwrap();
        assert_eq!(same.id, listed.id);
    }
    for listed in stage.shared().products(ProductQuery::default()).limit(5).collect_all().await.unwrap() {
        let got = stage.provider.get_product(&listed.id, &options).await.unwrap();
        assert_eq!((&got.name, &got.offers), (&listed.name, &listed.offers));
    }
    for listed in stage.shared().orders(OrderQuery::default()).limit(3).collect_all().await.unwrap() {
        let got = stage.provider.get_order(&listed.id, &options).await.unwrap();
        assert_eq!(
            (&got.customer, &got.status, &got.total),
            (&listed.customer, &listed.status, &listed.total)
        );
    }
    stage.assert_all_listed();
}

#[tokio::test]
async fn subscriptions_are_proven_complete_and_ended_ones_are_listed() {
    let stage = Stage::start().await;
    stage.ion.set_unstable_order(true);
    stage.ion.set_largest_page(1_000, 13);
    let listing = stage.shared().subscriptions(SubscriptionQuery::default());
    let report = listing.report();
    let all = listing.collect_all().await.unwrap();
    assert_eq!(all.len(), stage.ion.subscription_count());
    assert_eq!(report.completeness(), Completeness::Proven);
    assert!(all.iter().any(|sub| !sub.status.is_live()));
    let active = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let some = stage.shared().subscriptions(active).collect_all().await.unwrap();
    assert_eq!(some.len(), all.iter().filter(|sub| sub.status == SubscriptionStatus::Active).count());
    let deleted = SubscriptionQuery::default().status(SubscriptionStatus::Deleted);
    let gone = stage.shared().subscriptions(deleted).collect_all().await.unwrap();
    assert_eq!(gone.len(), all.iter().filter(|sub| sub.status == SubscriptionStatus::Deleted).count());
    let one = &all[0];
    let of_customer = SubscriptionQuery::default().customer(&one.customer);
    let few = stage.shared().subscriptions(of_customer).collect_all().await.unwrap();
    assert_eq!(few.len(), all.iter().filter(|sub| sub.customer == one.customer).count());
    stage.assert_all_listed();
}

#[tokio::test]
async fn a_service_that_will_not_sort_is_asked_without() {
    let stage = Stage::start().await;
    let refusal = FaultAction::status(
        http::StatusCode::BAD_REQUEST,
        r#"{"error":"INVALID_ARGUMENT","message":"sortBy"}"#,
    );
    stage
        .ion
        .faults()
        .add(FaultRule::new("GET", "/api/v3/*/subscriptions", refusal).when_query("pagination.sortBy", "id"));
    let all = stage.shared().subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
    assert_eq!(all.len(), stage.ion.subscription_count());
    let before = stage.ion.count("GET", "/api/v3/accounts/*/subscriptions");
    stage.provider.list_subscriptions(&SubscriptionQuery::default(), &PageRequest::default()).await.unwrap();
    assert_eq!(stage.ion.count("GET", "/api/v3/accounts/*/subscriptions"), before + 1);
}

#[tokio::test]
async fn the_single_read_is_tried_with_the_providers_id_where_the_internal_one_is_not_found() {
    const DETAIL: &str = "/api/v3/accounts/*/customers/*/subscriptions/*";
    let stage = Stage::start().await;
    let sub = stage.seat_subscription().await;
    let record = r#"{"error":"NOT_FOUND","message":"no such resource","code":404}"#;
    let unknown = || FaultAction::status(http::StatusCode::NOT_FOUND, record);
    // The service knows the provider's id alone.
    let body = stage.client.subscriptions().get(sub.customer.as_str(), sub.id.own(), None).await.unwrap();
    let body = serde_json::to_string(&body).unwrap();
    let internal = format!("/api/v3/accounts/*/customers/*/subscriptions/{}", sub.id.own());
    let guid = sub.vendor_subscription_id.clone().unwrap();
    stage.ion.faults().add(FaultRule::new("GET", &internal, unknown()));
    let by_guid = format!("/api/v3/accounts/*/customers/*/subscriptions/{guid}");
    let answer = FaultAction::status(http::StatusCode::OK, &body);
    stage.ion.faults().add(FaultRule::new("GET", &by_guid, answer));
    let options = ReadOptions::default();
    let before = stage.ion.count("GET", DETAIL);
    assert_eq!(stage.provider.get_subscription(&sub.id, &options).await.unwrap().id, sub.id);
    assert_eq!(stage.ion.count("GET", DETAIL), before + 2, "by its number, then by the provider's id");
    let named = format!("{}/{guid}", sub.customer);
    assert_eq!(stage.provider.get_subscription(&named.as_str().into(), &options).await.unwrap().id, sub.id);

    // What neither the single read nor the list knows is not found, whatever its id looks like.
    stage.ion.faults().clear();
    for own in ["999999999", "5b0c6c1e-0000-4d7a-9a34-7f8e1c2d3b4a"] {
        let id = format!("{}/{own}", sub.customer);
        let error = stage.provider.get_subscription(&id.as_str().into(), &options).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::NotFound, Delivery::Rejected), "{error}");
    }
    stage.assert_all_listed();
}

#[tokio::test]
async fn an_id_of_digits_may_be_the_providers() {
    const ACCOUNT: &str = "123456789012";
    let stage = Stage::start().await;
    let sub = stage.seat_subscription().await;
    let list = format!(
        r#"{{"items":[{{"id":"{}","customerId":"{}","subscriptionId":"{ACCOUNT}"}}],"paginationResponse":{{"totalSize":1}}}}"#,
        sub.id.own(),
        sub.customer
    );
    let found = FaultAction::status(http::StatusCode::OK, &list);
    stage.ion.faults().add(
        FaultRule::new("GET", "/api/v3/accounts/*/subscriptions", found)
            .when_query("subscriptionId", ACCOUNT),
    );
    let named = format!("{}/{ACCOUNT}", sub.customer);
    let got = stage.provider.get_subscription(&named.as_str().into(), &ReadOptions::default()).await.unwrap();
    assert_eq!(got.id, sub.id);
}

#[tokio::test]
async fn a_word_that_no_enum_knows_is_kept_and_told_once_an_answer() {
    let heard = Arc::new(Heard::default());
    let stage = Stage::observed(Arc::clone(&heard) as Arc<dyn Observer>).await;
    stage.ion.faults().add(FaultRule::new(
        "GET",
        "/api/v3/accounts/*/subscriptions",
        FaultAction::rewrite(|mut body| {
            for item in body["items"].as_array_mut().unwrap().iter_mut().take(3) {
                item["subscriptionStatus"] = "Haunted".into();
            }
            body
        }),
    ));
    for raw in [false, true] {
        let query = SubscriptionQuery::default().raw(raw);
        let page = stage.provider.list_subscriptions(&query, &PageRequest::default()).await.unwrap();
        let odd = page.records().filter(|sub| sub.status == SubscriptionStatus::Other("Haunted".to_owned()));
        assert_eq!(odd.count(), 3);
        let mut heard = heard.0.lock().unwrap();
        let unknown: Vec<_> = heard
            .drain(..)
            .filter_map(|what| match what {
                EventKind::UnknownValue { field, value, .. } => Some((field.into_owned(), value)),
                _ => None,
            })
            .collect();
        assert_eq!(unknown, [("SubscriptionStatus".to_owned(), "Haunted".to_owned())]);
    }
}

#[tokio::test]
async fn every_way_of_writing_numbers_and_words_gives_the_same_records() {
    let stage = Stage::start().await;
    let plain = |subs: Vec<provider_core::Subscription>| {
        subs.into_iter().map(|s| (s.id, s.status, s.quantity, s.cost, s.billing_cycle)).collect::<Vec<_>>()
    };
    let query = SubscriptionQuery::default;
    let first = plain(stage.shared().subscriptions(query()).collect_all().await.unwrap());
    let products = stage.shared().products(ProductQuery::default()).collect_all().await.unwrap();
    let orders = stage.shared().orders(OrderQuery::default()).collect_all().await.unwrap();
    for numbers in [NumberStyle::Numbers, NumberStyle::Strings, NumberStyle::Alternating] {
        for case in [EnumCase::Upper, EnumCase::Lower, EnumCase::Capitalized] {
            stage.ion.set_number_style(numbers);
            stage.ion.set_enum_case(case);
            stage.ion.set_write_empties(case == EnumCase::Lower);
            let again = plain(stage.shared().subscriptions(query()).collect_all().await.unwrap());
            assert_eq!(again, first, "{numbers:?} {case:?}");
            assert_eq!(
                stage.shared().products(ProductQuery::default()).collect_all().await.unwrap(),
                products
            );
            assert_eq!(stage.shared().orders(OrderQuery::default()).collect_all().await.unwrap(), orders);
        }
    }
}

#[tokio::test]
async fn totals_that_lie_and_cursors_that_repeat_end_the_listing() {
    let stage = Stage::start().await;
    let id = stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*", FaultAction::LieTotal(3)));
    let error = stage.shared().subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error}");
    stage.ion.faults().remove(id);
    stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*", FaultAction::RepeatCursor));
    let listing = stage.shared().customers(CustomerQuery::default()).page_size(5);
    let error = listing.collect_all().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidCursor | ErrorKind::Incomplete), "{error}");
}

#[tokio::test]
async fn filters_are_honoured_or_refused() {
    let stage = Stage::start().await;
    let active = CustomerQuery::default().status(CustomerStatus::Active);
    let all = stage.shared().customers(active).collect_all().await.unwrap();
    assert!(!all.is_empty() && all.iter().all(|c| c.status == Some(CustomerStatus::Active)));
    let page = PageRequest::default();
    for query in [
        CustomerQuery::default().search("x"),
        CustomerQuery::default().name("x"),
        CustomerQuery::default().status(CustomerStatus::Deleted),
    ] {
        assert_eq!(
            stage.provider.list_customers(&query, &page).await.unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
    let of_vendor = ProductQuery::default().vendor("Microsoft");
    let products = stage.shared().products(of_vendor).collect_all().await.unwrap();
    assert!(!products.is_empty() && products.iter().all(|p| p.vendor.as_deref() == Some("Microsoft")));
    let offer = products.iter().flat_map(|p| &p.offers).find(|o| o.commitment_term.is_some()).unwrap();
    let by_part = ProductQuery::default().sku(offer.sku.clone().unwrap());
    let found = stage.shared().products(by_part).collect_all().await.unwrap();
    assert!(found.iter().all(|p| p.offers.iter().any(|o| o.sku == offer.sku)) && !found.is_empty());
    assert_eq!(
        stage
            .provider
            .list_products(&ProductQuery::default().vendor("Nobody"), &page)
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::InvalidInput
    );
    stage.assert_all_listed();
}

#[tokio::test]
async fn a_customers_price_book_is_read_product_by_product() {
    let stage = Stage::start().await;
    let customers = stage.shared().customers(CustomerQuery::default()).collect_all().await.unwrap();
    let query = ProductQuery::default().vendor("Microsoft");
    let plain = stage.shared().products(query.clone()).collect_all().await.unwrap();
    let mut dearer = false;
    for customer in customers.iter().take(3) {
        let priced =
            stage.shared().products(query.clone().customer(&customer.id)).collect_all().await.unwrap();
        assert_eq!(priced.len(), plain.len());
        dearer |= priced.iter().zip(&plain).any(|(a, b)| a.offers != b.offers);
    }
    assert!(dearer, "some customer has prices of its own");
    stage.assert_all_listed();
}

#[tokio::test]
async fn the_page_behind_is_read_beside_the_prices_of_a_customer_and_once() {
    let stage = Stage::start().await;
    let customers = stage.shared().customers(CustomerQuery::default()).collect_all().await.unwrap();
    let all = ProductQuery::default().vendor("Microsoft");
    let plain = stage.shared().products(all.clone()).collect_all().await.unwrap();
    // Of so many, not all prices are asked for at once.
    let size = 20;
    let pages = plain.len().div_ceil(size);
    assert!(pages > 1, "{pages} pages");
    stage.ion.reset_counters();
    let query = all.customer(&customers[0].id);
    let priced = stage.shared().products(query).page_size(20).collect_all().await.unwrap();
    let ids = |products: &[Product]| products.iter().map(|p| p.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&priced), ids(&plain));
    // One call for each page, and one for each product of it.
    let requests = stage.ion.requests();
    let lists: Vec<_> = requests.iter().enumerate().filter(|(_, r)| r.path.ends_with("/products")).collect();
    assert_eq!((lists.len(), requests.len()), (pages, pages + plain.len()));
    let position = |n: usize| lists[n].0;
    assert!(position(1) < position(0) + size, "the second page waited for the prices of the first");
    stage.assert_all_listed();
}

#[tokio::test]
async fn invoices_of_both_sides_are_listed_apart() {
    let stage = Stage::start().await;
    let listing = stage.shared().invoices(InvoiceQuery::default()).page_size(2);
    let report = listing.report();
    let all = listing.collect_all().await.unwrap();
    assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::NoTotal));
    assert!(all.iter().any(|i| i.side == InvoiceSide::Payable));
    for side in [InvoiceSide::Payable, InvoiceSide::Receivable] {
        let some = stage.shared().invoices(InvoiceQuery::default().side(side)).collect_all().await.unwrap();
        assert_eq!(some.len(), all.iter().filter(|i| i.side == side).count());
        assert!(some.iter().all(|i| i.side == side && i.total.is_some() && i.period.is_some()));
    }
    stage.assert_all_listed();
}

#[tokio::test]
async fn a_price_that_is_refused_costs_its_product() {
    const ONE: &str = "/api/v3/accounts/*/products/*";
    let stage = Stage::start().await;
    let customers = stage.shared().customers(CustomerQuery::default()).collect_all().await.unwrap();
    let (query, request) = (ProductQuery::default().customer(&customers[0].id), PageRequest::default());
    let refusal = |code: u16, said: &str| {
        let body = format!(r#"{{"error":"INVALID_ARGUMENT","message":"{said}"}}"#);
        FaultRule::new("GET", ONE, FaultAction::status(http::StatusCode::from_u16(code).unwrap(), body))
    };
    for code in [400, 403, 404, 422] {
        stage.ion.faults().add(refusal(code, "no price for it").once());
        let page = stage.provider.list_products(&query, &request).await.unwrap();
        let bad: Vec<_> = page.items.iter().filter_map(|item| item.as_ref().err()).collect();
        assert_eq!(bad.len(), 1, "{code}: {bad:?}");
        let id = bad[0].id.as_deref().unwrap();
        assert!(bad[0].reason.contains(id) && bad[0].reason.contains("no price for it"), "{code}: {bad:?}");
        assert!(page.records().count() > 1, "{code}");
    }
    // What is about the customer, or about every product, is about the listing.
    stage.ion.faults().add(refusal(400, "priceBookCustomerId is not known").once());
    let error = stage.provider.list_products(&query, &request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    for (code, kind) in [(422, ErrorKind::InvalidInput), (403, ErrorKind::PermissionDenied)] {
        let rule = stage.ion.faults().add(refusal(code, "no price for it"));
        let error = stage.provider.list_products(&query, &request).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        stage.ion.faults().remove(rule);
    }
}
