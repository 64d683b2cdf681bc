//! Pages of Pax8 as pages of the common listing.

use provider_core::{Cursor, Error, ErrorKind, ItemError, Page, PageRequest, ProviderInfo, Query, Result};

use crate::client::{Listed, PageOf};

/// Which page a request names. A cursor holds the page and its size, because a number means nothing
/// without the size it was counted with.
pub(super) fn asked<Q: Query>(
    info: &ProviderInfo,
    query: &Q,
    request: &PageRequest,
    default_size: u32,
) -> Result<PageOf> {
    let Some(cursor) = &request.cursor else {
        return Ok(PageOf::first(request.size.unwrap_or(default_size)));
    };
    let text = cursor.open(info, query)?;
    let page =
        text.split_once('/').and_then(|(number, size)| Some((number.parse().ok()?, size.parse().ok()?)));
    match page {
        Some((number, size)) => Ok(PageOf::first(size).at(number)),
        None => Err(Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this version")),
    }
}

pub(super) fn cursor<Q: Query>(info: &ProviderInfo, query: &Q, page: PageOf) -> Cursor {
    Cursor::tagged(info, query, format!("{}/{}", page.number, page.size))
}

/// The page of a listing: what it carried on the wire, what follows, and how many records are declared.
pub(super) fn page<Q: Query, T>(info: &ProviderInfo, query: &Q, asked: PageOf, listed: Listed<T>) -> Page<T> {
    let mut following = Vec::new();
    let mut next = listed.next(asked);
    let pages = listed.pages(asked);
    while let Some(at) = next {
        following.push(cursor(info, query, at));
        let number = at.number.saturating_add(1);
        let known = pages.is_some_and(|pages| u64::from(number) < pages);
        next = (known && following.len() <= Page::<T>::MAX_AHEAD).then(|| at.at(number));
    }
    let total = listed.page.total_elements;
    let mut page = Page::new(listed.items);
    page.total = total;
    let mut following = following.into_iter();
    page.next = following.next();
    page.ahead = following.collect();
    page
}

/// Leaves out records that the provider itself picks by; they count as carried on the wire. Records that
/// could not be read stay: nobody can say that they do not fit.
pub(super) fn keep<T>(page: &mut Page<T>, fits: impl Fn(&T) -> bool) {
    page.items.retain(|item: &Result<T, ItemError>| item.as_ref().map_or(true, &fits));
}

/// The same page with each record turned into something else.
pub(super) fn map<T, U>(page: Page<T>, mut map: impl FnMut(T) -> U) -> Page<U> {
    try_map(page, |record| Ok(map(record)))
}

/// As [`map`], where a record may turn out not to fit.
pub(super) fn try_map<T, U>(page: Page<T>, mut map: impl FnMut(T) -> Result<U, ItemError>) -> Page<U> {
    Page {
        items: page.items.into_iter().map(|item| item.and_then(&mut map)).collect(),
        on_wire: page.on_wire,
        next: page.next,
        ahead: page.ahead,
        total: page.total,
    }
}

/// A listing that is known to hold nothing, without a call.
pub(super) fn nothing<T>() -> Page<T> {
    Page::default().with_total(0)
}
