//! Listings: proofs, bad records, limits, points to go on from, over HTTP and in memory alike.

use std::error::Error as _;
use std::sync::Arc;

use provider_core::model::CustomerStatus;
use provider_core::page::{ResumePoint, UnprovenReason};
use provider_core::{
    Advice, Completeness, Customer, CustomerQuery, Delivery, EntityKind, ErrorKind, ItemError, Listing,
    MemoryProvider, Operation, Provider, ProviderExt as _, Services, SubscriptionQuery,
};
use serde_json::json;

use crate::acme::Acme;
use crate::shop::{CLIENT_SECRET, Shop, Trouble};

fn acme(name: &str, shop: &Shop) -> Arc<dyn Provider> {
    Arc::new(Acme::new(name, shop, CLIENT_SECRET, &Services::default()).unwrap())
}

fn memory() -> Arc<dyn Provider> {
    let customers = [("A-1", "Example Bakery"), ("A-2", "Example Dental"), ("A-3", "Harbor Supplies")];
    let customers = customers.map(|(id, name)| Customer::new(id, name));
    Arc::new(MemoryProvider::new("main").with_page_size(2).with_customers(customers))
}

async fn ids(listing: Listing<Customer>) -> Vec<String> {
    listing.collect_all().await.unwrap().into_iter().map(|customer| customer.id.to_string()).collect()
}

#[tokio::test]
async fn a_listing_ends_with_a_proof() {
    let shop = Shop::open();
    for provider in [acme("main", &shop), memory()] {
        let mut customers = provider.customers(CustomerQuery::default()).page_size(2).prefetch(4);
        let report = customers.report();
        assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::Unfinished));
        let mut names = Vec::new();
        while let Some(customer) = customers.next().await {
            names.push(customer.unwrap().name);
        }
        drop(customers);
        assert_eq!(names, ["Example Bakery", "Example Dental", "Harbor Supplies"]);
        assert_eq!(report.completeness(), Completeness::Proven);
        assert!(report.completeness().is_proven());
        assert_eq!((report.pages(), report.received(), report.records()), (2, 3, 3));
        assert_eq!((report.bad(), report.duplicates(), report.declared()), (0, 0, Some(3)));
    }
    assert_eq!(shop.tokens(), 1, "one token for all pages");
}

#[tokio::test]
async fn ended_records_come_and_unknown_words_are_kept() {
    let customers =
        acme("main", &Shop::open()).customers(CustomerQuery::default()).collect_all().await.unwrap();
    let states: Vec<_> = customers.into_iter().filter_map(|customer| customer.status).collect();
    let unknown = CustomerStatus::Other("under review".to_owned());
    assert_eq!(states, [CustomerStatus::Active, CustomerStatus::Deleted, unknown]);
}

#[tokio::test]
async fn a_bad_record_costs_itself_and_is_named_without_what_it_echoes() {
    let shop = Shop::open();
    shop.add_customer(json!({"id": "A-4", "name": 7, "state": "open", "note": CLIENT_SECRET}));
    let mut customers = acme("main", &shop).customers(CustomerQuery::default());
    let report = customers.report();
    let (mut good, mut bad) = (0, Vec::new());
    while let Some(customer) = customers.next().await {
        match customer {
            Ok(_) => good += 1,
            Err(error) if error.is_item() => bad.push(error),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((good, bad.len(), report.received(), report.bad()), (3, 1, 4, 1));
    let error = &bad[0];
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Decode, Some(Operation::List(EntityKind::Customer)))
    );
    let item = error.source().and_then(|source| source.downcast_ref::<ItemError>()).unwrap();
    assert_eq!((item.path.as_str(), item.id.as_deref()), ("items[3].name", Some("A-4")));
    let raw = item.raw.as_ref().unwrap();
    assert!(raw.get().contains("A-4") && !raw.get().contains(CLIENT_SECRET), "{}", raw.get());
    assert!(!format!("{error} {error:?} {item} {item:?}").contains(CLIENT_SECRET));
    // It is known which record is missing, so nothing else is.
    assert_eq!(report.completeness(), Completeness::Proven);
    let first = acme("main", &shop).customers(CustomerQuery::default()).collect_all().await.unwrap_err();
    assert!(first.is_item(), "{first}");
}

#[tokio::test]
async fn a_bad_record_without_an_id_leaves_the_listing_unproven() {
    let shop = Shop::open();
    shop.add_customer(json!({"name": "Pier", "state": "open"}));
    let mut customers = acme("main", &shop).customers(CustomerQuery::default());
    let report = customers.report();
    while customers.next().await.is_some() {}
    assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::BadRecord));
    assert_eq!((report.received(), report.declared()), (4, Some(4)));
}

