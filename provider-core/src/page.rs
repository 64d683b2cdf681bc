//! Pages: the primitive that every listing is made of.

mod cursor;
mod engine;
mod listing;
mod progress;
mod report;
mod resume;
mod seen;
mod tag;
mod told;

pub use cursor::Cursor;
pub use listing::{Listing, Pages};
pub use report::{Completeness, ListingReport, UnprovenReason};
pub use resume::ResumePoint;

use std::borrow::Cow;
use std::fmt;

use crate::capability::Operation;
use crate::error::{Delivery, Error, ErrorKind, cut};
use crate::info::ProviderInfo;
use crate::query::Query;
use crate::raw::Raw;
use told::Told;

/// Which page of a listing, and how many records it should have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageRequest {
    /// The cursor of the page; `None` for the first page.
    pub cursor: Option<Cursor>,
    /// How many records are wanted. A provider caps it at what its distributor allows.
    pub size: Option<u32>,
    told: Told,
}

impl PageRequest {
    /// The page that this cursor names.
    #[must_use]
    pub fn at(cursor: Cursor) -> Self {
        Self { cursor: Some(cursor), ..Self::default() }
    }

    /// The same request, of the place that this cursor names with the size that is its own.
    #[must_use]
    pub fn moved_to(mut self, cursor: Cursor) -> Self {
        self.cursor = Some(cursor);
        self.size = None;
        self
    }

    /// Asks for this many records.
    #[must_use]
    pub fn size(mut self, size: u32) -> Self {
        self.size = Some(size);
        self
    }

    /// Says where the next page begins before this one is read, so that a [`Listing`] asks for it while this one is
    /// decoded. For people who write a provider whose pages only the page before names. Answers whether anybody
    /// listens: then it is worth to let other tasks run, so that the request goes out, before the records are read.
    ///
    /// It is a guess: what [`Page::next`] says in the end counts, and a page that it does not name is given up. Who
    /// asks another provider and rewrites its cursors asks with a request of its own, for this one listens to what the
    /// other provider says.
    ///
    /// ```
    /// use provider_core::{Cursor, PageRequest};
    ///
    /// let request = PageRequest::default();
    /// assert!(!request.tell_next(&Cursor::new("2")), "only a listing listens");
    /// ```
    pub fn tell_next(&self, cursor: &Cursor) -> bool {
        self.told.tell(cursor)
    }

    /// Where the page begins, for a distributor that pages by numbers or offsets: what
    /// [`Page::with_next_position`] was given. `None` for the first page.
    ///
    /// # Errors
    /// `InvalidCursor` when the cursor belongs to another connection or query, or holds no position.
    pub fn position<Q: Query>(&self, info: &ProviderInfo, query: &Q) -> Result<Option<u64>, Error> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let text = cursor.open(info, query)?;
        let position = text.parse().map_err(|_| {
            Error::new(
                ErrorKind::InvalidCursor,
                "the cursor holds no position: it was not made by this provider",
            )
        })?;
        Ok(Some(position))
    }
}

/// One record that could not be read. The rest of its page could.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemError {
    /// Where in the record, as a JSON path such as `lines[2].price`.
    pub path: String,
    /// Why.
    pub reason: String,
    /// The record as it came, with known secrets blanked.
    pub raw: Option<Raw>,
    /// The id that the record would have, where that could be read: then it is known which record is missing.
    pub id: Option<String>,
}

impl ItemError {
    /// A record that could not be read, without its JSON.
    #[must_use]
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        let (path, reason) = (cut(path.into(), Self::LONGEST), cut(reason.into(), Self::LONGEST));
        Self { path, reason, raw: None, id: None }
    }

    /// Of a path and of a reason no more than so many characters are shown.
    const LONGEST: usize = 500;

    /// With path, reason and JSON passed through `edit`; `None` where nothing had to be edited.
    pub(crate) fn edited(&self, edit: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let (path, reason) = (edit(&self.path), edit(&self.reason));
        let raw = self.raw.as_ref().and_then(|raw| raw.edited(edit));
        let id = self.id.as_deref().and_then(edit);
        if path.is_none() && reason.is_none() && raw.is_none() && id.is_none() {
            return None;
        }
        let mut after = Self::new(
            path.unwrap_or_else(|| self.path.clone()),
            reason.unwrap_or_else(|| self.reason.clone()),
        );
        after.raw = raw.or_else(|| self.raw.clone());
        after.id = id.or_else(|| self.id.clone());
        Some(after)
    }

    /// With path, reason and every text of its JSON passed through `edit`, which answers the text to show instead or
    /// `None` to leave it: for those who blank secrets that a distributor echoed.
    #[must_use]
    pub fn with_texts(self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        self.edited(edit).unwrap_or(self)
    }

    /// Names the record by the id that it would have as a model, composite where that is.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Keeps the record's JSON.
    #[must_use]
    pub fn with_raw(mut self, raw: Raw) -> Self {
        self.raw = Some(raw);
        self
    }

    /// As an error of the operation that listed it; [`Error::is_item`] is true.
    #[must_use]
    pub fn into_error(self, operation: Operation) -> Error {
        Error::new(ErrorKind::Decode, format!("a record could not be read: {self}"))
            .with_delivery(Delivery::Rejected)
            .with_operation(operation)
            .for_item()
            .with_source(self)
    }
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() || self.path == "." {
            f.write_str(&cut(self.reason.clone(), Self::LONGEST))
        } else {
            let (path, reason) = (self.path.clone(), self.reason.clone());
            write!(f, "{}: {}", cut(path, Self::LONGEST), cut(reason, Self::LONGEST))
        }
    }
}

