//! What takes long to make on a server is made once, and lent again to one world after another.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Things that nobody uses at the moment.
#[derive(Debug)]
pub(crate) struct Shelf<T>(Mutex<Vec<T>>);

impl<T> Shelf<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn things(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One that was given back.
    pub(crate) fn take(&self) -> Option<T> {
        self.things().pop()
    }

    pub(crate) fn lend(&'static self, thing: T) -> Lent<T> {
        Lent { thing: Some(thing), shelf: self }
    }
}

/// Something that goes back to its shelf.
#[derive(Debug)]
pub(crate) struct Lent<T: 'static> {
    thing: Option<T>,
    shelf: &'static Shelf<T>,
}

impl<T: 'static> Lent<T> {
    pub(crate) fn thing(&self) -> &T {
        self.thing.as_ref().unwrap()
    }
}

impl<T: 'static> Drop for Lent<T> {
    fn drop(&mut self) {
        // What a test that failed had in its hands is nobody's to go on with.
        if let Some(thing) = self.thing.take().filter(|_| !std::thread::panicking()) {
            self.shelf.things().push(thing);
        }
    }
}
