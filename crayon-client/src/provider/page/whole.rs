//! Reading a list to its end.

use std::collections::BTreeMap;
use std::future::Future;

use provider_core::judge::WholeList;
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
    let mut pages = PageWalk::of(size);
    loop {
        let page = read(pages.paging).await?;
        if !page.told {
            let message = format!("the answer does not fit: it has no list of {what}");
            return Err(Error::new(ErrorKind::Decode, message).for_read());
        }
        let (got, total) = (page.items.len(), page.total_hits);
        list.declared(total);
        for record in page.into_records() {
            match id(&record) {
                Some(id) => list.add(id, record)?,
                None => list.pass(),
            }
        }
        // Without a total a full page may have a next one.
        let may_go_on = total.is_none() && u64::try_from(got).unwrap_or(u64::MAX) >= u64::from(size);
        if !pages.go_on(got, total) && !may_go_on {
            return list.end();
        }
    }
}

/// Counts through the pages of a list. The service may make them smaller than asked for, so that only the
/// records themselves say how far one has come.
#[derive(Debug, Clone, Copy)]
pub(in crate::provider) struct PageWalk {
    pub(in crate::provider) paging: Paging,
    seen: u64,
}

impl PageWalk {
    /// From the first page, of so many records.
    pub(in crate::provider) const fn of(size: u32) -> Self {
        Self { paging: Paging::first(size), seen: 0 }
    }

    /// Goes on after a page of so many records. `false` at the end of the list.
    pub(in crate::provider) fn go_on(&mut self, got: usize, total: Option<u64>) -> bool {
        self.seen = self.seen.saturating_add(got as u64);
        self.paging = self.paging.next();
        got > 0 && total.is_some_and(|total| self.seen < total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_counted_not_pages() {
        let mut pages = PageWalk::of(1_000);
        assert!(pages.go_on(50, Some(120)));
        assert!(pages.go_on(50, Some(120)));
        assert_eq!(pages.paging, Paging { page: 3, size: 1_000 });
        assert!(!pages.go_on(20, Some(120)));
        for (got, total) in [(0, Some(120)), (50, None), (50, Some(50))] {
            assert!(!PageWalk::of(100).go_on(got, total), "{got} {total:?}");
        }
    }
}
