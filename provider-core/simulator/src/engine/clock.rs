//! Simulated time: token expiry, order settling and `Date` headers follow it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::lock::lock;

/// The clock of one [`Simulator`](crate::Simulator); clones share the time.
///
/// It only ever moves forward: with the machine's clock plus what was advanced, or by hand alone.
#[derive(Clone, Debug)]
pub struct SimClock {
    base: Option<DateTime<Utc>>,
    advanced: Arc<Mutex<TimeDelta>>,
}

impl SimClock {
    /// Follows the machine's clock, plus whatever [`advance`](Self::advance) adds.
    #[must_use]
    pub fn system() -> Self {
        Self::starting(None)
    }

    /// Stands still at `base` until [`advance`](Self::advance) moves it.
    #[must_use]
    pub fn fixed(base: DateTime<Utc>) -> Self {
        Self::starting(Some(base))
    }

    fn starting(base: Option<DateTime<Utc>>) -> Self {
        Self { base, advanced: Arc::new(Mutex::new(TimeDelta::zero())) }
    }

    /// The simulated present.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let base = self.base.unwrap_or_else(|| DateTime::<Utc>::from(SystemTime::now()));
        base.checked_add_signed(*lock(&self.advanced)).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves the simulated present forward by `by`, at once and for every distributor.
    pub fn advance(&self, by: Duration) {
        let mut advanced = lock(&self.advanced);
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        *advanced = advanced.checked_add(&by).unwrap_or(TimeDelta::MAX);
    }
}

impl Default for SimClock {
    fn default() -> Self {
        Self::system()
    }
}

/// The form of the `Date` header, for example `Sun, 01 Mar 2026 09:15:00 GMT`.
pub(crate) fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The first moment of a day.
pub(crate) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_time_moves_only_by_hand() {
        let base = DateTime::<Utc>::from_timestamp(1_772_356_500, 0).unwrap_or_default();
        let clock = SimClock::fixed(base);
        let other = clock.clone();
        clock.advance(Duration::from_secs(90));
        assert_eq!(other.now(), base + TimeDelta::seconds(90));
        assert_eq!(http_date(base), "Sun, 01 Mar 2026 09:15:00 GMT");
    }
}
