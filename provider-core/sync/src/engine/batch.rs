//! Pages of a listing that are dealt with as one.

use std::pin::pin;

use futures_util::poll;
use provider_core::page::{Pages, ResumePoint};
use provider_core::{Entity, ItemError, Listing, Page};

/// The most pages in a batch.
const MOST: usize = 10;
/// How many pages are read ahead of a batch of several: with them, as many are between the distributor and the disk as
/// of a listing that is taken page by page.
const AHEAD: usize = Listing::<provider_core::Customer>::MAX_PREFETCH - MOST + 1;

type Step<T> = provider_core::Result<(Page<T>, ResumePoint)>;

/// Pages that came one after another.
#[derive(Debug)]
pub(super) struct Batch<T> {
    /// Their records. One that could not be read stands as its error.
    pub(super) records: Vec<Result<T, ItemError>>,
    /// How many records each page has.
    lengths: Vec<usize>,
}

impl<T> Batch<T> {
    pub(super) fn of(page: Page<T>) -> Self {
        Self { lengths: vec![page.items.len()], records: page.items }
    }

    fn add(&mut self, page: Page<T>) {
        self.lengths.push(page.items.len());
        self.records.extend(page.items);
    }

    pub(super) fn pages(&self) -> usize {
        self.lengths.len()
    }

    /// On which of its pages a record came, and at which place there.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let mut left = at;
        for (page, length) in self.lengths.iter().enumerate() {
            if left < *length {
                return (page, left);
            }
            left -= length;
        }
        (self.lengths.len(), left)
    }
}

/// Takes pages from a listing: several at once where they are there already, for a batch costs a transaction on both
/// sides however many records it has. None is waited for.
#[derive(Debug)]
pub(super) struct Batches<T> {
    pages: Pages<T>,
    /// How many records a batch of several pages may have.
    room: usize,
    /// What came behind the last batch and does not belong to it.
    next: Option<Step<T>>,
}

impl<T: Entity> Batches<T> {
    pub(super) fn new(listing: Listing<T>, room: usize) -> Self {
        let listing = if room == 0 { listing } else { listing.prefetch(AHEAD) };
        Self { pages: listing.pages(), room, next: None }
    }

    /// The next one, and the point that follows it. `keep` leaves out what is none of the caller's business.
    pub(super) async fn next(
        &mut self,
        keep: impl Fn(Page<T>) -> Page<T>,
    ) -> Option<provider_core::Result<(Batch<T>, ResumePoint)>> {
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
        while batch.pages() < MOST && batch.records.len() + longest <= self.room {
            match poll!(pin!(self.pages.next())) {
                std::task::Poll::Ready(Some(Ok((page, behind)))) => {
                    longest = longest.max(page.items.len());
                    batch.add(keep(page));
                    point = behind;
                }
                // What came before is kept first.
                std::task::Poll::Ready(Some(error)) => {
                    self.next = Some(error);
                    break;
                }
                std::task::Poll::Ready(None) | std::task::Poll::Pending => break,
            }
        }
        Some(Ok((batch, point)))
    }
}
