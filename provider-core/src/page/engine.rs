//! Fetches pages ahead, hands them out in order, and keeps the account that proves completeness.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::cursor::Cursor;
use super::progress::{Progress, Stall};
use super::report::{Completeness, ListingReport, UnprovenReason};
use super::resume::ResumePoint;
use super::seen::Seen;
use super::tag::Tag;
use super::told::Told;
use super::{ItemError, Page, PageRequest};
use crate::capability::Operation;
use crate::clock::BoxFuture;
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::model::Entity;

/// The most pages that are fetched at the same time. Which of them are known in advance says the provider, and how
/// many calls may be in flight its limiter.
pub(super) const MOST_AT_ONCE: usize = 16;
/// The answers of all pages that are in flight or wait to be handed out hold at most so much together, as far as
/// the largest so far tells.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

pub(super) type Fetch<T> = Arc<dyn Fn(PageRequest) -> BoxFuture<Result<Page<T>>> + Send + Sync>;

/// A page and the point that follows it, or what ended the listing.
pub(super) type Step<T> = Result<(Page<T>, ResumePoint)>;

enum Slot<T> {
    Waiting(Option<Cursor>),
    Running(Option<Cursor>, Told, BoxFuture<Result<Page<T>>>),
    Ready(Option<Cursor>, Result<Page<T>>),
}

impl<T> Slot<T> {
    fn cursor(&self) -> Option<&Cursor> {
        match self {
            Self::Waiting(c) | Self::Running(c, _, _) | Self::Ready(c, _) => c.as_ref(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The builder methods may still change it.
    Fresh,
    Running,
    Ended,
}

pub(super) struct Engine<T> {
    fetch: Fetch<T>,
    provider: String,
    tag: Tag,
    pub(super) prefetch: usize,
    pub(super) size: Option<u32>,
    pub(super) limit: Option<u64>,
    start: Option<ResumePoint>,
    resumed: bool,
    state: State,
    /// How long the longest answer was.
    largest: u64,
    /// How many records the longest page carried.
    longest: u64,
    /// A page that is told before it is named is asked for, until one was told in vain.
    asks_early: bool,
    /// Pages in order: the first one is handed out next. Only the front ones are being fetched.
    chain: VecDeque<Slot<T>>,
    cursors: Seen,
    ids: Seen,
    progress: Progress,
    without_id: bool,
    /// A bad record came of which nobody knows which one it is.
    nameless: bool,
    moved: Option<(u64, u64)>,
    /// Handed out after the page it was found on.
    last: Option<Error>,
    current: ResumePoint,
    next: ResumePoint,
    report: ListingReport,
}

impl<T> fmt::Debug for Engine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("provider", &self.provider)
            .field("state", &self.state)
            .field("prefetch", &self.prefetch)
            .field("pages_ahead", &self.chain.len())
            .finish_non_exhaustive()
    }
}

impl<T: Entity> Engine<T> {
    pub(super) fn new(provider: String, tag: Tag, fetch: Fetch<T>) -> Self {
        let current = ResumePoint::new(tag.clone(), None, false);
        Self {
            fetch,
            provider,
            tag,
            prefetch: MOST_AT_ONCE,
            size: None,
            limit: None,
            start: None,
            resumed: false,
            state: State::Fresh,
            largest: 0,
            longest: 0,
            asks_early: true,
            chain: VecDeque::new(),
            cursors: Seen::default(),
            ids: Seen::default(),
            progress: Progress::default(),
            without_id: false,
            nameless: false,
            moved: None,
            last: None,
            next: current.clone(),
            current,
            report: ListingReport::default(),
        }
    }

    pub(super) fn resume_from(&mut self, point: ResumePoint) {
        self.current = point.clone();
        self.next = point.clone();
        self.start = Some(point);
    }

    /// The error of a record that could not be read.
    pub(super) fn item_error(&self, item: ItemError) -> Error {
        item.into_error(Operation::List(T::KIND)).with_provider(self.provider.clone())
    }

    pub(super) fn report(&self) -> &ListingReport {
        &self.report
    }

    /// The start of the page that was handed out last, or of the first one.
    pub(super) fn current(&self) -> &ResumePoint {
        &self.current
    }

    /// The consumer has taken everything from the page handed out last.
    pub(super) fn page_consumed(&mut self) {
        self.current = self.next.clone();
    }

    fn error(&self, kind: ErrorKind, message: String) -> Error {
        Error::new(kind, message)
            .with_delivery(Delivery::Rejected)
            .with_provider(self.provider.clone())
            .with_operation(Operation::List(T::KIND))
    }

    fn begin(&mut self) -> Result<()> {
        self.state = State::Running;
        let mut cursor = None;
        if let Some(point) = self.start.take() {
            self.resumed = true;
            let (at, end) = point.open(&self.tag).map_err(|e| {
                e.with_provider(self.provider.clone()).with_operation(Operation::List(T::KIND))
            })?;
            if end {
                self.finish(Completeness::Unproven(UnprovenReason::Resumed));
                return Ok(());
            }
            cursor = at;
        }
        if let Some(cursor) = &cursor {
            self.cursors.insert(cursor.as_str());
        }
        self.chain.push_back(Slot::Waiting(cursor));
        Ok(())
    }

