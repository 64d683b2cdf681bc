//! Listings over page sources of every kind: whatever a distributor does, a short list is never proven.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

mod source;

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use provider_core::page::{ResumePoint, UnprovenReason};
use provider_core::query::Priority;
use provider_core::{
    Completeness, Cursor, Customer, CustomerQuery, ErrorKind, Listing, MemoryProvider, PageRequest,
    Provider as _, ProviderExt, ProviderInfo,
};
use source::{Shape, Source, block_on};

fn ids(listing: &[provider_core::Customer]) -> Vec<&str> {
    listing.iter().map(|c| c.id.as_str()).collect()
}

#[test]
fn every_record_in_order_whatever_the_page_size_and_prefetch() {
    block_on(async {
        for shape in [Shape::Numbered, Shape::Tokens] {
            for (records, size, prefetch) in [(0, 3, 1), (1, 3, 4), (9, 3, 2), (10, 3, 16), (250, 7, 8)] {
                let source = Arc::new(Source::new(records, shape));
                let listing = source.customers(CustomerQuery::default()).page_size(size).prefetch(prefetch);
                let report = listing.report();
                let all = listing.collect_all().await.unwrap();
                let expected: Vec<_> = (0..records).map(|n| n.to_string()).collect();
                assert_eq!(ids(&all), expected);
                assert!(report.completeness().is_proven(), "{records} {size} {prefetch}");
                assert_eq!(report.declared(), Some(records as u64));
            }
        }
    });
}

#[tokio::test(start_paused = true)]
async fn numbered_pages_are_fetched_concurrently_and_token_pages_one_ahead() {
    let round_trip = Duration::from_millis(50);
    let source = Arc::new(Source::new(100, Shape::Numbered).slow(round_trip));
    let begun = tokio::time::Instant::now();
    let all = source.customers(CustomerQuery::default()).page_size(1).prefetch(8).collect_all().await;
    assert_eq!(all.unwrap().len(), 100);
    let trips = begun.elapsed().as_millis() / round_trip.as_millis();
    assert!(trips <= 14, "{trips} round trips instead of 1 + ceil(99 / 8) = 14");
    assert!(source.most_at_once() <= 8);

    let source = Arc::new(Source::new(20, Shape::Tokens).slow(round_trip));
    let begun = tokio::time::Instant::now();
    let mut pages = source.customers(CustomerQuery::default()).page_size(1).pages();
    while let Some(page) = pages.next().await {
        page.unwrap();
        tokio::time::sleep(round_trip).await;
    }
    let trips = begun.elapsed().as_millis() / round_trip.as_millis();
    assert!(trips <= 21, "{trips} round trips for 20 pages with as much work on each");
}

#[tokio::test(start_paused = true)]
async fn pages_that_are_read_ahead_hold_a_quarter_of_a_gigabyte_at_most() {
    const MIB: u64 = 1024 * 1024;
    for (bytes, most) in [(0, 16), (MIB, 16), (64 * MIB, 4), (200 * MIB, 1), (4_000 * MIB, 1)] {
        let source =
            Arc::new(Source::new(100, Shape::Numbered).slow(Duration::from_millis(50)).weighing(bytes));
        let mut listing = source.customers(CustomerQuery::default()).page_size(1);
        // A consumer that takes its time: what was read ahead waits for it.
        while let Some(customer) = listing.next().await {
            customer.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(source.most_at_once(), most, "{bytes}");
    }
}

/// A person hears of an outage on the first page; what follows is background work, and waited out.
#[test]
fn every_page_but_the_first_is_read_as_background_work() {
    block_on(async {
        let source = Arc::new(Source::new(30, Shape::Numbered));
        source.customers(CustomerQuery::default()).page_size(10).collect_all().await.unwrap();
        assert_eq!(source.priorities(), [Priority::Interactive, Priority::Bulk, Priority::Bulk]);

        let source = Arc::new(Source::new(30, Shape::Tokens));
        let mut pages = source.customers(CustomerQuery::default()).page_size(10).prefetch(1).pages();
        let (_, point) = pages.next().await.unwrap().unwrap();
        let before = source.calls();
        let rest = source.customers(CustomerQuery::default()).page_size(10).resume_from(point);
        rest.collect_all().await.unwrap();
        assert!(source.priorities()[before..].iter().all(|priority| *priority == Priority::Bulk));
    });
}

#[test]
fn the_stream_outlives_the_handle() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let source = Arc::new(Source::new(10, Shape::Tokens));
    let listing = source.customers(CustomerQuery::default()).page_size(2);
    drop(source);
    let all = runtime.block_on(async { tokio::spawn(listing.collect_all()).await.unwrap() });
    assert_eq!(all.unwrap().len(), 10);
}

