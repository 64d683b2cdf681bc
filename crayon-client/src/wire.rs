//! How Cloud-iQ writes its JSON and its lists: PascalCase in requests, either case in answers, enums as numbers,
//! lists with and without an envelope, pages that are counted.

mod document;
#[macro_use]
pub(crate) mod enums;
mod envelope;
mod secrets;

pub use document::Document;
pub use envelope::Listed;
pub(crate) use envelope::{Beside, Lists, Rows, mark};
use provider_http::RequestSpec;
pub(crate) use secrets::SECRET_MEMBERS;
pub use secrets::SecretText;

/// Which page of a list, and how many records a page holds. Pages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// The page, from 1.
    pub page: u32,
    /// Records a page.
    pub size: u32,
}

impl Paging {
    /// The first page with so many records.
    #[must_use]
    pub const fn first(size: u32) -> Self {
        Self { page: 1, size }
    }

    /// The page after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { page: self.page.saturating_add(1), size: self.size }
    }

    /// This page with the same number of records.
    #[must_use]
    pub const fn at(self, page: u32) -> Self {
        Self { page, size: self.size }
    }

    pub(crate) fn apply(self, spec: RequestSpec) -> RequestSpec {
        spec.query("Page", self.page).query("PageSize", self.size)
    }
}

impl Default for Paging {
    /// The first page of 100 records.
    fn default() -> Self {
        Self::first(100)
    }
}
