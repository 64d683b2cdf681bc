//! The rate limiter of one account.
//!
//! Three things decide when a call may go out: the quota of the window, a gate that a 429 closes for the
//! whole account and after which calls are spread for a while, and how many calls are in flight. Waiting calls
//! stand in two lanes; interactive ones go first. A wait that would pass the call's deadline is refused at once,
//! with its length.

mod flight;
mod lanes;
mod rate;
mod slot;
mod window;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use provider_core::query::Priority;
use tokio::time::Instant;

pub(crate) use flight::CallKind;
use flight::Flight;
use lanes::{Lanes, Waiter};
use rate::Pace;
pub use rate::RateLimit;
pub(crate) use slot::Slot;
use window::{Free, Places};

use crate::deadline::Deadline;

/// No answer pauses an account longer than this, whatever its `Retry-After` says.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);
/// Without `Retry-After` the pause doubles with each 429 up to this.
const LONGEST_GUESS: Duration = Duration::from_secs(60);

/// For how long a call waits for its turn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    since: Instant,
    deadline: Deadline,
    /// What the account's own limit makes it wait is no sign that anything is wrong, and does not count.
    unhurried: bool,
    /// Until when the distributor paused the account, as far as is known.
    paused_until: Instant,
}

impl Patience {
    pub(crate) fn new(deadline: Deadline, unhurried: bool) -> Self {
        let now = Instant::now();
        Self { since: now, deadline, unhurried, paused_until: now }
    }

    /// How much of the wait so far does not count.
    fn forgiven(&self, now: Instant) -> Duration {
        if self.unhurried { now.saturating_duration_since(self.paused_until) } else { Duration::ZERO }
    }

    fn deadline(&self, now: Instant) -> Instant {
        self.deadline.postponed(self.forgiven(now)).instant()
    }

    /// When to look again whatever happens.
    fn look_again(&self) -> Instant {
        if self.unhurried { Instant::now() + LONGEST_GUESS } else { self.deadline.instant() }
    }
}

/// Why a call got no turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Its deadline passed while it stood in the queue.
    Late,
    /// Its turn would have come after its deadline, so it need not wait at all.
    TooLong { wait: Duration, by_distributor: bool },
}

/// How a call got its turn.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) slot: Slot,
    pub(crate) waited: Duration,
    pub(crate) by_distributor: bool,
    /// So much of the wait does not count against the deadline.
    pub(crate) forgiven: Duration,
}

#[derive(Debug)]
pub(crate) struct Limiter(Mutex<State>);

#[derive(Debug)]
struct State {
    places: Option<Places>,
    pace: Pace,
    /// No call goes before this: a 429 paused the account.
    gate: Instant,
    flight: Flight,
    first_pause: Duration,
    /// How many times in a row the distributor said 429 without saying for how long.
    guesses: u32,
    lanes: Lanes,
}

impl State {
    /// When the call at this place in the queue may go, as far as can be known now.
    fn turn_of(&mut self, place: usize, priority: Priority, now: Instant) -> Free {
        let mut earliest = self.gate.max(now);
        if self.pace.spreads(now) {
            earliest = earliest.max(self.pace.turn_of(place, now));
        }
        let interactive = matches!(priority, Priority::Interactive);
        match self.places.as_mut().map(|places| places.turn(place, interactive, now)) {
            None => Free::At(earliest),
            Some(Free::At(at)) => Free::At(at.max(earliest)),
            Some(Free::NotBefore(at)) => Free::NotBefore(at.max(earliest)),
        }
    }

    fn take(&mut self, priority: Priority, now: Instant) {
        if self.pace.spreads(now) {
            self.pace.take(now);
        }
        if let Some(places) = &mut self.places {
            places.take(matches!(priority, Priority::Interactive), now);
        }
        self.flight.in_flight = self.flight.in_flight.saturating_add(1);
    }
}

impl Limiter {
    pub(crate) fn new(limit: &RateLimit) -> Self {
        let now = Instant::now();
        Self(Mutex::new(State {
            places: limit.quota().map(|quota| Places::new(quota, now)),
            pace: Pace::new(limit, now),
            gate: now,
            flight: Flight::new(limit.max_in_flight),
            first_pause: limit.first_pause,
            guesses: 0,
            lanes: Lanes::default(),
        }))
    }

