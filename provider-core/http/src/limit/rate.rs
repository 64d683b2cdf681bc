//! The rate limit of one account: how often it may call, and how a 429 slows it down.

use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;

/// The usual cost factor of a call. Factors are in thousandths, so that they can grow by less than double.
const USUAL_FACTOR: u32 = 1_000;
const LARGEST_FACTOR: u32 = 16 * USUAL_FACTOR;
/// Windows are at least and at most so long.
const SHORTEST_WINDOW: Duration = Duration::from_millis(1);
const LONGEST_WINDOW: Duration = Duration::from_secs(31 * 24 * 60 * 60);
/// How long without a 429 until the cost factor falls again.
const CALM: Duration = Duration::from_secs(60);

/// How often one account may call, shared by all clients of the process that use it.
///
/// ```
/// use std::time::Duration;
/// use provider_http::RateLimit;
///
/// let documented = RateLimit::per_minute(1000);
/// let cautious = RateLimit::unlimited().in_flight(4).first_pause(Duration::from_secs(8));
/// # drop((documented, cautious));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    quota: Option<(u32, Duration)>,
    burst: Option<u32>,
    share: u32,
    pub(super) max_in_flight: Option<u32>,
    pub(super) first_pause: Duration,
}

impl RateLimit {
    /// No steady rate. A 429 still pauses the account.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { quota: None, burst: None, share: 1, max_in_flight: None, first_pause: Duration::from_secs(5) }
    }

    /// At most this many calls in any window of this length. A call counts until one window after its answer, so
    /// that the distributor never counts more.
    ///
    /// Bulk reads take half of the quota as fast as the network lets them and the rest evenly over the window,
    /// and leave one percent to interactive calls, two as soon as there are any, and up to ten where they have
    /// been many. Interactive calls go whenever there is a place.
    #[must_use]
    pub fn new(calls: u32, window: Duration) -> Self {
        let window = window.clamp(SHORTEST_WINDOW, LONGEST_WINDOW);
        Self { quota: Some((calls.max(1), window)), ..Self::unlimited() }
    }

    /// At most this many calls a minute.
    #[must_use]
    pub fn per_minute(calls: u32) -> Self {
        Self::new(calls, Duration::from_secs(60))
    }

    /// So many calls may go at once after a quiet time, all others evenly over the window, interactive ones too:
    /// for a distributor that refuses bursts within its quota. Otherwise it is half of the quota, and interactive
    /// calls are spread only for some minutes after a 429.
    #[must_use]
    pub const fn burst(mut self, calls: u32) -> Self {
        self.burst = Some(if calls == 0 { 1 } else { calls });
        self
    }

    /// Divides the quota among this many processes that call with the account at the same time. They do not see each
    /// other's calls, so each has to be told.
    #[must_use]
    pub const fn share(mut self, processes: u32) -> Self {
        self.share = if processes == 0 { 1 } else { processes };
        self
    }

    /// At most this many calls on the wire at the same time. Unless set, the limit is
    /// adaptive: it starts at 4, grows while answers come and are quick, halves after a 429, a 503 or a time-out and
    /// when answers slow down, and is never above 16.
    #[must_use]
    pub const fn in_flight(mut self, calls: u32) -> Self {
        self.max_in_flight = Some(if calls == 0 { 1 } else { calls });
        self
    }

    /// How long the account pauses after a 429 that does not say. It doubles while they go on.
    #[must_use]
    pub const fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }

    /// What this process may use of the quota. Two in a thousand stay unused, for clocks that run apart.
    pub(super) fn quota(&self) -> Option<Quota> {
        let (calls, window) = self.quota?;
        let calls = (calls / self.share).max(1);
        let burst = self.burst.map(|burst| (burst / self.share).max(1));
        Some(Quota { calls: calls - calls / 500, window, burst })
    }

    /// The time between two calls at the steady rate.
    fn interval(&self) -> Duration {
        self.quota().map_or(Duration::ZERO, |quota| quota.window / (quota.calls - quota.calls / 100).max(1))
    }
}

impl Default for RateLimit {
    fn default() -> Self {
        Self::unlimited()
    }
}

