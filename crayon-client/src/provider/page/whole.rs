//! Reading a list to its end.

use std::collections::BTreeMap;
use std::future::Future;

use provider_core::judge::{Walk, WholeList};
use provider_core::{Error, ErrorKind, Result};

use crate::wire::{Listed, Paging};

/// A list that something is judged by: every record, by its id, or an error where the answers do not show
/// that these are all. `id` answers `None` for records that are of no interest.
///
/// # Errors
/// Those of the calls; `Decode` for an answer without its list, `Incomplete` for one that is not whole.
pub(in crate::provider) async fn whole<T, F>(
    what: &'static str,
    size: u32,
    id: impl Fn(&T) -> Option<String>,
    read: impl Fn(Paging) -> F,
) -> Result<BTreeMap<String, T>>
where
    F: Future<Output = Result<Listed<T>>>,
{
    let mut list = WholeList::new(what);
    let mut pages = PageWalk::over(what, size);
    loop {
        let page = read(pages.paging).await?;
        if !page.told {
            let message = format!("the answer does not fit: it has no list of {what}");
            return Err(Error::new(ErrorKind::Decode, message).for_read());
        }
        let (got, total, said) = (page.items.len(), page.total_hits, page.mark);
        list.declared(total);
        for record in page.into_records() {
            match id(&record) {
                Some(id) => list.add(id, record)?,
                None => list.pass(),
            }
        }
        // Without a total a full page may have a next one.
        let may_go_on = total.is_none() && u64::try_from(got).unwrap_or(u64::MAX) >= u64::from(size);
        if !pages.go_on(got, total, said)? && !may_go_on {
            return list.end();
        }
    }
}

/// Counts through the pages of a list. The service may make them smaller than asked for, so that only the
/// records themselves say how far one has come.
#[derive(Debug, Clone)]
pub(in crate::provider) struct PageWalk {
    pub(in crate::provider) paging: Paging,
    seen: u64,
    walk: Walk,
}

impl PageWalk {
    /// From the first page of a list of these, of so many records.
    pub(in crate::provider) fn over(what: &'static str, size: u32) -> Self {
        Self { paging: Paging::first(size), seen: 0, walk: Walk::over(what) }
    }

    /// Goes on after a page of so many records, with this mark of what it said. `false` at the end of the list.
    ///
    /// # Errors
    /// `Incomplete` when the pages repeat each other: more is declared than ever comes.
    pub(in crate::provider) fn go_on(&mut self, got: usize, total: Option<u64>, said: u64) -> Result<bool> {
        self.seen = self.seen.saturating_add(got as u64);
        self.paging = self.paging.next();
        self.walk.page(said)?;
        Ok(got > 0 && total.is_some_and(|total| self.seen < total))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn records_are_counted_not_pages() {
        let mut pages = PageWalk::over("orders", 1_000);
        assert!(pages.go_on(50, Some(120), 1).unwrap());
        assert!(pages.go_on(50, Some(120), 2).unwrap());
        assert_eq!(pages.paging, Paging { page: 3, size: 1_000 });
        assert!(!pages.go_on(20, Some(120), 3).unwrap());
        for (got, total) in [(0, Some(120)), (50, None), (50, Some(50))] {
            assert!(!PageWalk::over("orders", 100).go_on(got, total, 1).unwrap(), "{got} {total:?}");
        }
    }

    #[test]
    fn a_total_that_is_never_reached_ends_the_walk_and_no_record_is_called_absent() {
        let mut pages = PageWalk::over("orders", 1_000);
        let ended = (0..100).find_map(|_| pages.go_on(50, Some(u64::MAX), 7).err()).unwrap();
        assert_eq!(ended.kind(), ErrorKind::Incomplete);
    }

    #[tokio::test]
    async fn so_does_one_of_records_that_are_of_no_interest() {
        let read =
            |_| async { Ok(Listed { items: vec![Ok(1)], total_hits: Some(1 << 40), told: true, mark: 7 }) };
        let ended = whole("orders", 1, |_: &i32| None, read).await.unwrap_err();
        assert_eq!(ended.kind(), ErrorKind::Incomplete);
    }
}
