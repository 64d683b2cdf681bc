//! One cell for each subscription, found by its id.

use std::collections::HashMap;
use std::sync::Arc;

use provider_core::CustomerId;

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

impl Cell {
    /// Whose it is and what, as a line says it. What is listed has both from there.
    pub(super) fn named_by(
        &mut self,
        customer: Option<&CustomerId>,
        product: Option<&str>,
        mut one: impl FnMut(&str) -> Arc<str>,
    ) {
        if self.ordered.is_some() {
            return;
        }
        if self.customer.is_none() {
            self.customer = customer.map(|customer| one(customer.as_str()));
        }
        if self.product.is_none() {
            self.product = product.map(one);
        }
    }
}

/// The cells. They lie in the order in which they were met, apart from the places of their ids: a table that grows moves
/// its entries, and these are large.
#[derive(Debug, Default)]
pub(super) struct Cells {
    places: HashMap<Arc<str>, usize>,
    all: Vec<(Arc<str>, Cell)>,
}

impl Cells {
    pub(super) fn get(&self, id: &str) -> Option<&Cell> {
        self.places.get(id).and_then(|at| self.all.get(*at)).map(|(_, cell)| cell)
    }

    /// The cell at a place of [`iter`](Self::iter), and its id.
    pub(super) fn at(&self, place: usize) -> Option<(&str, &Cell)> {
        self.all.get(place).map(|(id, cell)| (&**id, cell))
    }

    /// Changes the cell of an id, which is copied once and not for every line that names it.
    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut Cell)) {
        let at = match self.places.get(id) {
            Some(at) => *at,
            None => {
                let (at, id) = (self.all.len(), Arc::<str>::from(id));
                self.places.insert(Arc::clone(&id), at);
                self.all.push((id, Cell::default()));
                at
            }
        };
        if let Some((_, cell)) = self.all.get_mut(at) {
            change(cell);
        }
    }

    /// In the order in which they were met.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Cell)> {
        self.all.iter().map(|(id, cell)| (&**id, cell))
    }
}
