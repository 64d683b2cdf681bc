//! How Pax8 wraps records: pages with numbers, and lists without.

use chrono::{DateTime, Utc};
use provider_core::ItemError;
use provider_http::RequestSpec;
use provider_http::decode::Envelope;
use serde::Deserialize;

/// A page number, counted from 0, and a page size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PageOf {
    /// The page, from 0.
    pub number: u32,
    /// How many records a page has: 1 to 200.
    pub size: u32,
}

impl PageOf {
    /// The largest page that Pax8 allows.
    pub const MAX_SIZE: u32 = 200;

    /// The first page of this size; sizes are brought into 1 to 200.
    #[must_use]
    pub fn first(size: u32) -> Self {
        Self { number: 0, size: size.clamp(1, Self::MAX_SIZE) }
    }

    /// Another page of the same size.
    #[must_use]
    pub const fn at(self, number: u32) -> Self {
        Self { number, size: self.size }
    }
}

impl PageOf {
    pub(crate) fn apply(self, spec: RequestSpec) -> RequestSpec {
        spec.query("page", self.number).query("size", self.size)
    }
}

impl Default for PageOf {
    /// The first page of 200 records.
    fn default() -> Self {
        Self { number: 0, size: Self::MAX_SIZE }
    }
}

/// Where in a listing a page stands, as far as Pax8 said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PageNumbers {
    /// Which page it is, from 0.
    #[serde(default, deserialize_with = "crate::wire::count")]
    pub number: Option<u64>,
    /// How many records a page has.
    #[serde(default, deserialize_with = "crate::wire::count")]
    pub size: Option<u64>,
    /// How many records there are.
    #[serde(default, deserialize_with = "crate::wire::count")]
    pub total_elements: Option<u64>,
    /// How many pages there are.
    #[serde(default, deserialize_with = "crate::wire::count")]
    pub total_pages: Option<u64>,
}

impl PageNumbers {
    const fn is_empty(&self) -> bool {
        self.number.is_none()
            && self.size.is_none()
            && self.total_elements.is_none()
            && self.total_pages.is_none()
    }
}

/// A page of records. One that could not be read stands as its error; the rest of the page could.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Listed<T> {
    /// The records, in Pax8's order.
    pub items: Vec<Result<T, ItemError>>,
    /// Where the page stands.
    pub page: PageNumbers,
    /// What time it was at Pax8 when it answered, as far as the answer said.
    pub answered_at: Option<DateTime<Utc>>,
    /// How long the answer was.
    pub(crate) bytes: u64,
}

impl<T> Listed<T> {
    /// The records that could be read.
    pub fn records(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(|item| item.as_ref().ok())
    }

    /// How many pages there are, where Pax8 said enough to tell: as many as it says, and as its records need.
    #[must_use]
    pub fn pages(&self, asked: PageOf) -> Option<u64> {
        let size = self.page.size.filter(|size| *size > 0).unwrap_or(u64::from(asked.size)).max(1);
        let needed = self.page.total_elements.map(|total| total.div_ceil(size));
        // `None` is less than any number.
        self.page.total_pages.max(needed)
    }

    /// The page after the one that was asked for. An empty page is the last, whatever the numbers say; so
    /// is another page than the one that was asked for, where no total is declared.
    #[must_use]
    pub fn next(&self, asked: PageOf) -> Option<PageOf> {
        let number = asked.number.checked_add(1)?;
        let more = match self.pages(asked) {
            Some(pages) => u64::from(number) < pages,
            None => self.page.number.is_none_or(|is| is == u64::from(asked.number)),
        };
        (more && !self.items.is_empty()).then(|| asked.at(number))
    }
}

/// `{"content":[..],"page":{..}}`, with the numbers beside `content` on one endpoint, and without
/// `content` where nothing matched.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "R: Deserialize<'de>"))]
pub(crate) struct Rows<R> {
    content: Option<Vec<R>>,
    page: Option<PageNumbers>,
    #[serde(default, deserialize_with = "crate::wire::count")]
    number: Option<u64>,
    #[serde(default, deserialize_with = "crate::wire::count")]
    size: Option<u64>,
    #[serde(default, deserialize_with = "crate::wire::count")]
    total_elements: Option<u64>,
    #[serde(default, deserialize_with = "crate::wire::count")]
    total_pages: Option<u64>,
}

/// What stands beside the rows.
pub(crate) struct Beside {
    pub(crate) numbers: PageNumbers,
    has_content: bool,
}

impl Beside {
    /// Rows or numbers make a page; JSON with neither is something else.
    pub(crate) const fn is_page(&self) -> bool {
        self.has_content || !self.numbers.is_empty()
    }
}

/// The envelope of Pax8's pages.
pub(crate) struct PageEnvelope;

impl<'a> Envelope<'a> for PageEnvelope {
    type Of<R: Deserialize<'a>> = Rows<R>;
    type Rest = Beside;

    fn total(beside: &Beside) -> Option<u64> {
        beside.numbers.total_elements
    }

    fn split<R: Deserialize<'a>>(rows: Rows<R>) -> (Vec<R>, Beside) {
        let numbers = rows.page.unwrap_or(PageNumbers {
            number: rows.number,
            size: rows.size,
            total_elements: rows.total_elements,
            total_pages: rows.total_pages,
        });
        let beside = Beside { numbers, has_content: rows.content.is_some() };
        (rows.content.unwrap_or_default(), beside)
    }
}

/// Rows under `content` without page numbers.
#[derive(Debug, Deserialize)]
pub(crate) struct Content<T> {
    #[serde(
        default = "Vec::new",
        deserialize_with = "provider_core::wire::lenient::list",
        bound = "T: Deserialize<'de>"
    )]
    pub(crate) content: Vec<T>,
}
