//! Records in the order of their creation, found by id.

use std::collections::HashMap;

/// A record with an id of its own.
pub(crate) trait Record {
    fn id(&self) -> &str;
}

/// Records of one kind. None is ever removed: what is deleted is marked or kept apart, so that places stay valid.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: Vec<T>,
    places: HashMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Record> Table<T> {
    /// Adds a record and answers its place.
    pub(crate) fn push(&mut self, record: T) -> usize {
        let place = self.rows.len();
        self.places.insert(record.id().to_owned(), place);
        self.rows.push(record);
        place
    }

    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub(crate) fn at(&self, place: usize) -> Option<&T> {
        self.rows.get(place)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.at(self.place(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        let place = self.place(id)?;
        self.rows.get_mut(place)
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    pub(crate) fn rows(&self) -> &[T] {
        &self.rows
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}