    /// Clients of one account that were configured differently keep to the strictest of them.
    pub(crate) fn tighten(&self, limit: &RateLimit) {
        let mut state = self.lock();
        state.pace.tighten(limit);
        match (&mut state.places, limit.quota()) {
            (Some(places), Some(quota)) => places.tighten(quota),
            (places, quota) => {
                *places = places.take().or(quota.map(|quota| Places::new(quota, Instant::now())));
            }
        }
        state.flight.tighten(limit.max_in_flight);
        state.first_pause = state.first_pause.max(limit.first_pause);
        state.lanes.wake_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for this call's turn.
    ///
    /// The caller has to be a task of its own: one that is not polled at its turn would hold up the rest.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        priority: Priority,
        kind: CallKind,
        mut patience: Patience,
    ) -> Result<Turn, Refused> {
        let arrived = patience.since;
        let mut place = None;
        let mut by_distributor = false;
        loop {
            let now = Instant::now();
            let wake_at = {
                let mut state = self.lock();
                let ahead = match &place {
                    Some(queued) => state.lanes.ahead_of(queued),
                    None => state.lanes.ahead_of_new(priority),
                };
                if state.flight.is_full() {
                    state.flight.pressed(now);
                }
                let turn = state.turn_of(ahead, priority, now);
                let (Free::At(at) | Free::NotBefore(at)) = turn;
                by_distributor |= state.gate > now;
                patience.paused_until = patience.paused_until.max(state.gate);
                let deadline = patience.deadline(now);
                if deadline <= now {
                    return Err(Refused::Late);
                }
                let latest = if patience.unhurried { state.gate } else { at };
                if latest > deadline {
                    return Err(Refused::TooLong {
                        wait: at.saturating_duration_since(now),
                        by_distributor: state.gate > now,
                    });
                }
                let first = ahead == 0;
                if first && !state.flight.is_full() && turn == Free::At(now) {
                    state.take(priority, now);
                    drop(state);
                    // Leaving the queue lets the next one compute its own turn.
                    drop(place);
                    let slot = Slot::new(Arc::clone(self), kind, matches!(priority, Priority::Interactive));
                    let waited = now.saturating_duration_since(arrived);
                    return Ok(Turn { slot, waited, by_distributor, forgiven: patience.forgiven(now) });
                }
                if place.is_none() {
                    place = Some(Queued::join(self, &mut state, priority));
                }
                // Whoever is not first, and the first while others have to be answered, is woken by them.
                (first && !state.flight.is_full() && turn == Free::At(at)).then_some(at)
            };
            let latest = patience.look_again();
            let wake_at = wake_at.map_or(latest, |at| at.min(latest));
            if let Some(queued) = &place {
                tokio::select! {
                    () = tokio::time::sleep_until(wake_at) => {}
                    () = queued.waiter.woken() => {}
                }
            }
        }
    }

    /// The distributor said 429: the whole account pauses. Answers for how long from now.
    pub(crate) fn throttle(&self, sent_at: Instant, retry_after: Option<Duration>) -> Duration {
        let now = Instant::now();
        let mut state = self.lock();
        let fresh = state.pace.throttled(sent_at, now);
        let pause = retry_after.unwrap_or_else(|| {
            if fresh {
                state.guesses = state.guesses.saturating_add(1);
            }
            let doublings = state.guesses.saturating_sub(1).min(10);
            state.first_pause.saturating_mul(1 << doublings).min(LONGEST_GUESS)
        });
        let pause = pause.min(LONGEST_PAUSE);
        state.close_until(now + pause);
        state.gate.saturating_duration_since(now)
    }

    /// What the headers of an answer say about the quota: with nothing left the account pauses until it
    /// is renewed, before anyone runs into a 429.
    pub(crate) fn observe(&self, headers: &HeaderMap, success: bool, unix_now: i64) {
        let spent = rate::exhausted_for(headers, unix_now);
        if !success && spent.is_none() {
            return;
        }
        let now = Instant::now();
        let mut state = self.lock();
        if success {
            state.guesses = 0;
        }
        if let Some(rest) = spent {
            state.close_until(now + rest.min(LONGEST_GUESS));
        }
    }

    /// A call that was sent then found the service overloaded. Answers how many may be in flight from now on
    /// where that changes.
    pub(crate) fn overloaded(&self, sent_at: Instant) -> Option<u32> {
        let mut state = self.lock();
        let before = state.flight.allowed();
        state.flight.cut(sent_at, Instant::now());
        let after = state.flight.allowed();
        (after != before).then_some(after)
    }

    fn answered(&self, kind: CallKind, sent_at: Instant, bytes: Option<usize>) -> Option<u32> {
        let now = Instant::now();
        let mut state = self.lock();
        let before = state.flight.allowed();
        state.flight.answered(kind, bytes.map(|bytes| bytes as u64), sent_at, now);
        let after = state.flight.allowed();
        (after != before).then_some(after)
    }

    /// A call was answered with a redirect and is sent once more: the distributor counts that as another one.
    fn redirected(&self, slot: &Slot) {
        let now = Instant::now();
        let mut state = self.lock();
        if state.pace.spreads(now) {
            state.pace.take(now);
        }
        if let Some(places) = &mut state.places {
            places.take(slot.interactive, now);
            places.answered(slot.interactive, now);
        }
    }

    fn release(&self, slot: &Slot) {
        let mut state = self.lock();
        state.flight.in_flight = state.flight.in_flight.saturating_sub(1);
        if let Some(places) = &mut state.places {
            match slot.sent_at {
                Some(_) => places.answered(slot.interactive, Instant::now()),
                None => places.unsent(slot.interactive),
            }
        }
        state.lanes.wake_first();
    }

    /// True when it holds nothing worth keeping: nothing waits, runs, or is paused.
    pub(crate) fn is_idle(&self) -> bool {
        let now = Instant::now();
        let mut state = self.lock();
        let no_quota_is_used = state.places.as_mut().is_none_or(|places| places.is_idle(now));
        no_quota_is_used
            && state.flight.in_flight == 0
            && state.lanes.is_empty()
            && state.gate <= now
            && state.pace.is_idle(now)
    }
}

impl State {
    fn close_until(&mut self, until: Instant) {
        if until > self.gate {
            self.gate = until;
            self.pace.restart_at(until);
            // Everyone computes anew whether the wait still fits the deadline.
            self.lanes.wake_all();
        }
    }
}

/// A place in the queue, given up on drop.
#[derive(Debug)]
struct Queued {
    limiter: Arc<Limiter>,
    waiter: Arc<Waiter>,
}

impl Queued {
    fn join(limiter: &Arc<Limiter>, state: &mut State, priority: Priority) -> Self {
        Self { limiter: Arc::clone(limiter), waiter: state.lanes.join(priority) }
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        let mut state = self.limiter.lock();
        state.lanes.leave(&self.waiter);
        state.lanes.wake_first();
    }
}

#[cfg(test)]
mod tests;
