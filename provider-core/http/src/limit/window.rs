//! A quota of calls in any window, as the distributor counts it.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::rate::Quota;

/// So many moments are told apart within a window: what is freed is rounded up to the next of them, so that a
/// large quota needs no more memory than a small one.
const MOMENTS: u32 = 1024;

/// Parts in a thousand of a quota, rounded down, without an overflow for a large one.
const fn thousandths(quota: u32, parts: u32) -> u32 {
    quota / 1000 * parts + quota % 1000 * parts / 1000
}

/// The reserve while no interactive call was seen for a window.
const IDLE_RESERVE: u32 = 10;
/// The reserve as soon as one was.
const LEAST_RESERVE: u32 = 20;
const MOST_RESERVE: u32 = 100;
/// Interactive calls closer together than this part of a window count as one: the first page of a listing that
/// takes a hundred calls is one reader.
const TOGETHER: u32 = 120;
/// A timer that fires late is caught up with for this part of a window.
const CATCH_UP: u32 = 128;

/// When a call may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Free {
    At(Instant),
    /// A call that is on the wire has to be answered first, so not before this.
    NotBefore(Instant),
}

/// Places that are held.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    all: u32,
    bulk: u32,
}

impl Held {
    const fn one(interactive: bool) -> Self {
        Self { all: 1, bulk: if interactive { 0 } else { 1 } }
    }

    const fn and(self, other: Self) -> Self {
        Self { all: self.all + other.all, bulk: self.bulk + other.bulk }
    }

    const fn is_none(self) -> bool {
        self.all == 0 && self.bulk == 0
    }

    const fn without(self, other: Self) -> Self {
        Self { all: self.all.saturating_sub(other.all), bulk: self.bulk.saturating_sub(other.bulk) }
    }
}

/// The places of a window. A call holds one from its sending until one window after its answer: only then is
/// it certain that the distributor no longer counts it, however long the call was under way.
///
/// Bulk calls take the first half of the places as fast as the network lets them, and what remains evenly until
/// places are given back. A job within half of the quota is not held up; a longer one never meets a window that
/// is used up, so that a turn is never further away than the calls before it take at the steady rate, and an
/// interactive call finds a place at any time.
#[derive(Debug)]
pub(super) struct Places {
    quota: Quota,
    /// Moments are counted from here.
    epoch: Instant,
    on_wire: Held,
    /// Of calls that were answered: until when.
    resting: VecDeque<(Instant, Held)>,
    rested: Held,
    /// When the next one of the calls that are spread is due.
    due: Instant,
    interactive: Recent,
}

/// Interactive calls in this window and in the one before.
#[derive(Debug)]
struct Recent {
    since: Instant,
    last: Option<Instant>,
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

    fn note(&mut self, window: Duration, now: Instant) {
        let together = window / TOGETHER;
        if self.last.is_none_or(|last| now.saturating_duration_since(last) >= together) {
            self.last = Some(now);
            self.now += 1;
        }
    }
}

impl Places {
    pub(super) const fn new(quota: Quota, now: Instant) -> Self {
        Self {
            quota,
            epoch: now,
            on_wire: Held { all: 0, bulk: 0 },
            resting: VecDeque::new(),
            rested: Held { all: 0, bulk: 0 },
            due: now,
            interactive: Recent { since: now, last: None, now: 0, before: 0 },
        }
    }

    /// Takes the stricter of two quotas.
    pub(super) fn tighten(&mut self, other: Quota) {
        let burst = match (self.quota.burst, other.burst) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if other.is_stricter_than(&self.quota) {
            self.quota = other;
        }
        self.quota.burst = burst;
    }

    /// What bulk reads leave to interactive calls. It follows what was called interactively lately.
    fn reserve(&self) -> u32 {
        let calls = self.quota.calls;
        let lately = self.interactive.now.max(self.interactive.before);
        if lately == 0 {
            return thousandths(calls, IDLE_RESERVE);
        }
        let least = thousandths(calls, LEAST_RESERVE);
        lately.saturating_add(lately / 4).max(least).min(thousandths(calls, MOST_RESERVE).max(least))
    }

    /// So many places may be held by bulk calls.
    fn for_bulk(&self) -> u32 {
        self.quota.calls.saturating_sub(self.reserve()).max(1)
    }

    const fn held(&self) -> Held {
        self.on_wire.and(self.rested)
    }

