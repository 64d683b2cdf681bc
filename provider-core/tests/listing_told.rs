//! Pages that tell where the next one begins before they are read: it is asked for meanwhile, and no more than that.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use provider_core::clock::BoxFuture;
use provider_core::page::UnprovenReason;
use provider_core::{
    Completeness, Cursor, Customer, CustomerQuery, Error, ErrorKind, Listing, Page, PageRequest,
    ProviderInfo, Result,
};

const SIZE: u64 = 10;
/// From the request to the answer.
const TRIP: Duration = Duration::from_millis(40);
/// From the answer to the page.
const READING: Duration = Duration::from_millis(15);

/// A service of so many pages, named by number, and what happens to a request for each of them.
#[derive(Clone)]
struct Service {
    pages: u64,
    /// What page `n` tells when its answer is there; `None` to tell nothing.
    tells: Arc<dyn Fn(u64) -> Option<u64> + Send + Sync>,
    /// What page `n` says in the end.
    says: Arc<dyn Fn(u64) -> Option<u64> + Send + Sync>,
    fails: Option<u64>,
    /// Reading this page takes longer than the round trips of all others.
    slow: Option<u64>,
    /// Pages are read in a task of their own.
    apart: bool,
    events: Arc<Mutex<Vec<String>>>,
}

impl Service {
    fn new(pages: u64) -> Self {
        let next = move |n: u64| (n + 1 < pages).then_some(n + 1);
        let (tells, says) = (Arc::new(next), Arc::new(next));
        Self { pages, tells, says, fails: None, slow: None, apart: false, events: Arc::default() }
    }

    fn telling(mut self, tells: impl Fn(u64) -> Option<u64> + Send + Sync + 'static) -> Self {
        self.tells = Arc::new(tells);
        self
    }

    fn saying(mut self, says: impl Fn(u64) -> Option<u64> + Send + Sync + 'static) -> Self {
        self.says = Arc::new(says);
        self
    }

    fn note(&self, what: &str, page: u64) {
        self.events.lock().unwrap().push(format!("{what} {page}"));
    }

    /// What happened, in order.
    fn events(&self) -> Vec<String> {
        self.events.lock().unwrap().clone()
    }

    fn asked(&self) -> Vec<String> {
        self.events().into_iter().filter(|event| event.starts_with("asked")).collect()
    }

    async fn page(self, request: PageRequest) -> Result<Page<Customer>> {
        let n: u64 = request.cursor.as_ref().map_or(0, |cursor| cursor.as_str().parse().unwrap());
        self.note("asked", n);
        tokio::time::sleep(TRIP).await;
        if self.fails == Some(n) {
            return Err(Error::new(ErrorKind::Unavailable, "down"));
        }
        if let Some(next) = (self.tells)(n) {
            assert!(request.tell_next(&Cursor::new(next.to_string())), "a listing listens");
        }
        tokio::time::sleep(if self.slow == Some(n) { 10 * TRIP } else { READING }).await;
        self.note("read", n);
        let records = (n * SIZE..(n + 1) * SIZE).map(|id| Customer::new(id.to_string(), "Bakery")).collect();
        let mut page = Page::new(records).with_total(self.pages * SIZE);
        page.next = (self.says)(n).map(|next| Cursor::new(next.to_string()));
        Ok(page)
    }

