//! Listings over sources that promise more for ever: each ends, with an error, after few requests.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use provider_core::clock::BoxFuture;
use provider_core::model::Raw;
use provider_core::page::UnprovenReason;
use provider_core::{
    Completeness, Cursor, Customer, CustomerQuery, Error, ErrorKind, ItemError, Listing, Page, PageRequest,
    ProviderInfo, Result, UsageQuery, UsageRecord,
};

const SIZE: u64 = 100;

fn number(request: &PageRequest) -> u64 {
    request.cursor.as_ref().map_or(0, |cursor| cursor.as_str().parse().unwrap())
}

/// What follows page `n` for a service that never stops promising.
fn promise<T>(mut page: Page<T>, n: u64, ahead: bool) -> Page<T> {
    page.next = Some(Cursor::new((n + 1).to_string()));
    if ahead {
        page.ahead = (n + 2..n + 18).map(|n| Cursor::new(n.to_string())).collect();
    }
    page
}

fn customers(ids: impl Iterator<Item = u64>) -> Page<Customer> {
    Page::new(ids.map(|id| Customer::new(id.to_string(), "Bakery")).collect())
}

struct Outcome {
    records: u64,
    requests: u64,
    error: Option<Error>,
}

async fn run<T, Q>(
    query: &Q,
    prefetch: usize,
    source: impl Fn(u64) -> Page<T> + Send + Sync + 'static,
) -> Outcome
where
    T: provider_core::model::Entity,
    Q: provider_core::Query<Item = T>,
{
    let requests = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&requests);
    let source = Arc::new(source);
    let fetch = Arc::new(move |request: PageRequest| -> BoxFuture<Result<Page<T>>> {
        counter.fetch_add(1, Ordering::SeqCst);
        let source = Arc::clone(&source);
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(source(number(&request)))
        })
    });
    let info = ProviderInfo::new("hostile", "main");
    let mut listing = Listing::new(&info, query, fetch).prefetch(prefetch);
    let report = listing.report();
    let (mut records, mut error) = (0, None);
    while let Some(item) = listing.next().await {
        match item {
            Ok(_) => records += 1,
            Err(bad) if bad.is_item() => {}
            Err(ended) => error = Some(ended),
        }
        assert!(requests.load(Ordering::SeqCst) < 20_000, "it asks for ever");
    }
    if error.is_some() {
        assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::Failed));
    }
    assert!(listing.next().await.is_none());
    Outcome { records, requests: requests.load(Ordering::SeqCst), error }
}

fn assert_stopped(outcome: &Outcome, records: u64, most_requests: u64, words: &str) {
    let error = outcome.error.as_ref().unwrap();
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error}");
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(outcome.records, records);
    assert!(outcome.requests <= most_requests, "{} requests", outcome.requests);
}

#[tokio::test]
async fn the_same_page_for_every_number_ends_the_listing() {
    for prefetch in [1, 4, 16] {
        for ahead in [false, true] {
            for total in [None, Some(1_000_000)] {
                let outcome = run(&CustomerQuery::default(), prefetch, move |n| {
                    let mut page = customers(0..SIZE);
                    page.total = total;
                    promise(page, n, ahead)
                })
                .await;
                assert_stopped(&outcome, SIZE, 2 + 16, "had all come before");
            }
        }
    }
}

/// Three pages, and then the first again.
#[tokio::test]
async fn pages_in_a_circle_end_the_listing() {
    let circle = |n: u64| promise(customers((n % 3) * SIZE..(n % 3 + 1) * SIZE), n, false);
    let outcome = run(&CustomerQuery::default(), 4, circle).await;
    assert_stopped(&outcome, 3 * SIZE, 6, "had all come before");
}

/// Two cursors that lead to each other, for a service that pages by cursors: neither is followed twice.
#[tokio::test]
async fn cursors_that_alternate_end_the_listing() {
    for prefetch in [1, 4, 16] {
        let outcome = run(&CustomerQuery::default(), prefetch, |n| {
            let mut page = customers(n * SIZE..(n + 1) * SIZE);
            page.next = Some(Cursor::new(if n == 1 { "2" } else { "1" }));
            page
        })
        .await;
        assert_stopped(&outcome, 3 * SIZE, 4, "the same page cursor twice");
    }
}