    fn finish(&mut self, completeness: Completeness) {
        self.state = State::Ended;
        self.chain.clear();
        self.report.update(|c| c.completeness = completeness);
    }

    fn fail(&mut self, error: Error) -> Error {
        self.finish(Completeness::Unproven(UnprovenReason::Failed));
        error
    }

    /// How many pages may be in flight.
    fn at_once(&self) -> usize {
        let by_size = MOST_BYTES.checked_div(self.largest).unwrap_or(u64::MAX).max(1);
        self.prefetch.min(usize::try_from(by_size).unwrap_or(usize::MAX))
    }

    /// Starts what may be in flight and lets it advance; what was polled just now is left alone.
    fn drive(&mut self, cx: &mut Context<'_>, polled: bool) {
        let at_once = self.at_once();
        let mut at = 0;
        while at < self.prefetch
            && let Some(slot) = self.chain.get_mut(at)
        {
            if at >= at_once && matches!(slot, Slot::Waiting(_)) {
                break;
            }
            let mut due = !polled;
            if let Slot::Waiting(cursor) = slot {
                due = true;
                let (cursor, told) = (cursor.take(), Told::listening());
                let request = PageRequest { cursor: cursor.clone(), size: self.size, told: told.clone() };
                *slot = Slot::Running(cursor, told, (self.fetch)(request));
            }
            if let Slot::Running(cursor, told, future) = slot
                && due
            {
                told.wake_nobody();
                if let Poll::Ready(result) = future.as_mut().poll(cx) {
                    if let Ok(page) = &result {
                        self.largest = self.largest.max(page.bytes);
                    }
                    *slot = Slot::Ready(cursor.take(), result);
                }
            }
            at += 1;
            if at == 1 && at_once > 1 {
                self.ask_early(cx);
            }
        }
    }

    /// The page that is next may have told what follows it, though its records are not read yet. Of no other page this
    /// is taken up: one page is read ahead where only the page before names it.
    fn ask_early(&mut self, cx: &Context<'_>) {
        if !self.asks_early || self.chain.len() != 1 || !self.leaves_more() {
            return;
        }
        let Some(Slot::Running(_, told, _)) = self.chain.front() else { return };
        if let Some(cursor) = told.take(cx)
            && !self.cursors.contains(cursor.as_str())
        {
            self.chain.push_back(Slot::Waiting(Some(cursor)));
        }
    }

    /// Whether the limit leaves more than the page that is being read can hold, as far as the pages so far tell.
    fn leaves_more(&self) -> bool {
        let Some(left) = self.limit else { return true };
        let page = self.longest.max(self.size.map_or(0, u64::from));
        page > 0 && left > page
    }

