//! Pages as Pax8 numbers them.

use provider_core::{ErrorKind, ItemError, Result};
use provider_http::Answer;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Which page, from 0, and how large.
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
    #[serde(default, deserialize_with = "crate::wire::count::deserialize")]
    pub number: Option<u64>,
    /// How many records a page has.
    #[serde(default, deserialize_with = "crate::wire::count::deserialize")]
    pub size: Option<u64>,
    /// How many records there are.
    #[serde(default, deserialize_with = "crate::wire::count::deserialize")]
    pub total_elements: Option<u64>,
    /// How many pages there are.
    #[serde(default, deserialize_with = "crate::wire::count::deserialize")]
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
}

impl<T> Listed<T> {
    /// The records that could be read.
    pub fn records(&self) -> impl Iterator<Item = &T> {
        self.items.iter().filter_map(|item| item.as_ref().ok())
    }

    /// The records that could be read, owned.
    pub fn into_records(self) -> impl Iterator<Item = T> {
        self.items.into_iter().filter_map(Result::ok)
    }

    /// How many pages there are, where Pax8 said enough to tell.
    #[must_use]
    pub fn pages(&self, asked: PageOf) -> Option<u64> {
        self.page.total_pages.or_else(|| {
            let size = self.page.size.filter(|size| *size > 0).unwrap_or(u64::from(asked.size));
            self.page.total_elements.map(|total| total.div_ceil(size))
        })
    }

    /// The page after the one that was asked for. An empty page is the last, whatever the numbers say.
    #[must_use]
    pub fn next(&self, asked: PageOf) -> Option<PageOf> {
        let number = asked.number.checked_add(1)?;
        let more = !self.items.is_empty() && self.pages(asked).is_none_or(|pages| u64::from(number) < pages);
        more.then(|| asked.at(number))
    }
}

/// `{"content":[..],"page":{..}}`, with the numbers beside `content` on one endpoint, and without
/// `content` where nothing matched.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<'a> {
    #[serde(borrow, default)]
    content: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    page: Option<PageNumbers>,
    #[serde(default, deserialize_with = "crate::wire::count::deserialize")]
    number: Option<u64>,
    #[serde(default, deserialize_with = "crate::wire::count::deserialize")]
    size: Option<u64>,
    #[serde(default, deserialize_with = "crate::wire::count::deserialize")]
    total_elements: Option<u64>,
    #[serde(default, deserialize_with = "crate::wire::count::deserialize")]
    total_pages: Option<u64>,
}

impl<'a> Envelope<'a> {
    pub(super) fn split(self, answer: &Answer) -> Result<(Vec<&'a RawValue>, PageNumbers)> {
        let numbers = self.page.unwrap_or(PageNumbers {
            number: self.number,
            size: self.size,
            total_elements: self.total_elements,
            total_pages: self.total_pages,
        });
        match self.content {
            Some(content) => Ok((content, numbers)),
            None if !numbers.is_empty() => Ok((Vec::new(), numbers)),
            None => {
                Err(answer
                    .error(ErrorKind::Decode, "the answer is no page: it has neither content nor numbers"))
            }
        }
    }
}
