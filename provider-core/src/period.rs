//! Periods: half-open, from a start up to an end that does not belong to it.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::wire::moment::Moment;

/// From `start` up to, and not including, `end`: two periods that touch share no moment.
///
/// Distributors give the last day, or the day after it, and mix the two: [`Period::billed`] makes one of both.
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
        // The day before would make a period of no time at all.
        if last < first {
            return Err(Error::invalid_input("period", "ends before it starts"));
        }
        let after = last
            .checked_add_days(Days::new(1))
            .ok_or_else(|| Error::invalid_input("period", "ends past the calendar"))?;
        Self::new(midnight(first), midnight(after))
    }

    /// From the start and the end that a distributor writes, by one rule for all: an end at midnight, or at the hour
    /// of the start, that lies whole months after the start is the first day that is not meant, any other end is the
    /// last day that is.
    ///
    /// The days are those that were written, in whatever zone, and begin at midnight UTC here: months that
    /// follow one another touch and never overlap.
    ///
    /// ```
    /// use provider_core::Period;
    /// use provider_core::wire::moment::Moment;
    ///
    /// let billed = |start, end| {
    ///     Period::billed(&Moment::parse(start).unwrap(), &Moment::parse(end).unwrap()).unwrap()
    /// };
    /// let august = billed("2026-08-01", "2026-09-01");
    /// assert_eq!(august.end.to_string(), "2026-09-01 00:00:00 UTC");
    /// assert_eq!(billed("2026-08-01T00:00:00+02:00", "2026-08-31T00:00:00+02:00"), august);
    /// assert_eq!(billed("2026-08-01", "2026-08-31 23:59:59.000"), august);
    /// ```
    ///
    /// # Errors
    /// `InvalidInput` when it ends before it starts or at the end of the calendar.
    pub fn billed(start: &Moment, end: &Moment) -> Result<Self> {
        let (first, last) = (start.day(), end.day());
        // A midnight that was converted to another zone is another hour, and the same one at both ends.
        if (end.is_midnight() || end.time() == start.time()) && whole_months(first, last) {
            return Self::new(midnight(first), midnight(last));
        }
        Self::inclusive_days(first, last)
    }

    /// A calendar month, from 1. `None` where the calendar has none of that number.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let next = first.checked_add_months(Months::new(1))?;
        Self::new(midnight(first), midnight(next)).ok()
    }

    /// The calendar month that a day lies in.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Self {
        let first = day.with_day(1).unwrap_or(day);
        let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
        Self { start: midnight(first), end: midnight(next) }
    }

    /// True for moments in the period.
    #[must_use]
    pub fn contains(&self, moment: DateTime<Utc>) -> bool {
        self.start <= moment && moment < self.end
    }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// True where the last day lies one or more months after the first: on the same day of the month, or on the last
/// one of a month that is too short for it.
fn whole_months(first: NaiveDate, last: NaiveDate) -> bool {
    let of = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let months = u32::try_from(of(last) - of(first)).unwrap_or_default();
    months > 0 && first.checked_add_months(Months::new(months)) == Some(last)
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
    use crate::wire::moment::Moment;

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
    fn an_end_is_exclusive_after_whole_months_and_inclusive_else() {
        for (start, end, until) in [
            ("2026-08-01", "2026-09-01", "2026-09-01"),
            ("2026-08-01", "2026-08-31", "2026-09-01"),
            ("2026-08-01", "2026-08-31 23:59:59.000", "2026-09-01"),
            ("2026-08-01T00:00:00+02:00", "2026-09-01T00:00:00+02:00", "2026-09-01"),
            ("2026-08-01T00:00:00-08:00", "2026-08-31T23:59:59-08:00", "2026-09-01"),
            ("2019-04-01", "2019-05-01", "2019-05-01"),
            ("2026-03-17", "2027-03-17", "2027-03-17"),
            ("2026-03-17", "2027-03-16", "2027-03-17"),
            ("2026-01-31", "2026-02-28", "2026-02-28"),
            ("2026-02-28", "2026-03-31", "2026-04-01"),
            ("2026-08-10", "2026-08-31", "2026-09-01"),
            ("2026-08-10", "2026-08-10", "2026-08-11"),
            ("2026-08-01", "2026-09-01T12:00:00", "2026-09-02"),
            ("2026-06-30T22:00:00Z", "2026-07-30T22:00:00Z", "2026-07-30"),
            ("2026-08-01T17:37:16.024Z", "2026-09-01T17:37:16.024Z", "2026-09-01"),
            ("2026-08-01T17:37:16.024Z", "2026-08-31T17:37:16.024Z", "2026-09-01"),
            ("2024-02-29", "2025-02-28", "2025-02-28"),
            ("2028-02-01", "2028-02-29", "2028-03-01"),
        ] {
            let moment = |text| Moment::parse(text).unwrap();
            let period = Period::billed(&moment(start), &moment(end)).unwrap();
            assert_eq!(period.end.to_string(), format!("{until} 00:00:00 UTC"), "{start} {end}");
            assert_eq!(period.start.date_naive(), moment(start).day(), "{start} {end}");
        }
        for before in [day(2026, 7, 1), day(2026, 8, 1)] {
            assert!(Period::billed(&Moment::on(day(2026, 8, 2)), &Moment::on(before)).is_err(), "{before}");
        }
    }

    #[test]
    fn months_touch() {
        let months: Vec<_> = (1..=12).map(|month| Period::month(2026, month).unwrap()).collect();
        assert!(months.windows(2).all(|pair| matches!(pair, [a, b] if a.end == b.start)));
        assert_eq!(months.last().unwrap().end, Period::month(2027, 1).unwrap().start);
        assert_eq!((Period::month(2026, 0), Period::month(2026, 13)), (None, None));
        assert_eq!(Some(Period::month_of(day(2024, 2, 29))), Period::month(2024, 2));
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