    /// Gives back what is certain not to be counted any more.
    fn expire(&mut self, now: Instant) {
        while let Some((until, places)) = self.resting.front().copied()
            && until <= now
        {
            self.rested = self.rested.without(places);
            self.resting.pop_front();
        }
        self.interactive.turn(self.quota.window, now);
    }

    /// When a call may go that has so many others before it.
    pub(super) fn turn(&mut self, ahead: usize, interactive: bool, now: Instant) -> Free {
        self.expire(now);
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        let evenly = if self.is_spread(interactive) { self.spread(ahead, now) } else { now };
        match self.free(ahead, interactive, now) {
            Free::At(at) => Free::At(at.max(evenly)),
            Free::NotBefore(at) => Free::NotBefore(at.max(evenly)),
        }
    }

    /// Interactive calls are spread only where the distributor is known to refuse bursts.
    const fn is_spread(&self, interactive: bool) -> bool {
        !interactive || self.quota.burst.is_some()
    }

    /// So many may be held before calls are spread.
    fn at_once(&self) -> u32 {
        self.quota.burst.unwrap_or(self.for_bulk() / 2).max(1)
    }

    /// When a call may go, as far as that is a matter of spreading them. Of one with others before it only the
    /// earliest time is known.
    fn spread(&self, ahead: u32, now: Instant) -> Instant {
        let behind = match self.at_once().checked_sub(self.held().all) {
            Some(left) if ahead < left => return now,
            left => ahead - left.unwrap_or(0),
        };
        self.due.max(now) + (self.quota.window / self.for_bulk()).saturating_mul(behind)
    }

    /// When there is a place, as far as can be known now.
    fn free(&self, ahead: u32, interactive: bool, now: Instant) -> Free {
        let window = self.quota.window;
        let usable = if interactive { self.quota.calls } else { self.for_bulk() };
        // Each window serves so many; those beyond come a window later for each.
        let later = window * (ahead / usable).min(1_000);
        let needed = ahead % usable + 1;
        let held = self.held();
        let mut missing = Held {
            all: (held.all + needed).saturating_sub(self.quota.calls),
            bulk: if interactive { 0 } else { (held.bulk + needed).saturating_sub(usable) },
        };
        if missing.is_none() {
            return Free::At(now + later);
        }
        for (until, places) in &self.resting {
            missing = missing.without(*places);
            if missing.is_none() {
                return Free::At(*until + later);
            }
        }
        Free::NotBefore(now + window + later)
    }

    pub(super) fn take(&mut self, interactive: bool, now: Instant) {
        self.expire(now);
        self.on_wire = self.on_wire.and(Held::one(interactive));
        if interactive {
            self.interactive.note(self.quota.window, now);
        }
        if !self.is_spread(interactive) {
            return;
        }
        self.due = if self.held().all < self.at_once() {
            now
        } else {
            let catch_up = self.quota.window / CATCH_UP;
            self.due.max(now.checked_sub(catch_up).unwrap_or(now)) + self.interval(now)
        };
    }

    /// The time between two calls with which the free places last until others are given back.
    fn interval(&self, now: Instant) -> Duration {
        let usable = self.for_bulk();
        let mut free = usable.saturating_sub(self.held().bulk);
        let mut interval = self.quota.window / usable;
        for (until, places) in &self.resting {
            interval = interval.max(until.saturating_duration_since(now) / free.saturating_add(1));
            free = free.saturating_add(places.bulk);
        }
        interval
    }

    /// A call was answered, or given up after it may have been sent.
    pub(super) fn answered(&mut self, interactive: bool, now: Instant) {
        let place = Held::one(interactive);
        self.on_wire = self.on_wire.without(place);
        let window = self.quota.window;
        let moment = (window / MOMENTS).max(Duration::from_nanos(1));
        let since = (now + window).saturating_duration_since(self.epoch);
        let moments = since.as_nanos().div_ceil(moment.as_nanos());
        let until = u64::try_from(moments * moment.as_nanos())
            .map_or(now + window, |nanos| self.epoch + Duration::from_nanos(nanos));
        match self.resting.back_mut() {
            Some((last, held)) if *last >= until => *held = held.and(place),
            _ => self.resting.push_back((until, place)),
        }
        self.rested = self.rested.and(place);
    }

    /// A call was given up before it was sent.
    pub(super) fn unsent(&mut self, interactive: bool) {
        self.on_wire = self.on_wire.without(Held::one(interactive));
    }

    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.expire(now);
        self.held().is_none()
    }
}
