//! Where a page stands, as a cursor says it: in which list, on which page, and what is known of the lists around it.

use provider_core::{Cursor, Error, ErrorKind, Page, PageRequest, Result};
use serde::{Deserialize, Serialize};

/// Records a page unless another number is asked for.
const DEFAULT_SIZE: u32 = 100;
/// The largest page that is asked for: the vendor's own SDK asks for no more of records this large.
pub(in crate::provider) const LARGEST_SIZE: u32 = 1_000;

/// The text of a cursor. A page number means nothing without its list and its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::provider) struct Place {
    /// The key of the list.
    #[serde(rename = "l")]
    pub(in crate::provider) list: String,
    /// The page in it, from 1.
    #[serde(rename = "p")]
    pub(in crate::provider) page: u32,
    /// Records a page.
    #[serde(rename = "s")]
    pub(in crate::provider) size: u32,
    /// What each list declared when the listing began, in order; empty where some declared nothing.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) totals: Vec<u64>,
    /// Records so far that stand inside others and in no declared total.
    #[serde(rename = "x", default, skip_serializing_if = "is_zero")]
    pub(super) nested: u64,
    /// What the page before began with, where no total says when to stop.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub(in crate::provider) before: Option<u64>,
    /// Records that the page begins with and that have come already, where the service has made its pages smaller.
    #[serde(rename = "o", default, skip_serializing_if = "is_zero")]
    pub(super) again: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference to the predicate")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Place {
    /// The beginning of a listing.
    pub(super) fn first(list: String, request: &PageRequest, default: Option<u32>) -> Self {
        let size = request.size.or(default).unwrap_or(DEFAULT_SIZE).clamp(1, LARGEST_SIZE);
        Self { list, page: 1, size, totals: Vec::new(), nested: 0, before: None, again: 0 }
    }

    /// Where a cursor's text says.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let place: Self = serde_json::from_str(text)
            .map_err(|_| Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this version"))?;
        if place.page == 0 || !(1..=LARGEST_SIZE).contains(&place.size) {
            return Err(Error::new(ErrorKind::InvalidCursor, "the cursor names no page"));
        }
        Ok(place)
    }

    /// The same place with smaller pages; `None` where none of them begins there.
    pub(super) fn resized(self, size: u32) -> Option<Self> {
        let times = self.size.checked_div(size).filter(|times| *times > 1 && self.size == times * size)?;
        let page = self.page.checked_sub(1)?.checked_mul(times)?.checked_add(1)?;
        Some(Self { page, size, ..self })
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn at(&self, list: &str, page: u32) -> Self {
        Self { list: list.to_owned(), page, before: None, again: 0, ..self.clone() }
    }
}

/// What one page turned out to hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::provider) struct PageTally {
    /// Records on the page.
    pub(in crate::provider) got: u64,
    /// What the list declared on this page.
    pub(in crate::provider) total: Option<u64>,
    /// Records inside others, on this page.
    pub(in crate::provider) nested: u64,
    /// What the page began with.
    pub(in crate::provider) first: Option<u64>,
    /// The call takes no paging: nothing of this list follows.
    pub(in crate::provider) whole: bool,
}

impl PageTally {
    fn is_full(self, place: &Place) -> bool {
        self.got == u64::from(place.size)
    }
}

/// The pages that follow, as many as may be fetched ahead, and the total to declare.
pub(super) struct Following {
    pub(super) places: Vec<Place>,
    pub(super) total: Option<u64>,
}

/// The service's own limit, where a page shows it: fewer records than were asked for, and more to follow.
pub(super) fn shrunk(place: &Place, seen: PageTally) -> Option<u32> {
    let before = u64::from(place.page.saturating_sub(1)) * u64::from(place.size);
    let more_follow = before.saturating_add(seen.got) < seen.total?;
    let short = seen.got > 0 && seen.got < u64::from(place.size);
    (short && more_follow && !seen.whole).then(|| u32::try_from(seen.got).unwrap_or(place.size))
}

