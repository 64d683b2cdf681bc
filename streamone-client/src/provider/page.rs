//! What a cursor of this provider holds: a token with its page size, or an offset with its limit.

use std::future::Future;

use provider_core::judge::Walk;
use provider_core::model::Entity as _;
use provider_core::{Cursor, Error, ErrorKind, Page, PageRequest, ProviderInfo, Query, Result};
use provider_http::{Answer, HttpClient};

use super::context::Context;
use crate::api::{Listed, OffsetPage, TokenPage};
use crate::model::Id;
use crate::wire::envelope;

/// The largest pages by token that are known to be served, and those that are asked for first.
pub(super) const LARGEST: u32 = 1_000;
/// The same of subscriptions, whose pages go by offset.
pub(super) const LARGEST_BY_OFFSET: u32 = 5_000;
/// Records a page where each takes a call of its own: all of them have to fit into one deadline.
pub(super) const WITH_CALLS_EACH: u32 = 100;

fn size(page: &PageRequest, largest: u32) -> u32 {
    page.size.unwrap_or(LARGEST).clamp(1, largest)
}

/// Lists a first page as large as the account is served it, and remembers where that is less than was asked for.
pub(super) async fn largest<Q, T, F>(
    cx: &Context,
    query: &Q,
    page: &PageRequest,
    usual: u32,
    list: impl Fn(PageRequest) -> F + Send + Sync,
) -> Result<Page<T>>
where
    Q: Query,
    T: Send,
    F: Future<Output = Result<Page<T>>> + Send,
{
    let http = cx.client.http();
    let sized = |page: PageRequest| {
        let size = page.size;
        let listed = list(page);
        async move {
            let page = listed.await?;
            let short = size.is_some_and(|size| page.on_wire > 0 && page.on_wire < u64::from(size));
            if short && page.next.is_some() {
                http.page_shrank(Q::Item::KIND, u32::try_from(page.on_wire).unwrap_or(u32::MAX));
            }
            Ok(page)
        }
    };
    // A token is good only with the size that it was made for; an offset is the same with any.
    let resized = |cursor: &Cursor, size| {
        let at = numbers(&cursor.open(cx.info(), query).ok()?).ok().filter(|at| at.limit > size)?;
        Some(Cursor::tagged(cx.info(), query, text(OffsetPage::at(size, at.offset))))
    };
    http.largest_page(Q::Item::KIND, page, usual, resized, sized).await
}

fn bad() -> Error {
    Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this provider")
        .with_provider(crate::KIND)
}

/// The page by token that a request names. The size travels with the token: a token is good only with the
/// size it was made for.
pub(super) fn token<Q: Query>(info: &ProviderInfo, query: &Q, page: &PageRequest) -> Result<TokenPage> {
    let Some(cursor) = &page.cursor else { return Ok(TokenPage::first(size(page, LARGEST))) };
    let text = cursor.open(info, query)?;
    let (size, token) = text.split_once(':').ok_or_else(bad)?;
    Ok(TokenPage::at(size.parse().map_err(|_| bad())?, token))
}

/// The cursor of the page that this token stands for.
fn by_token<Q: Query>(info: &ProviderInfo, query: &Q, asked: &TokenPage, token: &str) -> Cursor {
    Cursor::tagged(info, query, format!("{}:{token}", asked.size))
}

/// Watches a walk over a list by token: neither may a token come again, nor may the pages say the same under ever new ones.
#[derive(Debug)]
pub(super) struct TokenWalk {
    tokens: Walk,
    pages: Walk,
}

impl TokenWalk {
    /// Over a list of these.
    pub(super) fn over(what: &'static str) -> Self {
        Self { tokens: Walk::over(what), pages: Walk::over(what) }
    }

    /// Takes note of a page.
    ///
    /// # Errors
    /// `Incomplete` where the walk gets nowhere.
    pub(super) fn page<T>(&mut self, listed: &Listed<T>, id: impl Fn(&T) -> Option<Id>) -> Result<()> {
        self.tokens.page(&listed.next)?;
        if listed.items.is_empty() {
            return self.pages.empty();
        }
        self.pages.page(listed.told_apart_by(id))
    }
}

/// Tells a listing what follows, before the records of the answer are read: only this page names the next one.
pub(super) async fn tell_next<Q: Query>(
    info: &ProviderInfo,
    query: &Q,
    page: &PageRequest,
    asked: &TokenPage,
    answer: &Answer,
) {
    if let Some(token) = envelope::next_token(answer) {
        HttpClient::tell_next(page, &by_token(info, query, asked, &token)).await;
    }
}

/// One page of the common models of a list by token.
pub(super) fn token_page<Q: Query, T>(
    info: &ProviderInfo,
    query: &Q,
    asked: &TokenPage,
    listed: Listed<T>,
) -> Page<T> {
    let next = listed.next.map(|token| by_token(info, query, asked, &token));
    Page::new(listed.items).with_next(next).with_bytes(listed.bytes)
}

