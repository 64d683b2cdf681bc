//! The side of a distributor that tests hold: address, faults, records.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;

use super::clock::SimClock;
use super::faults::Faults;
use super::frame::{Dialect, Frame};
use super::refusal::Refusal;
use super::requests::RecordedRequest;

/// What a distributor's state is made from.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// Decides ids, names, quantities and prices.
    pub(crate) seed: u64,
    /// Number of end customers to seed.
    pub(crate) customers: usize,
    /// Dates of seeded records are relative to the time this clock shows when the simulator starts.
    pub(crate) clock: SimClock,
    /// Origin of this distributor's server, without a trailing slash.
    pub(crate) base_url: String,
}

/// A distributor that the simulator can serve.
pub(crate) trait Distributor: Send + Sync + Sized + 'static {
    /// What differs by distributor in the shared parts.
    const DIALECT: Dialect;

    /// The seeded state.
    fn seeded(setup: &Setup) -> Self;

    /// The routes, written in the form that `Dialect::routed` gives paths. The gate is added around them.
    fn routes(handle: Handle<Self>) -> Router;

    /// The variables that point a client at `base_url`.
    fn env(&self, base_url: &str) -> Vec<(String, String)>;
}

/// One distributor of a running simulator; clones share everything.
///
/// It stays readable after the simulator was dropped, but nothing answers at its address any more.
pub struct Handle<D> {
    pub(crate) frame: Arc<Frame>,
    pub(crate) world: Arc<D>,
}

impl<D> Clone for Handle<D> {
    fn clone(&self) -> Self {
        Self { frame: Arc::clone(&self.frame), world: Arc::clone(&self.world) }
    }
}

impl<D> fmt::Debug for Handle<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("distributor", &self.frame.dialect.name)
            .field("base_url", &self.frame.base_url)
            .finish_non_exhaustive()
    }
}

impl<D> Handle<D> {
    /// Origin of the server, for example `http://127.0.0.1:40123`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.frame.base_url
    }

    /// The simulated clock, shared by the three distributors.
    #[must_use]
    pub fn clock(&self) -> &SimClock {
        &self.frame.clock
    }

    /// The faults of this distributor: add, remove, count.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.frame.faults
    }

    /// The requests received, oldest first, without secrets. Only the last 20,000 are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.frame.log.all()
    }

    /// How many requests of this method and path were received; `*` as the method fits any, `*` in the path any text.
    #[must_use]
    pub fn count(&self, method: &str, path: &str) -> u64 {
        self.frame.log.count(&method.to_ascii_uppercase(), &(self.frame.dialect.routed)(path))
    }

    /// Forgets the requests, counts and refusals so far.
    pub fn reset_counters(&self) {
        self.frame.log.clear();
        self.frame.forget_refusals();
    }

    /// What was refused because the reference does not list it, oldest first.
    #[must_use]
    pub fn refused(&self) -> Vec<Refusal> {
        self.frame.refusals()
    }

    /// Whether what the reference does not list is refused (the default) or ignored as the live interface does: unknown
    /// query parameters, unknown members of a body, a body where none is expected.
    pub fn set_strict(&self, strict: bool) {
        self.frame.set_strict(strict);
    }

    /// Holds every answer back until this long after its request arrived. What making the answer takes falls inside; a
    /// [`FaultAction::Delay`](crate::FaultAction::Delay) is a part of it.
    pub fn set_latency(&self, latency: Duration) {
        self.frame.latency.set(latency);
    }

    /// Answers 429 to more than `calls` in any `window` of real time. Token requests and refused calls do not count.
    pub fn set_rate_limit(&self, calls: usize, window: Duration) {
        self.frame.rate.set(calls, window);
    }

    /// Switches the rate limit off.
    pub fn clear_rate_limit(&self) {
        self.frame.rate.clear();
    }
}

#[expect(private_bounds, reason = "only the three distributors of this crate have handles")]
impl<D: Distributor> Handle<D> {
    /// The environment variables that point a client at this distributor.
    #[must_use]
    pub fn env(&self) -> Vec<(String, String)> {
        self.world.env(self.base_url())
    }

    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            frame: Arc::new(Frame::new(D::DIALECT, setup.base_url.clone(), setup.clock.clone())),
            world: Arc::new(D::seeded(setup)),
        }
    }
}
