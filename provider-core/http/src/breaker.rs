//! The circuit breaker of one account: after many failures calls are refused without being sent, and a
//! single probe finds out when the distributor is back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(60);
const BUCKETS: usize = 12;
const FEWEST_SAMPLES: u32 = 20;
const FIRST_REST: Duration = Duration::from_secs(5);
const LONGEST_REST: Duration = Duration::from_secs(5 * 60);

/// What an attempt says about the distributor being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// It answered, be it with a refusal.
    Up,
    /// It could not be reached, did not answer in time or failed.
    Down,
    /// Says nothing: a 429 concerns the limiter, an error of our own not the distributor.
    Silent,
}

/// A change that an observer is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PhaseChange {
    Opened(Duration),
    HalfOpened,
    Closed,
}

#[derive(Debug)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Debug)]
struct State {
    phase: Phase,
    /// How often it opened since it was last closed for good.
    openings: u32,
    /// Which probe is the last one: an earlier one that ends late has nothing to say any more.
    probe: u64,
    /// When it last let a probe pass, or closed. An attempt that began earlier and failed tells of the time before.
    since: Instant,
    samples: Samples,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Closed,
    Open {
        until: Instant,
    },
    /// `probing` while the one call that may pass is out.
    HalfOpen {
        probing: bool,
    },
}

impl Breaker {
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        let samples = Samples::new(now);
        Self(Mutex::new(State { phase: Phase::Closed, openings: 0, probe: 0, since: now, samples }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long to stay away, for a call that has yet to wait for its turn. It claims nothing.
    pub(crate) fn bars(&self) -> Option<Duration> {
        let now = Instant::now();
        match self.lock().phase {
            Phase::Open { until } if until > now => Some(until - now),
            Phase::HalfOpen { probing: true } => Some(FIRST_REST),
            _ => None,
        }
    }

    /// Lets an attempt pass, or answers how long to stay away.
    pub(crate) fn admit(self: &Arc<Self>) -> Result<(Pass, Option<PhaseChange>), Duration> {
        let now = Instant::now();
        let mut state = self.lock();
        match state.phase {
            Phase::Closed => Ok((Pass { probing: None }, None)),
            Phase::Open { until } if until > now => Err(until - now),
            Phase::HalfOpen { probing: true } => Err(FIRST_REST),
            Phase::Open { .. } | Phase::HalfOpen { probing: false } => {
                let change = matches!(state.phase, Phase::Open { .. }).then_some(PhaseChange::HalfOpened);
                if change.is_some() {
                    state.since = now;
                }
                state.phase = Phase::HalfOpen { probing: true };
                state.probe = state.probe.wrapping_add(1);
                Ok((Pass { probing: Some((Arc::clone(self), state.probe)) }, change))
            }
        }
    }

    /// How much longer it stays open; a call that is already under way stops retrying then.
    pub(crate) fn rest(&self) -> Option<Duration> {
        let now = Instant::now();
        match self.lock().phase {
            Phase::Open { until } if until > now => Some(until - now),
            _ => None,
        }
    }

    /// Takes note of an attempt that began then.
    pub(crate) fn record(
        &self,
        health: Health,
        retry_after: Option<Duration>,
        begun: Instant,
    ) -> Option<PhaseChange> {
        let now = Instant::now();
        let mut state = self.lock();
        match (health, state.phase) {
            (Health::Silent, _) => None,
            (Health::Down, _) if begun < state.since => None,
            (Health::Up, Phase::HalfOpen { .. }) => {
                state.phase = Phase::Closed;
                state.openings = 0;
                state.since = now;
                state.samples = Samples::new(now);
                Some(PhaseChange::Closed)
            }
            (Health::Down, Phase::HalfOpen { .. }) => Some(state.open(now, retry_after)),
            // Late answers to calls that went out before it opened.
            (_, Phase::Open { .. }) => None,
            (_, Phase::Closed) => {
                state.samples.add(now, health == Health::Down);
                let (all, down) = state.samples.counts();
                (all >= FEWEST_SAMPLES && down * 2 >= all).then(|| state.open(now, retry_after))
            }
        }
    }

    /// True when it holds nothing worth keeping: it is closed, and no call failed of late.
    pub(crate) fn is_idle(&self) -> bool {
        let state = self.lock();
        let quiet = state.samples.newest + WINDOW < Instant::now();
        state.phase == Phase::Closed && (quiet || state.samples.counts().1 == 0)
    }
}

impl State {
    fn open(&mut self, now: Instant, retry_after: Option<Duration>) -> PhaseChange {
        let own = FIRST_REST.saturating_mul(1_u32 << self.openings.min(10)).min(LONGEST_REST);
        let rest = own.max(retry_after.unwrap_or_default().min(LONGEST_REST));
        self.openings = self.openings.saturating_add(1);
        self.phase = Phase::Open { until: now + rest };
        PhaseChange::Opened(rest)
    }
}

/// The right to make a call. A probe that ends without a verdict makes room for another.
#[derive(Debug)]
pub(crate) struct Pass {
    probing: Option<(Arc<Breaker>, u64)>,
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some((breaker, probe)) = &self.probing {
            let mut state = breaker.lock();
            if state.probe == *probe && state.phase == (Phase::HalfOpen { probing: true }) {
                state.phase = Phase::HalfOpen { probing: false };
            }
        }
    }
}

/// Counts per five seconds over the last minute.
#[derive(Debug)]
struct Samples {
    buckets: [(u32, u32); BUCKETS],
    start: Instant,
    newest: Instant,
    last_bucket: u64,
}

impl Samples {
    const fn new(now: Instant) -> Self {
        Self { buckets: [(0, 0); BUCKETS], start: now, newest: now, last_bucket: 0 }
    }

    fn add(&mut self, now: Instant, down: bool) {
        let width = (WINDOW / 12).as_millis();
        let current =
            u64::try_from(now.saturating_duration_since(self.start).as_millis() / width).unwrap_or(u64::MAX);
        let size = BUCKETS as u64;
        // Buckets that time has passed over start from nothing.
        for passed in (self.last_bucket + 1..=current).rev().take(BUCKETS) {
            if let Some(bucket) = self.bucket(passed % size) {
                *bucket = (0, 0);
            }
        }
        self.last_bucket = current.max(self.last_bucket);
        self.newest = now;
        if let Some(bucket) = self.bucket(current % size) {
            bucket.0 = bucket.0.saturating_add(1);
            bucket.1 = bucket.1.saturating_add(u32::from(down));
        }
    }

    fn bucket(&mut self, index: u64) -> Option<&mut (u32, u32)> {
        self.buckets.get_mut(usize::try_from(index).ok()?)
    }

    fn counts(&self) -> (u32, u32) {
        self.buckets.iter().fold((0, 0), |(all, down), bucket| (all + bucket.0, down + bucket.1))
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