/// The page by offset that a request names.
pub(super) fn offset<Q: Query>(info: &ProviderInfo, query: &Q, page: &PageRequest) -> Result<OffsetPage> {
    let Some(cursor) = &page.cursor else { return Ok(OffsetPage::first(size(page, LARGEST_BY_OFFSET))) };
    numbers(&cursor.open(info, query)?)
}

/// `offset:limit`.
pub(super) fn numbers(text: &str) -> Result<OffsetPage> {
    let (offset, limit) = text.split_once(':').ok_or_else(bad)?;
    let limit: u32 = limit.parse().map_err(|_| bad())?;
    if limit == 0 {
        return Err(bad());
    }
    Ok(OffsetPage::at(limit, offset.parse().map_err(|_| bad())?))
}

/// The text of a cursor by offset.
pub(super) fn text(page: OffsetPage) -> String {
    format!("{}:{}", page.offset, page.limit)
}

/// One page of the common models of a list by offset, with the pages that follow.
///
/// The service may answer fewer records than were asked for. Where more remain, that number is its limit,
/// and the pages that follow are counted in it.
pub(super) fn offset_page<Q: Query, T>(
    info: &ProviderInfo,
    query: &Q,
    asked: OffsetPage,
    listed: Listed<T>,
) -> Page<T> {
    let total = listed.total;
    let mut page = Page::new(listed.items).with_bytes(listed.bytes);
    page.total = total;
    let received = u32::try_from(page.on_wire).unwrap_or(u32::MAX);
    if received == 0 {
        return page;
    }
    let end = asked.offset.saturating_add(page.on_wire);
    if total.is_some_and(|total| end >= total) {
        return page;
    }
    let limit = received.min(asked.limit);
    let cursor = |offset: u64| Cursor::tagged(info, query, text(OffsetPage::at(limit, offset)));
    page.next = Some(cursor(end));
    if let Some(total) = total {
        let following = (1..).map(|n: u64| end.saturating_add(n.saturating_mul(u64::from(limit))));
        page.ahead =
            following.take_while(|offset| *offset < total).take(Page::<T>::MAX_AHEAD).map(cursor).collect();
    }
    page
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::{ItemError, SubscriptionQuery};

    use super::*;

    fn listed(count: usize, total: Option<u64>) -> Listed<u8> {
        Listed { items: vec![Ok(0); count], next: None, total, told: true, bytes: 0 }
    }

    fn offsets(page: &Page<u8>, info: &ProviderInfo, query: &SubscriptionQuery) -> Vec<String> {
        page.next.iter().chain(&page.ahead).map(|cursor| cursor.open(info, query).unwrap()).collect()
    }

    #[test]
    fn pages_ahead_follow_from_the_total_and_from_what_the_service_gave() {
        let (info, query) = (ProviderInfo::new("streamone", "t"), SubscriptionQuery::default());
        let full = offset_page(&info, &query, OffsetPage::first(100), listed(100, Some(250)));
        assert_eq!(offsets(&full, &info, &query), ["100:100", "200:100"]);
        let cut = offset_page(&info, &query, OffsetPage::first(100), listed(50, Some(120)));
        assert_eq!(offsets(&cut, &info, &query), ["50:50", "100:50"]);
        let last = offset_page(&info, &query, OffsetPage::at(100, 200), listed(50, Some(250)));
        assert!(last.next.is_none());
        let untold = offset_page(&info, &query, OffsetPage::first(100), listed(40, None));
        assert_eq!(offsets(&untold, &info, &query), ["40:40"]);
        assert!(offset_page(&info, &query, OffsetPage::first(100), listed(0, Some(9))).next.is_none());
        let many = offset_page(&info, &query, OffsetPage::first(1), listed(1, Some(10_000)));
        assert_eq!(many.ahead.len(), Page::<u8>::MAX_AHEAD);
    }

    #[test]
    fn a_walk_ends_where_tokens_or_pages_come_again() {
        /// The record of a page, if it has one, and the token behind it.
        type Answered = (Option<Result<u32, ItemError>>, u32);
        let ended = |page: fn(u32) -> Answered| {
            let mut walk = TokenWalk::over("orders");
            (0..1_000).position(|at| {
                let (item, token) = page(at);
                let (items, next) = (item.into_iter().collect(), Some(token.to_string()));
                let listed = Listed { items, next, total: None, told: true, bytes: 0 };
                walk.page(&listed, |id: &u32| Some(Id::from(id.to_string()))).is_err()
            })
        };
        assert_eq!(ended(|at| (Some(Ok(at)), at)), None);
        assert_eq!(ended(|at| (Some(Ok(at)), at % 2)), Some(9), "tokens in a circle");
        assert_eq!(ended(|at| (Some(Ok(7)), at)), Some(8), "one page under ever new tokens");
        assert_eq!(ended(|at| (Some(Err(ItemError::new("orders[0]", "is none"))), at)), Some(8));
        assert_eq!(ended(|at| (None, at)), Some(255), "nothing under ever new tokens");
    }

    #[test]
    fn a_cursor_that_makes_no_sense_is_refused() {
        for text in ["", "5", "a:5", "5:a", "5:0", "-1:5"] {
            assert_eq!(numbers(text).unwrap_err().kind(), ErrorKind::InvalidCursor, "{text}");
        }
    }
}