impl fmt::Debug for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemError")
            .field("path", &self.path)
            .field("reason", &self.reason)
            .field("raw", &self.raw)
            .field("id", &self.id)
            .finish()
    }
}

impl std::error::Error for ItemError {}

/// One page of a listing, as a provider hands it out.
///
/// ```
/// use provider_core::{Cursor, Customer, Page};
///
/// let mut page = Page::new(vec![Customer::new("1", "Example Bakery")]);
/// page.next = Some(Cursor::new("2"));
/// page.total = Some(2);
/// assert_eq!(page.on_wire, 1);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records, in the distributor's order. One that could not be read stands as its error.
    pub items: Vec<Result<T, ItemError>>,
    /// How many records the page carried on the wire. More than `items` where the provider left some
    /// out on purpose (a filter it applies itself); they count towards completeness.
    pub on_wire: u64,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Cursor>,
    /// Further cursors that are known already, in order after `next`: at most [`Page::MAX_AHEAD`] are
    /// used. Filling it lets a [`Listing`] fetch pages concurrently.
    pub ahead: Vec<Cursor>,
    /// How many records the whole listing has, as the distributor declared on this page.
    pub total: Option<u64>,
    /// Which records are known, or suspected, to be missing from the list, in words. A listing with such a
    /// page is never [`Completeness::Proven`]: whoever removes what is not in a proven list would remove them.
    pub hidden: Option<Cow<'static, str>>,
    /// How long the answer was that the page was read from, in bytes; 0 where the provider does not say. A
    /// [`Listing`] reads no more pages ahead than 256 MiB of answers.
    pub bytes: u64,
}

impl<T> Page<T> {
    /// How many cursors beyond the next page are used.
    pub const MAX_AHEAD: usize = 16;

    /// A last page without a total. `items` are records, or results of reading them; `on_wire` is set
    /// to their number.
    #[must_use]
    pub fn new<I: IntoPageItem<T>>(items: Vec<I>) -> Self {
        let items: Vec<_> = items.into_iter().map(IntoPageItem::into_page_item).collect();
        Self { on_wire: items.len() as u64, items, ..Self::default() }
    }

    /// Sets where the next page begins.
    #[must_use]
    pub fn with_next(mut self, next: Option<Cursor>) -> Self {
        self.next = next;
        self
    }

    /// Sets where the next page begins by its number or offset, which [`PageRequest::position`] answers then;
    /// `None` on the last page.
    #[must_use]
    pub fn with_next_position<Q: Query>(self, info: &ProviderInfo, query: &Q, position: Option<u64>) -> Self {
        self.with_next(position.map(|position| Cursor::tagged(info, query, position.to_string())))
    }

    /// Sets the declared total.
    #[must_use]
    pub fn with_total(mut self, total: u64) -> Self {
        self.total = Some(total);
        self
    }