#[test]
fn a_lying_total_is_incomplete_and_a_moving_one_too() {
    block_on(async {
        for (source, words) in [
            (Source::new(10, Shape::Numbered).declaring(|_| Some(12)), "declared 12 customers but sent 10"),
            (Source::new(10, Shape::Tokens).declaring(|p| Some(10 + p as u64)), "moved from 10 to 11"),
        ] {
            let mut listing = Arc::new(source).customers(CustomerQuery::default()).page_size(4);
            let report = listing.report();
            let mut received = 0;
            let error = loop {
                match listing.next().await.unwrap() {
                    Ok(_) => received += 1,
                    Err(error) => break error,
                }
            };
            assert_eq!(received, 10);
            assert_eq!(error.kind(), ErrorKind::Incomplete);
            assert!(error.to_string().contains(words), "{error}");
            assert!(listing.next().await.is_none());
            assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::Failed));
        }
    });
}

#[test]
fn pages_that_shift_are_never_short_and_proven() {
    block_on(async {
        for shape in [Shape::Numbered, Shape::Tokens] {
            for by in [-2_i64, -1, 1, 2] {
                for honest in [true, false] {
                    let total = move |page: usize| {
                        let now = if page >= 1 && honest { 20 + by } else { 20 };
                        u64::try_from(now).ok()
                    };
                    let source = Arc::new(Source::new(20, shape).shifting(1, by).declaring(total));
                    let mut listing = source.customers(CustomerQuery::default()).page_size(6);
                    let report = listing.report();
                    let (mut received, mut incomplete) = (0, false);
                    while let Some(item) = listing.next().await {
                        match item {
                            Ok(_) => received += 1,
                            Err(error) => incomplete = error.kind() == ErrorKind::Incomplete,
                        }
                    }
                    let proven = report.completeness().is_proven();
                    assert!(!(proven && received < 20), "{by} {honest}: {received} of 20 and proven");
                    assert!(!honest || incomplete, "{by}: a total that moved went unnoticed");
                    if by < 0 {
                        assert!(
                            incomplete && received < 20,
                            "{by} {honest}: a skipped record went unnoticed"
                        );
                    } else {
                        assert!(report.duplicates() > 0);
                    }
                }
            }
        }
    });
}

#[test]
fn what_cannot_be_proven_is_said() {
    block_on(async {
        let run = |source: Source| async move {
            let mut listing = Arc::new(source).customers(CustomerQuery::default()).page_size(4);
            let report = listing.report();
            let mut bad = 0;
            while let Some(item) = listing.next().await {
                if let Err(error) = item {
                    assert!(error.is_item(), "{error}");
                    bad += 1;
                }
            }
            (report.completeness(), report.records(), bad)
        };
        let unproven = Completeness::Unproven;
        let no_total = Source::new(10, Shape::Tokens).declaring(|_| None);
        assert_eq!(run(no_total).await, (unproven(UnprovenReason::NoTotal), 10, 0));
        let bad = Source::new(10, Shape::Tokens).with_bad_record(5);
        assert_eq!(run(bad).await, (unproven(UnprovenReason::BadRecord), 9, 1));
        let too_many = Source::new(10, Shape::Tokens).declaring(|_| Some(9));
        assert_eq!(run(too_many).await, (unproven(UnprovenReason::MoreThanDeclared), 10, 0));
    });
}

