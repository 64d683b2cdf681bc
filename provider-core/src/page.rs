//! Pages: the primitive that every listing is made of.

mod cursor;
mod engine;
mod listing;
mod report;
mod resume;
mod seen;

pub use cursor::Cursor;
pub use listing::{Listing, Pages};
pub use report::{Completeness, ListingReport, UnprovenReason};
pub use resume::ResumePoint;

use std::fmt;

use crate::capability::Operation;
use crate::error::{Delivery, Error, ErrorKind};
use crate::raw::Raw;

/// Which page, and how large.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Where to go on; `None` for the first page.
    pub cursor: Option<Cursor>,
    /// How many records are wanted. A provider caps it at what its distributor allows.
    pub size: Option<u32>,
}

impl PageRequest {
    /// The page that this cursor names.
    #[must_use]
    pub fn at(cursor: Cursor) -> Self {
        Self { cursor: Some(cursor), size: None }
    }

    /// Asks for this many records.
    #[must_use]
    pub fn size(mut self, size: u32) -> Self {
        self.size = Some(size);
        self
    }
}

/// One record that could not be read. The rest of its page could.
#[derive(Clone, PartialEq, Eq)]
pub struct ItemError {
    /// Where in the record, as a JSON path such as `lines[2].price`.
    pub path: String,
    /// Why.
    pub reason: String,
    /// The record as it came, with known secrets blanked.
    pub raw: Option<Raw>,
}

impl ItemError {
    /// A record that could not be read, without its JSON.
    #[must_use]
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into(), raw: None }
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
            f.write_str(&self.reason)
        } else {
            write!(f, "{}: {}", self.path, self.reason)
        }
    }
}

impl fmt::Debug for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemError")
            .field("path", &self.path)
            .field("reason", &self.reason)
            .field("raw", &self.raw)
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
}

impl<T> Page<T> {
    /// How many cursors beyond the next page are used.
    pub const MAX_AHEAD: usize = 16;

    /// A last page without a total. `items` are records, or results of reading them; `on_wire` is set
    /// to their number.
    #[must_use]
    pub fn new<I: IntoPageItem<T>>(items: Vec<I>) -> Self {
        let items: Vec<_> = items.into_iter().map(IntoPageItem::into_page_item).collect();
        Self { on_wire: items.len() as u64, items, next: None, ahead: Vec::new(), total: None }
    }

    /// Sets where the next page begins.
    #[must_use]
    pub fn with_next(mut self, next: Option<Cursor>) -> Self {
        self.next = next;
        self
    }

    /// Sets the declared total.
    #[must_use]
    pub fn with_total(mut self, total: u64) -> Self {
        self.total = Some(total);
        self
    }

    /// The records that could be read.
    pub fn records(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(|item| item.as_ref().ok())
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), on_wire: 0, next: None, ahead: Vec::new(), total: None }
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
