//! Deliveries that came already.

use std::collections::{HashSet, VecDeque};

/// Remembers the last so many deliveries.
#[derive(Debug)]
pub(super) struct RecentDeliveries {
    known: HashSet<[u8; 32]>,
    order: VecDeque<[u8; 32]>,
    capacity: usize,
}

impl RecentDeliveries {
    pub(super) fn new(capacity: usize) -> Self {
        Self { known: HashSet::new(), order: VecDeque::new(), capacity: capacity.max(1) }
    }

    /// True for one that is new.
    pub(super) fn insert(&mut self, fingerprint: [u8; 32]) -> bool {
        if !self.known.insert(fingerprint) {
            return false;
        }
        self.order.push_back(fingerprint);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }

    /// Forgets one whose handling failed, so that its repetition is taken up.
    pub(super) fn forget(&mut self, fingerprint: &[u8; 32]) {
        if self.known.remove(fingerprint) {
            self.order.retain(|known| known != fingerprint);
        }
    }
}