/// One new record on each page of old ones, against a total that was reached long ago.
#[tokio::test]
async fn a_trickle_beyond_the_total_ends_the_listing() {
    let outcome = run(&CustomerQuery::default(), 4, |n| {
        let mut page = customers((0..SIZE - 1).chain([SIZE + n]));
        page.total = Some(SIZE);
        promise(page, n, false)
    })
    .await;
    assert!(outcome.requests < 130, "{}", outcome.requests);
    assert_eq!(outcome.error.unwrap().kind(), ErrorKind::Incomplete);
}

#[tokio::test]
async fn ever_new_records_against_a_declared_total_end_the_listing() {
    for prefetch in [1, 4, 16] {
        for ahead in [false, true] {
            let outcome = run(&CustomerQuery::default(), prefetch, move |n| {
                let mut page = customers(n * SIZE..(n + 1) * SIZE);
                page.total = Some(5);
                promise(page, n, ahead)
            })
            .await;
            assert_stopped(&outcome, 2 * SIZE, 3 + 16, "declared 5 customers, sent 200");
        }
    }
    // A total that grows with each page is held against the first one.
    let outcome = run(&CustomerQuery::default(), 4, |n| {
        let mut page = customers(n * SIZE..(n + 1) * SIZE);
        page.total = Some((n + 2) * SIZE);
        promise(page, n, false)
    })
    .await;
    assert_stopped(&outcome, 4 * SIZE, 9, "declared 200 customers");
}

#[tokio::test]
async fn bad_records_that_come_again_end_the_listing() {
    let outcome = run(&CustomerQuery::default(), 4, |n| {
        let bad = (0..SIZE).map(|id| {
            let raw = Raw::new(&format!(r#"{{"id":{id}}}"#), &[]).unwrap();
            Err::<Customer, _>(ItemError::new(format!("items[{id}].name"), "is missing").with_raw(raw))
        });
        promise(Page::new(bad.collect()), n, false)
    })
    .await;
    assert_stopped(&outcome, 0, 6, "had all come before");
}

#[tokio::test]
async fn lines_without_ids_that_say_the_same_page_after_page_end_the_listing() {
    let outcome = run(&UsageQuery::default(), 4, |n| {
        promise(Page::new(vec![UsageRecord::default(), UsageRecord::default()]), n, false)
    })
    .await;
    assert!(outcome.requests < 20, "{}", outcome.requests);
    assert_eq!(outcome.error.unwrap().kind(), ErrorKind::Incomplete);
    // Two equal pages in a row are possible: they are handed out.
    let equal = run(&UsageQuery::default(), 4, |n| {
        let page = Page::new(vec![UsageRecord::default()]);
        if n < 2 { promise(page, n, false) } else { page }
    })
    .await;
    assert!(equal.error.is_none());
    assert_eq!(equal.records, 3);
}

#[tokio::test]
async fn pages_without_records_end_the_listing_after_many() {
    let outcome = run(&CustomerQuery::default(), 4, |n| promise(customers(0..0), n, false)).await;
    assert_stopped(&outcome, 0, 260, "page after page without new customers");
    let left_out = |n: u64| {
        let mut page = customers(0..0);
        page.on_wire = SIZE;
        promise(page, n, false)
    };
    assert_stopped(&run(&CustomerQuery::default(), 4, left_out).await, 0, 10_010, "page after page");
    // Against a declared total, what a filter leaves out is an end in itself.
    let outcome = run(&CustomerQuery::default(), 4, move |n| {
        let mut page = left_out(n);
        page.total = Some(1_000);
        page
    })
    .await;
    assert_stopped(&outcome, 0, 20, "declared 1000 customers, sent 1200");
    let outcome = run(&CustomerQuery::default(), 4, move |n| {
        let mut page = left_out(n);
        page.total = Some(1_767_225_600_000);
        page
    })
    .await;
    assert_stopped(&outcome, 0, 10_010, "page after page without new customers");
}

/// What honest services do is no reason to stop.
#[tokio::test]
async fn gaps_filters_and_repeats_are_followed_to_the_end() {
    let outcome = run(&CustomerQuery::default(), 4, |n| {
        let page = match n {
            0..200 => customers(0..0),
            200 => customers(0..SIZE),
            // Half of it shifted from the page before.
            _ => customers(SIZE / 2..SIZE + SIZE / 2),
        };
        if n == 201 { page } else { promise(page, n, false) }
    })
    .await;
    assert!(outcome.error.is_none(), "{:?}", outcome.error);
    assert_eq!(outcome.records, SIZE + SIZE / 2);
    // A last page of known records promises nothing.
    let last = |n: u64| if n == 0 { promise(customers(0..9), n, false) } else { customers(0..9) };
    assert!(run(&CustomerQuery::default(), 4, last).await.error.is_none());
}
