//! Pages of a listing that are dealt with as one.

use std::pin::pin;
use std::task::Poll;

use chrono::Duration;
use futures_util::poll;
use provider_core::page::{Pages, ResumePoint};
use provider_core::{Customer, Entity, ItemError, Listing, Page, Result};

/// The most pages in a batch.
const MOST: usize = 8;
/// How many pages are read ahead of batches. What a crash makes a run ask for again is a batch and what was read ahead of
/// it: as many pages as where each is dealt with by itself.
const AHEAD: usize = Listing::<Customer>::MAX_PREFETCH + 1 - MOST;
/// A batch that took less is followed by one of twice as many pages.
const QUICK: Duration = Duration::milliseconds(500);
/// One that took more, by one of half as many.
const SLOW: Duration = Duration::seconds(2);

type Step<T> = Result<(Page<T>, ResumePoint)>;

/// The records of a page. One that could not be read stands as its error.
type Records<T> = Vec<std::result::Result<T, ItemError>>;

/// Pages that came one after another.
#[derive(Debug)]
pub(super) struct Batch<T>(Vec<Records<T>>);

impl<T> Batch<T> {
    pub(super) fn of(page: Page<T>) -> Self {
        Self(vec![page.items])
    }

    fn add(&mut self, page: Page<T>) {
        self.0.push(page.items);
    }

    pub(super) fn pages(&self) -> usize {
        self.0.len()
    }

    /// How many records there are, with those that cannot be read.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// The pages as they came.
    pub(super) fn into_pages(self) -> impl Iterator<Item = Records<T>> {
        self.0.into_iter()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Records<T>> {
        self.0.iter()
    }

    pub(super) fn records(&self) -> impl Iterator<Item = &std::result::Result<T, ItemError>> {
        self.0.iter().flatten()
    }

    /// The record at this place among those of all pages, where it could be read.
    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        let mut left = at;
        for page in &mut self.0 {
            if left < page.len() {
                return page.get_mut(left)?.as_mut().ok();
            }
            left -= page.len();
        }
        None
    }

    /// The same, to look at.
    pub(super) fn get(&self, at: usize) -> Option<&T> {
        let mut left = at;
        for page in &self.0 {
            if left < page.len() {
                return page.get(left)?.as_ref().ok();
            }
            left -= page.len();
        }
        None
    }
}

/// Takes pages from a listing: several at once where they are there already, for a transaction on either side costs as
/// much as some hundred records. None is waited for.
#[derive(Debug)]
pub(super) struct Batches<T> {
    pages: Pages<T>,
    /// How many records a batch of several pages may have.
    room: usize,
    /// How many pages the next one may have, by how long the last one took.
    most: usize,
    /// What came behind the last batch and does not belong to it.
    next: Option<Step<T>>,
}

impl<T: Entity> Batches<T> {
    /// Batches of up to `room` records; of one page each where that is 0.
    pub(super) fn new(listing: Listing<T>, room: usize) -> Self {
        let listing = if room == 0 { listing } else { listing.prefetch(AHEAD) };
        Self { pages: listing.pages(), room, most: 1, next: None }
    }

    /// The next one, and the point that follows it. `keep` leaves out what is none of the caller's business.
    pub(super) async fn next(
        &mut self,
        keep: impl Fn(Page<T>) -> Page<T>,
    ) -> Option<Result<(Batch<T>, ResumePoint)>> {
        let first = match self.next.take() {
            Some(step) => step,
            None => self.pages.next().await?,
        };
        let (page, mut point) = match first {
            Ok(step) => step,
            Err(error) => return Some(Err(error)),
        };
        let mut longest = page.items.len();
        let mut batch = Batch::of(keep(page));
        while batch.pages() < self.most && batch.len() + longest <= self.room {
            match poll!(pin!(self.pages.next())) {
                Poll::Ready(Some(Ok((page, behind)))) => {
                    longest = longest.max(page.items.len());
                    batch.add(keep(page));
                    point = behind;
                }
                // What came before is kept first.
                Poll::Ready(error) => {
                    self.next = error;
                    break;
                }
                Poll::Pending => break,
            }
        }
        Some(Ok((batch, point)))
    }