#[test]
fn a_repeated_cursor_ends_the_listing_after_the_page() {
    block_on(async {
        let source = Arc::new(Source::new(10, Shape::Tokens).repeating_cursor());
        let mut listing = source.customers(CustomerQuery::default()).page_size(4);
        let mut records = 0;
        let error = loop {
            match listing.next().await.unwrap() {
                Ok(_) => records += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::Incomplete);
        assert!(error.to_string().contains("same page cursor twice"), "{error}");
        assert!(!error.is_item());
        assert_eq!(records, 8);
        assert!(listing.next().await.is_none());
    });
}

#[test]
fn a_limit_cuts_and_says_so() {
    block_on(async {
        let source = Arc::new(Source::new(10, Shape::Numbered));
        for (limit, completeness) in [
            (0, Completeness::Unproven(UnprovenReason::Limited)),
            (3, Completeness::Unproven(UnprovenReason::Limited)),
            (4, Completeness::Unproven(UnprovenReason::Limited)),
            (10, Completeness::Proven),
            (11, Completeness::Proven),
        ] {
            let listing = source.customers(CustomerQuery::default()).page_size(4).limit(limit);
            let report = listing.report();
            let all = listing.collect_all().await.unwrap();
            assert_eq!(all.len() as u64, limit.min(10));
            assert_eq!(report.completeness(), completeness, "{limit}");
        }
    });
}

#[test]
fn a_point_of_another_connection_query_or_account_is_refused() {
    block_on(async {
        let mine = Source::new(10, Shape::Tokens);
        let mut pages = Arc::new(mine).customers(CustomerQuery::default()).page_size(4).pages();
        let (_, point) = pages.next().await.unwrap().unwrap();
        let stored = serde_json::to_string(&point).unwrap();
        let others = [
            (Source::new(10, Shape::Tokens).named("other"), CustomerQuery::default()),
            (Source::new(10, Shape::Tokens).of_account("b"), CustomerQuery::default()),
            (Source::new(10, Shape::Tokens), CustomerQuery::default().search("x")),
        ];
        for (other, query) in others {
            let point: ResumePoint = serde_json::from_str(&stored).unwrap();
            let other = Arc::new(other);
            let mut listing = other.customers(query).resume_from(point);
            let error = listing.next().await.unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidCursor);
            assert_eq!(other.calls(), 0, "nothing may be fetched with a foreign point");
            assert!(listing.next().await.is_none());
        }
    });
}

#[test]
fn cursors_of_a_provider_belong_to_connection_account_and_query() {
    let info = ProviderInfo::new("memory", "a").with_account("1");
    let query = CustomerQuery::default();
    let cursor = provider_core::Cursor::tagged(&info, &query, "page 2");
    assert_eq!(cursor.open(&info, &query).unwrap(), "page 2");
    for (info, query) in [
        (ProviderInfo::new("memory", "b").with_account("1"), CustomerQuery::default()),
        (ProviderInfo::new("pax8", "a").with_account("1"), CustomerQuery::default()),
        (ProviderInfo::new("memory", "a").with_account("2"), CustomerQuery::default()),
        (ProviderInfo::new("memory", "a").with_account("1"), CustomerQuery::default().name("x")),
    ] {
        assert_eq!(cursor.open(&info, &query).unwrap_err().kind(), ErrorKind::InvalidCursor);
    }
    assert!(provider_core::Cursor::new("plain").open(&info, &query).is_err());
    let raw = CustomerQuery::default().raw(true);
    assert!(cursor.open(&info, &raw).is_ok(), "how to read does not change what is read");
}

