//! Cursors belong to one connection and one query.

use std::sync::Arc;

use provider_core::{Cursor, Delivery, Error, ErrorKind, Page, PageRequest, Provider};

use super::context::Context;
use super::listed::ListedEntity;
use super::verdict::{Verdict, broken, ensure, moot};
use super::walk::Walk;
use super::world::Reading;

/// Any cursor of the walks.
pub(super) fn some<T>(walks: &[Walk<T>]) -> Option<&Cursor> {
    walks.iter().flat_map(|walk| &walk.pages).find_map(|page| page.next.as_ref())
}

const NONE: &str = "the listing has one page, so there is no cursor to try";

fn judged<T>(result: Result<Page<T>, Error>, what: &str) -> Result<(), super::verdict::Problem> {
    match result {
        Err(error) if error.kind() == ErrorKind::InvalidCursor => Ok(()),
        Err(error) => Err(broken(format!("{what} answered {error} instead of invalid_cursor"))),
        Ok(page) => Err(broken(format!("{what} was answered with a page of {} records", page.items.len()))),
    }
}

pub(super) async fn garbage<T: ListedEntity>(
    ctx: &Context<'_>,
    reading: &Reading<T>,
    cursor: Option<&Cursor>,
) -> Verdict {
    let mut texts = vec![String::new(), "no cursor of anybody".to_owned()];
    texts.extend(cursor.map(|cursor| format!("{}~", cursor.as_str())));
    for text in &texts {
        let request = PageRequest::at(Cursor::new(text));
        let answer = ctx.saw(T::LIST, T::page(&*ctx.provider, &reading.query, &request).await);
        judged(answer, &format!("the cursor {text:?}"))?;
    }
    Ok(format!("{} texts refused", texts.len()))
}

pub(super) async fn other_query<T: ListedEntity>(
    ctx: &Context<'_>,
    cursor: Option<&Cursor>,
    other: Option<&T::Query>,
) -> Verdict {
    let cursor = cursor.ok_or_else(|| moot(NONE))?;
    let other = other.ok_or_else(|| moot("no filter is honoured, so there is no other query"))?;
    let answer = T::page(&*ctx.provider, other, &PageRequest::at(cursor.clone())).await;
    match ctx.saw(T::LIST, answer) {
        Err(error) if error.kind() == ErrorKind::InvalidInput && error.delivery() == Delivery::NotSent => {
            Ok("the other query is refused as it is".to_owned())
        }
        answer => judged(answer, "a cursor of another query").map(|()| "refused".to_owned()),
    }
}

pub(super) async fn other_connection<T: ListedEntity>(
    ctx: &Context<'_>,
    reading: &Reading<T>,
    cursor: Option<&Cursor>,
) -> Verdict {
    let other = ctx.expect.other.as_ref().ok_or_else(|| moot("no other connection was given"))?;
    let (own, foreign) = (ctx.provider.info(), other.info());
    ensure!(
        own.connection != foreign.connection || own.account != foreign.account || own.kind != foreign.kind,
        "the two connections have the same name and account"
    );
    let first = PageRequest::default().size(1);
    let theirs =
        ctx.saw(T::LIST, T::page(&**other, &reading.query, &first).await).ok().and_then(|page| page.next);
    if cursor.is_none() && theirs.is_none() {
        return Err(moot(NONE));
    }
    if let Some(cursor) = &theirs {
        let answer = T::page(&*ctx.provider, &reading.query, &PageRequest::at(cursor.clone())).await;
        judged(ctx.saw(T::LIST, answer), "a cursor of another connection")?;
    }
    if let Some(cursor) = cursor {
        let answer = T::page(&**other, &reading.query, &PageRequest::at(cursor.clone())).await;
        judged(ctx.saw(T::LIST, answer), "a cursor handed to another connection")?;
    }
    points(ctx, reading, other).await?;
    Ok("cursors and resume points are refused both ways".to_owned())
}

/// Resume points of one connection mean nothing on another.
async fn points<T: ListedEntity>(
    ctx: &Context<'_>,
    reading: &Reading<T>,
    other: &Arc<dyn Provider>,
) -> Verdict {
    for (from, to) in [(&ctx.provider, other), (other, &ctx.provider)] {
        let mut pages = T::listing(from, reading.query.clone()).page_size(1).pages();
        let Some(Ok((_, point))) = pages.next().await else { continue };
        let mut taken_up = T::listing(to, reading.query.clone()).resume_from(point);
        match taken_up.next().await {
            Some(Err(error)) if error.kind() == ErrorKind::InvalidCursor => {}
            Some(Err(error)) => {
                return Err(broken(format!(
                    "a foreign resume point answered {error} instead of invalid_cursor"
                )));
            }
            _ => return Err(broken("a resume point of another connection is taken up")),
        }
    }
    Ok(String::new())
}
