//! Whether a listing gets anywhere. A distributor that answers the same page for every number, or ever more
//! records than it declares, would otherwise be asked for ever.

use super::Page;
use super::seen::Seen;
use crate::model::Entity;

/// So many pages in a row may bring nothing that can be told from what came before: filters of the provider
/// leave out whole pages, and some lists have gaps.
const PATIENCE: u32 = 10_000;
/// A page with no record at all promises more by mistake; this many in a row are none.
const EMPTY: u32 = PATIENCE / 250;
/// A page without ids that says what an earlier one said may be a coincidence; this many in a row are none.
const REPEATED: u32 = PATIENCE / 8;

/// Why a listing is ended although more was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stall {
    /// A page held nothing but records that had come before.
    Repeats,
    /// More records came than were declared, by over a page.
    Exceeds { declared: u64, received: u64 },
    /// Page after page brought nothing.
    Idle,
}

/// What the pages brought so far.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Bad records, by their JSON.
    bad: Seen,
    /// Pages of records without ids, by what they said.
    nameless: Seen,
    largest: u64,
    /// Pages in a row that brought nothing.
    idle: u32,
    /// The last page held nothing but what had come before.
    repeats: bool,
}

/// What one page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brought {
    Something,
    /// Records, and every one of them had come before.
    Repeats,
    /// Records without ids that say what an earlier page said.
    Echo,
    /// Not one record, good or bad, handed out or left out.
    Empty,
    /// Nothing that anybody could tell apart.
    Nothing,
}

impl Progress {
    /// Takes note of a page, before repeats are dropped from it. `is_new` says of an id whether it had not
    /// come before.
    pub(super) fn note<T: Entity>(&mut self, page: &Page<T>, mut is_new: impl FnMut(&str) -> bool) {
        self.largest = self.largest.max(page.on_wire).max(page.items.len() as u64);
        let brought = self.brought(page, &mut is_new);
        self.repeats = brought == Brought::Repeats;
        self.idle = match brought {
            Brought::Something => 0,
            Brought::Echo => self.idle.saturating_add(REPEATED),
            Brought::Empty => self.idle.saturating_add(EMPTY),
            Brought::Repeats | Brought::Nothing => self.idle.saturating_add(1),
        };
    }

    fn brought<T: Entity>(&mut self, page: &Page<T>, is_new: &mut impl FnMut(&str) -> bool) -> Brought {
        let (mut new, mut known) = (0_u64, 0_u64);
        let mut nameless = String::new();
        for item in &page.items {
            let fresh = match item {
                Ok(record) => match record.identity() {
                    Some(id) => is_new(id),
                    None => {
                        nameless.push_str(&serde_json::to_string(record).unwrap_or_default());
                        nameless.push('\n');
                        continue;
                    }
                },
                // Without its JSON a bad record cannot be told from another.
                Err(error) => match &error.raw {
                    Some(raw) => self.bad.insert(raw.get()),
                    None => continue,
                },
            };
            if fresh {
                new += 1;
            } else {
                known += 1;
            }
        }
        if !nameless.is_empty() {
            // Equal lines are no repeats; only a page as a whole is held against earlier ones.
            let first = self.nameless.insert(&nameless);
            return if new > 0 || first { Brought::Something } else { Brought::Echo };
        }
        if page.on_wire == 0 && page.items.is_empty() {
            return Brought::Empty;
        }
        // What the provider left out on purpose is told apart by nobody. That it counts towards a total is an end only
        // where the total is one that can be reached.
        let left_out = page.on_wire > page.items.len() as u64;
        if new > 0 {
            Brought::Something
        } else if known > 0 && known == page.items.len() as u64 && !left_out {
            Brought::Repeats
        } else {
            Brought::Nothing
        }
    }

    /// What speaks against asking for the page that is said to follow.
    pub(super) fn stall(&self, declared: Option<u64>, received: u64) -> Option<Stall> {
        match declared {
            Some(declared) if received > declared.saturating_add(self.largest) => {
                Some(Stall::Exceeds { declared, received })
            }
            _ if self.repeats => Some(Stall::Repeats),
            _ if self.idle >= PATIENCE => Some(Stall::Idle),
            _ => None,
        }
    }
}
