//! How often a token endpoint is asked again after a failure, and how often a 401 may cause a renewal.

use std::time::Duration;

use provider_core::{Error, Result};
use tokio::time::Instant;

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Where the answer was lost, the one repetition would be lost to the same cause if it came at once.
const PAUSE_AFTER_LOSS: Duration = Duration::from_secs(1);
/// Refused credentials stay refused until a person acts, and some distributors lock users out.
const FIRST_PAUSE_AFTER_REFUSAL: Duration = Duration::from_secs(5);
const LONGEST_PAUSE_AFTER_REFUSAL: Duration = Duration::from_secs(300);
/// While a chain is lost only the store is read, to see whether a new chain was begun.
const PAUSE_WHILE_LOST: Duration = Duration::from_secs(1);
/// A longer `Retry-After` of a token endpoint is cut to this.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RenewalFailure {
    /// The endpoint is down or throttles; it may work in a moment.
    Passing,
    /// A token was sent and no answer came.
    AnswerLost,
    /// The credentials were refused.
    Refused,
    /// The chain is lost.
    ChainLost,
    /// It was lost before, and the store has not changed since.
    StillLost,
}

/// The pause that is being kept, if any.
#[derive(Debug, Default)]
pub(super) struct RenewalPace {
    failures: u32,
    kept: Option<Kept>,
}

#[derive(Debug)]
struct Kept {
    until: Instant,
    error: Error,
    worth_waiting: bool,
}

/// What a caller that needs a token does now.
#[derive(Debug)]
pub(super) enum MayRenew {
    /// Ask.
    Go,
    /// Wait this long first, or give up with the error of the last attempt.
    Wait(Duration, Error),
    /// Give up: waiting cannot help.
    Stop(Error),
}

impl RenewalPace {
    pub(super) fn turn(&self) -> MayRenew {
        let Some(kept) = &self.kept else { return MayRenew::Go };
        let rest = kept.until.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            MayRenew::Go
        } else if kept.worth_waiting {
            MayRenew::Wait(rest, kept.error.clone().with_retry_after(rest))
        } else {
            MayRenew::Stop(kept.error.clone())
        }
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(super) fn failed(&mut self, failure: RenewalFailure, error: &Error, jitter: u16) {
        let doublings = self.failures.min(10);
        self.failures = self.failures.saturating_add(1);
        let grown = |first: Duration, longest: Duration| (first * (1 << doublings)).min(longest);
        let pause = match failure {
            RenewalFailure::Passing => grown(FIRST_PAUSE, LONGEST_PAUSE),
            RenewalFailure::AnswerLost => grown(PAUSE_AFTER_LOSS, LONGEST_PAUSE),
            RenewalFailure::Refused => grown(FIRST_PAUSE_AFTER_REFUSAL, LONGEST_PAUSE_AFTER_REFUSAL),
            RenewalFailure::ChainLost | RenewalFailure::StillLost => PAUSE_WHILE_LOST,
        };
        // Between three quarters and the whole, so that many processes spread out.
        let pause = pause - pause / 4 * u32::from(jitter.min(1000)) / 1000;
        let asked = error.retry_after().unwrap_or_default().min(LONGEST_ASKED);
        self.kept = Some(Kept {
            until: Instant::now() + pause.max(asked),
            error: error.clone(),
            worth_waiting: matches!(failure, RenewalFailure::Passing | RenewalFailure::AnswerLost),
        });
    }
}

/// How many renewals 401s may cause: an API that refuses every token, however new, must not make us spend
/// one refresh token after the other.
#[derive(Debug)]
pub(super) struct RejectionBudget {
    left: u32,
    refilled: Instant,
}

impl RejectionBudget {
    const FULL: u32 = 32;
    const REFILL: Duration = Duration::from_secs(3);

    pub(super) fn new() -> Self {
        Self { left: Self::FULL, refilled: Instant::now() }
    }

    /// Takes one, if there is one.
    pub(super) fn take(&mut self) -> bool {
        let now = Instant::now();
        while self.left < Self::FULL && now.saturating_duration_since(self.refilled) >= Self::REFILL {
            self.left += 1;
            self.refilled += Self::REFILL;
        }
        if self.left == Self::FULL {
            self.refilled = now;
        }
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}

/// A number out of 1000, different in each process.
pub(super) fn jitter() -> Result<u16> {
    let random = getrandom::u32().map_err(|e| {
        Error::new(provider_core::ErrorKind::Internal, "no random numbers from the system")
            .with_source(e.to_string())
    })?;
    Ok(u16::try_from(random % 1001).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a panic is a failed test")]

    use provider_core::ErrorKind;
    use tokio::time::advance;

    use super::*;

    fn down() -> Error {
        Error::new(ErrorKind::Unavailable, "down")
    }

    fn rest(pace: &RenewalPace) -> Duration {
        match pace.turn() {
            MayRenew::Wait(rest, error) => {
                assert_eq!(error.retry_after(), Some(rest));
                rest
            }
            turn => panic!("{turn:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_up_to_a_limit_and_end_with_success() {
        let mut pace = RenewalPace::default();
        let mut before = Duration::ZERO;
        for _ in 0..20 {
            pace.failed(RenewalFailure::Passing, &down(), 0);
            let now = rest(&pace);
            assert!(now >= before && now <= LONGEST_PAUSE);
            before = now;
        }
        assert_eq!(before, LONGEST_PAUSE);
        advance(LONGEST_PAUSE).await;
        assert!(matches!(pace.turn(), MayRenew::Go));
        pace.succeeded();
        pace.failed(RenewalFailure::Passing, &down(), 1000);
        assert_eq!(rest(&pace), FIRST_PAUSE * 3 / 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_longer_wait_that_the_endpoint_asks_for_is_kept() {
        let mut pace = RenewalPace::default();
        pace.failed(RenewalFailure::Passing, &down().with_retry_after(Duration::from_secs(9)), 0);
        assert_eq!(rest(&pace), Duration::from_secs(9));
        pace.failed(RenewalFailure::Passing, &down().with_retry_after(Duration::from_secs(86_400)), 0);
        assert_eq!(rest(&pace), LONGEST_ASKED);
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_are_not_waited_for() {
        let mut pace = RenewalPace::default();
        pace.failed(RenewalFailure::Refused, &down(), 0);
        assert!(matches!(pace.turn(), MayRenew::Stop(_)));
        advance(FIRST_PAUSE_AFTER_REFUSAL).await;
        assert!(matches!(pace.turn(), MayRenew::Go));
    }

    #[tokio::test(start_paused = true)]
    async fn rejections_are_limited_and_come_back_with_time() {
        let mut budget = RejectionBudget::new();
        assert_eq!((0..50).filter(|_| budget.take()).count(), 32);
        advance(RejectionBudget::REFILL * 2).await;
        assert_eq!((0..20).filter(|_| budget.take()).count(), 2);
        advance(RejectionBudget::REFILL * 100).await;
        assert_eq!((0..50).filter(|_| budget.take()).count(), 32);
    }
}