#[test]
fn a_cursor_of_no_page_is_refused_in_memory() {
    block_on(async {
        let provider = MemoryProvider::new("a").with_customers([Customer::new("1", "Bakery")]);
        let query = CustomerQuery::default();
        let at = |text: String| PageRequest::at(Cursor::tagged(provider.info(), &query, text));
        let most = usize::MAX;
        for text in ["0/0".to_owned(), format!("{most}/1"), format!("2/{most}"), "1".to_owned()] {
            let error = provider.list_customers(&query, &at(text.clone())).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidCursor, "{text}");
        }
        let page = provider.list_customers(&query, &at(format!("0/{most}"))).await.unwrap();
        assert_eq!((page.items.len(), page.next), (1, None));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Stop anywhere, store the point, go on elsewhere: the union is the whole list.
    #[test]
    fn resuming_repeats_and_never_skips(
        records in 0_usize..60, size in 1_u32..12, prefetch in 1_usize..17, stop in 0_usize..70,
        numbered in any::<bool>(),
    ) {
        let shape = if numbered { Shape::Numbered } else { Shape::Tokens };
        let source = Arc::new(Source::new(records, shape));
        let query = CustomerQuery::default;
        let mut seen = std::collections::BTreeSet::new();
        block_on(async {
            let mut first = source.customers(query()).page_size(size).prefetch(prefetch);
            for _ in 0..stop {
                match first.next().await {
                    Some(customer) => { seen.insert(customer.unwrap().id); }
                    None => break,
                }
            }
            let point = serde_json::to_string(&first.resume_point()).unwrap();
            let rest: Listing<_> = source
                .customers(query())
                .page_size(size)
                .prefetch(prefetch)
                .resume_from(serde_json::from_str(&point).unwrap());
            let report = rest.report();
            for customer in rest.collect_all().await.unwrap() {
                seen.insert(customer.id);
            }
            assert!(!report.completeness().is_proven());
        });
        prop_assert_eq!(seen.len(), records);
    }

    /// Pages that shift, repeat, drop, and totals that lie: never short and proven.
    #[test]
    fn never_short_and_proven(
        records in 0_usize..40, size in 1_u32..9, prefetch in 1_usize..17, numbered in any::<bool>(),
        dropped in proptest::collection::btree_set(0_usize..40, 0..4),
        repeated in proptest::collection::vec((0_usize..12, 0_usize..40), 0..4),
        bad in proptest::collection::btree_set(0_usize..40, 0..3),
        lie in -3_i64..4, moves in 0_u64..2, totals in any::<bool>(),
    ) {
        let shape = if numbered { Shape::Numbered } else { Shape::Tokens };
        let mut source = Source::new(records, shape).dropping(dropped.clone()).repeating(repeated);
        for at in bad {
            source = source.with_bad_record(at);
        }
        let total = move |page: usize| {
            let honest = i64::try_from(records).unwrap() + lie;
            totals.then(|| u64::try_from(honest.max(0)).unwrap() + moves * page as u64)
        };
        let source = Arc::new(source.declaring(total));
        block_on(async {
            let mut listing =
                source.customers(CustomerQuery::default()).page_size(size).prefetch(prefetch);
            let report = listing.report();
            let mut seen = std::collections::BTreeSet::new();
            let mut incomplete = false;
            while let Some(item) = listing.next().await {
                match item {
                    Ok(customer) => assert!(seen.insert(customer.id), "a repeat was handed out"),
                    Err(error) if error.is_item() => {}
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Incomplete);
                        incomplete = true;
                    }
                }
            }
            if report.completeness().is_proven() {
                assert!(!incomplete);
                // A total that lies by just as many records as never came cannot be caught by anybody;
                // every other proof must be right.
                let declared = i64::try_from(records).unwrap() + lie;
                assert_eq!(i64::try_from(seen.len()).unwrap(), declared.max(0));
            }
            if lie == 0 && seen.len() < records {
                assert!(!report.completeness().is_proven());
            }
        });
    }
}
