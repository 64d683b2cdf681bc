//! The right to have one call in flight.

use std::fmt;
use std::sync::Arc;

use super::Limiter;

/// Held while a call is on the wire; dropping it lets the next one go.
pub(crate) struct Slot(Arc<Limiter>);

impl Slot {
    pub(super) const fn new(limiter: Arc<Limiter>) -> Self {
        Self(limiter)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.release();
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot")
    }
}
