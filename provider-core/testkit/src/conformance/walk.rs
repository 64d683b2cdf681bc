//! Page by page through a listing, without the help of `Listing`.

use std::collections::HashSet;

use provider_core::{Cursor, ItemError, Page, PageRequest, Result};

use super::context::Context;
use super::listed::{ListedEntity, key};

/// The pages of one listing, as the provider handed them out.
pub(super) struct Walk<T> {
    pub(super) size: Option<u32>,
    pub(super) pages: Vec<Page<T>>,
    /// The last page was reached.
    pub(super) whole: bool,
    /// A cursor that came twice, where the walk was stopped.
    pub(super) looped: Option<Cursor>,
}

impl<T: ListedEntity> Walk<T> {
    pub(super) async fn take(
        ctx: &Context<'_>,
        query: &T::Query,
        size: Option<u32>,
        most: usize,
    ) -> Result<Self> {
        let mut walk = Self { size, pages: Vec::new(), whole: false, looped: None };
        let mut met = HashSet::new();
        let mut cursor = None;
        while walk.pages.len() < most {
            let mut request = PageRequest::default();
            (request.cursor, request.size) = (cursor.take(), size);
            let page = T::page(&*ctx.provider, query, &request).await;
            let page = ctx.saw(T::LIST, page)?;
            let next = page.next.clone();
            walk.pages.push(page);
            let Some(next) = next else {
                walk.whole = true;
                break;
            };
            if !met.insert(next.as_str().to_owned()) {
                walk.looped = Some(next);
                break;
            }
            cursor = Some(next);
        }
        Ok(walk)
    }

    pub(super) fn records(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(Page::records)
    }

    pub(super) fn bad(&self) -> impl Iterator<Item = &ItemError> {
        self.pages.iter().flat_map(|page| page.items.iter().filter_map(|item| item.as_ref().err()))
    }

    pub(super) fn keys(&self) -> Vec<String> {
        self.records().map(key).collect()
    }

    /// How the walk is called in details.
    pub(super) fn name(&self) -> String {
        self.size.map_or_else(|| "pages of the default size".to_owned(), |size| format!("pages of {size}"))
    }
}
