//! Listings: every page of a query as one stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::engine::{Engine, Fetch, MOST_AT_ONCE};
use super::report::ListingReport;
use super::resume::ResumePoint;
use super::tag::Tag;
use super::{ItemError, Page};
use crate::error::Result;
use crate::info::ProviderInfo;
use crate::model::Entity;
use crate::query::Query;

/// Every record of a query, page after page, fetched ahead and handed out in order.
///
/// It is a [`Stream`], and has an inherent [`next`](Self::next) so that no other crate is needed. It
/// owns what it needs: the provider's handle may be dropped, and it may be spawned.
///
/// - Pages known in advance are fetched concurrently; where only the next cursor is known, one page is
///   read ahead, from the moment on that the page before tells it
///   ([`PageRequest::tell_next`](crate::PageRequest::tell_next)).
/// - Records that come again are dropped and counted. A cursor that comes again is an error.
/// - A record that cannot be read yields an error with [`is_item`](crate::Error::is_item), and the
///   listing goes on. Every other error ends it.
/// - It ends with a proof: as many distinct records as the distributor declared, or
///   [`ErrorKind::Incomplete`](crate::ErrorKind::Incomplete). See [`report`](Self::report).
///
/// Memory is bounded by prefetch x page, plus 20 to 40 bytes for each id seen.
///
/// ```
/// # use std::sync::Arc;
/// # use provider_core::{Customer, CustomerQuery, MemoryProvider, ProviderExt};
/// # fn block_on<F: Future>(f: F) -> F::Output {
/// #     let mut f = std::pin::pin!(f);
/// #     let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
/// #     loop { if let std::task::Poll::Ready(v) = f.as_mut().poll(&mut cx) { return v; } }
/// # }
/// # block_on(async {
/// let provider = Arc::new(MemoryProvider::new("docs").with_customers([Customer::new("1", "Bakery")]));
/// let mut customers = provider.customers(CustomerQuery::default()).prefetch(8);
/// let report = customers.report();
/// while let Some(customer) = customers.next().await {
///     println!("{}", customer?.name);
/// }
/// assert!(report.completeness().is_proven());
/// # Ok::<(), provider_core::Error>(())
/// # }).unwrap();
/// ```
#[must_use = "a listing does nothing until it is polled"]
pub struct Listing<T> {
    engine: Engine<T>,
    items: VecDeque<Result<T, ItemError>>,
    open: bool,
}

impl<T> fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("engine", &self.engine)
            .field("ready", &self.items.len())
            .finish_non_exhaustive()
    }
}

impl<T: Entity> Listing<T> {
    /// The most pages that are fetched at the same time.
    pub const MAX_PREFETCH: usize = MOST_AT_ONCE;

    /// A listing over any page source. [`ProviderExt`](crate::ProviderExt) makes them from a provider.
    pub fn new<Q: Query<Item = T>>(info: &ProviderInfo, query: &Q, fetch: Fetch<T>) -> Self {
        let engine = Engine::new(info.kind.clone(), Tag::new(info, query), fetch);
        Self { engine, items: VecDeque::new(), open: false }
    }

    /// How many pages may be in flight: 1 to 16. Unless set, as many as the provider names in advance, within the
    /// concurrency limit of its account.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.engine.prefetch = pages.clamp(1, Self::MAX_PREFETCH);
        self
    }

    /// How many records a page should carry. A provider caps it at what its distributor allows.
    pub fn page_size(mut self, records: u32) -> Self {
        self.engine.size = Some(records.max(1));
        self
    }

    /// Ends after this many records that could be read.
    pub fn limit(mut self, records: u64) -> Self {
        self.engine.limit = Some(records);
        self
    }

    /// Goes on from a point of the same listing, made in this process or another. A point of another
    /// connection, account or query yields
    /// [`ErrorKind::InvalidCursor`](crate::ErrorKind::InvalidCursor).
    pub fn resume_from(mut self, point: ResumePoint) -> Self {
        self.engine.resume_from(point);
        self
    }

    /// Where to go on if this listing is stopped now: the start of the page that is being handed out.
    /// Resuming repeats records, it never skips any.
    #[must_use]
    pub fn resume_point(&self) -> ResumePoint {
        self.engine.current().clone()
    }

    /// A handle on the counts and the proof of completeness, which outlives the listing.
    #[must_use]
    pub fn report(&self) -> ListingReport {
        self.engine.report().clone()
    }

    /// The next record.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|cx| self.poll_record(cx)).await
    }

    /// Every record in memory.
    ///
    /// # Errors
    /// The first error, including that of a single record that could not be read.
    #[doc(alias = "collect")]
    #[doc(alias = "to_vec")]
    pub async fn collect_all(mut self) -> Result<Vec<T>> {
        let mut records = Vec::new();
        while let Some(record) = self.next().await {
            records.push(record?);
        }
        Ok(records)
    }

    /// The pages instead of the records, each with the point that follows it.
    pub fn pages(self) -> Pages<T> {
        Pages { engine: self.engine }
    }

    fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(item.map_err(|item| self.engine.item_error(item))));
            }
            if std::mem::take(&mut self.open) {
                self.engine.page_consumed();
            }
            match ready!(self.engine.poll_page(cx)) {
                Some(Ok((page, _))) => {
                    self.items = page.items.into();
                    self.open = true;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T: Entity> Stream for Listing<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_record(cx)
    }
}

/// The pages of a listing, each with the point to store once the page was dealt with.
///
/// Repeated records are dropped from the pages and counted, as in [`Listing`].
#[must_use = "pages do nothing until they are polled"]
#[derive(Debug)]
pub struct Pages<T> {
    engine: Engine<T>,
}

impl<T: Entity> Pages<T> {
    /// The next page, and the point that follows it.
    pub async fn next(&mut self) -> Option<Result<(Page<T>, ResumePoint)>> {
        poll_fn(|cx| self.engine.poll_page(cx)).await
    }

    /// A handle on the counts and the proof of completeness, which outlives the stream.
    #[must_use]
    pub fn report(&self) -> ListingReport {
        self.engine.report().clone()
    }
}

impl<T: Entity> Stream for Pages<T> {
    type Item = Result<(Page<T>, ResumePoint)>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.engine.poll_page(cx)
    }
}
