//! Cursors, and pages of Pax8 as pages of the common listing.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;

use provider_core::judge::{Walk, WholeList};
use provider_core::model::Raw;
use provider_core::{Cursor, Error, ErrorKind, ItemError, Page, PageRequest, ProviderInfo, Query, Result};

use crate::wire::envelope::{Listed, PageOf};

/// Which page a request names. A cursor holds the page and its size, because a number means nothing
/// without the size it was counted with.
pub(super) fn asked<Q: Query>(
    info: &ProviderInfo,
    query: &Q,
    request: &PageRequest,
    default_size: u32,
) -> Result<PageOf> {
    asked_at_most(info, query, request, default_size, PageOf::MAX_SIZE)
}

/// As [`asked`], for listings whose records take further calls: all calls of a page have to fit into one
/// deadline at the pace of the rate limit, however many pages are fetched at once.
pub(super) fn asked_at_most<Q: Query>(
    info: &ProviderInfo,
    query: &Q,
    request: &PageRequest,
    default_size: u32,
    most: u32,
) -> Result<PageOf> {
    let Some(cursor) = &request.cursor else {
        return Ok(PageOf::first(request.size.unwrap_or(default_size).min(most)));
    };
    let text = cursor.open(info, query)?;
    let page =
        text.split_once('/').and_then(|(number, size)| Some((number.parse().ok()?, size.parse().ok()?)));
    match page {
        Some((number, size)) => Ok(PageOf::first(size).at(number)),
        None => Err(Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this version")),
    }
}

fn cursor<Q: Query>(info: &ProviderInfo, query: &Q, page: PageOf) -> Cursor {
    Cursor::tagged(info, query, format!("{}/{}", page.number, page.size))
}

/// The page of a listing: what it carried on the wire, what follows, and how many records are declared.
pub(super) fn of<Q: Query, T>(info: &ProviderInfo, query: &Q, asked: PageOf, listed: Listed<T>) -> Page<T> {
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
    let mut page = Page::new(listed.items).with_bytes(listed.bytes);
    page.total = total;
    let mut following = following.into_iter();
    page.next = following.next();
    page.ahead = following.collect();
    page
}

/// Every record of a listing that the provider walks for itself. Where no total is declared, a page that
/// says the same as the one before it ends the walk: such an answer is not paged at all.
///
/// # Errors
/// Those of the calls; `Incomplete` where more pages are declared, and they say the same again and again.
pub(super) async fn every<T, F>(
    what: &'static str,
    read: impl Fn(PageOf) -> F,
) -> Result<Vec<Result<T, ItemError>>>
where
    T: PartialEq + Debug,
    F: Future<Output = Result<Listed<T>>>,
{
    let mut all: Vec<Result<T, ItemError>> = Vec::new();
    let mut last_page = 0;
    let mut walk = Walk::over(what);
    let mut asked = Some(PageOf::default());
    while let Some(at) = asked {
        let page = read(at).await?;
        let before = all.get(last_page..).unwrap_or_default();
        if at.number > 0 && before == page.items && page.pages(at).is_none() {
            break;
        }
        // Held against all pages before it: they may come in a circle.
        walk.page(page.items.iter().map(told_apart_by).collect::<Vec<_>>())?;
        asked = page.next(at);
        last_page = all.len();
        all.extend(page.items);
    }
    Ok(all)
}

/// A record by what it says, one that cannot be read as it stands in its answer.
fn told_apart_by<T: Debug>(item: &Result<T, ItemError>) -> String {
    match item {
        Ok(record) => format!("{record:?}"),
        Err(error) => error.raw.as_ref().map_or_else(|| error.to_string(), |raw| raw.get().to_owned()),
    }
}

/// As [`every`], without the records that could not be read.
pub(super) async fn every_record<T, F>(what: &'static str, read: impl Fn(PageOf) -> F) -> Result<Vec<T>>
where
    T: PartialEq + Debug,
    F: Future<Output = Result<Listed<T>>>,
{
    Ok(every(what, read).await?.into_iter().filter_map(Result::ok).collect())
}

/// A list that something is judged by: every record, by its id, or an error where the answers do not show
/// that these are all. An answer that is not paged at all says the same on every page.
pub(super) async fn whole<T, F>(
    what: &'static str,
    id: impl Fn(&T) -> Option<&str>,
    read: impl Fn(PageOf) -> F,
) -> Result<BTreeMap<String, T>>
where
    F: Future<Output = Result<Listed<T>>>,
{
    let mut list = WholeList::new(what);
    let mut before: Vec<String> = Vec::new();
    let mut asked = Some(PageOf::default());
    while let Some(at) = asked {
        let page = read(at).await?;
        asked = page.next(at);
        list.declared(page.page.total_elements);
        let is_paged = page.pages(at).is_some();
        let mut records = Vec::with_capacity(page.items.len());
        for item in page.items {
            let record = item.map_err(|item| {
                let message = format!("the list of {what} has a record that cannot be read: {item}");
                Error::new(ErrorKind::Decode, message).for_read()
            })?;
            records.push((id(&record).unwrap_or_default().to_owned(), record));
        }
        let ids: Vec<String> = records.iter().map(|(id, _)| id.clone()).collect();
        if at.number > 0 && !is_paged && ids == before {
            break;
        }
        before = ids;
        for (id, record) in records {
            list.add(id, record)?;
        }
    }
    list.end()
}

/// What each record of a page takes a call of its own for: what cannot be had of one, however often it is asked for, costs
/// that record, not the page. `of_all`: whether an error is about what all of the calls name.
pub(super) fn one_among_others<T>(read: Result<T>, of_all: impl Fn(&Error) -> bool) -> Result<Result<T>> {
    match read {
        Err(error) if (error.kind() == ErrorKind::Decode || is_refusal(&error)) && !of_all(&error) => {
            Ok(Err(error))
        }
        read => read.map(Ok),
    }
}

fn is_refusal(error: &Error) -> bool {
    use ErrorKind as K;
    matches!(error.kind(), K::InvalidInput | K::Unsupported | K::PermissionDenied)
}

/// Where each of several is refused, that says nothing about the records: a right may be missing.
pub(super) fn unless_all_are_refused<T>(mut found: Vec<Result<T>>) -> Result<Vec<Result<T>>> {
    let refused = |one: &Result<T>| one.as_ref().is_err_and(is_refusal);
    if found.len() > 1
        && found.iter().all(refused)
        && let Some(Err(error)) = found.pop()
    {
        return Err(error);
    }
    Ok(found)
}

/// A record without what its own call was to tell.
pub(super) fn untold(path: &str, what: &str, id: &str, error: &Error, raw: Option<Raw>) -> ItemError {
    let mut untold = ItemError::new(path, format!("{what} {id}: {error}")).with_id(id);
    untold.raw = raw;
    untold
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::wire::envelope::PageNumbers;

    /// Walks over these pages, the last of which comes for every number beyond, and answers the records
    /// and how many pages were read.
    async fn walk(pages: &[&[u32]], numbers: PageNumbers) -> (Vec<u32>, usize) {
        let read = AtomicUsize::new(0);
        let records = every_record("records", |at: PageOf| {
            read.fetch_add(1, Ordering::SeqCst);
            let page = pages.get(usize::try_from(at.number).unwrap()).or(pages.last()).unwrap();
            let items = page.iter().copied().map(Ok).collect();
            async move { Ok(Listed { items, page: numbers, answered_at: None, bytes: 0 }) }
        });
        (records.await.unwrap(), read.load(Ordering::SeqCst))
    }

    /// What [`whole`] makes of one page of these with these numbers.
    async fn judged(ids: &'static [&'static str], numbers: PageNumbers) -> Result<usize> {
        let read = |_: PageOf| async move {
            let items = ids.iter().map(|id| Ok((*id).to_owned())).collect();
            Ok(Listed { items, page: numbers, answered_at: None, bytes: 0 })
        };
        whole("records", |id: &String| Some(id.as_str()), read).await.map(|all| all.len())
    }

    #[tokio::test]
    async fn a_list_to_judge_by_is_whole_or_an_error() {
        let total = |total: u64| numbers(&format!(r#"{{"totalElements":{total},"totalPages":1}}"#));
        assert_eq!(judged(&["a", "b"], total(2)).await.unwrap(), 2);
        assert_eq!(judged(&[], total(0)).await.unwrap(), 0);
        // Not paged at all.
        assert_eq!(judged(&["a", "b"], PageNumbers::default()).await.unwrap(), 2);
        for (ids, numbers, kind) in [
            (&["a"][..], total(2), ErrorKind::Incomplete),
            (&["a", "a"], total(2), ErrorKind::Incomplete),
            (&[], total(1), ErrorKind::Incomplete),
            (&[], PageNumbers::default(), ErrorKind::Decode),
            (&[""], total(1), ErrorKind::Decode),
        ] {
            assert_eq!(judged(ids, numbers).await.unwrap_err().kind(), kind, "{ids:?}");
        }
    }

    fn numbers(json: &str) -> PageNumbers {
        serde_json::from_str(json).unwrap()
    }

    #[tokio::test]
    async fn a_walk_that_gets_nowhere_ends() {
        for items in [vec![Ok(1)], vec![Err(ItemError::new("/content/0", "not a record"))]] {
            let read = |_: PageOf| {
                let items = items.clone();
                async move {
                    let page = numbers(r#"{"totalPages":4000000000}"#);
                    Ok(Listed { items, page, answered_at: None, bytes: 0 })
                }
            };
            let ended = every("records", read).await.unwrap_err();
            assert_eq!(ended.kind(), ErrorKind::Incomplete);
        }
    }

    #[tokio::test]
    async fn so_does_one_that_goes_in_a_circle_whatever_is_declared() {
        for numbers in [numbers(r#"{"totalPages":4000000000}"#), PageNumbers::default()] {
            let read = |at: PageOf| async move {
                assert!(at.number < 100, "it gets nowhere");
                Ok(Listed { items: vec![Ok(at.number % 2)], page: numbers, answered_at: None, bytes: 0 })
            };
            let ended = every("records", read).await.unwrap_err();
            assert_eq!(ended.kind(), ErrorKind::Incomplete);
        }
    }

    #[tokio::test]
    async fn a_walk_follows_the_declared_pages() {
        let all = numbers(r#"{"totalPages":2}"#);
        assert_eq!(walk(&[&[1, 2], &[3]], all).await, (vec![1, 2, 3], 2));
        // Declared pages are read even if they say the same: two records may well be equal.
        assert_eq!(walk(&[&[1]], numbers(r#"{"totalPages":3}"#)).await, (vec![1, 1, 1], 3));
    }

    #[tokio::test]
    async fn a_walk_without_numbers_ends_with_an_empty_or_a_repeated_page() {
        assert_eq!(walk(&[&[1, 2], &[3], &[]], PageNumbers::default()).await, (vec![1, 2, 3], 3));
        assert_eq!(walk(&[&[1, 2]], PageNumbers::default()).await, (vec![1, 2], 2));
        // The first page, whatever was asked for.
        assert_eq!(walk(&[&[1, 2]], numbers(r#"{"number":0}"#)).await.1, 2);
        let odd = numbers(r#"{"number":{},"size":"many","totalElements":null,"totalPages":[3]}"#);
        assert_eq!(odd, PageNumbers::default(), "numbers that are none say nothing");
    }
}