/// So many calls in any window of this length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    pub(super) calls: u32,
    pub(super) window: Duration,
    /// So many at once, where the distributor refuses more.
    pub(super) burst: Option<u32>,
}

impl Quota {
    pub(super) fn is_stricter_than(&self, other: &Self) -> bool {
        u128::from(self.calls) * other.window.as_nanos() < u128::from(other.calls) * self.window.as_nanos()
    }
}

/// Spreads all calls for some minutes after a 429, by a cost factor per call that rises with each 429.
#[derive(Debug)]
pub(super) struct Pace {
    interval: Duration,
    /// When the intervals of all calls so far, each times the cost factor, are over.
    spread_until: Instant,
    factor: u32,
    raised_at: Option<Instant>,
    calm_since: Instant,
}

impl Pace {
    pub(super) fn new(limit: &RateLimit, now: Instant) -> Self {
        let interval = limit.interval();
        Self { interval, spread_until: now, factor: USUAL_FACTOR, raised_at: None, calm_since: now }
    }

    /// Whether calls are spread now.
    pub(super) fn spreads(&mut self, now: Instant) -> bool {
        self.relax(now);
        self.factor > USUAL_FACTOR
    }

    pub(super) fn tighten(&mut self, limit: &RateLimit) {
        self.interval = self.interval.max(limit.interval());
    }

    fn cost_of(&self, calls: u32) -> Duration {
        self.interval.saturating_mul(calls).saturating_mul(self.factor) / USUAL_FACTOR
    }

    /// When a call with this many others before it may go.
    pub(super) fn turn_of(&self, place: usize, now: Instant) -> Instant {
        self.spread_until.max(now) + self.cost_of(u32::try_from(place).unwrap_or(u32::MAX))
    }

    pub(super) fn take(&mut self, now: Instant) {
        // A timer that fired late is caught up with by one call.
        let from = now.checked_sub(self.cost_of(1)).unwrap_or(now);
        self.spread_until = self.spread_until.max(from) + self.cost_of(1);
    }

    /// A minute without a 429 takes a tenth off the cost factor, down to the usual one.
    fn relax(&mut self, now: Instant) {
        while self.factor > USUAL_FACTOR && now.saturating_duration_since(self.calm_since) >= CALM {
            self.factor = (self.factor * 10 / 11).max(USUAL_FACTOR);
            self.calm_since += CALM;
        }
    }

    /// Raises the cost factor once for each burst of 429s: those whose calls went out before the last rise
    /// say nothing new. Answers whether it did.
    pub(super) fn throttled(&mut self, sent_at: Instant, now: Instant) -> bool {
        self.relax(now);
        self.calm_since = now;
        if self.raised_at.is_some_and(|at| sent_at <= at) {
            return false;
        }
        self.raised_at = Some(now);
        self.factor = (self.factor * 143 / 100).min(LARGEST_FACTOR);
        true
    }

    /// After a pause calls come one by one.
    pub(super) fn restart_at(&mut self, at: Instant) {
        self.spread_until = self.spread_until.max(at);
    }

    pub(super) fn is_idle(&self, now: Instant) -> bool {
        self.spread_until <= now
            && (self.factor == USUAL_FACTOR || now.saturating_duration_since(self.calm_since) > CALM * 40)
    }
}

/// How long the quota is used up, by `RateLimit-*` or `X-RateLimit-*`: nothing remains and the reset is
/// known. The reset comes as seconds from now or as a Unix time.
pub(super) fn exhausted_for(headers: &HeaderMap, unix_now: i64) -> Option<Duration> {
    ["ratelimit", "x-ratelimit", "x-rate-limit"].into_iter().find_map(|family| {
        let number = |name: &str| -> Option<u64> {
            headers.get(format!("{family}-{name}"))?.to_str().ok()?.trim().parse().ok()
        };
        if number("remaining")? > 0 {
            return None;
        }
        let reset = number("reset")?;
        let seconds = if reset > 1_000_000_000 {
            reset.saturating_sub(u64::try_from(unix_now).unwrap_or_default())
        } else {
            reset
        };
        Some(Duration::from_secs(seconds))
    })
}
