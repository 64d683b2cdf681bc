//! One cell for each subscription, found by its id.

use std::collections::HashMap;
use std::sync::Arc;

use super::books::OfferKey;
use super::charges::Charges;
use super::ordered::Ordered;

/// One subscription, with everything that was said about it.
#[derive(Debug, Default)]
pub(super) struct Cell {
    pub(super) ordered: Option<Ordered>,
    pub(super) customer: Option<Arc<str>>,
    pub(super) product: Option<Arc<str>>,
    /// Where bands of its price are looked up.
    pub(super) offer: Option<Arc<OfferKey>>,
    /// What has to be told of for a missing record to be missing.
    pub(super) scope: Option<Arc<str>>,
    pub(super) invoiced: Charges,
    pub(super) billed: Charges,
}

/// The cells. They lie in the order in which they were met, apart from the ids: a table that grows moves its entries, and
/// these are large.
#[derive(Debug, Default)]
pub(super) struct Cells {
    places: HashMap<Box<str>, usize>,
    all: Vec<Cell>,
}

impl Cells {
    pub(super) fn get(&self, id: &str) -> Option<&Cell> {
        self.places.get(id).and_then(|at| self.all.get(*at))
    }

    /// Whether the subscription is listed.
    pub(super) fn is_ordered(&self, id: &str) -> bool {
        self.get(id).is_some_and(|cell| cell.ordered.is_some())
    }

    /// Changes the cell of an id, which is copied once and not for every line that names it.
    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut Cell)) {
        let at = match self.places.get(id) {
            Some(at) => *at,
            None => {
                let at = self.all.len();
                self.places.insert(id.into(), at);
                self.all.push(Cell::default());
                at
            }
        };
        if let Some(cell) = self.all.get_mut(at) {
            change(cell);
        }
    }

    /// In no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Cell)> {
        self.places.iter().filter_map(|(id, at)| Some((&**id, self.all.get(*at)?)))
    }
}