/// Works out what follows a page. `lists` are the keys of all lists, in order; `nests` says that records may
/// stand inside others.
pub(super) fn following(place: &Place, lists: &[String], seen: PageTally, nests: bool) -> Following {
    let index = lists.iter().position(|list| *list == place.list).unwrap_or_default();
    let mut here = place.clone();
    here.nested = place.nested.saturating_add(seen.nested);
    let mut places = Vec::new();
    let room = Page::<()>::MAX_AHEAD + 1;

    match seen.total {
        _ if seen.whole => {}
        // A full page of more than were declared says that the total is wrong, and another may be behind it.
        Some(total) if seen.is_full(place) && seen.got > total => {
            let next = Place { before: seen.first, ..here.at(&place.list, place.page.saturating_add(1)) };
            // It is declared all the same: whoever counts ends a list that goes on far beyond it.
            return Following {
                places: vec![next],
                total: Some(total).filter(|_| lists.len() == 1 && !nests),
            };
        }
        // A service that answers everything at once has answered everything.
        Some(total) if place.page == 1 && seen.got >= total => {}
        Some(total) if seen.got > 0 => {
            let (mut page, mut again) = (place.page.saturating_add(1), 0);
            if let Some(size) = shrunk(place, seen) {
                // The page of the smaller size that begins at the end of this one, or before it.
                let end = u64::from(place.page - 1) * u64::from(place.size) + seen.got;
                page = u32::try_from(end / u64::from(size) + 1).unwrap_or(u32::MAX);
                again = end % u64::from(size);
                here.size = size;
            }
            let pages = total.div_ceil(u64::from(here.size));
            while u64::from(page) <= pages && places.len() < room {
                places.push(Place { again: std::mem::take(&mut again), ..here.at(&place.list, page) });
                page = page.saturating_add(1);
            }
        }
        // Without a total a full page may have another behind it. More than was asked for is the whole list.
        None if seen.is_full(place) => {
            let next = Place { before: seen.first, ..here.at(&place.list, place.page.saturating_add(1)) };
            let total = None;
            return Following { places: vec![next], total };
        }
        _ => {}
    }
    let list_ends = places.len() < room;
    let mut later = lists.iter().enumerate().skip(index + 1).peekable();
    let mut last = places.is_empty();
    while let Some((at, list)) = later.next().filter(|_| list_ends && places.len() < room) {
        let declared = here.totals.get(at).copied();
        if declared == Some(0) {
            continue;
        }
        last = false;
        let pages = declared.map_or(1, |total| total.div_ceil(u64::from(place.size)));
        let mut page = 1;
        while u64::from(page) <= pages && places.len() < room {
            places.push(Place { size: place.size, ..here.at(list, page) });
            page = page.saturating_add(1);
        }
        if declared.is_none() {
            break;
        }
    }
    let declared: Option<u64> = match (lists.len(), seen.total) {
        (1, total) => total,
        (_, Some(total)) if here.totals.len() == lists.len() => {
            // This list's own number as it is now, so that a list that moves shows in the sum.
            let others =
                here.totals.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, total)| total);
            Some(others.sum::<u64>().saturating_add(total))
        }
        _ => None,
    };
    let total = match declared {
        // How many records stand inside others is known at the end only.
        Some(_) if nests && !last => None,
        Some(total) => Some(total.saturating_add(here.nested)),
        None => None,
    };
    Following { places, total }
}

