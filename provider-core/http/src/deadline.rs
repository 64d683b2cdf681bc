//! The instant after which nothing of a call goes on.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

/// Longer than any call; stands in where adding a duration to the clock would overflow.
const FOREVER: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// The instant after which nothing of a call goes on: no wait for the limiter, no request for a token,
/// no attempt, no pause. Monotonic, on tokio's clock, so that paused time works in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// This long from now. Durations beyond a year count as a year.
    #[must_use]
    pub fn after(duration: Duration) -> Self {
        Self(Instant::now() + duration.min(FOREVER))
    }

    /// At this instant.
    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Self(instant)
    }

    /// The instant itself.
    #[must_use]
    pub const fn instant(self) -> Instant {
        self.0
    }

    /// What is left; zero once it has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// True once it has passed.
    #[must_use]
    pub fn has_passed(self) -> bool {
        self.remaining().is_zero()
    }

    /// This deadline, or `duration` from now if that comes first.
    #[must_use]
    pub fn or_after(self, duration: Duration) -> Self {
        self.min(Self::after(duration))
    }

    /// This deadline, later by this duration.
    #[must_use]
    pub fn postponed(self, by: Duration) -> Self {
        Self(self.0.checked_add(by).unwrap_or(self.0))
    }

    /// Runs `future` until this deadline; what is not finished by then is dropped.
    ///
    /// # Errors
    /// [`Elapsed`] when the deadline came first.
    pub async fn bound<F: Future>(self, future: F) -> Result<F::Output, Elapsed> {
        tokio::time::timeout_at(self.0, future).await.map_err(|_| Elapsed)
    }
}

/// The deadline came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deadline passed")
    }
}

impl std::error::Error for Elapsed {}
