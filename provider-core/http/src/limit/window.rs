//! A quota of calls in any window, as the distributor counts it.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::rate::Quota;

/// So many moments are told apart within a window: what is freed is rounded up to the next of them, so that a
/// large quota needs no more memory than a small one.
const MOMENTS: u32 = 1024;

/// Parts in a thousand of a quota.
const fn thousandths(quota: u32, parts: u32) -> u32 {
    // No overflow: the result is smaller than the quota.
    (quota as u64 * parts as u64 / 1000) as u32
}

/// The reserve while no interactive call was seen for a window.
const IDLE_RESERVE: u32 = 15;
/// The reserve as soon as one was.
const LEAST_RESERVE: u32 = 20;
const MOST_RESERVE: u32 = 100;

/// When a call may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Free {
    At(Instant),
    /// A call that is on the wire has to be answered first, so not before this.
    NotBefore(Instant),
}

/// The places of a window. A call holds one from its sending until one window after its answer: only then is
/// it certain that the distributor no longer counts it, however long the call was under way.
#[derive(Debug)]
pub(super) struct Places {
    quota: u32,
    window: Duration,
    /// Moments are counted from here.
    epoch: Instant,
    /// Held by calls on the wire.
    on_wire: u32,
    /// Held by calls that were answered, until when.
    resting: VecDeque<(Instant, u32)>,
    rested: u32,
    interactive: Recent,
}

/// Calls in this window and in the one before.
#[derive(Debug)]
struct Recent {
    since: Instant,
    now: u32,
    before: u32,
}

impl Recent {
    fn turn(&mut self, window: Duration, now: Instant) {
        let passed = now.saturating_duration_since(self.since);
        if passed >= window * 2 {
            (self.before, self.now, self.since) = (0, 0, now);
        } else if passed >= window {
            (self.before, self.now) = (self.now, 0);
            self.since += window;
        }
    }
}

impl Places {
    pub(super) const fn new(quota: Quota, now: Instant) -> Self {
        Self {
            quota: quota.calls,
            window: quota.window,
            epoch: now,
            on_wire: 0,
            resting: VecDeque::new(),
            rested: 0,
            interactive: Recent { since: now, now: 0, before: 0 },
        }
    }

    /// Takes the stricter of two quotas.
    pub(super) fn tighten(&mut self, other: Quota) {
        if other.is_stricter_than(self.quota, self.window) {
            self.quota = other.calls;
            self.window = other.window;
        }
    }

    /// What bulk reads leave to interactive calls. It follows what was called interactively lately: after a
    /// burst that used the whole quota, nothing else is free until the window has passed.
    fn reserve(&self) -> u32 {
        let lately = self.interactive.now.max(self.interactive.before);
        if lately == 0 {
            return thousandths(self.quota, IDLE_RESERVE);
        }
        let least = thousandths(self.quota, LEAST_RESERVE);
        lately.saturating_add(lately / 4).max(least).min(thousandths(self.quota, MOST_RESERVE).max(least))
    }

    /// Gives back what is certain not to be counted any more.
    fn expire(&mut self, now: Instant) {
        while let Some((until, places)) = self.resting.front().copied()
            && until <= now
        {
            self.rested -= places;
            self.resting.pop_front();
        }
        self.interactive.turn(self.window, now);
    }

    /// When a call may go that has so many others before it.
    pub(super) fn free(&mut self, ahead: usize, interactive: bool, now: Instant) -> Free {
        self.expire(now);
        let usable = if interactive { self.quota } else { self.quota - self.reserve() };
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        // Each window serves so many; those beyond come a window later for each.
        let later = self.window * (ahead / usable.max(1)).min(1_000);
        let needed = ahead % usable.max(1) + 1;
        let mut missing = (self.on_wire + self.rested + needed).saturating_sub(usable);
        if missing == 0 {
            return Free::At(now + later);
        }
        for (until, places) in &self.resting {
            missing = missing.saturating_sub(*places);
            if missing == 0 {
                return Free::At(*until + later);
            }
        }
        Free::NotBefore(now + self.window + later)
    }

    pub(super) fn take(&mut self, interactive: bool, now: Instant) {
        self.expire(now);
        self.on_wire += 1;
        if interactive {
            self.interactive.now += 1;
        }
    }

    /// A call was answered, or given up after it may have been sent.
    pub(super) fn answered(&mut self, now: Instant) {
        self.on_wire = self.on_wire.saturating_sub(1);
        let moment = (self.window / MOMENTS).max(Duration::from_nanos(1));
        let since = (now + self.window).saturating_duration_since(self.epoch);
        let moments = since.as_nanos().div_ceil(moment.as_nanos());
        let until = u64::try_from(moments * moment.as_nanos())
            .map_or(now + self.window, |nanos| self.epoch + Duration::from_nanos(nanos));
        match self.resting.back_mut() {
            Some((last, held)) if *last >= until => *held += 1,
            _ => self.resting.push_back((until, 1)),
        }
        self.rested += 1;
    }

    /// A call was given up before it was sent.
    pub(super) fn unsent(&mut self) {
        self.on_wire = self.on_wire.saturating_sub(1);
    }

    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.expire(now);
        self.on_wire == 0 && self.rested == 0
    }
}
