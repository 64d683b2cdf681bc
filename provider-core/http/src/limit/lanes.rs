//! The order of waiting calls: interactive ones before all others.

use std::collections::VecDeque;
use std::sync::Arc;

use provider_core::query::Priority;
use tokio::sync::Notify;

/// One waiting call.
#[derive(Debug)]
pub(super) struct Waiter {
    ticket: u64,
    interactive: bool,
    bell: Notify,
}

impl Waiter {
    pub(super) async fn woken(&self) {
        self.bell.notified().await;
    }
}

/// Interactive calls in order of arrival, then all others in order of arrival.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    interactive: VecDeque<Arc<Waiter>>,
    bulk: VecDeque<Arc<Waiter>>,
    next_ticket: u64,
}

const fn is_interactive(priority: Priority) -> bool {
    matches!(priority, Priority::Interactive)
}

impl Lanes {
    pub(super) fn join(&mut self, priority: Priority) -> Arc<Waiter> {
        let interactive = is_interactive(priority);
        let waiter = Arc::new(Waiter { ticket: self.next_ticket, interactive, bell: Notify::new() });
        self.next_ticket += 1;
        self.lane(interactive).push_back(Arc::clone(&waiter));
        waiter
    }

    pub(super) fn leave(&mut self, waiter: &Waiter) {
        let lane = self.lane(waiter.interactive);
        // Tickets grow within a lane, so the place is found without walking it.
        if let Ok(at) = lane.binary_search_by_key(&waiter.ticket, |other| other.ticket) {
            lane.remove(at);
        }
    }

    /// How many calls go before this one.
    pub(super) fn ahead_of(&self, queued: &super::Queued) -> usize {
        let waiter = &queued.waiter;
        let lane = if waiter.interactive { &self.interactive } else { &self.bulk };
        let before = lane.partition_point(|other| other.ticket < waiter.ticket);
        if waiter.interactive { before } else { before + self.interactive.len() }
    }

    /// How many calls would go before a new one.
    pub(super) fn ahead_of_new(&self, priority: Priority) -> usize {
        if is_interactive(priority) {
            self.interactive.len()
        } else {
            self.interactive.len() + self.bulk.len()
        }
    }

    /// The first one looks whether it is its turn.
    pub(super) fn wake_first(&self) {
        if let Some(first) = self.interactive.front().or_else(|| self.bulk.front()) {
            first.bell.notify_one();
        }
    }

    pub(super) fn wake_all(&self) {
        for waiter in self.interactive.iter().chain(&self.bulk) {
            waiter.bell.notify_one();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.interactive.is_empty() && self.bulk.is_empty()
    }

    fn lane(&mut self, interactive: bool) -> &mut VecDeque<Arc<Waiter>> {
        if interactive { &mut self.interactive } else { &mut self.bulk }
    }
}