    fn listing(&self) -> Listing<Customer> {
        let service = self.clone();
        let fetch = Arc::new(move |request: PageRequest| -> BoxFuture<Result<Page<Customer>>> {
            let page = service.clone().page(request);
            if service.apart {
                return Box::pin(async move { tokio::spawn(page).await.unwrap() });
            }
            Box::pin(page)
        });
        Listing::new(&ProviderInfo::new("service", "main"), &CustomerQuery::default(), fetch)
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_under_way_while_the_one_that_told_it_is_read() {
    for apart in [false, true] {
        let mut service = Service::new(4);
        service.apart = apart;
        let listing = service.listing();
        let report = listing.report();
        let begun = tokio::time::Instant::now();
        assert_eq!(listing.collect_all().await.unwrap().len() as u64, 4 * SIZE);
        // One reading, that of the last page, has no round trip beside it.
        let took = begun.elapsed().as_millis();
        assert!(took < (4 * TRIP + 2 * READING).as_millis(), "{took} ms");
        assert_eq!(
            service.events(),
            ["asked 0", "asked 1", "read 0", "asked 2", "read 1", "asked 3", "read 2", "read 3"],
            "{apart}"
        );
        assert!(report.completeness().is_proven());
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_page_says_counts_and_who_told_another_is_not_believed_again() {
    // The first page tells another one than it says in the end.
    let service = Service::new(4).telling(|n| Some(n + 70));
    let listing = service.listing();
    let report = listing.report();
    assert_eq!(listing.collect_all().await.unwrap().len() as u64, 4 * SIZE);
    assert!(report.completeness().is_proven());
    assert_eq!(
        service.events(),
        ["asked 0", "asked 70", "read 0", "asked 1", "read 1", "asked 2", "read 2", "asked 3", "read 3"]
    );
    // A last page that told one more.
    let service = Service::new(2).telling(|n| Some(n + 1));
    assert_eq!(service.listing().collect_all().await.unwrap().len() as u64, 2 * SIZE);
    assert_eq!(service.events(), ["asked 0", "asked 1", "read 0", "asked 2", "read 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_came_before_is_not_asked_for_again() {
    // The third page leads back to the second.
    let back = |n: u64| Some(if n == 2 { 1 } else { n + 1 });
    let service = Service::new(4).telling(back).saying(back);
    let listing = service.listing();
    let report = listing.report();
    let error = listing.collect_all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    assert!(error.to_string().contains("same page cursor twice"), "{error}");
    assert_eq!(service.asked(), ["asked 0", "asked 1", "asked 2"]);
    assert_eq!(report.completeness(), Completeness::Unproven(UnprovenReason::Failed));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_for_that_a_limit_may_cut_off() {
    let ask = async |limit: u64, size: Option<u32>| {
        let service = Service::new(9);
        let mut listing = service.listing().limit(limit);
        if let Some(size) = size {
            listing = listing.page_size(size);
        }
        assert_eq!(listing.collect_all().await.unwrap().len() as u64, limit);
        service.events()
    };
    // How long a page is, nobody knows before the first is read.
    assert_eq!(ask(SIZE, None).await, ["asked 0", "read 0"]);
    let events = ask(3 * SIZE, None).await;
    assert_eq!(events, ["asked 0", "read 0", "asked 1", "asked 2", "read 1", "read 2"]);
    let events = ask(2 * SIZE + 1, Some(10)).await;
    assert_eq!(events, ["asked 0", "asked 1", "read 0", "asked 2", "read 1", "read 2"]);
}

#[tokio::test(start_paused = true)]
async fn one_page_in_flight_stays_one() {
    let service = Service::new(3);
    service.listing().prefetch(1).collect_all().await.unwrap();
    assert_eq!(service.events(), ["asked 0", "read 0", "asked 1", "read 1", "asked 2", "read 2"]);
}

#[tokio::test(start_paused = true)]
async fn one_page_is_read_ahead_however_long_the_first_takes() {
    let mut service = Service::new(4);
    service.slow = Some(0);
    assert_eq!(service.listing().collect_all().await.unwrap().len() as u64, 4 * SIZE);
    assert_eq!(
        service.events(),
        ["asked 0", "asked 1", "read 1", "read 0", "asked 2", "asked 3", "read 2", "read 3"]
    );
}

#[tokio::test(start_paused = true)]
async fn who_drops_a_listing_gives_up_what_was_asked_for_early() {
    let service = Service::new(4);
    let mut pages = service.listing().pages();
    pages.next().await.unwrap().unwrap();
    drop(pages);
    tokio::time::sleep(10 * TRIP).await;
    assert_eq!(service.events(), ["asked 0", "asked 1", "read 0"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_page_that_was_asked_for_early_comes_in_its_turn() {
    let mut service = Service::new(4);
    // It fails long before the first page is read.
    (service.fails, service.slow) = (Some(1), Some(0));
    let mut listing = service.listing();
    let (mut records, resume) = (0, listing.resume_point());
    let error = loop {
        match listing.next().await.unwrap() {
            Ok(_) => records += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), records), (ErrorKind::Unavailable, SIZE));
    assert_ne!(listing.resume_point(), resume, "the first page was handed out");
    assert!(listing.next().await.is_none());
    let rest = Service::new(4).listing().resume_from(listing.resume_point()).collect_all().await.unwrap();
    assert_eq!(rest.len() as u64, 3 * SIZE);
}
