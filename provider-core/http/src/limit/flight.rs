//! The limit of concurrent calls of one account.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use tokio::time::Instant;

/// What every service can take.
const FIRST: u32 = 4;
const MOST: u32 = 16;
/// One call may wait for what another one has to tell.
const LEAST: u32 = 2;
/// Answers within this of the quickest are as quick: neither a pause of the scheduler nor a lost packet is load.
const SLACK: Duration = Duration::from_millis(50);
/// How many times as long as the quickest answers take on the average when a service is overloaded, in percent.
const SLOW: u64 = 200;
/// One answer that takes very long says no more than this.
const MOST_PERCENT: u64 = 1_000;
/// All bodies that are being read hold at most this.
const BYTES: u64 = 256 * 1024 * 1024;
/// Requests that are told apart. More than an API has.
const KINDS: usize = 512;

/// Requests of one kind take alike where their answers are about as long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CallKind(u64);

impl CallKind {
    /// Of a method and a path whose arguments are placeholders.
    pub(crate) fn of(method: &http::Method, template: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (method, template).hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// Answers of one class are at most four times as long as one another; all short ones are alike.
const fn length_class(bytes: u64) -> u32 {
    const SHORT: u64 = 4096;
    (bytes / SHORT + 1).ilog2() / 2
}

/// The limit of concurrent calls: a fixed or an adaptive one, which starts at 4, grows
/// while answers come and are quick, halves after a 429, a 503 or a time-out and when answers slow down, and is
/// never above 16.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) in_flight: u32,
    fixed: Option<u32>,
    /// In hundredths, so that it can grow by less than one.
    allowed: u32,
    /// Before the first cut it doubles with each round of answers, afterwards it grows by one.
    cut_at: Option<Instant>,
    /// Of each kind and length of answer: a page of a thousand records is no slow page of one.
    quickest: HashMap<(CallKind, u32), Duration>,
    /// Average of how many times as long as the quickest answers take, in percent.
    slowness: u64,
    /// The largest body of late.
    largest: u64,
    /// When a call last found all places taken. Without that nothing is learned about a larger limit.
    pressed_at: Option<Instant>,
}

impl Flight {
    pub(super) fn new(fixed: Option<u32>) -> Self {
        Self {
            in_flight: 0,
            fixed,
            allowed: FIRST * 100,
            cut_at: None,
            quickest: HashMap::new(),
            slowness: 100,
            largest: 0,
            pressed_at: None,
        }
    }

    /// Takes the stricter of two limits.
    pub(super) fn tighten(&mut self, fixed: Option<u32>) {
        self.fixed = match (self.fixed, fixed) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// How many calls may be on the wire now.
    pub(super) fn allowed(&self) -> u32 {
        let calls = self.fixed.unwrap_or(self.allowed / 100);
        let by_size = BYTES.checked_div(self.largest).unwrap_or(u64::MAX);
        calls.min(u32::try_from(by_size).unwrap_or(u32::MAX)).max(1)
    }

    pub(super) fn is_full(&self) -> bool {
        self.in_flight >= self.allowed()
    }

    /// A call finds all places taken.
    pub(super) fn pressed(&mut self, now: Instant) {
        self.pressed_at = Some(now);
    }

    /// A call was answered well, with a body of so many bytes where it was read as a whole.
    pub(super) fn answered(&mut self, kind: CallKind, bytes: Option<u64>, sent_at: Instant, now: Instant) {
        if let Some(bytes) = bytes {
            self.largest = bytes.max(self.largest - self.largest / 16);
        }
        let kind = (kind, length_class(bytes.unwrap_or_default()));
        let took = now.saturating_duration_since(sent_at);
        if self.quickest.len() >= KINDS && !self.quickest.contains_key(&kind) {
            self.quickest.clear();
        }
        let quickest = self.quickest.entry(kind).or_insert(took);
        // What was quick once is forgotten slowly: a service may change.
        *quickest = took.min(*quickest + *quickest / 64);
        let percent = (took + SLACK).as_micros() * 100 / (*quickest + SLACK).as_micros().max(1);
        self.slowness =
            (self.slowness * 7 + u64::try_from(percent).unwrap_or(MOST_PERCENT).min(MOST_PERCENT)) / 8;
        if self.slowness > SLOW {
            self.slowness = 100;
            self.cut(sent_at, now);
        } else if self.pressed_at.is_some_and(|at| at >= sent_at) {
            let more =
                if self.cut_at.is_none() { 100 } else { 100_u32.div_ceil((self.allowed / 100).max(1)) };
            self.allowed = (self.allowed + more).min(MOST * 100);
        }
    }

    /// A call met a 429, a 503 or a time-out. Those that were sent before the last cut say nothing new.
    pub(super) fn cut(&mut self, sent_at: Instant, now: Instant) {
        if self.cut_at.is_some_and(|at| sent_at <= at) {
            return;
        }
        self.cut_at = Some(now);
        self.allowed = (self.allowed / 2).max(LEAST * 100);
    }
}
