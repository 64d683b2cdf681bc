//! Half-open stretches of time.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// From `start` up to, and not including, `end`: two periods that touch share no moment.
///
/// Distributors often give an inclusive last day; [`Period::inclusive_days`] converts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Bounds")]
#[non_exhaustive]
pub struct Period {
    /// The first moment.
    pub start: DateTime<Utc>,
    /// The first moment after it.
    pub end: DateTime<Utc>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Bounds {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl TryFrom<Bounds> for Period {
    type Error = Error;

    fn try_from(bounds: Bounds) -> Result<Self> {
        Self::new(bounds.start, bounds.end)
    }
}

impl Period {
    /// From `start` up to, not including, `end`.
    ///
    /// # Errors
    /// `InvalidInput` when it ends before it starts.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self> {
        if end < start {
            return Err(Error::invalid_input("period", "ends before it starts"));
        }
        Ok(Self { start, end })
    }

    /// From the start of one day to the end of another, both included.
    ///
    /// # Errors
    /// `InvalidInput` when the last day lies before the first or at the end of the calendar.
    pub fn inclusive_days(first: NaiveDate, last: NaiveDate) -> Result<Self> {
        let after = last
            .checked_add_days(Days::new(1))
            .ok_or_else(|| Error::invalid_input("period", "ends past the calendar"))?;
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        Self::new(midnight(first), midnight(after))
    }

    /// True for moments in the period.
    #[must_use]
    pub fn contains(&self, moment: DateTime<Utc>) -> bool {
        self.start <= moment && moment < self.end
    }
}

impl fmt::Display for Period {
    /// For people: `2026-03-01 to 2026-04-01`, where the end is the first day that does not belong to it; with
    /// times where it does not begin and end at midnight.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let midnight = |moment: &DateTime<Utc>| moment.time() == NaiveTime::MIN;
        if midnight(&self.start) && midnight(&self.end) {
            write!(f, "{} to {}", self.start.date_naive(), self.end.date_naive())
        } else {
            write!(f, "{} to {}", self.start.format("%FT%TZ"), self.end.format("%FT%TZ"))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use chrono::NaiveDate;

    use super::Period;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn inclusive_days_become_half_open() {
        let march = Period::inclusive_days(day(2026, 3, 1), day(2026, 3, 31)).unwrap();
        let april = Period::inclusive_days(day(2026, 4, 1), day(2026, 4, 30)).unwrap();
        assert_eq!(march.end, april.start);
        assert!(!march.contains(april.start));
        assert!(april.contains(april.start));
        assert!(Period::inclusive_days(day(2026, 3, 2), day(2026, 2, 1)).is_err());
    }

    #[test]
    fn a_period_is_written_for_people() {
        let march = Period::inclusive_days(day(2026, 3, 1), day(2026, 3, 31)).unwrap();
        assert_eq!(march.to_string(), "2026-03-01 to 2026-04-01");
        let hours = Period::new(march.start, march.start + chrono::Duration::hours(5)).unwrap();
        assert_eq!(hours.to_string(), "2026-03-01T00:00:00Z to 2026-03-01T05:00:00Z");
    }

    #[test]
    fn a_reversed_period_is_not_read() {
        let json = r#"{"start":"2026-03-02T00:00:00Z","end":"2026-03-01T00:00:00Z"}"#;
        assert!(serde_json::from_str::<Period>(json).is_err());
    }
}