/// Puts places into a page as its cursors.
pub(super) fn cursors<T>(page: &mut Page<T>, places: Vec<Place>, tag: impl Fn(String) -> Cursor) {
    let mut cursors = places.into_iter().map(|place| tag(place.text()));
    page.next = cursors.next();
    page.ahead = cursors.collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(list: &str, page: u32, size: u32, totals: &[u64]) -> Place {
        Place {
            list: list.to_owned(),
            page,
            size,
            totals: totals.to_vec(),
            nested: 0,
            before: None,
            again: 0,
        }
    }

    fn seen(got: u64, total: Option<u64>) -> PageTally {
        PageTally { got, total, nested: 0, first: Some(1), whole: false }
    }

    fn told(following: &Following) -> Vec<(String, u32)> {
        following.places.iter().map(|place| (place.list.clone(), place.page)).collect()
    }

    #[test]
    fn lists_follow_one_another_and_the_total_is_their_sum() {
        let lists = ["a".to_owned(), "b".to_owned(), "c".to_owned(), "d".to_owned()];
        let totals = [5, 0, 3, 2];
        let first = following(&place("a", 1, 2, &totals), &lists, seen(2, Some(5)), false);
        let expected = [("a", 2), ("a", 3), ("c", 1), ("c", 2), ("d", 1)];
        assert_eq!(told(&first), expected.map(|(list, page)| (list.to_owned(), page)));
        assert_eq!(first.total, Some(10));
        let last = following(&place("d", 1, 2, &totals), &lists, seen(2, Some(2)), false);
        assert!(last.places.is_empty());
        assert_eq!(last.total, Some(10));
        let moved = following(&place("c", 1, 2, &totals), &lists, seen(2, Some(4)), false);
        assert_eq!(moved.total, Some(11));
    }

    #[test]
    fn a_smaller_page_than_asked_for_sets_the_size_of_the_rest() {
        let lists = ["a".to_owned()];
        let next = following(&place("a", 1, 1000, &[]), &lists, seen(50, Some(120)), false);
        assert_eq!(next.places.iter().map(|p| (p.page, p.size)).collect::<Vec<_>>(), [(2, 50), (3, 50)]);
        // In the middle of a list the next page begins at the end of this one or before it, never behind.
        let next = following(&place("a", 3, 1000, &[]), &lists, seen(300, Some(2_700)), false);
        let begins: Vec<_> = next.places.iter().map(|p| (p.page - 1) * p.size).collect();
        assert_eq!(begins, [2_100, 2_400], "of 2300 records that have come");
        assert_eq!(next.places.iter().map(|p| p.again).collect::<Vec<_>>(), [200, 0]);
    }

    #[test]
    fn an_empty_page_ends_its_list_whatever_is_declared() {
        let lists = ["a".to_owned()];
        let end = following(&place("a", 3, 10, &[]), &lists, seen(0, Some(1_000)), false);
        assert!(end.places.is_empty());
        assert_eq!(end.total, Some(1_000));
    }

    #[test]
    fn without_totals_a_full_page_has_one_behind_it() {
        let lists = ["a".to_owned(), "b".to_owned()];
        assert_eq!(
            told(&following(&place("a", 1, 2, &[]), &lists, seen(2, None), false)),
            [("a".to_owned(), 2)]
        );
        for got in [1, 3, 0] {
            let next = following(&place("a", 1, 2, &[]), &lists, seen(got, None), false);
            assert_eq!(told(&next), [("b".to_owned(), 1)], "{got}");
            assert_eq!(next.total, None);
        }
    }

    #[test]
    fn a_full_page_of_more_than_were_declared_has_one_behind_it() {
        let lists = ["a".to_owned(), "b".to_owned()];
        let next = following(&place("a", 1, 2, &[]), &lists, seen(2, Some(0)), false);
        assert_eq!((told(&next), next.total), (vec![("a".to_owned(), 2)], None));
        let last = following(&place("a", 2, 2, &[]), &lists, seen(1, Some(0)), false);
        assert_eq!(told(&last), [("b".to_owned(), 1)]);
        let alone = following(&place("a", 1, 2, &[]), &["a".to_owned()], seen(2, Some(1)), false);
        assert_eq!((told(&alone), alone.total), (vec![("a".to_owned(), 2)], Some(1)));
    }

    #[test]
    fn a_list_that_comes_whole_is_not_asked_for_again() {
        let lists = ["a".to_owned()];
        for (got, total, whole) in
            [(250, Some(250), false), (250, Some(250), true), (100, Some(250), true), (100, None, true)]
        {
            let end =
                following(&place("a", 1, 100, &[]), &lists, PageTally { whole, ..seen(got, total) }, false);
            assert!(end.places.is_empty(), "{got} {total:?}");
            assert_eq!(end.total, total);
        }
    }

    #[test]
    fn what_stands_inside_others_counts_at_the_end() {
        let lists = ["a".to_owned()];
        let nested = PageTally { nested: 2, ..seen(2, Some(3)) };
        let first = following(&place("a", 1, 2, &[]), &lists, nested, true);
        assert_eq!(first.total, None);
        let next = first.places.first().cloned();
        assert_eq!(next.as_ref().map(|place| place.nested), Some(2));
        let last = following(&next.unwrap_or_else(|| place("a", 2, 2, &[])), &lists, seen(1, Some(3)), true);
        assert_eq!(last.total, Some(5));
    }

    #[test]
    fn at_most_so_many_pages_are_named_ahead() {
        let next = following(&place("a", 1, 1, &[]), &["a".to_owned()], seen(1, Some(500)), false);
        assert_eq!(next.places.len(), 17);
    }

    #[test]
    fn a_place_is_the_same_with_smaller_pages() {
        let same =
            |page, size| place("a", page, 1_000, &[9]).resized(size).map(|place| (place.page, place.size));
        assert_eq!(
            place("a", 4, 1_000, &[9]).resized(100).map(|smaller| (smaller.page, smaller.size)),
            Some((31, 100))
        );
        assert_eq!((same(1, 100), same(1, 1_000), same(1, 300)), (Some((1, 100)), None, None));
        assert_eq!(place("a", u32::MAX, 1_000, &[]).resized(100), None);
    }

    #[test]
    fn places_round_trip_and_nonsense_is_refused() {
        let there = Place { nested: 3, before: Some(9), ..place("7/statements", 4, 250, &[1, 2]) };
        assert_eq!(Place::parse(&there.text()).ok(), Some(there));
        for text in
            ["", "{}", r#"{"l":"a","p":0,"s":1}"#, r#"{"l":"a","p":1,"s":0}"#, r#"{"l":"a","p":1,"s":4000}"#]
        {
            assert!(Place::parse(text).is_err(), "{text}");
        }
    }
}