    /// Tells how long a batch took: an application that is slow, or waits for others, is given less at once.
    pub(super) fn took(&mut self, time: Duration) {
        if time < QUICK {
            self.most = (self.most * 2).min(MOST);
        } else if time > SLOW {
            self.most = (self.most / 2).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::sync::Arc;

    use provider_core::{Cursor, CustomerQuery, Error, ErrorKind, MemoryProvider, PageRequest, Provider};

    use super::*;

    /// A listing of nine pages with two customers each; the page of this number cannot be read.
    fn listing(bad: Option<usize>) -> Listing<Customer> {
        let info = MemoryProvider::new("memory").info().clone();
        let query = CustomerQuery::default();
        let (own, asked) = (info.clone(), query.clone());
        let page = move |request: PageRequest| {
            let cursor = request.cursor.map(|cursor| cursor.open(&own, &asked).unwrap());
            let number: usize = cursor.map_or(0, |text: String| text.parse().unwrap());
            if bad == Some(number) {
                return Err(Error::new(ErrorKind::Unavailable, "the page cannot be read"));
            }
            let own_id = |n: usize| Customer::new(format!("{number}.{n}"), "Bakery");
            let mut page = Page::new(vec![own_id(0), own_id(1)]);
            let next = |number: usize| Cursor::tagged(&own, &asked, number.to_string());
            page.next = (number < 8).then(|| next(number + 1));
            page.ahead = (number + 2..9).map(next).collect();
            Ok(page)
        };
        Listing::new(&info, &query, Arc::new(move |request| Box::pin(std::future::ready(page(request)))))
    }

    /// How many pages each batch has, where each takes so long; and how it ends.
    async fn sizes(room: usize, bad: Option<usize>, took: impl Fn(usize) -> Duration) -> (Vec<usize>, bool) {
        let mut batches = Batches::new(listing(bad), room);
        let mut sizes = Vec::new();
        while let Some(batch) = batches.next(|page| page).await {
            let Ok((batch, _)) = batch else { return (sizes, true) };
            assert_eq!(batch.len(), batch.pages() * 2);
            sizes.push(batch.pages());
            batches.took(took(sizes.len()));
        }
        (sizes, false)
    }

    #[tokio::test]
    async fn more_and_more_pages_come_together_as_long_as_that_is_quick() {
        let quick = |_| Duration::zero();
        assert_eq!(sizes(0, None, quick).await.0, [1; 9], "nobody asked for more");
        assert_eq!(sizes(1_000, None, quick).await.0, [1, 2, 4, 2]);
        assert_eq!(sizes(6, None, quick).await.0, [1, 2, 3, 3], "a batch has room for six records");
        assert_eq!(sizes(1_000, None, |_| Duration::seconds(1)).await.0, [1; 9]);
        let slow_from = |batch| if batch < 3 { Duration::zero() } else { Duration::seconds(3) };
        assert_eq!(sizes(1_000, None, slow_from).await.0, [1, 2, 4, 2]);
        let slow_second = |batch| if batch == 2 { Duration::seconds(3) } else { Duration::zero() };
        assert_eq!(sizes(1_000, None, slow_second).await.0, [1, 2, 1, 2, 3]);
    }

    #[tokio::test]
    async fn what_came_before_a_page_that_cannot_be_read_is_dealt_with_first() {
        let quick = |_| Duration::zero();
        assert_eq!(sizes(1_000, Some(5), quick).await, (vec![1, 2, 2], true));
        assert_eq!(sizes(1_000, Some(0), quick).await, (vec![], true));
    }

    #[test]
    fn each_record_is_found_by_its_place_among_all() {
        let bad = ItemError::new("name", "is no text");
        let page = |names: &[&'static str]| Page::new(names.to_vec());
        let mut batch = Batch::of(page(&["a", "b"]));
        batch.add(page(&[]));
        batch.add(Page::new(vec![Ok("c"), Err(bad), Ok("d")]));
        let expected = [Some("a"), Some("b"), Some("c"), None, Some("d"), None];
        for (at, expected) in expected.into_iter().enumerate() {
            assert_eq!((batch.get(at).copied(), batch.get_mut(at).copied()), (expected, expected), "{at}");
        }
        assert_eq!((batch.pages(), batch.len(), batch.records().count()), (3, 5, 5));
    }
}