    pub(super) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Step<T>>> {
        if let Some(error) = self.last.take() {
            let error = self.fail(error);
            return Poll::Ready(Some(Err(error)));
        }
        if self.state == State::Fresh
            && let Err(error) = self.begin()
        {
            let error = self.fail(error);
            return Poll::Ready(Some(Err(error)));
        }
        if self.state == State::Ended {
            return Poll::Ready(None);
        }
        self.drive(cx, false);
        match self.chain.pop_front() {
            Some(Slot::Ready(_, Ok(page))) => {
                let page = self.take_up(page);
                // Read ahead: the next fetches are under way while the consumer works on this page.
                self.drive(cx, true);
                Poll::Ready(Some(Ok((page, self.next.clone()))))
            }
            Some(Slot::Ready(_, Err(error))) => {
                let error = self.fail(error);
                Poll::Ready(Some(Err(error)))
            }
            Some(slot) => {
                self.chain.push_front(slot);
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }

    /// Accounts for a page and decides what follows it.
    fn take_up(&mut self, mut page: Page<T>) -> Page<T> {
        self.current = self.next.clone();
        self.longest = self.longest.max(page.on_wire);
        self.follow(page.next.as_ref(), &page.ahead);
        let left_out = page.on_wire.saturating_sub(page.items.len() as u64);
        let (mut duplicates, mut bad, mut nameless) = (0, 0, false);
        let ids = &self.ids;
        self.progress.note(&page, |id| !ids.contains(id));
        page.items.retain(|item| match item {
            Ok(record) => match record.identity() {
                Some(id) if self.ids.insert(id) => true,
                Some(_) => {
                    duplicates += 1;
                    false
                }
                None => {
                    self.without_id = true;
                    true
                }
            },
            Err(item) => match item.id.as_deref() {
                Some(id) if !self.ids.insert(id) => {
                    duplicates += 1;
                    false
                }
                known => {
                    bad += 1;
                    nameless |= known.is_none();
                    true
                }
            },
        });
        self.nameless |= nameless;
        let limited = self.cut(&mut page);
        let records = page.records().count() as u64;
        let mut declared = None;
        self.report.update(|c| {
            c.pages += 1;
            c.records += records;
            c.bad += bad;
            c.left_out = c.left_out.saturating_add(left_out);
            c.duplicates += duplicates;
            if c.hidden.is_none() {
                c.hidden.clone_from(&page.hidden);
            }
            if c.declared.is_none() {
                c.declared = page.total;
            }
            declared = c.declared;
        });
        if let (Some(first), Some(now)) = (declared, page.total)
            && first != now
            && self.moved.is_none()
        {
            self.moved = Some((first, now));
        }
        if limited {
            self.finish(Completeness::Unproven(UnprovenReason::Limited));
        } else if self.chain.is_empty() && self.last.is_none() {
            self.conclude();
        } else if self.last.is_none() {
            self.stop_where_nothing_comes();
        }
        page
    }

    /// More pages are promised: ends the listing where they would lead nowhere.
    fn stop_where_nothing_comes(&mut self) {
        let kind = T::KIND.plural();
        let why = match self.progress.stall(self.report.declared(), self.report.received()) {
            None => return,
            Some(Stall::Repeats) => {
                format!("the distributor sent a page of {kind} that had all come before, and promised more")
            }
            Some(Stall::Exceeds { declared, received }) => format!(
                "the distributor declared {declared} {kind}, sent {received} already and promised more"
            ),
            Some(Stall::Idle) => {
                format!("the distributor sent page after page without new {kind}, and promised more")
            }
        };
        self.chain.clear();
        let message = format!("{why}; the listing would never end and was stopped");
        self.last = Some(self.error(ErrorKind::Incomplete, message));
    }

    /// The page says what follows it; what was guessed ahead holds only as far as it agrees.
    fn follow(&mut self, next: Option<&Cursor>, ahead: &[Cursor]) {
        let Some(next) = next else {
            self.chain.clear();
            self.next = ResumePoint::new(self.tag.clone(), None, true);
            return;
        };
        self.next = ResumePoint::new(self.tag.clone(), Some(next.clone()), false);
        if !self.cursors.insert(next.as_str()) {
            self.chain.clear();
            self.last = Some(
                self.error(
                    ErrorKind::Incomplete,
                    "the distributor handed out the same page cursor twice, so the listing would never end; \
                 it was stopped"
                        .to_owned(),
                ),
            );
            return;
        }
        let known = std::iter::once(next).chain(ahead.iter().take(Page::<T>::MAX_AHEAD));
        // Who tells one page and names another does so again: each would cost a call.
        self.asks_early &= self.chain.front().is_none_or(|slot| slot.cursor() == Some(next));
        for (at, cursor) in known.enumerate() {
            if self.chain.get(at).is_some_and(|slot| slot.cursor() != Some(cursor)) {
                self.chain.truncate(at);
            }
            if self.chain.len() == at {
                self.chain.push_back(Slot::Waiting(Some(cursor.clone())));
            }
        }
    }

    /// Cuts the page to what the limit leaves, and answers whether the limit ended the listing.
    fn cut(&mut self, page: &mut Page<T>) -> bool {
        let Some(left) = self.limit.as_mut() else { return false };
        let mut cut = false;
        page.items.retain(|item| {
            if item.is_err() {
                return true;
            }
            if *left == 0 {
                cut = true;
                return false;
            }
            *left -= 1;
            true
        });
        let more = !self.chain.is_empty();
        if cut {
            // The rest of this page was not handed out: whoever resumes must see it again.
            self.next = self.current.clone();
        }
        cut || (*left == 0 && more)
    }

    /// The last page was taken up: is it all there?
    fn conclude(&mut self) {
        let received = self.report.received();
        let declared = self.report.declared();
        let unproven = |reason| Completeness::Unproven(reason);
        let problem = match (self.moved, declared) {
            (Some((first, now)), _) => Some(format!(
                "the declared total moved from {first} to {now} while {received} {} were received: \
                 list again",
                T::KIND.plural()
            )),
            (None, Some(declared)) if received < declared && !self.resumed => Some(format!(
                "the distributor declared {declared} {} but sent {received}: list again",
                T::KIND.plural()
            )),
            _ => None,
        };
        if let Some(problem) = problem {
            self.last = Some(self.error(ErrorKind::Incomplete, problem));
            return;
        }
        let completeness = if self.resumed {
            unproven(UnprovenReason::Resumed)
        } else if self.nameless {
            unproven(UnprovenReason::BadRecord)
        } else if self.without_id {
            unproven(UnprovenReason::NoId)
        } else if self.report.hidden().is_some() {
            unproven(UnprovenReason::Hidden)
        } else {
            match declared {
                None => unproven(UnprovenReason::NoTotal),
                Some(declared) if received > declared => unproven(UnprovenReason::MoreThanDeclared),
                Some(_) => Completeness::Proven,
            }
        };
        self.finish(completeness);
    }
}