    /// Says how long the answer was.
    #[must_use]
    pub fn with_bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }

    /// Says which records the list does not show.
    #[must_use]
    pub fn with_hidden(mut self, records: impl Into<Cow<'static, str>>) -> Self {
        self.hidden = Some(records.into());
        self
    }

    /// The page of a listing that is known to hold nothing: the last one, with a total of 0.
    #[must_use]
    pub fn empty() -> Self {
        Self::default().with_total(0)
    }

    /// The same page with each record turned into something else.
    #[must_use]
    pub fn map<U>(self, mut map: impl FnMut(T) -> U) -> Page<U> {
        self.try_map(|record| Ok(map(record)))
    }

    /// As [`map`](Self::map), where a record may turn out not to fit: it then stands as its error.
    #[must_use]
    pub fn try_map<U>(self, mut map: impl FnMut(T) -> Result<U, ItemError>) -> Page<U> {
        Page {
            items: self.items.into_iter().map(|item| item.and_then(&mut map)).collect(),
            on_wire: self.on_wire,
            next: self.next,
            ahead: self.ahead,
            total: self.total,
            hidden: self.hidden,
            bytes: self.bytes,
        }
    }

    /// Leaves out records that the provider itself picks by. They still count as carried on the wire
    /// ([`on_wire`](Self::on_wire)), or the listing would miss them. Records that could not be read stay:
    /// nobody can say that they do not fit.
    ///
    /// ```
    /// use provider_core::{Customer, Page};
    ///
    /// let page = Page::new(vec![Customer::new("1", "Harbor"), Customer::new("2", "Pier")]);
    /// let page = page.keep(|customer| customer.name == "Pier").map(|customer| customer.id);
    /// assert_eq!((page.items.len(), page.on_wire), (1, 2));
    /// ```
    #[must_use]
    pub fn keep(mut self, mut fits: impl FnMut(&T) -> bool) -> Self {
        self.items.retain(|item| item.as_ref().map_or(true, &mut fits));
        self
    }

    /// The records that could be read.
    pub fn records(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(|item| item.as_ref().ok())
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            on_wire: 0,
            next: None,
            ahead: Vec::new(),
            total: None,
            hidden: None,
            bytes: 0,
        }
    }
}

/// What a page can be made of: records, or results of reading them.
pub trait IntoPageItem<T> {
    /// The record or its error.
    ///
    /// # Errors
    /// The record's own, when it could not be read.
    fn into_page_item(self) -> Result<T, ItemError>;
}

impl<T> IntoPageItem<T> for T {
    fn into_page_item(self) -> Result<T, ItemError> {
        Ok(self)
    }
}

impl<T> IntoPageItem<T> for Result<T, ItemError> {
    fn into_page_item(self) -> Result<T, ItemError> {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page<u32> {
        let mut page = Page::new(vec![Ok(1), Err(ItemError::new("id", "is missing")), Ok(2), Ok(3)])
            .with_next(Some(Cursor::new("2")))
            .with_total(9);
        page.ahead = vec![Cursor::new("3")];
        page
    }

    #[test]
    fn records_become_others_and_the_rest_of_the_page_stays() {
        let mapped = page().map(|number| number.to_string());
        assert_eq!(mapped.records().map(String::as_str).collect::<Vec<_>>(), ["1", "2", "3"]);
        assert_eq!((mapped.items.len(), mapped.on_wire, mapped.total), (4, 4, Some(9)));
        assert_eq!((mapped.next, mapped.ahead), (Some(Cursor::new("2")), vec![Cursor::new("3")]));
        let odd = |number| if number % 2 == 1 { Ok(number) } else { Err(ItemError::new(".", "is even")) };
        let mapped = page().try_map(odd);
        assert_eq!(mapped.records().copied().collect::<Vec<_>>(), [1, 3]);
        let errors: Vec<_> = mapped.items.iter().filter_map(|item| item.as_ref().err()).collect();
        assert_eq!(errors.iter().map(|error| error.path.as_str()).collect::<Vec<_>>(), ["id", "."]);
        assert_eq!(mapped.on_wire, 4);
    }

    #[test]
    fn what_is_left_out_still_counts_and_what_cannot_be_read_stays() {
        let kept = page().keep(|number| *number > 2);
        assert_eq!(kept.records().copied().collect::<Vec<_>>(), [3]);
        assert_eq!((kept.items.len(), kept.on_wire, kept.total), (2, 4, Some(9)));
        let nothing = Page::<u32>::empty();
        assert_eq!(
            (nothing.items.len(), nothing.on_wire, nothing.next, nothing.total),
            (0, 0, None, Some(0))
        );
    }

    #[test]
    fn a_request_is_the_same_whoever_listens() {
        let plain = PageRequest::at(Cursor::new("2")).size(5);
        let mut heard = plain.clone();
        heard.told = Told::listening();
        assert_eq!(heard, plain);
        assert!(heard.tell_next(&Cursor::new("3")) && !plain.tell_next(&Cursor::new("3")));
        // A copy of it is heard as well, wherever it is moved to.
        let moved = heard.clone().moved_to(Cursor::new("9"));
        assert_eq!(moved, PageRequest::at(Cursor::new("9")));
        assert!(moved.tell_next(&Cursor::new("10")));
    }
}
