//! From when to when an access token is good, and when to renew it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Where an answer does not say how long a token lives. A 401 corrects it either way.
const UNSAID: TimeDelta = TimeDelta::minutes(5);
const LONGEST_SKEW: TimeDelta = TimeDelta::minutes(5);
const LONGEST_MARGIN: TimeDelta = TimeDelta::seconds(5);

/// From when to when an access token is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) issued_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

impl Validity {
    pub(super) const fn new(issued_at: DateTime<Utc>, expires_at: DateTime<Utc>) -> Self {
        Self { issued_at, expires_at }
    }

    /// From now, as long as the answer said.
    pub(super) fn starting(now: DateTime<Utc>, life: Option<Duration>) -> Self {
        Self::new(now, after(now, life).unwrap_or(now + UNSAID))
    }

    /// Until then it is sent: a little less than its life, because a request takes time to arrive.
    pub(super) fn usable_until(&self) -> DateTime<Utc> {
        self.expires_at - (self.life() / 20).min(LONGEST_MARGIN)
    }

    /// From then on it is renewed in the background: a fifth of its life before the end, five minutes at
    /// most, and up to a fifth of that later, by `jitter` out of 1000, so that many processes with the
    /// same token do not come at once.
    pub(super) fn renew_at(&self, jitter: u16) -> DateTime<Utc> {
        let skew = (self.life() / 5).min(LONGEST_SKEW);
        self.expires_at - (skew - skew / 5 * i32::from(jitter.min(1000)) / 1000)
    }

    fn life(&self) -> TimeDelta {
        (self.expires_at - self.issued_at).max(TimeDelta::zero())
    }
}

/// A life from now, unless it is unsaid or beyond all dates.
pub(super) fn after(now: DateTime<Utc>, life: Option<Duration>) -> Option<DateTime<Utc>> {
    now.checked_add_signed(TimeDelta::from_std(life?).ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    #[test]
    fn a_long_life_is_renewed_at_most_five_minutes_early_and_a_short_one_by_a_fifth() {
        for (life, skew) in [(86_400, 300), (7_200, 300), (1_000, 200), (10, 2)] {
            let validity = Validity::starting(now(), Some(Duration::from_secs(life)));
            let end = now() + TimeDelta::try_seconds(i64::try_from(life).unwrap()).unwrap();
            let skew = TimeDelta::seconds(skew);
            assert_eq!(validity.renew_at(0), end - skew, "{life}");
            assert_eq!(validity.renew_at(1000), end - skew + skew / 5, "{life}");
            assert!(validity.renew_at(1000) < validity.usable_until(), "{life}");
            assert!(validity.usable_until() < end, "{life}");
        }
    }

    #[test]
    fn an_unsaid_or_absurd_life_is_five_minutes() {
        for life in [None, Some(Duration::MAX)] {
            assert_eq!(Validity::starting(now(), life).expires_at, now() + TimeDelta::minutes(5));
        }
    }
}
