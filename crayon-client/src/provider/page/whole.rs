//! Reading a list to its end.

use crate::wire::Paging;

/// Counts through the pages of a list. The service may make them smaller than asked for, so that only the
/// records themselves say how far one has come.
#[derive(Debug, Clone, Copy)]
pub(in crate::provider) struct Pages {
    pub(in crate::provider) paging: Paging,
    seen: u64,
}

impl Pages {
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
        let mut pages = Pages::of(1_000);
        assert!(pages.go_on(50, Some(120)));
        assert!(pages.go_on(50, Some(120)));
        assert_eq!(pages.paging, Paging { page: 3, size: 1_000 });
        assert!(!pages.go_on(20, Some(120)));
        for (got, total) in [(0, Some(120)), (50, None), (50, Some(50))] {
            assert!(!Pages::of(100).go_on(got, total), "{got} {total:?}");
        }
    }
}
