//! What the three distributors have in common: address, clock, faults, records, strictness.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::response::Response;

use super::answer::Stop;
use super::clock::SimClock;
use super::faults::Faults;
use super::latency::Latency;
use super::lock::lock;
use super::paging::PagingShape;
use super::rate::RateLimit;
use super::refusal::{Refusal, Target};
use super::requests::RequestLog;

/// What differs by distributor in the shared parts: where pages keep rows and totals, how refusals are worded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// Name in lower case: `crayon`, `pax8`, `streamone`.
    pub(crate) name: &'static str,
    /// Where its pages keep rows, totals and cursors.
    pub(crate) paging: PagingShape,
    /// Paths (as routed) whose bodies are credentials: recorded as redacted, not counted against the rate limit.
    pub(crate) token_paths: &'static [&'static str],
    /// The answer to a request with a part that the reference does not list.
    pub(crate) refuse: fn(&Refusal) -> Response,
    /// The answer to a request over the rate limit, without `Retry-After`.
    pub(crate) throttled: fn(&Target) -> Response,
    /// The path that routes are looked up by: `str::to_owned`, or lower case without the last slash where case is ignored.
    pub(crate) routed: fn(&str) -> String,
}

/// The shared side of one distributor's server.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) dialect: Dialect,
    pub(crate) base_url: String,
    pub(crate) clock: SimClock,
    pub(crate) faults: Faults,
    pub(crate) log: RequestLog,
    pub(crate) rate: RateLimit,
    pub(crate) latency: Latency,
    refusals: Mutex<Vec<Refusal>>,
    lenient: AtomicBool,
}

impl Frame {
    pub(crate) fn new(dialect: Dialect, base_url: String, clock: SimClock) -> Self {
        Self {
            dialect,
            base_url,
            clock,
            faults: Faults::new(dialect.routed),
            log: RequestLog::default(),
            rate: RateLimit::default(),
            latency: Latency::default(),
            refusals: Mutex::default(),
            lenient: AtomicBool::new(false),
        }
    }

    /// Records a refusal and stops the request with it, worded in the vendor's own form.
    pub(crate) fn refuse(&self, refusal: Refusal) -> Stop {
        let answer = (self.dialect.refuse)(&refusal);
        self.note_refusal(refusal);
        answer.into()
    }

    /// Records a refusal whose answer the caller words itself.
    pub(crate) fn note_refusal(&self, refusal: Refusal) {
        lock(&self.refusals).push(refusal);
    }

    pub(crate) fn refusals(&self) -> Vec<Refusal> {
        lock(&self.refusals).clone()
    }

    pub(crate) fn forget_refusals(&self) {
        lock(&self.refusals).clear();
    }

    pub(crate) fn is_strict(&self) -> bool {
        !self.lenient.load(Ordering::SeqCst)
    }

    pub(crate) fn set_strict(&self, strict: bool) {
        self.lenient.store(!strict, Ordering::SeqCst);
    }
}
