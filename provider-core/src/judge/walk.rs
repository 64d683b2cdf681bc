//! Walks over pages that end.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, RandomState};

use crate::error::{Error, ErrorKind, Result};

/// A list may have gaps: so many pages without a record in a row are none.
const PATIENCE: u32 = 256;
/// A page that says what an earlier one said may be a coincidence; eight in a row are none.
const REPEATED: u32 = PATIENCE / 8;

/// Watches a walk over the pages of a list that a provider reads for itself. A service that answers every number with
/// the same page, whatever it declares, would otherwise be asked until the deadline passes.
///
/// ```
/// use provider_core::ErrorKind;
/// use provider_core::judge::Walk;
///
/// let mut walk = Walk::over("orders");
/// walk.page("the first")?;
/// let stuck = (0..100).find_map(|_| walk.page("the second").err()).expect("it gets nowhere");
/// assert_eq!(stuck.kind(), ErrorKind::Incomplete);
/// # Ok::<(), provider_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Walk {
    what: &'static str,
    hasher: RandomState,
    pages: HashSet<u64>,
    idle: u32,
}

impl Walk {
    /// Over a list of these, such as `orders`.
    #[must_use]
    pub fn over(what: &'static str) -> Self {
        Self { what, hasher: RandomState::new(), pages: HashSet::new(), idle: 0 }
    }

    /// Takes note of a page, by what it is told apart by: its text, its ids, the token of the next one.
    ///
    /// # Errors
    /// `Incomplete` when page after page says what an earlier one said.
    pub fn page(&mut self, page: impl Hash) -> Result<()> {
        let page = self.hasher.hash_one(page);
        let is_new = self.pages.insert(page);
        self.brought(is_new)
    }

    /// Takes note of a page that brought something, or nothing that had not come before.
    ///
    /// # Errors
    /// `Incomplete` when page after page brought nothing.
    pub fn brought(&mut self, something: bool) -> Result<()> {
        self.idle = if something { 0 } else { self.idle.saturating_add(REPEATED) };
        self.judge("repeats itself")
    }

    /// Takes note of a page without any record, good or bad, behind which more is promised.
    ///
    /// # Errors
    /// `Incomplete` when hundreds of pages in a row are empty.
    pub fn empty(&mut self) -> Result<()> {
        self.idle = self.idle.saturating_add(1);
        self.judge("goes on without a record")
    }

    fn judge(&self, how: &str) -> Result<()> {
        if self.idle < PATIENCE {
            return Ok(());
        }
        let message = format!("the list of {} {how}, and promises more each time", self.what);
        Err(Error::new(ErrorKind::Incomplete, message).for_read())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn what_goes_round_is_ended_and_what_gets_on_is_not() {
        let ended = |pages: &[u32]| {
            let mut walk = Walk::over("orders");
            pages.iter().position(|page| walk.page(page).is_err())
        };
        let onward: Vec<u32> = (0..1_000).collect();
        assert_eq!(ended(&onward), None);
        assert_eq!(ended(&[7; 100]), Some(8));
        let round: Vec<u32> = (0..100).map(|page| page % 3).collect();
        assert_eq!(ended(&round), Some(10));
        let now_and_then: Vec<u32> = (0..100).map(|page| if page % 5 == 0 { page } else { 1 }).collect();
        assert_eq!(ended(&now_and_then), None);
    }

    #[test]
    fn gaps_are_passed_and_a_list_of_nothing_but_gaps_ends() {
        let mut walk = Walk::over("orders");
        for page in 0..10 {
            walk.page(page).unwrap();
            (0..200).for_each(|_| walk.empty().unwrap());
        }
        let ended = (0..1_000).position(|_| walk.empty().is_err());
        assert_eq!(ended, Some(55));
        assert_eq!(walk.empty().unwrap_err().kind(), ErrorKind::Incomplete);
    }
}