#[tokio::test]
async fn fewer_records_than_declared_end_a_listing_with_an_error() {
    let shop = Shop::open();
    let body = json!({"items": [{"id": "A-1", "name": "Example Bakery", "state": "open"}], "total": 5});
    let json_body = vec![("content-type", "application/json")];
    shop.read_fails(Trouble::Refused(200, json_body, body.to_string()));
    let mut customers = acme("main", &shop).customers(CustomerQuery::default());
    let report = customers.report();
    assert_eq!(customers.next().await.unwrap().unwrap().name, "Example Bakery");
    let error = customers.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.advice(), error.is_item()),
        (ErrorKind::Incomplete, Advice::Backoff, false)
    );
    assert_eq!(error.provider(), Some("acme"));
    assert!(customers.next().await.is_none());
    assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::Failed));
}

#[tokio::test]
async fn a_limit_is_a_beginning_and_no_proof() {
    for provider in [acme("main", &Shop::open()), memory()] {
        let customers = provider.customers(CustomerQuery::default()).page_size(1).limit(2);
        let report = customers.report();
        assert_eq!(ids(customers).await, ["A-1", "A-2"]);
        assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::Limited));
        assert_eq!(report.records(), 2);
    }
}

#[tokio::test]
async fn another_process_goes_on_from_a_stored_point_and_skips_nothing() {
    let shop = Shop::open();
    for (first, second) in [(acme("main", &shop), acme("main", &shop)), (memory(), memory())] {
        let mut pages = first.customers(CustomerQuery::default()).page_size(1).pages();
        let (page, point) = pages.next().await.unwrap().unwrap();
        assert_eq!(page.records().map(|customer| customer.id.as_str()).collect::<Vec<_>>(), ["A-1"]);
        assert_eq!(page.total, Some(3));
        drop(pages);
        let stored = serde_json::to_string(&point).unwrap();

        let point: ResumePoint = serde_json::from_str(&stored).unwrap();
        let rest = second.customers(CustomerQuery::default()).resume_from(point);
        let report = rest.report();
        assert_eq!(ids(rest).await, ["A-2", "A-3"]);
        assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::Resumed));
    }
}

#[tokio::test]
async fn a_point_taken_inside_a_page_repeats_it_and_one_at_the_end_leaves_nothing() {
    for provider in [acme("main", &Shop::open()), memory()] {
        let mut customers = provider.customers(CustomerQuery::default()).page_size(2);
        for _ in 0..3 {
            customers.next().await.unwrap().unwrap();
        }
        // A-3 is the first record of the second page, which is being handed out.
        let point = customers.resume_point();
        assert!(!point.is_end());
        let again = provider.customers(CustomerQuery::default()).resume_from(point);
        assert_eq!(ids(again).await, ["A-3"]);

        let mut pages = provider.customers(CustomerQuery::default()).page_size(2).pages();
        let mut last = None;
        while let Some(page) = pages.next().await {
            last = Some(page.unwrap().1);
        }
        assert!(pages.report().completeness().is_proven());
        let last = last.unwrap();
        assert!(last.is_end());
        let mut nothing = provider.customers(CustomerQuery::default()).resume_from(last);
        assert!(nothing.next().await.is_none());
    }
}

#[tokio::test]
async fn a_point_of_another_connection_query_or_kind_is_refused() {
    let shop = Shop::open();
    let main = acme("main", &shop);
    let mut pages = main.customers(CustomerQuery::default()).page_size(1).pages();
    let (_, point) = pages.next().await.unwrap().unwrap();
    drop(pages);
    let before = shop.calls();
    let second = acme("second", &shop);
    let connection =
        second.customers(CustomerQuery::default()).resume_from(point.clone()).collect_all().await;
    let named = CustomerQuery::default().name("Example Bakery");
    let query = main.customers(named).resume_from(point.clone()).collect_all().await;
    let kind = main.subscriptions(SubscriptionQuery::default()).resume_from(point).collect_all().await;
    for error in [connection.unwrap_err(), query.unwrap_err(), kind.unwrap_err()] {
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::InvalidCursor, Delivery::NotSent),
            "{error}"
        );
    }
    assert_eq!(shop.calls(), before, "nothing was asked");
}

#[tokio::test]
async fn a_filter_that_would_be_ignored_is_refused_before_anything_is_sent() {
    let shop = Shop::open();
    let filtered = CustomerQuery::default().name("Example Bakery").status(CustomerStatus::Active);
    let error = acme("main", &shop).customers(filtered).next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::NotSent));
    let mut fields: Vec<_> = error.violations().iter().map(|violation| violation.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["name", "status"]);
    assert_eq!(shop.calls(), 0);
}

#[tokio::test]
async fn a_records_own_json_comes_when_asked_for() {
    let provider = acme("main", &Shop::open());
    for (raw, wanted) in [(false, false), (true, true)] {
        let customers = provider.customers(CustomerQuery::default().raw(raw)).collect_all().await.unwrap();
        assert!(customers.iter().all(|customer| customer.raw.is_some() == wanted));
    }
}
